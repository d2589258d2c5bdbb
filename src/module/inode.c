// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file system that nobody sees, which gives each share and each window an
 * inode of its own: so its mappings can be found, and taken away, without
 * touching anybody else's. All files of anon_inode_getfile() share one inode.
 *
 * The file system is there as long as something of it is, and holds the module.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/mount.h>
#include <linux/module.h>
#include <linux/pseudo_fs.h>
#include "internal.h"

#define INODE_MAGIC	0x6d6d7369	/* "mmsi" */

static struct vfsmount *inode_mnt;
static int inode_pins;

/* Nobody changes its size, nor its owner and mode: they are for opening it. */
static int inode_setattr(SETATTR_ARGS)
{
	return -EPERM;
}

static const struct inode_operations inode_ops = {
	.setattr = inode_setattr,
};

static char *inode_dname(struct dentry *dentry, char *buffer, int size)
{
	int len = dentry->d_name.len + 1;

	if (len > size)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buffer + size - len, dentry->d_name.name, len);
}

static const struct dentry_operations inode_dentry_ops = {
	.d_dname = inode_dname,
};

static int inode_init_fs_context(struct fs_context *fc)
{
	struct pseudo_fs_context *ctx = init_pseudo(fc, INODE_MAGIC);

	if (!ctx)
		return -ENOMEM;
	fc->global = true;	/* of no user namespace, whoever is the first */
	fc->s_iflags |= SB_I_NOEXEC;
	ctx->dops = &inode_dentry_ops;
	return 0;
}

static struct file_system_type inode_fs = {
	.owner = THIS_MODULE,
	.name = "mmuscope_inode",
	.init_fs_context = inode_init_fs_context,
	.kill_sb = kill_anon_super,
};

/**
 * mmuscope_inode_new - make an inode of its own
 * @size: what fstat(2) is to say of it, in bytes
 *
 * Return: the inode, owned by the caller, or an ERR_PTR().
 */
struct inode *mmuscope_inode_new(u64 size)
{
	struct inode *inode;
	int err;

	err = simple_pin_fs(&inode_fs, &inode_mnt, &inode_pins);
	if (err)
		return ERR_PTR(err);
	inode = alloc_anon_inode(inode_mnt->mnt_sb);
	if (IS_ERR(inode)) {
		simple_release_fs(&inode_mnt, &inode_pins);
		return inode;
	}
	inode->i_op = &inode_ops;
	i_size_write(inode, size);
	return inode;
}

/**
 * mmuscope_inode_put - give up what mmuscope_inode_new() gave
 * @inode: the inode; files that are still open keep it
 */
void mmuscope_inode_put(struct inode *inode)
{
	iput(inode);
	simple_release_fs(&inode_mnt, &inode_pins);
}

/**
 * mmuscope_inode_file - open an inode
 * @inode: which; the caller owns it
 * @name: what /proc/PID/maps is to say
 * @flags: O_RDONLY or O_RDWR
 * @fops: the file's operations
 * @private: the file's private_data
 *
 * Return: a file, which holds @inode too, or an ERR_PTR().
 */
struct file *mmuscope_inode_file(struct inode *inode, const char *name,
				 int flags, const struct file_operations *fops,
				 void *private)
{
	struct file *file;

	/* The module is here, and fput() gives this back. */
	__module_get(fops->owner);
	ihold(inode);
	file = alloc_file_pseudo(inode, inode_mnt, name, flags, fops);
	if (IS_ERR(file)) {
		iput(inode);
		module_put(fops->owner);
		return file;
	}
	file->private_data = private;
	return file;
}
