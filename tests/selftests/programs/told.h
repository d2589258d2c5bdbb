/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TOLD_H
#define TOLD_H

#include <mmuscope.h>
#include <stdbool.h>
#include <stddef.h>

/* All that a scan of the library's told. */
struct told {
	struct mmuscope_found *found;
	size_t nr, room;
	size_t swapped;			/* extents of swap */
	struct mmuscope_scan cost;
};

/* The test ends if the scan fails. */
struct told told_scan(struct mmuscope_target *target,
		      const struct mmuscope_scan_options *options);
void told_free(struct told *told);

/* Field by field, but where a VMA stood in its call; says the first difference. */
bool told_same(const struct told *a, const struct told *b, bool loud);

/*
 * Whether both options tell the same of a target: what has changed between two looks
 * with @b is looked at again. What @a told is added to @sum.
 */
bool told_agree(struct mmuscope_target *target,
		const struct mmuscope_scan_options *a,
		const struct mmuscope_scan_options *b, struct told *sum);

#endif
