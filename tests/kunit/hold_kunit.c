// SPDX-License-Identifier: GPL-2.0-only
/* When a hold, or a call, has read enough. */
#include <linux/limits.h>
#include <linux/pgtable.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/internal.h"

/* What a step reads at most. */
#define STEP_MAX	(PTRS_PER_PTE + MMUSCOPE_NR_LEVELS)

/* After how many entries a hold ends: then a step might not fit any more. */
static void full_hold(struct kunit *test)
{
	static const struct {
		unsigned int want;
		unsigned int max_hold;
		u64 budget;
		u64 entries;	/* before */
		unsigned int hold;
	} rows[] = {
		{ 0, MMUSCOPE_HOLD_MAX, U64_MAX, 0, MMUSCOPE_HOLD_MAX - STEP_MAX + 1 },
		{ 0, MMUSCOPE_HOLD_MAX, U64_MAX, 1ULL << 40, MMUSCOPE_HOLD_MAX - STEP_MAX + 1 },
		{ 0, STEP_MAX + 100, U64_MAX, 0, 101 },
		{ 0, STEP_MAX, U64_MAX, 0, 1 },
		{ MMUSCOPE_WANT_CACHE, 2 * STEP_MAX, U64_MAX, 0, 1 },
		{ MMUSCOPE_WANT_CACHE, 2 * STEP_MAX + 9, U64_MAX, 0, 10 },
		{ 0, MMUSCOPE_HOLD_MAX, 50, 0, 50 },
		{ 0, MMUSCOPE_HOLD_MAX, 50, 40, 10 },
		{ 0, MMUSCOPE_HOLD_MAX, 1, 0, 1 },
		{ 0, STEP_MAX + 100, 150, 0, 101 },
		{ 0, STEP_MAX + 100, 150, 100, 50 },
	};
	struct mmuscope_batch batch = {};
	struct mmuscope_walk walk;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		mmuscope_walk_init(&walk, &batch, rows[i].want);
		KUNIT_EXPECT_EQ(test, walk.max_hold, 2048u);
		KUNIT_EXPECT_EQ(test, walk.budget, U64_MAX);
		walk.max_hold = rows[i].max_hold;
		walk.budget = rows[i].budget;
		walk.cost.entries = rows[i].entries;
		walk.hold = rows[i].hold - 1;
		KUNIT_EXPECT_FALSE_MSG(test, mmuscope_hold_is_full(&walk), "row %u", i);
		walk.hold = rows[i].hold;
		KUNIT_EXPECT_TRUE_MSG(test, mmuscope_hold_is_full(&walk), "row %u", i);
	}
}

/* A budget is enough when it is spent, but not before the walk came on. */
static void spent_budget(struct kunit *test)
{
	struct mmuscope_walk walk = {
		.addr = 0x2000, .start = 0x1000, .budget = 10,
		.cost.entries = 9, .cost.holds = 1,
	};

	KUNIT_EXPECT_FALSE(test, mmuscope_walk_is_over(&walk));
	walk.cost.entries = 10;
	KUNIT_EXPECT_TRUE(test, mmuscope_walk_is_over(&walk));
	walk.addr = walk.start;
	KUNIT_EXPECT_FALSE(test, mmuscope_walk_is_over(&walk));
	walk.cost.entries = 1000;
	KUNIT_EXPECT_FALSE(test, mmuscope_walk_is_over(&walk));
}

static struct kunit_case hold_cases[] = {
	KUNIT_CASE(full_hold),
	KUNIT_CASE(spent_budget),
	{}
};

struct kunit_suite hold_suite = {
	.name = "hold",
	.test_cases = hold_cases,
};
