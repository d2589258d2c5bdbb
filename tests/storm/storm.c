// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's tables in motion, for who reads them meanwhile: memory of vmalloc
 * that comes and goes, with the tables under it, and attributes of the direct map
 * that split huge leaves. See tests/storm/run.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/set_memory.h>
#include <linux/vmalloc.h>

static char *kind = "";
module_param(kind, charp, 0);
MODULE_PARM_DESC(kind, "vmalloc, attributes, or nothing at all");

static unsigned long rounds;
module_param(rounds, ulong, 0444);

enum { HELD = 16, ORDER = 4, MOST_PAGES = 700 };

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

static int __init storm_init(void)
{
	if (!strcmp(kind, "vmalloc"))
		thread = kthread_run(blow_vmalloc, NULL, "storm");
	else if (!strcmp(kind, "attributes"))
		thread = kthread_run(blow_attributes, NULL, "storm");
	else if (*kind)
		return -EINVAL;
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit storm_exit(void)
{
	if (thread)
		kthread_stop(thread);
}

module_init(storm_init);
module_exit(storm_exit);
MODULE_DESCRIPTION("kernel tables in motion, for the tests of mmuscope");
MODULE_LICENSE("GPL");
