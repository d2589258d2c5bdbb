// SPDX-License-Identifier: GPL-2.0-only
/* What the struct page tells of a leaf that maps it. */
#include <linux/huge_mm.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pfn.h>
#include "internal.h"

/*
 * The huge zero page is not exported (mm/huge_memory.c, v6.1): it is the one
 * huge page of a VMA without a file that is neither anonymous nor writable and
 * belongs to nobody.
 */
static bool is_huge_zero(const struct mmuscope_extent *leaf,
			 const struct folio *folio, unsigned int in)
{
	return leaf->level == MMUSCOPE_LEVEL_PMD &&
	       (in & MMUSCOPE_IN_ANON) && !(in & MMUSCOPE_IN_HUGETLB) &&
	       !(leaf->flags & MMUSCOPE_FLAG_WRITE) && !folio->mapping;
}

static u64 folio_kind(struct folio *folio)
{
	if (folio_test_ksm(folio))
		return MMUSCOPE_FLAG_ANON | MMUSCOPE_FLAG_KSM;
	if (folio_test_anon(folio))
		return MMUSCOPE_FLAG_ANON;
	if (folio_test_swapbacked(folio))
		return MMUSCOPE_FLAG_SHMEM;
	return MMUSCOPE_FLAG_FILE;
}

/* Some of a huge entry's pages may be mapped by themselves elsewhere. */
static bool is_shared(const struct mmuscope_extent *leaf,
		      struct mmuscope_snapshot *snap, struct folio *folio,
		      unsigned int in)
{
	if (leaf->level == MMUSCOPE_LEVEL_PMD && !(in & MMUSCOPE_IN_HUGETLB) &&
	    folio_test_large(folio))
		return copy_mapcount(snap, folio) > 1;
	return mmuscope_snapshot_mapcount(&snap->page, folio) > 1;
}

static void folio_leaf(struct mmuscope_extent *leaf, struct mmuscope_snapshot *snap,
		       struct folio *folio, unsigned int in)
{
	leaf->flags |= folio_kind(folio);
	leaf->order = folio_order(folio);
	if (folio_test_swapcache(folio))
		leaf->flags |= MMUSCOPE_FLAG_SWAPCACHE;
	if (leaf->order && !(in & MMUSCOPE_IN_HUGETLB))
		leaf->flags |= MMUSCOPE_FLAG_THP;
	if (is_shared(leaf, snap, folio, in))
		leaf->flags |= MMUSCOPE_FLAG_SHARED;
}

/**
 * mmuscope_entry_page - add what the struct page behind a present leaf tells
 * @leaf: as mmuscope_entry_leaf() left it
 * @in: MMUSCOPE_IN_*
 *
 * Takes no reference, so that the page does not feel it. It may be freed
 * meanwhile: the caller reads the entry again and, if that has changed, throws
 * the result away. Any context.
 */
void mmuscope_entry_page(struct mmuscope_extent *leaf, unsigned int in)
{
	struct mmuscope_snapshot snap;
	struct folio *folio;
	struct page *page;

	if (!(leaf->flags & MMUSCOPE_FLAG_PRESENT) ||
	    (leaf->flags & (MMUSCOPE_FLAG_SPECIAL | MMUSCOPE_FLAG_ZERO)) ||
	    (in & MMUSCOPE_IN_PFNMAP))
		return;
	page = pfn_to_online_page(PHYS_PFN(leaf->value));
	folio = page ? mmuscope_snapshot_take(&snap, page) : NULL;
	if (!folio)
		return;
	if (is_huge_zero(leaf, folio, in))
		leaf->flags |= MMUSCOPE_FLAG_ZERO;
	else
		folio_leaf(leaf, &snap, folio, in);
}
