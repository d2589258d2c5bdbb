// SPDX-License-Identifier: GPL-2.0-only
#include "compat.h"
#include "suites.h"

kunit_test_suites(&extent_suite, &resume_suite, ARCH_SUITES, &entry_suite,
		  &softleaf_suite, &page_suite, &visit_suite, &walk_suite,
		  &vma_suite, &text_suite, &lines_suite, &touch_suite,
		  &scan_suite, &pages_suite, &mapping_suite, &claim_suite,
		  &kernel_suite, &repeat_suite, &grant_suite, &names_suite,
		  &share_suite, &window_suite, &frame_suite, &raw_suite,
		  &hold_suite, &alike_suite);

MODULE_DESCRIPTION("KUnit suites of mmuscope");
MODULE_LICENSE("GPL");
