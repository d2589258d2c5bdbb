// SPDX-License-Identifier: GPL-2.0-only
/*
 * The physical address space: the ranges of /proc/iomem, what of RAM is of which
 * node and zone, and holes where nothing is known to be. It is told range by
 * range, so that no more of it is kept than the ranges that the last one lies in.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/* What is told of the parts of a range that no line of /proc/iomem names. */
enum gaps {
	GAPS_NONE,
	GAPS_HOLES,
	GAPS_WINDOW,	/* holes, if there is something beside them */
	GAPS_ZONES,
};

/**
 * struct open - a range that what comes next may lie in
 * @start: its first address
 * @end: its end
 * @at: told of up to here
 * @until: what there is to tell ends here
 * @depth: of what lies in it
 * @kind: of it
 * @gaps: see there
 */
struct open {
	u64 start;
	u64 end;
	u64 at;
	u64 until;
	u32 depth;
	enum mmuscope_phys_kind kind;
	enum gaps gaps;
};

/* The kernel's tree has rarely more than six; what is deeper is told as deep. */
#define MAX_OPEN	16

/**
 * struct mmuscope_phys_walk - where a pass over physical memory is
 * @iomem: the lines
 * @line: the next one
 * @over: there is none
 * @open: the ranges that the last one told lies in; the first is all there is
 * @nr_open: how many
 */
struct mmuscope_phys_walk {
	struct mmuscope_iomem iomem;
	struct mmuscope_phys_range line;
	bool over;
	struct open open[MAX_OPEN];
	unsigned int nr_open;
};

/**
 * mmuscope_phys_limit - where physical addresses end
 */
u64 mmuscope_phys_limit(void)
{
	struct mmuscope_info info = {};

	mmuscope_arch_info(&info);
	return 1ULL << info.pa_bits;
}

static int read_line(struct mmuscope_phys_walk *walk)
{
	int got = mmuscope_iomem_next(&walk->iomem, &walk->line);

	walk->over = got <= 0;
	return min(got, 0);
}

/**
 * mmuscope_phys_rewind - start again at the first range
 * @walk: what mmuscope_phys_begin() returned
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_phys_rewind(struct mmuscope_phys_walk *walk)
{
	mmuscope_iomem_rewind(&walk->iomem);
	walk->open[0] = (struct open) {
		.end = U64_MAX, .until = mmuscope_phys_limit(), .gaps = GAPS_HOLES,
	};
	walk->nr_open = 1;
	return read_line(walk);
}

/**
 * mmuscope_phys_begin - start to tell physical memory, range by range
 * @cred: by whose credentials; they have CAP_SYS_ADMIN
 *
 * Return: what to end with mmuscope_mmuscope_phys_limit(), or ERR_PTR().
 */
struct mmuscope_phys_walk *mmuscope_phys_begin(const struct cred *cred)
{
	struct mmuscope_phys_walk *walk;
	int err;

	walk = kzalloc(sizeof(*walk), GFP_KERNEL_ACCOUNT);
	if (!walk)
		return ERR_PTR(-ENOMEM);
	err = mmuscope_iomem_open(&walk->iomem, cred);
	if (err)
		goto err_free;
	err = mmuscope_phys_rewind(walk);
	if (err)
		goto err_close;
	return walk;

err_close:
	mmuscope_iomem_close(&walk->iomem);
err_free:
	kfree(walk);
	return ERR_PTR(err);
}

/**
 * mmuscope_phys_end - undo mmuscope_phys_begin()
 * @walk: what it returned
 */
void mmuscope_phys_end(struct mmuscope_phys_walk *walk)
{
	mmuscope_iomem_close(&walk->iomem);
	kfree(walk);
}

static bool is_ram(const char *name)
{
	/* "System RAM (kmem)" and its like too. */
	return str_has_prefix(name, "System RAM");
}

static enum gaps gaps_in(const struct mmuscope_phys_range *range)
{
	if (range->kind == MMUSCOPE_PHYS_RAM)
		return GAPS_ZONES;
	return str_has_prefix(range->name, "PCI Bus") ? GAPS_WINDOW : GAPS_NONE;
}

static void open_range(struct mmuscope_phys_walk *walk,
		       const struct mmuscope_phys_range *range)
{
	struct open *open = &walk->open[walk->nr_open];

	if (walk->nr_open == MAX_OPEN)
		return;
	walk->nr_open++;
	*open = (struct open) {
		.start = range->start, .end = range->end,
		.at = range->start, .until = range->end,
		.depth = range->depth + 1, .kind = range->kind,
		.gaps = gaps_in(range),
	};
	if (open->gaps != GAPS_ZONES)
		return;
	/* Of whole pages only, and parts of the kernel lie in a zone. */
	open->at = PFN_PHYS(PFN_UP(range->start));
	open->until = PFN_PHYS(PFN_DOWN(range->end));
	open->depth++;
}

/* The line that was read ahead; it lies in the innermost range. */
static int tell_line(struct mmuscope_phys_walk *walk,
		     struct mmuscope_phys_range *range)
{
	struct open *in = &walk->open[walk->nr_open - 1];

	*range = walk->line;
	range->depth = in->depth;
	if (is_ram(range->name))
		range->kind = MMUSCOPE_PHYS_RAM;
	else if (in->kind == MMUSCOPE_PHYS_RAM ||
		 in->kind == MMUSCOPE_PHYS_KERNEL)
		range->kind = MMUSCOPE_PHYS_KERNEL;
	else
		range->kind = MMUSCOPE_PHYS_RESOURCE;
	if (in->gaps == GAPS_HOLES || in->gaps == GAPS_WINDOW)
		in->at = max(in->at, range->end);
	open_range(walk, range);
	return read_line(walk);
}

static void tell_hole(struct open *in, u64 end,
		      struct mmuscope_phys_range *range)
{
	*range = (struct mmuscope_phys_range) {
		.start = in->at, .end = end, .node = -1, .depth = in->depth,
		.kind = MMUSCOPE_PHYS_HOLE,
	};
	in->at = end;
}

static bool is_of(u64 pfn, const struct mmuscope_phys_range *range)
{
	struct mmuscope_frame frame;

	mmuscope_frame_look(&frame, pfn);
	return frame.node == range->node && frame.zone == range->zone;
}

/*
 * Zones end where memory is plugged in, at blocks of 2 MiB and more: one that
 * has both its ends in a zone is taken for whole.
 */
static u64 zone_end(u64 pfn, u64 end, const struct mmuscope_phys_range *range)
{
	const u64 block = pageblock_nr_pages;
	u64 last;

	while (pfn < end) {
		cond_resched();
		if (fatal_signal_pending(current))
			break;
		last = min(end, round_down(pfn, block) + block) - 1;
		if (!is_of(pfn, range))
			break;
		pfn = is_of(last, range) ? last + 1 : pfn + 1;
	}
	return pfn;
}

static void tell_zone(struct open *in, struct mmuscope_phys_range *range)
{
	u64 pfn = PHYS_PFN(in->at);
	struct mmuscope_frame frame;

	mmuscope_frame_look(&frame, pfn);
	*range = (struct mmuscope_phys_range) {
		.start = in->at, .depth = in->depth - 1,
		.kind = MMUSCOPE_PHYS_ZONE,
		.node = frame.node, .zone = frame.zone,
	};
	pfn = zone_end(pfn + 1, PHYS_PFN(in->until), range);
	range->end = PFN_PHYS(pfn);
	in->at = range->end;
}

/*
 * What of the innermost range is to be told before the next line: false if there
 * is nothing. @inside: the line lies in it.
 */
static bool tell_gap(struct mmuscope_phys_walk *walk, bool inside,
		     struct mmuscope_phys_range *range)
{
	struct open *in = &walk->open[walk->nr_open - 1];
	u64 end = inside ? min(walk->line.start, in->until) : in->until;

	switch (in->gaps) {
	case GAPS_NONE:
		return false;
	case GAPS_WINDOW:
		if (!inside && in->at == in->start)
			return false;
		fallthrough;
	case GAPS_HOLES:
		if (in->at >= end)
			return false;
		tell_hole(in, end, range);
		return true;
	case GAPS_ZONES:
		if (in->at >= in->until ||
		    (inside && in->at > walk->line.start))
			return false;
		tell_zone(in, range);
		return true;
	}
	return false;
}

/* A line that lies in none but the first is taken to lie in that. */
static bool is_inside(const struct mmuscope_phys_walk *walk)
{
	const struct open *in = &walk->open[walk->nr_open - 1];

	if (walk->over)
		return false;
	return walk->nr_open == 1 || (walk->line.start >= in->start &&
				      walk->line.end <= in->end);
}

/**
 * mmuscope_phys_next - the next range, those that lie in one after it
 * @walk: what mmuscope_phys_begin() returned
 * @range: filled in, its frames not counted
 *
 * Context: may sleep; a zone takes a look at two frames of each block.
 * Return: 1 with a range, 0 at the end, or a negative errno.
 */
int mmuscope_phys_next(struct mmuscope_phys_walk *walk,
		       struct mmuscope_phys_range *range)
{
	bool inside;

	for (;;) {
		inside = is_inside(walk);
		if (tell_gap(walk, inside, range))
			return 1;
		if (inside)
			return tell_line(walk, range) ?: 1;
		if (walk->nr_open == 1)
			return 0;
		walk->nr_open--;
	}
}
