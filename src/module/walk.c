// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one walker. What protects what (v6.1 to v7.2; Documentation/locking.rst):
 *
 * - mm_users, held by the caller: the address space is not torn down;
 * - mmap_lock for reading: the VMAs stay, and the upper tables inside them.
 *   Holes between VMAs are not protected, so the walk does not look there;
 * - or mmap_lock for writing, for a walk of the holes alone: munmap() frees their
 *   tables under the read lock, but begins under the write lock;
 * - RCU: a pte table, which khugepaged and zapping free under a reader since
 *   v6.5. The pmd entry is copied, and never read again;
 * - i_mmap_rwsem for reading: the pmd tables that shared hugetlb mappings have
 *   in common (huge_pmd_unshare(), mm/hugetlb.c).
 *
 * No page table lock is taken: an entry is one load, and what is decided is
 * decided on the loaded value.
 */
#include <linux/build_bug.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/pagemap.h>
#include <linux/path.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include "internal.h"

/*
 * Page cache entries count as entries read in a hold. How many there were is looked
 * at after each step, so a hold ends where the longest step, a pte table with a look
 * into the page cache for each entry, might not fit any more.
 */
#define STEP_MAX	(PTRS_PER_PTE + MMUSCOPE_NR_LEVELS)

static_assert(STEP_MAX <= MMUSCOPE_HOLD_MIN);

/**
 * mmuscope_walk_init - set up a walk of a whole address space
 * @walk: the walk; @walk->mm is set before each call of mmuscope_walk()
 * @batch: where the extents go
 * @want: MMUSCOPE_WANT_*
 */
void mmuscope_walk_init(struct mmuscope_walk *walk,
			struct mmuscope_batch *batch, unsigned int want)
{
	*walk = (struct mmuscope_walk) {
		.end = PAGE_MASK,
		.batch = batch,
		.want = want,
		.keep = ~0ULL,
		.ram = ~0ULL,
		.ram_mask = ~0ULL,
		.step_max = want & MMUSCOPE_WANT_CACHE ? 2 * STEP_MAX : STEP_MAX,
		.max_hold = MMUSCOPE_HOLD_MAX,
		.budget = U64_MAX,
	};
	batch->any_value = !(want & MMUSCOPE_WANT_VALUE);
	batch->single = want & MMUSCOPE_WANT_TABLES;
	batch->repeats = false;
	if (batch->like)
		memset(batch->like, 0, MMUSCOPE_LIKES * sizeof(*batch->like));
}

/**
 * mmuscope_hold_is_full - have enough entries been read in a hold?
 * @walk: the walk
 */
bool mmuscope_hold_is_full(const struct mmuscope_walk *walk)
{
	return walk->hold > walk->max_hold - walk->step_max ||
	       walk->cost.entries + walk->hold >= walk->budget;
}

/**
 * mmuscope_hold_is_over - is it time to let go of mmap_lock?
 * @walk: the walk
 */
bool mmuscope_hold_is_over(const struct mmuscope_walk *walk)
{
	return mmuscope_hold_is_full(walk) || need_resched() ||
	       mmap_lock_is_contended(walk->mm);
}

/**
 * mmuscope_walk_is_over - is a walk to end before its range does?
 * @walk: the walk
 *
 * An entry that changes while it is looked at can use up a budget by itself, so a
 * walk that has not come on is not over.
 */
bool mmuscope_walk_is_over(const struct mmuscope_walk *walk)
{
	return (walk->cost.entries >= walk->budget && walk->addr > walk->start) ||
	       (walk->stops && walk->cost.holds && signal_pending(current));
}

/* Returns -EAGAIN when the lock is to be dropped before the walk goes on. */
static int walk_span(struct mmuscope_walk *walk, unsigned long end)
{
	int err = 0;

	while (!err && walk->addr < end) {
		err = mmuscope_descend(walk, end);
		if (!err && mmuscope_hold_is_over(walk))
			err = -EAGAIN;
	}
	return err;
}

static int walk_vma(struct mmuscope_walk *walk, struct vm_area_struct *area)
{
	bool shares_tables = is_vm_hugetlb_page(area) &&
			     (area->vm_flags & VM_MAYSHARE);
	unsigned long end = min(area->vm_end, walk->end);
	int err;

	if (area->vm_start >= end)
		return 0;
	walk->addr = max(walk->addr, area->vm_start);
	err = mmuscope_vma_walk(walk, area);
	if (err)
		return err;
	if (shares_tables)
		i_mmap_lock_read(area->vm_file->f_mapping);
	err = walk_span(walk, end);
	if (shares_tables)
		i_mmap_unlock_read(area->vm_file->f_mapping);
	return err;
}

static int walk_gate(struct mmuscope_walk *walk)
{
	struct mmuscope_vma_slot *slot;
	struct mmuscope_vma vma;
	int err;

	if (!mmuscope_arch_gate(walk->mm, &vma) || walk->addr >= vma.end ||
	    walk->end <= vma.start)
		return 0;
	walk->addr = max_t(unsigned long, walk->addr, vma.start);
	err = mmuscope_vma_enter(walk, &vma, &slot);
	if (err < 0)
		return err;
	if (err)
		strscpy(slot->name, "[vsyscall]", sizeof(slot->name));
	walk->in = MMUSCOPE_IN_ACCESSIBLE | MMUSCOPE_IN_PFNMAP;
	walk->hugetlb_size = 0;
	walk->mapping = NULL;
	return walk_span(walk, min_t(unsigned long, vma.end, walk->end));
}

/*
 * Whether the address space changed while nobody held it. What the kernel
 * counts can come out even, so this is a hint.
 */
static void note_change(struct mmuscope_walk *walk)
{
	const struct mm_struct *mm = walk->mm;

	if (walk->cost.holds && (walk->nr_mapped != mm->total_vm ||
				 walk->nr_vmas != mm->map_count))
		walk->cost.changed = true;
	walk->nr_mapped = mm->total_vm;
	walk->nr_vmas = mm->map_count;
}

static int walk_inside(struct mmuscope_walk *walk)
{
	VMA_ITERATOR(vmi, walk->mm, walk->addr);
	struct vm_area_struct *area;
	int err;

	for_each_vma_range(vmi, area, walk->end) {
		err = walk_vma(walk, area);
		if (err)
			return err;
	}
	return walk_gate(walk);
}

/* All holes are one VMA, of which nothing is known. A VMA counts as an entry. */
static int walk_outside(struct mmuscope_walk *walk)
{
	VMA_ITERATOR(vmi, walk->mm, walk->addr);
	const struct mmuscope_vma all = { .end = PAGE_ALIGN(walk->mm->task_size) };
	unsigned long end = min_t(unsigned long, all.end, walk->end);
	struct mmuscope_vma_slot *slot;
	struct vm_area_struct *area;
	int err;

	if (walk->addr >= end)
		return 0;
	err = mmuscope_vma_enter(walk, &all, &slot);
	if (err < 0)
		return err;
	walk->in = 0;
	walk->hugetlb_size = 0;
	walk->mapping = NULL;
	for_each_vma_range(vmi, area, end) {
		err = walk_span(walk, area->vm_start);
		if (err)
			return err;
		walk->addr = min(area->vm_end, end);
		walk->hold++;
		if (mmuscope_hold_is_over(walk))
			return -EAGAIN;
	}
	return walk_span(walk, end);
}

static int walk_hold(struct mmuscope_walk *walk)
{
	bool outside = walk->want & MMUSCOPE_WANT_OUTSIDE;
	struct mmuscope_cost *cost = &walk->cost;
	u64 began;
	int err;

	err = outside ? mmap_write_lock_killable(walk->mm) :
			mmap_read_lock_killable(walk->mm);
	if (err)
		return err;
	began = ktime_get_ns();
	note_change(walk);
	walk->hold = 0;

	err = outside ? walk_outside(walk) : walk_inside(walk);
	if (!err)
		walk->addr = walk->end;

	cost->longest_ns = max(cost->longest_ns, ktime_get_ns() - began);
	if (outside)
		mmap_write_unlock(walk->mm);
	else
		mmap_read_unlock(walk->mm);
	cost->longest = max_t(u64, cost->longest, walk->hold);
	cost->entries += walk->hold;
	cost->holds++;
	return err;
}

/**
 * mmuscope_walk - walk on until the batch is full or the range ends
 * @walk: the walk; @walk->mm is held by mm_users, @walk->batch was emptied
 *
 * Takes and drops mmap_lock as often as bounded holds need, so that the target
 * is not kept waiting; what is told is true for the moment of its hold. The
 * extents are maximal: only a leaf that starts a new one finds the batch full.
 * At the end of the range @walk->addr is @walk->end. @walk->budget, or with
 * @walk->stops a signal, ends it sooner, after one hold at least.
 *
 * Context: may sleep.
 * Return: 0, -EINTR if the caller was killed, or -ESRCH if nobody but the caller
 * is left to use the memory.
 */
int mmuscope_walk(struct mmuscope_walk *walk)
{
	int err = -EAGAIN;

	while (err == -EAGAIN && walk->addr < walk->end) {
		err = walk_hold(walk);
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		if (atomic_read(&walk->mm->mm_users) == 1)
			return -ESRCH;
		if (mmuscope_walk_is_over(walk))
			break;
	}
	return err == -ENOSPC || err == -EAGAIN ? 0 : err;
}
