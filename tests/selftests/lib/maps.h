/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MAPS_H
#define MAPS_H

#include <sys/types.h>

#include "extent.h"

struct vma {
	unsigned long start, end;
	const char *line;
	size_t first, count;	/* its extents */
};

/* pid/<PID>/maps, parsed. */
struct maps {
	char *text;
	struct vma *vma;
	struct extent *extent;
	size_t vmas, extents;
	char wrong[200];	/* the first rule the text breaks; "" if none */
};

/*
 * Parse @text (which is taken over and changed). Checked: every line is well
 * formed, every extent lies inside its VMA's line, in ascending order.
 */
void maps_parse(struct maps *m, char *text);

/* Read and parse: 0 or -errno. A broken rule is in m->wrong, not an errno. */
int maps_read(struct maps *m, pid_t pid);
void maps_free(struct maps *m);

/*
 * What holds besides for a target that stands still: extents cover their
 * VMA exactly, are maximal, and begin where a leaf does. (Of a huge page that
 * appears where half of its small pages were told already, the rest is told.)
 * Sets m->wrong.
 */
void maps_complete(struct maps *m);

/* The VMA lines are /proc/<pid>/maps, byte for byte. Sets m->wrong. */
void maps_same_vmas(struct maps *m, pid_t pid);

const struct extent *maps_at(const struct maps *m, unsigned long addr);

/* How many of the span's pages look like @pattern (extent_is())? */
unsigned long maps_count(const struct maps *m, unsigned long start,
			 unsigned long end, const char *pattern);

#endif
