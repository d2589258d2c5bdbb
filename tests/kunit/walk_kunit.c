// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walker on page tables that the test makes: where a walk ends at each
 * level, and that it never goes where an entry does not lead.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/maple_tree.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/walk.c"
#include "../../src/module/descent.c"

#define PGD	MMUSCOPE_LEVEL_PGD
#define P4D	MMUSCOPE_LEVEL_P4D
#define PUD	MMUSCOPE_LEVEL_PUD
#define PMD	MMUSCOPE_LEVEL_PMD
#define PTE	MMUSCOPE_LEVEL_PTE

/* No two levels have the same slot, and none has slot 0. */
#define SLOT(level)	(0x41UL + (level))
#define TOP(addr)	((addr) & (1UL << mmuscope_level_shift(PGD)) - 1)

/* One table of each level; the pgd has the user's copy after it. */
struct world {
	struct mm_struct *mm;
	u64 *table[MMUSCOPE_NR_LEVELS];
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;
	unsigned long addr;
};

static enum mmuscope_level above(enum mmuscope_level level)
{
	level--;
	return level == P4D && !FIVE_LEVELS ? PGD : level;
}

static void link_table(struct world *world, enum mmuscope_level level, u64 bits)
{
	world->table[level][SLOT(level)] =
		virt_to_phys(world->table[level + 1]) | bits;
	if (level == PGD && !FIVE_LEVELS)
		world->table[PGD][SLOT(PGD)] =
			virt_to_phys(world->table[PUD]) | bits;
}

static u64 *new_table(unsigned int order)
{
	return (u64 *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
}

static int new_world(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);
	enum mmuscope_level level;

	KUNIT_ASSERT_TRUE(test, world);
	test->priv = world;
	world->mm = kunit_kzalloc(test, sizeof(*world->mm), GFP_KERNEL);
	world->batch.max = 8;
	world->batch.ext = kunit_kcalloc(test, world->batch.max,
					 sizeof(*world->batch.ext), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, world->mm && world->batch.ext);
	init_rwsem(&world->mm->mmap_lock);
	for (level = PGD; level <= PTE; level++) {
		world->table[level] = new_table(level == PGD);
		KUNIT_ASSERT_TRUE(test, world->table[level]);
		if (level != P4D || FIVE_LEVELS)
			world->addr |= SLOT(level) <<
				       mmuscope_level_shift(level);
	}
	for (level = PGD; level < PTE; level++)
		link_table(world, level, USER_TABLE);
	world->mm->pgd = (pgd_t *)world->table[PGD];
	test_has_pti = false;
	return 0;
}

static void free_world(struct kunit *test)
{
	struct world *world = test->priv;
	enum mmuscope_level level;

	for (level = PGD; level <= PTE; level++)
		free_pages((unsigned long)world->table[level], level == PGD);
	test_has_pti = false;
}

/* What one step from the address on tells; @size bytes are left to walk. */
static const struct mmuscope_extent *step(struct kunit *test, unsigned long size)
{
	struct world *world = test->priv;

	mmuscope_batch_empty(&world->batch);
	mmuscope_walk_init(&world->walk, &world->batch, MMUSCOPE_WANT_VALUE);
	world->walk.mm = world->mm;
	world->walk.addr = world->addr;
	KUNIT_ASSERT_EQ(test, mmuscope_descend(&world->walk, world->addr + size), 0);
	KUNIT_ASSERT_GE(test, world->batch.nr, 1u);
	KUNIT_EXPECT_EQ(test, world->batch.ext[0].start, (u64)world->addr);
	return world->batch.ext;
}

/* Each level in turn has the entry @raw, below tables that are in order. */
static void at_each_level(struct kunit *test, u64 raw, u64 flags)
{
	struct world *world = test->priv;
	const struct mmuscope_extent *ext;
	enum mmuscope_level level;
	unsigned long size;
	u64 saved, *slot;

	for (level = PTE; ; level = above(level)) {
		size = 1UL << mmuscope_level_shift(level);
		slot = &world->table[level][SLOT(level)];
		saved = *slot;
		*slot = raw;
		slot[1] = level == PUD ? BAD_PUD : 1;
		ext = step(test, size);
		KUNIT_EXPECT_EQ(test, ext->level, (u32)level);
		KUNIT_EXPECT_EQ(test, ext->backing, (u32)MMUSCOPE_BACKING_NONE);
		KUNIT_EXPECT_EQ(test, ext->flags, flags);
		/* To the end of the slot's span. */
		KUNIT_EXPECT_EQ(test, ext->end, round_down(world->addr, size) + size);
		KUNIT_EXPECT_EQ(test, world->walk.addr, ext[world->batch.nr - 1].end);
		/* Or to the end of the range, on through what is none, too. */
		slot[1] = 0;
		ext = step(test, size);
		KUNIT_EXPECT_EQ(test, ext->end, world->addr + size);
		ext = step(test, PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, ext->end, world->addr + PAGE_SIZE);
		*slot = saved;
		if (level == PGD)
			break;
	}
}

static void none_at_each_level(struct kunit *test)
{
	at_each_level(test, 0, 0);
}

/* Bits that no table has: the walk must not take the rest for an address. */
static void bad_at_each_level(struct kunit *test)
{
	struct world *world = test->priv;

	/* A pte has no such thing as bad bits. */
	world->table[PTE][SLOT(PTE)] = 0;
	KUNIT_EXPECT_EQ(test, step(test, PAGE_SIZE)->flags, 0ull);
	if (BAD_PMD) {
		world->table[PMD][SLOT(PMD)] = BAD_PMD;
		KUNIT_EXPECT_EQ(test, step(test, PAGE_SIZE)->flags,
				MMUSCOPE_FLAG_BAD);
		KUNIT_EXPECT_EQ(test, step(test, PAGE_SIZE)->level, (u32)PMD);
	}
	world->table[PUD][SLOT(PUD)] = BAD_PUD;
	KUNIT_EXPECT_EQ(test, step(test, PAGE_SIZE)->flags, MMUSCOPE_FLAG_BAD);
	KUNIT_EXPECT_EQ(test, step(test, PAGE_SIZE)->level, (u32)PUD);
	world->table[PGD][SLOT(PGD)] = BAD_PGD;
	KUNIT_EXPECT_EQ(test, step(test, PAGE_SIZE)->flags, MMUSCOPE_FLAG_BAD);
	KUNIT_EXPECT_EQ(test, step(test, PAGE_SIZE)->level, (u32)PGD);
}

/* A whole pte table in one step, from any slot to its end. */
static void pte_table(struct kunit *test)
{
	struct world *world = test->priv;
	const struct mmuscope_extent *ext;
	unsigned int i;

	for (i = SLOT(PTE); i < PTRS_PER_PTE; i++)
		world->table[PTE][i] = (0x123400000 + i * PAGE_SIZE) | USER_LEAF;
	world->table[PTE][SLOT(PTE) + 3] = 0;
	ext = step(test, round_up(world->addr, PMD_SIZE) - world->addr);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 3u);
	KUNIT_EXPECT_EQ(test, ext[0].level, (u32)PTE);
	KUNIT_EXPECT_EQ(test, ext[0].end, world->addr + 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ext[0].value,
			0x123400000 + SLOT(PTE) * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ext[1].backing, (u32)MMUSCOPE_BACKING_NONE);
	KUNIT_EXPECT_EQ(test, ext[2].start, world->addr + 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ext[2].end,
			round_up(world->addr, PMD_SIZE));
}

/* Huge leaves, and what of them lies before the address is not told. */
static void huge_leaves(struct kunit *test)
{
	struct world *world = test->priv;
	const struct mmuscope_extent *ext;
	unsigned long into;

	into = world->addr & ~PMD_MASK;
	world->table[PMD][SLOT(PMD)] = 0x123400000 | HUGE_LEAF(USER_LEAF);
	ext = step(test, PUD_SIZE);
	KUNIT_EXPECT_EQ(test, ext->level, (u32)PMD);
	KUNIT_EXPECT_EQ(test, ext->value, 0x123400000 + into);
	KUNIT_EXPECT_EQ(test, ext->end, round_up(world->addr, PMD_SIZE));

	into = world->addr & ~PUD_MASK;
	world->table[PUD][SLOT(PUD)] = 0x140000000 | HUGE_LEAF(USER_LEAF);
	ext = step(test, PMD_SIZE);
	KUNIT_EXPECT_EQ(test, ext->level, (u32)PUD);
	KUNIT_EXPECT_EQ(test, ext->value, 0x140000000 + into);
	KUNIT_EXPECT_EQ(test, ext->end, world->addr + PMD_SIZE);
}

/* A huge migration entry leads to no table. */
static void huge_migration(struct kunit *test)
{
	struct world *world = test->priv;
	const struct mmuscope_extent *ext;
	swp_entry_t entry = make_readable_migration_entry(0x123400);

	world->table[PMD][SLOT(PMD)] = pmd_val(swp_entry_to_pmd(entry));
	ext = step(test, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ext->level, (u32)PMD);
	KUNIT_EXPECT_EQ(test, ext->backing, (u32)MMUSCOPE_BACKING_MIGRATION);
	KUNIT_EXPECT_EQ(test, ext->value,
			0x123400000 + (world->addr & ~PMD_MASK));
}

/* With isolation the kernel's pgd has NX, which is not for user mode. */
static void isolated_pgd(struct kunit *test)
{
	struct world *world = test->priv;
	u64 *kernel = &world->table[PGD][SLOT(PGD)];
	u64 *user = kernel + USER_PGD;

	if (!USER_PGD)
		kunit_skip(test, "user mode has no pgd of its own here");
	world->table[PTE][SLOT(PTE)] = 0x123400000 | USER_LEAF;
	*user = *kernel;
	*kernel |= TABLE_EXEC;
	test_has_pti = true;
	KUNIT_EXPECT_TRUE(test, step(test, PAGE_SIZE)->flags &
			  MMUSCOPE_FLAG_EXEC);
	test_has_pti = false;
	KUNIT_EXPECT_FALSE(test, step(test, PAGE_SIZE)->flags &
			   MMUSCOPE_FLAG_EXEC);
}

/* @nr VMAs of one page, each @step pages after the last, from @start on. */
static void add_areas(struct kunit *test, unsigned long start, unsigned int nr,
		      unsigned int step)
{
	struct world *world = test->priv;
	struct vm_area_struct *area = kunit_kcalloc(test, nr, sizeof(*area),
						    GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, area);
	for (i = 0; i < nr; i++, start += step * PAGE_SIZE) {
		area[i].vm_start = start;
		area[i].vm_end = start + PAGE_SIZE;
		KUNIT_ASSERT_EQ(test, 0,
				mtree_store_range(&world->mm->mm_mt, start,
						  start + PAGE_SIZE - 1,
						  &area[i], GFP_KERNEL));
	}
}

/* Ready to walk @pages pages, which all are there, outside of the VMAs. */
static void begin_outside(struct kunit *test, unsigned int pages)
{
	struct world *world = test->priv;
	unsigned int i;

	mt_init_flags(&world->mm->mm_mt, 0);
	world->mm->task_size = TASK_SIZE_MAX;
	for (i = 0; i < PTRS_PER_PTE; i++)
		world->table[PTE][i] = (0x123400000 + i * PAGE_SIZE) | USER_LEAF;
	world->batch.max_vma = 1;
	world->batch.vma = kunit_kzalloc(test, sizeof(*world->batch.vma),
					 GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, world->batch.vma);
	mmuscope_walk_init(&world->walk, &world->batch, MMUSCOPE_WANT_VALUE);
	world->walk.mm = world->mm;
	world->walk.addr = world->addr;
	world->walk.end = world->addr + pages * PAGE_SIZE;
}

/* The real lock cannot be asked for, as these VMAs are nobody's. */
static int hold_outside(struct world *world)
{
	int err;

	world->walk.hold = 0;
	rcu_read_lock();
	err = walk_outside(&world->walk);
	rcu_read_unlock();
	cond_resched();
	return err;
}

static void outside(struct kunit *test)
{
	struct world *world = test->priv;
	int err;

	do {
		err = hold_outside(world);
	} while (err == -EAGAIN);
	KUNIT_EXPECT_EQ(test, err, 0);
	mtree_destroy(&world->mm->mm_mt);
}

/* Of eight pages the 3rd, 5th and 7th have a VMA. */
static void between_vmas(struct kunit *test)
{
	static const unsigned int holes[][2] = {
		{ 0, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 },
	};
	struct world *world = test->priv;
	unsigned int i;

	begin_outside(test, 8);
	add_areas(test, world->addr + 2 * PAGE_SIZE, 3, 2);
	outside(test);
	KUNIT_ASSERT_EQ(test, world->batch.nr, (unsigned int)ARRAY_SIZE(holes));
	for (i = 0; i < ARRAY_SIZE(holes); i++) {
		KUNIT_EXPECT_EQ(test, world->batch.ext[i].start,
				(u64)world->addr + holes[i][0] * PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, world->batch.ext[i].end,
				(u64)world->addr + holes[i][1] * PAGE_SIZE);
	}
	KUNIT_EXPECT_EQ(test, world->batch.nr_vma, 1u);
	KUNIT_EXPECT_EQ(test, world->batch.vma->vma.start, 0ull);
	KUNIT_EXPECT_EQ(test, world->batch.vma->vma.end, (u64)TASK_SIZE_MAX);
	KUNIT_EXPECT_EQ(test, world->batch.vma->vma.flags, 0ull);
}

static void no_hole(struct kunit *test)
{
	struct world *world = test->priv;

	begin_outside(test, 8);
	add_areas(test, world->addr, 8, 1);
	outside(test);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 0u);
}

/* The range is longer than what the process can have. */
static void end_of_task(struct kunit *test)
{
	struct world *world = test->priv;

	begin_outside(test, 8);
	world->mm->task_size = world->addr + 4 * PAGE_SIZE;
	outside(test);
	KUNIT_ASSERT_EQ(test, world->batch.nr, 1u);
	KUNIT_EXPECT_EQ(test, world->batch.ext[0].end,
			(u64)world->addr + 4 * PAGE_SIZE);
	world->walk.addr = world->walk.end - PAGE_SIZE;
	world->batch.nr_vma = 0;
	outside(test);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 1u);
	KUNIT_EXPECT_EQ(test, world->batch.nr_vma, 0u);
}

/* VMAs without a hole between them keep the lock no longer than entries do. */
static void many_vmas(struct kunit *test)
{
	const unsigned int nr = MMUSCOPE_HOLD_MAX - STEP_MAX + 100;
	struct world *world = test->priv;

	begin_outside(test, nr);
	add_areas(test, world->addr, nr, 1);
	KUNIT_EXPECT_EQ(test, hold_outside(world), -EAGAIN);
	KUNIT_EXPECT_EQ(test, world->walk.addr,
			world->addr + world->walk.hold * PAGE_SIZE);
	KUNIT_EXPECT_LE(test, world->walk.hold, MMUSCOPE_HOLD_MAX - STEP_MAX + 1u);
	outside(test);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 0u);
}

static struct kunit_case walk_cases[] = {
	KUNIT_CASE(none_at_each_level),
	KUNIT_CASE(bad_at_each_level),
	KUNIT_CASE(pte_table),
	KUNIT_CASE(huge_leaves),
	KUNIT_CASE(huge_migration),
	KUNIT_CASE(isolated_pgd),
	KUNIT_CASE(between_vmas),
	KUNIT_CASE(no_hole),
	KUNIT_CASE(end_of_task),
	KUNIT_CASE(many_vmas),
	{}
};

struct kunit_suite walk_suite = {
	.name = "walk",
	.init = new_world,
	.exit = free_world,
	.test_cases = walk_cases,
};
