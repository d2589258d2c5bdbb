// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory types, by the encodings of the Arm Architecture Reference Manual, and as
 * the kernel's own tables have them.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/vmalloc.h>
#include <asm/cpufeature.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/arch_memtype_arm64.c"

#define V	(1ULL << 0)
#define AP1	(1ULL << 6)
#define AF	(1ULL << 10)

#define PTE	MMUSCOPE_LEVEL_PTE
#define PUD	MMUSCOPE_LEVEL_PUD

/* For each of the eight indices one MAIR in which that field alone is NC. */
static void attribute_index(struct kunit *test)
{
	unsigned int i, asked, level;

	for (i = 0; i < 8; i++) {
		mair = ~(0xbbULL << 8 * i);
		for (asked = 0; asked < 64; asked++)
			for (level = PUD; level <= PTE; level++)
				KUNIT_EXPECT_EQ(test, asked % 8 == i ?
						MMUSCOPE_MEMTYPE_NC :
						MMUSCOPE_MEMTYPE_WB,
						mmuscope_arch_memtype(V | asked << 2,
								      level));
	}
	mmuscope_arch_init();
}

static void attribute_encodings(struct kunit *test)
{
	static const struct {
		u8 attr;
		u32 due;
	} rows[] = {
		{ 0x00, MMUSCOPE_MEMTYPE_DEVICE_NGNRNE },
		{ 0x04, MMUSCOPE_MEMTYPE_DEVICE_NGNRE },
		{ 0x08, MMUSCOPE_MEMTYPE_DEVICE_NGRE },
		{ 0x0c, MMUSCOPE_MEMTYPE_DEVICE_GRE },
		{ 0x01, MMUSCOPE_MEMTYPE_NONE }, { 0x0f, MMUSCOPE_MEMTYPE_NONE },
		{ 0x44, MMUSCOPE_MEMTYPE_NC },
		{ 0xff, MMUSCOPE_MEMTYPE_WB }, { 0xee, MMUSCOPE_MEMTYPE_WB },
		{ 0x77, MMUSCOPE_MEMTYPE_WB }, { 0x5d, MMUSCOPE_MEMTYPE_WB },
		{ 0xbb, MMUSCOPE_MEMTYPE_WT }, { 0xaa, MMUSCOPE_MEMTYPE_WT },
		{ 0x13, MMUSCOPE_MEMTYPE_WT },
		{ 0xf0, MMUSCOPE_MEMTYPE_TAGGED },
		{ 0x40, MMUSCOPE_MEMTYPE_NONE }, { 0xb0, MMUSCOPE_MEMTYPE_NONE },
		/* one way outside, another inside */
		{ 0xf4, MMUSCOPE_MEMTYPE_NONE }, { 0x4f, MMUSCOPE_MEMTYPE_NONE },
		{ 0xbf, MMUSCOPE_MEMTYPE_NONE },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mair = (u64)rows[i].attr << 40;
		KUNIT_EXPECT_EQ_MSG(test, mmuscope_arch_memtype(V | 5 << 2, PTE),
				    rows[i].due, "%x", rows[i].attr);
	}
	mmuscope_arch_init();
}

/* The types this very machine has: what the kernel's words select. */
static void types_of_the_machine(struct kunit *test)
{
	const struct {
		u64 prot;
		u32 due;
	} rows[] = {
		{ PROT_NORMAL, MMUSCOPE_MEMTYPE_WB },
		{ PROT_NORMAL_NC, MMUSCOPE_MEMTYPE_NC },
		{ PROT_DEVICE_nGnRE, MMUSCOPE_MEMTYPE_DEVICE_NGNRE },
		{ PROT_DEVICE_nGnRnE, MMUSCOPE_MEMTYPE_DEVICE_NGNRNE },
		{ PROT_NORMAL_TAGGED, system_supports_mte() ?
		  MMUSCOPE_MEMTYPE_TAGGED : MMUSCOPE_MEMTYPE_WB },
	};
	unsigned int i;

	mair = 0;
	mmuscope_arch_init();
	KUNIT_EXPECT_EQ(test, mair, (u64)read_sysreg(mair_el1));
	KUNIT_EXPECT_EQ(test, mmuscope_arch_pat(), mair);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, mmuscope_arch_memtype(rows[i].prot, PTE),
				    rows[i].due, "row %u", i);
}

/* By the root that was found: what vmalloc() gave, and the direct map. */
static void kernel_tables(struct kunit *test)
{
	const u64 mask = GENMASK_ULL(47, 12);
	void *page = (void *)get_zeroed_page(GFP_KERNEL);
	void *area = vmalloc(PAGE_SIZE);

	KUNIT_ASSERT_TRUE(test, page && area);
	KUNIT_EXPECT_EQ(test, kernel_leaf((unsigned long)area) & mask,
			PFN_PHYS(vmalloc_to_pfn(area)));
	KUNIT_EXPECT_NE(test, kernel_leaf((unsigned long)page), 0ull);
	vfree(area);
	free_page((unsigned long)page);
	KUNIT_EXPECT_EQ(test, kernel_leaf(0x400000), 0ull);
	KUNIT_EXPECT_EQ(test, kernel_leaf(0), 0ull);
	KUNIT_EXPECT_EQ(test, (u64)mmuscope_arch_kernel_root(NULL, false) -
			(u64)mmuscope_arch_kernel_root(NULL, true),
			2 * PAGE_SIZE);
}

/* A window's type is understood in the kernel's words and in the processor's. */
static void window_types(struct kunit *test)
{
	static const struct {
		u32 asked, due;
	} rows[] = {
		{ MMUSCOPE_MEMTYPE_NONE, MMUSCOPE_MEMTYPE_DEVICE_NGNRE },
		{ MMUSCOPE_MEMTYPE_UC_MINUS, MMUSCOPE_MEMTYPE_DEVICE_NGNRE },
		{ MMUSCOPE_MEMTYPE_DEVICE_NGNRE, MMUSCOPE_MEMTYPE_DEVICE_NGNRE },
		{ MMUSCOPE_MEMTYPE_UC, MMUSCOPE_MEMTYPE_DEVICE_NGNRNE },
		{ MMUSCOPE_MEMTYPE_DEVICE_NGNRNE, MMUSCOPE_MEMTYPE_DEVICE_NGNRNE },
		{ MMUSCOPE_MEMTYPE_WC, MMUSCOPE_MEMTYPE_NC },
		{ MMUSCOPE_MEMTYPE_NC, MMUSCOPE_MEMTYPE_NC },
		{ MMUSCOPE_MEMTYPE_WB, MMUSCOPE_MEMTYPE_NONE },
		{ MMUSCOPE_MEMTYPE_WT, MMUSCOPE_MEMTYPE_NONE },
		{ MMUSCOPE_MEMTYPE_WP, MMUSCOPE_MEMTYPE_NONE },
		{ MMUSCOPE_MEMTYPE_DEVICE_GRE, MMUSCOPE_MEMTYPE_NONE },
		{ MMUSCOPE_MEMTYPE_TAGGED, MMUSCOPE_MEMTYPE_NONE },
	};
	/* Whatever index was there before is gone; nobody executes registers. */
	const u64 before = V | AP1 | AF | 7 << 2;
	unsigned int i;
	pgprot_t prot;
	u32 got;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		got = mmuscope_arch_window_memtype(rows[i].asked);
		KUNIT_EXPECT_EQ_MSG(test, got, rows[i].due, "row %u", i);
		if (!got)
			continue;
		prot = mmuscope_arch_pgprot(__pgprot(before), got);
		KUNIT_EXPECT_EQ_MSG(test, got,
				    mmuscope_arch_memtype(pgprot_val(prot), PTE),
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, pgprot_val(prot) & ~(7ULL << 2),
				V | AP1 | AF | PXN | UXN);
	}
}

static void kernel_types(struct kunit *test)
{
	static int word;

	KUNIT_EXPECT_EQ(test, mmuscope_arch_kernel_memtype((void __iomem *)&word),
			(u32)MMUSCOPE_MEMTYPE_WB);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_kernel_memtype(NULL),
			(u32)MMUSCOPE_MEMTYPE_NONE);
}

static struct kunit_case memtype_arm64_cases[] = {
	KUNIT_CASE(attribute_index),
	KUNIT_CASE(attribute_encodings),
	KUNIT_CASE(types_of_the_machine),
	KUNIT_CASE(kernel_tables),
	KUNIT_CASE(window_types),
	KUNIT_CASE(kernel_types),
	{}
};

/* The other suites decode as the machine does. */
static void as_the_machine_is(struct kunit *test)
{
	mmuscope_arch_init();
}

struct kunit_suite memtype_arm64_suite = {
	.name = "memtype_arm64",
	.exit = as_the_machine_is,
	.test_cases = memtype_arm64_cases,
};
