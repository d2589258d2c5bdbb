// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that are taken as they are, out of a table that the test makes: which
 * are seen as a run, and that nothing is that is none. A frame of the test's own is
 * RAM.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/ram.c"
#include "../../src/module/raw.c"

#define BASE	0x7f4000000000UL
#define WORDS	2048

struct world {
	u64 *table;
	u64 ram;
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;
};

static int new_world(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, world);
	test->priv = world;
	world->batch.word = kunit_kcalloc(test, WORDS, sizeof(u64), GFP_KERNEL);
	world->table = (u64 *)get_zeroed_page(GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, world->batch.word && world->table);
	world->batch.max = WORDS;
	/* Of a block that is large enough for all that a test maps. */
	world->ram = virt_to_phys(world->table) & ~((64ULL << 20) - 1);
	mmuscope_raw_init();
	KUNIT_ASSERT_EQ(test, known, RAW_KNOWN);
	if (!known)
		kunit_skip(test, "an entry does not tell what it is here");
	return 0;
}

static void free_world(struct kunit *test)
{
	struct world *world = test->priv;

	free_page((unsigned long)world->table);
}

static u64 leaf(const struct world *world, unsigned int n)
{
	return (world->ram + n * PAGE_SIZE) | USER_LEAF;
}

static void start(struct world *world)
{
	struct mmuscope_walk *walk = &world->walk;

	mmuscope_batch_empty(&world->batch);
	mmuscope_walk_init(walk, &world->batch, MMUSCOPE_WANT_VALUE);
	walk->perm = MMUSCOPE_PERM;
	walk->in = MMUSCOPE_IN_PLAIN;
	walk->addr = BASE;
}

/* Takes the first @nr entries; how many it took. */
static unsigned int take(struct world *world, unsigned int nr)
{
	start(world);
	if (mmuscope_raw_take(&world->walk, world->table, MMUSCOPE_LEVEL_PTE,
			      BASE + nr * PAGE_SIZE))
		return -1;
	return (world->walk.addr - BASE) / PAGE_SIZE;
}

static void expect_head(struct kunit *test, unsigned int at, unsigned int n,
			enum mmuscope_raw_kind kind, u64 nr)
{
	const struct world *world = test->priv;
	const u64 *word = world->batch.word + at;

	KUNIT_ASSERT_LT(test, at + 1, world->batch.nr);
	KUNIT_EXPECT_EQ(test, word[0],
			MMUSCOPE_RAW_HEAD(BASE + n * PAGE_SIZE, kind,
					  MMUSCOPE_LEVEL_PTE, MMUSCOPE_PERM));
	KUNIT_EXPECT_EQ(test, word[kind == MMUSCOPE_RAW_RUN ? 2 : 1], nr);
}

static void nothing(struct kunit *test)
{
	struct world *world = test->priv;

	KUNIT_EXPECT_EQ(test, take(world, 512), 512u);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 0u);
	KUNIT_EXPECT_EQ(test, world->walk.hold, 512u);
}

static void runs(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned int i;

	for (i = 0; i < 512; i++)
		world->table[i] = leaf(world, i);
	KUNIT_EXPECT_EQ(test, take(world, 512), 512u);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 3u);
	expect_head(test, 0, 0, MMUSCOPE_RAW_RUN, 512);
	KUNIT_EXPECT_EQ(test, world->batch.word[1], leaf(world, 0));

	/* Three are none, and one of them is a hole. */
	world->table[3] = 0;
	world->table[100] = leaf(world, 7000);
	KUNIT_EXPECT_EQ(test, take(world, 512), 512u);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 5u + 3 + 3 + 3);
	expect_head(test, 0, 0, MMUSCOPE_RAW_ENTRIES, 3);
	expect_head(test, 5, 4, MMUSCOPE_RAW_RUN, 96);
	expect_head(test, 8, 100, MMUSCOPE_RAW_ENTRIES, 1);
	expect_head(test, 11, 101, MMUSCOPE_RAW_RUN, 411);
}

/* Takes the first 64 entries, of which only @asked is to be told. */
static int take_asked(struct world *world, u64 asked)
{
	start(world);
	world->walk.keep = ~mmuscope_arch_spare(asked);
	return mmuscope_raw_take(&world->walk, world->table, MMUSCOPE_LEVEL_PTE,
				 BASE + 64 * PAGE_SIZE);
}

/* What is not asked for does not end a run, what is asked for does. */
static void spare_bits(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned int i;

	for (i = 0; i < 64; i++)
		world->table[i] = leaf(world, i) ^ (i % 3 ? 0 : LEAF_DIRTY);
	KUNIT_EXPECT_EQ(test, take(world, 64), 64u);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 66u);
	expect_head(test, 0, 0, MMUSCOPE_RAW_ENTRIES, 64);

	KUNIT_EXPECT_EQ(test, take_asked(world, MMUSCOPE_FLAG_WRITE), 0);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 3u);
	expect_head(test, 0, 0, MMUSCOPE_RAW_RUN, 64);

	/* A bit that tells that too, and more, is not to be left out. */
	world->table[32] = INVALID(world->table[32]);
	KUNIT_EXPECT_EQ(test, take_asked(world, MMUSCOPE_FLAG_WRITE), 0);
	expect_head(test, 0, 0, MMUSCOPE_RAW_RUN, 32);
}

/*
 * In an entry of swap the bits that are accessed, dirty and soft-dirty elsewhere are
 * of the slot, or of something else: none is spare.
 */
static void swap_entries(struct kunit *test)
{
	struct world *world = test->priv;
	u64 spare = mmuscope_arch_spare(0);
	unsigned int i, bit;

	for (i = 0; i < 64; i++)
		world->table[i] = RAW_SWAP(1, 1000 + i);
	KUNIT_EXPECT_EQ(test, take(world, 64), 64u);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 3u);
	expect_head(test, 0, 0, MMUSCOPE_RAW_RUN, 64);

	KUNIT_ASSERT_NE(test, spare, 0ull);
	for (bit = 0; bit < 64; bit++) {
		if (!(spare & BIT_ULL(bit)) || (BIT_ULL(bit) & rules.absent))
			continue;
		world->table[32] = RAW_SWAP(1, 1032) ^ BIT_ULL(bit);
		start(world);
		world->walk.keep = ~spare;
		mmuscope_raw_take(&world->walk, world->table, MMUSCOPE_LEVEL_PTE,
				  BASE + 64 * PAGE_SIZE);
		expect_head(test, 0, 0, MMUSCOPE_RAW_RUN, 32);
	}
}

/* What an entry alone does not tell is left, and so is what follows it. */
static void left(struct kunit *test)
{
	struct world *world = test->priv;
	const u64 others[] = {
		PROT_NONE_PTE(world->ram),
		0xfffffff000ULL << 12 | USER_LEAF,	/* beyond all RAM */
		RAW_SWAP(MAX_SWAPFILES, 5),		/* no swap */
	};
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		for (n = 0; n < 64; n++)
			world->table[n] = leaf(world, n * 3);
		world->table[20] = others[i];
		KUNIT_EXPECT_EQ(test, take(world, 64), 20u);
		KUNIT_EXPECT_EQ(test, world->batch.nr, 22u);
	}
	start(world);
	world->walk.in = 0;
	KUNIT_EXPECT_EQ(test, 0, mmuscope_raw_take(&world->walk, world->table,
						   MMUSCOPE_LEVEL_PTE,
						   BASE + 64 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, world->walk.addr, BASE);
}

/* The room that is asked for is enough for what takes most of it. */
static void room(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned int i;

	for (i = 0; i < 512; i += 2)
		world->table[i] = leaf(world, i * 5);
	KUNIT_EXPECT_EQ(test, take(world, 512), 512u);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 3u * 256);
	world->batch.max = 2 * 512 + 4;
	KUNIT_EXPECT_EQ(test, take(world, 512), 512u);
	KUNIT_EXPECT_LE(test, world->batch.nr, world->batch.max);
	world->batch.max--;
	KUNIT_EXPECT_EQ(test, take(world, 512), (unsigned int)-1);
	world->batch.max = WORDS;
}

/*
 * The blocks, taken apart, are the table again: entry by entry, in order. None is in no
 * block.
 */
static void unpack(struct kunit *test, u64 *to)
{
	const struct world *world = test->priv;
	const u64 *word = world->batch.word, *end = word + world->batch.nr;
	unsigned int n, i, nr;

	while (word < end) {
		n = (MMUSCOPE_RAW_ADDR(word[0]) - BASE) / PAGE_SIZE;
		if (MMUSCOPE_RAW_KIND(word[0]) == MMUSCOPE_RAW_RUN) {
			nr = word[2];
			for (i = 0; i < nr && n + i < 512; i++)
				to[n + i] = word[1] + i *
					(is_leaf(word[1], MMUSCOPE_LEVEL_PTE) ?
					 PAGE_SIZE : rules.swap_step);
			word += 3;
		} else {
			nr = word[1];
			for (i = 0; i < nr && n + i < 512; i++) {
				KUNIT_EXPECT_NE(test, word[2 + i], 0ull);
				to[n + i] = word[2 + i];
			}
			word += 2 + nr;
		}
	}
}

static u64 random_entry(const struct world *world, struct rnd_state *rnd, u64 last)
{
	u32 any = prandom_u32_state(rnd) >> 3;

	switch (any % 8) {
	case 0:
		last = 0;
		break;
	case 1:
		last = leaf(world, any / 8 % 8192);
		break;
	case 2:
		last = RAW_SWAP(any / 8 % 2, 1 + any / 16 % 9999);
		break;
	case 3:
		last ^= is_leaf(last, MMUSCOPE_LEVEL_PTE) ? LEAF_DIRTY : 0;
		break;
	default:
		if (last)
			last += is_leaf(last, MMUSCOPE_LEVEL_PTE) ?
				PAGE_SIZE : rules.swap_step;
	}
	return last;
}

/* Swap of the first area, where an entry that is none looks like one of its own. */
static void swap_lines(struct kunit *test)
{
	struct world *world = test->priv;
	u64 *back = kunit_kcalloc(test, 512, sizeof(u64), GFP_KERNEL);
	unsigned int type, hole, i;

	KUNIT_ASSERT_TRUE(test, back);
	for (type = 0; type < 2; type++) {
		for (hole = 16; hole < 48; hole++) {
			for (i = 0; i < 512; i++)
				world->table[i] = i % 64 == hole ? 0 :
						  RAW_SWAP(type, 1 + i * 773 % 9999);
			KUNIT_ASSERT_EQ(test, take(world, 512), 512u);
			/* Two parts of 64 entries each, but for the hole. */
			KUNIT_EXPECT_EQ(test, world->batch.nr, 512u - 8 + 2 * 9);
			memset(back, 0, PAGE_SIZE);
			unpack(test, back);
			KUNIT_ASSERT_EQ(test, 0, memcmp(back, world->table, PAGE_SIZE));
		}
	}
	world->table[100] = RAW_SWAP(0, 5);
	world->table[200] = RAW_SWAP(MAX_SWAPFILES, 5);
	KUNIT_EXPECT_EQ(test, take(world, 512), 200u);
}

static void any_table(struct kunit *test)
{
	struct world *world = test->priv;
	u64 *back = kunit_kcalloc(test, 512, sizeof(u64), GFP_KERNEL);
	unsigned int round, i;
	struct rnd_state rnd;
	u64 last = 0;

	prandom_seed_state(&rnd, 1);
	KUNIT_ASSERT_TRUE(test, back);
	for (round = 0; round < 500; round++) {
		for (i = 0; i < 512; i++) {
			last = random_entry(world, &rnd, last);
			world->table[i] = last;
		}
		KUNIT_ASSERT_EQ(test, take(world, 512), 512u);
		memset(back, 0, PAGE_SIZE);
		unpack(test, back);
		KUNIT_ASSERT_EQ_MSG(test, 0, memcmp(back, world->table, PAGE_SIZE),
				    "round %u", round);
	}
}

static struct kunit_case raw_cases[] = {
	KUNIT_CASE(nothing),
	KUNIT_CASE(runs),
	KUNIT_CASE(spare_bits),
	KUNIT_CASE(swap_entries),
	KUNIT_CASE(left),
	KUNIT_CASE(room),
	KUNIT_CASE(swap_lines),
	KUNIT_CASE(any_table),
	{}
};

struct kunit_suite raw_suite = {
	.name = "raw",
	.init = new_world,
	.exit = free_world,
	.test_cases = raw_cases,
};
