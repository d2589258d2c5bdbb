// SPDX-License-Identifier: GPL-2.0-only
/* Readers against MADV_DONTNEED: pages and whole huge pages vanish and return. */
#include "churn.h"
#include "race.h"

int main(int argc, char **argv)
{
	static const struct race race = { "MADV_DONTNEED", churn_drop, 2, false };

	return race_main(&race, argc, argv);
}
