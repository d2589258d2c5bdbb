// SPDX-License-Identifier: GPL-2.0-only
/* Which memory is RAM, told for much of it at a time. */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pfn.h>
#include "internal.h"

/* A block of RAM is made of so many sections at most. */
#define SECTIONS_MAX	16

/* All that the allocator has of a section that is online is RAM. */
static bool is_ram_section(unsigned long nr)
{
	struct mem_section *section = nr < NR_MEM_SECTIONS ? __nr_to_section(nr) :
							     NULL;

	return online_section(section) && !online_device_section(section);
}

/**
 * mmuscope_ram_block - the block of RAM that a page of the allocator's lies in
 * @pfn: its frame
 *
 * What else the allocator can be asked to map has a mark on its VMA, or is memory of
 * a device, which is online as no section of RAM is.
 *
 * Return: the size of an aligned block in bytes, or 0 if the frame has to be looked
 * at by itself.
 */
u64 mmuscope_ram_block(unsigned long pfn)
{
	unsigned long nr = pfn_to_section_nr(pfn), size, i;

	if (!is_ram_section(nr))
		return 0;
	for (size = 1; size < SECTIONS_MAX; size *= 2) {
		unsigned long buddy = (nr & ~(size - 1)) ^ size;

		for (i = 0; i < size && is_ram_section(buddy + i); i++)
			;
		if (i < size)
			break;
	}
	return PFN_PHYS((u64)size * PAGES_PER_SECTION);
}

/**
 * mmuscope_ram_look - is what a leaf maps RAM?
 * @walk: the walk; if so, it keeps in mind the block around it
 * @raw: the leaf, of a kernel whose entries are known
 */
bool mmuscope_ram_look(struct mmuscope_walk *walk, u64 raw)
{
	u64 block = mmuscope_ram_block(pte_pfn(__pte(raw)));

	if (!block)
		return false;
	walk->ram = raw;
	walk->ram_mask = mmuscope_raw_rules()->frame & ~(block - 1);
	return true;
}
