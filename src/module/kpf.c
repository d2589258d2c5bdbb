// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flags of a frame by their stable numbers, as /proc/kpageflags has them
 * (stable_page_flags(), fs/proc/page.c, v6.1); that function is not exported, and
 * it reads a page that may be on its way to somebody else.
 */
#include <linux/hugetlb.h>
#include <linux/kernel-page-flags.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/page_idle.h>
#include <linux/pgtable.h>
#include <linux/uaccess.h>
#include "internal.h"

#define HUGE_ZERO_ORDER	(PMD_SHIFT - PAGE_SHIFT)

#ifdef CONFIG_MEMORY_FAILURE
#define HWPOISON	BIT(PG_hwpoison)
#else
#define HWPOISON	0
#endif

/* Bits of a folio. */
static const struct {
	unsigned int kpf;
	unsigned int page;
} page_bits[] = {
	{ KPF_LOCKED,		PG_locked },
	KPF_GONE
	{ KPF_DIRTY,		PG_dirty },
	{ KPF_UPTODATE,		PG_uptodate },
	{ KPF_WRITEBACK,	PG_writeback },
	{ KPF_LRU,		PG_lru },
	{ KPF_REFERENCED,	PG_referenced },
	{ KPF_ACTIVE,		PG_active },
	{ KPF_RECLAIM,		PG_reclaim },
	{ KPF_SWAPBACKED,	PG_swapbacked },
	{ KPF_UNEVICTABLE,	PG_unevictable },
	{ KPF_MLOCKED,		PG_mlocked },
#ifdef CONFIG_ARCH_USES_PG_UNCACHED
	{ KPF_UNCACHED,		PG_uncached },
#endif
	{ KPF_RESERVED,		PG_reserved },
	{ KPF_OWNER_2,		PG_owner_2 },
	{ KPF_PRIVATE,		PG_private },
	{ KPF_PRIVATE_2,	PG_private_2 },
	{ KPF_OWNER_PRIVATE,	PG_owner_priv_1 },
	{ KPF_ARCH,		PG_arch_1 },
	{ KPF_ARCH_2,		PG_arch_2 },
};

static bool is_zeroed(struct page *head, unsigned int order)
{
	const char *at = page_address(head);
	unsigned long i;
	u64 word;

	for (i = 0; i < 1UL << order; i++) {
		if (copy_from_kernel_nofault(&word, at + i * PAGE_SIZE +
					     i * sizeof(word) % PAGE_SIZE,
					     sizeof(word)) || word)
			return false;
	}
	return true;
}

/*
 * The huge zero page is not exported, and nothing marks it: what is of its size,
 * belongs to nobody and holds only zeros is told as such.
 */
static bool is_huge_zero(struct folio *folio, struct page *head)
{
	struct mmuscope_place place;

	return folio_order(folio) == HUGE_ZERO_ORDER && !folio->mapping &&
	       !folio->private && !folio_test_slab(folio) &&
	       !folio_test_reserved(folio) && !page_has_type(&folio->page) &&
	       !mmuscope_share_of(page_to_pfn(head), &place) &&
	       is_zeroed(head, HUGE_ZERO_ORDER);
}

static u64 compound_bits(struct mmuscope_snapshot *snap, struct folio *folio,
			 struct page *head)
{
	u64 kpf = BIT(snap->index ? KPF_COMPOUND_TAIL : KPF_COMPOUND_HEAD);

	if (folio_test_hugetlb(folio))
		return kpf | BIT(KPF_HUGE);
	if (!IS_ENABLED(CONFIG_TRANSPARENT_HUGEPAGE))
		return kpf;
	if (folio_test_large_rmappable(folio))
		kpf |= BIT(KPF_THP);
	else if (is_huge_zero(folio, head))
		kpf |= BIT(KPF_THP) | BIT(KPF_ZERO_PAGE);
	return kpf;
}

static u64 type_bits(struct mmuscope_snapshot *snap, struct folio *folio,
		     struct page *page)
{
	u64 kpf = 0;

	if (PageBuddy(&snap->page) ||
	    (!folio_ref_count(folio) && is_free_buddy_page(page)))
		kpf |= BIT(KPF_BUDDY);
	if (PageOffline(&snap->page))
		kpf |= BIT(KPF_OFFLINE);
	if (PageTable(&snap->head[0]))
		kpf |= BIT(KPF_PGTABLE);
	return kpf;
}

/**
 * mmuscope_kpf - the flags of a frame as /proc/kpageflags has them
 * @snap: of @page
 * @folio: its folio, within @snap
 * @page: the frame's, online
 *
 * Context: under RCU; what is told holds if @snap still does afterwards.
 */
u64 mmuscope_kpf(struct mmuscope_snapshot *snap, struct folio *folio,
		 struct page *page)
{
	struct page *head = page - snap->index;
	u64 kpf = type_bits(snap, folio, page);
	unsigned long word = kpf_word(&snap->page, folio);
	unsigned int i;

	if (folio_test_slab(folio))
		kpf |= BIT(KPF_SLAB);
	else if (copy_is_mapped(folio, head))
		kpf |= BIT(KPF_MMAP);
	if (folio_test_anon(folio))
		kpf |= BIT(KPF_ANON);
	if (folio_test_ksm(folio))
		kpf |= BIT(KPF_KSM);
	if (folio_test_large(folio))
		kpf |= compound_bits(snap, folio, head);
	else if (is_zero_pfn(page_to_pfn(page)))
		kpf |= BIT(KPF_ZERO_PAGE);
	if (folio_test_idle(folio))
		kpf |= BIT(KPF_IDLE);
	if (folio_test_swapcache(folio))
		kpf |= BIT(KPF_SWAPCACHE);
	for (i = 0; i < ARRAY_SIZE(page_bits); i++)
		if (word & BIT(page_bits[i].page))
			kpf |= BIT(page_bits[i].kpf);
	/* Poison is of one page, but for hugetlb. */
	if (!folio_test_hugetlb(folio))
		word = flags_word(snap->page.flags);
	if (word & HWPOISON)
		kpf |= BIT(KPF_HWPOISON);
	return kpf;
}
