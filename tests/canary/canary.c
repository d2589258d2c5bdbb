// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seeded defects. A guest in which one of them was let loose must never count
 * as a good one; see tests/canary/run.
 */
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *defect = "";
module_param(defect, charp, 0);
MODULE_PARM_DESC(defect, "none, warn, null, list or uaf");

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

static void add_twice(void)
{
	static LIST_HEAD(head);
	static LIST_HEAD(entry);

	list_add(&entry, &head);
	list_add(&entry, &head);
}

static void write_null(void)
{
	int *p = NULL;

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(*p, 1);
}

static int __init canary_init(void)
{
	if (!strcmp(defect, "warn"))
		WARN(1, "canary\n");
	else if (!strcmp(defect, "null"))
		write_null();
	else if (!strcmp(defect, "list"))
		add_twice();
	else if (!strcmp(defect, "uaf"))
		use_after_free();
	else if (strcmp(defect, "none"))
		return -EINVAL;
	return 0;
}

static void __exit canary_exit(void)
{
}

module_init(canary_init);
module_exit(canary_exit);
MODULE_DESCRIPTION("seeded defects for the tests of mmuscope's tests");
MODULE_LICENSE("GPL");
