// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers against huge pages that are split and collapsed: by MADV_DONTNEED and
 * mprotect of a part, by fork and COW; by MADV_COLLAPSE and khugepaged.
 */
#include "churn.h"
#include "race.h"
#include "text.h"

#define SLEEP "/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs"

int main(int argc, char **argv)
{
	static const struct race race = {
		"huge pages split and collapsed", churn_thp, 2, true
	};
	int err;

	text_write(SLEEP, "10");
	err = race_main(&race, argc, argv);
	text_write(SLEEP, "100000000");
	return err;
}
