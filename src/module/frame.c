// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in a frame. No reference is taken, so that nobody who counts them
 * feels it: a copy of the struct pages is looked at, and then the struct pages
 * again. Online memory keeps its struct pages as long as a reader is under RCU,
 * because taking it away waits for that (went_offline()).
 */
#include <linux/cgroup.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kdev_t.h>
#include <linux/kernel-page-flags.h>
#include <linux/memcontrol.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <linux/page-flags.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include "internal.h"

/* How often a frame that changes under our eyes is looked at again. */
#define TRIES_MAX	8

#define HAS(kpf)	BIT(KPF_ ## kpf)

static const u32 zones[MAX_NR_ZONES] = {
#ifdef CONFIG_ZONE_DMA
	[ZONE_DMA] = MMUSCOPE_ZONE_DMA,
#endif
#ifdef CONFIG_ZONE_DMA32
	[ZONE_DMA32] = MMUSCOPE_ZONE_DMA32,
#endif
	[ZONE_NORMAL] = MMUSCOPE_ZONE_NORMAL,
#ifdef CONFIG_HIGHMEM
	[ZONE_HIGHMEM] = MMUSCOPE_ZONE_HIGHMEM,
#endif
	[ZONE_MOVABLE] = MMUSCOPE_ZONE_MOVABLE,
#ifdef CONFIG_ZONE_DEVICE
	[ZONE_DEVICE] = MMUSCOPE_ZONE_DEVICE,
#endif
};

/* What the flags alone decide, the first that is set. */
static const struct {
	u64 kpf;
	enum mmuscope_frame_kind kind;
} kinds[] = {
	{ HAS(HWPOISON),	MMUSCOPE_FRAME_POISON },
	{ HAS(BUDDY),		MMUSCOPE_FRAME_FREE },
	{ HAS(OFFLINE),		MMUSCOPE_FRAME_OFFLINE },
	{ HAS(PGTABLE),		MMUSCOPE_FRAME_TABLE },
	{ HAS(SLAB),		MMUSCOPE_FRAME_SLAB },
	{ HAS(HUGE),		MMUSCOPE_FRAME_HUGETLB },
	{ HAS(ZERO_PAGE),	MMUSCOPE_FRAME_ZERO },
	{ HAS(RESERVED),	MMUSCOPE_FRAME_RESERVED },
	{ HAS(KSM),		MMUSCOPE_FRAME_KSM },
	{ HAS(ANON),		MMUSCOPE_FRAME_ANON },
};

static bool points_to(struct list_head *const *link, const void *to)
{
	struct list_head *at;

	return !get_kernel_nofault(at, link) && at == to;
}

/*
 * A free page that a processor keeps for itself has no mark of its own: nobody
 * has a reference, and it is on a list. The last frames of an allocation of more
 * than one have no reference either, but then they are on no list, or still on
 * the one of their own that they got at boot, and so are those that a processor
 * keeps together.
 */
static bool is_kept_free(const struct mmuscope_snapshot *snap,
			 const struct page *page)
{
	const struct list_head *lru = &snap->page.lru;

	return !page_ref_count(&snap->page) && !snap->page.mapping &&
	       !(flags_word(snap->page.flags) & PAGE_FLAGS_CHECK_AT_PREP) &&
	       lru->next != &page->lru &&
	       points_to(&lru->next->prev, &page->lru) &&
	       points_to(&lru->prev->next, &page->lru);
}

static enum mmuscope_frame_kind frame_kind(struct mmuscope_snapshot *snap,
					   struct folio *folio,
					   struct page *page, u64 kpf)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kpf & kinds[i].kpf)
			return kinds[i].kind;
	if (is_kept_free(snap, page))
		return MMUSCOPE_FRAME_FREE;
	if (!folio_ref_count(folio))
		return MMUSCOPE_FRAME_KERNEL;
	if (mmuscope_folio_file(folio))
		return folio_test_swapbacked(folio) ? MMUSCOPE_FRAME_SHMEM :
						      MMUSCOPE_FRAME_FILE;
	return folio_test_swapcache(folio) ? MMUSCOPE_FRAME_SHMEM :
					     MMUSCOPE_FRAME_KERNEL;
}

/* Nobody has it any more, but its flags are still those of processes' memory. */
static bool is_being_freed(const struct mmuscope_frame *frame)
{
	return frame->kind == MMUSCOPE_FRAME_KERNEL && !frame->refcount &&
	       frame->kpf & (HAS(LRU) | HAS(SWAPBACKED) | HAS(UPTODATE));
}

/*
 * An inode outlives its last folio by a grace period. That is a promise of file
 * systems, not of ours, so it is read in a way that does not fault.
 */
static void tell_file(struct mmuscope_frame *frame, const struct folio *folio)
{
	struct address_space *mapping = mmuscope_folio_file(folio);
	struct super_block *sb;
	struct inode *host;
	typeof(host->i_ino) ino;
	dev_t dev;

	if (!mapping || get_kernel_nofault(host, &mapping->host) || !host ||
	    get_kernel_nofault(ino, &host->i_ino) ||
	    get_kernel_nofault(sb, &host->i_sb) ||
	    get_kernel_nofault(dev, &sb->s_dev))
		return;
	frame->ino = ino;
	frame->dev_major = MAJOR(dev);
	frame->dev_minor = MINOR(dev);
}

/* The closest cgroup that is still there, as page_cgroup_ino() has it. */
static u64 folio_cgroup(struct folio *folio)
{
	struct mem_cgroup *memcg = folio_memcg_check(folio);

	while (memcg && !mem_cgroup_online(memcg))
		memcg = parent_mem_cgroup(memcg);
	return memcg ? cgroup_ino(memcg->css.cgroup) : 0;
}

static void tell_lru(struct mmuscope_frame *frame, struct folio *folio)
{
	int generation = folio_lru_gen(folio);

	if (folio_test_workingset(folio))
		frame->flags |= MMUSCOPE_FRAME_WORKINGSET;
	if (!folio_test_lru(folio)) {
		frame->lru = MMUSCOPE_LRU_NONE;
	} else if (folio_test_unevictable(folio)) {
		frame->lru = MMUSCOPE_LRU_UNEVICTABLE;
	} else if (generation >= 0) {
		frame->lru = MMUSCOPE_LRU_GENERATION;
		frame->generation = generation;
	} else {
		frame->lru = folio_test_active(folio) ? MMUSCOPE_LRU_ACTIVE :
							MMUSCOPE_LRU_INACTIVE;
	}
}

/* A small folio counts a pin as so many references. */
static void tell_pins(struct mmuscope_frame *frame, struct folio *folio)
{
	if (folio_test_large(folio)) {
		frame->pins = atomic_read(&folio->_pincount);
		return;
	}
	frame->pins = frame->refcount / GUP_PIN_COUNTING_BIAS;
	if (frame->pins)
		frame->flags |= MMUSCOPE_FRAME_PINS_MAYBE;
}

/* What reclaim and processes do with a folio. */
static void tell_folio(struct mmuscope_frame *frame,
		       struct mmuscope_snapshot *snap, struct folio *folio)
{
	tell_file(frame, folio);
	tell_lru(frame, folio);
	tell_pins(frame, folio);
	if (folio->mapping && !folio_test_ksm(folio))
		frame->index = (u64)(folio_first_index(folio) + snap->index) <<
			       PAGE_SHIFT;
}

/* As /proc/kpagecount tells it. */
static int frame_mapcount(struct mmuscope_snapshot *snap, struct folio *folio)
{
	return folio_test_slab(folio) ? 0 :
		mmuscope_snapshot_mapcount(&snap->page, folio);
}

static void tell_share(struct mmuscope_frame *frame)
{
	struct mmuscope_place place;

	if (!mmuscope_share_of(frame->pfn, &place))
		return;
	frame->kind = MMUSCOPE_FRAME_SHARE;
	frame->share = place.id;
	frame->index = (u64)place.index << PAGE_SHIFT;
}

static void tell(struct mmuscope_frame *frame, struct mmuscope_snapshot *snap,
		 struct folio *folio, struct page *page)
{
	frame->head = frame->pfn - snap->index;
	frame->order = folio_order(folio);
	frame->kpf = mmuscope_kpf(snap, folio, page);
	frame->kind = frame_kind(snap, folio, page, frame->kpf);
	frame->refcount = folio_ref_count(folio);
	frame->mapcount = frame_mapcount(snap, folio);
	frame->memcg = folio_cgroup(folio);

	switch (frame->kind) {
	case MMUSCOPE_FRAME_HUGETLB:
	case MMUSCOPE_FRAME_ANON:
	case MMUSCOPE_FRAME_KSM:
	case MMUSCOPE_FRAME_FILE:
	case MMUSCOPE_FRAME_SHMEM:
		tell_folio(frame, snap, folio);
		break;
	case MMUSCOPE_FRAME_ZERO:
		if (frame->order)
			frame->flags |= MMUSCOPE_FRAME_KIND_MAYBE;
		frame->pins = -1;
		break;
	case MMUSCOPE_FRAME_KERNEL:
		tell_pins(frame, folio);
		tell_share(frame);
		break;
	default:
		break;
	}
}

static void look_at_page(struct mmuscope_frame *frame, struct page *page)
{
	struct mmuscope_frame blank = *frame;
	struct mmuscope_snapshot snap;
	struct folio *folio;
	unsigned int tries;

	blank.node = page_to_nid(page);
	blank.zone = zones[page_zonenum(page)];
	for (tries = 0; tries < TRIES_MAX; tries++) {
		*frame = blank;
		folio = mmuscope_snapshot_take(&snap, page);
		if (!folio)
			continue;
		tell(frame, &snap, folio, page);
		if (!is_being_freed(frame) &&
		    mmuscope_snapshot_holds(&snap, page))
			return;
	}
	*frame = blank;
	frame->flags = MMUSCOPE_FRAME_CHANGED;
}

static enum mmuscope_frame_kind no_page_kind(unsigned long pfn)
{
	struct dev_pagemap *pgmap;

	/* All of a section that was there at boot is valid, what is in it or not. */
	if (!pfn_valid(pfn) || !pfn_section_valid(__pfn_to_section(pfn), pfn))
		return MMUSCOPE_FRAME_NONE;
	pgmap = get_dev_pagemap(pfn);
	put_dev_pagemap(pgmap);
	return pgmap ? MMUSCOPE_FRAME_DEVICE : MMUSCOPE_FRAME_OFFLINE;
}

/**
 * mmuscope_frame_look - what is in a frame?
 * @frame: filled in
 * @pfn: number of the frame; any will do
 *
 * Takes no reference and no lock. What is told was true at one moment of the
 * call, but for what comes and goes with use.
 *
 * Context: does not sleep.
 */
void mmuscope_frame_look(struct mmuscope_frame *frame, u64 pfn)
{
	struct page *page;

	*frame = (struct mmuscope_frame) {
		.pfn = pfn,
		.head = pfn,
		.section = pfn >> PFN_SECTION_SHIFT,
		.node = NUMA_NO_NODE,
	};
	rcu_read_lock();
	page = pfn_to_online_page(pfn);
	if (page) {
		look_at_page(frame, page);
	} else {
		frame->kind = no_page_kind(pfn);
		frame->kpf = HAS(NOPAGE);
	}
	rcu_read_unlock();
}

static int frames_check(const struct mmuscope_frames *args)
{
	if (args->flags & ~MMUSCOPE_FRAMES_ARRAY)
		return -EINVAL;
	if (args->flags ? args->pfn : args->pfn + args->vec_len < args->pfn)
		return -EINVAL;
	return mmuscope_array_ok(args->vec, args->vec_len, args->vec_size,
				 sizeof(struct mmuscope_frame)) ? 0 : -EINVAL;
}

static int frames_element(const struct mmuscope_frames *args)
{
	void __user *elem = u64_to_user_ptr(args->vec +
					    args->nr * args->vec_size);
	struct mmuscope_frame frame;
	u64 pfn = args->pfn + args->nr;

	if ((args->flags & MMUSCOPE_FRAMES_ARRAY) &&
	    get_user(pfn, (u64 __user *)elem))
		return -EFAULT;
	mmuscope_frame_look(&frame, pfn);
	return mmuscope_copy_element(elem, args->vec_size, &frame,
				     sizeof(frame));
}

/**
 * mmuscope_frames - MMUSCOPE_IOC_FRAMES
 * @uarg: the caller's struct mmuscope_frames
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_frames(void __user *uarg)
{
	struct mmuscope_frames args;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = frames_check(&args);
	if (err)
		return err;
	for (args.nr = 0; args.nr < args.vec_len; args.nr++) {
		if (args.nr && signal_pending(current))
			break;
		err = frames_element(&args);
		if (err)
			return err;
		cond_resched();
	}
	return mmuscope_copy_out(uarg, &args, sizeof(args));
}

/*
 * Offline memory gives up its struct pages. By then no new reader comes to them
 * (pfn_to_online_page()), so it is enough to wait for those that are there.
 */
static int went_offline(struct notifier_block *block, unsigned long action,
			void *data)
{
	if (action == MEM_OFFLINE)
		synchronize_rcu();
	return NOTIFY_OK;
}

static struct notifier_block memory_block = {
	.notifier_call = went_offline,
};

/**
 * mmuscope_frame_init - have struct pages stay as long as they are looked at
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_frame_init(void)
{
	return register_memory_notifier(&memory_block);
}

void mmuscope_frame_exit(void)
{
	unregister_memory_notifier(&memory_block);
}
