/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a row of entry_<arch>.h looks like. */
#ifndef _MMUSCOPE_ENTRY_H
#define _MMUSCOPE_ENTRY_H

#include <linux/mmuscope.h>

/*
 * Where a row holds: in leaves of a level, in entries that point to a table. Some
 * bits of these mean something else in the kernel's half.
 */
#define MMUSCOPE_LEAF_AT(level)		(1U << (level))
#define MMUSCOPE_TABLE_AT(level)	(1U << (8 + (level)))
#define MMUSCOPE_KERNEL_TABLE_AT(level)	(1U << (16 + (level)))
#define MMUSCOPE_LEAVES			0x00001fU
#define MMUSCOPE_USER_TABLES		0x000f00U
#define MMUSCOPE_KERNEL_TABLES		0x0f0000U
#define MMUSCOPE_TABLES	(MMUSCOPE_USER_TABLES | MMUSCOPE_KERNEL_TABLES)

/**
 * struct mmuscope_prot_row - one fact about the bits of a present entry
 * @mask: the bits looked at
 * @value: what they must be
 * @flags: the MMUSCOPE_FLAG_* this tells
 * @where: MMUSCOPE_LEAF_AT(), MMUSCOPE_TABLE_AT(), MMUSCOPE_KERNEL_TABLE_AT()
 */
struct mmuscope_prot_row {
	__u64 mask;
	__u64 value;
	__u64 flags;
	__u32 where;
};

#endif
