/* SPDX-License-Identifier: GPL-2.0-only */
/* An address space that is a function of the address, and SCAN of it. */
#ifndef SPACE_H
#define SPACE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <mmuscope.h>

#define PAGE	4096UL
#define MB	(1UL << 20)
#define GB	(1UL << 30)
#define LIMIT	(1UL << 47)
#define STEP	512	/* entries between two looks at the budget */

/* What a range is made of. */
enum what { ONE_RUN, SCATTERED, SPARSE, MIXED };

static const struct area {
	uint64_t start, size;
	unsigned int nr;		/* one behind the other */
	enum what what;
} areas[] = {
	{ 4 * MB, MB, 1, MIXED },
	{ 64 * MB, 2 * PAGE, 300, SCATTERED },
	{ 16 * GB, 40 * GB, 1, SPARSE },
	{ 100 * GB, 5 * MB, 1, SCATTERED },
	{ 101 * GB, 3 * PAGE, 9, ONE_RUN },
	{ 102 * GB, 8 * MB, 2, MIXED },
	{ 103 * GB + 5 * PAGE, 3 * MB, 1, SCATTERED },
	{ 100UL << 40, 96 * MB, 1, ONE_RUN },
	{ LIMIT - 8 * MB, 4 * MB, 1, MIXED },
};

#define NR_AREAS (sizeof(areas) / sizeof(*areas))

/* A leaf of an area, up to @end at most. */
static struct mmuscope_extent leaf_at(const struct area *area, uint64_t at, uint64_t end)
{
	uint64_t page = at / PAGE;
	struct mmuscope_extent leaf = {
		.start = at, .end = at + PAGE, .level = MMUSCOPE_LEVEL_PTE,
		.backing = MMUSCOPE_BACKING_RAM,
		.flags = MMUSCOPE_FLAG_PRESENT, .value = at, .raw = at | 7,
	};

	switch (area->what) {
	case SCATTERED:
		leaf.value = (page * 7919 & 0xfffff) * PAGE;
		break;
	case MIXED:
		leaf.value += page / 50 * 64 * PAGE;
		if (page / 700 % 3 == 1)
			leaf = (struct mmuscope_extent) {
				.start = at, .end = leaf.end, .level = MMUSCOPE_LEVEL_PTE,
			};
		else if (page / 90 % 4 == 1)
			leaf.flags |= MMUSCOPE_FLAG_DIRTY;
		break;
	case SPARSE:
		if (!(at % (8 * GB)))
			break;
		leaf = (struct mmuscope_extent) { .start = at, .level = MMUSCOPE_LEVEL_PMD };
		leaf.end = (at | (8 * GB - 1)) + 1;
		break;
	case ONE_RUN:
		break;
	}
	if (leaf.end > end)
		leaf.end = end;
	return leaf;
}

static uint64_t grows(const struct mmuscope_extent *ext)
{
	return ext->backing == MMUSCOPE_BACKING_NONE ? 0 : ext->end - ext->start;
}

static bool continues(const struct mmuscope_extent *a, const struct mmuscope_extent *b,
		      bool values)
{
	return a->end == b->start && a->level == b->level && a->flags == b->flags &&
	       a->backing == b->backing &&
	       (!values || b->value == a->value + grows(a));
}

static bool put_vma(struct mmuscope_scan *args, const struct area *area, uint64_t start)
{
	struct mmuscope_vma *vma = (void *)(uintptr_t)args->vma;
	char *names = (void *)(uintptr_t)args->names;
	uint64_t len = args->nr_vma ? vma[args->nr_vma - 1].name +
				      vma[args->nr_vma - 1].name_len + 1 : 0;

	if (args->nr_vma == args->vma_len)
		return false;
	vma[args->nr_vma] = (struct mmuscope_vma) {
		.start = start, .end = start + area->size, .ino = area->nr,
		.first = args->nr, .name = len,
	};
	vma[args->nr_vma++].name_len = sprintf(names + len, "%llx",
					       (unsigned long long)start);
	return true;
}

/* False if the call is over. */
static bool scan_area(struct mmuscope_scan *args, const struct area *area, uint64_t start)
{
	struct mmuscope_extent *ext = (void *)(uintptr_t)args->vec;
	bool values = args->flags & MMUSCOPE_SCAN_VALUES, cut = true;
	uint64_t end = start + area->size < args->end ? start + area->size : args->end;

	if (args->walk_end < start)
		args->walk_end = start;
	if (!put_vma(args, area, start))
		return false;
	while (args->walk_end < end) {
		struct mmuscope_extent leaf = leaf_at(area, args->walk_end, end);
		uint64_t cats = leaf.flags | MMUSCOPE_CAT_BACKING(leaf.backing);

		args->entries++;
		if (!values)
			leaf.value = leaf.raw = 0;
		if (!cut && args->nr && continues(&ext[args->nr - 1], &leaf, values)) {
			ext[args->nr - 1].end = leaf.end;
		} else if ((cats & args->mask) == args->mask) {
			if (args->nr == args->vec_len)
				return false;
			ext[args->nr++] = leaf;
			cut = false;
		}
		args->walk_end = leaf.end;
		if (args->budget && args->entries % STEP == 0 &&
		    args->entries >= args->budget)
			return false;
	}
	return true;
}

static void play(struct mmuscope_scan *args)
{
	uint64_t at;
	unsigned int i, j;

	if (!args->end)
		args->end = LIMIT;
	args->walk_end = args->start;
	for (i = 0; i < NR_AREAS; i++) {
		for (j = 0; j < areas[i].nr; j++) {
			at = areas[i].start + j * areas[i].size;
			if (at + areas[i].size <= args->walk_end || at >= args->end)
				continue;
			if (!scan_area(args, &areas[i], at))
				return;
		}
	}
	args->walk_end = args->end;
}

#endif
