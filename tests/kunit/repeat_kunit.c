// SPDX-License-Identifier: GPL-2.0-only
/* Ptes of one frame become one extent where a walk asks for that, else never. */
#include <linux/mm.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/internal.h"

#define BASE	0xffffec0000000000ULL
#define PHYS	0x140000000ULL

static const struct mmuscope_extent ram_leaf = {
	.start = BASE,
	.end = BASE + PAGE_SIZE,
	.value = PHYS,
	.flags = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ,
	.level = MMUSCOPE_LEVEL_PTE,
	.backing = MMUSCOPE_BACKING_RAM,
	.memtype = MMUSCOPE_MEMTYPE_WB,
};

static struct mmuscope_batch new_batch(struct kunit *test)
{
	struct mmuscope_batch batch = { .max = 8 };

	batch.ext = kunit_kcalloc(test, batch.max, sizeof(*batch.ext), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, batch.ext);
	return batch;
}

static struct mmuscope_extent after(const struct mmuscope_extent *leaf, u64 step)
{
	struct mmuscope_extent next = *leaf;

	next.start = leaf->end;
	next.end = leaf->end + (leaf->end - leaf->start);
	next.value += step;
	return next;
}

/* Where that is asked for, ptes of one frame are one extent. */
static void repeats(struct kunit *test)
{
	struct mmuscope_batch batch = new_batch(test);
	struct mmuscope_extent leaf = ram_leaf;
	unsigned int i;

	batch.repeats = true;
	for (i = 0; i < 5; i++, leaf = after(&leaf, i == 5 ? PAGE_SIZE : 0))
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf), 0);
	leaf.memtype = MMUSCOPE_MEMTYPE_UC;
	for (i = 0; i < 2; i++, leaf = after(&leaf, PAGE_SIZE))
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf), 0);
	/* The same frame once more, but what is before is a run. */
	leaf.value -= PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf), 0);
	leaf = after(&leaf, 0);
	leaf.flags |= MMUSCOPE_FLAG_REPEAT;
	leaf.end += PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf), 0);

	KUNIT_ASSERT_EQ(test, batch.nr, 3u);
	KUNIT_EXPECT_EQ(test, batch.ext[0].end, BASE + 5 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, batch.ext[0].flags & MMUSCOPE_FLAG_REPEAT);
	KUNIT_EXPECT_FALSE(test, batch.ext[1].flags & MMUSCOPE_FLAG_REPEAT);
	KUNIT_EXPECT_EQ(test, batch.ext[1].end, BASE + 7 * PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, batch.ext[2].flags & MMUSCOPE_FLAG_REPEAT);
	KUNIT_EXPECT_EQ(test, batch.ext[2].end, BASE + 10 * PAGE_SIZE);
}

/* Neither huge leaves, nor holes, nor what is another frame, kind or place. */
static void no_repeats(struct kunit *test)
{
	struct mmuscope_extent a, b;
	struct mmuscope_batch batch;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		a = ram_leaf;
		if (i == 2)
			a.level = MMUSCOPE_LEVEL_PMD;
		b = after(&a, 0);
		batch = new_batch(test);
		batch.repeats = i != 4;
		if (i == 0)
			b.memtype = MMUSCOPE_MEMTYPE_WC;
		if (i == 1)
			b.flags |= MMUSCOPE_FLAG_WRITE;
		if (i == 3)
			b.start += PAGE_SIZE;
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &a), 0);
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &b), 0);
		KUNIT_EXPECT_EQ_MSG(test, batch.nr, 2u, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, batch.ext[0].flags, a.flags, "row %u", i);
	}
}

static struct kunit_case repeat_cases[] = {
	KUNIT_CASE(repeats),
	KUNIT_CASE(no_repeats),
	{}
};

struct kunit_suite repeat_suite = {
	.name = "repeat",
	.test_cases = repeat_cases,
};
