// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frames of a share: what they may cost, where they come from and how they
 * go back. They are charged to the memory cgroup too, by their allocation.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include "internal.h"

/* A request that is too large fails: it makes no room by killing others, */
#define PAGES_GFP	(GFP_KERNEL_ACCOUNT | __GFP_ZERO | __GFP_NOWARN | \
			 __GFP_RETRY_MAYFAIL)

/* nor does it take their last, which is looked at every so many pages. */
#define LOOK_PAGES	512

#define MB_SHIFT	20

static unsigned long share_max_mb = ULONG_MAX;
module_param(share_max_mb, ulong, 0644);
MODULE_PARM_DESC(share_max_mb,
		 "most memory that all shares have together, in MB (default: a quarter of RAM)");

static atomic_long_t pages_in_use;	/* of all shares, in small pages */

/*
 * Whose a frame is, by the number of the first one of its page. The index of the
 * page among its own is in page_private.
 */
static DEFINE_XARRAY(frames);

/**
 * mmuscope_pages_init - set the ceiling, unless whoever loads the module does
 */
void mmuscope_pages_init(void)
{
	if (share_max_mb == ULONG_MAX)
		share_max_mb = totalram_pages() / 4 >> (MB_SHIFT - PAGE_SHIFT);
}

static unsigned long small_pages(const struct mmuscope_pages *pages)
{
	return pages->nr << pages->order;
}

static unsigned long ceiling(void)
{
	return min(READ_ONCE(share_max_mb), ULONG_MAX >> MB_SHIFT) <<
	       (MB_SHIFT - PAGE_SHIFT);
}

/* Adds @nr, unless that makes more than @max. */
static bool count_up(atomic_long_t *count, unsigned long nr, unsigned long max)
{
	long old = atomic_long_read(count);

	do {
		if (nr > max || old > max - nr)
			return false;
	} while (!atomic_long_try_cmpxchg(count, &old, old + nr));
	return true;
}

static int charge_user(struct mmuscope_pages *pages)
{
	struct user_struct *user = current_user();

	if (ns_capable_noaudit(&init_user_ns, CAP_IPC_LOCK))
		return 0;
	if (!count_up(&user->locked_vm, small_pages(pages),
		      rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT))
		return -EDQUOT;
	pages->user = get_uid(user);
	return 0;
}

static void uncharge_user(struct mmuscope_pages *pages)
{
	if (!pages->user)
		return;
	atomic_long_sub(small_pages(pages), &pages->user->locked_vm);
	free_uid(pages->user);
	pages->user = NULL;
}

static int charge(struct mmuscope_pages *pages)
{
	int err = charge_user(pages);

	if (err)
		return err;
	if (count_up(&pages_in_use, small_pages(pages), ceiling()))
		return 0;
	uncharge_user(pages);
	return -ENOSPC;
}

static void uncharge(struct mmuscope_pages *pages)
{
	atomic_long_sub(small_pages(pages), &pages_in_use);
	uncharge_user(pages);
}

static struct page *alloc_on(int node, gfp_t gfp, unsigned int order)
{
	if (node == NUMA_NO_NODE)
		return alloc_pages(gfp, order);
	return alloc_pages_node(node, gfp | __GFP_THISNODE, order);
}

static bool has_room(const struct mmuscope_pages *pages, unsigned long got)
{
	long room = si_mem_available();

	return room > 0 && (pages->nr - got) << pages->order <= room;
}

static int alloc_each(struct mmuscope_pages *pages, int node)
{
	gfp_t gfp = PAGES_GFP | (pages->order ? __GFP_COMP : 0);
	unsigned long i;

	for (i = 0; i < pages->nr; i++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!((i << pages->order) % LOOK_PAGES) && !has_room(pages, i))
			return -ENOMEM;
		pages->page[i] = alloc_on(node, gfp, pages->order);
		if (!pages->page[i])
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/* A large page is one already; of small ones what is too much goes back. */
static int alloc_block(struct mmuscope_pages *pages, int node)
{
	unsigned int order = order_base_2(small_pages(pages));
	struct page *page;
	unsigned long i;

	if (pages->order)
		return alloc_each(pages, node);
	page = alloc_on(node, PAGES_GFP, order);
	if (!page)
		return -ENOMEM;
	for (i = 0; i < pages->nr; i++)
		pages->page[i] = page + i;
	split_page(page, order);
	for (i = pages->nr; i < 1UL << order; i++)
		__free_page(page + i);
	return 0;
}

/* Some at a time, for each is flushed from the caches. */
static int change_memtype(const struct mmuscope_pages *pages, u32 memtype)
{
	unsigned long i, nr;

	for (i = 0; i < pages->nr; i += nr) {
		nr = min(pages->nr - i, 1024UL);
		if (mmuscope_arch_set_memtype(pages->page + i, nr, memtype))
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

static int set_memtype(struct mmuscope_pages *pages)
{
	if (pages->memtype == MMUSCOPE_MEMTYPE_WB)
		return 0;
	pages->typed = true;
	return change_memtype(pages, pages->memtype);
}

/* Pages that are not WB must not come into others' hands: rather they are lost. */
static bool restore_memtype(struct mmuscope_pages *pages)
{
	if (!pages->typed)
		return true;
	return !WARN_ON_ONCE(change_memtype(pages, MMUSCOPE_MEMTYPE_WB));
}

/* As far as there are any. Whoever has pinned a large page still frees it. */
static void free_frames(struct mmuscope_pages *pages)
{
	unsigned long i;

	if (!restore_memtype(pages))
		return;
	for (i = 0; i < pages->nr && pages->page[i]; i++) {
		__free_pages(pages->page[i], pages->order);
		cond_resched();
	}
}

/**
 * mmuscope_pages_list - let it be found whose these frames are
 * @pages: part of what is freed by RCU, and complete
 *
 * Return: 0 or -ENOMEM; mmuscope_pages_unlist() is to be called in any case.
 */
int mmuscope_pages_list(struct mmuscope_pages *pages)
{
	unsigned long i;
	int err;

	for (i = 0; i < pages->nr; i++) {
		set_page_private(pages->page[i], i);
		err = xa_err(xa_store(&frames, page_to_pfn(pages->page[i]),
				      pages, GFP_KERNEL_ACCOUNT));
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

/**
 * mmuscope_pages_unlist - undo mmuscope_pages_list()
 * @pages: which readers under RCU may know of until they are done
 */
void mmuscope_pages_unlist(struct mmuscope_pages *pages)
{
	unsigned long i;

	for (i = 0; i < pages->nr; i++) {
		xa_erase(&frames, page_to_pfn(pages->page[i]));
		set_page_private(pages->page[i], 0);
		cond_resched();
	}
}

/**
 * mmuscope_pages_of - the pages that a frame is one of
 * @pfn: the frame
 * @index: where it stands among them, in small pages
 *
 * Context: under RCU, which keeps what is returned; does not sleep.
 * Return: NULL if it is of none.
 */
struct mmuscope_pages *mmuscope_pages_of(u64 pfn, pgoff_t *index)
{
	static const unsigned int orders[] = { 0, PMD_SHIFT - PAGE_SHIFT };
	struct mmuscope_pages *pages;
	unsigned long first, at;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		first = pfn >> orders[i] << orders[i];
		pages = xa_load(&frames, first);
		if (!pages || pages->order != orders[i])
			continue;
		at = page_private(pfn_to_page(first));
		/* It is another's as soon as it is not listed any more. */
		if (at >= pages->nr || xa_load(&frames, first) != pages)
			return NULL;
		*index = (at << orders[i]) + (pfn - first);
		return pages;
	}
	return NULL;
}

/**
 * mmuscope_pages_check - can there be such pages?
 * @pages: number, order and memory type
 * @node: NUMA node, or NUMA_NO_NODE
 * @contiguous: physically one piece
 *
 * Return: 0, -EINVAL, or -EOPNOTSUPP for a memory type.
 */
int mmuscope_pages_check(const struct mmuscope_pages *pages, int node,
			 bool contiguous)
{
	if (node != NUMA_NO_NODE &&
	    (node < 0 || node >= MAX_NUMNODES || !node_state(node, N_MEMORY)))
		return -EINVAL;
	if (contiguous && order_base_2(small_pages(pages)) > MAX_PAGE_ORDER)
		return -EINVAL;
	if (pages->memtype >= MMUSCOPE_NR_MEMTYPES)
		return -EINVAL;
	/* The kernel expects a pmd leaf to begin where a compound page does. */
	if (contiguous && pages->order && pages->nr > 1)
		return -EOPNOTSUPP;
	/* The kernel's own mapping of a large page would have to split. */
	if (pages->order && pages->memtype != MMUSCOPE_MEMTYPE_WB)
		return -EOPNOTSUPP;
	return mmuscope_arch_has_memtype(pages->memtype) ? 0 : -EOPNOTSUPP;
}

/**
 * mmuscope_pages_alloc - get zeroed pages
 * @pages: number, order and memory type, all else 0; the rest is filled in
 * @node: NUMA node, or NUMA_NO_NODE
 * @contiguous: physically one piece
 *
 * They neither move nor are swapped.
 *
 * Context: may sleep.
 * Return: 0, -EDQUOT or -ENOSPC for the limits, -ENOMEM, or -EINTR if the caller
 * is killed; then there are none.
 */
int mmuscope_pages_alloc(struct mmuscope_pages *pages, int node,
			 bool contiguous)
{
	int err;

	err = charge(pages);
	if (err)
		return err;
	pages->page = kvcalloc(pages->nr, sizeof(*pages->page), PAGES_GFP);
	if (!pages->page) {
		err = -ENOMEM;
		goto err_uncharge;
	}
	err = contiguous ? alloc_block(pages, node) : alloc_each(pages, node);
	if (err)
		goto err_free;
	err = set_memtype(pages);
	if (err)
		goto err_free;
	return 0;

err_free:
	free_frames(pages);
	kvfree(pages->page);
err_uncharge:
	uncharge(pages);
	return err;
}

/**
 * mmuscope_pages_free - undo mmuscope_pages_alloc()
 * @pages: which nobody maps any more
 */
void mmuscope_pages_free(struct mmuscope_pages *pages)
{
	free_frames(pages);
	kvfree(pages->page);
	uncharge(pages);
}

/**
 * mmuscope_pages_at - the frame that stands somewhere
 * @pages: the pages
 * @index: where, in small pages; below their end
 */
struct page *mmuscope_pages_at(const struct mmuscope_pages *pages,
			       pgoff_t index)
{
	return pages->page[index >> pages->order] +
	       (index & ((1UL << pages->order) - 1));
}

/**
 * mmuscope_pages_pinned - does somebody hold a page, mapped or not?
 * @pages: the pages
 *
 * GUP-fast of v6.1 takes large ones, as it cannot tell a pmd leaf of frames.
 */
bool mmuscope_pages_pinned(const struct mmuscope_pages *pages)
{
	unsigned long i;

	if (!pages->order)
		return false;
	for (i = 0; i < pages->nr; i++)
		if (page_count(pages->page[i]) > 1)
			return true;
	return false;
}
