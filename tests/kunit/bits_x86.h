/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of x86_64 for the suites that are about no architecture, with their bits
 * as the SDM numbers them. What takes something away is flipped.
 */
#ifndef _BITS_X86_H
#define _BITS_X86_H

#define ARCH_SUITES	&arch_x86_suite, &raw_x86_suite

#define FIVE_LEVELS	pgtable_l5_enabled()
/* How many slots after the kernel's user mode has a pgd of its own. */
#define USER_PGD	PTRS_PER_PGD

/* Of user mode: everything allowed, accessed, dirty. */
#define USER_TABLE	0x67ULL
#define USER_LEAF	0x67ULL
#define KERNEL_TABLE	0x63ULL
#define KERNEL_LEAF	0x163ULL

#define HUGE_LEAF(leaf)	((leaf) | 1ULL << 7)
#define INVALID(leaf)	((leaf) & ~1ULL)

#define TABLE_WRITE	(1ULL << 1)
#define TABLE_USER	(1ULL << 2)
#define TABLE_EXEC	(1ULL << 63)
#define LEAF_WRITE	TABLE_WRITE
#define LEAF_USER	TABLE_USER
#define LEAF_EXEC	TABLE_EXEC
#define LEAF_DIRTY	(1ULL << 6)
/* A table below which nothing can be written, nor done in user mode. */
#define TABLE_LEAST	1ULL

#define BAD_PMD		(0xdeadbeef600 | USER_TABLE)
#define BAD_PUD		BAD_PMD
#define BAD_PGD		BAD_PMD

#define SOFT_DIRTY_BIT	(1ULL << 11)
#define SOFT_DIRTY	MMUSCOPE_FLAG_SOFT_DIRTY

/* The frame is stored inverted. */
#define PROT_NONE_PTE(phys)	((~(phys) & 0xffffffffff000) | 0x120)
#define PROT_NONE_PMD(phys)	((~(phys) & 0xfffffffe00000) | 0x1a0)

/* Type in bits 59 to 63, inverted offset in bits 9 to 58. */
#define RAW_SWAP(type, offset) \
	((u64)(type) << 59 | (~(u64)(offset) & ((1ULL << 50) - 1)) << 9)

/* Whether an entry alone tells what it is. */
#define RAW_KNOWN	true

/* The I/O APIC, the BIOS, and where no memory can be. */
#define NO_MEMORY	{ 0xfec00000, 0xf0000, 0xfffffffe00000 }

/* What is said of a share whose memory is not to be cached as memory is. */
#define UNCACHED_RAM	0

#endif
