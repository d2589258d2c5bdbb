// SPDX-License-Identifier: GPL-2.0-only
/* What the struct page tells of a leaf that maps it. */
#include <linux/huge_mm.h>
#include <linux/math64.h>
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

static u64 page_pss(int mapcount)
{
	u64 pss = PAGE_SIZE << MMUSCOPE_PSS_SHIFT;

	return mapcount < 2 ? pss : div_u64(pss, mapcount);
}

/*
 * As smaps_account() has it (fs/proc/task_mmu.c, v6.1 to v7.2). The pages of a huge
 * entry may be mapped by themselves elsewhere, so they are asked one by one where
 * the folio does not speak for all of them.
 */
static u64 leaf_pss(const struct mmuscope_extent *leaf, struct folio *folio,
		    const struct page *page)
{
	unsigned long nr = (leaf->end - leaf->start) >> PAGE_SHIFT, i;
	int even = nr > 1 ? folio_even_mapcount(folio) : 0;
	u64 pss = 0;

	if (even)
		return nr * page_pss(even);
	for (i = 0; i < nr; i++)
		pss += page_pss(mmuscope_snapshot_mapcount(page + i, folio));
	return pss;
}

static struct mmuscope_part leaf_part(const struct mmuscope_extent *leaf,
				      struct folio *folio, const struct page *page,
				      const struct page *copy)
{
	return (struct mmuscope_part) {
		.pss = leaf_pss(leaf, folio, page),
		.dirty = (leaf->flags & MMUSCOPE_FLAG_DIRTY) ||
			 folio_test_dirty(folio),
		.single = !folio_test_large(folio),
		.looks = mmuscope_page_looks(copy),
	};
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
 * @part: what it counts of the process, 0 if it is not resident as smaps has it
 * @in: MMUSCOPE_IN_*
 *
 * Takes no reference, so that the page does not feel it. It may be freed
 * meanwhile: the caller reads the entry again and, if that has changed, throws
 * the result away. Any context.
 */
void mmuscope_entry_page(struct mmuscope_extent *leaf, struct mmuscope_part *part,
			 unsigned int in)
{
	struct mmuscope_snapshot snap;
	struct folio *folio;
	struct page *page;

	*part = (struct mmuscope_part) {};
	if (!(leaf->flags & MMUSCOPE_FLAG_PRESENT) ||
	    (leaf->flags & (MMUSCOPE_FLAG_SPECIAL | MMUSCOPE_FLAG_ZERO)) ||
	    (in & MMUSCOPE_IN_PFNMAP))
		return;
	page = pfn_to_online_page(PHYS_PFN(leaf->value));
	folio = page ? mmuscope_snapshot_take(&snap, page) : NULL;
	if (!folio)
		return;
	if (is_huge_zero(leaf, folio, in)) {
		leaf->flags |= MMUSCOPE_FLAG_ZERO;
		return;
	}
	folio_leaf(leaf, &snap, folio, in);
	if (!(in & MMUSCOPE_IN_HUGETLB))
		*part = leaf_part(leaf, folio, page, &snap.page);
}

/**
 * mmuscope_pss_add - count a part
 * @pss: where
 * @part: the part
 * @flags: MMUSCOPE_FLAG_* of what it is of
 */
void mmuscope_pss_add(struct mmuscope_pss *pss, const struct mmuscope_part *part,
		      u64 flags)
{
	pss->all += part->pss;
	if (flags & MMUSCOPE_FLAG_ANON)
		pss->anon += part->pss;
	else if (flags & MMUSCOPE_FLAG_SHMEM)
		pss->shmem += part->pss;
	else
		pss->file += part->pss;
	if (part->dirty)
		pss->dirty += part->pss;
}
