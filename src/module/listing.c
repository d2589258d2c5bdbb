// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a reader of maps, pagetable or summary gets: the walk, a batch at a time,
 * as lines. No lock is held while the reader's buffer is filled, and what an open
 * file keeps is one batch, with the paths that it names, however large the target.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "internal.h"

/**
 * struct listing - an open maps or pagetable
 * @target: whose
 * @batch: the part of it that is printed now
 * @walk: where the walk is
 * @base: number of extents before the batch
 * @want: MMUSCOPE_WANT_* of the walk
 */
struct listing {
	struct mmuscope_target target;
	struct mmuscope_batch batch;
	struct mmuscope_walk walk;
	loff_t base;
	unsigned int want;
};

static void listing_rewind(struct listing *list)
{
	mmuscope_batch_empty(&list->batch);
	mmuscope_walk_init(&list->walk, &list->batch, list->want);
	list->base = 0;
}

static int listing_refill(struct listing *list)
{
	struct mm_struct *mm = mmuscope_target_get(&list->target);
	int err;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	list->base += list->batch.nr;
	mmuscope_batch_empty(&list->batch);
	list->walk.mm = mm;
	list->walk.kind = list->target.kind;
	err = mmuscope_walk_on(&list->walk);
	mmput(mm);
	return err;
}

static void *listing_at(struct listing *list, loff_t pos)
{
	int err;

	/* A batch can be full of VMAs and hold nothing to print. */
	while (pos == list->base + list->batch.nr &&
	       list->walk.addr < list->walk.end) {
		err = listing_refill(list);
		if (err)
			return ERR_PTR(err);
	}
	if (pos < list->base || pos >= list->base + list->batch.nr)
		return NULL;
	return &list->batch.ext[pos - list->base];
}

static void *listing_start(struct seq_file *m, loff_t *pos)
{
	struct listing *list = m->private;

	if (!*pos)
		listing_rewind(list);
	return listing_at(list, *pos);
}

static void *listing_next(struct seq_file *m, void *v, loff_t *pos)
{
	return listing_at(m->private, ++*pos);
}

static void listing_stop(struct seq_file *m, void *v)
{
}

/* The VMA that begins with this extent, unless it was printed before. */
static void show_vma(struct seq_file *m, const struct listing *list,
		     unsigned int first)
{
	const struct mmuscope_batch *batch = &list->batch;
	unsigned int i;

	for (i = 0; i < batch->nr_vma; i++)
		if (batch->vma[i].first == first && !batch->vma[i].continued)
			mmuscope_text_vma(m, &batch->vma[i]);
}

static int maps_show(struct seq_file *m, void *v)
{
	const struct listing *list = m->private;
	const struct mmuscope_extent *ext = v;

	show_vma(m, list, ext - list->batch.ext);
	mmuscope_text_extent(m, ext, list->batch.any_value);
	return 0;
}

static int pagetable_show(struct seq_file *m, void *v)
{
	const struct listing *list = m->private;
	const struct mmuscope_extent *ext = v;
	unsigned int depth = ext->level;

	if (depth && mm_p4d_folded(list->target.mm))
		depth--;
	mmuscope_text_entry(m, ext, depth, list->batch.any_value);
	return 0;
}

static const struct seq_operations maps_ops = {
	.start = listing_start,
	.next = listing_next,
	.stop = listing_stop,
	.show = maps_show,
};

static const struct seq_operations pagetable_ops = {
	.start = listing_start,
	.next = listing_next,
	.stop = listing_stop,
	.show = pagetable_show,
};

/**
 * struct view - what an open file shows
 * @ops: how
 * @want: MMUSCOPE_WANT_*
 * @more: likewise, for who may see frame numbers
 */
struct view {
	const struct seq_operations *ops;
	unsigned int want;
	unsigned int more;
};

static const struct view maps_view = {
	.ops = &maps_ops,
	.want = MMUSCOPE_WANT_PAGE,
	.more = MMUSCOPE_WANT_VALUE | MMUSCOPE_WANT_CACHE,
};

static const struct view pagetable_view = {
	.ops = &pagetable_ops,
	.want = MMUSCOPE_WANT_PAGE | MMUSCOPE_WANT_TABLES,
	.more = MMUSCOPE_WANT_VALUE,
};

/* The files of the kernel's half have its kind in the place of a process. */
static int bind_inode(struct mmuscope_target *target,
		      const struct inode *inode, bool kernel)
{
	const enum mmuscope_target_kind *kind = inode->i_private;

	return kernel ? mmuscope_target_kernel(target, *kind) :
			mmuscope_target_open(target, inode->i_private);
}

static int listing_open(struct inode *inode, struct file *file,
			const struct view *view, bool kernel)
{
	struct listing *list;
	int err;

	list = __seq_open_private(file, view->ops, sizeof(*list));
	if (!list)
		return -ENOMEM;
	err = mmuscope_batch_alloc(&list->batch);
	if (err)
		goto err_close;
	err = bind_inode(&list->target, inode, kernel);
	if (err)
		goto err_free_batch;
	list->want = view->want;
	if (mmuscope_may_see_frames(file))
		list->want |= view->more;
	listing_rewind(list);
	return 0;

err_free_batch:
	mmuscope_batch_free(&list->batch);
err_close:
	seq_release_private(inode, file);
	return err;
}

static int listing_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct listing *list = m->private;

	mmuscope_target_close(&list->target);
	mmuscope_batch_free(&list->batch);
	return seq_release_private(inode, file);
}

static int maps_open(struct inode *inode, struct file *file)
{
	return listing_open(inode, file, &maps_view, false);
}

static int pagetable_open(struct inode *inode, struct file *file)
{
	return listing_open(inode, file, &pagetable_view, false);
}

static int kernel_maps_open(struct inode *inode, struct file *file)
{
	return listing_open(inode, file, &maps_view, true);
}

static int kernel_pagetable_open(struct inode *inode, struct file *file)
{
	return listing_open(inode, file, &pagetable_view, true);
}

const struct file_operations mmuscope_maps_fops = {
	.owner = THIS_MODULE,
	.open = maps_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = listing_release,
};

const struct file_operations mmuscope_pagetable_fops = {
	.owner = THIS_MODULE,
	.open = pagetable_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = listing_release,
};

const struct file_operations mmuscope_kernel_maps_fops = {
	.owner = THIS_MODULE,
	.open = kernel_maps_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = listing_release,
};

const struct file_operations mmuscope_kernel_pagetable_fops = {
	.owner = THIS_MODULE,
	.open = kernel_pagetable_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = listing_release,
};

/**
 * struct tally - an open summary
 * @target: whose
 * @frames: the opener may see frame numbers
 */
struct tally {
	struct mmuscope_target target;
	bool frames;
};

static int summary_show(struct seq_file *m, void *v)
{
	const struct tally *tally = m->private;
	struct mm_struct *mm = mmuscope_target_get(&tally->target);
	struct mmuscope_batch batch = {};
	struct mmuscope_summary *sum;
	int err = -ENOMEM;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	sum = kzalloc(sizeof(*sum), GFP_KERNEL);
	if (sum)
		err = mmuscope_batch_alloc(&batch);
	if (!err)
		err = mmuscope_summarise(sum, &batch, mm, tally->target.kind,
					 tally->frames);
	mmput(mm);
	mmuscope_batch_free(&batch);
	if (!err) {
		if (tally->target.pid)
			seq_printf(m, "%-20s %12d\n", "Pid:",
				   pid_vnr(tally->target.pid));
		mmuscope_text_summary(m, sum, tally->frames);
	}
	kfree(sum);
	return err;
}

static int tally_open(struct inode *inode, struct file *file, bool kernel)
{
	struct tally *tally = kzalloc(sizeof(*tally), GFP_KERNEL);
	int err;

	if (!tally)
		return -ENOMEM;
	tally->frames = mmuscope_may_see_frames(file);
	err = bind_inode(&tally->target, inode, kernel);
	if (err)
		goto err_free;
	err = single_open(file, summary_show, tally);
	if (err)
		goto err_close;
	return 0;

err_close:
	mmuscope_target_close(&tally->target);
err_free:
	kfree(tally);
	return err;
}

static int summary_open(struct inode *inode, struct file *file)
{
	return tally_open(inode, file, false);
}

static int kernel_summary_open(struct inode *inode, struct file *file)
{
	return tally_open(inode, file, true);
}

static int summary_release(struct inode *inode, struct file *file)
{
	struct tally *tally = ((struct seq_file *)file->private_data)->private;

	mmuscope_target_close(&tally->target);
	kfree(tally);
	return single_release(inode, file);
}

const struct file_operations mmuscope_summary_fops = {
	.owner = THIS_MODULE,
	.open = summary_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = summary_release,
};

const struct file_operations mmuscope_kernel_summary_fops = {
	.owner = THIS_MODULE,
	.open = kernel_summary_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = summary_release,
};
