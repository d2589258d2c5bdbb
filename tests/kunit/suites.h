/* SPDX-License-Identifier: GPL-2.0-only */
/* Each suite NAME stands in NAME_kunit.c. */
#ifndef _SUITES_H
#define _SUITES_H

/* What differs between architectures: bits_<arch>.h. */
#include BITS

extern struct kunit_suite alike_suite;
extern struct kunit_suite arch_arm64_suite;
extern struct kunit_suite arch_x86_suite;
extern struct kunit_suite claim_suite;
extern struct kunit_suite entry_suite;
extern struct kunit_suite extent_suite;
extern struct kunit_suite frame_suite;
extern struct kunit_suite grant_suite;
extern struct kunit_suite hold_suite;
extern struct kunit_suite kernel_suite;
extern struct kunit_suite lines_suite;
extern struct kunit_suite mapping_suite;
extern struct kunit_suite memtype_arm64_suite;
extern struct kunit_suite names_suite;
extern struct kunit_suite page_suite;
extern struct kunit_suite pages_suite;
extern struct kunit_suite raw_arm64_suite;
extern struct kunit_suite raw_x86_suite;
extern struct kunit_suite raw_suite;
extern struct kunit_suite repeat_suite;
extern struct kunit_suite resume_suite;
extern struct kunit_suite scan_suite;
extern struct kunit_suite share_suite;
extern struct kunit_suite softleaf_suite;
extern struct kunit_suite text_suite;
extern struct kunit_suite touch_suite;
extern struct kunit_suite visit_suite;
extern struct kunit_suite vma_suite;
extern struct kunit_suite walk_suite;
extern struct kunit_suite window_suite;

/* Whether arch_<arch>.c finds page table isolation. */
extern bool test_has_pti;

#endif
