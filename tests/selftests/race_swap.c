// SPDX-License-Identifier: GPL-2.0-only
/* Readers against paging out and coming back, private and shared. */
#include "churn.h"
#include "race.h"

int main(int argc, char **argv)
{
	static const struct race race = { "paging out and in", churn_swap, 2, false };

	return race_main(&race, argc, argv);
}
