// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCAN: the walk, a batch at a time, into the caller's arrays. Nothing of the
 * target is locked while they are written to.
 */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

/* What a raw scan fetches between two copies to the caller. */
#define RAW_WORDS	8192

static_assert(RAW_WORDS * sizeof(u64) <= 65536 && RAW_WORDS >= MMUSCOPE_RAW_ROOM);

#define BACKING_CATS	(MMUSCOPE_CAT_BACKING(MMUSCOPE_BACKING_TABLE) - \
			 MMUSCOPE_CAT_BACKING(0))
#define LEVEL_CATS	(MMUSCOPE_CAT_LEVEL(MMUSCOPE_NR_LEVELS) - \
			 MMUSCOPE_CAT_LEVEL(0))
#define KNOWN_CATS	(MMUSCOPE_SCAN_FLAGS | BACKING_CATS | LEVEL_CATS)

/* What only the page cache tells, and what only the VMA or the struct page. */
#define CACHE_FLAGS	(MMUSCOPE_FLAG_CACHED | MMUSCOPE_FLAG_SWAPPED)
#define PAGE_FLAGS	(MMUSCOPE_SCAN_FLAGS & ~(MMUSCOPE_FLAG_ANON - 1) & \
			 ~CACHE_FLAGS)

/* What the structure was when it was released. */
#define FIRST_SIZE	offsetofend(struct mmuscope_scan, longest_ns)

static_assert((PAGE_FLAGS & MMUSCOPE_FLAG_SHARED) &&
	      !(PAGE_FLAGS & MMUSCOPE_FLAG_BAD));

/**
 * struct scan - one call
 * @handle: what it works with
 * @args: what is asked and answered; @nr and @nr_vma tell how far it is
 * @filter: what to keep
 * @walk: where it is
 * @named: bytes of names so far
 * @full: one of the arrays is
 */
struct scan {
	struct mmuscope_handle *handle;
	struct mmuscope_scan args;
	struct mmuscope_filter filter;
	struct mmuscope_walk walk;
	u64 named;
	bool full;
};

static bool is_array(u64 vec, u64 len, u64 elem, size_t known)
{
	return len && elem >= known && elem <= PAGE_SIZE && !(elem % 8) &&
	       !(vec % 8);
}

/* What is asked for has to stand in an entry, and its blocks to have room. */
static int check_raw(const struct mmuscope_scan *args)
{
	if (!mmuscope_raw_rules() || !(args->flags & MMUSCOPE_SCAN_VALUES) ||
	    (args->flags & MMUSCOPE_SCAN_OUTSIDE))
		return -EINVAL;
	if (args->inverted || args->mask || args->anyof ||
	    (args->return_mask & (PAGE_FLAGS | CACHE_FLAGS)))
		return -EINVAL;
	return args->vec_len < MMUSCOPE_RAW_ROOM || args->vec_size != sizeof(u64) ||
	       args->vec % 8 ? -EINVAL : 0;
}

static int check_arrays(const struct mmuscope_scan *args)
{
	if (args->flags & MMUSCOPE_SCAN_RAW) {
		int err = check_raw(args);

		if (err)
			return err;
	} else if (!is_array(args->vec, args->vec_len, args->vec_size,
			     sizeof(struct mmuscope_extent))) {
		return -EINVAL;
	}
	if (!args->vma)
		return args->vma_len || args->vma_size || args->names ||
		       args->names_len ? -EINVAL : 0;
	if (!is_array(args->vma, args->vma_len, args->vma_size,
		      sizeof(struct mmuscope_vma)))
		return -EINVAL;
	if (!args->names != !args->names_len || args->names_len > U32_MAX)
		return -EINVAL;
	return 0;
}

static u64 asked_for(const struct mmuscope_scan *args)
{
	return args->inverted | args->mask | args->anyof | args->return_mask;
}

/* One step has to fit into a hold. */
static bool hold_ok(const struct mmuscope_scan *args)
{
	u64 least = MMUSCOPE_HOLD_MIN;

	if (asked_for(args) & CACHE_FLAGS)
		least *= 2;
	return !args->max_hold ||
	       (args->max_hold >= least && args->max_hold <= MMUSCOPE_HOLD_MAX);
}

/* The end of what a process can have mapped. */
static unsigned long target_end(struct mm_struct *mm)
{
	struct mmuscope_vma gate;

	if (mmuscope_arch_gate(mm, &gate))
		return gate.end;
	return PAGE_ALIGN(mm->task_size);
}

/* The kernel's half ends a page before 2^64, which is no address. */
static int check_args(struct mmuscope_scan *args, struct mm_struct *mm,
		      bool kernel)
{
	unsigned long first = kernel ? mmuscope_arch_kernel_start() : 0;
	unsigned long limit = kernel ? PAGE_MASK : target_end(mm);
	u64 known = MMUSCOPE_SCAN_VALUES | (kernel ? 0 : MMUSCOPE_SCAN_OUTSIDE |
					       MMUSCOPE_SCAN_RAW);

	if (!args->start)
		args->start = first;
	if (!args->end)
		args->end = limit;
	if (args->flags & ~known)
		return -EINVAL;
	if (!PAGE_ALIGNED(args->start) || !PAGE_ALIGNED(args->end) ||
	    args->start >= args->end || args->start < first ||
	    args->end > limit)
		return -EINVAL;
	if ((args->inverted | args->mask | args->anyof) & ~KNOWN_CATS)
		return -EINVAL;
	if (args->return_mask & ~MMUSCOPE_SCAN_FLAGS || !hold_ok(args))
		return -EINVAL;
	return check_arrays(args);
}

static void scan_init(struct scan *scan, struct mm_struct *mm)
{
	struct mmuscope_scan *args = &scan->args;
	u64 asked = asked_for(args);
	unsigned int want = 0;

	if (scan->handle->frames && (args->flags & MMUSCOPE_SCAN_VALUES))
		want |= MMUSCOPE_WANT_VALUE;
	if (asked & PAGE_FLAGS)
		want |= MMUSCOPE_WANT_PAGE;
	if (scan->handle->frames && (asked & CACHE_FLAGS))
		want |= MMUSCOPE_WANT_CACHE;
	if (args->flags & MMUSCOPE_SCAN_OUTSIDE)
		want |= MMUSCOPE_WANT_OUTSIDE;
	scan->filter = (struct mmuscope_filter) {
		.inverted = args->inverted,
		.mask = args->mask,
		.anyof = args->anyof,
		.ret = args->return_mask,
	};
	mmuscope_walk_init(&scan->walk, &scan->handle->batch, want);
	scan->handle->batch.filter = &scan->filter;
	scan->walk.mm = mm;
	scan->walk.kind = scan->handle->target.kind;
	scan->walk.addr = args->start;
	scan->walk.start = args->start;
	scan->walk.end = args->end;
	scan->walk.stops = true;
	scan->walk.max_hold = args->max_hold ?: MMUSCOPE_HOLD_MAX;
	scan->walk.budget = args->budget ?: U64_MAX;
	scan->walk.keep = ~mmuscope_arch_spare(asked);
	args->nr = 0;
	args->nr_vma = 0;
	args->status = 0;
}

/* A path that is longer than the kernel tells paths is "...". */
static const char *slot_name(struct scan *scan,
			     const struct mmuscope_vma_slot *slot)
{
	const char *path;

	if (!slot->path.mnt)
		return slot->name;
	path = d_path(&slot->path, scan->handle->path, PATH_MAX);
	return IS_ERR(path) ? "..." : path;
}

/* Returns 1 if the name has no room. */
static int put_name(struct scan *scan, const struct mmuscope_vma_slot *slot,
		    struct mmuscope_vma *vma)
{
	struct mmuscope_scan *args = &scan->args;
	const char *name;
	size_t len;

	if (!args->names)
		return 0;
	name = slot_name(scan, slot);
	len = strlen(name);
	if (scan->named + len + 1 > args->names_len)
		return 1;
	if (copy_to_user(u64_to_user_ptr(args->names + scan->named), name,
			 len + 1))
		return -EFAULT;
	vma->name = scan->named;
	vma->name_len = len;
	scan->named += len + 1;
	return 0;
}

/* Returns 1 if one of the arrays has no room. */
static int put_vma(struct scan *scan, const struct mmuscope_vma_slot *slot)
{
	struct mmuscope_scan *args = &scan->args;
	struct mmuscope_vma vma = slot->vma;
	void __user *to;
	int err;

	if (!args->vma || (slot->continued && args->nr_vma))
		return 0;
	if (args->nr_vma == args->vma_len)
		return 1;
	err = put_name(scan, slot, &vma);
	if (err > 0 && !args->nr_vma)
		return -ENAMETOOLONG;
	if (err)
		return err;
	vma.first = args->nr + slot->first;
	to = u64_to_user_ptr(args->vma + args->nr_vma * args->vma_size);
	args->nr_vma++;
	return mmuscope_copy_element(to, args->vma_size, &vma, sizeof(vma));
}

/* All at once, if an element is as we know it. */
static int put_extents(struct scan *scan, unsigned int nr)
{
	const struct mmuscope_batch *batch = &scan->handle->batch;
	const void *from = batch->word ?: (const void *)batch->ext;
	struct mmuscope_scan *args = &scan->args;
	void __user *to = u64_to_user_ptr(args->vec + args->nr * args->vec_size);
	unsigned int i;
	int err;

	if (batch->word || args->vec_size == sizeof(struct mmuscope_extent)) {
		args->nr += nr;
		return copy_to_user(to, from, nr * args->vec_size) ? -EFAULT : 0;
	}
	for (i = 0; i < nr; i++, args->nr++) {
		to = u64_to_user_ptr(args->vec + args->nr * args->vec_size);
		err = mmuscope_copy_element(to, args->vec_size,
					    &scan->handle->batch.ext[i],
					    sizeof(struct mmuscope_extent));
		if (err)
			return err;
	}
	return 0;
}

/* A VMA that has no room ends the scan before its first extent. */
static int put_batch(struct scan *scan)
{
	struct mmuscope_batch *batch = &scan->handle->batch;
	const struct mmuscope_vma_slot *slot;
	unsigned int nr = batch->nr, i;
	int err;

	for (i = 0; i < batch->nr_vma; i++) {
		slot = &batch->vma[i];
		err = put_vma(scan, slot);
		if (err < 0)
			return err;
		if (err) {
			nr = slot->first;
			scan->full = true;
			scan->walk.addr = slot->at;
			break;
		}
	}
	return put_extents(scan, nr);
}

static int scan_fill(struct scan *scan)
{
	struct mmuscope_batch *batch = &scan->handle->batch;
	const unsigned int kept = batch->max, max = batch->word ? RAW_WORDS : kept;
	const u64 least = batch->word ? MMUSCOPE_RAW_ROOM : 1;
	u64 room;
	int err = 0;

	while (!err && !scan->full && scan->walk.addr < scan->walk.end) {
		room = scan->args.vec_len - scan->args.nr;
		if (room < least || mmuscope_walk_is_over(&scan->walk))
			break;
		batch->max = min_t(u64, room, max);
		mmuscope_batch_empty(batch);
		err = mmuscope_walk_on(&scan->walk);
		if (!err)
			err = put_batch(scan);
	}
	mmuscope_batch_empty(batch);
	batch->max = kept;
	batch->word = NULL;
	batch->filter = NULL;
	return err;
}

/* The room stays with the handle: to clear it costs more than many a scan. */
static int begin_raw(struct mmuscope_handle *handle)
{
	if (!handle->words)
		handle->words = kvmalloc_array(RAW_WORDS, sizeof(u64),
					       GFP_KERNEL_ACCOUNT);
	handle->batch.word = handle->words;
	return handle->words ? 0 : -ENOMEM;
}

static void scan_result(struct scan *scan)
{
	const struct mmuscope_cost *cost = &scan->walk.cost;
	struct mmuscope_scan *args = &scan->args;

	args->walk_end = scan->walk.addr;
	args->entries = cost->entries;
	args->holds = cost->holds;
	args->longest = cost->longest;
	args->longest_ns = cost->longest_ns;
	if (cost->changed)
		args->status |= MMUSCOPE_SCAN_CHANGED;
}

/**
 * mmuscope_scan - MMUSCOPE_IOC_SCAN
 * @handle: the handle, locked
 * @mm: its memory, held by mm_users
 * @uarg: the caller's struct mmuscope_scan
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_scan(struct mmuscope_handle *handle, struct mm_struct *mm,
		  void __user *uarg)
{
	struct scan scan = { .handle = handle };
	int err;

	err = mmuscope_copy_in(&scan.args, sizeof(scan.args), FIRST_SIZE, uarg);
	if (!err)
		err = check_args(&scan.args, mm,
				 mmuscope_is_kernel(handle->target.kind));
	if (!err && (scan.args.flags & (MMUSCOPE_SCAN_OUTSIDE | MMUSCOPE_SCAN_RAW)) &&
	    !handle->frames)
		err = -EPERM;
	if (err)
		return err;
	if (scan.args.flags & MMUSCOPE_SCAN_RAW)
		err = begin_raw(handle);
	if (err)
		return err;
	scan_init(&scan, mm);
	err = scan_fill(&scan);
	if (err)
		return err;
	scan_result(&scan);
	return mmuscope_copy_out(uarg, &scan.args, sizeof(scan.args));
}
