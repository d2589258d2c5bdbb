// SPDX-License-Identifier: GPL-2.0-only
/* Entries of arm64 as they stand in a table: which frame, present or not. */
#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/internal.h"

#define PTE	MMUSCOPE_LEVEL_PTE
#define PMD	MMUSCOPE_LEVEL_PMD
#define PUD	MMUSCOPE_LEVEL_PUD

#define HUGETLB	MMUSCOPE_IN_HUGETLB

/* Aligned for every level that has leaves. */
#define BASE	0x7f4000000000ULL

#define CONT	(1ULL << 52)

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

/* No bit of an entry leaks into its frame, at any level. */
static void frames(struct kunit *test)
{
	static const struct {
		u64 raw;
		enum mmuscope_level level;
		u64 offset, phys;
	} rows[] = {
		{ 0x0000000123456003, PTE, 0, 0x123456000 },
		{ 0x00e8000123456fd3, PTE, 0, 0x123456000 },
		{ 0xffff000123456fff, PTE, 0, 0x123456000 },
		{ 0x0000fffffffff003, PTE, 0, 0xfffffffff000 },
		{ 0x0060000123400711, PMD, 0, 0x123400000 },
		{ 0xffff0001235ffffd, PMD, 0, 0x123400000 },
		{ 0x0060000123400711, PMD, 0x1ff000, 0x1235ff000 },
		{ 0x0060000140000711, PUD, 0, 0x140000000 },
		{ 0xffff00017ffffffd, PUD, 0, 0x140000000 },
		{ 0x0060000140000711, PUD, 0x12345000, 0x152345000 },
	};
	struct mmuscope_extent leaf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		leaf = decode(rows[i].raw, rows[i].level, 0, rows[i].offset);
		KUNIT_EXPECT_EQ_MSG(test, leaf.value, rows[i].phys,
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, leaf.raw, rows[i].raw);
		KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_PRESENT);
		KUNIT_EXPECT_EQ(test, leaf.pkey, 0u);
	}
}

/* What the hardware ignores and the kernel calls present: nothing is allowed. */
static void present_and_invalid(struct kunit *test)
{
	const u64 page = PROT_NONE_PTE(0x123456000);
	const u64 huge = PROT_NONE_PMD(0x123400000);
	const u64 split = pmd_val(pmd_mkinvalid(__pmd(0x123400000 |
						      HUGE_LEAF(USER_LEAF))));
	const struct {
		u64 raw;
		enum mmuscope_level level;
		unsigned int in;
		u64 phys;
		bool none;
	} rows[] = {
		{ page, PTE, 0, 0x123456000, true },
		{ page | CONT, PTE, HUGETLB, 0x123456000, true },
		{ huge, PMD, 0, 0x123400000, true },
		{ huge, PMD, HUGETLB, 0x123400000, true },
		{ PROT_NONE_PMD(0x140000000), PUD, HUGETLB, 0x140000000, true },
		{ split, PMD, 0, 0x123400000, false },
	};
	struct mmuscope_extent leaf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_FALSE(test, rows[i].raw & 1);
		leaf = decode(rows[i].raw, rows[i].level, rows[i].in, 0);
		KUNIT_EXPECT_EQ_MSG(test, leaf.value, rows[i].phys,
				    "row %u", i);
		KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_PRESENT);
		KUNIT_EXPECT_EQ(test, leaf.flags & MMUSCOPE_PERM, 0ull);
		KUNIT_EXPECT_EQ_MSG(test, rows[i].none,
				    !!(leaf.flags & MMUSCOPE_FLAG_PROT_NONE),
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, leaf.softleaf,
				(u32)MMUSCOPE_SOFTLEAF_NONE);
	}
}

/* hugetlb of 64 KiB and 32 MiB: 16 entries, each with a frame of its own. */
static void contiguous(struct kunit *test)
{
	struct mmuscope_extent leaf;

	leaf = decode(0x123456000 | USER_LEAF | CONT, PTE, HUGETLB, 0);
	KUNIT_EXPECT_EQ(test, leaf.value, 0x123456000ull);
	KUNIT_EXPECT_EQ(test, leaf.flags & (MMUSCOPE_FLAG_CONT |
					    MMUSCOPE_FLAG_HUGETLB),
			MMUSCOPE_FLAG_CONT | MMUSCOPE_FLAG_HUGETLB);
	leaf = decode(0x122200000 | HUGE_LEAF(USER_LEAF) | CONT, PMD, HUGETLB, 0);
	KUNIT_EXPECT_EQ(test, leaf.value, 0x122200000ull);
	KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_CONT);
	leaf = decode(0x123456000 | USER_LEAF, PTE, 0, 0);
	KUNIT_EXPECT_FALSE(test, leaf.flags & MMUSCOPE_FLAG_CONT);
}

/* The page that nobody else has in swap is marked below the offset. */
static void exclusive_swap(struct kunit *test)
{
	pte_t pte = pte_swp_mkexclusive(__pte(RAW_SWAP(2, 0x1a2b)));
	struct mmuscope_extent leaf = decode(pte_val(pte), PTE, 0, 0);

	KUNIT_EXPECT_NE(test, pte_val(pte), (u64)RAW_SWAP(2, 0x1a2b));
	KUNIT_EXPECT_EQ(test, leaf.backing, (u32)MMUSCOPE_BACKING_SWAP);
	KUNIT_EXPECT_EQ(test, leaf.value, 0x1a2bull);
	KUNIT_EXPECT_EQ(test, leaf.swap_type, 2u);
	KUNIT_EXPECT_EQ(test, leaf.flags, 0ull);
}

static void table(struct kunit *test)
{
	struct mmuscope_extent ext = { .level = MMUSCOPE_LEVEL_PGD };
	const u64 raw = 0x0800000123456003;

	mmuscope_entry_table(&ext, raw, 0);
	KUNIT_EXPECT_EQ(test, ext.raw, raw);
	KUNIT_EXPECT_EQ(test, ext.value, 0x123456000ull);
	KUNIT_EXPECT_EQ(test, ext.backing, (u32)MMUSCOPE_BACKING_TABLE);
	KUNIT_EXPECT_EQ(test, ext.flags, MMUSCOPE_FLAG_PRESENT |
			MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE |
			MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_USER);
	KUNIT_EXPECT_EQ(test, ext.memtype, (u32)MMUSCOPE_MEMTYPE_NONE);
	/* What it forbids the kernel matters in the kernel's half. */
	mmuscope_entry_table(&ext, raw, MMUSCOPE_IN_KERNEL);
	KUNIT_EXPECT_FALSE(test, ext.flags & MMUSCOPE_FLAG_EXEC);
}

static struct kunit_case raw_arm64_cases[] = {
	KUNIT_CASE(frames),
	KUNIT_CASE(present_and_invalid),
	KUNIT_CASE(contiguous),
	KUNIT_CASE(exclusive_swap),
	KUNIT_CASE(table),
	{}
};

struct kunit_suite raw_arm64_suite = {
	.name = "raw_arm64",
	.test_cases = raw_arm64_cases,
};
