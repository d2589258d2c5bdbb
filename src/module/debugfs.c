// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include "internal.h"

static struct dentry *mmuscope_dir;

static int status_show(struct seq_file *m, void *v)
{
	static const struct {
		const char *name;
		const char *memtypes;	/* the register that has them */
	} archs[] = {
		[MMUSCOPE_ARCH_X86_64] = { "x86_64", "pat" },
		[MMUSCOPE_ARCH_ARM64] = { "arm64", "mair" },
	};
	struct mmuscope_info info = {};
	unsigned int i;

	mmuscope_arch_info(&info);
	seq_printf(m, "version %s\n", MMUSCOPE_VERSION);
	seq_printf(m, "abi %u\n", MMUSCOPE_ABI);
	seq_printf(m, "page_size %lu\n", PAGE_SIZE);
	seq_printf(m, "arch %s\n", archs[info.arch].name);
	seq_printf(m, "levels %u\n", info.levels);
	seq_printf(m, "pti %d\n", !!(info.features & MMUSCOPE_FEATURE_PTI));
	seq_printf(m, "%s ", archs[info.arch].memtypes);
	for (i = 0; i < 8; i++)
		seq_printf(m, "%s%s", i ? "," : "",
			   mmuscope_text_memtype(mmuscope_arch_pat_type(i)));
	seq_putc(m, '\n');
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

/**
 * struct roll - an open mappings: a page of holdings at a time
 * @args: where the next page begins
 * @page: the present one
 * @nr: how many there are in it
 * @base: number of holdings before it
 * @last: id of the last one before it
 * @end: there is no next page
 */
struct roll {
	struct mmuscope_holdings args;
	struct mmuscope_holding *page;
	unsigned int nr;
	loff_t base;
	u64 last;
	bool end;
};

static void roll_rewind(struct roll *roll)
{
	*roll = (struct roll) { .page = roll->page };
}

static void roll_refill(struct roll *roll)
{
	if (roll->nr)
		roll->last = roll->page[roll->nr - 1].id;
	roll->base += roll->nr;
	roll->nr = mmuscope_holdings(&roll->args, roll->page,
				     PAGE_SIZE / sizeof(*roll->page), true);
	roll->end = !roll->args.id;
}

static void *roll_at(struct roll *roll, loff_t pos)
{
	while (pos == roll->base + roll->nr && !roll->end)
		roll_refill(roll);
	if (pos < roll->base || pos >= roll->base + roll->nr)
		return NULL;
	return &roll->page[pos - roll->base];
}

static void *mappings_start(struct seq_file *m, loff_t *pos)
{
	if (!*pos)
		roll_rewind(m->private);
	return roll_at(m->private, *pos);
}

static void *mappings_next(struct seq_file *m, void *v, loff_t *pos)
{
	return roll_at(m->private, ++*pos);
}

static void mappings_stop(struct seq_file *m, void *v)
{
}

static int mappings_show(struct seq_file *m, void *v)
{
	const struct mmuscope_holding *holding = v;
	const struct roll *roll = m->private;
	u64 before = holding == roll->page ? roll->last : holding[-1].id;

	mmuscope_text_holding(m, holding, holding->id != before,
			      !mmuscope_may_see_frames(m->file));
	return 0;
}

static const struct seq_operations mappings_ops = {
	.start = mappings_start,
	.next = mappings_next,
	.stop = mappings_stop,
	.show = mappings_show,
};

static int mappings_open(struct inode *inode, struct file *file)
{
	struct roll *roll = __seq_open_private(file, &mappings_ops,
					       sizeof(*roll));

	if (!roll)
		return -ENOMEM;
	roll->page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (roll->page)
		return 0;
	seq_release_private(inode, file);
	return -ENOMEM;
}

static int mappings_release(struct inode *inode, struct file *file)
{
	struct roll *roll = ((struct seq_file *)file->private_data)->private;

	kfree(roll->page);
	return seq_release_private(inode, file);
}

static const struct file_operations mappings_fops = {
	.owner = THIS_MODULE,
	.open = mappings_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = mappings_release,
};

static void make_kernel_dir(void)
{
	static enum mmuscope_target_kind kernel = MMUSCOPE_TARGET_KERNEL;
	static enum mmuscope_target_kind user = MMUSCOPE_TARGET_KERNEL_USER;
	struct dentry *dir = debugfs_create_dir("kernel", mmuscope_dir);

	debugfs_create_file("maps", 0400, dir, &kernel,
			    &mmuscope_kernel_maps_fops);
	debugfs_create_file("pagetable", 0400, dir, &kernel,
			    &mmuscope_kernel_pagetable_fops);
	debugfs_create_file("summary", 0400, dir, &kernel,
			    &mmuscope_kernel_summary_fops);
	if (!mmuscope_arch_pti())
		return;
	debugfs_create_file("user_maps", 0400, dir, &user,
			    &mmuscope_kernel_maps_fops);
	debugfs_create_file("user_pagetable", 0400, dir, &user,
			    &mmuscope_kernel_pagetable_fops);
}

/**
 * struct physical - an open physical
 * @walk: where it is
 * @range: the range that was told last
 * @told: how many were told, this one among them
 */
struct physical {
	struct mmuscope_phys_walk *walk;
	struct mmuscope_phys_range range;
	loff_t told;
};

static void *physical_at(struct physical *physical, loff_t pos)
{
	int got = 0;

	if (pos + 1 < physical->told) {
		physical->told = 0;
		got = mmuscope_phys_rewind(physical->walk);
	}
	while (!got && physical->told <= pos) {
		got = mmuscope_phys_next(physical->walk, &physical->range);
		if (got <= 0)
			return ERR_PTR(got);
		physical->told++;
		got = 0;
	}
	return got ? ERR_PTR(got) : &physical->range;
}

static void *physical_start(struct seq_file *m, loff_t *pos)
{
	return physical_at(m->private, *pos);
}

static void *physical_next(struct seq_file *m, void *v, loff_t *pos)
{
	return physical_at(m->private, ++*pos);
}

static void physical_stop(struct seq_file *m, void *v)
{
}

static int physical_show(struct seq_file *m, void *v)
{
	mmuscope_text_phys(m, v);
	return 0;
}

static const struct seq_operations physical_ops = {
	.start = physical_start,
	.next = physical_next,
	.stop = physical_stop,
	.show = physical_show,
};

/* Under this file's lock /proc/iomem is read, a file of the same kind. */
static struct lock_class_key physical_lock;

static int physical_open(struct inode *inode, struct file *file)
{
	struct physical *physical;
	int err;

	if (!mmuscope_may_see_frames(file))
		return -EPERM;
	physical = __seq_open_private(file, &physical_ops, sizeof(*physical));
	if (!physical)
		return -ENOMEM;
	lockdep_set_class(&((struct seq_file *)file->private_data)->lock,
			  &physical_lock);
	physical->walk = mmuscope_phys_begin(file->f_cred);
	if (!IS_ERR(physical->walk))
		return 0;
	err = PTR_ERR(physical->walk);
	seq_release_private(inode, file);
	return err;
}

static int physical_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct physical *physical = m->private;

	mmuscope_phys_end(physical->walk);
	return seq_release_private(inode, file);
}

static const struct file_operations physical_fops = {
	.owner = THIS_MODULE,
	.open = physical_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = physical_release,
};

/**
 * mmuscope_debugfs_init - make the files under /sys/kernel/debug/mmuscope
 *
 * debugfs is for people: without it the module does the rest of its work.
 */
void mmuscope_debugfs_init(void)
{
	mmuscope_dir = debugfs_create_dir("mmuscope", NULL);
	debugfs_create_file("status", 0400, mmuscope_dir, NULL, &status_fops);
	debugfs_create_file("mappings", 0400, mmuscope_dir, NULL,
			    &mappings_fops);
	debugfs_create_file("physical", 0400, mmuscope_dir, NULL,
			    &physical_fops);
	make_kernel_dir();
	if (!IS_ERR(mmuscope_dir))
		debugfs_create_automount("pid", mmuscope_dir,
					 mmuscope_pidfs_automount, NULL);
}

/**
 * mmuscope_debugfs_exit - take the files away
 *
 * debugfs does not wait for a call of mmuscope_pidfs_automount(). What it does
 * while it holds the module cannot be met here, and before and after that it
 * does not sleep, so that every task is past it once it has slept.
 */
void mmuscope_debugfs_exit(void)
{
	debugfs_remove_recursive(mmuscope_dir);
	synchronize_rcu_tasks();
}
