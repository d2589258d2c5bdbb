// SPDX-License-Identifier: GPL-2.0-only
/* What an entry of x86_64 is, told by the entry alone. */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/swapops.h>
#include <mmuscope/entry_x86.h>
#include "internal.h"

/* Where the kernel does without one of these, its macro is 0. */
static_assert(!_PAGE_SWP_SOFT_DIRTY ||
	      X86_ENTRY_SWAP_SOFT_DIRTY == _PAGE_SWP_SOFT_DIRTY);
static_assert(!_PAGE_SWP_UFFD_WP ||
	      X86_ENTRY_SWAP_UFFD_WP == _PAGE_SWP_UFFD_WP);

/* Is an entry of swap what entry_x86.h says, as far as one slot shows it? */
static bool is_as_known(unsigned int type, unsigned long offset)
{
	u64 raw = pte_val(swp_entry_to_pte(swp_entry(type, offset)));

	return mmuscope_swap_type_x86(raw) == type &&
	       mmuscope_swap_offset_x86(raw) == offset &&
	       !(raw & (X86_ENTRY_PRESENT | X86_ENTRY_PROT_NONE));
}

/**
 * mmuscope_arch_raw - what can be told of an entry without decoding it
 * @rules: filled in
 *
 * Return: whether this kernel's entries are the ones that are known.
 */
bool mmuscope_arch_raw(struct mmuscope_raw_rules *rules)
{
	const u64 large = X86_ENTRY_PRESENT | X86_ENTRY_PSE;
	u64 last = pte_val(swp_entry_to_pte(swp_entry(0, 1)));

	*rules = (struct mmuscope_raw_rules) {
		.frame = PHYSICAL_PAGE_MASK,
		.leaf[MMUSCOPE_LEVEL_PTE] = X86_ENTRY_PRESENT,
		.is_leaf[MMUSCOPE_LEVEL_PTE] = X86_ENTRY_PRESENT,
		.leaf[MMUSCOPE_LEVEL_PMD] = large,
		.is_leaf[MMUSCOPE_LEVEL_PMD] = large,
		.absent = X86_ENTRY_PRESENT | X86_ENTRY_PROT_NONE,
		.swap_type = X86_ENTRY_SWAP_TYPE,
		.swap_types = (u64)MAX_SWAPFILES << X86_ENTRY_SWAP_TYPE_SHIFT,
		.swap_step = pte_val(swp_entry_to_pte(swp_entry(0, 2))) - last,
	};
	return is_as_known(0, 1) && is_as_known(MAX_SWAPFILES - 1, 1) &&
	       is_as_known(1, 0x123456789abULL) && is_as_known(0, 1UL << 49);
}

/**
 * mmuscope_arch_spare - the bits of a present leaf that tell nothing that is asked
 * @asked: MMUSCOPE_FLAG_*
 */
u64 mmuscope_arch_spare(u64 asked)
{
	const struct mmuscope_prot_row *row;
	u64 spare = 0, needed = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mmuscope_prot_rows_x86); i++) {
		row = &mmuscope_prot_rows_x86[i];
		if (row->flags & (asked | MMUSCOPE_FLAG_PRESENT))
			needed |= row->mask;
		else
			spare |= row->mask;
	}
	return spare & ~needed;
}
