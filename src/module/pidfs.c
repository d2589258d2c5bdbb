// SPDX-License-Identifier: GPL-2.0-only
/*
 * The directories of live processes: a pseudo file system that is mounted over
 * debugfs' pid directory when somebody looks in. Nothing is kept of a process
 * but its struct pid, and nothing outlives its use: a name is looked up anew
 * each time, in the pid namespace of who looks.
 */
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "internal.h"

#define PIDFS_MAGIC	0x6d6d7573

/* A mount that was idle for two of these periods goes away by itself. */
#define EXPIRE_JIFFIES	(2 * HZ)

/* Positions in the root directory: dots, self, then processes by number. */
#define POS_SELF	2
#define POS_FIRST	3

static const struct {
	const char *name;
	const struct file_operations *fops;
} pid_files[] = {
	{ "maps",	&mmuscope_maps_fops },
	{ "pagetable",	&mmuscope_pagetable_fops },
	{ "summary",	&mmuscope_summary_fops },
};

static struct inode *new_pidfs_inode(struct super_block *sb, umode_t mode,
				     struct pid *pid)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_private = get_pid(pid);
	simple_inode_init_ts(inode);
	return inode;
}

static struct dentry *process_lookup(struct inode *dir, struct dentry *dentry,
				     unsigned int flags)
{
	struct inode *inode;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pid_files); i++)
		if (!strcmp(dentry->d_name.name, pid_files[i].name))
			break;
	if (i == ARRAY_SIZE(pid_files))
		return ERR_PTR(-ENOENT);
	inode = new_pidfs_inode(dir->i_sb, S_IFREG | 0400, dir->i_private);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_fop = pid_files[i].fops;
	return d_splice_alias(inode, dentry);
}

static int process_readdir(struct file *file, struct dir_context *ctx)
{
	const char *name;

	if (!dir_emit_dots(file, ctx))
		return 0;
	for (; ctx->pos - 2 < ARRAY_SIZE(pid_files); ctx->pos++) {
		name = pid_files[ctx->pos - 2].name;
		if (!dir_emit(ctx, name, strlen(name), ctx->pos, DT_REG))
			return 0;
	}
	return 0;
}

static const struct inode_operations process_iops = {
	.lookup = process_lookup,
};

static const struct file_operations process_fops = {
	.owner = THIS_MODULE,
	.iterate_shared = process_readdir,
	.read = generic_read_dir,
	.llseek = generic_file_llseek,
};

static const char *self_get_link(struct dentry *dentry, struct inode *inode,
				 struct delayed_call *done)
{
	char *name;

	if (!dentry)
		return ERR_PTR(-ECHILD);
	name = kasprintf(GFP_KERNEL, "%d", task_tgid_vnr(current));
	if (!name)
		return ERR_PTR(-ENOMEM);
	set_delayed_call(done, kfree_link, name);
	return name;
}

static const struct inode_operations self_iops = {
	.get_link = self_get_link,
};

/* The number that a name spells the one way that readdir does, or 0. */
static pid_t name_to_nr(const struct qstr *name)
{
	unsigned int nr = 0, i, digit;

	for (i = 0; i < name->len; i++) {
		digit = name->name[i] - '0';
		if (digit > 9 || (!i && !digit) || nr > PID_MAX_LIMIT)
			return 0;
		nr = nr * 10 + digit;
	}
	return nr > PID_MAX_LIMIT ? 0 : nr;
}

static bool is_alive(struct pid *pid)
{
	bool alive;

	rcu_read_lock();
	alive = pid_task(pid, PIDTYPE_PID);
	rcu_read_unlock();
	return alive;
}

static struct inode *process_inode(struct super_block *sb,
				   const struct qstr *name)
{
	struct pid *pid = find_get_pid(name_to_nr(name));
	struct inode *inode = ERR_PTR(-ENOENT);

	if (pid && is_alive(pid)) {
		inode = new_pidfs_inode(sb, S_IFDIR | 0500, pid) ?:
			ERR_PTR(-ENOMEM);
	}
	put_pid(pid);
	if (IS_ERR(inode))
		return inode;
	inode->i_op = &process_iops;
	inode->i_fop = &process_fops;
	return inode;
}

static struct inode *self_inode(struct super_block *sb)
{
	struct inode *inode = new_pidfs_inode(sb, S_IFLNK | 0777, NULL);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_op = &self_iops;
	return inode;
}

static struct dentry *root_lookup(struct inode *dir, struct dentry *dentry,
				  unsigned int flags)
{
	struct inode *inode;

	if (!strcmp(dentry->d_name.name, "self"))
		inode = self_inode(dir->i_sb);
	else
		inode = process_inode(dir->i_sb, &dentry->d_name);
	return d_splice_alias(inode, dentry);
}

/* The first process of the namespace with a number of @nr or more, or 0. */
static int next_process(struct pid_namespace *ns, int nr)
{
	struct pid *pid;

	rcu_read_lock();
	for (;; nr++) {
		pid = idr_get_next(&ns->idr, &nr);
		if (!pid || pid_task(pid, PIDTYPE_TGID))
			break;
	}
	rcu_read_unlock();
	return pid ? nr : 0;
}

static int root_readdir(struct file *file, struct dir_context *ctx)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	char name[16];
	int nr, len;

	if (!dir_emit_dots(file, ctx))
		return 0;
	if (ctx->pos == POS_SELF) {
		if (!dir_emit(ctx, "self", 4, POS_SELF, DT_LNK))
			return 0;
		ctx->pos = POS_FIRST;
	}
	while (ctx->pos - POS_FIRST < PID_MAX_LIMIT) {
		nr = next_process(ns, ctx->pos - POS_FIRST);
		if (!nr)
			break;
		len = snprintf(name, sizeof(name), "%d", nr);
		ctx->pos = nr + POS_FIRST;
		if (!dir_emit(ctx, name, len, ctx->pos, DT_DIR))
			return 0;
		ctx->pos++;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static const struct inode_operations root_iops = {
	.lookup = root_lookup,
};

static const struct file_operations root_fops = {
	.owner = THIS_MODULE,
	.iterate_shared = root_readdir,
	.read = generic_read_dir,
	.llseek = generic_file_llseek,
};

/*
 * A dentry in use is good for as long as its process lives and, since others
 * may look from another pid namespace, as long as its name means the process to
 * who looks.
 */
static int pidfs_revalidate(D_REVALIDATE_ARGS)
{
	struct pid *pid;

	if (flags & LOOKUP_RCU)
		return -ECHILD;
	pid = d_inode(dentry)->i_private;
	if (!pid)
		return 1;
	if (!is_alive(pid))
		return 0;
	return !d_is_dir(dentry) || name_to_nr(&dentry->d_name) == pid_vnr(pid);
}

static const struct dentry_operations pidfs_dops = {
	.d_revalidate = pidfs_revalidate,
	.d_delete = always_delete_dentry,
};

static void pidfs_evict(struct inode *inode)
{
	truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
	put_pid(inode->i_private);
}

static const struct super_operations pidfs_sops = {
	.statfs = simple_statfs,
	.evict_inode = pidfs_evict,
};

static int pidfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct inode *root;

	sb->s_magic = PIDFS_MAGIC;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_op = &pidfs_sops;
	sb->s_flags |= SB_RDONLY;
	sb->s_iflags |= SB_I_NOEXEC | SB_I_NODEV;
	set_default_d_op(sb, &pidfs_dops);
	root = new_pidfs_inode(sb, S_IFDIR | 0500, NULL);
	if (!root)
		return -ENOMEM;
	root->i_op = &root_iops;
	root->i_fop = &root_fops;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static int pidfs_get_tree(struct fs_context *fc)
{
	return get_tree_single(fc, pidfs_fill_super);
}

static const struct fs_context_operations pidfs_context_ops = {
	.get_tree = pidfs_get_tree,
};

static int pidfs_init_context(struct fs_context *fc)
{
	fc->ops = &pidfs_context_ops;
	return 0;
}

/* Never registered: there is no way to mount it but ours. */
static struct file_system_type pidfs_type = {
	.owner = THIS_MODULE,
	.name = "mmuscope",
	.init_fs_context = pidfs_init_context,
	.kill_sb = kill_anon_super,
};

static LIST_HEAD(pidfs_mounts);

static void expire_mounts(struct work_struct *work)
{
	struct delayed_work *again = to_delayed_work(work);

	mark_mounts_for_expiry(&pidfs_mounts);
	if (!list_empty(&pidfs_mounts))
		schedule_delayed_work(again, EXPIRE_JIFFIES);
}

static DECLARE_DELAYED_WORK(expire_work, expire_mounts);

static struct vfsmount *pidfs_mount(struct dentry *mountpoint)
{
	struct fs_context *fc;
	struct vfsmount *mnt;

	fc = fs_context_for_submount(&pidfs_type, mountpoint);
	if (IS_ERR(fc))
		return ERR_CAST(fc);
	mnt = fc_mount(fc);
	put_fs_context(fc);
	if (IS_ERR(mnt))
		return mnt;
	automount_reference(mnt);
	mnt_set_expiry(mnt, &pidfs_mounts);
	schedule_delayed_work(&expire_work, EXPIRE_JIFFIES);
	return mnt;
}

/**
 * mmuscope_pidfs_automount - what debugfs calls when somebody enters
 * @dentry: the directory to mount on
 * @data: not used
 *
 * Nobody holds the module for this call, so it holds it for itself; see
 * mmuscope_debugfs_exit() for the moments before and after.
 *
 * Return: the mount or ERR_PTR().
 */
struct vfsmount *mmuscope_pidfs_automount(struct dentry *dentry, void *data)
{
	struct vfsmount *mnt;

	if (!try_module_get(THIS_MODULE))
		return ERR_PTR(-ENODEV);
	mnt = pidfs_mount(dentry);
	module_put(THIS_MODULE);
	return mnt;
}

/**
 * mmuscope_pidfs_exit - stop looking after mounts
 *
 * There is none any more, for each of them held the module.
 */
void mmuscope_pidfs_exit(void)
{
	cancel_delayed_work_sync(&expire_work);
}
