// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever the sequence of leaves and however small the batch, taken together
 * the extents are those of a naive model: it looks at two leaves at a time.
 */
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/internal.h"

#define LEAVES	500
#define ROUNDS	40

struct given {
	struct mmuscope_extent leaf;
	bool cut;	/* a VMA begins here */
};

struct world {
	struct rnd_state rnd;
	struct given given[LEAVES];
	struct mmuscope_extent due[LEAVES];
	unsigned int nr_due;
	struct mmuscope_extent got[LEAVES];
	unsigned int nr_got;
};

/* True once in @n. */
static bool once_in(struct world *world, u32 n)
{
	return prandom_u32_state(&world->rnd) % n == 0;
}

static u64 step(const struct mmuscope_extent *leaf)
{
	if (leaf->backing == MMUSCOPE_BACKING_NONE ||
	    leaf->backing == MMUSCOPE_BACKING_MARKER)
		return 0;
	if (leaf->backing == MMUSCOPE_BACKING_SWAP)
		return (leaf->end - leaf->start) / PAGE_SIZE;
	return leaf->end - leaf->start;
}

static void another_kind(struct world *world, struct mmuscope_extent *leaf)
{
	u32 random = prandom_u32_state(&world->rnd);

	leaf->backing = random % MMUSCOPE_BACKING_TABLE;
	leaf->flags = random >> 8 & 3;
	leaf->swap_type = random >> 12 & 1;
	leaf->level = random >> 16 & 3 ? MMUSCOPE_LEVEL_PTE :
					 MMUSCOPE_LEVEL_PMD;
	leaf->value = step(leaf) ? (random >> 20) * PAGE_SIZE : 0;
}

static void make_leaves(struct world *world)
{
	struct mmuscope_extent leaf = { .end = 0x10000000 };
	unsigned int i;

	another_kind(world, &leaf);
	for (i = 0; i < LEAVES; i++) {
		leaf.start = leaf.end;
		if (once_in(world, 12))
			another_kind(world, &leaf);
		else if (step(&leaf) && once_in(world, 12))
			leaf.value += PAGE_SIZE;
		if (once_in(world, 20))
			leaf.start += PMD_SIZE;
		leaf.end = leaf.start + (leaf.level == MMUSCOPE_LEVEL_PMD ?
					 PMD_SIZE : PAGE_SIZE);
		world->given[i].leaf = leaf;
		world->given[i].cut = once_in(world, 15);
		leaf.value += step(&leaf);
	}
}

static bool same_run(const struct given *a, const struct given *b)
{
	return !b->cut && a->leaf.end == b->leaf.start &&
	       a->leaf.level == b->leaf.level &&
	       a->leaf.flags == b->leaf.flags &&
	       a->leaf.backing == b->leaf.backing &&
	       a->leaf.swap_type == b->leaf.swap_type &&
	       a->leaf.value + step(&a->leaf) == b->leaf.value;
}

static void make_due(struct world *world)
{
	unsigned int i;

	world->nr_due = 0;
	for (i = 0; i < LEAVES; i++) {
		if (!i || !same_run(&world->given[i - 1], &world->given[i]))
			world->due[world->nr_due++] = world->given[i].leaf;
		world->due[world->nr_due - 1].end = world->given[i].leaf.end;
	}
}

static void drain(struct world *world, struct mmuscope_batch *batch)
{
	memcpy(&world->got[world->nr_got], batch->ext,
	       batch->nr * sizeof(*batch->ext));
	world->nr_got += batch->nr;
	mmuscope_batch_empty(batch);
}

static void make_got(struct kunit *test, struct world *world,
		     struct mmuscope_batch *batch)
{
	unsigned int i;
	int err;

	world->nr_got = 0;
	for (i = 0; i < LEAVES; i++) {
		batch->cut |= world->given[i].cut;
		err = mmuscope_batch_add(batch, &world->given[i].leaf);
		if (err == -ENOSPC) {
			KUNIT_ASSERT_EQ(test, batch->nr, batch->max);
			drain(world, batch);
			err = mmuscope_batch_add(batch, &world->given[i].leaf);
		}
		KUNIT_ASSERT_EQ(test, err, 0);
	}
	drain(world, batch);
}

static void any_batch_size(struct kunit *test)
{
	static const unsigned int sizes[] = { 1, 2, 3, 7, 96, LEAVES };
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);
	struct mmuscope_batch batch = {};
	unsigned int round, i;

	KUNIT_ASSERT_TRUE(test, world);
	batch.ext = kunit_kcalloc(test, LEAVES, sizeof(*batch.ext), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, batch.ext);

	for (round = 0; round < ROUNDS; round++) {
		prandom_seed_state(&world->rnd, 0x6d6d75ULL + round);
		make_leaves(world);
		make_due(world);
		/* Neither everything merged nor nothing. */
		KUNIT_ASSERT_GT(test, world->nr_due, LEAVES / 20);
		KUNIT_ASSERT_LT(test, world->nr_due, LEAVES / 2);
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			batch.max = sizes[i];
			make_got(test, world, &batch);
			KUNIT_ASSERT_EQ_MSG(test, world->nr_got, world->nr_due,
					    "round %u, batches of %u", round,
					    sizes[i]);
			KUNIT_ASSERT_EQ_MSG(test, 0,
					    memcmp(world->got, world->due,
						   world->nr_due *
						   sizeof(*world->due)),
					    "round %u, batches of %u", round,
					    sizes[i]);
		}
	}
}

/* Bit by bit: whether a category holds of the leaf, the other way if inverted. */
static bool holds(const struct mmuscope_filter *filter,
		  const struct mmuscope_extent *leaf, u64 category)
{
	bool is = leaf->flags & category ||
		  category == MMUSCOPE_CAT_BACKING(leaf->backing) ||
		  category == MMUSCOPE_CAT_LEVEL(leaf->level);

	return is != !!(filter->inverted & category);
}

static bool naive_match(const struct mmuscope_filter *filter,
			const struct mmuscope_extent *leaf)
{
	bool any = !filter->anyof;
	unsigned int i;

	for (i = 0; i < 64; i++) {
		u64 category = 1ULL << i;

		if (filter->mask & category && !holds(filter, leaf, category))
			return false;
		any |= filter->anyof & category && holds(filter, leaf, category);
	}
	return any;
}

/* A few of the bits, of which some are of backings and of levels. */
static u64 few_bits(struct world *world)
{
	u64 bits = 0;

	while (!once_in(world, 2))
		bits |= 1ULL << prandom_u32_state(&world->rnd) % 64;
	return bits;
}

static void any_filter(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);
	struct mmuscope_extent leaf = {};
	struct mmuscope_filter filter;
	unsigned int i, matched = 0;
	bool due;

	KUNIT_ASSERT_TRUE(test, world);
	prandom_seed_state(&world->rnd, 0x6d6d75ULL);
	for (i = 0; i < 20000; i++) {
		leaf.flags = (few_bits(world) | few_bits(world)) &
			     MMUSCOPE_SCAN_FLAGS;
		leaf.backing = prandom_u32_state(&world->rnd) %
			       MMUSCOPE_BACKING_TABLE;
		leaf.level = prandom_u32_state(&world->rnd) %
			     MMUSCOPE_NR_LEVELS;
		filter = (struct mmuscope_filter) {
			.inverted = few_bits(world) | few_bits(world),
			.mask = few_bits(world),
			.anyof = few_bits(world),
		};
		due = naive_match(&filter, &leaf);
		matched += due;
		KUNIT_ASSERT_EQ_MSG(test, due,
				    mmuscope_filter_match(&filter, &leaf),
				    "round %u", i);
	}
	/* Neither all nor none. */
	KUNIT_EXPECT_GT(test, matched, 2000u);
	KUNIT_EXPECT_LT(test, matched, 18000u);
}

static struct kunit_case resume_cases[] = {
	KUNIT_CASE(any_batch_size),
	KUNIT_CASE(any_filter),
	{}
};

struct kunit_suite resume_suite = {
	.name = "resume",
	.test_cases = resume_cases,
};
