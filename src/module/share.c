// SPDX-License-Identifier: GPL-2.0-only
/* Shares: pages handed out as descriptors, and what can be asked of those. */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

#define CREATE_FLAGS	(MMUSCOPE_SHARE_MAP | MMUSCOPE_SHARE_KEEP | \
			 MMUSCOPE_SHARE_CONTIGUOUS | \
			 MMUSCOPE_SHARE_READONLY_OTHERS)
#define OPEN_FLAGS	(MMUSCOPE_SHARE_MAP | MMUSCOPE_SHARE_READONLY)
#define SEALS		(MMUSCOPE_SEAL_SEAL | MMUSCOPE_SEAL_WRITE | \
			 MMUSCOPE_SEAL_FUTURE_WRITE)

static int ioc_info(struct file *file, void __user *uarg)
{
	struct mmuscope_share *share = file->private_data;
	struct mmuscope_holding told;
	struct mmuscope_share_info info;
	int err;

	err = mmuscope_copy_in(&info, sizeof(info), sizeof(info), uarg);
	if (err)
		return err;
	mmuscope_share_told(share, &told);
	info = (struct mmuscope_share_info) {
		.size = info.size,
		.flags = told.flags,
		.bytes = told.bytes,
		.id = told.id,
		.seals = READ_ONCE(share->seals),
		.page_shift = told.page_shift,
		.memtype = told.memtype,
		.node = page_to_nid(share->pages.page[0]),
		.mode = told.mode,
	};
	memcpy(info.name, told.name, sizeof(info.name));
	if (!(file->f_mode & FMODE_WRITE))
		info.flags |= MMUSCOPE_SHARE_READONLY;
	return mmuscope_copy_out(uarg, &info, sizeof(info));
}

static int ioc_seal(struct file *file, void __user *uarg)
{
	struct mmuscope_share *share = file->private_data;
	struct mmuscope_share_seal args;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (err)
		return err;
	if (args.seals & ~SEALS)
		return -EINVAL;
	if (!(file->f_mode & FMODE_WRITE) || !mmuscope_share_may_write(share))
		return -EPERM;
	return mmuscope_share_seal(share, args.seals);
}

static int phys_check(const struct mmuscope_share_phys *args,
		      const struct mmuscope_pages *pages)
{
	if (args->flags || !args->vec_len || args->vec % 8 ||
	    args->first >= pages->nr)
		return -EINVAL;
	return 0;
}

static int ioc_phys(struct file *file, void __user *uarg)
{
	struct mmuscope_share *share = file->private_data;
	struct mmuscope_share_phys args;
	u64 __user *vec;
	u64 phys;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = phys_check(&args, &share->pages);
	if (err)
		return err;
	if (!mmuscope_may_see_frames(file))
		return -EPERM;
	vec = u64_to_user_ptr(args.vec);
	args.vec_len = min_t(u64, args.vec_len, share->pages.nr - args.first);
	for (args.nr = 0; args.nr < args.vec_len; args.nr++) {
		if (args.nr && signal_pending(current))
			break;
		phys = page_to_phys(share->pages.page[args.first + args.nr]);
		if (put_user(phys, vec + args.nr))
			return -EFAULT;
		cond_resched();
	}
	return mmuscope_copy_out(uarg, &args, sizeof(args));
}

static long share_ioctl(struct file *file, unsigned int cmd,
			unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	if (_IOC_TYPE(cmd) != MMUSCOPE_IOC_TYPE)
		return -ENOTTY;
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(MMUSCOPE_IOC_SHARE_INFO):
		return ioc_info(file, uarg);
	case _IOC_NR(MMUSCOPE_IOC_SHARE_SEAL):
		return ioc_seal(file, uarg);
	case _IOC_NR(MMUSCOPE_IOC_SHARE_PHYS):
		return ioc_phys(file, uarg);
	default:
		return -ENOTTY;
	}
}

static int share_file_release(struct inode *inode, struct file *file)
{
	struct mmuscope_share *share = file->private_data;

	atomic_dec(&share->held.files);
	mmuscope_share_put(share);
	return 0;
}

static const struct file_operations share_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = share_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = mmuscope_share_mmap,
	.get_unmapped_area = mmuscope_share_area,
	.release = share_file_release,
};

/*
 * A descriptor for the caller, and with @addr, which is in @args, a mapping.
 * @args is told first: what he has not been told of he cannot give up.
 */
static int hand_out(struct mmuscope_share *share, bool readonly, u64 *addr,
		    void __user *uarg, const void *args, size_t size)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	u64 bytes = share->held.told.bytes;
	struct file *file;
	int err = 0;

	if (fd < 0)
		return fd;
	file = mmuscope_held_file(&share->held, readonly ? O_RDONLY : O_RDWR,
				  &share_fops, share);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	kref_get(&share->ref);
	if (addr)
		err = mmuscope_map_file(file, bytes, readonly, addr);
	if (err)
		goto err_put;
	err = mmuscope_copy_out(uarg, args, size);
	if (err)
		goto err_unmap;
	fd_install(fd, file);
	return fd;

err_unmap:
	if (addr)
		vm_munmap(*addr, bytes);
err_put:
	fput(file);
	put_unused_fd(fd);
	return err;
}

static struct mmuscope_pages pages_of(const struct mmuscope_share_create *args)
{
	return (struct mmuscope_pages) {
		.nr = args->bytes >> args->page_shift,
		.order = args->page_shift - PAGE_SHIFT,
		.memtype = args->memtype,
	};
}

/* Defaults are put in, too. */
static int create_check(struct mmuscope_share_create *args)
{
	struct mmuscope_pages pages;

	args->page_shift = args->page_shift ?: PAGE_SHIFT;
	args->memtype = args->memtype ?: MMUSCOPE_MEMTYPE_WB;
	if ((args->flags & ~CREATE_FLAGS) || (args->mode & ~0777))
		return -EINVAL;
	if (args->page_shift != PAGE_SHIFT && args->page_shift != PMD_SHIFT)
		return -EINVAL;
	if (!args->bytes || args->bytes > MAX_LFS_FILESIZE ||
	    !IS_ALIGNED(args->bytes, 1ULL << args->page_shift))
		return -EINVAL;
	if (!mmuscope_name_ok(args->name, false) ||
	    (!args->name[0] && (args->flags & MMUSCOPE_SHARE_KEEP)))
		return -EINVAL;
	pages = pages_of(args);
	return mmuscope_pages_check(&pages, args->node,
				    args->flags & MMUSCOPE_SHARE_CONTIGUOUS);
}

static struct mmuscope_share *share_new(const struct mmuscope_share_create *args)
{
	struct mmuscope_share *share;
	int err;

	share = kzalloc(sizeof(*share), GFP_KERNEL_ACCOUNT);
	if (!share)
		return ERR_PTR(-ENOMEM);
	kref_init(&share->ref);
	INIT_LIST_HEAD(&share->named);
	mutex_init(&share->lock);
	share->pages = pages_of(args);
	err = mmuscope_pages_alloc(&share->pages, args->node,
				   args->flags & MMUSCOPE_SHARE_CONTIGUOUS);
	if (err)
		goto err_free;
	share->held.told = (struct mmuscope_holding) {
		.kind = MMUSCOPE_HOLDING_SHARE,
		.memtype = args->memtype,
		.bytes = args->bytes,
		.flags = args->flags & ~MMUSCOPE_SHARE_MAP,
		.mode = args->mode,
		.page_shift = args->page_shift,
	};
	strscpy(share->held.told.name, args->name,
		sizeof(share->held.told.name));
	err = mmuscope_held_add(&share->held);
	if (err)
		goto err_free_pages;
	share->held.inode->i_mode = args->mode;
	err = mmuscope_pages_list(&share->pages);
	if (err)
		goto err_unlist;
	return share;

err_unlist:
	mmuscope_pages_unlist(&share->pages);
	mmuscope_held_del(&share->held);
err_free_pages:
	mmuscope_pages_free(&share->pages);
err_free:
	kfree_rcu(share, rcu);
	return ERR_PTR(err);
}

/**
 * mmuscope_share_create - make a share
 * @uarg: struct mmuscope_share_create of the caller
 *
 * Return: a descriptor or a negative errno.
 */
int mmuscope_share_create(void __user *uarg)
{
	struct mmuscope_share_create args;
	struct mmuscope_share *share;
	int ret;

	ret = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!ret)
		ret = create_check(&args);
	if (!ret && mmuscope_name_taken(args.name))
		ret = -EEXIST;
	if (ret)
		return ret;
	share = share_new(&args);
	if (IS_ERR(share))
		return PTR_ERR(share);
	args.id = share->held.told.id;
	args.addr = 0;
	ret = mmuscope_name_add(share);
	if (!ret)
		ret = hand_out(share, false,
			       args.flags & MMUSCOPE_SHARE_MAP ?
			       &args.addr : NULL, uarg, &args, sizeof(args));
	if (ret < 0)
		mmuscope_name_del(share);
	mmuscope_share_put(share);
	return ret;
}

static int open_check(const struct mmuscope_share_open *args)
{
	if ((args->flags & ~OPEN_FLAGS) || !args->name[0] ||
	    !mmuscope_name_ok(args->name, false))
		return -EINVAL;
	return 0;
}

static int may_open(const struct mmuscope_share *share, bool readonly)
{
	if (!readonly && !mmuscope_share_may_write(share))
		return -EACCES;
	return inode_permission(&nop_mnt_idmap, share->held.inode,
				readonly ? MAY_READ : MAY_READ | MAY_WRITE);
}

/**
 * mmuscope_share_open - open a share by its name
 * @uarg: struct mmuscope_share_open of the caller
 *
 * Return: a descriptor or a negative errno.
 */
int mmuscope_share_open(void __user *uarg)
{
	struct mmuscope_share_open args;
	struct mmuscope_share *share;
	bool readonly;
	int ret;

	ret = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!ret)
		ret = open_check(&args);
	if (ret)
		return ret;
	share = mmuscope_name_get(args.name);
	if (!share)
		return -ENOENT;
	readonly = args.flags & MMUSCOPE_SHARE_READONLY;
	args.bytes = share->held.told.bytes;
	args.addr = 0;
	ret = may_open(share, readonly);
	if (!ret)
		ret = hand_out(share, readonly,
			       args.flags & MMUSCOPE_SHARE_MAP ?
			       &args.addr : NULL, uarg, &args, sizeof(args));
	mmuscope_share_put(share);
	return ret;
}

/**
 * mmuscope_share_remove - take a share's name away
 * @uarg: struct mmuscope_share_remove of the caller
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_share_remove(void __user *uarg)
{
	struct mmuscope_share_remove args;
	struct mmuscope_share *share;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (err)
		return err;
	if (args.flags || !args.name[0] || !mmuscope_name_ok(args.name, false))
		return -EINVAL;
	share = mmuscope_name_get(args.name);
	if (!share)
		return -ENOENT;
	if (inode_owner_or_capable(&nop_mnt_idmap, share->held.inode))
		mmuscope_name_del(share);
	else
		err = -EACCES;
	mmuscope_share_put(share);
	return err;
}
