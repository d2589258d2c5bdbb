/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same suites on a kernel with KUnit built in and on one with kunit.ko: with
 * that of scripts/kunit nobody looks for suites in a module that is loaded, so
 * the module starts them itself.
 */
#ifndef _KUNIT_COMPAT_H
#define _KUNIT_COMPAT_H

#include <kunit/test.h>
#include <linux/module.h>

#ifndef CONFIG_KUNIT
#undef kunit_test_suites
#define kunit_test_suites(...)						\
static struct kunit_suite *suites[] = { __VA_ARGS__ };			\
static int __init suites_init(void)					\
{									\
	return kunit_suites_start(suites, ARRAY_SIZE(suites));	\
}									\
module_init(suites_init);						\
static void __exit suites_exit(void)					\
{									\
	__kunit_test_suites_exit(suites, ARRAY_SIZE(suites));		\
}									\
module_exit(suites_exit)
#endif

#endif
