// SPDX-License-Identifier: GPL-2.0-only
/* What is granted is exactly that, once, and nothing when it is taken back. */
#include "compat.h"
#include "suites.h"
#include "../../src/module/grant.c"

#define PHYS	0xfe000000ULL
#define ARRAY	{ .vec = 0x1000, .vec_size = sizeof(struct mmuscope_mmio_grant) }

/* Group 0 is that of who runs the tests. */
static struct grant grant_like(u64 phys, u32 gid)
{
	return (struct grant) {
		.phys = phys,
		.bytes = PAGE_SIZE,
		.widths = MMUSCOPE_WIDTHS,
		.gid = KGIDT_INIT(gid),
	};
}

static void give(struct kunit *test, struct grant grant)
{
	KUNIT_EXPECT_EQ(test, grant_add(&grant), 0);
}

static void arguments(struct kunit *test)
{
	static const struct {
		struct mmuscope_mmio_grant args;
		int err;
	} rows[] = {
		{ { .phys = PHYS, .bytes = 1 }, 0 },
		{ { .phys = PHYS, .bytes = 1, .widths = 0xf }, 0 },
		{ { .phys = PHYS, .bytes = 1, .widths = 0x10 }, -EINVAL },
		{ { .phys = PHYS, .bytes = 1, .flags = 3 }, 0 },
		{ { .phys = PHYS, .bytes = 0 }, -EINVAL },
		{ { .phys = -PAGE_SIZE, .bytes = PAGE_SIZE - 1 }, 0 },
		{ { .phys = -PAGE_SIZE, .bytes = PAGE_SIZE }, -EINVAL },
		{ { .phys = 2, .bytes = U64_MAX }, -EINVAL },
	};
	struct mmuscope_mmio_grant args = rows[0].args;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, grant_check(&rows[i].args),
				    rows[i].err, "row %u", i);
	for (i = 0; i < 64; i++) {
		args.flags = 1ULL << i;
		KUNIT_EXPECT_EQ_MSG(test, grant_check(&args),
				    i < 2 ? 0 : -EINVAL, "bit %u", i);
	}
}

static void arrays(struct kunit *test)
{
	struct mmuscope_mmio_grants args = ARRAY;
	const u64 size = args.vec_size;

	KUNIT_EXPECT_EQ(test, grants_check(&args), 0);
	args.vec_size = PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, grants_check(&args), 0);
	args.vec_size = PAGE_SIZE + 8;
	KUNIT_EXPECT_EQ(test, grants_check(&args), -EINVAL);
	args.vec_size = size - 8;
	KUNIT_EXPECT_EQ(test, grants_check(&args), -EINVAL);
	args.vec_size = size + 4;
	KUNIT_EXPECT_EQ(test, grants_check(&args), -EINVAL);
	args.vec_size = size;
	args.vec += 4;
	KUNIT_EXPECT_EQ(test, grants_check(&args), -EINVAL);
	args = (struct mmuscope_mmio_grants)ARRAY;
	args.flags = 1;
	KUNIT_EXPECT_EQ(test, grants_check(&args), -EINVAL);
}

static void once(struct kunit *test)
{
	struct grant grant = grant_like(PHYS, 0);
	struct grant other = grant_like(PHYS, 1);

	KUNIT_EXPECT_EQ(test, grant_remove(&grant), -ENOENT);
	give(test, grant);
	grant.widths = 1;
	KUNIT_EXPECT_EQ(test, grant_add(&grant), -EEXIST);
	give(test, other);
	grant.bytes++;
	KUNIT_EXPECT_EQ(test, grant_remove(&grant), -ENOENT);
	grant.bytes--;
	KUNIT_EXPECT_EQ(test, grant_remove(&grant), 0);
	KUNIT_EXPECT_EQ(test, grant_remove(&grant), -ENOENT);
	KUNIT_EXPECT_EQ(test, grant_remove(&other), 0);
	KUNIT_EXPECT_EQ(test, nr_grants, 0u);
}

/* Whichever goes, the others stay. */
static void full(struct kunit *test)
{
	struct grant more = grant_like(0, 0);
	unsigned int i;

	for (i = 0; i < GRANT_MAX; i++)
		give(test, grant_like(PHYS + i * PAGE_SIZE, 0));
	KUNIT_EXPECT_EQ(test, grant_add(&more), -ENOSPC);
	for (i = 0; i < GRANT_MAX; i += 2) {
		more = grant_like(PHYS + i * PAGE_SIZE, 0);
		KUNIT_EXPECT_EQ(test, grant_remove(&more), 0);
	}
	for (i = 0; i < GRANT_MAX; i++)
		KUNIT_EXPECT_EQ_MSG(test, i % 2 ? MMUSCOPE_WIDTHS : 0,
				    mmuscope_grant_find(PHYS + i * PAGE_SIZE,
							PAGE_SIZE, true),
				    "grant %u", i);
}

static void found(struct kunit *test)
{
	struct grant reading = grant_like(PHYS, 0);

	reading.flags = MMUSCOPE_GRANT_READONLY;
	reading.widths = 4;
	give(test, reading);
	give(test, grant_like(PHYS, 1));
	KUNIT_EXPECT_EQ(test, mmuscope_grant_find(PHYS, PAGE_SIZE, false), 4u);
	KUNIT_EXPECT_EQ(test, mmuscope_grant_find(PHYS, PAGE_SIZE, true), 0u);
	KUNIT_EXPECT_EQ(test, mmuscope_grant_find(PHYS, PAGE_SIZE - 1, false),
			0u);
	KUNIT_EXPECT_EQ(test, mmuscope_grant_find(PHYS + 1, PAGE_SIZE, false),
			0u);
}

/* All that touch the range, and those that only border on it not. */
static void revoked(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 5; i++)
		give(test, grant_like(PHYS + i * PAGE_SIZE, 0));
	mmuscope_grant_revoke(PHYS + PAGE_SIZE + 1, PHYS + 3 * PAGE_SIZE + 1);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ_MSG(test, i == 0 || i == 4 ? MMUSCOPE_WIDTHS : 0,
				    mmuscope_grant_find(PHYS + i * PAGE_SIZE,
							PAGE_SIZE, true),
				    "grant %u", i);
	mmuscope_grant_revoke(PHYS + PAGE_SIZE, PHYS + 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, nr_grants, 2u);
	mmuscope_grant_revoke(0, U64_MAX);
	KUNIT_EXPECT_EQ(test, nr_grants, 0u);
}

static void told(struct kunit *test)
{
	struct mmuscope_mmio_grant to;
	struct grant grant = grant_like(PHYS, 7);

	grant.flags = MMUSCOPE_GRANT_READONLY;
	grant.widths = 2;
	grant_tell(&to, &grant);
	KUNIT_EXPECT_EQ(test, to.phys, PHYS);
	KUNIT_EXPECT_EQ(test, to.bytes, (u64)PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, to.gid, 7u);
	KUNIT_EXPECT_EQ(test, to.widths, 2u);
	KUNIT_EXPECT_EQ(test, to.flags, MMUSCOPE_GRANT_READONLY);
}

static struct kunit_case grant_cases[] = {
	KUNIT_CASE(arguments),
	KUNIT_CASE(arrays),
	KUNIT_CASE(once),
	KUNIT_CASE(full),
	KUNIT_CASE(found),
	KUNIT_CASE(revoked),
	KUNIT_CASE(told),
	{}
};

static void nothing_granted(struct kunit *test)
{
	nr_grants = 0;
}

struct kunit_suite grant_suite = {
	.name = "grant",
	.exit = nothing_granted,
	.test_cases = grant_cases,
};
