// SPDX-License-Identifier: GPL-2.0-only
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include "internal.h"

/**
 * mmuscope_copy_in - read a caller's structure, whatever release it is of
 * @args: where to; its first member is the size as the caller has it, a u64
 * @size: size of @args
 * @first: size that the structure had in its first version
 * @uarg: the caller's
 *
 * Return: 0, -EFAULT, -EINVAL if it is smaller than @first, or -E2BIG if it is
 * larger than @size and what is beyond is not 0.
 */
int mmuscope_copy_in(void *args, size_t size, size_t first,
		     const void __user *uarg)
{
	u64 usize;
	int err;

	if (get_user(usize, (const u64 __user *)uarg))
		return -EFAULT;
	if (usize < first)
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(args, size, uarg, usize);
	if (err)
		return err;
	*(u64 *)args = usize;
	return 0;
}

/**
 * mmuscope_copy_out - write a structure back
 * @uarg: the caller's
 * @args: ours; its first member is left as the caller has it
 * @size: size of @args
 *
 * Return: 0 or -EFAULT.
 */
int mmuscope_copy_out(void __user *uarg, const void *args, size_t size)
{
	u64 usize = *(const u64 *)args;

	return copy_to_user(uarg, args, min_t(u64, usize, size)) ? -EFAULT : 0;
}

/**
 * mmuscope_copy_element - write an element of a caller's array
 * @to: the caller's
 * @size: size of an element there, at least @known
 * @from: ours
 * @known: its size
 *
 * What is beyond @known becomes 0.
 *
 * Return: 0 or -EFAULT.
 */
int mmuscope_copy_element(void __user *to, u64 size, const void *from,
			  size_t known)
{
	if (copy_to_user(to, from, known))
		return -EFAULT;
	return clear_user(to + known, size - known) ? -EFAULT : 0;
}

/**
 * mmuscope_array_ok - can that be a caller's array?
 * @vec: its address
 * @len: its elements
 * @elem: size of one
 * @known: the size that we know
 */
bool mmuscope_array_ok(u64 vec, u64 len, u64 elem, size_t known)
{
	return len && elem >= known && elem <= PAGE_SIZE && !(elem % 8) &&
	       !(vec % 8);
}

/* The caller's, for they decide when a target is bound. */
static u64 rights(void)
{
	u64 rights = 0;

	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		rights |= MMUSCOPE_RIGHT_FRAMES;
	/* To open what is another's in procfs takes more than to trace it. */
	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_PTRACE) &&
	    (ns_capable_noaudit(&init_user_ns, CAP_DAC_READ_SEARCH) ||
	     ns_capable_noaudit(&init_user_ns, CAP_DAC_OVERRIDE)))
		rights |= MMUSCOPE_RIGHT_OTHERS;
	if (mmuscope_may_see_kernel())
		rights |= MMUSCOPE_RIGHT_KERNEL;
	return rights;
}

static int ioc_info(void __user *uarg)
{
	struct mmuscope_info info;
	int err;

	err = mmuscope_copy_in(&info, sizeof(info), sizeof(info), uarg);
	if (err)
		return err;
	info = (struct mmuscope_info) {
		.size = info.size,
		.abi = MMUSCOPE_ABI,
		.page_shift = PAGE_SHIFT,
		.rights = rights(),
	};
	mmuscope_arch_info(&info);
	if (mmuscope_target_takes_pagemap())
		info.features |= MMUSCOPE_FEATURE_PAGEMAP_TARGET;
	if (mmuscope_raw_rules())
		info.features |= MMUSCOPE_FEATURE_RAW;
	return mmuscope_copy_out(uarg, &info, sizeof(info));
}

static int ioc_target(void __user *uarg)
{
	struct mmuscope_bind bind;
	int err;

	err = mmuscope_copy_in(&bind, sizeof(bind), sizeof(bind), uarg);
	if (err)
		return err;
	return mmuscope_handle_open(&bind);
}

static int holdings_check(const struct mmuscope_holdings *args)
{
	if (args->flags || args->reserved ||
	    args->kind > MMUSCOPE_HOLDING_MMIO)
		return -EINVAL;
	if (!args->vec_len || args->vec % 8 || args->vec_size % 8 ||
	    args->vec_size < sizeof(struct mmuscope_holding) ||
	    args->vec_size > PAGE_SIZE)
		return -EINVAL;
	return 0;
}

/* Passes on what one page of kernel memory holds at a time. */
static int copy_holdings(struct mmuscope_holdings *args,
			 struct mmuscope_holding *page)
{
	bool all = ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
	void __user *vec = u64_to_user_ptr(args->vec);
	unsigned int i, max, nr;

	do {
		max = min_t(u64, args->vec_len - args->nr,
			    PAGE_SIZE / sizeof(*page));
		nr = mmuscope_holdings(args, page, max, all);
		for (i = 0; i < nr; i++, args->nr++)
			if (mmuscope_copy_element(vec + args->nr * args->vec_size,
						  args->vec_size, &page[i],
						  sizeof(*page)))
				return -EFAULT;
		cond_resched();
	} while (args->id && args->nr < args->vec_len &&
		 !signal_pending(current));
	return 0;
}

static int ioc_holdings(void __user *uarg)
{
	struct mmuscope_holdings args;
	void *page;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = holdings_check(&args);
	if (err)
		return err;
	page = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
	if (!page)
		return -ENOMEM;
	args.nr = 0;
	err = copy_holdings(&args, page);
	free_page((unsigned long)page);
	return err ?: mmuscope_copy_out(uarg, &args, sizeof(args));
}

static int ioctl_frames(const struct file *file, unsigned int cmd,
			void __user *uarg)
{
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(MMUSCOPE_IOC_FRAMES):
		return mmuscope_frames(uarg);
	case _IOC_NR(MMUSCOPE_IOC_MAPPERS):
		return mmuscope_mappers(uarg);
	default:
		return mmuscope_ranges(file->f_cred, uarg);
	}
}

static long device_ioctl(struct file *file, unsigned int cmd,
			 unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	if (_IOC_TYPE(cmd) != MMUSCOPE_IOC_TYPE)
		return -ENOTTY;
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(MMUSCOPE_IOC_INFO):
		return ioc_info(uarg);
	case _IOC_NR(MMUSCOPE_IOC_TARGET):
		return ioc_target(uarg);
	case _IOC_NR(MMUSCOPE_IOC_SHARE_CREATE):
		return mmuscope_share_create(uarg);
	case _IOC_NR(MMUSCOPE_IOC_SHARE_OPEN):
		return mmuscope_share_open(uarg);
	case _IOC_NR(MMUSCOPE_IOC_SHARE_REMOVE):
		return mmuscope_share_remove(uarg);
	case _IOC_NR(MMUSCOPE_IOC_HOLDINGS):
		return ioc_holdings(uarg);
	case _IOC_NR(MMUSCOPE_IOC_MMIO_OPEN):
		return mmuscope_mmio_open(uarg);
	case _IOC_NR(MMUSCOPE_IOC_MMIO_GRANT):
		return mmuscope_mmio_grant(uarg);
	case _IOC_NR(MMUSCOPE_IOC_MMIO_GRANTS):
		return mmuscope_mmio_grants(uarg);
	case _IOC_NR(MMUSCOPE_IOC_FRAMES):
	case _IOC_NR(MMUSCOPE_IOC_MAPPERS):
	case _IOC_NR(MMUSCOPE_IOC_PHYS):
		if (!mmuscope_may_see_frames(file))
			return -EPERM;
		return ioctl_frames(file, cmd, uarg);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mmuscope",
	.fops = &device_fops,
	.mode = 0600,
};

/**
 * mmuscope_device_init - make /dev/mmuscope
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_device_init(void)
{
	return misc_register(&device);
}

void mmuscope_device_exit(void)
{
	misc_deregister(&device);
}
