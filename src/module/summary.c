// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/string.h>
#include "internal.h"

static void sum_walk(struct mmuscope_summary *sum,
		     const struct mmuscope_walk *walk,
		     const struct mmuscope_pss *pss)
{
	sum->pss = pss->all >> MMUSCOPE_PSS_SHIFT;
	sum->pss_anon = pss->anon >> MMUSCOPE_PSS_SHIFT;
	sum->pss_file = pss->file >> MMUSCOPE_PSS_SHIFT;
	sum->pss_shmem = pss->shmem >> MMUSCOPE_PSS_SHIFT;
	sum->pss_dirty = pss->dirty >> MMUSCOPE_PSS_SHIFT;
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
	struct mmuscope_totals totals = { .sum = sum, .values = frames };
	struct mmuscope_walk walk;
	int err;

	*sum = (struct mmuscope_summary) { .size = sum->size };
	if (frames)
		want |= MMUSCOPE_WANT_VALUE | MMUSCOPE_WANT_CACHE;
	mmuscope_walk_init(&walk, batch, want);
	walk.mm = mm;
	walk.kind = kind;
	mmuscope_batch_empty(batch);
	batch->totals = &totals;
	do
		err = mmuscope_walk_on(&walk);
	while (!err && walk.addr < walk.end);
	if (batch->last)
		mmuscope_totals_add(&totals, batch->last);
	batch->totals = NULL;
	mmuscope_batch_empty(batch);
	sum_walk(sum, &walk, &totals.pss);
	return err;
}
