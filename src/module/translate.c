// SPDX-License-Identifier: GPL-2.0-only
/* One address: a walk of one page that keeps the entries it passes. */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "internal.h"

static int walk_page(struct mmuscope_translation *trans,
		     struct mmuscope_batch *batch, struct mm_struct *mm,
		     enum mmuscope_target_kind kind, bool frames)
{
	unsigned int want = MMUSCOPE_WANT_PAGE;
	struct mmuscope_walk walk;

	if (frames)
		want |= MMUSCOPE_WANT_VALUE | MMUSCOPE_WANT_CACHE;
	mmuscope_walk_init(&walk, batch, want);
	walk.mm = mm;
	walk.kind = kind;
	walk.addr = trans->addr & PAGE_MASK;
	walk.end = walk.addr + PAGE_SIZE;
	walk.path = trans;
	return mmuscope_walk_on(&walk);
}

/*
 * Below a stack the next VMA is the stack, and a touch makes it grow. Looks no
 * further than at the first two leaves that it meets.
 */
static int look_for_stack(struct mmuscope_translation *trans,
			  struct mmuscope_batch *batch, struct mm_struct *mm)
{
	const unsigned int max = batch->max;
	struct mmuscope_walk walk;
	int err;

	mmuscope_batch_empty(batch);
	mmuscope_walk_init(&walk, batch, 0);
	walk.mm = mm;
	walk.addr = trans->addr & PAGE_MASK;
	batch->single = true;
	batch->max = 1;
	err = mmuscope_walk(&walk);
	batch->max = max;
	if (!err && batch->nr_vma &&
	    (batch->vma[0].vma.flags & MMUSCOPE_VMA_GROWSDOWN)) {
		trans->touch_read = MMUSCOPE_TOUCH_STACK;
		trans->touch_write = MMUSCOPE_TOUCH_STACK;
		if (batch->vma[0].vma.flags & MMUSCOPE_VMA_EXEC)
			trans->touch_exec = MMUSCOPE_TOUCH_STACK;
	}
	return err;
}

static void tell_vma(struct mmuscope_translation *trans,
		     const struct mmuscope_vma_slot *slot)
{
	char *path;

	trans->vma = slot->vma;
	if (!slot->path.mnt) {
		strscpy(trans->name, slot->name, sizeof(trans->name));
	} else {
		path = d_path(&slot->path, trans->name, sizeof(trans->name));
		if (IS_ERR(path))
			path = "...";
		memmove(trans->name, path, strlen(path) + 1);
	}
	trans->vma.name_len = strlen(trans->name);
}

static void tell_touch(struct mmuscope_translation *trans,
		       enum mmuscope_target_kind kind)
{
	static const enum mmuscope_access accesses[] = {
		MMUSCOPE_ACCESS_READ, MMUSCOPE_ACCESS_WRITE, MMUSCOPE_ACCESS_EXEC
	};
	u32 *touch[] = {
		&trans->touch_read, &trans->touch_write, &trans->touch_exec
	};
	bool user = kind == MMUSCOPE_TARGET_KERNEL_USER;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(touch); i++)
		*touch[i] = mmuscope_is_kernel(kind) ?
			mmuscope_touch_kernel(trans, accesses[i], user) :
			mmuscope_touch(trans, accesses[i]);
}

/**
 * mmuscope_translate_one - translate an address
 * @trans: @trans->addr is set, the rest is 0; filled in
 * @batch: room for the walk
 * @mm: the address space, held by mm_users
 * @kind: which half of it
 * @frames: the caller may see frame numbers
 *
 * Context: may sleep.
 * Return: 0, or what mmuscope_walk_on() returns.
 */
int mmuscope_translate_one(struct mmuscope_translation *trans,
			   struct mmuscope_batch *batch, struct mm_struct *mm,
			   enum mmuscope_target_kind kind, bool frames)
{
	int err;

	mmuscope_batch_empty(batch);
	err = walk_page(trans, batch, mm, kind, frames);
	if (!err && batch->nr) {
		trans->leaf = batch->ext[0];
		tell_vma(trans, &batch->vma[0]);
	}
	tell_touch(trans, kind);
	if (frames && (trans->leaf.flags & MMUSCOPE_FLAG_PRESENT))
		trans->phys = trans->leaf.value + (trans->addr & ~PAGE_MASK);
	if (!err && !batch->nr && !mmuscope_is_kernel(kind))
		err = look_for_stack(trans, batch, mm);
	mmuscope_batch_empty(batch);
	return err;
}
