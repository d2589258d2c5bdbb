/* SPDX-License-Identifier: MIT */
/* What of the extents of a scan is one. */
#ifndef MMUSCOPE_EXTENT_H
#define MMUSCOPE_EXTENT_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/mmuscope.h>

#define MMUSCOPE_PAGE	4096

/* How much the value grows from the start of an extent to its end. */
static inline uint64_t mmuscope_growth(const struct mmuscope_extent *ext)
{
	if (ext->flags & MMUSCOPE_FLAG_REPEAT)
		return 0;
	switch (ext->backing) {
	case MMUSCOPE_BACKING_NONE:
	case MMUSCOPE_BACKING_MARKER:
		return 0;
	case MMUSCOPE_BACKING_SWAP:
		return (ext->end - ext->start) / MMUSCOPE_PAGE;
	default:
		return ext->end - ext->start;
	}
}

/* Is @b, of the same VMA, a part of what @a is? @any_value: values are not told. */
static inline bool mmuscope_continues(const struct mmuscope_extent *a,
				      const struct mmuscope_extent *b, bool any_value)
{
	return a->end == b->start && a->level == b->level && a->flags == b->flags &&
	       a->backing == b->backing && a->softleaf == b->softleaf &&
	       a->marker == b->marker && a->swap_type == b->swap_type &&
	       a->order == b->order && a->memtype == b->memtype &&
	       a->pkey == b->pkey &&
	       (any_value || b->value == a->value + mmuscope_growth(a));
}

/* Are both of one and the same frame, page after page? */
static inline bool mmuscope_repeats(const struct mmuscope_extent *a,
				    const struct mmuscope_extent *b)
{
	return a->value == b->value && a->backing != MMUSCOPE_BACKING_NONE &&
	       a->level == MMUSCOPE_LEVEL_PTE && b->level == MMUSCOPE_LEVEL_PTE &&
	       (a->flags & MMUSCOPE_FLAG_REPEAT || a->end - a->start == MMUSCOPE_PAGE) &&
	       (b->flags & MMUSCOPE_FLAG_REPEAT || b->end - b->start == MMUSCOPE_PAGE);
}

#endif
