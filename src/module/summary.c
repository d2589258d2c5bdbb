// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/string.h>
#include "internal.h"

/* The longest physically contiguous run may span extents of different flags. */
struct run {
	u64 end;
	u64 phys_end;
	u64 size;
};

static void sum_run(struct mmuscope_summary *sum, struct run *run,
		    const struct mmuscope_extent *ext)
{
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
	sum->longest_run = max(sum->longest_run, run->size);
}

/* What smaps counts as resident: a page with a struct page, not of hugetlb. */
static void sum_resident(struct mmuscope_summary *sum,
			 const struct mmuscope_extent *ext)
{
	u64 size = ext->end - ext->start;
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

static void sum_extent(struct mmuscope_summary *sum,
		       const struct mmuscope_extent *ext)
{
	const u64 page = MMUSCOPE_FLAG_ANON | MMUSCOPE_FLAG_FILE |
			 MMUSCOPE_FLAG_SHMEM;
	u64 size = ext->end - ext->start;

	sum->extents++;
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
		sum_resident(sum, ext);
	else if (ext->backing == MMUSCOPE_BACKING_RAM)
		sum->special += size;
}

static void sum_batch(struct mmuscope_summary *sum, struct run *run,
		      const struct mmuscope_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->nr; i++) {
		sum_extent(sum, &batch->ext[i]);
		if (!batch->any_value)
			sum_run(sum, run, &batch->ext[i]);
	}
}

static void sum_walk(struct mmuscope_summary *sum,
		     const struct mmuscope_walk *walk)
{
	sum->pss = walk->pss->all >> MMUSCOPE_PSS_SHIFT;
	sum->pss_anon = walk->pss->anon >> MMUSCOPE_PSS_SHIFT;
	sum->pss_file = walk->pss->file >> MMUSCOPE_PSS_SHIFT;
	sum->pss_shmem = walk->pss->shmem >> MMUSCOPE_PSS_SHIFT;
	sum->pss_dirty = walk->pss->dirty >> MMUSCOPE_PSS_SHIFT;
	memcpy(sum->tables, walk->tables, sizeof(walk->tables));
	if (!mmuscope_is_kernel(walk->kind))
		sum->pgtables = mm_pgtables_bytes(walk->mm);
	sum->entries = walk->cost.entries;
	sum->holds = walk->cost.holds;
	sum->longest = walk->cost.longest;
	sum->longest_ns = walk->cost.longest_ns;
	if (walk->cost.changed)
		sum->status |= MMUSCOPE_SCAN_CHANGED;
}

/**
 * mmuscope_summarise - sum up a whole address space
 * @sum: filled in, but for @size
 * @batch: room for the walk
 * @mm: the address space, held by mm_users
 * @kind: which half of it
 * @frames: the caller may see frame numbers
 *
 * Context: may sleep.
 * Return: 0, or what mmuscope_walk_on() returns.
 */
int mmuscope_summarise(struct mmuscope_summary *sum,
		       struct mmuscope_batch *batch, struct mm_struct *mm,
		       enum mmuscope_target_kind kind, bool frames)
{
	unsigned int want = MMUSCOPE_WANT_PAGE;
	struct mmuscope_pss pss = {};
	struct mmuscope_walk walk;
	struct run run = {};
	int err;

	*sum = (struct mmuscope_summary) { .size = sum->size };
	if (frames)
		want |= MMUSCOPE_WANT_VALUE | MMUSCOPE_WANT_CACHE;
	mmuscope_walk_init(&walk, batch, want);
	walk.mm = mm;
	walk.kind = kind;
	walk.pss = &pss;
	do {
		mmuscope_batch_empty(batch);
		err = mmuscope_walk_on(&walk);
		sum_batch(sum, &run, batch);
	} while (!err && walk.addr < walk.end);
	mmuscope_batch_empty(batch);
	sum_walk(sum, &walk);
	return err;
}
