// SPDX-License-Identifier: GPL-2.0-only
/* Leaves that are not present, each kind by its own name. */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/pgtable.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/internal.h"

#define PTE	MMUSCOPE_LEVEL_PTE
#define PMD	MMUSCOPE_LEVEL_PMD
#define PUD	MMUSCOPE_LEVEL_PUD

#define HUGETLB	MMUSCOPE_IN_HUGETLB

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

static u64 raw_pte(swp_entry_t entry)
{
	return pte_val(swp_entry_to_pte(entry));
}

static void swap_slots(struct kunit *test)
{
	static const struct {
		u32 type;
		u64 offset;
	} rows[] = {
		{ 0, 1 }, { 1, 0 }, { 3, 0x1a2b }, { 20, 0x123456789 },
	};
	struct mmuscope_extent leaf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		leaf = decode(RAW_SWAP(rows[i].type, rows[i].offset), PTE, 0,
			      0);
		KUNIT_EXPECT_EQ_MSG(test, leaf.backing,
				    (u32)MMUSCOPE_BACKING_SWAP, "row %u", i);
		KUNIT_EXPECT_EQ(test, leaf.softleaf,
				(u32)MMUSCOPE_SOFTLEAF_SWAP);
		KUNIT_EXPECT_EQ_MSG(test, leaf.swap_type, rows[i].type,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, leaf.value, rows[i].offset,
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, leaf.flags, 0ull);
		KUNIT_EXPECT_EQ(test, leaf.memtype,
				(u32)MMUSCOPE_MEMTYPE_NONE);
	}
}

/* A huge migration entry is one entry for many pages; so is hugetlb's. */
static void migration(struct kunit *test)
{
	const struct {
		swp_entry_t entry;
		u32 softleaf;
	} rows[] = {
		{ make_readable_migration_entry(0x123400),
		  MMUSCOPE_SOFTLEAF_MIGRATION_READ },
		{ make_readable_exclusive_migration_entry(0x123400),
		  MMUSCOPE_SOFTLEAF_MIGRATION_READ_EXCLUSIVE },
		{ make_writable_migration_entry(0x123400),
		  MMUSCOPE_SOFTLEAF_MIGRATION_WRITE },
	};
	static const struct {
		enum mmuscope_level level;
		unsigned int in;
		u64 offset;
	} places[] = {
		{ PTE, 0, 0 }, { PMD, 0, 0 }, { PMD, 0, 0x7000 },
		{ PMD, HUGETLB, 0x7000 }, { PUD, HUGETLB, 0x201000 },
	};
	struct mmuscope_extent leaf;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		for (j = 0; j < ARRAY_SIZE(places); j++) {
			leaf = decode(raw_pte(rows[i].entry), places[j].level,
				      places[j].in, places[j].offset);
			KUNIT_EXPECT_EQ(test, leaf.softleaf, rows[i].softleaf);
			KUNIT_EXPECT_EQ(test, leaf.backing,
					(u32)MMUSCOPE_BACKING_MIGRATION);
			KUNIT_EXPECT_EQ_MSG(test, leaf.value,
					    0x123400000 + places[j].offset,
					    "place %u", j);
			KUNIT_EXPECT_EQ(test, leaf.flags,
					places[j].in ? MMUSCOPE_FLAG_HUGETLB :
						       0ull);
		}
}

/* Where the offset has room, accessed and dirty bits stand above the frame. */
static void migration_keeps_bits(struct kunit *test)
{
	swp_entry_t entry = make_writable_migration_entry(0x123400);
	struct mmuscope_extent leaf;

	entry = swp_entry(swp_type(entry), swp_offset(entry) | SWP_MIG_YOUNG |
			  SWP_MIG_DIRTY);
	leaf = decode(raw_pte(entry), PTE, 0, 0);
	KUNIT_EXPECT_EQ(test, leaf.value, 0x123400000ull);
	KUNIT_EXPECT_EQ(test, leaf.softleaf,
			(u32)MMUSCOPE_SOFTLEAF_MIGRATION_WRITE);
}

static void device(struct kunit *test)
{
	const struct {
		swp_entry_t entry;
		u32 softleaf;
	} rows[] = {
		{ make_readable_device_private_entry(0x123456),
		  MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_READ },
		{ make_writable_device_private_entry(0x123456),
		  MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_WRITE },
		{ make_device_exclusive_entry(0x123456),
		  MMUSCOPE_SOFTLEAF_DEVICE_EXCLUSIVE },
	};
	struct mmuscope_extent leaf;
	unsigned int i;

	if (!IS_ENABLED(CONFIG_DEVICE_PRIVATE))
		kunit_skip(test, "this kernel has no CONFIG_DEVICE_PRIVATE");
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		leaf = decode(raw_pte(rows[i].entry), PTE, 0, 0);
		KUNIT_EXPECT_EQ(test, leaf.softleaf, rows[i].softleaf);
		KUNIT_EXPECT_EQ(test, leaf.backing,
				(u32)MMUSCOPE_BACKING_DEVICE);
		KUNIT_EXPECT_EQ(test, leaf.value, 0x123456000ull);
	}
}

#ifdef SWP_SWAPIN_ERROR
static swp_entry_t lost_in_swap(struct page *page)
{
	return make_swapin_error_entry(page);
}
#else
static swp_entry_t lost_in_swap(struct page *page)
{
	return make_pte_marker_entry(PTE_MARKER_POISONED);
}
#endif

static void poison(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mmuscope_extent leaf;

	KUNIT_ASSERT_TRUE(test, page);
	lock_page(page);
	leaf = decode(raw_pte(make_hwpoison_entry(page)), PTE, 0, 0);
	unlock_page(page);
	KUNIT_EXPECT_EQ(test, leaf.backing, (u32)MMUSCOPE_BACKING_POISON);
	KUNIT_EXPECT_EQ(test, leaf.softleaf, (u32)MMUSCOPE_SOFTLEAF_HWPOISON);
	KUNIT_EXPECT_EQ(test, leaf.value, page_to_phys(page));

	leaf = decode(raw_pte(lost_in_swap(page)), PTE, 0, 0);
	KUNIT_EXPECT_EQ(test, leaf.backing, (u32)MMUSCOPE_BACKING_MARKER);
	KUNIT_EXPECT_EQ(test, leaf.softleaf, (u32)MMUSCOPE_SOFTLEAF_MARKER);
	KUNIT_EXPECT_EQ(test, leaf.marker, MMUSCOPE_MARKER_POISONED);
	KUNIT_EXPECT_EQ(test, leaf.value, 0ull);
	__free_page(page);
}

static void uffd_wp_marker(struct kunit *test)
{
	struct mmuscope_extent leaf;
	u64 raw;

	if (!IS_ENABLED(CONFIG_PTE_MARKER_UFFD_WP))
		kunit_skip(test, "this kernel has no such marker");
	raw = raw_pte(make_pte_marker_entry(PTE_MARKER_UFFD_WP));
	leaf = decode(raw, PTE, 0, 0);
	KUNIT_EXPECT_EQ(test, leaf.backing, (u32)MMUSCOPE_BACKING_MARKER);
	KUNIT_EXPECT_EQ(test, leaf.softleaf, (u32)MMUSCOPE_SOFTLEAF_MARKER);
	KUNIT_EXPECT_EQ(test, leaf.marker, MMUSCOPE_MARKER_UFFD_WP);
	KUNIT_EXPECT_EQ(test, leaf.value, 0ull);
	leaf = decode(raw, PMD, HUGETLB, 0x3000);
	KUNIT_EXPECT_EQ(test, leaf.marker, MMUSCOPE_MARKER_UFFD_WP);
	KUNIT_EXPECT_EQ(test, leaf.value, 0ull);
	KUNIT_EXPECT_EQ(test, leaf.flags, MMUSCOPE_FLAG_HUGETLB);
}

static struct kunit_case softleaf_cases[] = {
	KUNIT_CASE(swap_slots),
	KUNIT_CASE(migration),
	KUNIT_CASE(migration_keeps_bits),
	KUNIT_CASE(device),
	KUNIT_CASE(poison),
	KUNIT_CASE(uffd_wp_marker),
	{}
};

struct kunit_suite softleaf_suite = {
	.name = "softleaf",
	.test_cases = softleaf_cases,
};
