// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each bit of an arm64 entry means, bit by bit as the Arm Architecture
 * Reference Manual numbers them: nothing here is taken from the tables under test.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <asm/cpufeature.h>
#include "compat.h"
#include "suites.h"

/* Isolation and execute-only are as the test wants it, whatever the processor. */
bool test_has_pti;
static bool has_epan;
#define arm64_kernel_unmapped_at_el0()	test_has_pti
#define cpus_have_cap(cap)		((cap) == ARM64_HAS_EPAN && has_epan)

#include "../../src/module/arch_arm64.c"
#include "../../src/module/arch_raw_arm64.c"

#define V	(1ULL << 0)
#define AP1	(1ULL << 6)
#define AP2	(1ULL << 7)
#define SH	(3ULL << 8)
#define AF	(1ULL << 10)
#define NG	(1ULL << 11)

#define PTE	MMUSCOPE_LEVEL_PTE
#define PMD	MMUSCOPE_LEVEL_PMD
#define PUD	MMUSCOPE_LEVEL_PUD

#define P	MMUSCOPE_FLAG_PRESENT
#define R	MMUSCOPE_FLAG_READ
#define W	MMUSCOPE_FLAG_WRITE
#define X	MMUSCOPE_FLAG_EXEC
#define U	MMUSCOPE_FLAG_USER

static const enum mmuscope_level leaf_levels[] = { PTE, PMD, PUD };

static u64 leaf_flags(u64 raw, enum mmuscope_level level)
{
	return mmuscope_arch_flags(level == PTE ? raw | 2 : raw, level, false,
				   0);
}

/* Each bit alone on top of a page that the kernel may only read. */
static void leaf_bits(struct kunit *test)
{
	static const struct {
		unsigned int bit;
		u64 flags;
	} rows[] = {
		{ 2, 0 }, { 3, 0 }, { 4, 0 }, { 5, 0 },
		{ 10, MMUSCOPE_FLAG_ACCESSED },
		{ 12, 0 }, { 30, 0 }, { 47, 0 },
		{ 50, MMUSCOPE_FLAG_GUARDED },
		{ 51, W },
		{ 52, MMUSCOPE_FLAG_CONT },
		{ 55, MMUSCOPE_FLAG_DIRTY },
		{ 59, 0 }, { 62, 0 }, { 63, 0 },
	};
	const u64 raw = V | AP2 | SH | NG | PXN | UXN;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(leaf_levels); i++) {
		KUNIT_EXPECT_EQ(test, leaf_flags(raw, leaf_levels[i]), P | R);
		for (j = 0; j < ARRAY_SIZE(rows); j++)
			KUNIT_EXPECT_EQ_MSG(test, P | R | rows[j].flags,
					    leaf_flags(raw | 1ULL << rows[j].bit,
						       leaf_levels[i]),
					    "level %u bit %u", leaf_levels[i],
					    rows[j].bit);
		KUNIT_EXPECT_EQ(test, leaf_flags(raw ^ NG, leaf_levels[i]),
				P | R | MMUSCOPE_FLAG_GLOBAL);
		KUNIT_EXPECT_EQ(test, leaf_flags(raw ^ SH, leaf_levels[i]),
				P | R | MMUSCOPE_FLAG_NON_SHAREABLE);
		KUNIT_EXPECT_EQ(test, leaf_flags(raw ^ 1 << 8, leaf_levels[i]),
				P | R);
	}
	/* Bit 56 is the kernel's own and has a meaning in a pte only. */
	KUNIT_EXPECT_EQ(test, leaf_flags(raw | 1ULL << 56, PTE),
			P | R | MMUSCOPE_FLAG_SPECIAL);
	KUNIT_EXPECT_EQ(test, leaf_flags(raw | 1ULL << 56, PMD), P | R);
}

/* All that AP[2:1], DBM, PXN and UXN can say together. */
static void permissions(struct kunit *test)
{
	static const struct {
		u64 raw, flags;
	} rows[] = {
		/* a page of the kernel's */
		{ PXN | UXN | AP2, R },
		{ PXN | UXN, R | W },
		{ PXN | UXN | AP2 | DBM, R | W },
		{ UXN | AP2, R | X },
		{ UXN, R | W | X },
		/* of user mode, whatever PXN is */
		{ AP1 | PXN | UXN | AP2, R | U },
		{ AP1 | UXN | AP2, R | U },
		{ AP1 | PXN | UXN, R | W | U },
		{ AP1 | PXN | UXN | AP2 | DBM, R | W | U },
		{ AP1 | PXN | AP2, R | X | U },
		{ AP1 | AP2, R | X | U },
		{ AP1 | PXN, R | W | X | U },
		/* to be executed only, though the kernel could write it */
		{ PXN | AP2, X | U },
		{ PXN, X | U },
		{ PXN | AP2 | DBM, X | U },
		{ AP2, X | U },
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(leaf_levels); i++)
		for (j = 0; j < ARRAY_SIZE(rows); j++)
			KUNIT_EXPECT_EQ_MSG(test, P | rows[j].flags,
					    leaf_flags(V | SH | NG | rows[j].raw,
						       leaf_levels[i]) &
					    ~MMUSCOPE_FLAG_DIRTY,
					    "level %u row %u", leaf_levels[i],
					    j);
}

/* Dirty is what the kernel notes, or what is writable and not read-only. */
static void dirty(struct kunit *test)
{
	const u64 soft = 1ULL << 55;
	const struct {
		u64 raw;
		bool dirty;
	} rows[] = {
		{ AP2, false }, { AP2 | DBM, false }, { DBM, true }, { 0, false },
		{ soft | AP2, true }, { soft | AP2 | DBM, true },
		{ soft | DBM, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, rows[i].dirty,
				    !!(leaf_flags(V | SH | UXN | rows[i].raw,
						  PTE) & MMUSCOPE_FLAG_DIRTY),
				    "row %u", i);
}

/* Without V no access is possible, whatever the other bits say. */
static void prot_none_bits(struct kunit *test)
{
	const u64 page = pgprot_val(PAGE_NONE) & ~(AF | 2);
	const u64 none = P | MMUSCOPE_FLAG_PROT_NONE;
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, page & V);
	for (i = 0; i < ARRAY_SIZE(leaf_levels); i++) {
		KUNIT_EXPECT_EQ(test, leaf_flags(page, leaf_levels[i]), none);
		KUNIT_EXPECT_EQ(test, leaf_flags(page | AF | 1ULL << 55 |
						 1ULL << 52, leaf_levels[i]),
				none | MMUSCOPE_FLAG_ACCESSED |
				MMUSCOPE_FLAG_DIRTY);
		/* An entry that nobody calls present says nothing at all. */
		KUNIT_EXPECT_EQ(test, 0ull,
				mmuscope_arch_flags(RAW_SWAP(1, 0x123),
						    leaf_levels[i], false, 0));
	}
}

/* In an entry that points to a table other bits speak, of one of the halves. */
static void table_bits(struct kunit *test)
{
	static const enum mmuscope_level levels[] = {
		MMUSCOPE_LEVEL_PGD, MMUSCOPE_LEVEL_P4D, PUD, PMD,
	};
	const u64 all = P | R | W | X | U;
	const struct {
		u64 raw, user, kernel;
	} rows[] = {
		{ 0, all, all },
		{ 1ULL << 59, all, all ^ X },
		{ 1ULL << 60, all ^ X, all },
		{ 1ULL << 61, all ^ U, all ^ U },
		{ 1ULL << 62, all ^ W, all ^ W },
		{ AF, all | MMUSCOPE_FLAG_ACCESSED,
		  all | MMUSCOPE_FLAG_ACCESSED },
		{ AP1 | AP2 | SH | NG | DBM | PXN | UXN | 7ULL << 55, all, all },
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(levels); i++)
		for (j = 0; j < ARRAY_SIZE(rows); j++) {
			KUNIT_EXPECT_EQ_MSG(test, rows[j].user,
					    mmuscope_arch_flags(3 | rows[j].raw,
								levels[i], true,
								0),
					    "level %u row %u", levels[i], j);
			KUNIT_EXPECT_EQ_MSG(test, rows[j].kernel,
					    mmuscope_arch_flags(3 | rows[j].raw,
								levels[i], true,
								MMUSCOPE_IN_KERNEL),
					    "level %u row %u", levels[i], j);
		}
}

static void what_may_be_read(struct kunit *test)
{
	const u64 data = MMUSCOPE_VMA_READ | MMUSCOPE_VMA_WRITE;

	has_epan = false;
	KUNIT_EXPECT_EQ(test, mmuscope_arch_reads(), data | MMUSCOPE_VMA_EXEC);
	has_epan = true;
	KUNIT_EXPECT_EQ(test, mmuscope_arch_reads(), data);
	has_epan = false;
	KUNIT_EXPECT_FALSE(test, mmuscope_arch_exec_reads());
}

static void tags(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, mmuscope_arch_untagged(0x0000ffff12345678),
			0x0000ffff12345678ull);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_untagged(0xa500ffff12345678),
			0x0000ffff12345678ull);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_untagged(0xffff800012345678),
			0xffff800012345678ull);
}

static void user_pgd(struct kunit *test)
{
	pgd_t slot;

	test_has_pti = true;
	KUNIT_EXPECT_PTR_EQ(test, mmuscope_arch_user_pgd(&slot), &slot);
	test_has_pti = false;
	KUNIT_EXPECT_PTR_EQ(test, mmuscope_arch_user_pgd(&slot), &slot);
}

static void info(struct kunit *test)
{
	struct mmuscope_info info = { .size = 7, .rights = 8 };

	test_has_pti = true;
	mmuscope_arch_info(&info);
	KUNIT_EXPECT_EQ(test, info.arch, (u32)MMUSCOPE_ARCH_ARM64);
	KUNIT_EXPECT_EQ(test, info.va_bits, (u32)vabits_actual);
	KUNIT_EXPECT_EQ(test, info.levels, (info.va_bits - 12 + 8) / 9);
	KUNIT_EXPECT_GE(test, info.pa_bits, 32u);
	KUNIT_EXPECT_LE(test, info.pa_bits, 52u);
	KUNIT_EXPECT_EQ(test, info.phys_mask & 0xfffffffff000ULL,
			0xfffffffff000ULL);
	KUNIT_EXPECT_EQ(test, info.phys_mask & 0xfffULL & ~SH, 0ull);
	KUNIT_EXPECT_EQ(test, info.pat, mmuscope_arch_pat());
	KUNIT_EXPECT_EQ(test, info.features, MMUSCOPE_FEATURE_PTI);
	/* The rest is not the machine's. */
	KUNIT_EXPECT_EQ(test, info.size, 7ull);
	KUNIT_EXPECT_EQ(test, info.rights, 8ull);
	test_has_pti = false;
	info.features = 0;
	mmuscope_arch_info(&info);
	KUNIT_EXPECT_EQ(test, info.features, 0ull);
}

static void gate(struct kunit *test)
{
	struct mmuscope_vma vma = { .start = 7 };

	KUNIT_EXPECT_FALSE(test, mmuscope_arch_gate(current->active_mm, &vma));
	KUNIT_EXPECT_EQ(test, vma.start, 7ull);
}

/* Every address is in one area or gap, and they follow one another. */
static void areas(struct kunit *test)
{
	u64 at = mmuscope_arch_kernel_start();
	struct mmuscope_vma area;
	unsigned int named = 0;

	while (at < PAGE_MASK) {
		named += !!*mmuscope_arch_area(at, &area);
		KUNIT_ASSERT_EQ(test, area.start, at);
		KUNIT_ASSERT_GT(test, area.end, at);
		mmuscope_arch_area(area.end - PAGE_SIZE, &area);
		KUNIT_ASSERT_EQ(test, area.start, at);
		at = area.end;
	}
	KUNIT_EXPECT_GE(test, named, 6u);
	KUNIT_EXPECT_STREQ(test, mmuscope_arch_area(PAGE_OFFSET, &area),
			   "[direct map]");
	KUNIT_EXPECT_STREQ(test, mmuscope_arch_area((unsigned long)current->stack,
						    &area), "[vmalloc]");
	KUNIT_EXPECT_STREQ(test, mmuscope_arch_area((unsigned long)
						    pfn_to_page(PHYS_PFN(PHYS_OFFSET)),
						    &area), "[vmemmap]");
}

static struct kunit_case arch_arm64_cases[] = {
	KUNIT_CASE(leaf_bits),
	KUNIT_CASE(permissions),
	KUNIT_CASE(dirty),
	KUNIT_CASE(prot_none_bits),
	KUNIT_CASE(table_bits),
	KUNIT_CASE(what_may_be_read),
	KUNIT_CASE(tags),
	KUNIT_CASE(user_pgd),
	KUNIT_CASE(info),
	KUNIT_CASE(gate),
	KUNIT_CASE(areas),
	{}
};

/* The other suites are without isolation. */
static void without_isolation(struct kunit *test)
{
	test_has_pti = false;
}

struct kunit_suite arch_arm64_suite = {
	.name = "arch_arm64",
	.exit = without_isolation,
	.test_cases = arch_arm64_cases,
};
