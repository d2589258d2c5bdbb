// SPDX-License-Identifier: MIT
/*
 * Entries of arm64 with 4 KiB pages and physical addresses of 48 bits. What is
 * not valid is left alone: how PROT_NONE is spelt differs between releases. Whose
 * table it is an entry does not say: told is what one of the two can do.
 */
#include <errno.h>

#include <mmuscope/entry_arm64.h>

#include "internal.h"

#define PHYS_MASK	((1ULL << 48) - (1ULL << 12))

/* log2 of the bytes that a leaf maps. */
static const unsigned int leaf_shift[MMUSCOPE_NR_LEVELS] = {
	[MMUSCOPE_LEVEL_PUD] = 30,
	[MMUSCOPE_LEVEL_PMD] = 21,
	[MMUSCOPE_LEVEL_PTE] = 12,
};

static uint64_t row_flags(uint64_t raw, uint32_t where)
{
	return mmuscope_row_flags(mmuscope_prot_rows_arm64,
				  sizeof(mmuscope_prot_rows_arm64) /
				  sizeof(mmuscope_prot_rows_arm64[0]),
				  raw, where);
}

int mmuscope_decode_arm64(enum mmuscope_level level, uint64_t raw,
			  struct mmuscope_decoded *ret)
{
	bool page = level == MMUSCOPE_LEVEL_PTE;

	if (!(raw & ARM64_ENTRY_VALID))
		return -EINVAL;
	if (!page && (raw & ARM64_ENTRY_TABLE)) {
		ret->flags = row_flags(raw, MMUSCOPE_TABLE_AT(level) |
					    MMUSCOPE_KERNEL_TABLE_AT(level));
		ret->phys = raw & PHYS_MASK;
		ret->table = 1;
		return 0;
	}
	/* A page without the bit, and a block where none can be, are reserved. */
	if (page != !!(raw & ARM64_ENTRY_TABLE) || !leaf_shift[level])
		return -EINVAL;
	ret->flags = row_flags(raw, MMUSCOPE_LEAF_AT(level));
	ret->phys = raw & PHYS_MASK & ~((1ULL << leaf_shift[level]) - 1);
	ret->pat_index = (raw & ARM64_ENTRY_ATTR_MASK) >> ARM64_ENTRY_ATTR_SHIFT;
	return 0;
}
