/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* What MMUSCOPE_SCAN_RAW fills an array with; <linux/mmuscope.h> includes this. */
#ifndef _UAPI_LINUX_MMUSCOPE_RAW_H
#define _UAPI_LINUX_MMUSCOPE_RAW_H

#include <linux/types.h>

/**
 * enum mmuscope_raw_kind - what follows the first word of a block
 * @MMUSCOPE_RAW_RUN: the first entry, and how many there are: the n-th maps what
 *	comes n entries after what the first one maps, or is of the slot that comes
 *	n slots after its own; otherwise it differs from the first one in nothing
 *	that was asked for
 * @MMUSCOPE_RAW_ENTRIES: how many there are, and each of them
 * @MMUSCOPE_RAW_EXTENT: struct mmuscope_extent, for what the entries alone do not
 *	tell; nothing is left to be done with it
 *
 * Entries are of leaves of the allocator's own pages (MMUSCOPE_BACKING_RAM) or,
 * where they are not present, of swap (MMUSCOPE_SOFTLEAF_SWAP). What is in a VMA and
 * in no block is nothing (MMUSCOPE_BACKING_NONE) at MMUSCOPE_LEVEL_PTE.
 */
enum mmuscope_raw_kind {
	MMUSCOPE_RAW_RUN = 1,
	MMUSCOPE_RAW_ENTRIES = 2,
	MMUSCOPE_RAW_EXTENT = 3,
};

/*
 * A block begins with the address of its first entry. In the bits that an address of
 * a page has to spare are its kind, the level of its entries, and which of
 * MMUSCOPE_FLAG_READ, WRITE, EXEC and USER all tables above them allow.
 */
#define MMUSCOPE_RAW_HEAD(addr, kind, level, perm) \
	((addr) | (kind) | (__u64)(level) << 2 | (perm) << 4)
#define MMUSCOPE_RAW_ADDR(head)		((head) & ~0xfffULL)
#define MMUSCOPE_RAW_KIND(head)		((head) & 3)
#define MMUSCOPE_RAW_LEVEL(head)	(((head) >> 2) & 7)
#define MMUSCOPE_RAW_PERM(head)		(((head) >> 4) & 0x1eULL)

/* Room for the blocks of any table, in words: an array has at least that. */
#define MMUSCOPE_RAW_ROOM	2048

#endif /* _UAPI_LINUX_MMUSCOPE_RAW_H */
