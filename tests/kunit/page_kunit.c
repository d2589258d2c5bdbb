// SPDX-License-Identifier: GPL-2.0-only
/* What the struct page and the page cache add to an entry. */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/shmem_fs.h>
#include <linux/xarray.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/page.c"
#include "../../src/module/snapshot.c"

#define PTE	MMUSCOPE_LEVEL_PTE
#define PMD	MMUSCOPE_LEVEL_PMD

#define READABLE	(MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ)

/* What is told of @page, mapped by a leaf of @level with @flags. */
static struct mmuscope_extent tell(struct page *page, u32 level, u64 flags,
				   unsigned int in)
{
	struct mmuscope_extent leaf = {
		.value = page_to_phys(page),
		.flags = flags,
		.level = level,
		.backing = MMUSCOPE_BACKING_RAM,
	};
	struct mmuscope_part part;

	mmuscope_entry_page(&leaf, &part, in);
	leaf.flags &= ~flags;
	return leaf;
}

/* For the kinds of page: the page is put to rights again before it is freed. */
static void kinds(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct folio *folio = page_folio(page);

	KUNIT_ASSERT_TRUE(test, page);
	folio->mapping = (void *)FOLIO_MAPPING_ANON;
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_ANON);
	folio->mapping = (void *)FOLIO_MAPPING_KSM;
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_ANON | MMUSCOPE_FLAG_KSM);
	folio->mapping = NULL;
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_FILE);
	folio_set_swapbacked(folio);
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_SHMEM);
	folio_set_swapcache(folio);
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_SHMEM | MMUSCOPE_FLAG_SWAPCACHE);
	folio_clear_swapcache(folio);
	folio_clear_swapbacked(folio);
	__free_page(page);
}

static void shared(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, page);
	atomic_set(&page->_mapcount, 0);	/* counts from -1 */
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_FILE);
	atomic_set(&page->_mapcount, 1);
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_FILE | MMUSCOPE_FLAG_SHARED);
	atomic_set(&page->_mapcount, 0);
	page_folio(page)->mapping = (void *)FOLIO_MAPPING_ANON;
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE, 0).flags,
			MMUSCOPE_FLAG_ANON);
	page_folio(page)->mapping = NULL;
	atomic_set(&page->_mapcount, -1);
	__free_page(page);
}

static void large_folio(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);
	struct mmuscope_extent leaf;

	KUNIT_ASSERT_TRUE(test, page);
	leaf = tell(page, PTE, READABLE, 0);
	KUNIT_EXPECT_EQ(test, leaf.order, 3u);
	KUNIT_EXPECT_EQ(test, leaf.flags,
			MMUSCOPE_FLAG_FILE | MMUSCOPE_FLAG_THP);
	leaf = tell(page + 5, PTE, READABLE, 0);
	KUNIT_EXPECT_EQ(test, leaf.order, 3u);
	leaf = tell(page, PMD, READABLE, MMUSCOPE_IN_HUGETLB);
	KUNIT_EXPECT_EQ(test, leaf.order, 3u);
	KUNIT_EXPECT_EQ(test, leaf.flags, MMUSCOPE_FLAG_FILE);
	__free_pages(page, 3);
}

static bool told_shared(struct page *page, unsigned int in)
{
	return tell(page, PTE, READABLE, in).flags & MMUSCOPE_FLAG_SHARED;
}

/*
 * Mapped once as a whole, a folio is shared if one of its pages is mapped by
 * itself too.
 */
static void shared_large_folio(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);
	struct folio *folio = page_folio(page);

	KUNIT_ASSERT_TRUE(test, page);
	folio->mapping = (void *)FOLIO_MAPPING_ANON;
	atomic_set(folio_entire_mapcount_ptr(folio), 0);
	KUNIT_EXPECT_FALSE(test, told_shared(page + 5, 0));
	atomic_set(&page[5]._mapcount, 0);
	KUNIT_EXPECT_TRUE(test, told_shared(page + 5, 0));
	KUNIT_EXPECT_FALSE(test, told_shared(page + 4, 0));
	atomic_set(folio_entire_mapcount_ptr(folio), 1);
	KUNIT_EXPECT_TRUE(test, told_shared(page + 4, 0));
	folio->mapping = NULL;
	atomic_set(&page[5]._mapcount, -1);
	atomic_set(folio_entire_mapcount_ptr(folio), -1);
	__free_pages(page, 3);
}

/*
 * Until v6.2 a page's own count might say the same once more, and the pages of a
 * file counted for themselves.
 */
static void counted_twice(struct kunit *test)
{
	struct page *page;
	struct folio *folio;

	if (!PAGE_DOUBLE_MAP)
		kunit_skip(test, "here each mapping counts once");
	page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);
	KUNIT_ASSERT_TRUE(test, page);
	folio = page_folio(page);
	folio->mapping = (void *)FOLIO_MAPPING_ANON;
	atomic_set(folio_entire_mapcount_ptr(folio), 0);
	atomic_set(&page[5]._mapcount, 0);
	flags_word(page[1].flags) |= PAGE_DOUBLE_MAP;
	KUNIT_EXPECT_FALSE(test, told_shared(page + 5, 0));
	flags_word(page[1].flags) &= ~PAGE_DOUBLE_MAP;

	folio->mapping = NULL;
	atomic_set(folio_entire_mapcount_ptr(folio), 1);
	KUNIT_EXPECT_FALSE(test, told_shared(page + 4, 0));
	KUNIT_EXPECT_FALSE(test, told_shared(page + 5, 0));
	atomic_set(&page[5]._mapcount, -1);
	atomic_set(folio_entire_mapcount_ptr(folio), -1);
	__free_pages(page, 3);
}

/* Nobody's huge page, mapped to be read by anonymous memory. */
static void huge_zero(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);
	const u64 zero = MMUSCOPE_FLAG_ZERO;

	KUNIT_ASSERT_TRUE(test, page);
	KUNIT_EXPECT_EQ(test, tell(page, PMD, READABLE,
				   MMUSCOPE_IN_ANON).flags, zero);
	KUNIT_EXPECT_FALSE(test, tell(page, PTE, READABLE,
				      MMUSCOPE_IN_ANON).flags & zero);
	KUNIT_EXPECT_FALSE(test, tell(page, PMD, READABLE, 0).flags & zero);
	KUNIT_EXPECT_FALSE(test, tell(page, PMD, READABLE, MMUSCOPE_IN_ANON |
				      MMUSCOPE_IN_HUGETLB).flags & zero);
	KUNIT_EXPECT_FALSE(test, tell(page, PMD,
				      READABLE | MMUSCOPE_FLAG_WRITE,
				      MMUSCOPE_IN_ANON).flags & zero);
	page_folio(page)->mapping = (void *)FOLIO_MAPPING_ANON;
	KUNIT_EXPECT_FALSE(test, tell(page, PMD, READABLE,
				      MMUSCOPE_IN_ANON).flags & zero);
	page_folio(page)->mapping = NULL;
	__free_pages(page, 3);
}

/* Where the kernel itself uses no struct page, none is looked at. */
static void not_looked_at(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mmuscope_extent leaf = {
		.value = 0xfec00000, .flags = READABLE, .level = PTE,
	};
	struct mmuscope_part part;

	KUNIT_ASSERT_TRUE(test, page);
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE,
				   MMUSCOPE_IN_PFNMAP).flags, 0ull);
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE |
				   MMUSCOPE_FLAG_SPECIAL, 0).flags, 0ull);
	KUNIT_EXPECT_EQ(test, tell(page, PTE, READABLE |
				   MMUSCOPE_FLAG_ZERO, 0).flags, 0ull);
	KUNIT_EXPECT_EQ(test, tell(page, PTE, 0, 0).flags, 0ull);
	__free_page(page);

	mmuscope_entry_page(&leaf, &part, 0);
	KUNIT_EXPECT_EQ(test, leaf.flags, READABLE);
}

/* What stands where in the page cache of the cases below. */
static const struct {
	pgoff_t first, last;
	unsigned int order;
	u64 flag;
} cached[] = {
	{ 4, 6, 0, MMUSCOPE_FLAG_CACHED },
	{ 7, 9, 0, MMUSCOPE_FLAG_SWAPPED },
	{ 10, 10, 0, MMUSCOPE_FLAG_CACHED },
	{ 100, 1299, 0, MMUSCOPE_FLAG_CACHED },
	{ 1536, 2047, 9, MMUSCOPE_FLAG_CACHED },
	{ 2100, 3299, 0, MMUSCOPE_FLAG_SWAPPED },
};

#define HOLE_PAGES	4000

static u64 cached_flag(pgoff_t index)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cached); i++)
		if (index >= cached[i].first && index <= cached[i].last)
			return cached[i].flag;
	return 0;
}

static void fill(struct kunit *test, struct address_space *mapping)
{
	unsigned int i;
	pgoff_t index;
	void *entry;

	xa_init(&mapping->i_pages);
	for (i = 0; i < ARRAY_SIZE(cached); i++) {
		entry = cached[i].flag == MMUSCOPE_FLAG_CACHED ?
			(void *)mapping : xa_mk_value(42);
		for (index = cached[i].first; index <= cached[i].last;
		     index += 1UL << cached[i].order) {
			XA_STATE_ORDER(xas, &mapping->i_pages, index,
				       cached[i].order);
			do {
				xas_lock(&xas);
				xas_store(&xas, entry);
				xas_unlock(&xas);
			} while (xas_nomem(&xas, GFP_KERNEL));
			KUNIT_ASSERT_EQ(test, xas_error(&xas), 0);
		}
	}
}

/* Asked from any page and for any number, the answer holds page by page. */
static void check_holes(struct kunit *test, struct address_space *mapping,
			u64 known, unsigned long max)
{
	unsigned long index, nr, i;
	u64 flags;

	for (index = 0; index < HOLE_PAGES; index += nr) {
		nr = mmuscope_entry_hole(mapping, index,
					 min(max, HOLE_PAGES - index), &flags);
		KUNIT_ASSERT_GE(test, nr, 1ul);
		KUNIT_ASSERT_LE(test, nr, max);
		for (i = index; i < index + nr; i++)
			KUNIT_ASSERT_EQ_MSG(test, flags,
					    cached_flag(i) & known,
					    "page %lu", i);
	}
	KUNIT_EXPECT_EQ(test, index, (unsigned long)HOLE_PAGES);
}

static void holes(struct kunit *test)
{
	static const struct address_space_operations other_aops;
	struct file *shmem = shmem_file_setup("holes", 0, EMPTY_VMA_FLAGS);
	struct address_space *mapping;
	u64 flags;

	KUNIT_ASSERT_FALSE(test, IS_ERR(shmem));
	mapping = kunit_kzalloc(test, sizeof(*mapping), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, mapping);
	fill(test, mapping);

	mapping->a_ops = shmem->f_mapping->a_ops;
	fput(shmem);
	check_holes(test, mapping, ~0ULL, 1);
	check_holes(test, mapping, ~0ULL, 3);
	check_holes(test, mapping, ~0ULL, HOLE_PAGES);
	/* Elsewhere a value is the shadow of what was evicted. */
	mapping->a_ops = &other_aops;
	check_holes(test, mapping, MMUSCOPE_FLAG_CACHED, HOLE_PAGES);

	/* A hole is told whole, so that sparse files cost nothing. */
	KUNIT_EXPECT_EQ(test, 236ul,
			mmuscope_entry_hole(mapping, 1300, 2000, &flags));
	KUNIT_EXPECT_EQ(test, 1ul << 40,
			mmuscope_entry_hole(mapping, 4000, 1ul << 40, &flags));
	xa_destroy(&mapping->i_pages);
}

/* Counts come and go; another use does not. */
static void snapshot(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 1);
	struct folio *folio = page_folio(page);
	struct mmuscope_snapshot snap;

	KUNIT_ASSERT_TRUE(test, page);
	KUNIT_EXPECT_TRUE(test, mmuscope_snapshot_take(&snap, page + 1));
	KUNIT_EXPECT_EQ(test, snap.index, 1ul);
	KUNIT_EXPECT_TRUE(test, mmuscope_snapshot_holds(&snap, page + 1));
	KUNIT_EXPECT_FALSE(test, mmuscope_snapshot_holds(&snap, page));
	get_page(page);
	folio_set_referenced(folio);
	KUNIT_EXPECT_TRUE(test, mmuscope_snapshot_holds(&snap, page + 1));
	folio_clear_referenced(folio);
	put_page(page);
	folio->mapping = (void *)FOLIO_MAPPING_ANON;
	KUNIT_EXPECT_FALSE(test, mmuscope_snapshot_holds(&snap, page + 1));
	folio->mapping = NULL;
	folio->index++;
	KUNIT_EXPECT_FALSE(test, mmuscope_snapshot_holds(&snap, page + 1));
	folio->index--;
	page_ref_freeze(page, 1);
	KUNIT_EXPECT_FALSE(test, mmuscope_snapshot_holds(&snap, page + 1));
	page_ref_unfreeze(page, 1);
	KUNIT_EXPECT_TRUE(test, mmuscope_snapshot_holds(&snap, page + 1));
	__free_pages(page, 1);
}

static struct kunit_case page_cases[] = {
	KUNIT_CASE(kinds),
	KUNIT_CASE(shared),
	KUNIT_CASE(large_folio),
	KUNIT_CASE(shared_large_folio),
	KUNIT_CASE(counted_twice),
	KUNIT_CASE(huge_zero),
	KUNIT_CASE(not_looked_at),
	KUNIT_CASE(holes),
	KUNIT_CASE(snapshot),
	{}
};

struct kunit_suite page_suite = {
	.name = "page",
	.test_cases = page_cases,
};
