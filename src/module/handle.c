// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target handed out as a descriptor. Its memory is one batch and the room for
 * one path, got when it is opened, whatever is asked of it; one call at a time
 * has the use of them.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "internal.h"

static int translate_check(const struct mmuscope_translate *args)
{
	if (args->flags || !args->vec_len || args->vec % 8 ||
	    args->vec_size % 8)
		return -EINVAL;
	if (args->vec_size < sizeof(struct mmuscope_translation) ||
	    args->vec_size > PAGE_SIZE)
		return -EINVAL;
	return 0;
}

static int translate_element(struct mmuscope_handle *handle,
			     struct mm_struct *mm, void __user *elem, u64 size)
{
	struct mmuscope_translation *trans = &handle->trans;
	u64 addr;
	int err;

	if (get_user(addr, (u64 __user *)elem))
		return -EFAULT;
	memset(trans, 0, sizeof(*trans));
	trans->addr = mmuscope_arch_untagged(addr);
	err = mmuscope_translate_one(trans, &handle->batch, mm,
				     handle->target.kind, handle->frames);
	if (err)
		return err;
	return mmuscope_copy_element(elem, size, trans, sizeof(*trans));
}

static int ioc_translate(struct mmuscope_handle *handle, struct mm_struct *mm,
			 void __user *uarg)
{
	struct mmuscope_translate args;
	void __user *vec;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = translate_check(&args);
	if (err)
		return err;
	vec = u64_to_user_ptr(args.vec);
	for (args.nr = 0; args.nr < args.vec_len; args.nr++) {
		if (args.nr && signal_pending(current))
			break;
		err = translate_element(handle, mm, vec + args.nr * args.vec_size,
					args.vec_size);
		if (err)
			return err;
		cond_resched();
	}
	return mmuscope_copy_out(uarg, &args, sizeof(args));
}

/* As it was before it told of parts. */
#define SUMMARY_FIRST	offsetof(struct mmuscope_summary, pss)

static int ioc_summary(struct mmuscope_handle *handle, struct mm_struct *mm,
		       void __user *uarg)
{
	struct mmuscope_summary *sum = &handle->sum;
	int err;

	err = mmuscope_copy_in(sum, sizeof(*sum), SUMMARY_FIRST, uarg);
	if (!err && sum->flags)
		err = -EINVAL;
	if (!err)
		err = mmuscope_summarise(sum, &handle->batch, mm,
					 handle->target.kind, handle->frames);
	if (err)
		return err;
	return mmuscope_copy_out(uarg, sum, sizeof(*sum));
}

static int dispatch(struct mmuscope_handle *handle, struct mm_struct *mm,
		    unsigned int cmd, void __user *uarg)
{
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(MMUSCOPE_IOC_SCAN):
		return mmuscope_scan(handle, mm, uarg);
	case _IOC_NR(MMUSCOPE_IOC_TRANSLATE):
		return ioc_translate(handle, mm, uarg);
	case _IOC_NR(MMUSCOPE_IOC_SUMMARY):
		return ioc_summary(handle, mm, uarg);
	default:
		return -ENOTTY;
	}
}

static long handle_ioctl(struct file *file, unsigned int cmd,
			 unsigned long arg)
{
	struct mmuscope_handle *handle = file->private_data;
	struct mm_struct *mm;
	int err;

	if (_IOC_TYPE(cmd) != MMUSCOPE_IOC_TYPE)
		return -ENOTTY;
	err = mutex_lock_interruptible(&handle->lock);
	if (err)
		return -ERESTARTSYS;
	mm = mmuscope_target_get(&handle->target);
	if (IS_ERR(mm)) {
		err = PTR_ERR(mm);
	} else {
		err = dispatch(handle, mm, cmd, (void __user *)arg);
		mmput(mm);
	}
	mutex_unlock(&handle->lock);
	return err;
}

static int handle_release(struct inode *inode, struct file *file)
{
	struct mmuscope_handle *handle = file->private_data;

	mmuscope_target_close(&handle->target);
	mmuscope_batch_free(&handle->batch);
	kfree(handle->path);
	kvfree(handle->words);
	kfree(handle);
	return 0;
}

static const struct file_operations handle_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = handle_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = handle_release,
};

static int bind_pid(struct mmuscope_target *target, pid_t nr)
{
	struct pid *pid = nr ? find_get_pid(nr) : get_pid(task_tgid(current));
	int err;

	if (!pid)
		return -ESRCH;
	err = mmuscope_target_open(target, pid);
	put_pid(pid);
	return err;
}

/* What it shows does not depend on who copies it. */
static int bind_copy(struct mmuscope_handle *handle, int fd)
{
	struct file *file = fget(fd);
	const struct mmuscope_handle *from;
	int err = -EINVAL;

	if (!file)
		return -EBADF;
	if (file->f_op == &handle_fops) {
		from = file->private_data;
		handle->frames = from->frames;
		err = mmuscope_target_copy(&handle->target, &from->target);
	}
	fput(file);
	return err;
}

static int bind_target(struct mmuscope_handle *handle,
		       const struct mmuscope_bind *bind)
{
	struct mmuscope_target *target = &handle->target;

	switch (bind->kind) {
	case MMUSCOPE_TARGET_PID:
		return bind->id < 0 ? -EINVAL : bind_pid(target, bind->id);
	case MMUSCOPE_TARGET_PAGEMAP:
		return mmuscope_target_from_pagemap(target, bind->id);
	case MMUSCOPE_TARGET_KERNEL:
	case MMUSCOPE_TARGET_KERNEL_USER:
		return bind->id ? -EINVAL :
				  mmuscope_target_kernel(target, bind->kind);
	case MMUSCOPE_TARGET_COPY:
		return bind_copy(handle, bind->id);
	default:
		return -EINVAL;
	}
}

/* Gives a bound handle a descriptor, which owns it from then on. */
static int install(struct mmuscope_handle *handle, bool copied)
{
	struct file *file;
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0)
		return fd;
	file = anon_inode_getfile("[mmuscope]", &handle_fops, handle, O_RDWR);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	if (!copied)
		handle->frames = mmuscope_may_see_frames(file);
	fd_install(fd, file);
	return fd;
}

/**
 * mmuscope_handle_open - hand out a target
 * @bind: whose memory
 *
 * Context: the caller's credentials decide, now and for the life of the handle.
 * Return: a descriptor or a negative errno.
 */
int mmuscope_handle_open(const struct mmuscope_bind *bind)
{
	struct mmuscope_handle *handle;
	int err;

	handle = kzalloc(sizeof(*handle), GFP_KERNEL_ACCOUNT);
	if (!handle)
		return -ENOMEM;
	mutex_init(&handle->lock);
	handle->path = kmalloc(PATH_MAX, GFP_KERNEL_ACCOUNT);
	if (!handle->path) {
		err = -ENOMEM;
		goto err_free;
	}
	err = mmuscope_batch_alloc(&handle->batch);
	if (err)
		goto err_free_path;
	err = bind_target(handle, bind);
	if (err)
		goto err_free_batch;
	err = install(handle, bind->kind == MMUSCOPE_TARGET_COPY);
	if (err < 0)
		goto err_close;
	return err;

err_close:
	mmuscope_target_close(&handle->target);
err_free_batch:
	mmuscope_batch_free(&handle->batch);
err_free_path:
	kfree(handle->path);
err_free:
	kfree(handle);
	return err;
}
