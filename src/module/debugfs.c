// SPDX-License-Identifier: GPL-2.0-only
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include "internal.h"

static struct dentry *mmuscope_dir;

static int status_show(struct seq_file *m, void *v)
{
	struct mmuscope_info info = {};
	unsigned int i;

	mmuscope_arch_info(&info);
	seq_printf(m, "version %s\n", MMUSCOPE_VERSION);
	seq_printf(m, "abi %u\n", MMUSCOPE_ABI);
	seq_printf(m, "page_size %lu\n", PAGE_SIZE);
	seq_puts(m, "arch x86_64\n");
	seq_printf(m, "levels %u\n", info.levels);
	seq_printf(m, "pti %d\n", !!(info.features & MMUSCOPE_FEATURE_PTI));
	seq_puts(m, "pat ");
	for (i = 0; i < 8; i++)
		seq_printf(m, "%s%s", i ? "," : "",
			   mmuscope_text_memtype(mmuscope_arch_pat_type(i)));
	seq_putc(m, '\n');
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(status);

/**
 * mmuscope_debugfs_init - make the files under /sys/kernel/debug/mmuscope
 *
 * debugfs is for people: without it the module does the rest of its work.
 */
void mmuscope_debugfs_init(void)
{
	mmuscope_dir = debugfs_create_dir("mmuscope", NULL);
	debugfs_create_file("status", 0400, mmuscope_dir, NULL, &status_fops);
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
