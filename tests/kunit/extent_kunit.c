// SPDX-License-Identifier: GPL-2.0-only
/* Leaves merge into the extents that they should, whatever the batch. */
#include <linux/anon_inodes.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/prandom.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/extent.c"

#define BASE	0x7f0000000000ULL
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

/* A batch of @max extents of test-managed memory. */
static struct mmuscope_batch new_batch(struct kunit *test, unsigned int max)
{
	struct mmuscope_batch batch = { .max = max };

	batch.ext = kunit_kcalloc(test, max, sizeof(*batch.ext), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, batch.ext);
	return batch;
}

/* The leaf of the same size that follows @leaf, @step higher in value. */
static struct mmuscope_extent after(const struct mmuscope_extent *leaf,
				    u64 step)
{
	struct mmuscope_extent next = *leaf;

	next.start = leaf->end;
	next.end = leaf->end + (leaf->end - leaf->start);
	next.value += step;
	return next;
}

/* How many extents a leaf and the one after it make. */
static unsigned int extents_of(struct kunit *test,
			       const struct mmuscope_extent *a,
			       const struct mmuscope_extent *b)
{
	struct mmuscope_batch batch = new_batch(test, 2);

	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, a), 0);
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, b), 0);
	KUNIT_EXPECT_EQ(test, batch.ext[0].start, a->start);
	KUNIT_EXPECT_EQ(test, batch.ext[0].value, a->value);
	KUNIT_EXPECT_EQ(test, batch.ext[batch.nr - 1].end, b->end);
	return batch.nr;
}

/* With each backing: by how much the value must grow from page to page. */
static void step_by_backing(struct kunit *test)
{
	static const struct {
		u32 backing;
		u64 step, wrong;
	} rows[] = {
		{ MMUSCOPE_BACKING_RAM, PAGE_SIZE, 1 },
		{ MMUSCOPE_BACKING_RAM, PAGE_SIZE, 0 },
		{ MMUSCOPE_BACKING_RAM, PAGE_SIZE, -PAGE_SIZE },
		{ MMUSCOPE_BACKING_RAM, PAGE_SIZE, 2 * PAGE_SIZE },
		{ MMUSCOPE_BACKING_MMIO, PAGE_SIZE, 0 },
		{ MMUSCOPE_BACKING_DEVICE, PAGE_SIZE, 1 },
		{ MMUSCOPE_BACKING_MIGRATION, PAGE_SIZE, 1 },
		{ MMUSCOPE_BACKING_POISON, PAGE_SIZE, 0 },
		{ MMUSCOPE_BACKING_SWAP, 1, PAGE_SIZE },
		{ MMUSCOPE_BACKING_SWAP, 1, 0 },
		{ MMUSCOPE_BACKING_SWAP, 1, -1 },
		{ MMUSCOPE_BACKING_NONE, 0, 1 },
		{ MMUSCOPE_BACKING_MARKER, 0, PAGE_SIZE },
	};
	struct mmuscope_extent a, b;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		a = ram_leaf;
		a.backing = rows[i].backing;
		b = after(&a, rows[i].step);
		KUNIT_EXPECT_EQ_MSG(test, extents_of(test, &a, &b), 1u,
				    "row %u", i);
		b = after(&a, rows[i].wrong);
		KUNIT_EXPECT_EQ_MSG(test, extents_of(test, &a, &b), 2u,
				    "row %u", i);
	}
}

/* A long run: the growth counts from the start of the extent. */
static void long_runs(struct kunit *test)
{
	static const struct {
		u32 backing;
		u64 size, step;
	} rows[] = {
		{ MMUSCOPE_BACKING_RAM, PAGE_SIZE, PAGE_SIZE },
		{ MMUSCOPE_BACKING_RAM, PMD_SIZE, PMD_SIZE },
		{ MMUSCOPE_BACKING_RAM, PUD_SIZE, PUD_SIZE },
		{ MMUSCOPE_BACKING_SWAP, PAGE_SIZE, 1 },
		{ MMUSCOPE_BACKING_SWAP, PMD_SIZE, PTRS_PER_PMD },
		{ MMUSCOPE_BACKING_NONE, PMD_SIZE, 0 },
	};
	struct mmuscope_extent leaf;
	struct mmuscope_batch batch;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		batch = new_batch(test, 1);
		leaf = ram_leaf;
		leaf.backing = rows[i].backing;
		leaf.end = leaf.start + rows[i].size;
		for (j = 0; j < 1000; j++) {
			KUNIT_ASSERT_EQ_MSG(test, 0,
					    mmuscope_batch_add(&batch, &leaf),
					    "row %u leaf %u", i, j);
			leaf = after(&leaf, rows[i].step);
		}
		KUNIT_EXPECT_EQ(test, batch.ext[0].value, ram_leaf.value);
		KUNIT_EXPECT_EQ(test, batch.ext[0].end,
				BASE + 1000 * rows[i].size);
	}
}

/* Whatever else tells two leaves apart keeps them apart, raw bits aside. */
static void every_field_splits(struct kunit *test)
{
	struct mmuscope_extent a = ram_leaf, b;

#define EXPECT_SPLIT(field, other)					\
	do {								\
		b = after(&a, PAGE_SIZE);				\
		b.field = other;					\
		KUNIT_EXPECT_EQ_MSG(test, extents_of(test, &a, &b), 2u,	\
				    "%s", #field);			\
	} while (0)

	EXPECT_SPLIT(level, MMUSCOPE_LEVEL_PMD);
	EXPECT_SPLIT(backing, MMUSCOPE_BACKING_MMIO);
	EXPECT_SPLIT(flags, a.flags | MMUSCOPE_FLAG_DIRTY);
	EXPECT_SPLIT(flags, a.flags | MMUSCOPE_FLAG_SHARED);
	EXPECT_SPLIT(softleaf, MMUSCOPE_SOFTLEAF_SWAP);
	EXPECT_SPLIT(marker, MMUSCOPE_MARKER_GUARD);
	EXPECT_SPLIT(swap_type, 1);
	EXPECT_SPLIT(order, 9);
	EXPECT_SPLIT(memtype, MMUSCOPE_MEMTYPE_WC);
	EXPECT_SPLIT(pkey, 15);
	EXPECT_SPLIT(start, a.end + PAGE_SIZE);
#undef EXPECT_SPLIT

	b = after(&a, PAGE_SIZE);
	b.raw = a.raw + 42;
	KUNIT_EXPECT_EQ(test, extents_of(test, &a, &b), 1u);
}

static void never_across_vmas(struct kunit *test)
{
	struct mmuscope_batch batch = new_batch(test, 3);
	struct mmuscope_extent leaf = ram_leaf;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		batch.cut |= i == 3;
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf), 0);
		leaf = after(&leaf, PAGE_SIZE);
	}
	KUNIT_EXPECT_EQ(test, batch.nr, 2u);
	KUNIT_EXPECT_EQ(test, batch.ext[0].end, BASE + 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, batch.ext[1].end, BASE + 6 * PAGE_SIZE);
}

static void single_keeps_apart(struct kunit *test)
{
	struct mmuscope_batch batch = new_batch(test, 3);
	struct mmuscope_extent leaf = ram_leaf;
	unsigned int i;

	batch.single = true;
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf), 0);
		leaf = after(&leaf, PAGE_SIZE);
	}
	KUNIT_EXPECT_EQ(test, batch.nr, 3u);
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf), -ENOSPC);
}

/* A full batch merges on, refuses a new extent, and is then as it was. */
static void full_batch(struct kunit *test)
{
	struct mmuscope_batch batch = new_batch(test, 2);
	struct mmuscope_extent a = ram_leaf, b, c;

	b = after(&a, 5 * PAGE_SIZE);
	KUNIT_ASSERT_EQ(test, mmuscope_batch_add(&batch, &a), 0);
	KUNIT_ASSERT_EQ(test, mmuscope_batch_add(&batch, &b), 0);
	c = after(&b, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &c), 0);
	KUNIT_EXPECT_EQ(test, batch.ext[1].end, c.end);

	c = after(&c, 5 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &c), -ENOSPC);
	KUNIT_EXPECT_EQ(test, batch.nr, 2u);
	KUNIT_EXPECT_EQ(test, batch.ext[1].end, c.start);

	/* Refused because a VMA begins: that must not be forgotten. */
	c.value = b.value + (c.start - b.start);
	batch.cut = true;
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &c), -ENOSPC);
	KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &c), -ENOSPC);
}

/* Categories go the way of PAGEMAP_SCAN: invert, then all of, then any of. */
static void filter_algebra(struct kunit *test)
{
	const u64 present = MMUSCOPE_FLAG_PRESENT, dirty = MMUSCOPE_FLAG_DIRTY;
	const u64 ram = MMUSCOPE_CAT_BACKING(MMUSCOPE_BACKING_RAM);
	const u64 swap = MMUSCOPE_CAT_BACKING(MMUSCOPE_BACKING_SWAP);
	const u64 pte = MMUSCOPE_CAT_LEVEL(MMUSCOPE_LEVEL_PTE);
	const u64 pmd = MMUSCOPE_CAT_LEVEL(MMUSCOPE_LEVEL_PMD);
	const struct {
		struct mmuscope_filter filter;
		bool match;	/* of a clean RAM pte */
	} rows[] = {
		{ { 0 }, true },
		{ { .mask = present }, true },
		{ { .mask = dirty }, false },
		{ { .mask = present | dirty }, false },
		{ { .mask = dirty, .inverted = dirty }, true },
		{ { .mask = present | dirty, .inverted = dirty }, true },
		{ { .mask = present, .inverted = present }, false },
		{ { .inverted = present | dirty }, true },
		{ { .anyof = present | dirty }, true },
		{ { .anyof = dirty }, false },
		{ { .anyof = dirty | swap }, false },
		{ { .anyof = dirty | swap, .inverted = swap }, true },
		{ { .anyof = present, .inverted = present }, false },
		{ { .mask = present, .anyof = dirty }, false },
		{ { .mask = dirty, .anyof = present }, false },
		{ { .mask = ram | pte }, true },
		{ { .mask = swap }, false },
		{ { .mask = pmd }, false },
		{ { .anyof = pmd | pte }, true },
		{ { .mask = pmd, .inverted = pmd }, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, rows[i].match,
				    mmuscope_filter_match(&rows[i].filter,
							  &ram_leaf),
				    "row %u", i);
}

/* What is filtered out leaves a gap; flags not asked for do not split. */
static void filter_in_a_batch(struct kunit *test)
{
	const struct mmuscope_filter filter = {
		.mask = MMUSCOPE_FLAG_PRESENT,
		.ret = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_DIRTY,
	};
	struct mmuscope_batch batch = new_batch(test, 3);
	struct mmuscope_extent leaf[4] = { ram_leaf };
	unsigned int i;

	for (i = 1; i < 4; i++)
		leaf[i] = after(&leaf[i - 1], PAGE_SIZE);
	leaf[1].flags |= MMUSCOPE_FLAG_ACCESSED;
	leaf[2].flags = 0;
	batch.filter = &filter;
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&batch, &leaf[i]), 0);
	KUNIT_ASSERT_EQ(test, batch.nr, 2u);
	KUNIT_EXPECT_EQ(test, batch.ext[0].end, leaf[2].start);
	KUNIT_EXPECT_EQ(test, batch.ext[0].flags, MMUSCOPE_FLAG_PRESENT);
	KUNIT_EXPECT_EQ(test, batch.ext[1].start, leaf[3].start);
}

/* Two layouts of the same pages look the same to who may not see frames. */
static void hidden_frames(struct kunit *test)
{
	struct mmuscope_batch near = new_batch(test, 4);
	struct mmuscope_batch far = new_batch(test, 4);
	struct mmuscope_extent a = ram_leaf, b = ram_leaf;
	unsigned int i;

	near.any_value = true;
	far.any_value = true;
	for (i = 0; i < 8; i++) {
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&near, &a), 0);
		KUNIT_EXPECT_EQ(test, mmuscope_batch_add(&far, &b), 0);
		a = after(&a, PAGE_SIZE);
		b = after(&b, (i * i + 3) * PAGE_SIZE);
	}
	KUNIT_EXPECT_EQ(test, near.nr, 1u);
	KUNIT_EXPECT_EQ(test, far.nr, 1u);
	KUNIT_EXPECT_EQ(test, near.ext[0].end, far.ext[0].end);
}

static void alloc_and_empty(struct kunit *test)
{
	static const struct file_operations fops;
	struct file *file = anon_inode_getfile("kunit", &fops, NULL, O_RDONLY);
	struct mmuscope_batch batch = { .single = true };
	unsigned int count;

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	count = d_count(file->f_path.dentry);
	KUNIT_ASSERT_EQ(test, mmuscope_batch_alloc(&batch), 0);
	KUNIT_EXPECT_GE(test, batch.max, 1u);
	KUNIT_EXPECT_GE(test, batch.max_vma, 2u);
	KUNIT_EXPECT_TRUE(test, batch.single);

	batch.nr = 1;
	batch.nr_vma = 2;	/* the first without a file */
	batch.vma[1].path = file->f_path;
	path_get(&batch.vma[1].path);
	mmuscope_batch_empty(&batch);
	KUNIT_EXPECT_EQ(test, batch.nr, 0u);
	KUNIT_EXPECT_EQ(test, batch.nr_vma, 0u);
	KUNIT_EXPECT_EQ(test, d_count(file->f_path.dentry), count);

	batch.nr_vma = 1;
	batch.vma[0].path = file->f_path;
	path_get(&batch.vma[0].path);
	mmuscope_batch_free(&batch);
	KUNIT_EXPECT_EQ(test, d_count(file->f_path.dentry), count);
	KUNIT_EXPECT_PTR_EQ(test, batch.ext, NULL);
	KUNIT_EXPECT_PTR_EQ(test, batch.vma, NULL);
	fput(file);
}

static struct kunit_case extent_cases[] = {
	KUNIT_CASE(step_by_backing),
	KUNIT_CASE(long_runs),
	KUNIT_CASE(every_field_splits),
	KUNIT_CASE(never_across_vmas),
	KUNIT_CASE(single_keeps_apart),
	KUNIT_CASE(full_batch),
	KUNIT_CASE(filter_algebra),
	KUNIT_CASE(filter_in_a_batch),
	KUNIT_CASE(hidden_frames),
	KUNIT_CASE(alloc_and_empty),
	{}
};

struct kunit_suite extent_suite = {
	.name = "extent",
	.test_cases = extent_cases,
};
