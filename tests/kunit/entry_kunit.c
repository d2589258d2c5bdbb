// SPDX-License-Identifier: GPL-2.0-only
/* From one entry's value to what stands behind it, at each level. */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/entry.c"

#define PTE	MMUSCOPE_LEVEL_PTE
#define PMD	MMUSCOPE_LEVEL_PMD
#define PUD	MMUSCOPE_LEVEL_PUD

#define ACCESSIBLE	MMUSCOPE_IN_ACCESSIBLE

/* Aligned for every level that has leaves. */
#define BASE	0x7f4000000000ULL

static struct mmuscope_extent decode(u64 raw, enum mmuscope_level level,
				     unsigned int in, u64 offset)
{
	struct mmuscope_extent leaf = {
		.start = BASE + offset,
		.end = BASE + offset + PAGE_SIZE,
		.level = level,
	};

	mmuscope_entry_leaf(&leaf, raw, in);
	return leaf;
}

static void level_shifts(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mmuscope_level_shift(PTE), 12u);
	KUNIT_EXPECT_EQ(test, mmuscope_level_shift(PMD), 21u);
	KUNIT_EXPECT_EQ(test, mmuscope_level_shift(PUD), 30u);
	KUNIT_EXPECT_EQ(test, mmuscope_level_shift(MMUSCOPE_LEVEL_P4D), 39u);
	KUNIT_EXPECT_EQ(test, mmuscope_level_shift(MMUSCOPE_LEVEL_PGD),
			FIVE_LEVELS ? 48u : 39u);
}

static void levels(struct kunit *test)
{
	const unsigned int top = mmuscope_arch_va_bits() -
				 mmuscope_level_shift(MMUSCOPE_LEVEL_PGD);
	const unsigned long addr = 3UL << 39 | 5UL << 30 | 7UL << 21 | 9 << 12;

	KUNIT_EXPECT_EQ(test, mmuscope_level_below(MMUSCOPE_LEVEL_PGD),
			FIVE_LEVELS ? MMUSCOPE_LEVEL_P4D : PUD);
	KUNIT_EXPECT_EQ(test, mmuscope_level_below(MMUSCOPE_LEVEL_P4D), PUD);
	KUNIT_EXPECT_EQ(test, mmuscope_level_below(PUD), PMD);
	KUNIT_EXPECT_EQ(test, mmuscope_level_below(PMD), PTE);
	KUNIT_EXPECT_EQ(test, mmuscope_level_index(addr, PTE), 9u);
	KUNIT_EXPECT_EQ(test, mmuscope_level_index(addr, PMD), 7u);
	KUNIT_EXPECT_EQ(test, mmuscope_level_index(addr, PUD), 5u);
	KUNIT_EXPECT_EQ(test, mmuscope_level_index(addr, MMUSCOPE_LEVEL_PGD),
			FIVE_LEVELS ? 0u : 3u);
	/* Above what is translated all bits are set in the kernel's half. */
	KUNIT_EXPECT_EQ(test, mmuscope_level_index(-1UL, MMUSCOPE_LEVEL_PGD),
			(1u << top) - 1);
	KUNIT_EXPECT_EQ(test, mmuscope_level_index(-1UL, PUD), 511u);
}

/* One entry, two meanings: the VMA tells which. */
static void numa_hint(struct kunit *test)
{
	const u64 pte = PROT_NONE_PTE(0x123456000);
	const u64 pmd = PROT_NONE_PMD(0x123400000);
	const u64 both = MMUSCOPE_FLAG_PROT_NONE | MMUSCOPE_FLAG_NUMA_HINT;

	KUNIT_EXPECT_EQ(test, decode(pte, PTE, 0, 0).flags & both,
			MMUSCOPE_FLAG_PROT_NONE);
	KUNIT_EXPECT_EQ(test, decode(pte, PTE, ACCESSIBLE, 0).flags & both,
			MMUSCOPE_FLAG_NUMA_HINT);
	KUNIT_EXPECT_EQ(test, decode(pmd, PMD, 0, 0).flags & both,
			MMUSCOPE_FLAG_PROT_NONE);
	KUNIT_EXPECT_EQ(test, decode(pmd, PMD, ACCESSIBLE, 0).flags & both,
			MMUSCOPE_FLAG_NUMA_HINT);
	KUNIT_EXPECT_EQ(test, decode(0x123456000 | USER_LEAF, PTE, ACCESSIBLE,
				     0).flags & both, 0ull);
}

static void what_a_frame_is(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	u64 zero = page_to_phys(ZERO_PAGE(0));
	static const u64 no_memory[] = NO_MEMORY;
	struct mmuscope_extent leaf;
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, page);
	leaf = decode(page_to_phys(page) | USER_LEAF, PTE, 0, 0);
	__free_page(page);
	KUNIT_EXPECT_EQ(test, leaf.backing, (u32)MMUSCOPE_BACKING_RAM);
	KUNIT_EXPECT_FALSE(test, leaf.flags & MMUSCOPE_FLAG_ZERO);
	KUNIT_EXPECT_EQ(test, leaf.memtype, (u32)MMUSCOPE_MEMTYPE_WB);

	leaf = decode(zero | USER_LEAF, PTE, 0, 0);
	KUNIT_EXPECT_EQ(test, leaf.backing, (u32)MMUSCOPE_BACKING_RAM);
	KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_ZERO);
	leaf = decode(PROT_NONE_PTE(zero), PTE, 0, 0);
	KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_ZERO);

	for (i = 0; i < ARRAY_SIZE(no_memory); i++) {
		leaf = decode(no_memory[i] | USER_LEAF, PTE, 0, 0);
		KUNIT_EXPECT_EQ_MSG(test, leaf.backing,
				    (u32)MMUSCOPE_BACKING_MMIO, "row %u", i);
	}
}

static struct kunit_case entry_cases[] = {
	KUNIT_CASE(level_shifts),
	KUNIT_CASE(levels),
	KUNIT_CASE(numa_hint),
	KUNIT_CASE(what_a_frame_is),
	{}
};

struct kunit_suite entry_suite = {
	.name = "entry",
	.test_cases = entry_cases,
};
