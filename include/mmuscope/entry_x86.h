/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The bits of an x86_64 page table entry, as numbers: Intel SDM volume 3,
 * "Paging", and for the bits left to software arch/x86/include/asm/
 * pgtable_types.h (v6.1). The module asserts at build time that each number is
 * the kernel's own.
 */
#ifndef _MMUSCOPE_ENTRY_X86_H
#define _MMUSCOPE_ENTRY_X86_H

#include <mmuscope/entry.h>

#define X86_ENTRY_PRESENT	(1ULL << 0)
#define X86_ENTRY_RW		(1ULL << 1)
#define X86_ENTRY_USER		(1ULL << 2)
#define X86_ENTRY_PWT		(1ULL << 3)
#define X86_ENTRY_PCD		(1ULL << 4)
#define X86_ENTRY_ACCESSED	(1ULL << 5)
#define X86_ENTRY_DIRTY		(1ULL << 6)
#define X86_ENTRY_PSE		(1ULL << 7)	/* pud, pmd: this is a leaf */
#define X86_ENTRY_PAT		(1ULL << 7)	/* pte */
#define X86_ENTRY_GLOBAL	(1ULL << 8)
#define X86_ENTRY_PROT_NONE	(1ULL << 8)	/* where PRESENT is clear */
#define X86_ENTRY_SPECIAL	(1ULL << 9)
#define X86_ENTRY_UFFD_WP	(1ULL << 10)
#define X86_ENTRY_SOFT_DIRTY	(1ULL << 11)
#define X86_ENTRY_PAT_LARGE	(1ULL << 12)	/* pud and pmd leaves */
#define X86_ENTRY_SAVED_DIRTY	(1ULL << 58)	/* DIRTY of what is write-protected */
#define X86_ENTRY_PKEY_SHIFT	59
#define X86_ENTRY_PKEY_MASK	(0xfULL << X86_ENTRY_PKEY_SHIFT)
#define X86_ENTRY_NX		(1ULL << 63)
/* Of swap, where neither PRESENT nor PROT_NONE is set; the offset is inverted. */
#define X86_ENTRY_SWAP_SOFT_DIRTY	(1ULL << 1)
#define X86_ENTRY_SWAP_UFFD_WP		(1ULL << 2)
#define X86_ENTRY_SWAP_OFFSET_SHIFT	9
#define X86_ENTRY_SWAP_TYPE_SHIFT	59
#define X86_ENTRY_SWAP_TYPE		(0x1fULL << X86_ENTRY_SWAP_TYPE_SHIFT)

/*
 * DIRTY in an entry that does not let write would make it one of a shadow stack, so
 * the kernel, since v6.6, keeps the bit elsewhere while it is write-protected, as
 * after fork(): pte_dirty() looks at both.
 *
 * Without PRESENT the hardware looks at no other bit, so what it enforces needs
 * PRESENT in the mask. An entry with PSE alone is a huge page in the middle of a
 * split: the kernel calls it present (pmd_present()), the hardware does not.
 */
static const struct mmuscope_prot_row mmuscope_prot_rows_x86[] = {
	{ X86_ENTRY_PRESENT, X86_ENTRY_PRESENT,
	  MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ,
	  MMUSCOPE_LEAVES | MMUSCOPE_TABLES },
	{ X86_ENTRY_PRESENT | X86_ENTRY_PROT_NONE, X86_ENTRY_PROT_NONE,
	  MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_PROT_NONE, MMUSCOPE_LEAVES },
	{ X86_ENTRY_PRESENT | X86_ENTRY_PROT_NONE | X86_ENTRY_PSE,
	  X86_ENTRY_PSE, MMUSCOPE_FLAG_PRESENT,
	  MMUSCOPE_LEAF_AT(MMUSCOPE_LEVEL_PMD) |
	  MMUSCOPE_LEAF_AT(MMUSCOPE_LEVEL_PUD) },
	{ X86_ENTRY_PRESENT | X86_ENTRY_RW, X86_ENTRY_PRESENT | X86_ENTRY_RW,
	  MMUSCOPE_FLAG_WRITE, MMUSCOPE_LEAVES | MMUSCOPE_TABLES },
	{ X86_ENTRY_PRESENT | X86_ENTRY_NX, X86_ENTRY_PRESENT,
	  MMUSCOPE_FLAG_EXEC, MMUSCOPE_LEAVES | MMUSCOPE_TABLES },
	{ X86_ENTRY_PRESENT | X86_ENTRY_USER, X86_ENTRY_PRESENT | X86_ENTRY_USER,
	  MMUSCOPE_FLAG_USER, MMUSCOPE_LEAVES | MMUSCOPE_TABLES },
	{ X86_ENTRY_ACCESSED, X86_ENTRY_ACCESSED,
	  MMUSCOPE_FLAG_ACCESSED, MMUSCOPE_LEAVES | MMUSCOPE_TABLES },
	{ X86_ENTRY_DIRTY, X86_ENTRY_DIRTY,
	  MMUSCOPE_FLAG_DIRTY, MMUSCOPE_LEAVES },
	{ X86_ENTRY_SAVED_DIRTY, X86_ENTRY_SAVED_DIRTY,
	  MMUSCOPE_FLAG_DIRTY, MMUSCOPE_LEAVES },
	{ X86_ENTRY_PRESENT | X86_ENTRY_GLOBAL,
	  X86_ENTRY_PRESENT | X86_ENTRY_GLOBAL,
	  MMUSCOPE_FLAG_GLOBAL, MMUSCOPE_LEAVES },
	{ X86_ENTRY_SPECIAL, X86_ENTRY_SPECIAL,
	  MMUSCOPE_FLAG_SPECIAL, MMUSCOPE_LEAF_AT(MMUSCOPE_LEVEL_PTE) },
	{ X86_ENTRY_UFFD_WP, X86_ENTRY_UFFD_WP,
	  MMUSCOPE_FLAG_UFFD_WP, MMUSCOPE_LEAVES },
	{ X86_ENTRY_SOFT_DIRTY, X86_ENTRY_SOFT_DIRTY,
	  MMUSCOPE_FLAG_SOFT_DIRTY, MMUSCOPE_LEAVES },
};

/**
 * mmuscope_swap_flags_x86 - what the bits of an entry of swap say
 * @raw: the entry
 */
static inline __u64 mmuscope_swap_flags_x86(__u64 raw)
{
	return (raw & X86_ENTRY_SWAP_SOFT_DIRTY ? MMUSCOPE_FLAG_SOFT_DIRTY : 0) |
	       (raw & X86_ENTRY_SWAP_UFFD_WP ? MMUSCOPE_FLAG_UFFD_WP : 0);
}

/**
 * mmuscope_swap_type_x86 - the area that an entry of swap is of
 * @raw: the entry
 */
static inline __u32 mmuscope_swap_type_x86(__u64 raw)
{
	return raw >> X86_ENTRY_SWAP_TYPE_SHIFT;
}

/**
 * mmuscope_swap_offset_x86 - its slot there
 * @raw: the entry
 */
static inline __u64 mmuscope_swap_offset_x86(__u64 raw)
{
	return (~raw & ~X86_ENTRY_SWAP_TYPE) >> X86_ENTRY_SWAP_OFFSET_SHIFT;
}

/**
 * mmuscope_pat_index_x86 - which of the eight PAT fields a leaf selects
 * @raw: the entry
 * @level: its level; the PAT bit moves where PSE takes its place
 */
static inline unsigned int mmuscope_pat_index_x86(__u64 raw,
						  enum mmuscope_level level)
{
	__u64 pat = level == MMUSCOPE_LEVEL_PTE ? X86_ENTRY_PAT :
						  X86_ENTRY_PAT_LARGE;

	return (raw & X86_ENTRY_PWT ? 1 : 0) | (raw & X86_ENTRY_PCD ? 2 : 0) |
	       (raw & pat ? 4 : 0);
}

#endif
