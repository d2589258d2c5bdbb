// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a frame may be mapped, by the reverse map of what it belongs to. The
 * kernel's own walk of it is not exported; the trees are, as a layout, and the
 * code for them is made by the kernel's headers.
 *
 * What protects what (v6.1 to v7.2; Documentation/locking.rst): a reference and
 * the folio's lock keep folio->mapping; the root anon_vma's rwsem keeps its tree
 * and the VMAs in it, i_mmap_rwsem those of a file. Nothing else is locked
 * under them, and nothing is allocated: what is found is noted, an address
 * space by mm_count, and looked at when all locks are dropped.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/interval_tree_generic.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/rmap.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "internal.h"

/* Places that are remembered: at first, and at the most. */
#define PLACES_MIN	256
#define PLACES_MAX	65536

/* How often the frame is looked up, and its reverse map tried to be locked. */
#define TRIES_MAX	1000

static unsigned long vma_first(struct vm_area_struct *vma)
{
	return vma->vm_pgoff;
}

static unsigned long vma_last(struct vm_area_struct *vma)
{
	return vma->vm_pgoff + vma_pages(vma) - 1;
}

static unsigned long avc_first(struct anon_vma_chain *avc)
{
	return vma_first(avc->vma);
}

static unsigned long avc_last(struct anon_vma_chain *avc)
{
	return vma_last(avc->vma);
}

INTERVAL_TREE_DEFINE(struct vm_area_struct, shared.rb, unsigned long,
		     shared.rb_subtree_last, vma_first, vma_last,
		     static __maybe_unused, file_tree)
INTERVAL_TREE_DEFINE(struct anon_vma_chain, rb, unsigned long, rb_subtree_last,
		     avc_first, avc_last, static __maybe_unused, anon_tree)

/* How to find who maps a frame that has no folio of processes. */
static const enum mmuscope_method methods[MMUSCOPE_NR_FRAME_KINDS] = {
	[MMUSCOPE_FRAME_NONE] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_OFFLINE] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_FREE] = MMUSCOPE_METHOD_NONE,
	[MMUSCOPE_FRAME_SLAB] = MMUSCOPE_METHOD_NONE,
	[MMUSCOPE_FRAME_TABLE] = MMUSCOPE_METHOD_NONE,
	[MMUSCOPE_FRAME_HUGETLB] = MMUSCOPE_METHOD_NONE,
	[MMUSCOPE_FRAME_ANON] = MMUSCOPE_METHOD_ANON,
	[MMUSCOPE_FRAME_FILE] = MMUSCOPE_METHOD_FILE,
	[MMUSCOPE_FRAME_SHMEM] = MMUSCOPE_METHOD_FILE,
	[MMUSCOPE_FRAME_KSM] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_ZERO] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_RESERVED] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_POISON] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_DEVICE] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_SHARE] = MMUSCOPE_METHOD_SCAN,
	[MMUSCOPE_FRAME_KERNEL] = MMUSCOPE_METHOD_SCAN,
};

static void note(struct mmuscope_rmap *rmap, struct vm_area_struct *vma,
		 pgoff_t index)
{
	struct mmuscope_mapping *place;

	cond_resched();
	rmap->met++;
	if (rmap->nr == rmap->max)
		return;
	place = &rmap->place[rmap->nr++];
	place->mm = vma->vm_mm;
	place->addr = vma->vm_start + ((index - vma->vm_pgoff) << PAGE_SHIFT);
	mmgrab(place->mm);
}

static void note_file(struct mmuscope_rmap *rmap, struct address_space *mapping,
		      pgoff_t index)
{
	struct vm_area_struct *vma;

	i_mmap_lock_read(mapping);
	for (vma = file_tree_iter_first(&mapping->i_mmap, index, index); vma;
	     vma = file_tree_iter_next(vma, index, index))
		note(rmap, vma, index);
	i_mmap_unlock_read(mapping);
}

/*
 * An anon_vma stays what it is as long as the folio is mapped and the root is
 * locked (folio_lock_anon_vma_read(), mm/rmap.c, v6.1). To wait for the lock
 * would take a reference whose end is not exported.
 */
static struct anon_vma *lock_anon(struct folio *folio)
{
	unsigned long mapping = (unsigned long)folio->mapping;
	struct anon_vma *anon = (void *)(mapping - FOLIO_MAPPING_ANON);
	struct anon_vma *root;

	rcu_read_lock();
	if (!folio_mapped(folio)) {
		rcu_read_unlock();
		return NULL;
	}
	root = READ_ONCE(anon->root);
	if (!down_read_trylock(&root->rwsem)) {
		anon = ERR_PTR(-EAGAIN);
	} else if (!folio_mapped(folio)) {
		up_read(&root->rwsem);
		anon = NULL;
	}
	rcu_read_unlock();
	return anon;
}

static int note_anon(struct mmuscope_rmap *rmap, struct folio *folio,
		     pgoff_t index)
{
	struct anon_vma *anon = lock_anon(folio);
	struct anon_vma_chain *avc;

	if (IS_ERR_OR_NULL(anon))
		return PTR_ERR_OR_ZERO(anon);
	for (avc = anon_tree_iter_first(&anon->rb_root, index, index); avc;
	     avc = anon_tree_iter_next(avc, index, index))
		note(rmap, avc->vma, index);
	up_read(&anon->root->rwsem);
	return 0;
}

/* The folio of a frame, referenced, or NULL; *@index becomes the frame's. */
static struct folio *get_folio(u64 pfn, pgoff_t *index)
{
	struct folio *folio = NULL, *stale = NULL;
	struct page *page;

	rcu_read_lock();
	page = pfn_to_online_page(pfn);
	if (page) {
		folio = page_folio(page);
		if (!folio_try_get(folio))
			folio = NULL;
		else if (page_folio(page) != folio)
			swap(folio, stale);
	}
	rcu_read_unlock();
	if (stale)
		folio_put(stale);
	if (folio)
		*index = folio_first_index(folio) + folio_page_idx(folio, page);
	return folio;
}

/*
 * An inode, and its file system, which would not wait for the inode alone. One
 * that is on its way out is mapped by nobody. What follows a refusal may sleep,
 * so it is the caller's: *@sb, if any, is for deactivate_super().
 */
static struct inode *hold_inode(struct inode *inode, struct super_block **sb)
{
	*sb = NULL;
	if (!atomic_inc_not_zero(&inode->i_sb->s_active))
		return NULL;
	*sb = inode->i_sb;
	return igrab(inode);
}

static void note_inode(struct mmuscope_rmap *rmap, struct inode *inode,
		       struct super_block *sb, pgoff_t index)
{
	if (inode) {
		note_file(rmap, inode->i_mapping, index);
		iput(inode);
	}
	if (sb)
		deactivate_super(sb);
}

/*
 * The inode is held instead of the folio's lock: of hugetlb's two locks
 * i_mmap_rwsem is the outer one (mm/rmap.c, v6.1).
 */
static int note_folio(struct mmuscope_rmap *rmap, struct folio *folio,
		      pgoff_t index)
{
	struct super_block *sb = NULL;
	struct address_space *mapping;
	struct inode *inode = NULL;
	int err;

	err = folio_lock_killable(folio);
	if (err)
		return err;
	if (folio_test_anon(folio)) {
		rmap->method = folio_test_ksm(folio) ? MMUSCOPE_METHOD_SCAN :
						       MMUSCOPE_METHOD_ANON;
		if (!folio_test_ksm(folio))
			err = note_anon(rmap, folio, index);
		folio_unlock(folio);
		return err;
	}
	mapping = mmuscope_folio_file(folio);
	if (mapping && mapping->host)
		inode = hold_inode(mapping->host, &sb);
	folio_unlock(folio);
	rmap->method = MMUSCOPE_METHOD_FILE;
	note_inode(rmap, inode, sb, index);
	return 0;
}

static bool note_share(struct mmuscope_rmap *rmap, u64 pfn)
{
	struct super_block *sb = NULL;
	struct mmuscope_place place;
	struct inode *inode = NULL;

	rcu_read_lock();
	if (mmuscope_share_of(pfn, &place))
		inode = hold_inode(place.inode, &sb);
	rcu_read_unlock();
	note_inode(rmap, inode, sb, place.index);
	if (inode)
		rmap->method = MMUSCOPE_METHOD_HOLDING;
	return inode;
}

/*
 * A folio that is nobody's may be on its way to the slab, or to somebody who does
 * not expect its lock to be taken: who sets ->mapping has done with that before.
 */
static int note_settled(struct mmuscope_rmap *rmap, struct folio *folio,
			pgoff_t index)
{
	const void *mapping = READ_ONCE(folio->mapping);

	smp_rmb();	/* the mapping is set after the slab's mark */
	if (folio_test_slab(folio))
		return -EAGAIN;
	if (mapping)
		return note_folio(rmap, folio, index);
	rmap->method = MMUSCOPE_METHOD_FILE;
	return 0;
}

/* Returns -EAGAIN if the frame or its reverse map is just in use. */
static int note_all(struct mmuscope_rmap *rmap, u64 pfn)
{
	struct mmuscope_frame frame;
	struct folio *folio;
	pgoff_t index;
	int err;

	if (note_share(rmap, pfn))
		return 0;
	mmuscope_frame_look(&frame, pfn);
	if (frame.flags & MMUSCOPE_FRAME_CHANGED)
		return -EAGAIN;
	rmap->method = methods[frame.kind];
	if (rmap->method != MMUSCOPE_METHOD_ANON &&
	    rmap->method != MMUSCOPE_METHOD_FILE &&
	    (frame.kind != MMUSCOPE_FRAME_HUGETLB || !frame.refcount))
		return 0;
	folio = get_folio(pfn, &index);
	if (!folio)
		return -EAGAIN;
	err = note_settled(rmap, folio, index);
	folio_put(folio);
	return err;
}

static void forget(struct mmuscope_rmap *rmap)
{
	while (rmap->nr) {
		mmdrop(rmap->place[--rmap->nr].mm);
		cond_resched();
	}
	rmap->met = 0;
}

/* Gives a moment to who holds the lock. */
static int note_patiently(struct mmuscope_rmap *rmap, u64 pfn)
{
	unsigned int tries;
	int err = -EAGAIN;

	for (tries = 0; err == -EAGAIN && tries < TRIES_MAX; tries++) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (tries)
			usleep_range(50, 500);
		err = note_all(rmap, pfn);
	}
	if (err == -EAGAIN)
		rmap->status |= MMUSCOPE_MAPPERS_BUSY;
	return err == -EAGAIN ? 0 : err;
}

static int make_room(struct mmuscope_rmap *rmap)
{
	u64 max = min_t(u64, rmap->met + rmap->met / 4, PLACES_MAX);

	forget(rmap);
	kvfree(rmap->place);
	rmap->max = max_t(u64, max, PLACES_MIN);
	rmap->place = kvmalloc_array(rmap->max, sizeof(*rmap->place),
				     GFP_KERNEL_ACCOUNT);
	return rmap->place ? 0 : -ENOMEM;
}

/**
 * mmuscope_rmap_get - where may a frame be mapped?
 * @rmap: all 0; filled in
 * @pfn: the frame
 *
 * A place may be found that maps something else, or nothing. What @rmap->method
 * is tells whether the places are all that there are: with METHOD_SCAN there is
 * no reverse map.
 *
 * Context: may sleep; all that is locked meanwhile is unlocked again.
 * Return: 0, -ENOMEM or -EINTR; mmuscope_rmap_put() is to be called in any case.
 */
int mmuscope_rmap_get(struct mmuscope_rmap *rmap, u64 pfn)
{
	unsigned int tries = 0;
	int err;

	do {
		err = make_room(rmap);
		if (!err)
			err = note_patiently(rmap, pfn);
	} while (!err && rmap->met > rmap->nr && ++tries < 3);
	if (rmap->met > rmap->nr)
		rmap->status |= MMUSCOPE_MAPPERS_MORE;
	return err;
}

/**
 * mmuscope_rmap_put - let go of what mmuscope_rmap_get() found
 * @rmap: it
 */
void mmuscope_rmap_put(struct mmuscope_rmap *rmap)
{
	forget(rmap);
	kvfree(rmap->place);
}
