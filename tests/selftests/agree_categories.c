// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second oracle, since v6.7: the categories that PAGEMAP_SCAN sorts each page of a
 * program into, which has memory of every kind and stands still, are those that
 * follow from maps.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "maps.h"
#include "smaps.h"
#include "tap.h"
#include "text.h"
#include "zoo.h"

/* What libc's headers of Debian 12 lack. */
enum {
	IS_FILE = 1 << 2, IS_PRESENT = 1 << 3, IS_SWAPPED = 1 << 4, IS_PFNZERO = 1 << 5,
	IS_HUGE = 1 << 6, IS_SOFT_DIRTY = 1 << 7,
	ALL = IS_FILE | IS_PRESENT | IS_SWAPPED | IS_PFNZERO | IS_HUGE | IS_SOFT_DIRTY,
};

struct region {
	uint64_t start, end, categories;
};

struct question {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t inverted, mask, anyof, return_mask;
};

#define ASK _IOWR('f', 16, struct question)

static unsigned long agree, differ, seen;

/* The categories of each page of a VMA; false with errno if nobody tells. */
static bool ask(int pagemap, const struct vma *vma, uint8_t *categories)
{
	static struct region region[512];
	struct question q = {
		.size = sizeof(q),
		.start = vma->start,
		.end = vma->end,
		.vec = (uintptr_t)region,
		.vec_len = sizeof(region) / sizeof(*region),
		.anyof = IS_PRESENT | IS_SWAPPED,
		.return_mask = ALL,
	};

	while (q.start < q.end) {
		int nr = ioctl(pagemap, ASK, &q);

		if (nr < 0)
			return false;
		for (int i = 0; i < nr; i++)
			memset(categories + (region[i].start - vma->start) / 4096,
			       region[i].categories,
			       (region[i].end - region[i].start) / 4096);
		q.start = q.walk_end;
	}
	return true;
}

static uint8_t follows(const struct extent *e)
{
	uint8_t categories = extent_has(e, "soft-dirty") ? IS_SOFT_DIRTY : 0;

	if (e->backing == NONE)
		return 0;
	if (e->level != PTE)
		categories |= IS_HUGE;
	if (e->backing != RAM && e->backing != MMIO)
		return categories | IS_SWAPPED;
	if (extent_has(e, "zero"))
		categories |= IS_PFNZERO;
	else if (!extent_has(e, "anon") && !extent_has(e, "special"))
		categories |= IS_FILE;
	return categories | IS_PRESENT;
}

/* VM_SOFTDIRTY makes every page look dirty. */
static void compare(const struct maps *m, const struct vma *vma, const uint8_t *told,
		    bool softdirty)
{
	uint8_t known = softdirty ? ALL & ~IS_SOFT_DIRTY : ALL;

	for (size_t i = 0; i < vma->count; i++) {
		const struct extent *e = &m->extent[vma->first + i];
		uint8_t due = follows(e);

		for (unsigned long at = e->start; at < e->end; at += 4096) {
			uint8_t is = told[(at - vma->start) / 4096];

			seen |= is;
			if (!((is ^ due) & known))
				agree++;
			else if (differ++ < 10)
				tap_note("%lx: categories %x, by maps %x (%s)", at, is, due,
					 e->flags);
		}
	}
}

static bool compare_all(const struct maps *m, const struct smaps *s, int pagemap)
{
	for (size_t i = 0; i < m->vmas; i++) {
		const struct vma *vma = &m->vma[i];
		uint8_t *told;
		bool asked;

		/* Not told of: mappings of frames, and the kernel's half. */
		if (i >= s->vmas || smaps_flag(&s->vma[i], "pf") ||
		    vma->start >> 63)
			continue;
		told = calloc(1, (vma->end - vma->start) / 4096);
		if (!told)
			tap_bail("no memory");
		asked = ask(pagemap, vma, told);
		if (asked)
			compare(m, vma, told, smaps_flag(&s->vma[i], "sd"));
		free(told);
		if (!asked)
			return false;
	}
	return true;
}

int main(void)
{
	struct smaps s;
	struct maps m;
	struct zoo zoo;
	int pagemap;

	zoo_start(&zoo);
	pagemap = text_open_proc(zoo.pid, "pagemap");
	if (pagemap < 0 || maps_read(&m, zoo.pid) || smaps_read(&s, zoo.pid))
		tap_bail("cannot read");
	if (compare_all(&m, &s, pagemap)) {
		tap_note("%lu pages agree, %lu differ; categories met: %lx", agree, differ,
			 seen);
		tap_ok(!differ && seen == ALL, "every page is in the categories due");
	} else if (errno == ENOTTY) {
		tap_skip("categories", "this kernel has no PAGEMAP_SCAN (v6.7)");
	} else {
		tap_ok(false, "PAGEMAP_SCAN: %m");
	}
	close(pagemap);
	smaps_free(&s);
	maps_free(&m);
	zoo_stop(&zoo);
	return tap_done();
}
