// SPDX-License-Identifier: GPL-2.0-only
/* What a walk makes of the entries that it passes, one after the other. */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/visit.c"

#define PGD	MMUSCOPE_LEVEL_PGD
#define P4D	MMUSCOPE_LEVEL_P4D
#define PUD	MMUSCOPE_LEVEL_PUD
#define PMD	MMUSCOPE_LEVEL_PMD
#define PTE	MMUSCOPE_LEVEL_PTE

#define BASE	0x7f4000000000UL
#define PHYS	0x123400000ULL

static void start(struct kunit *test, struct mmuscope_walk *walk,
		  struct mmuscope_batch *batch, unsigned int want)
{
	memset(batch, 0, sizeof(*batch));
	batch->max = 16;
	batch->ext = kunit_kcalloc(test, batch->max, sizeof(*batch->ext),
				   GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, batch->ext);
	mmuscope_walk_init(walk, batch, want);
	walk->perm = MMUSCOPE_PERM;
	walk->addr = BASE;
}

static int meet(struct mmuscope_walk *walk, enum mmuscope_level level,
		enum mmuscope_kind kind, u64 raw)
{
	struct mmuscope_entry entry = {
		.level = level,
		.kind = kind,
		.raw = raw,
		.slot = &entry.raw,
		.next = walk->addr + (1UL << mmuscope_level_shift(level)),
	};

	return mmuscope_visit(walk, &entry);
}

/* The permissions of a leaf of @last level, @raw[] being the entries to it. */
static u64 fold(struct kunit *test, const u64 raw[MMUSCOPE_NR_LEVELS],
		enum mmuscope_level last)
{
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;
	enum mmuscope_level level;

	start(test, &walk, &batch, MMUSCOPE_WANT_VALUE);
	for (level = PGD; level < last; level++)
		KUNIT_EXPECT_EQ(test, 1, meet(&walk, level,
					      MMUSCOPE_KIND_TABLE,
					      raw[level]));
	KUNIT_EXPECT_EQ(test, 0, meet(&walk, last, MMUSCOPE_KIND_LEAF,
				      raw[last]));
	KUNIT_ASSERT_EQ(test, batch.nr, 1u);
	KUNIT_EXPECT_EQ(test, batch.ext[0].level, (u32)last);
	return batch.ext[0].flags & MMUSCOPE_PERM;
}

/* What any one level refuses is refused, and no level gives it back. */
static void permissions_fold(struct kunit *test)
{
	static const enum mmuscope_level lasts[] = { PTE, PMD, PUD };
	enum mmuscope_level level;
	unsigned int i;
	u64 raw[MMUSCOPE_NR_LEVELS];

	for (i = 0; i < ARRAY_SIZE(lasts); i++) {
		memset64(raw, PHYS | USER_TABLE, MMUSCOPE_NR_LEVELS);
		raw[lasts[i]] = PHYS | (lasts[i] == PTE ? USER_LEAF :
							  HUGE_LEAF(USER_LEAF));
		KUNIT_EXPECT_EQ(test, fold(test, raw, lasts[i]),
				MMUSCOPE_PERM);
		for (level = PGD; level <= lasts[i]; level++) {
			bool leaf = level == lasts[i];
			u64 write = leaf ? LEAF_WRITE : TABLE_WRITE;
			u64 user = leaf ? LEAF_USER : TABLE_USER;
			u64 exec = leaf ? LEAF_EXEC : TABLE_EXEC;

			raw[level] ^= write;
			KUNIT_EXPECT_EQ_MSG(test, fold(test, raw, lasts[i]),
					    MMUSCOPE_PERM ^
					    MMUSCOPE_FLAG_WRITE,
					    "level %u", level);
			raw[level] ^= write ^ user;
			KUNIT_EXPECT_EQ_MSG(test, fold(test, raw, lasts[i]),
					    MMUSCOPE_PERM ^ MMUSCOPE_FLAG_USER,
					    "level %u", level);
			raw[level] ^= user ^ exec;
			KUNIT_EXPECT_EQ_MSG(test, fold(test, raw, lasts[i]),
					    MMUSCOPE_PERM ^ MMUSCOPE_FLAG_EXEC,
					    "level %u", level);
			raw[level] ^= exec;
		}
	}
	raw[PGD] ^= TABLE_EXEC;
	raw[P4D] ^= TABLE_WRITE;
	raw[PUD] = PHYS | (USER_TABLE ^ TABLE_USER);
	raw[PTE] = PHYS | USER_LEAF;
	KUNIT_EXPECT_EQ(test, fold(test, raw, PTE), MMUSCOPE_FLAG_READ);
}

/* Folding takes permissions only; in a list of entries each has its own. */
static void what_does_not_fold(struct kunit *test)
{
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;

	start(test, &walk, &batch, MMUSCOPE_WANT_VALUE);
	meet(&walk, PMD, MMUSCOPE_KIND_TABLE, TABLE_LEAST);
	meet(&walk, PTE, MMUSCOPE_KIND_LEAF, PHYS | USER_LEAF | SOFT_DIRTY_BIT);
	KUNIT_EXPECT_EQ(test, batch.ext[0].flags &
			~(MMUSCOPE_FLAG_ZERO | MMUSCOPE_FLAG_EXEC),
			MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ |
			MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_DIRTY |
			SOFT_DIRTY);

	start(test, &walk, &batch,
	      MMUSCOPE_WANT_VALUE | MMUSCOPE_WANT_TABLES);
	walk.addr += 5 * PAGE_SIZE;
	meet(&walk, PMD, MMUSCOPE_KIND_TABLE, TABLE_LEAST);
	meet(&walk, PTE, MMUSCOPE_KIND_LEAF, PHYS | USER_LEAF);
	KUNIT_ASSERT_EQ(test, batch.nr, 2u);
	KUNIT_EXPECT_EQ(test, batch.ext[0].backing,
			(u32)MMUSCOPE_BACKING_TABLE);
	KUNIT_EXPECT_EQ(test, batch.ext[0].start, (u64)BASE);
	KUNIT_EXPECT_EQ(test, batch.ext[0].end, (u64)BASE + PMD_SIZE);
	KUNIT_EXPECT_EQ(test, batch.ext[1].flags & MMUSCOPE_PERM,
			MMUSCOPE_PERM);
	KUNIT_EXPECT_EQ(test, batch.ext[1].start, (u64)BASE + 5 * PAGE_SIZE);
}

/* Who may not see frames sees none, and no trace of them. */
static void hidden(struct kunit *test)
{
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;

	start(test, &walk, &batch, 0);
	meet(&walk, PTE, MMUSCOPE_KIND_LEAF, PHYS | USER_LEAF);
	meet(&walk, PTE, MMUSCOPE_KIND_LEAF, (PHYS + 0x99000) | USER_LEAF);
	meet(&walk, PTE, MMUSCOPE_KIND_LEAF, RAW_SWAP(1, 0x42));
	meet(&walk, PTE, MMUSCOPE_KIND_LEAF, RAW_SWAP(2, 0x99));
	KUNIT_ASSERT_EQ(test, batch.nr, 2u);
	KUNIT_EXPECT_EQ(test, batch.ext[0].end, batch.ext[1].start);
	KUNIT_EXPECT_EQ(test, batch.ext[0].value | batch.ext[1].value, 0ull);
	KUNIT_EXPECT_EQ(test, batch.ext[0].raw | batch.ext[1].raw, 0ull);
	KUNIT_EXPECT_EQ(test, batch.ext[1].backing,
			(u32)MMUSCOPE_BACKING_SWAP);
	KUNIT_EXPECT_EQ(test, batch.ext[1].swap_type, 0u);
}

/* An entry that moves under our eyes is looked at again, but not forever. */
static void unsteady_entry(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;
	u64 slot = 0;
	struct mmuscope_entry entry = {
		.level = PTE, .kind = MMUSCOPE_KIND_LEAF,
		.slot = &slot, .next = BASE + PAGE_SIZE,
	};
	unsigned int tries;

	KUNIT_ASSERT_TRUE(test, page);
	entry.raw = page_to_phys(page) | USER_LEAF;
	start(test, &walk, &batch, MMUSCOPE_WANT_VALUE | MMUSCOPE_WANT_PAGE);
	for (tries = 0; walk.addr == BASE && tries < 100; tries++)
		KUNIT_ASSERT_EQ(test, mmuscope_visit(&walk, &entry), 0);
	KUNIT_EXPECT_GT(test, tries, 1u);
	KUNIT_ASSERT_EQ(test, batch.nr, 1u);
	/* Told without what the struct page would have said. */
	KUNIT_EXPECT_EQ(test, batch.ext[0].flags & MMUSCOPE_FLAG_FILE, 0ull);

	slot = entry.raw;
	walk.addr = BASE + PAGE_SIZE;
	entry.next = BASE + 2 * PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, mmuscope_visit(&walk, &entry), 0);
	KUNIT_ASSERT_EQ(test, batch.nr, 2u);
	KUNIT_EXPECT_EQ(test, batch.ext[1].flags & MMUSCOPE_FLAG_FILE,
			MMUSCOPE_FLAG_FILE);
	__free_page(page);
}

/* A full batch stops the walk where it is; emptied, the walk goes on there. */
static void full_batch(struct kunit *test)
{
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;

	start(test, &walk, &batch, MMUSCOPE_WANT_VALUE);
	batch.max = 1;
	KUNIT_EXPECT_EQ(test, 0, meet(&walk, PMD, MMUSCOPE_KIND_NONE, 0));
	KUNIT_EXPECT_EQ(test, -ENOSPC, meet(&walk, PTE, MMUSCOPE_KIND_LEAF,
					    PHYS | USER_LEAF));
	KUNIT_EXPECT_EQ(test, walk.addr, BASE + PMD_SIZE);
	KUNIT_EXPECT_EQ(test, -ENOSPC, meet(&walk, PTE, MMUSCOPE_KIND_NONE,
					    0));
	KUNIT_EXPECT_EQ(test, walk.addr, BASE + PMD_SIZE);
	mmuscope_batch_empty(&batch);
	KUNIT_EXPECT_EQ(test, 0, meet(&walk, PTE, MMUSCOPE_KIND_LEAF,
				      PHYS | USER_LEAF));
	KUNIT_EXPECT_EQ(test, walk.addr, BASE + PMD_SIZE + PAGE_SIZE);
}

/* Each table and each entry counts once, however often a step passes it. */
static void tables_are_counted(struct kunit *test)
{
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;
	unsigned int i;

	start(test, &walk, &batch, 0);
	for (i = 0; i < 2 * PTRS_PER_PTE; i++) {
		mmuscope_batch_empty(&batch);
		meet(&walk, PUD, MMUSCOPE_KIND_TABLE, USER_TABLE);
		meet(&walk, PMD, MMUSCOPE_KIND_TABLE, USER_TABLE);
		meet(&walk, PTE, i % 4 ? MMUSCOPE_KIND_NONE :
					 MMUSCOPE_KIND_LEAF, USER_LEAF);
	}
	meet(&walk, PMD, MMUSCOPE_KIND_NONE, 0);
	KUNIT_EXPECT_EQ(test, walk.tables[PUD].pages, 1ull);
	KUNIT_EXPECT_EQ(test, walk.tables[PUD].filled, 1ull);
	KUNIT_EXPECT_EQ(test, walk.tables[PMD].pages, 1ull);
	KUNIT_EXPECT_EQ(test, walk.tables[PMD].filled, 2ull);
	KUNIT_EXPECT_EQ(test, walk.tables[PTE].pages, 2ull);
	KUNIT_EXPECT_EQ(test, walk.tables[PTE].filled, 256ull);
	KUNIT_EXPECT_EQ(test, walk.tables[PGD].pages, 0ull);
}

static struct kunit_case visit_cases[] = {
	KUNIT_CASE(permissions_fold),
	KUNIT_CASE(what_does_not_fold),
	KUNIT_CASE(hidden),
	KUNIT_CASE(unsteady_entry),
	KUNIT_CASE(full_batch),
	KUNIT_CASE(tables_are_counted),
	{}
};

struct kunit_suite visit_suite = {
	.name = "visit",
	.test_cases = visit_cases,
};
