// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seeded defects, at least one for each detector. A guest in which one of them
 * was let loose must never count as a good one; see tests/canary/run.
 */
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

static char *defect = "";
module_param(defect, charp, 0);
MODULE_PARM_DESC(defect, "a name out of the table");

static void nothing(void)
{
}

static void warn(void)
{
	WARN(1, "canary\n");
}

static void write_null(void)
{
	int *p = NULL;

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(*p, 1);
}

/* Seen by slub_debug=P once the cache is looked at or the object used again. */
static void use_after_free(void)
{
	char *p = kmalloc(64, GFP_KERNEL);

	if (!p)
		return;
	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	p[3] = 1;
}

static void beyond(void)
{
	char *p = kmalloc(61, GFP_KERNEL);

	if (!p)
		return;
	OPTIMIZER_HIDE_VAR(p);
	p[61] = 1;
	kfree(p);
}

static void beyond_vmalloc(void)
{
	char *p = vmalloc(PAGE_SIZE - 64);

	if (!p)
		return;
	OPTIMIZER_HIDE_VAR(p);
	p[PAGE_SIZE - 32] = 1;
	vfree(p);
}

static void leak(void)
{
	void *p = kmalloc(777, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static void add_twice(void)
{
	static LIST_HEAD(head);
	static LIST_HEAD(entry);

	list_add(&entry, &head);
	list_add(&entry, &head);
}

static void tick(struct timer_list *timer)
{
}

static void free_with_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, tick, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static void shift(void)
{
	int by = 40;

	OPTIMIZER_HIDE_VAR(by);
	by = 1 << by;
	OPTIMIZER_HIDE_VAR(by);
}

static void get_dead(void)
{
	refcount_t ref = REFCOUNT_INIT(0);

	refcount_inc(&ref);
}

static void put_twice(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	put_page(page);
	put_page(page);
}

static DEFINE_MUTEX(mutex_a);
static DEFINE_MUTEX(mutex_b);
static DEFINE_SPINLOCK(spin);

static void abba(void)
{
	mutex_lock(&mutex_a);
	mutex_lock(&mutex_b);
	mutex_unlock(&mutex_b);
	mutex_unlock(&mutex_a);
	mutex_lock(&mutex_b);
	mutex_lock(&mutex_a);
	mutex_unlock(&mutex_a);
	mutex_unlock(&mutex_b);
}

static void keep_lock(void)
{
	mutex_lock(&mutex_a);
}

static void sleep_in_atomic(void)
{
	spin_lock(&spin);
	kfree(kmalloc(64, GFP_KERNEL));
	spin_unlock(&spin);
}

static void without_rcu(void)
{
	static void __rcu *pointer;

	WARN_ON(rcu_dereference(pointer));
}

static const struct {
	const char *name;
	void (*let_loose)(void);
} defects[] = {
	{ "none", nothing },
	{ "warn", warn },
	{ "null", write_null },
	{ "uaf", use_after_free },
	{ "oob", beyond },
	{ "vmalloc", beyond_vmalloc },
	{ "leak", leak },
	{ "list", add_twice },
	{ "timer", free_with_timer },
	{ "shift", shift },
	{ "ref", get_dead },
	{ "page", put_twice },
	{ "abba", abba },
	{ "lock", keep_lock },
	{ "sleep", sleep_in_atomic },
	{ "rcu", without_rcu },
};

static int __init canary_init(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(defects); i++) {
		if (!strcmp(defect, defects[i].name)) {
			pr_info("canary: %s\n", defect);
			defects[i].let_loose();
			return 0;
		}
	}
	return -EINVAL;
}

static void __exit canary_exit(void)
{
}

module_init(canary_init);
module_exit(canary_exit);
MODULE_DESCRIPTION("seeded defects for the tests of mmuscope's tests");
MODULE_LICENSE("GPL");
