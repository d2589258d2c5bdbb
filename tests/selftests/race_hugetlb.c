// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers against hugetlb: private and shared pages come and go, and two
 * processes share a gigabyte's worth of one file, so that the kernel shares
 * their PMD table, too.
 */
#include "churn.h"
#include "race.h"

static int file;

static void churn(unsigned int *seed)
{
	churn_hugetlb(seed, file);
}

int main(int argc, char **argv)
{
	static const struct race race = { "hugetlb", churn, 2, true };

	file = churn_hugetlb_file();
	if (file < 0)
		return 1;
	return race_main(&race, argc, argv);
}
