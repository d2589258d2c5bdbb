// SPDX-License-Identifier: MIT
/* Entries of x86_64, by the rows that the module reads them by. */
#include <errno.h>

#include <mmuscope/entry_x86.h>
#include <mmuscope/memtype_x86.h>

#include "internal.h"

/*
 * An address has at most 52 bits; what a processor has less of must be 0, and
 * what encrypts memory and takes one of them is not known here.
 */
#define PHYS_MASK	((1ULL << 52) - (1ULL << 12))

/* log2 of the bytes that a leaf maps. */
static const unsigned int leaf_shift[MMUSCOPE_NR_LEVELS] = {
	[MMUSCOPE_LEVEL_PUD] = 30,
	[MMUSCOPE_LEVEL_PMD] = 21,
	[MMUSCOPE_LEVEL_PTE] = 12,
};

static uint64_t row_flags(uint64_t raw, uint32_t where)
{
	return mmuscope_row_flags(mmuscope_prot_rows_x86,
				  sizeof(mmuscope_prot_rows_x86) /
				  sizeof(mmuscope_prot_rows_x86[0]),
				  raw, where);
}

/*
 * What the hardware must not look at is stored inverted, so that it points
 * nowhere if a processor looks all the same (L1TF; asm/pgtable-invert.h, v6.1).
 */
static uint64_t leaf_phys(uint64_t raw, enum mmuscope_level level)
{
	if (!(raw & X86_ENTRY_PRESENT))
		raw = ~raw;
	return raw & PHYS_MASK & ~((1ULL << leaf_shift[level]) - 1);
}

static int decode_leaf(enum mmuscope_level level, uint64_t raw,
		       struct mmuscope_decoded *ret)
{
	ret->flags = row_flags(raw, MMUSCOPE_LEAF_AT(level));
	if (!(ret->flags & MMUSCOPE_FLAG_PRESENT))
		return -EINVAL;
	ret->phys = leaf_phys(raw, level);
	ret->pat_index = mmuscope_pat_index_x86(raw, level);
	ret->pkey = (raw & X86_ENTRY_PKEY_MASK) >> X86_ENTRY_PKEY_SHIFT;
	return 0;
}

/* PSE is reserved where no leaf can be. */
static int decode_table(enum mmuscope_level level, uint64_t raw,
			struct mmuscope_decoded *ret)
{
	ret->flags = row_flags(raw, MMUSCOPE_TABLE_AT(level));
	if (!(ret->flags & MMUSCOPE_FLAG_PRESENT))
		return -EINVAL;
	if (raw & X86_ENTRY_PSE)
		ret->flags |= MMUSCOPE_FLAG_BAD;
	ret->phys = raw & PHYS_MASK;
	ret->table = 1;
	return 0;
}

int mmuscope_decode_x86(enum mmuscope_level level, uint64_t raw,
			struct mmuscope_decoded *ret)
{
	if (level == MMUSCOPE_LEVEL_PTE ||
	    (leaf_shift[level] && (raw & X86_ENTRY_PSE)))
		return decode_leaf(level, raw, ret);
	return decode_table(level, raw, ret);
}

/* A leaf of a raw scan: present, or of swap. Where @ret->level is. */
void mmuscope_leaf_x86(const struct mmuscope_info *info, uint64_t raw,
		       struct mmuscope_extent *ret)
{
	unsigned int pat = mmuscope_pat_index_x86(raw, ret->level);

	if (raw & X86_ENTRY_PRESENT) {
		ret->flags = row_flags(raw, MMUSCOPE_LEAF_AT(ret->level));
		ret->backing = MMUSCOPE_BACKING_RAM;
		ret->memtype = mmuscope_pat_type_x86(info->pat, pat);
		ret->pkey = (raw & X86_ENTRY_PKEY_MASK) >> X86_ENTRY_PKEY_SHIFT;
		return;
	}
	ret->flags = mmuscope_swap_flags_x86(raw);
	ret->backing = MMUSCOPE_BACKING_SWAP;
	ret->softleaf = MMUSCOPE_SOFTLEAF_SWAP;
	ret->swap_type = mmuscope_swap_type_x86(raw);
	ret->value = mmuscope_swap_offset_x86(raw);
}
