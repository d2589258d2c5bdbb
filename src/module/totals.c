// SPDX-License-Identifier: GPL-2.0-only
/* What extents come to, added up as they end. */
#include <linux/mm.h>
#include <linux/minmax.h>
#include "internal.h"

static void sum_run(struct mmuscope_totals *totals, const struct mmuscope_extent *ext)
{
	struct mmuscope_run *run = &totals->run;
	u64 size = ext->end - ext->start;

	if (ext->backing != MMUSCOPE_BACKING_RAM ||
	    (ext->flags & MMUSCOPE_FLAG_REPEAT))
		return;
	if (ext->start == run->end && ext->value == run->phys_end)
		run->size += size;
	else
		run->size = size;
	run->end = ext->end;
	run->phys_end = ext->value + size;
	totals->sum->longest_run = max(totals->sum->longest_run, run->size);
}

/* What smaps counts as resident: a page with a struct page, not of hugetlb. */
static void sum_resident(struct mmuscope_summary *sum,
			 const struct mmuscope_extent *ext, u64 size)
{
	bool is_pmd = ext->level == MMUSCOPE_LEVEL_PMD;
	u64 flags = ext->flags;
	u64 *kind, *huge;

	if (flags & MMUSCOPE_FLAG_ANON) {
		kind = &sum->anon;
		huge = &sum->anon_huge;
	} else if (flags & MMUSCOPE_FLAG_SHMEM) {
		kind = &sum->shmem;
		huge = &sum->shmem_pmd;
	} else {
		kind = &sum->file;
		huge = &sum->file_pmd;
	}
	sum->rss += size;
	*kind += size;
	if (is_pmd)
		*huge += size;
	if (flags & MMUSCOPE_FLAG_KSM)
		sum->ksm += size;
	if (flags & MMUSCOPE_FLAG_SHARED)
		sum->shared += size;
	else
		sum->unshared += size;
	if (flags & MMUSCOPE_FLAG_DIRTY)
		sum->dirty += size;
	if (flags & MMUSCOPE_FLAG_ACCESSED)
		sum->accessed += size;
	if (flags & MMUSCOPE_FLAG_SOFT_DIRTY)
		sum->soft_dirty += size;
}

/* @nr extents of the kind of @ext, of @size bytes in all. */
static void sum_kind(struct mmuscope_summary *sum, const struct mmuscope_extent *ext,
		     u64 size, u64 nr)
{
	const u64 page = MMUSCOPE_FLAG_ANON | MMUSCOPE_FLAG_FILE |
			 MMUSCOPE_FLAG_SHMEM;

	sum->extents += nr;
	sum->mapped += size;
	sum->backing[ext->backing] += size;
	if (ext->backing == MMUSCOPE_BACKING_SWAP ||
	    (ext->flags & MMUSCOPE_FLAG_SWAPPED))
		sum->swap += size;
	if (!(ext->flags & MMUSCOPE_FLAG_PRESENT))
		return;
	sum->leaf[ext->level] += size;
	if (ext->flags & MMUSCOPE_FLAG_ZERO)
		sum->zero += size;
	else if (ext->flags & MMUSCOPE_FLAG_HUGETLB)
		sum->hugetlb += size;
	else if (ext->flags & page)
		sum_resident(sum, ext, size);
	else if (ext->backing == MMUSCOPE_BACKING_RAM)
		sum->special += size;
}

/**
 * mmuscope_totals_add - add an extent
 * @totals: what there is so far
 * @ext: the extent, which grows no more
 */
void mmuscope_totals_add(struct mmuscope_totals *totals,
			 const struct mmuscope_extent *ext)
{
	sum_kind(totals->sum, ext, ext->end - ext->start, 1);
	if (totals->values)
		sum_run(totals, ext);
}

/**
 * mmuscope_totals_more - add extents that are alike but for where they are
 * @totals: what there is so far
 * @ext: one of them, of RAM
 * @nr: how many more there are, none of which goes on in memory where one before it
 *	ended
 * @size: all of them, in bytes
 * @longest: the longest of them
 */
void mmuscope_totals_more(struct mmuscope_totals *totals,
			  const struct mmuscope_extent *ext, u64 nr, u64 size,
			  u64 longest)
{
	sum_kind(totals->sum, ext, size, nr);
	totals->sum->longest_run = max(totals->sum->longest_run, longest);
}
