// SPDX-License-Identifier: GPL-2.0-only
/*
 * The struct pages behind a frame, copied: nothing holds the page, so what is
 * decided must be decided on one state, and the kernel's helpers may insist on
 * things that a page on its way to somebody else does not keep.
 */
#include <linux/build_bug.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include "internal.h"

/*
 * At the start of a page of memory the helpers would take a head for one of those
 * that stand in for freed struct pages (page_fixed_fake_head(), v5.18 to now).
 */
static_assert(offsetof(struct mmuscope_snapshot, head) %
	      (2 * sizeof(struct page)));

/**
 * mmuscope_snapshot_take - copy the struct pages behind a frame
 * @snap: where to
 * @page: the frame's, online
 *
 * Return: the folio, as the helpers want it, within @snap; NULL if the page was
 * caught on its way into or out of one. Any context.
 */
struct folio *mmuscope_snapshot_take(struct mmuscope_snapshot *snap,
				     struct page *page)
{
	struct page *head = compound_head(page);
	struct folio *folio;

	snap->index = page - head;
	snap->page = *page;
	snap->head[0] = *head;
	if (PageTail(&snap->head[0]))
		return NULL;
	if (PageHead(&snap->head[0]))
		snap->head[1] = head[1];
	folio = page_folio(&snap->head[0]);
	/* The order stands in the second page, which may be another's by now. */
	if (folio_order(folio) > PUD_SHIFT - PAGE_SHIFT ||
	    snap->index >> folio_order(folio))
		return NULL;
	return folio;
}

/*
 * What must not change under a reader. Where a page of the slab has its free
 * objects others have their index.
 */
static bool same_use(struct page *page, struct page *other)
{
	const unsigned long use = BIT(PG_head) | BIT(PG_reserved);
	struct folio *a = page_folio(page), *b = page_folio(other);

	return !((flags_word(a->flags) ^ flags_word(b->flags)) & use) &&
	       folio_test_slab(a) == folio_test_slab(b) &&
	       a->mapping == b->mapping &&
	       (folio_test_slab(a) || a->index == b->index) &&
	       !page_ref_count(page) == !page_ref_count(other) &&
	       page_has_type(page) == page_has_type(other) &&
	       (!page_has_type(page) || page->page_type == other->page_type);
}

/**
 * mmuscope_snapshot_holds - is the frame still what it was?
 * @snap: of the same page, complete
 * @page: the page
 *
 * Counts and what comes and goes with use may differ; a page that is not its
 * folio's first has nothing else (the second has counts of all of the folio).
 * What was read between the two looks, and was reached through what they have in
 * common, is of the frame that @snap shows. Any context.
 */
bool mmuscope_snapshot_holds(struct mmuscope_snapshot *snap, struct page *page)
{
	struct mmuscope_snapshot now;

	return mmuscope_snapshot_take(&now, page) && now.index == snap->index &&
	       (now.index || same_use(&now.page, &snap->page)) &&
	       same_use(&now.head[0], &snap->head[0]);
}

/**
 * mmuscope_snapshot_mapcount - how often a page is mapped
 * @page: the page, or a copy
 * @folio: its folio, within a snapshot
 *
 * As folio_precise_page_mapcount() of fs/proc/internal.h (v6.12) has it: a count
 * so low is a type. Any context.
 */
int mmuscope_snapshot_mapcount(const struct page *page, struct folio *folio)
{
	int count = atomic_read(&page->_mapcount) + 1;

	if (page_mapcount_is_type(count))
		count = 0;
	if (folio_test_large(folio))
		count += folio_extra_mapcount(folio);
	return count;
}

/**
 * mmuscope_folio_file - the pages of the file that a folio is one of
 * @folio: the folio, or a copy
 *
 * Return: NULL if it is of none; what moved to the swap cache is of none.
 */
struct address_space *mmuscope_folio_file(const struct folio *folio)
{
	unsigned long mapping = (unsigned long)folio->mapping;

	return mapping & FOLIO_MAPPING_FLAGS ? NULL : folio->mapping;
}
