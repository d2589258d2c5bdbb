/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of scan_kunit.c that is about how long holds and calls may be. */

/* What a walk is bound by: who knows nothing of that is bound by what is usual. */
static void reach_the_walk(struct kunit *test)
{
	struct mm_struct *mm = new_mm(test);
	struct scan *scan = new_scan(test, &good);

	scan_init(scan, mm);
	KUNIT_EXPECT_EQ(test, scan->walk.max_hold, 2048u);
	KUNIT_EXPECT_EQ(test, scan->walk.budget, U64_MAX);
	KUNIT_EXPECT_EQ(test, scan->walk.start, 0x1000ul);
	scan->args.max_hold = 600;
	scan->args.budget = 7;
	scan_init(scan, mm);
	KUNIT_EXPECT_EQ(test, scan->walk.max_hold, 600u);
	KUNIT_EXPECT_EQ(test, scan->walk.budget, 7ull);
}

/* A hold has room for a step, a longer one with looks into the page cache. */
static void bounds(struct kunit *test)
{
	static const struct {
		size_t at;
		u64 to;
		u64 least;
	} rows[] = {
		{ AT(return_mask), 0, 517 },
		{ AT(return_mask), MMUSCOPE_FLAG_THP, 517 },
		{ AT(return_mask), MMUSCOPE_FLAG_CACHED, 1034 },
		{ AT(inverted), MMUSCOPE_FLAG_SWAPPED, 1034 },
		{ AT(mask), MMUSCOPE_FLAG_CACHED, 1034 },
		{ AT(anyof), MMUSCOPE_FLAG_SWAPPED | MMUSCOPE_FLAG_THP, 1034 },
	};
	struct mm_struct *mm = new_mm(test);
	struct mmuscope_scan args;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const u64 good_holds[] = { 0, rows[i].least, rows[i].least + 1, 2047, 2048 };
		const u64 bad_holds[] = {
			1, rows[i].least - 1, 2049, 1ULL << 32, 1ULL << 32 | 2048, ~0ULL,
		};
		unsigned int j;

		args = good;
		*(u64 *)((char *)&args + rows[i].at) = rows[i].to;
		for (j = 0; j < ARRAY_SIZE(good_holds); j++)
			KUNIT_EXPECT_EQ_MSG(test, check_with(&args, mm, AT(max_hold),
							     good_holds[j]),
					    0, "row %u hold %u", i, j);
		for (j = 0; j < ARRAY_SIZE(bad_holds); j++)
			KUNIT_EXPECT_EQ_MSG(test, check_with(&args, mm, AT(max_hold),
							     bad_holds[j]),
					    -EINVAL, "row %u hold %u", i, j);
		KUNIT_EXPECT_EQ(test, check_with(&args, mm, AT(budget), 1), 0);
		KUNIT_EXPECT_EQ(test, check_with(&args, mm, AT(budget), ~0ULL), 0);
	}
	reach_the_walk(test);
}
