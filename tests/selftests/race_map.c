// SPDX-License-Identifier: GPL-2.0-only
/* Readers against mmap, munmap, mremap and mprotect. */
#include "churn.h"
#include "race.h"

int main(int argc, char **argv)
{
	static const struct race race = { "mmap, munmap, mremap, mprotect", churn_map, 2, false };

	return race_main(&race, argc, argv);
}
