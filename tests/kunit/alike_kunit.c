// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaves that are taken without being visited come to what they come to when each is
 * visited, as extents and in sum, in a table that the test makes at random: of pages of
 * several kinds, one after another in memory or not, between entries that are none and
 * others.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/prandom.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/alike.c"
#include "../../src/module/totals.c"

#define BASE	0x7f4000000000UL
#define ORDER	6
#define PAGES	BIT(ORDER)
#define ROUNDS	200
#define ROOM	7

/**
 * struct world - a table, and pages to be mapped
 * @table: the table
 * @page: pages that follow each other, each a folio
 * @large: pages of one folio
 * @seen: entries that were visited
 * @list: extents as they are if each is visited, and if not
 * @nr: how many there are
 */
struct world {
	u64 *table;
	struct page *page;
	struct page *large;
	unsigned int seen;
	struct rnd_state rnd;
	struct mmuscope_summary sum[2];
	struct mmuscope_totals totals;
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;
	struct mmuscope_like like[MMUSCOPE_LIKES];
	struct mmuscope_extent ext[ROOM];
	struct mmuscope_extent list[2][PTRS_PER_PTE];
	unsigned int nr[2];
};

static int new_world(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, world);
	test->priv = world;
	mmuscope_raw_init();
	if (!mmuscope_raw_rules())
		kunit_skip(test, "an entry does not tell what it is here");
	world->table = (u64 *)get_zeroed_page(GFP_KERNEL);
	world->page = alloc_pages(GFP_KERNEL, ORDER);
	world->large = alloc_pages(GFP_KERNEL | __GFP_COMP, ORDER);
	KUNIT_ASSERT_TRUE(test, world->table && world->page && world->large);
	prandom_seed_state(&world->rnd, 1);
	world->batch.ext = world->ext;
	world->batch.max = ROOM;
	world->batch.like = world->like;
	return 0;
}

/* What __free_pages() would complain of. */
static void restore(struct page *page)
{
	struct folio *folio = page_folio(page);

	folio->mapping = NULL;
	folio_clear_swapbacked(folio);
	folio_clear_dirty(folio);
	folio_clear_swapcache(folio);
	atomic_set(&page->_mapcount, -1);
}

static void free_world(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned int i;

	if (!world->table)
		return;
	for (i = 0; i < PAGES; i++) {
		restore(world->page + i);
		atomic_set(&world->large[i]._mapcount, -1);
	}
	split_page(world->page, ORDER);
	for (i = 0; i < PAGES; i++)
		__free_page(world->page + i);
	__free_pages(world->large, ORDER);
	free_page((unsigned long)world->table);
}

static unsigned int dice(struct world *world, unsigned int sides)
{
	return prandom_u32_state(&world->rnd) % sides;
}

/* Mostly as the last one was. */
static void dress(struct world *world, struct page *page)
{
	static const unsigned long mappings[] = {
		0, FOLIO_MAPPING_ANON, FOLIO_MAPPING_KSM,
	};
	struct folio *folio = page_folio(page);

	restore(page);
	atomic_set(&page->_mapcount, dice(world, 8) ? 0 : (int)dice(world, 4) - 1);
	folio->mapping = (void *)mappings[dice(world, 9) ? 1 : dice(world, 3)];
	if (dice(world, 9))
		folio_set_swapbacked(folio);
	if (!dice(world, 9))
		folio_set_dirty(folio);
	if (!dice(world, 20))
		folio_set_swapcache(folio);
}

/* What the kernel's pages are made of, odd bits at times. */
static u64 entry(struct world *world, unsigned int i)
{
	struct page *page = world->page + i % PAGES;
	u64 odd = dice(world, 12) ? 0 : LEAF_DIRTY;

	switch (dice(world, 24)) {
	case 0:
		return 0;
	case 1:
		return RAW_SWAP(1, 1000 + i);
	case 2:
		page = world->large + i % PAGES;
		break;
	case 3:
		page = world->page + dice(world, PAGES);
	}
	return (page_to_phys(page) | USER_LEAF) ^ odd;
}

static void fill(struct world *world)
{
	unsigned int i, sparse = dice(world, 3);

	for (i = 0; i < PAGES; i++) {
		dress(world, world->page + i);
		atomic_set(&world->large[i]._mapcount, (int)dice(world, 3) - 1);
	}
	for (i = 0; i < PTRS_PER_PTE; i++)
		world->table[i] = sparse && dice(world, 3 * sparse) ? 0 : entry(world, i);
}

static int visit(struct world *world, unsigned int i)
{
	struct mmuscope_entry entry = {
		.level = MMUSCOPE_LEVEL_PTE,
		.kind = world->table[i] ? MMUSCOPE_KIND_LEAF : MMUSCOPE_KIND_NONE,
		.raw = world->table[i],
		.slot = world->table + i,
		.next = BASE + (i + 1) * PAGE_SIZE,
	};
	int err = mmuscope_visit(&world->walk, &entry);

	world->seen += !err;
	return err;
}

static void begin(struct world *world, unsigned int first, unsigned int want)
{
	struct mmuscope_walk *walk = &world->walk;

	world->seen = 0;
	mmuscope_batch_empty(&world->batch);
	mmuscope_walk_init(walk, &world->batch, want | MMUSCOPE_WANT_PAGE);
	walk->perm = MMUSCOPE_PERM;
	walk->in = MMUSCOPE_IN_PLAIN | MMUSCOPE_IN_ACCESSIBLE;
	walk->addr = BASE + first * PAGE_SIZE;
}

/* To the end, or until there is no more room; @take: not all are visited. */
static int go_on(struct world *world, bool take)
{
	struct mmuscope_walk *walk = &world->walk;
	unsigned long end = BASE + PTRS_PER_PTE * PAGE_SIZE;
	int err = 0;

	while (!err && walk->addr < end) {
		if (take)
			mmuscope_alike_take(walk, world->table +
					    (walk->addr - BASE) / PAGE_SIZE, end);
		if (walk->addr < end)
			err = visit(world, (walk->addr - BASE) / PAGE_SIZE);
	}
	return err;
}

static void sum_up(struct kunit *test, unsigned int first, unsigned int want, bool take)
{
	struct world *world = test->priv;
	struct mmuscope_walk *walk = &world->walk;
	struct mmuscope_summary *sum = &world->sum[take];

	*sum = (struct mmuscope_summary) {};
	world->totals = (struct mmuscope_totals) {
		.sum = sum, .values = want & MMUSCOPE_WANT_VALUE,
	};
	begin(world, first, want);
	world->batch.totals = &world->totals;
	KUNIT_ASSERT_EQ(test, go_on(world, take), 0);
	mmuscope_totals_add(&world->totals, world->batch.last);
	sum->pss = world->totals.pss.all;
	sum->pss_anon = world->totals.pss.anon;
	sum->pss_file = world->totals.pss.file;
	sum->pss_shmem = world->totals.pss.shmem;
	sum->pss_dirty = world->totals.pss.dirty;
	sum->entries = walk->hold;
	memcpy(sum->tables, walk->tables, sizeof(walk->tables));
}

/* Batch by batch, of which each is full but for the last. */
static void list_up(struct kunit *test, unsigned int first, unsigned int want, bool take)
{
	struct world *world = test->priv;
	struct mmuscope_batch *batch = &world->batch;
	int err;

	begin(world, first, want);
	batch->totals = NULL;
	world->nr[take] = 0;
	do {
		err = go_on(world, take);
		if (err)
			KUNIT_ASSERT_EQ(test, batch->nr, (unsigned int)ROOM);
		memcpy(&world->list[take][world->nr[take]], batch->ext,
		       batch->nr * sizeof(*batch->ext));
		world->nr[take] += batch->nr;
		mmuscope_batch_empty(batch);
	} while (err);
}

static void compare(struct kunit *test, unsigned int want)
{
	struct world *world = test->priv;
	const u64 *a = (u64 *)&world->sum[0], *b = (u64 *)&world->sum[1];
	unsigned int round, i, first, spared = 0;

	for (round = 0; round < ROUNDS; round++) {
		fill(world);
		first = dice(world, 20);
		sum_up(test, first, want, false);
		sum_up(test, first, want, true);
		spared += PTRS_PER_PTE - first - world->seen;
		for (i = 0; i < sizeof(*world->sum) / sizeof(u64); i++)
			KUNIT_EXPECT_EQ_MSG(test, a[i], b[i], "round %u, word %u",
					    round, i);
	}
	KUNIT_EXPECT_GT(test, spared, ROUNDS * PTRS_PER_PTE / 8);
}

static void compare_lists(struct kunit *test, unsigned int want,
			  const struct mmuscope_filter *filter)
{
	struct world *world = test->priv;
	unsigned int round, first, spared = 0, told = 0;

	world->batch.filter = filter;
	for (round = 0; round < ROUNDS; round++) {
		fill(world);
		first = dice(world, 20);
		list_up(test, first, want, false);
		list_up(test, first, want, true);
		spared += PTRS_PER_PTE - first - world->seen;
		told += world->nr[0];
		KUNIT_ASSERT_EQ(test, world->nr[0], world->nr[1]);
		KUNIT_ASSERT_FALSE_MSG(test, memcmp(world->list[0], world->list[1],
						    world->nr[0] * sizeof(**world->list)),
				       "round %u", round);
	}
	KUNIT_EXPECT_GT(test, spared, ROUNDS * PTRS_PER_PTE / 8);
	KUNIT_EXPECT_GT(test, told, ROUNDS * ROOM);
}

static void with_frames(struct kunit *test)
{
	compare(test, MMUSCOPE_WANT_VALUE);
}

static void without_frames(struct kunit *test)
{
	compare(test, 0);
}

static void lists(struct kunit *test)
{
	compare_lists(test, MMUSCOPE_WANT_VALUE, NULL);
	compare_lists(test, 0, NULL);
}

/* Of what is dirty, or shared; or only that and where, whatever else it is. */
static void filtered_lists(struct kunit *test)
{
	static const struct mmuscope_filter filters[] = {
		{ .mask = MMUSCOPE_FLAG_DIRTY, .ret = ~0ULL },
		{ .anyof = MMUSCOPE_FLAG_SHARED | MMUSCOPE_FLAG_SWAPCACHE,
		  .ret = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_SHARED },
		{ .inverted = MMUSCOPE_FLAG_ANON, .mask = MMUSCOPE_FLAG_ANON,
		  .ret = ~0ULL },
		{ .ret = MMUSCOPE_FLAG_ANON },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(filters); i++) {
		compare_lists(test, MMUSCOPE_WANT_VALUE, &filters[i]);
		compare_lists(test, 0, &filters[i]);
	}
}

/* All alike and one after another: what is learnt of the first does for all. */
static void all_alike(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned int i;

	for (i = 0; i < PAGES; i++) {
		restore(world->page + i);
		world->page[i].mapping = (void *)FOLIO_MAPPING_ANON;
		atomic_set(&world->page[i]._mapcount, 1);
	}
	for (i = 0; i < PTRS_PER_PTE; i++)
		world->table[i] = page_to_phys(world->page + i % PAGES) | USER_LEAF;
	sum_up(test, 0, MMUSCOPE_WANT_VALUE, true);
	KUNIT_EXPECT_EQ(test, world->seen, 1u);
	KUNIT_EXPECT_EQ(test, world->sum[1].anon, 512ull * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, world->sum[1].shared, 512ull * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, world->sum[1].pss, 256ull * PAGE_SIZE << MMUSCOPE_PSS_SHIFT);
	KUNIT_EXPECT_EQ(test, world->sum[1].extents, 512ull / PAGES);
	KUNIT_EXPECT_EQ(test, world->sum[1].longest_run, (u64)PAGES * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, world->sum[1].tables[MMUSCOPE_LEVEL_PTE].filled, 512ull);
	KUNIT_EXPECT_EQ(test, world->sum[1].entries, 512ull);
}

static struct kunit_case alike_cases[] = {
	KUNIT_CASE(with_frames),
	KUNIT_CASE(without_frames),
	KUNIT_CASE(lists),
	KUNIT_CASE(filtered_lists),
	KUNIT_CASE(all_alike),
	{}
};

struct kunit_suite alike_suite = {
	.name = "alike",
	.init = new_world,
	.exit = free_world,
	.test_cases = alike_cases,
};
