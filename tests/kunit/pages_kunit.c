// SPDX-License-Identifier: GPL-2.0-only
/* Frames of a share: what is counted, what can be had, and what is left after. */
#include <linux/cred.h>
#include <linux/limits.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/pages.c"

#define LARGE	(PMD_SHIFT - PAGE_SHIFT)

static void counting(struct kunit *test)
{
	static const struct {
		long old;
		unsigned long nr, max;
		bool ok;
	} rows[] = {
		{ 0, 1, 1, true },
		{ 0, 2, 1, false },
		{ 1, 1, 1, false },
		{ 1, 1, 2, true },
		{ 5, 3, 8, true },
		{ 5, 4, 8, false },
		{ 9, 1, 8, false },	/* the limit came down meanwhile */
		{ 0, 0, 0, true },
		{ 0, 1, 0, false },
		{ 7, ULONG_MAX, ULONG_MAX, false },
		{ 7, ULONG_MAX - 7, ULONG_MAX, true },
		{ LONG_MAX, 1, LONG_MAX, false },
	};
	atomic_long_t count;
	unsigned int i;
	bool ok;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		atomic_long_set(&count, rows[i].old);
		ok = count_up(&count, rows[i].nr, rows[i].max);
		KUNIT_EXPECT_EQ_MSG(test, ok, rows[i].ok, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, atomic_long_read(&count),
				    rows[i].old + (long)(ok ? rows[i].nr : 0),
				    "row %u", i);
	}
}

static void the_ceiling(struct kunit *test)
{
	share_max_mb = ULONG_MAX;
	mmuscope_pages_init();
	KUNIT_EXPECT_LE(test, share_max_mb,
			totalram_pages() / 4 >> (20 - PAGE_SHIFT));
	KUNIT_EXPECT_GT(test, share_max_mb, 16ul);
	share_max_mb = 3;
	mmuscope_pages_init();
	KUNIT_EXPECT_EQ(test, ceiling(), 3 * 256ul);
	share_max_mb = 0;
	KUNIT_EXPECT_EQ(test, ceiling(), 0ul);
	share_max_mb = ULONG_MAX - 1;
	KUNIT_EXPECT_GT(test, ceiling(), ULONG_MAX >> 13);
}

static void checks(struct kunit *test)
{
	static const struct {
		unsigned long nr;
		unsigned int order;
		u32 memtype;
		int node;
		bool contiguous;
		int err;
	} rows[] = {
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, NUMA_NO_NODE, false, 0 },
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, 0, false, 0 },
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, -2, false, -EINVAL },
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, INT_MAX, false, -EINVAL },
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, MAX_NUMNODES - 1, false, -EINVAL },
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, MAX_NUMNODES, false, -EINVAL },
		{ 1024, 0, MMUSCOPE_MEMTYPE_WB, NUMA_NO_NODE, true, 0 },
		{ 1025, 0, MMUSCOPE_MEMTYPE_WB, NUMA_NO_NODE, true, -EINVAL },
		{ 1025, 0, MMUSCOPE_MEMTYPE_WB, NUMA_NO_NODE, false, 0 },
		{ 1, LARGE, MMUSCOPE_MEMTYPE_WB, NUMA_NO_NODE, true, 0 },
		{ 2, LARGE, MMUSCOPE_MEMTYPE_WB, NUMA_NO_NODE, true,
		  -EOPNOTSUPP },
		{ 3, LARGE, MMUSCOPE_MEMTYPE_WB, NUMA_NO_NODE, true, -EINVAL },
		{ 1, 0, MMUSCOPE_MEMTYPE_WC, NUMA_NO_NODE, false,
		  UNCACHED_RAM },
		{ 1, 0, MMUSCOPE_MEMTYPE_UC_MINUS, NUMA_NO_NODE, true,
		  UNCACHED_RAM },
		{ 1, LARGE, MMUSCOPE_MEMTYPE_WC, NUMA_NO_NODE, false,
		  -EOPNOTSUPP },
		{ 1, 0, MMUSCOPE_MEMTYPE_UC, NUMA_NO_NODE, false, -EOPNOTSUPP },
		{ 1, 0, MMUSCOPE_MEMTYPE_WT, NUMA_NO_NODE, false, -EOPNOTSUPP },
		{ 1, 0, MMUSCOPE_MEMTYPE_NONE, NUMA_NO_NODE, false,
		  -EOPNOTSUPP },
		{ 1, 0, MMUSCOPE_NR_MEMTYPES, NUMA_NO_NODE, false, -EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct mmuscope_pages pages = {
			.nr = rows[i].nr,
			.order = rows[i].order,
			.memtype = rows[i].memtype,
		};

		KUNIT_EXPECT_EQ_MSG(test, rows[i].err,
				    mmuscope_pages_check(&pages, rows[i].node,
							 rows[i].contiguous),
				    "row %u", i);
	}
}

/* Each small page is another, zero, in order, and nobody else's. */
static void expect_pages(struct kunit *test, const struct mmuscope_pages *pages)
{
	unsigned long i;
	struct page *page;

	for (i = 0; i < small_pages(pages); i++) {
		page = mmuscope_pages_at(pages, i);
		KUNIT_ASSERT_PTR_EQ(test, page,
				    pages->page[i >> pages->order] +
				    i % (1UL << pages->order));
		KUNIT_ASSERT_EQ(test, page_count(compound_head(page)), 1);
		KUNIT_ASSERT_FALSE(test, memchr_inv(page_address(page), 0,
						    PAGE_SIZE));
		memset(page_address(page), 1 + i % 255, PAGE_SIZE);
	}
	for (i = 0; i < small_pages(pages); i++) {
		page = mmuscope_pages_at(pages, i);
		KUNIT_ASSERT_FALSE(test, memchr_inv(page_address(page),
						    1 + i % 255, PAGE_SIZE));
	}
}

static void got_and_given_back(struct kunit *test)
{
	static const struct {
		unsigned long nr;
		unsigned int order;
		u32 memtype;
		bool contiguous;
	} rows[] = {
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, false },
		{ 1, 0, MMUSCOPE_MEMTYPE_WB, true },
		{ 700, 0, MMUSCOPE_MEMTYPE_WB, false },
		{ 100, 0, MMUSCOPE_MEMTYPE_WB, true },
		{ 2, LARGE, MMUSCOPE_MEMTYPE_WB, false },
		{ 1, LARGE, MMUSCOPE_MEMTYPE_WB, true },
		{ 33, 0, MMUSCOPE_MEMTYPE_WC, false },
		{ 33, 0, MMUSCOPE_MEMTYPE_UC_MINUS, true },
	};
	struct mmuscope_pages pages;
	unsigned int i;

	share_max_mb = 64;
	for (i = 0; i < ARRAY_SIZE(rows) * 20; i++) {
		if (rows[i / 20].memtype != MMUSCOPE_MEMTYPE_WB && UNCACHED_RAM)
			break;
		pages = (struct mmuscope_pages) {
			.nr = rows[i / 20].nr,
			.order = rows[i / 20].order,
			.memtype = rows[i / 20].memtype,
		};
		KUNIT_ASSERT_EQ_MSG(test, 0,
				    mmuscope_pages_alloc(&pages, NUMA_NO_NODE,
							 rows[i / 20].contiguous),
				    "row %u", i / 20);
		KUNIT_EXPECT_EQ(test, atomic_long_read(&pages_in_use),
				(long)small_pages(&pages));
		KUNIT_EXPECT_FALSE(test, mmuscope_pages_pinned(&pages));
		expect_pages(test, &pages);
		if (rows[i / 20].contiguous)
			KUNIT_EXPECT_EQ(test, page_to_pfn(pages.page[0]) +
					((pages.nr - 1) << pages.order),
					page_to_pfn(pages.page[pages.nr - 1]));
		mmuscope_pages_free(&pages);
		KUNIT_EXPECT_EQ(test, atomic_long_read(&pages_in_use), 0l);
	}
}

/* Above the ceiling, or more than can be: nothing is counted and nothing left. */
static void not_got(struct kunit *test)
{
	struct mmuscope_pages pages = { .memtype = MMUSCOPE_MEMTYPE_WB };

	share_max_mb = 1;
	pages.nr = 257;
	KUNIT_EXPECT_EQ(test, -ENOSPC,
			mmuscope_pages_alloc(&pages, NUMA_NO_NODE, false));
	share_max_mb = ULONG_MAX - 1;
	pages.nr = 1UL << 40;
	KUNIT_EXPECT_EQ(test, -ENOMEM,
			mmuscope_pages_alloc(&pages, NUMA_NO_NODE, false));
	KUNIT_EXPECT_EQ(test, atomic_long_read(&pages_in_use), 0l);
}

static u32 kernel_memtype(struct page *page)
{
	return mmuscope_arch_kernel_memtype((void __iomem __force *)
					    page_address(page));
}

/* The kernel's own mapping has it too, and must not keep it. */
static void memtypes(struct kunit *test)
{
	static const u32 types[] = {
		MMUSCOPE_MEMTYPE_WB, MMUSCOPE_MEMTYPE_WC,
		MMUSCOPE_MEMTYPE_UC_MINUS,
	};
	const u32 usual = kernel_memtype(ZERO_PAGE(0));
	struct mmuscope_pages pages;
	struct page *first, *last;
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, usual == MMUSCOPE_MEMTYPE_WB ||
			  usual == MMUSCOPE_MEMTYPE_TAGGED);
	share_max_mb = 64;
	for (i = 0; i < (UNCACHED_RAM ? 1 : ARRAY_SIZE(types)); i++) {
		pages = (struct mmuscope_pages) {
			.nr = 7,
			.memtype = types[i],
		};
		KUNIT_ASSERT_EQ(test, 0, mmuscope_pages_alloc(&pages,
							      NUMA_NO_NODE,
							      i % 2));
		first = pages.page[0];
		last = pages.page[6];
		KUNIT_EXPECT_EQ(test, kernel_memtype(first),
				i ? types[i] : usual);
		KUNIT_EXPECT_EQ(test, kernel_memtype(last),
				i ? types[i] : usual);
		mmuscope_pages_free(&pages);
		KUNIT_EXPECT_EQ(test, kernel_memtype(first), usual);
		KUNIT_EXPECT_EQ(test, kernel_memtype(last), usual);
	}
}

static void pinned(struct kunit *test)
{
	struct mmuscope_pages pages = {
		.nr = 2,
		.order = LARGE,
		.memtype = MMUSCOPE_MEMTYPE_WB,
	};
	struct page *page;

	share_max_mb = 64;
	KUNIT_ASSERT_EQ(test, 0,
			mmuscope_pages_alloc(&pages, NUMA_NO_NODE, false));
	page = pages.page[1];
	get_page(page);
	KUNIT_EXPECT_TRUE(test, mmuscope_pages_pinned(&pages));
	mmuscope_pages_free(&pages);
	KUNIT_EXPECT_EQ(test, page_count(page), 1);
	put_page(page);
}

static struct kunit_case pages_cases[] = {
	KUNIT_CASE(counting),
	KUNIT_CASE(the_ceiling),
	KUNIT_CASE(checks),
	KUNIT_CASE(got_and_given_back),
	KUNIT_CASE(not_got),
	KUNIT_CASE(memtypes),
	KUNIT_CASE(pinned),
	{}
};

struct kunit_suite pages_suite = {
	.name = "pages",
	.test_cases = pages_cases,
};
