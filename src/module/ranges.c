// SPDX-License-Identifier: GPL-2.0-only
/* PHYS: ranges of physical addresses, one by one into the caller's array. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include "internal.h"

static int count_frames(struct mmuscope_phys_range *range)
{
	struct mmuscope_frame frame;
	u64 pfn;

	for (pfn = PHYS_PFN(range->start); pfn < PHYS_PFN(range->end); pfn++) {
		mmuscope_frame_look(&frame, pfn);
		range->frames[frame.kind]++;
		if (pfn % 256)
			continue;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static_assert(MMUSCOPE_NR_FRAME_KINDS <=
	      ARRAY_SIZE(((struct mmuscope_phys_range *)NULL)->frames));

static int check_args(struct mmuscope_phys *args)
{
	u64 limit = mmuscope_phys_limit();

	if (!args->end)
		args->end = limit;
	if (args->flags & ~MMUSCOPE_PHYS_COUNT)
		return -EINVAL;
	if (args->start >= args->end || args->end > limit)
		return -EINVAL;
	return mmuscope_array_ok(args->vec, args->vec_len, args->vec_size,
				 sizeof(struct mmuscope_phys_range)) ? 0 : -EINVAL;
}

static int put_range(struct mmuscope_phys *args,
		     struct mmuscope_phys_range *range)
{
	void __user *to = u64_to_user_ptr(args->vec + args->nr * args->vec_size);
	int err = 0;

	if (range->kind == MMUSCOPE_PHYS_ZONE &&
	    (args->flags & MMUSCOPE_PHYS_COUNT))
		err = count_frames(range);
	if (err)
		return err;
	args->nr++;
	return mmuscope_copy_element(to, args->vec_size, range, sizeof(*range));
}

/* @first of the arguments is the number of ranges that were told before. */
static int phys_fill(struct mmuscope_phys *args,
		     struct mmuscope_phys_walk *walk)
{
	struct mmuscope_phys_range range;
	u64 before = args->first;
	int got;

	while (args->nr < args->vec_len) {
		if (args->nr && signal_pending(current))
			break;
		got = mmuscope_phys_next(walk, &range);
		if (got < 0)
			return got;
		if (!got) {
			args->first = 0;
			return 0;
		}
		if (range.end <= args->start || range.start >= args->end)
			continue;
		if (before) {
			before--;
			continue;
		}
		got = put_range(args, &range);
		if (got)
			return got;
	}
	args->first += args->nr;
	return 0;
}

/**
 * mmuscope_ranges - MMUSCOPE_IOC_PHYS
 * @cred: of who opened the device
 * @uarg: the caller's struct mmuscope_phys
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_ranges(const struct cred *cred, void __user *uarg)
{
	struct mmuscope_phys args;
	struct mmuscope_phys_walk *walk;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = check_args(&args);
	if (err)
		return err;
	walk = mmuscope_phys_begin(cred);
	if (IS_ERR(walk))
		return PTR_ERR(walk);
	args.nr = 0;
	err = phys_fill(&args, walk);
	mmuscope_phys_end(walk);
	return err ?: mmuscope_copy_out(uarg, &args, sizeof(args));
}
