/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHO_H
#define WHO_H

#include <linux/mmuscope.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* MAPPERS of a frame, however many calls that took. */
struct who {
	struct mmuscope_mapper *mapper;
	size_t nr;
	unsigned int method;
	uint64_t status, looked;
	unsigned long calls;
};

/* @room: elements for each call. 0 or -errno; to be freed in any case. */
int who_ask(struct who *who, int device, uint64_t pfn, uint64_t flags, size_t room);
void who_free(struct who *who);

/* Does @pid map the frame at @addr, by a leaf of @bytes? */
bool who_has(const struct who *who, unsigned int pid, unsigned long addr,
	     unsigned long bytes);

/* What pagemap says of all present pages of all processes, by frame. */
struct census {
	struct page {
		uint64_t pfn;
		unsigned long addr;
		unsigned int pid;
	} *page;
	size_t nr, room;
};

void census_take(struct census *census);
void census_free(struct census *census);

/* The same processes and addresses? Says the first difference. */
bool census_same(const struct census *census, uint64_t pfn, struct who *who);

#endif
