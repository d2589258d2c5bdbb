// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's tables in motion, for who reads them meanwhile: memory of vmalloc
 * that comes and goes, with the tables under it, attributes of the direct map that
 * split huge leaves, and memory that is plugged in and removed, with its part of
 * the direct map and of the struct pages. See tests/storm/run.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/set_memory.h>
#include <linux/vmalloc.h>

static char *kind = "";
module_param(kind, charp, 0);
MODULE_PARM_DESC(kind, "vmalloc, attributes, hotremove, or nothing at all");

static unsigned long start, bytes;
module_param(start, ulong, 0);
module_param(bytes, ulong, 0);
MODULE_PARM_DESC(start, "hotremove: RAM that the kernel was told not to use (mem=)");
MODULE_PARM_DESC(bytes, "hotremove: how much, in whole memory blocks");

static unsigned long rounds;
module_param(rounds, ulong, 0444);

enum { HELD = 16, ORDER = 4, MOST_PAGES = 700, TRIES = 1000 };

static struct task_struct *thread;

/* Sizes on both sides of a pte table's, in an order of their own. */
static int blow_vmalloc(void *unused)
{
	static void *held[HELD];
	unsigned int at;

	while (!kthread_should_stop()) {
		at = get_random_u32() % HELD;
		vfree(held[at]);
		held[at] = vmalloc((1 + get_random_u32() % MOST_PAGES) << PAGE_SHIFT);
		rounds++;
		cond_resched();
	}
	for (at = 0; at < HELD; at++)
		vfree(held[at]);
	return 0;
}

static int blow_attributes(void *unused)
{
	unsigned long addr;

	while (!kthread_should_stop()) {
		addr = __get_free_pages(GFP_KERNEL, ORDER);
		if (!addr)
			continue;
		set_memory_uc(addr, 1 << ORDER);
		cond_resched();
		set_memory_wb(addr, 1 << ORDER);
		set_memory_wc(addr, 1);
		set_memory_wb(addr, 1);
		free_pages(addr, ORDER);
		rounds++;
		cond_resched();
	}
	return 0;
}

static bool plugged;

/* What the kernel put online at once has users, who must move away first. */
static int unplug(void)
{
	int err = -EBUSY, tries;

	for (tries = 0; tries < TRIES && (err == -EBUSY || err == -EAGAIN); tries++) {
		err = offline_and_remove_memory(start, bytes);
		cond_resched();
	}
	plugged = err;
	return err;
}

static int blow_hotremove(void *unused)
{
	while (!kthread_should_stop()) {
		plugged = plugged || !add_memory(0, start, bytes, MHP_NONE);
		if (plugged && !unplug())
			rounds++;
		cond_resched();
	}
	return 0;
}

static int __init storm_init(void)
{
	if (!strcmp(kind, "vmalloc"))
		thread = kthread_run(blow_vmalloc, NULL, "storm");
	else if (!strcmp(kind, "attributes"))
		thread = kthread_run(blow_attributes, NULL, "storm");
	else if (!strcmp(kind, "hotremove"))
		thread = kthread_run(blow_hotremove, NULL, "storm");
	else if (*kind)
		return -EINVAL;
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit storm_exit(void)
{
	if (thread)
		kthread_stop(thread);
	/* A thread that is told to stop moves nobody. */
	if (plugged && unplug())
		pr_err("memory cannot be removed\n");
}

module_init(storm_init);
module_exit(storm_exit);
MODULE_DESCRIPTION("kernel tables in motion, for the tests of mmuscope");
MODULE_LICENSE("GPL");
