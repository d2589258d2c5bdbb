// SPDX-License-Identifier: GPL-2.0-only
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/path.h>
#include <linux/slab.h>
#include "internal.h"

/* Two pages of extents and one of VMAs, whatever the target. */
#define BATCH_EXTENTS	112
#define BATCH_VMAS	22

static_assert(BATCH_EXTENTS * sizeof(struct mmuscope_extent) <= 2 * PAGE_SIZE);
static_assert(BATCH_VMAS * sizeof(struct mmuscope_vma_slot) <= PAGE_SIZE);

/**
 * mmuscope_batch_alloc - get the room of a batch
 * @batch: what is to be filled; its options are left alone
 *
 * Return: 0 or -ENOMEM.
 */
int mmuscope_batch_alloc(struct mmuscope_batch *batch)
{
	batch->ext = kcalloc(BATCH_EXTENTS, sizeof(*batch->ext), GFP_KERNEL_ACCOUNT);
	batch->vma = kcalloc(BATCH_VMAS, sizeof(*batch->vma), GFP_KERNEL_ACCOUNT);
	batch->like = kcalloc(MMUSCOPE_LIKES, sizeof(*batch->like), GFP_KERNEL_ACCOUNT);
	if (!batch->ext || !batch->vma || !batch->like) {
		mmuscope_batch_free(batch);
		return -ENOMEM;
	}
	batch->max = BATCH_EXTENTS;
	batch->max_vma = BATCH_VMAS;
	return 0;
}

/**
 * mmuscope_batch_empty - forget what a batch holds
 * @batch: the batch
 *
 * Context: may sleep; drops references to paths.
 */
void mmuscope_batch_empty(struct mmuscope_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->nr_vma; i++)
		path_put(&batch->vma[i].path);
	batch->nr_vma = 0;
	batch->nr = 0;
	batch->last = NULL;
}

/**
 * mmuscope_batch_free - give back the room of a batch and what it holds
 * @batch: the batch
 */
void mmuscope_batch_free(struct mmuscope_batch *batch)
{
	mmuscope_batch_empty(batch);
	kfree(batch->like);
	kfree(batch->vma);
	kfree(batch->ext);
	batch->like = NULL;
	batch->vma = NULL;
	batch->ext = NULL;
}

/**
 * mmuscope_filter_match - does the caller want this leaf?
 * @filter: what the caller wants
 * @leaf: the leaf
 */
bool mmuscope_filter_match(const struct mmuscope_filter *filter,
			   const struct mmuscope_extent *leaf)
{
	u64 cats = leaf->flags | MMUSCOPE_CAT_BACKING(leaf->backing) |
		   MMUSCOPE_CAT_LEVEL(leaf->level);

	cats ^= filter->inverted;
	if ((cats & filter->mask) != filter->mask)
		return false;
	return !filter->anyof || (cats & filter->anyof);
}

/* How much the value grows from the start of an extent to its end. */
static u64 value_growth(const struct mmuscope_extent *ext)
{
	if (ext->flags & MMUSCOPE_FLAG_REPEAT)
		return 0;
	switch (ext->backing) {
	case MMUSCOPE_BACKING_NONE:
	case MMUSCOPE_BACKING_MARKER:
		return 0;
	case MMUSCOPE_BACKING_SWAP:
		return (ext->end - ext->start) >> PAGE_SHIFT;
	default:
		return ext->end - ext->start;
	}
}

static bool same_kind(const struct mmuscope_extent *a,
		      const struct mmuscope_extent *b)
{
	return a->level == b->level && a->flags == b->flags &&
	       a->backing == b->backing && a->softleaf == b->softleaf &&
	       a->marker == b->marker && a->swap_type == b->swap_type &&
	       a->order == b->order && a->memtype == b->memtype &&
	       a->pkey == b->pkey;
}

/* Could this be part of a run of ptes that map one and the same frame? */
static bool may_repeat(const struct mmuscope_extent *ext)
{
	return ext->level == MMUSCOPE_LEVEL_PTE &&
	       ext->backing != MMUSCOPE_BACKING_NONE &&
	       ((ext->flags & MMUSCOPE_FLAG_REPEAT) ||
		ext->end - ext->start == PAGE_SIZE);
}

/*
 * Where the kernel lets tables map one frame all over, each pte would be an
 * extent of its own. Two of them make a repeat, and what follows joins it.
 */
static void unite_repeats(const struct mmuscope_batch *batch,
			  struct mmuscope_extent *ext,
			  struct mmuscope_extent *leaf)
{
	struct mmuscope_extent as_repeat = *leaf;

	if (!batch->repeats || batch->single || batch->any_value ||
	    leaf->value != ext->value || !may_repeat(ext) || !may_repeat(leaf))
		return;
	as_repeat.flags = ext->flags ^ ((leaf->flags ^ ext->flags) &
					~MMUSCOPE_FLAG_REPEAT);
	if (leaf->start != ext->end || batch->cut || !same_kind(ext, &as_repeat))
		return;
	ext->flags |= MMUSCOPE_FLAG_REPEAT;
	leaf->flags |= MMUSCOPE_FLAG_REPEAT;
}

static bool extent_continues(const struct mmuscope_batch *batch,
			     const struct mmuscope_extent *leaf)
{
	const struct mmuscope_extent *ext = batch->last;

	if (!ext || batch->cut || batch->single)
		return false;
	return leaf->start == ext->end && same_kind(ext, leaf) &&
	       (batch->any_value ||
		leaf->value == ext->value + value_growth(ext));
}

/* A block of one extent. */
#define EXTENT_WORDS	(1 + sizeof(struct mmuscope_extent) / sizeof(u64))

/**
 * mmuscope_batch_full - is there no room for another extent?
 * @batch: the batch
 */
bool mmuscope_batch_full(const struct mmuscope_batch *batch)
{
	return batch->nr + (batch->word ? EXTENT_WORDS : 1) > batch->max;
}

static struct mmuscope_extent *new_extent(struct mmuscope_batch *batch,
					  const struct mmuscope_extent *leaf)
{
	u64 *block;

	if (batch->totals) {
		if (batch->last)
			mmuscope_totals_add(batch->totals, batch->last);
		return batch->ext;
	}
	if (!batch->word)
		return &batch->ext[batch->nr++];
	block = batch->word + batch->nr;
	*block = MMUSCOPE_RAW_HEAD(leaf->start, MMUSCOPE_RAW_EXTENT, leaf->level, 0);
	batch->nr += EXTENT_WORDS;
	return (struct mmuscope_extent *)(block + 1);
}

/**
 * mmuscope_batch_add - add a leaf to the extents of a batch
 * @batch: the batch
 * @leaf: the leaf; it starts where the last one ended or later
 *
 * A full batch still takes what continues its last extent, so that an extent is
 * maximal however small the batch is.
 *
 * Return: 0, or -ENOSPC if the leaf starts an extent for which there is no room.
 */
int mmuscope_batch_add(struct mmuscope_batch *batch,
		       const struct mmuscope_extent *leaf)
{
	struct mmuscope_extent kept = *leaf;

	if (batch->filter) {
		if (!mmuscope_filter_match(batch->filter, leaf))
			return 0;
		kept.flags &= batch->filter->ret | MMUSCOPE_FLAG_REPEAT;
	}
	if (batch->last)
		unite_repeats(batch, batch->last, &kept);
	if (extent_continues(batch, &kept)) {
		batch->last->end = kept.end;
		return 0;
	}
	if (mmuscope_batch_full(batch))
		return -ENOSPC;
	batch->last = new_extent(batch, &kept);
	*batch->last = kept;
	batch->cut = false;
	return 0;
}
