// SPDX-License-Identifier: GPL-2.0-only
/* Entries of x86_64 as they stand in a table: which frame, which key. */
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
		{ 0x0000000123456001, PTE, 0, 0x123456000 },
		{ 0x8000000123456867, PTE, 0, 0x123456000 },
		{ 0xfff0000123456fff, PTE, 0, 0x123456000 },
		{ 0x000fffffffffffff, PTE, 0, 0xffffffffff000 },
		{ 0x8000000123400867 | 1 << 7, PMD, 0, 0x123400000 },
		{ 0xfff00001235fffff, PMD, 0, 0x123400000 },
		{ 0x80000001234010e7, PMD, 0, 0x123400000 },
		{ 0x80000001234010e7, PMD, 0x1ff000, 0x1235ff000 },
		{ 0x80000001400000e7, PUD, 0, 0x140000000 },
		{ 0xfff000017fffffff, PUD, 0, 0x140000000 },
		{ 0x80000001400010e7, PUD, 0x12345000, 0x152345000 },
	};
	struct mmuscope_extent leaf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		leaf = decode(rows[i].raw, rows[i].level, 0, rows[i].offset);
		KUNIT_EXPECT_EQ_MSG(test, leaf.value, rows[i].phys,
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, leaf.raw, rows[i].raw);
		KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_PRESENT);
	}
}

/*
 * Without P the frame is stored inverted, so that speculation finds nothing
 * there (L1TF). hugetlb inverts bits 12 to 20 or 29 along (huge_pte_modify()).
 */
static void inverted_frames(struct kunit *test)
{
	static const struct {
		u64 raw;
		enum mmuscope_level level;
		unsigned int in;
		u64 offset, phys;
	} rows[] = {
		{ 0x000ffffedcba9120, PTE, 0, 0, 0x123456000 },
		{ 0x800ffffedcba9160, PTE, 0, 0, 0x123456000 },
		{ 0x000ffffedca001a0, PMD, 0, 0, 0x123400000 },
		{ 0x000ffffedca011a0, PMD, 0, 0x5000, 0x123405000 },
		{ 0x000ffffedcbff1a0, PMD, HUGETLB, 0, 0x123400000 },
		{ 0x000ffffedcbff1a0, PMD, HUGETLB, 0x5000, 0x123405000 },
		{ 0x000ffffebffff1a0, PUD, HUGETLB, 0, 0x140000000 },
		/* PSE alone: being split */
		{ 0x000ffffedca000a6, PMD, 0, 0, 0x123400000 },
	};
	struct mmuscope_extent leaf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		leaf = decode(rows[i].raw, rows[i].level, rows[i].in,
			      rows[i].offset);
		KUNIT_EXPECT_EQ_MSG(test, leaf.value, rows[i].phys,
				    "row %u", i);
		KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_PRESENT);
		KUNIT_EXPECT_EQ(test, leaf.flags & MMUSCOPE_PERM, 0ull);
		KUNIT_EXPECT_EQ(test, leaf.softleaf,
				(u32)MMUSCOPE_SOFTLEAF_NONE);
	}
}

static void keys_and_hugetlb(struct kunit *test)
{
	struct mmuscope_extent leaf = decode(0xd800000123456067, PTE, 0, 0);

	KUNIT_EXPECT_EQ(test, leaf.pkey, 11u);
	KUNIT_EXPECT_FALSE(test, leaf.flags & MMUSCOPE_FLAG_HUGETLB);
	leaf = decode(0xd8000001234000e7, PMD, HUGETLB, 0);
	KUNIT_EXPECT_EQ(test, leaf.pkey, 11u);
	KUNIT_EXPECT_TRUE(test, leaf.flags & MMUSCOPE_FLAG_HUGETLB);
}

static void table(struct kunit *test)
{
	struct mmuscope_extent ext = { .level = MMUSCOPE_LEVEL_PGD };

	mmuscope_entry_table(&ext, 0x8000000123456067, 0);
	KUNIT_EXPECT_EQ(test, ext.raw, 0x8000000123456067ull);
	KUNIT_EXPECT_EQ(test, ext.value, 0x123456000ull);
	KUNIT_EXPECT_EQ(test, ext.backing, (u32)MMUSCOPE_BACKING_TABLE);
	KUNIT_EXPECT_EQ(test, ext.flags, MMUSCOPE_FLAG_PRESENT |
			MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE |
			MMUSCOPE_FLAG_USER | MMUSCOPE_FLAG_ACCESSED);
	KUNIT_EXPECT_EQ(test, ext.memtype, (u32)MMUSCOPE_MEMTYPE_NONE);
}

/* Bits 1, 2 and 3 of a softleaf: soft-dirty, uffd-wp, exclusive. */
static void softleaf_bits(struct kunit *test)
{
	const u64 raw = RAW_SWAP(2, 0x1a2b);
	static const u64 due[8] = {
		0, MMUSCOPE_FLAG_SOFT_DIRTY, MMUSCOPE_FLAG_UFFD_WP,
		MMUSCOPE_FLAG_SOFT_DIRTY | MMUSCOPE_FLAG_UFFD_WP,
		0, MMUSCOPE_FLAG_SOFT_DIRTY, MMUSCOPE_FLAG_UFFD_WP,
		MMUSCOPE_FLAG_SOFT_DIRTY | MMUSCOPE_FLAG_UFFD_WP,
	};
	swp_entry_t migration = make_writable_migration_entry(0x123400);
	struct mmuscope_extent leaf;
	u64 bits;

	for (bits = 0; bits < 8; bits++) {
		leaf = decode(raw | bits << 1, PTE, 0, 0);
		KUNIT_EXPECT_EQ_MSG(test, leaf.flags, due[bits], "%llu", bits);
		KUNIT_EXPECT_EQ(test, leaf.value, 0x1a2bull);
		KUNIT_EXPECT_EQ(test, leaf.swap_type, 2u);
	}
	leaf = decode(pte_val(swp_entry_to_pte(migration)) | 1 << 1 | 1 << 2,
		      PMD, 0, 0);
	KUNIT_EXPECT_EQ(test, leaf.flags, MMUSCOPE_FLAG_SOFT_DIRTY |
			MMUSCOPE_FLAG_UFFD_WP);
}

static struct kunit_case raw_x86_cases[] = {
	KUNIT_CASE(frames),
	KUNIT_CASE(inverted_frames),
	KUNIT_CASE(keys_and_hugetlb),
	KUNIT_CASE(table),
	KUNIT_CASE(softleaf_bits),
	{}
};

struct kunit_suite raw_x86_suite = {
	.name = "raw_x86",
	.test_cases = raw_x86_cases,
};
