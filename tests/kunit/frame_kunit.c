// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told of a frame, by what its struct page says: pages of the test's own
 * are made to look like others', and put to rights again.
 */
#include <linux/gfp.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/kpf.c"
#include "../../src/module/frame.c"

/* device.c, where this is, is no part of the suites. */
bool mmuscope_array_ok(u64 vec, u64 len, u64 elem, size_t known)
{
	return true;
}

static struct mmuscope_frame look(const struct page *page)
{
	struct mmuscope_frame frame;

	mmuscope_frame_look(&frame, page_to_pfn(page));
	return frame;
}

/* Flags of the page, or its mapping, that make it another kind. */
static void kinds_of_pages(struct kunit *test)
{
	static struct address_space file;
	const struct {
		unsigned long flags;
		void *mapping;
		enum mmuscope_frame_kind kind;
		u64 kpf;
	} rows[] = {
		{ 0, NULL, MMUSCOPE_FRAME_KERNEL, 0 },
		{ BIT(PG_reserved), NULL, MMUSCOPE_FRAME_RESERVED, HAS(RESERVED) },
		{ BIT(PG_hwpoison), NULL, MMUSCOPE_FRAME_POISON, HAS(HWPOISON) },
		{ 0, (void *)FOLIO_MAPPING_ANON, MMUSCOPE_FRAME_ANON, HAS(ANON) },
		{ 0, (void *)FOLIO_MAPPING_KSM, MMUSCOPE_FRAME_KSM,
		  HAS(ANON) | HAS(KSM) },
		{ 0, &file, MMUSCOPE_FRAME_FILE, 0 },
		{ BIT(PG_swapbacked), &file, MMUSCOPE_FRAME_SHMEM, HAS(SWAPBACKED) },
		{ BIT(PG_swapbacked) | BIT(PG_swapcache), NULL,
		  MMUSCOPE_FRAME_SHMEM, HAS(SWAPBACKED) | HAS(SWAPCACHE) },
		/* What it was comes before what it is used for. */
		{ BIT(PG_hwpoison), (void *)FOLIO_MAPPING_ANON,
		  MMUSCOPE_FRAME_POISON, HAS(HWPOISON) | HAS(ANON) },
	};
	struct page *page = alloc_page(GFP_KERNEL);
	struct mmuscope_frame frame;
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, page);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		flags_word(page->flags) |= rows[i].flags;
		page->mapping = rows[i].mapping;
		frame = look(page);
		flags_word(page->flags) &= ~rows[i].flags;
		page->mapping = NULL;
		KUNIT_EXPECT_EQ_MSG(test, frame.kind, (u32)rows[i].kind, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, frame.kpf & rows[i].kpf, rows[i].kpf,
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, frame.pfn, (u64)page_to_pfn(page));
	}
	__free_page(page);
}

/* Types stand where others count their mappings. */
static void types(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mmuscope_frame frame;

	KUNIT_ASSERT_TRUE(test, page);
	__SetPageOffline(page);
	frame = look(page);
	__ClearPageOffline(page);
	KUNIT_EXPECT_EQ(test, frame.kind, (u32)MMUSCOPE_FRAME_OFFLINE);
	KUNIT_EXPECT_EQ(test, frame.mapcount, 0ll);
	KUNIT_EXPECT_TRUE(test, frame.kpf & HAS(OFFLINE));
	__SetPageTable(page);
	frame = look(page);
	__ClearPageTable(page);
	KUNIT_EXPECT_EQ(test, frame.kind, (u32)MMUSCOPE_FRAME_TABLE);
	KUNIT_EXPECT_EQ(test, frame.mapcount, 0ll);
	__folio_set_slab(page_folio(page));
	frame = look(page);
	__folio_clear_slab(page_folio(page));
	KUNIT_EXPECT_EQ(test, frame.kind, (u32)MMUSCOPE_FRAME_SLAB);
	KUNIT_EXPECT_EQ(test, frame.mapcount, 0ll);
	KUNIT_EXPECT_TRUE(test, frame.kpf & HAS(SLAB));
	__free_page(page);
}

static void workingset_and_idle(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct folio *folio = page_folio(page);
	struct mmuscope_frame frame;

	KUNIT_ASSERT_TRUE(test, page);
	page->mapping = (void *)FOLIO_MAPPING_ANON;
	folio_set_workingset(folio);
	folio_set_idle(folio);
	frame = look(page);
	folio_clear_idle(folio);
	folio_clear_workingset(folio);
	KUNIT_EXPECT_EQ(test, frame.flags, MMUSCOPE_FRAME_WORKINGSET);
	KUNIT_EXPECT_EQ(test, !!(frame.kpf & HAS(IDLE)),
			IS_ENABLED(CONFIG_PAGE_IDLE_FLAG));
	frame = look(page);
	page->mapping = NULL;
	KUNIT_EXPECT_EQ(test, frame.flags, 0ull);
	KUNIT_EXPECT_EQ(test, frame.lru, (u32)MMUSCOPE_LRU_NONE);
	KUNIT_EXPECT_FALSE(test, frame.kpf & HAS(IDLE));
	__free_page(page);
}

/* A small page has many references for a pin, a large one a count. */
static void pins(struct kunit *test)
{
	struct page *small = alloc_page(GFP_KERNEL);
	struct page *large = alloc_pages(GFP_KERNEL | __GFP_COMP, 3);
	struct mmuscope_frame frame;

	KUNIT_ASSERT_TRUE(test, small);
	KUNIT_ASSERT_TRUE(test, large);
	KUNIT_EXPECT_EQ(test, look(small).pins, 0ll);
	page_ref_add(small, 3 * GUP_PIN_COUNTING_BIAS);
	frame = look(small);
	page_ref_sub(small, 3 * GUP_PIN_COUNTING_BIAS);
	KUNIT_EXPECT_EQ(test, frame.pins, 3ll);
	KUNIT_EXPECT_EQ(test, frame.flags, MMUSCOPE_FRAME_PINS_MAYBE);
	KUNIT_EXPECT_EQ(test, frame.refcount, 3ll * GUP_PIN_COUNTING_BIAS + 1);

	atomic_set(&page_folio(large)->_pincount, 5);
	frame = look(large + 3);
	atomic_set(&page_folio(large)->_pincount, 0);
	KUNIT_EXPECT_EQ(test, frame.pins, 5ll);
	KUNIT_EXPECT_EQ(test, frame.flags, 0ull);
	KUNIT_EXPECT_EQ(test, frame.order, 3u);
	KUNIT_EXPECT_EQ(test, frame.head, (u64)page_to_pfn(large));
	KUNIT_EXPECT_TRUE(test, frame.kpf & HAS(COMPOUND_TAIL));
	__free_page(small);
	__free_pages(large, 3);
}

/* One that says that it is a part of itself. */
static void never_at_rest(struct kunit *test)
{
	struct page *pages = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	unsigned long was;
	struct mmuscope_frame frame;

	KUNIT_ASSERT_TRUE(test, pages);
	was = pages[2].compound_info;
	WRITE_ONCE(pages[2].compound_info, (unsigned long)&pages[2] | 1);
	frame = look(&pages[2]);
	WRITE_ONCE(pages[2].compound_info, was);
	KUNIT_EXPECT_EQ(test, frame.flags, MMUSCOPE_FRAME_CHANGED);
	KUNIT_EXPECT_EQ(test, frame.kind, (u32)MMUSCOPE_FRAME_NONE);
	KUNIT_EXPECT_EQ(test, frame.refcount, 0ll);
	KUNIT_EXPECT_NE(test, frame.zone, (u32)MMUSCOPE_ZONE_NONE);
	__free_pages(pages, 2);
}

static void no_page(struct kunit *test)
{
	static const u64 pfns[] = { 1ULL << 36, U64_MAX };
	struct mmuscope_frame frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pfns); i++) {
		mmuscope_frame_look(&frame, pfns[i]);
		KUNIT_EXPECT_EQ(test, frame.kind, (u32)MMUSCOPE_FRAME_NONE);
		KUNIT_EXPECT_EQ(test, frame.kpf, (u64)HAS(NOPAGE));
		KUNIT_EXPECT_EQ(test, frame.head, pfns[i]);
		KUNIT_EXPECT_EQ(test, frame.node, NUMA_NO_NODE);
	}
}

static void arguments(struct kunit *test)
{
	static const struct {
		struct mmuscope_frames args;
		int err;
	} rows[] = {
		{ { .pfn = 5, .vec_len = 1 }, 0 },
		{ { .pfn = 5, .vec_len = U64_MAX }, -EINVAL },
		{ { .pfn = U64_MAX, .vec_len = 0 }, 0 },
		{ { .pfn = U64_MAX, .vec_len = 1 }, -EINVAL },
		{ { .vec_len = 1, .flags = MMUSCOPE_FRAMES_ARRAY }, 0 },
		{ { .vec_len = 1, .flags = MMUSCOPE_FRAMES_ARRAY, .pfn = 5 },
		  -EINVAL },
		{ { .vec_len = 1, .flags = 2 }, -EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, frames_check(&rows[i].args),
				    rows[i].err, "row %u", i);
}

static struct kunit_case frame_cases[] = {
	KUNIT_CASE(arguments),
	KUNIT_CASE(kinds_of_pages),
	KUNIT_CASE(types),
	KUNIT_CASE(workingset_and_idle),
	KUNIT_CASE(pins),
	KUNIT_CASE(never_at_rest),
	KUNIT_CASE(no_page),
	{}
};

struct kunit_suite frame_suite = {
	.name = "frame",
	.test_cases = frame_cases,
};
