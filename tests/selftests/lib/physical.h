/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PHYSICAL_H
#define PHYSICAL_H

#include <linux/mmuscope.h>
#include <stddef.h>

/* What PHYS said, however many calls it took. */
struct physical {
	struct mmuscope_phys_range *range;
	size_t nr;
	unsigned long calls;
};

/*
 * PHYS as @ask says (flags, start, end), in calls of @len elements of @size bytes,
 * 0: as we know them; what is told is checked to be as long and as clear. 0 or
 * -errno.
 */
int physical_read(struct physical *p, int device, const struct mmuscope_phys *ask,
		  size_t len, size_t size);
void physical_free(struct physical *p);

#endif
