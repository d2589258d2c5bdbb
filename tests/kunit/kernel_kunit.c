// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descent of the kernel's half on tables that the test makes: where it ends,
 * what it never follows, and tables that stand for one another.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/pgtable.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/kernel.c"

#define PGD	MMUSCOPE_LEVEL_PGD
#define PUD	MMUSCOPE_LEVEL_PUD
#define PMD	MMUSCOPE_LEVEL_PMD
#define PTE	MMUSCOPE_LEVEL_PTE

#define SLOT	0x151UL		/* of all levels */

struct world {
	struct mm_struct *mm;
	u64 *table[MMUSCOPE_NR_LEVELS];
	struct mmuscope_walk walk;
	struct mmuscope_batch batch;
	unsigned long addr;
};

static u64 entry_of(const u64 *table, u64 bits)
{
	return virt_to_phys((void *)table) | bits;
}

/* One way down, through the same slot of each table. */
static int new_world(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);
	enum mmuscope_level level;

	KUNIT_ASSERT_TRUE(test, world);
	test->priv = world;
	world->mm = current->active_mm;
	world->addr = 0;
	for (level = PGD; level <= PTE; level++) {
		world->table[level] = (u64 *)get_zeroed_page(GFP_KERNEL);
		KUNIT_ASSERT_TRUE(test, world->table[level]);
	}
	for (level = PGD; level < PTE; level = mmuscope_level_below(level)) {
		world->table[level][SLOT] =
			entry_of(world->table[mmuscope_level_below(level)],
				 KERNEL_TABLE);
		world->addr |= SLOT << mmuscope_level_shift(level);
	}
	world->addr |= SLOT << PAGE_SHIFT | mmuscope_arch_kernel_start();
	return mmuscope_batch_alloc(&world->batch);
}

static void old_world(struct kunit *test)
{
	struct world *world = test->priv;
	enum mmuscope_level level;

	for (level = PGD; level <= PTE; level++)
		free_page((unsigned long)world->table[level]);
	mmuscope_batch_free(&world->batch);
}

/* Walks [@addr, @end) and returns how many entries that took. */
static u64 go(struct kunit *test, unsigned long addr, unsigned long end)
{
	struct world *world = test->priv;

	mmuscope_batch_empty(&world->batch);
	mmuscope_walk_init(&world->walk, &world->batch, MMUSCOPE_WANT_VALUE);
	world->batch.repeats = true;
	world->walk.mm = world->mm;
	world->walk.in = MMUSCOPE_IN_PFNMAP | MMUSCOPE_IN_KERNEL;
	world->walk.addr = addr;
	world->walk.end = end;
	while (world->walk.addr < end)
		KUNIT_ASSERT_EQ(test, kernel_step(&world->walk, world->table[PGD],
						  end), 0);
	KUNIT_EXPECT_EQ(test, world->walk.addr, end);
	return world->walk.hold;
}

static const struct mmuscope_extent *one(struct kunit *test, unsigned long size)
{
	struct world *world = test->priv;
	unsigned long addr = world->addr & ~(size - 1);

	go(test, addr, addr + size);
	KUNIT_ASSERT_EQ(test, world->batch.nr, 1u);
	KUNIT_EXPECT_EQ(test, world->batch.ext[0].start, addr);
	KUNIT_EXPECT_EQ(test, world->batch.ext[0].end, addr + size);
	return world->batch.ext;
}

static void leaf_of_each_level(struct kunit *test)
{
	struct world *world = test->priv;
	const struct mmuscope_extent *ext;

	world->table[PTE][SLOT] = 0x1000 | KERNEL_LEAF;
	ext = one(test, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ext->level, PTE);
	KUNIT_EXPECT_EQ(test, ext->value, 0x1000ULL);
	world->table[PMD][SLOT] = 0x200000 | HUGE_LEAF(KERNEL_LEAF);
	ext = one(test, PMD_SIZE);
	KUNIT_EXPECT_EQ(test, ext->level, PMD);
	KUNIT_EXPECT_EQ(test, ext->value, 0x200000ULL);
	world->table[PUD][SLOT] = 0x40000000 | HUGE_LEAF(KERNEL_LEAF);
	ext = one(test, PUD_SIZE);
	KUNIT_EXPECT_EQ(test, ext->level, PUD);
	KUNIT_EXPECT_EQ(test, ext->value, 0x40000000ULL);
	world->table[PGD][SLOT] = 0;
	KUNIT_EXPECT_EQ(test, one(test, PUD_SIZE)->level, PGD);
}

/* Wherever there is no memory: device registers, the end of the machine. */
static void tables_out_of_memory(struct kunit *test)
{
	const u64 wild[] = { 0xfee00000, 0xfffffff000, 1ULL << 45 };
	struct world *world = test->priv;
	const struct mmuscope_extent *ext;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wild); i++) {
		world->table[PMD][SLOT] = wild[i] | KERNEL_TABLE;
		ext = one(test, PMD_SIZE);
		KUNIT_EXPECT_EQ(test, ext->level, PMD);
		KUNIT_EXPECT_EQ(test, ext->backing, MMUSCOPE_BACKING_NONE);
		KUNIT_EXPECT_EQ(test, ext->flags, MMUSCOPE_FLAG_BAD);
	}
}

/* set_memory_np() leaves the rest of the entry. */
static void not_present(struct kunit *test)
{
	struct world *world = test->priv;
	const struct mmuscope_extent *ext;

	world->table[PTE][SLOT] = 0x1000 | INVALID(KERNEL_LEAF);
	ext = one(test, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ext->backing, MMUSCOPE_BACKING_NONE);
	KUNIT_EXPECT_EQ(test, ext->flags, 0ULL);
}

/* All of the PUD's entries lead to one pte, as under KASAN. */
static void all_the_same(struct world *world)
{
	unsigned int i;

	for (i = 0; i < PTRS_PER_PTE; i++) {
		world->table[PTE][i] = 0x5000 | KERNEL_LEAF;
		world->table[PMD][i] = entry_of(world->table[PTE], KERNEL_TABLE);
		world->table[PUD][i] = entry_of(world->table[PMD], KERNEL_TABLE);
	}
}

static void same_tables(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned long size = PUD_SIZE * PTRS_PER_PUD;
	unsigned long addr = world->addr & ~(size - 1);
	const struct mmuscope_extent *ext = world->batch.ext;

	all_the_same(world);
	KUNIT_EXPECT_LE(test, go(test, addr, addr + size), 5ULL);
	KUNIT_ASSERT_EQ(test, world->batch.nr, 1u);
	KUNIT_EXPECT_EQ(test, ext->end, addr + size);
	KUNIT_EXPECT_EQ(test, ext->level, PTE);
	KUNIT_EXPECT_EQ(test, ext->value, 0x5000ULL);
	KUNIT_EXPECT_TRUE(test, ext->flags & MMUSCOPE_FLAG_REPEAT);
	/* From the middle on it is no different. */
	KUNIT_EXPECT_LE(test, go(test, addr + 0x123000, addr + size), 5ULL);
	KUNIT_EXPECT_EQ(test, ext->start, addr + 0x123000);
	/* Another leaf anywhere is found. */
	world->table[PTE][7] = 0x6000 | KERNEL_LEAF;
	go(test, addr, addr + PMD_SIZE);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 3u);
	KUNIT_EXPECT_EQ(test, ext[1].value, 0x6000ULL);
}

/* What only some of them allow matters unless the leaf forbids it. */
static void same_but_for_permissions(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned long size = PUD_SIZE * 2;
	unsigned long addr = world->addr & ~(PUD_SIZE * PTRS_PER_PUD - 1);

	all_the_same(world);
	world->table[PMD][0] ^= TABLE_USER;
	KUNIT_EXPECT_LE(test, go(test, addr, addr + size), 5ULL);
	KUNIT_EXPECT_EQ(test, world->batch.nr, 1u);
	world->table[PMD][9] ^= TABLE_WRITE;
	go(test, addr, addr + 16 * PMD_SIZE);
	KUNIT_ASSERT_EQ(test, world->batch.nr, 3u);
	KUNIT_EXPECT_EQ(test, world->batch.ext[1].start, addr + 9 * PMD_SIZE);
	KUNIT_EXPECT_EQ(test, world->batch.ext[1].end, addr + 10 * PMD_SIZE);
	KUNIT_EXPECT_FALSE(test, world->batch.ext[1].flags & MMUSCOPE_FLAG_WRITE);
}

/* What is read in a row ends before an entry that leads on. */
static void row_before_a_table(struct kunit *test)
{
	struct world *world = test->priv;
	unsigned long size = PMD_SIZE * PTRS_PER_PMD;
	unsigned long addr = world->addr & ~(size - 1);
	const struct mmuscope_extent *ext = world->batch.ext;

	world->table[PTE][SLOT] = 0x1000 | KERNEL_LEAF;
	go(test, addr, addr + size);
	KUNIT_ASSERT_EQ(test, world->batch.nr, 5u);
	KUNIT_EXPECT_EQ(test, ext[0].level, PMD);
	KUNIT_EXPECT_EQ(test, ext[0].end, addr + SLOT * PMD_SIZE);
	KUNIT_EXPECT_EQ(test, ext[2].start, world->addr);
	KUNIT_EXPECT_EQ(test, ext[2].value, 0x1000ULL);
	KUNIT_EXPECT_EQ(test, ext[4].end, addr + size);
}

/* The way there is read again, and looked for anew if it is another one. */
static void way_is_read_again(struct kunit *test)
{
	struct world *world = test->priv;
	struct descent d;

	world->table[PTE][SLOT] = 0x1000 | KERNEL_LEAF;
	world->walk.mm = world->mm;
	world->walk.addr = world->addr;
	descend(&d, &world->walk, world->table[PGD], world->addr + PAGE_SIZE);
	KUNIT_EXPECT_TRUE(test, still_leads_there(&d));
	world->table[PMD][SLOT] = 0;
	KUNIT_EXPECT_FALSE(test, still_leads_there(&d));
	world->table[PMD][SLOT] = entry_of(world->table[PTE], KERNEL_TABLE);
	KUNIT_EXPECT_TRUE(test, still_leads_there(&d));
	world->table[PGD][SLOT] ^= TABLE_USER;
	KUNIT_EXPECT_FALSE(test, still_leads_there(&d));
}

/* 2^64 is no address. */
static void the_end(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mmuscope_level_end(-PMD_SIZE, PMD, PAGE_MASK), PAGE_MASK);
	KUNIT_EXPECT_EQ(test, mmuscope_level_end(PAGE_MASK - PAGE_SIZE, PTE, PAGE_MASK),
			PAGE_MASK);
	KUNIT_EXPECT_EQ(test, mmuscope_level_end(0x1000, PMD, PAGE_MASK), PMD_SIZE);
	KUNIT_EXPECT_EQ(test, mmuscope_level_end(0x1000, PMD, 0x3000), 0x3000ul);
}

static struct kunit_case kernel_cases[] = {
	KUNIT_CASE(leaf_of_each_level),
	KUNIT_CASE(tables_out_of_memory),
	KUNIT_CASE(not_present),
	KUNIT_CASE(same_tables),
	KUNIT_CASE(same_but_for_permissions),
	KUNIT_CASE(row_before_a_table),
	KUNIT_CASE(way_is_read_again),
	KUNIT_CASE(the_end),
	{}
};

struct kunit_suite kernel_suite = {
	.name = "kernel",
	.init = new_world,
	.exit = old_world,
	.test_cases = kernel_cases,
};
