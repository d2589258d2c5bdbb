// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bits.h>
#include <linux/huge_mm.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/xarray.h>
#include "internal.h"

/* Runs of cached pages are followed this far at a time. */
#define HOLE_MAX	PTRS_PER_PTE

/* How far into the leaf's span the extent starts, in bytes. */
static u64 leaf_offset(const struct mmuscope_extent *leaf)
{
	return leaf->start & ((1ULL << mmuscope_level_shift(leaf->level)) - 1);
}

/* The level decides which bits of a present leaf are the frame. */
static u64 leaf_phys(u64 raw, enum mmuscope_level level)
{
	switch (level) {
	case MMUSCOPE_LEVEL_PUD:
		return PFN_PHYS(pud_pfn(__pud(raw)));
	case MMUSCOPE_LEVEL_PMD:
		return PFN_PHYS(pmd_pfn(__pmd(raw)));
	default:
		return PFN_PHYS(pte_pfn(__pte(raw)));
	}
}

/* All of a section that was there at boot is valid, whatever is in it. */
static bool has_page(unsigned long pfn)
{
	return pfn_valid(pfn) && pfn_section_valid(__pfn_to_section(pfn), pfn);
}

/*
 * The struct page map has holes inside its sections, and the firmware's own
 * memory there is marked reserved; kernel memory and the zero page are reserved
 * too, but they are RAM.
 */
static enum mmuscope_backing frame_backing(unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page)
		return has_page(pfn) ? MMUSCOPE_BACKING_DEVICE :
				       MMUSCOPE_BACKING_MMIO;
	if (PageReserved(page) && !page_is_ram(pfn))
		return MMUSCOPE_BACKING_MMIO;
	return MMUSCOPE_BACKING_RAM;
}

/*
 * What the kernel's tables map may be taken away while it is looked at, and its
 * struct page with it; resources are asked, under their own lock.
 */
static enum mmuscope_backing kernel_backing(unsigned long pfn)
{
	if (page_is_ram(pfn))
		return MMUSCOPE_BACKING_RAM;
	return has_page(pfn) && !pfn_to_online_page(pfn) ?
		MMUSCOPE_BACKING_DEVICE : MMUSCOPE_BACKING_MMIO;
}

static void present_leaf(struct mmuscope_extent *leaf, u64 raw,
			 unsigned int in)
{
	leaf->value = leaf_phys(raw, leaf->level) + leaf_offset(leaf);
	leaf->backing = in & MMUSCOPE_IN_KERNEL ?
		kernel_backing(PHYS_PFN(leaf->value)) :
		frame_backing(PHYS_PFN(leaf->value));
	leaf->flags = mmuscope_arch_flags(raw, leaf->level, false, in);
	leaf->memtype = mmuscope_arch_memtype(raw, leaf->level);
	leaf->pkey = mmuscope_arch_pkey(raw);

	/* pte_protnone() is both; the VMA tells which (mm/memory.c, v6.1). */
	if ((leaf->flags & MMUSCOPE_FLAG_PROT_NONE) &&
	    (in & MMUSCOPE_IN_ACCESSIBLE))
		leaf->flags ^= MMUSCOPE_FLAG_PROT_NONE | MMUSCOPE_FLAG_NUMA_HINT;
	if (leaf->level == MMUSCOPE_LEVEL_PTE && is_zero_pfn(pte_pfn(__pte(raw))))
		leaf->flags |= MMUSCOPE_FLAG_ZERO;
}

static const struct {
	u32 softleaf;
	u32 backing;
} softleaf_kinds[] = {
	[SOFTLEAF_SWAP] = {
		MMUSCOPE_SOFTLEAF_SWAP, MMUSCOPE_BACKING_SWAP },
	[SOFTLEAF_MIGRATION_READ] = {
		MMUSCOPE_SOFTLEAF_MIGRATION_READ, MMUSCOPE_BACKING_MIGRATION },
	[SOFTLEAF_MIGRATION_READ_EXCLUSIVE] = {
		MMUSCOPE_SOFTLEAF_MIGRATION_READ_EXCLUSIVE,
		MMUSCOPE_BACKING_MIGRATION },
	[SOFTLEAF_MIGRATION_WRITE] = {
		MMUSCOPE_SOFTLEAF_MIGRATION_WRITE, MMUSCOPE_BACKING_MIGRATION },
	[SOFTLEAF_DEVICE_PRIVATE_READ] = {
		MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_READ,
		MMUSCOPE_BACKING_DEVICE },
	[SOFTLEAF_DEVICE_PRIVATE_WRITE] = {
		MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_WRITE,
		MMUSCOPE_BACKING_DEVICE },
	[SOFTLEAF_DEVICE_EXCLUSIVE] = {
		MMUSCOPE_SOFTLEAF_DEVICE_EXCLUSIVE, MMUSCOPE_BACKING_DEVICE },
	[SOFTLEAF_HWPOISON] = {
		MMUSCOPE_SOFTLEAF_HWPOISON, MMUSCOPE_BACKING_POISON },
	[SOFTLEAF_MARKER] = {
		MMUSCOPE_SOFTLEAF_MARKER, MMUSCOPE_BACKING_MARKER },
};

static u32 softleaf_markers(softleaf_t entry)
{
	u32 marker = 0;

	if (softleaf_is_uffd_wp_marker(entry))
		marker |= MMUSCOPE_MARKER_UFFD_WP;
	if (softleaf_is_poison_marker(entry))
		marker |= MMUSCOPE_MARKER_POISONED;
	if (softleaf_is_guard_marker(entry))
		marker |= MMUSCOPE_MARKER_GUARD;
	return marker;
}

static void decode_softleaf(struct mmuscope_extent *leaf, softleaf_t entry)
{
	enum softleaf_type type = softleaf_type(entry);

	if (type == SOFTLEAF_NONE || type >= ARRAY_SIZE(softleaf_kinds)) {
		leaf->flags |= MMUSCOPE_FLAG_BAD;
		return;
	}
	leaf->softleaf = softleaf_kinds[type].softleaf;
	leaf->backing = softleaf_kinds[type].backing;
	if (type == SOFTLEAF_MARKER) {
		leaf->marker = softleaf_markers(entry);
	} else if (type == SOFTLEAF_SWAP) {
		leaf->swap_type = swp_type(entry);
		leaf->value = swp_offset(entry) + PHYS_PFN(leaf_offset(leaf));
	} else if (softleaf_has_pfn(entry)) {
		leaf->value = PFN_PHYS(softleaf_to_pfn(entry)) +
			      leaf_offset(leaf);
	}
}

static void pmd_softleaf(struct mmuscope_extent *leaf, pmd_t pmd)
{
	if (pmd_swp_soft_dirty(pmd))
		leaf->flags |= MMUSCOPE_FLAG_SOFT_DIRTY;
	if (pmd_swp_uffd_wp(pmd))
		leaf->flags |= MMUSCOPE_FLAG_UFFD_WP;
	decode_softleaf(leaf, softleaf_from_pmd(pmd));
}

static void pte_softleaf(struct mmuscope_extent *leaf, pte_t pte)
{
	if (pte_swp_soft_dirty(pte))
		leaf->flags |= MMUSCOPE_FLAG_SOFT_DIRTY;
	if (pte_swp_uffd_wp(pte))
		leaf->flags |= MMUSCOPE_FLAG_UFFD_WP;
	decode_softleaf(leaf, softleaf_from_pte(pte));
}

static bool leaf_present(u64 raw, enum mmuscope_level level, unsigned int in)
{
	if (level == MMUSCOPE_LEVEL_PMD && !(in & MMUSCOPE_IN_HUGETLB))
		return pmd_present(__pmd(raw));
	return pte_present(__pte(raw));
}

/**
 * mmuscope_entry_leaf - decode a leaf
 * @leaf: @start, @end and @level are set, the rest is 0
 * @raw: the entry, not none
 * @in: MMUSCOPE_IN_*
 *
 * hugetlb keeps its entries in the form of a pte at whatever level they stand
 * (huge_ptep_get(), mm/hugetlb.c, v6.1), others in the form of their level.
 * The permissions are this entry's own. Any context.
 */
void mmuscope_entry_leaf(struct mmuscope_extent *leaf, u64 raw,
			 unsigned int in)
{
	leaf->raw = raw;
	if (leaf_present(raw, leaf->level, in))
		present_leaf(leaf, raw, in);
	else if (leaf->level == MMUSCOPE_LEVEL_PMD &&
		 !(in & MMUSCOPE_IN_HUGETLB))
		pmd_softleaf(leaf, __pmd(raw));
	else
		pte_softleaf(leaf, __pte(raw));
	if (in & MMUSCOPE_IN_HUGETLB)
		leaf->flags |= MMUSCOPE_FLAG_HUGETLB;
}

/**
 * mmuscope_entry_table - decode an entry that points to a table
 * @ext: @start, @end and @level are set, the rest is 0
 * @raw: the entry, good for a table
 * @in: MMUSCOPE_IN_*
 */
void mmuscope_entry_table(struct mmuscope_extent *ext, u64 raw, unsigned int in)
{
	ext->raw = raw;
	ext->backing = MMUSCOPE_BACKING_TABLE;
	ext->value = PFN_PHYS(pte_pfn(__pte(raw)));
	ext->flags = mmuscope_arch_flags(raw, ext->level, true, in);
}

static u64 cache_entry_flags(struct address_space *mapping, void *entry)
{
	if (!entry)
		return 0;
	if (!xa_is_value(entry))
		return MMUSCOPE_FLAG_CACHED;
	/* In other file systems a value is the shadow of an evicted page. */
	return shmem_mapping(mapping) ? MMUSCOPE_FLAG_SWAPPED : 0;
}

/**
 * mmuscope_entry_hole - where the pages are that a file VMA does not map
 * @mapping: the file's pages
 * @index: first page
 * @max: how many pages nothing maps
 * @flags: MMUSCOPE_FLAG_CACHED, MMUSCOPE_FLAG_SWAPPED or 0
 *
 * Return: for how many pages, from @index on, @flags holds; at least 1.
 * Context: any; the caller keeps the file.
 */
unsigned long mmuscope_entry_hole(struct address_space *mapping, pgoff_t index,
				  unsigned long max, u64 *flags)
{
	unsigned long found = index, nr;
	void *entry = xa_find(&mapping->i_pages, &found, index + max - 1,
			      XA_PRESENT);

	*flags = 0;
	if (!entry)
		return max;
	if (found > index)
		return found - index;
	*flags = cache_entry_flags(mapping, entry);
	if (!*flags)
		return 1;
	for (nr = 1; nr < min_t(unsigned long, max, HOLE_MAX); nr++) {
		entry = xa_load(&mapping->i_pages, index + nr);
		if (cache_entry_flags(mapping, entry) != *flags)
			break;
	}
	return nr;
}
