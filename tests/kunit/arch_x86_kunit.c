// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each bit of an x86_64 entry means, bit by bit as the SDM numbers them:
 * nothing here is taken from the tables under test.
 */
#include <linux/mm.h>
#include <linux/pgtable.h>
#include "compat.h"
#include "suites.h"

/* Isolation is as the test wants it, whatever the processor. */
#undef boot_cpu_has
bool test_has_pti;
static bool has_pat;
#define boot_cpu_has(bit) ((bit) == X86_FEATURE_PTI ? test_has_pti : has_pat)

#include "../../src/module/arch_x86.c"
#include "../../src/module/arch_memtype_x86.c"
#include "../../src/module/arch_raw_x86.c"

#define P	(1ULL << 0)
#define RW	(1ULL << 1)
#define US	(1ULL << 2)
#define A	(1ULL << 5)
#define D	(1ULL << 6)
#define PSE	(1ULL << 7)
#define G	(1ULL << 8)	/* and PROT_NONE, where P is clear */
#define NX	(1ULL << 63)

#define PTE	MMUSCOPE_LEVEL_PTE
#define PMD	MMUSCOPE_LEVEL_PMD
#define PUD	MMUSCOPE_LEVEL_PUD

static const enum mmuscope_level leaf_levels[] = { PTE, PMD, PUD };

static u64 leaf_flags(u64 raw, enum mmuscope_level level)
{
	return mmuscope_arch_flags(level == PTE ? raw : raw | PSE, level, false, 0);
}

/* Each bit alone on top of a present entry nobody may write, execute or use. */
static void leaf_bits(struct kunit *test)
{
	static const struct {
		unsigned int bit;
		u64 flags;
	} rows[] = {
		{ 1, MMUSCOPE_FLAG_WRITE },
		{ 2, MMUSCOPE_FLAG_USER },
		{ 3, 0 }, { 4, 0 },
		{ 5, MMUSCOPE_FLAG_ACCESSED },
		{ 6, MMUSCOPE_FLAG_DIRTY },
		{ 7, 0 },
		{ 8, MMUSCOPE_FLAG_GLOBAL },
		{ 10, MMUSCOPE_FLAG_UFFD_WP },
		{ 11, MMUSCOPE_FLAG_SOFT_DIRTY },
		{ 12, 0 }, { 13, 0 }, { 30, 0 }, { 51, 0 }, { 52, 0 }, { 57, 0 },
		{ 58, MMUSCOPE_FLAG_DIRTY },
		{ 59, 0 }, { 62, 0 },
	};
	const u64 least = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(leaf_levels); i++) {
		KUNIT_EXPECT_EQ(test, leaf_flags(P | NX, leaf_levels[i]),
				least);
		KUNIT_EXPECT_EQ(test, leaf_flags(P, leaf_levels[i]),
				least | MMUSCOPE_FLAG_EXEC);
		for (j = 0; j < ARRAY_SIZE(rows); j++)
			KUNIT_EXPECT_EQ_MSG(test, least | rows[j].flags,
					    leaf_flags(P | NX |
						       1ULL << rows[j].bit,
						       leaf_levels[i]),
					    "level %u bit %u", leaf_levels[i],
					    rows[j].bit);
	}
	/* Bit 9 is the kernel's own and has a meaning in a pte only. */
	KUNIT_EXPECT_EQ(test, leaf_flags(P | NX | 1 << 9, PTE),
			least | MMUSCOPE_FLAG_SPECIAL);
	KUNIT_EXPECT_EQ(test, leaf_flags(P | NX | 1 << 9, PMD), least);
	KUNIT_EXPECT_EQ(test, leaf_flags(P | NX | 1 << 9, PUD), least);
}

/* Without P no access is possible, whatever the other bits say. */
static void prot_none_bits(struct kunit *test)
{
	const u64 none = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_PROT_NONE;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(leaf_levels); i++) {
		KUNIT_EXPECT_EQ(test, leaf_flags(G, leaf_levels[i]), none);
		KUNIT_EXPECT_EQ(test, leaf_flags(G | RW | US, leaf_levels[i]),
				none);
		KUNIT_EXPECT_EQ(test, leaf_flags(G | NX | A | D,
						 leaf_levels[i]),
				none | MMUSCOPE_FLAG_ACCESSED |
				MMUSCOPE_FLAG_DIRTY);
	}
	/* PSE alone: a huge page that is being split. */
	KUNIT_EXPECT_EQ(test, mmuscope_arch_flags(PSE | RW | US, PMD, false, 0),
			MMUSCOPE_FLAG_PRESENT);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_flags(PSE | RW | US, PTE, false, 0),
			0ull);
}

/* In an entry that points to a table D, G and the kernel's bits mean nothing. */
static void table_bits(struct kunit *test)
{
	static const enum mmuscope_level levels[] = {
		MMUSCOPE_LEVEL_PGD, MMUSCOPE_LEVEL_P4D, PUD, PMD,
	};
	const u64 least = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		KUNIT_EXPECT_EQ(test, least,
				mmuscope_arch_flags(P | NX, levels[i], true, 0));
		KUNIT_EXPECT_EQ(test, least | MMUSCOPE_FLAG_EXEC,
				mmuscope_arch_flags(P, levels[i], true, 0));
		KUNIT_EXPECT_EQ(test, least | MMUSCOPE_FLAG_WRITE,
				mmuscope_arch_flags(P | NX | RW, levels[i],
						    true, 0));
		KUNIT_EXPECT_EQ(test, least | MMUSCOPE_FLAG_USER,
				mmuscope_arch_flags(P | NX | US, levels[i],
						    true, 0));
		KUNIT_EXPECT_EQ(test, least | MMUSCOPE_FLAG_ACCESSED,
				mmuscope_arch_flags(P | NX | A | D | G |
						    1ULL << 58 | 0xe00,
						    levels[i], true, 0));
	}
}

/* For each of the eight indices one PAT in which that field alone is WC. */
static void pat_index(struct kunit *test)
{
	const u64 all_wb = 0x0606060606060606ULL;
	unsigned int i, asked;
	u64 pte, large;

	for (i = 0; i < 8; i++) {
		pat = all_wb ^ (0x06ULL ^ 0x01) << 8 * i;
		for (asked = 0; asked < 8; asked++) {
			u32 due = asked == i ? MMUSCOPE_MEMTYPE_WC :
					       MMUSCOPE_MEMTYPE_WB;

			pte = P | (asked & 3) << 3 | (asked >> 2) << 7;
			large = P | PSE | (asked & 3) << 3 |
				(asked >> 2) << 12;
			KUNIT_EXPECT_EQ(test, due,
					mmuscope_arch_memtype(pte, PTE));
			KUNIT_EXPECT_EQ(test, due,
					mmuscope_arch_memtype(large, PMD));
			KUNIT_EXPECT_EQ(test, due,
					mmuscope_arch_memtype(large, PUD));
		}
	}
}

/* Bit 12 of a pte is part of the frame, bit 7 of a huge leaf is PSE. */
static void pat_bit_moves(struct kunit *test)
{
	pat = 0x0606060606060606ULL ^ (0x06ULL ^ 0x01) << 32;
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P | 1 << 12, PTE),
			(u32)MMUSCOPE_MEMTYPE_WB);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P | PSE, PMD),
			(u32)MMUSCOPE_MEMTYPE_WB);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P | PSE, PUD),
			(u32)MMUSCOPE_MEMTYPE_WB);
}

static void pat_encodings(struct kunit *test)
{
	static const u32 due[8] = {
		MMUSCOPE_MEMTYPE_UC, MMUSCOPE_MEMTYPE_WC,
		MMUSCOPE_MEMTYPE_NONE, MMUSCOPE_MEMTYPE_NONE,
		MMUSCOPE_MEMTYPE_WT, MMUSCOPE_MEMTYPE_WP,
		MMUSCOPE_MEMTYPE_WB, MMUSCOPE_MEMTYPE_UC_MINUS,
	};
	unsigned int i;

	for (i = 0; i < 8; i++) {
		pat = i;
		KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P, PTE), due[i]);
		pat = i | 0xf8;	/* reserved bits, which read as 0 */
		KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P, PTE), due[i]);
	}
}

/* The types this very machine has: the kernel makes field 0 write-back. */
static void pat_of_the_machine(struct kunit *test)
{
	u64 msr;

	rdmsrq(MSR_IA32_CR_PAT, msr);
	pat = 0;
	has_pat = true;
	mmuscope_arch_init();
	KUNIT_EXPECT_EQ(test, pat, msr);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P, PTE),
			(u32)MMUSCOPE_MEMTYPE_WB);

	/* Without a PAT: what PCD and PWT mean by themselves. */
	pat = PAT_AT_RESET;
	has_pat = false;
	mmuscope_arch_init();
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P, PTE),
			(u32)MMUSCOPE_MEMTYPE_WB);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P | 1 << 3, PTE),
			(u32)MMUSCOPE_MEMTYPE_WT);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P | 1 << 4, PTE),
			(u32)MMUSCOPE_MEMTYPE_UC_MINUS);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_memtype(P | 3 << 3, PTE),
			(u32)MMUSCOPE_MEMTYPE_UC);
}

static void protection_keys(struct kunit *test)
{
	u64 key;

	for (key = 0; key < 16; key++) {
		KUNIT_EXPECT_EQ(test, mmuscope_arch_pkey(P | key << 59),
				(u32)key);
		KUNIT_EXPECT_EQ(test, mmuscope_arch_pkey(~(15ULL << 59) |
							 key << 59), (u32)key);
	}
}

/* Isolated, user mode runs on the page after the kernel's own pgd. */
static void user_pgd(struct kunit *test)
{
	unsigned long pgd = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	unsigned long slot = pgd + 8 * sizeof(pgd_t);

	KUNIT_ASSERT_NE(test, pgd, 0ul);
	test_has_pti = false;
	KUNIT_EXPECT_EQ(test, slot,
			(unsigned long)mmuscope_arch_user_pgd((pgd_t *)slot));
	test_has_pti = true;
	KUNIT_EXPECT_EQ(test, slot + PAGE_SIZE,
			(unsigned long)mmuscope_arch_user_pgd((pgd_t *)slot));
	free_pages(pgd, 1);
}

static void info(struct kunit *test)
{
	static const enum mmuscope_memtype due[] = {
		MMUSCOPE_MEMTYPE_WB, MMUSCOPE_MEMTYPE_UC, MMUSCOPE_MEMTYPE_WT,
		MMUSCOPE_MEMTYPE_WP, MMUSCOPE_MEMTYPE_WB, MMUSCOPE_MEMTYPE_WC,
		MMUSCOPE_MEMTYPE_UC_MINUS, MMUSCOPE_MEMTYPE_UC,
	};
	struct mmuscope_info info = { .size = 7, .rights = 8 };
	unsigned int i;

	pat = 0x0007010605040006ULL;
	test_has_pti = true;
	mmuscope_arch_info(&info);
	KUNIT_EXPECT_EQ(test, info.arch, (u32)MMUSCOPE_ARCH_X86_64);
	KUNIT_EXPECT_EQ(test, info.levels, pgtable_l5_enabled() ? 5u : 4u);
	KUNIT_EXPECT_EQ(test, info.va_bits, pgtable_l5_enabled() ? 57u : 48u);
	KUNIT_EXPECT_EQ(test, info.phys_mask & 0xfff0000000000fffULL, 0ull);
	KUNIT_EXPECT_EQ(test, info.phys_mask & 0xfffffff000ULL,
			0xfffffff000ULL);
	KUNIT_EXPECT_EQ(test, info.pat, pat);
	KUNIT_EXPECT_EQ(test, info.features, MMUSCOPE_FEATURE_PTI);
	/* The rest is not the machine's. */
	KUNIT_EXPECT_EQ(test, info.size, 7ull);
	KUNIT_EXPECT_EQ(test, info.rights, 8ull);
	for (i = 0; i < ARRAY_SIZE(due); i++)
		KUNIT_EXPECT_EQ(test, mmuscope_arch_pat_type(i), (u32)due[i]);
	test_has_pti = false;
	info.features = 0;
	mmuscope_arch_info(&info);
	KUNIT_EXPECT_EQ(test, info.features, 0ull);
}

/* A 32-bit process has none, whatever else is mapped there. */
static void gate(struct kunit *test)
{
	struct mm_struct *mm = kunit_kzalloc(test, sizeof(*mm), GFP_KERNEL);
	struct mmuscope_vma vma = { .start = 7 };

	KUNIT_ASSERT_TRUE(test, mm);
	KUNIT_EXPECT_FALSE(test, mmuscope_arch_gate(mm, &vma));
	KUNIT_EXPECT_EQ(test, vma.start, 7ull);
}

/* The entry of a window has the type that it is to have, on this machine's PAT. */
static void window_types(struct kunit *test)
{
	static const u32 types[] = {
		MMUSCOPE_MEMTYPE_WB, MMUSCOPE_MEMTYPE_WC,
		MMUSCOPE_MEMTYPE_UC_MINUS, MMUSCOPE_MEMTYPE_UC,
	};
	/* Whatever PAT, PCD and PWT were before is gone. */
	const u64 before[] = { 0, 1 << 7 | 1 << 4 | 1 << 3 };
	unsigned int i;
	pgprot_t prot;

	has_pat = true;
	mmuscope_arch_init();
	for (i = 0; i < 8; i++) {
		prot = mmuscope_arch_pgprot(__pgprot(P | RW | US | before[i & 1]),
					    types[i / 2]);
		KUNIT_EXPECT_EQ_MSG(test, mmuscope_arch_memtype(pgprot_val(prot), PTE),
				    types[i / 2], "row %u", i);
		KUNIT_EXPECT_EQ(test, pgprot_val(prot) & ~0x98ULL, P | RW | US);
	}
	pat = PAT_AT_RESET;
	has_pat = false;
}

static void kernel_types(struct kunit *test)
{
	static int word;

	has_pat = true;
	mmuscope_arch_init();
	KUNIT_EXPECT_EQ(test, mmuscope_arch_kernel_memtype((void __iomem *)&word),
			(u32)MMUSCOPE_MEMTYPE_WB);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_kernel_memtype((void __iomem *)PAGE_OFFSET),
			(u32)MMUSCOPE_MEMTYPE_WB);
	KUNIT_EXPECT_EQ(test, mmuscope_arch_kernel_memtype(NULL),
			(u32)MMUSCOPE_MEMTYPE_NONE);
	pat = PAT_AT_RESET;
	has_pat = false;
}

static struct kunit_case arch_x86_cases[] = {
	KUNIT_CASE(leaf_bits),
	KUNIT_CASE(prot_none_bits),
	KUNIT_CASE(table_bits),
	KUNIT_CASE(pat_index),
	KUNIT_CASE(pat_bit_moves),
	KUNIT_CASE(pat_encodings),
	KUNIT_CASE(pat_of_the_machine),
	KUNIT_CASE(protection_keys),
	KUNIT_CASE(user_pgd),
	KUNIT_CASE(info),
	KUNIT_CASE(gate),
	KUNIT_CASE(window_types),
	KUNIT_CASE(kernel_types),
	{}
};

/* The other suites decode as the machine does, without isolation. */
static void as_the_machine_is(struct kunit *test)
{
	has_pat = true;
	test_has_pti = false;
	mmuscope_arch_init();
}

struct kunit_suite arch_x86_suite = {
	.name = "arch_x86",
	.exit = as_the_machine_is,
	.test_cases = arch_x86_cases,
};
