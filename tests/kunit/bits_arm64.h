/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of arm64 for the suites that are about no architecture, with their bits
 * as the Arm Architecture Reference Manual numbers them. What takes something away
 * is flipped. What releases spell differently is the kernel's own.
 */
#ifndef _BITS_ARM64_H
#define _BITS_ARM64_H

#include <linux/pgtable.h>
#include <linux/swap.h>
#include <linux/swapops.h>

#define ARCH_SUITES	&arch_arm64_suite, &memtype_arm64_suite, \
			&raw_arm64_suite

#define FIVE_LEVELS	(CONFIG_PGTABLE_LEVELS > 4)
/* User mode has the same pgd as the kernel. */
#define USER_PGD	0

#define INNER		(3ULL << 8)
#define DBM		(1ULL << 51)
#define PXN		(1ULL << 53)
#define UXN		(1ULL << 54)

/* Of user mode: everything allowed, accessed, dirty. */
#define USER_TABLE	(3ULL | 1ULL << 10 | 1ULL << 59)
#define USER_LEAF	(3ULL | 1ULL << 6 | INNER | 1ULL << 10 | 1ULL << 11 | \
			 DBM | PXN)
#define KERNEL_TABLE	(3ULL | 1ULL << 60)
#define KERNEL_LEAF	(3ULL | INNER | 1ULL << 10 | DBM | PXN | UXN)

#define HUGE_LEAF(leaf)	((leaf) & ~2ULL)
#define INVALID(leaf)	((leaf) & ~1ULL)

#define TABLE_WRITE	(1ULL << 62)
#define TABLE_USER	(1ULL << 61)
#define TABLE_EXEC	(1ULL << 60)
#define LEAF_WRITE	(1ULL << 7 | DBM)
#define LEAF_USER	(1ULL << 6 | PXN | UXN)
#define LEAF_EXEC	UXN
#define LEAF_DIRTY	(1ULL << 55)
/* A table below which nothing can be written, nor done in user mode. */
#define TABLE_LEAST	(3ULL | TABLE_WRITE | TABLE_USER)

/* No pmd is: without VALID it is a softleaf, with it a leaf or a table. */
#define BAD_PMD		0ULL
#define BAD_PUD		0xdeadbeef002ULL
#define BAD_PGD		0xdeadbeef001ULL

/* There is no such thing (v6.1). */
#define SOFT_DIRTY_BIT	0ULL
#define SOFT_DIRTY	0ULL

#define PROT_NONE_PTE(phys)	pte_val(pfn_pte(PHYS_PFN(phys), PAGE_NONE))
#define PROT_NONE_PMD(phys)	HUGE_LEAF(PROT_NONE_PTE(phys))

#define RAW_SWAP(type, offset) \
	pte_val(swp_entry_to_pte(swp_entry(type, offset)))

#define RAW_KNOWN	false

/* Of QEMU's virt board the GIC and the UART, and where no memory can be. */
#define NO_MEMORY	{ 0x8000000, 0x9000000, 0xfffffffff000 }

/* What is said of a share whose memory is not to be cached as memory is. */
#define UNCACHED_RAM	(-EOPNOTSUPP)

#endif
