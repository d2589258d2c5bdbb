// SPDX-License-Identifier: GPL-2.0-only
/* Which arguments of the calls that make and ask a share are good. */
#include "compat.h"
#include "suites.h"
#include "../../src/module/share.c"

/* target.c, where this is, is no part of the suites. */
bool mmuscope_may_see_frames(const struct file *file)
{
	return true;
}

static const struct mmuscope_share_create good = {
	.bytes = PAGE_SIZE, .node = -1, .mode = 0600,
};

static int create(u64 flags, u64 bytes, u32 shift, u32 mode, const char *name)
{
	struct mmuscope_share_create args = good;

	args.flags = flags;
	args.bytes = bytes;
	args.page_shift = shift;
	args.mode = mode;
	strscpy(args.name, name, sizeof(args.name));
	return create_check(&args);
}

static void creating(struct kunit *test)
{
	const u64 keep = MMUSCOPE_SHARE_KEEP;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, create(0, PAGE_SIZE, 0, 0, ""), 0);
	KUNIT_EXPECT_EQ(test, create(0, PAGE_SIZE, 12, 0777, "a"), 0);
	KUNIT_EXPECT_EQ(test, create(0, PMD_SIZE, PMD_SHIFT, 0, ""), 0);
	KUNIT_EXPECT_EQ(test, create(0, 0, 0, 0, ""), -EINVAL);
	KUNIT_EXPECT_EQ(test, create(0, PAGE_SIZE + 1, 0, 0, ""), -EINVAL);
	KUNIT_EXPECT_EQ(test, create(0, 1ULL << 63, 0, 0, ""), -EINVAL);
	KUNIT_EXPECT_EQ(test, create(0, PMD_SIZE, 13, 0, ""), -EINVAL);
	KUNIT_EXPECT_EQ(test, create(0, PMD_SIZE, PUD_SHIFT, 0, ""), -EINVAL);
	KUNIT_EXPECT_EQ(test, create(0, PMD_SIZE + PAGE_SIZE, PMD_SHIFT, 0, ""),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, create(0, PAGE_SIZE, 0, 01000, ""), -EINVAL);
	KUNIT_EXPECT_EQ(test, create(0, PAGE_SIZE, 0, 0, "a/b"), -EINVAL);
	KUNIT_EXPECT_EQ(test, create(keep, PAGE_SIZE, 0, 0, "a"), 0);
	KUNIT_EXPECT_EQ(test, create(keep, PAGE_SIZE, 0, 0, ""), -EINVAL);
	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_EQ_MSG(test, CREATE_FLAGS >> i & 1 ? 0 : -EINVAL,
				    create(1ULL << i, PAGE_SIZE, 0, 0, "a"),
				    "bit %u", i);
}

static void defaults(struct kunit *test)
{
	struct mmuscope_share_create args = good;

	KUNIT_EXPECT_EQ(test, create_check(&args), 0);
	KUNIT_EXPECT_EQ(test, args.page_shift, (u32)PAGE_SHIFT);
	KUNIT_EXPECT_EQ(test, args.memtype, (u32)MMUSCOPE_MEMTYPE_WB);
	args.bytes = 3 * PMD_SIZE;
	args.page_shift = PMD_SHIFT;
	KUNIT_EXPECT_EQ(test, pages_of(&args).nr, 3ul);
	KUNIT_EXPECT_EQ(test, pages_of(&args).order,
			(unsigned int)(PMD_SHIFT - PAGE_SHIFT));
}

static void opening(struct kunit *test)
{
	struct mmuscope_share_open args = { .name = "a" };
	unsigned int i;

	for (i = 0; i < 64; i++) {
		args.flags = 1ULL << i;
		KUNIT_EXPECT_EQ_MSG(test, open_check(&args),
				    OPEN_FLAGS >> i & 1 ? 0 : -EINVAL,
				    "bit %u", i);
	}
	args = (struct mmuscope_share_open) {};
	KUNIT_EXPECT_EQ(test, open_check(&args), -EINVAL);
	args.name[0] = '/';
	KUNIT_EXPECT_EQ(test, open_check(&args), -EINVAL);
}

static void frames(struct kunit *test)
{
	const struct mmuscope_pages pages = { .nr = 3 };
	static const struct {
		struct mmuscope_share_phys args;
		int err;
	} rows[] = {
		{ { .vec_len = 1 }, 0 },
		{ { .vec_len = 1, .flags = 1 }, -EINVAL },
		{ { .vec_len = 0 }, -EINVAL },
		{ { .vec_len = 1, .vec = 4 }, -EINVAL },
		{ { .vec_len = U64_MAX, .first = 2 }, 0 },
		{ { .vec_len = 1, .first = 3 }, -EINVAL },
		{ { .vec_len = 1, .first = U64_MAX }, -EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, phys_check(&rows[i].args, &pages),
				    rows[i].err, "row %u", i);
}

static struct kunit_case share_cases[] = {
	KUNIT_CASE(creating),
	KUNIT_CASE(defaults),
	KUNIT_CASE(opening),
	KUNIT_CASE(frames),
	{}
};

struct kunit_suite share_suite = {
	.name = "share",
	.test_cases = share_cases,
};
