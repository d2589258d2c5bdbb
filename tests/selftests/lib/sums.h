/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SUMS_H
#define SUMS_H

#include <stdbool.h>

#include "maps.h"

/* A summary and what it has to add up to, value by value; differences are told of. */

/* One value is compared; returns @same. */
bool sums_same(bool same);
void sums_equal(const char *summary, const char *name, unsigned long want,
		const char *whose);

/* The result of all since the last one. */
bool sums_verdict(const char *whose);

/* What of maps, which is complete, is of a kind, in kB. */
unsigned long sums_kb(struct maps *maps, const char *pattern);

/* All that maps knows of, the longest run and the number of extents among it. */
void sums_as_maps(const char *summary, struct maps *maps);

/* The parts of what is resident; @more: kB of dirty anonymous memory that it leaves out. */
void sums_as_rollup(const char *summary, const char *rollup, long more);

#endif
