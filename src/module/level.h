/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of internal.h that is about levels of tables, and what their entries span. */
#ifndef _MMUSCOPE_LEVEL_H
#define _MMUSCOPE_LEVEL_H

#include <linux/bits.h>
#include <linux/mmuscope.h>
#include <linux/pgtable.h>
#include <linux/sched.h>

unsigned int mmuscope_arch_va_bits(void);

/*
 * The level that the root stands for, which is the pgd by name: the first one
 * that is not folded. It is the same for all address spaces.
 */
static inline enum mmuscope_level mmuscope_level_first(void)
{
	if (!mm_p4d_folded(current->active_mm))
		return MMUSCOPE_LEVEL_PGD;
	return mm_pud_folded(current->active_mm) ? MMUSCOPE_LEVEL_PUD :
						   MMUSCOPE_LEVEL_P4D;
}

/**
 * mmuscope_level_shift - log2 of the bytes that one entry of a level spans
 * @level: the level
 *
 * A table is a page of entries of 8 bytes, whatever its level.
 */
static inline unsigned int mmuscope_level_shift(enum mmuscope_level level)
{
	if (level == MMUSCOPE_LEVEL_PGD)
		level = mmuscope_level_first();
	return PAGE_SHIFT + (MMUSCOPE_LEVEL_PTE - level) * (PAGE_SHIFT - 3);
}

/**
 * mmuscope_level_below - the level of the tables that entries of a level lead to
 * @level: the level, not the last one
 */
static inline enum mmuscope_level mmuscope_level_below(enum mmuscope_level level)
{
	return level == MMUSCOPE_LEVEL_PGD ? mmuscope_level_first() + 1 : level + 1;
}

/**
 * mmuscope_level_index - the index of an address' entry in a table of a level
 * @addr: the address, of either half
 * @level: the level
 */
static inline unsigned int mmuscope_level_index(unsigned long addr,
						enum mmuscope_level level)
{
	addr &= GENMASK_ULL(mmuscope_arch_va_bits() - 1, 0);
	return (addr >> mmuscope_level_shift(level)) & (PTRS_PER_PTE - 1);
}

/**
 * mmuscope_level_end - the end of what an entry spans of a range
 * @addr: an address in its span
 * @level: its level
 * @end: the end of the range, which is not 2^64
 *
 * The kernel's own words (p4d_addr_end() and the like) pass a folded level.
 */
static inline unsigned long mmuscope_level_end(unsigned long addr,
					       enum mmuscope_level level,
					       unsigned long end)
{
	unsigned long last = addr | ((1UL << mmuscope_level_shift(level)) - 1);

	return last < end - 1 ? last + 1 : end;
}

#endif
