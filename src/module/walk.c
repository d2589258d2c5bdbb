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
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/ktime.h>
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
 * The most entries that are read in one hold of mmap_lock, page cache entries
 * among them. It is looked at after each step, so a hold ends where the longest
 * step, a pte table with a look into the page cache for each entry, might not
 * fit any more.
 */
#define HOLD_MAX	2048
#define HOLD_ENOUGH	(HOLD_MAX - 2 * PTRS_PER_PTE - MMUSCOPE_NR_LEVELS)

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
	};
	batch->any_value = !(want & MMUSCOPE_WANT_VALUE);
	batch->single = want & MMUSCOPE_WANT_TABLES;
	batch->repeats = false;
}

static enum mmuscope_kind pgd_kind(pgd_t pgd)
{
	if (pgd_none(pgd))
		return MMUSCOPE_KIND_NONE;
	return pgd_bad(pgd) ? MMUSCOPE_KIND_BAD : MMUSCOPE_KIND_TABLE;
}

static enum mmuscope_kind p4d_kind(p4d_t p4d)
{
	if (p4d_none(p4d))
		return MMUSCOPE_KIND_NONE;
	return p4d_bad(p4d) ? MMUSCOPE_KIND_BAD : MMUSCOPE_KIND_TABLE;
}

static enum mmuscope_kind pud_kind(pud_t pud, unsigned long hugetlb_size)
{
	if (pud_none(pud))
		return MMUSCOPE_KIND_NONE;
	if (hugetlb_size >= PUD_SIZE || (pud_present(pud) && pud_leaf(pud)))
		return MMUSCOPE_KIND_LEAF;
	return pud_bad(pud) ? MMUSCOPE_KIND_BAD : MMUSCOPE_KIND_TABLE;
}

static enum mmuscope_kind pmd_kind(pmd_t pmd, unsigned long hugetlb_size)
{
	if (pmd_none(pmd))
		return MMUSCOPE_KIND_NONE;
	if (hugetlb_size >= PMD_SIZE || !pmd_present(pmd) || pmd_leaf(pmd))
		return MMUSCOPE_KIND_LEAF;
	return pmd_bad(pmd) ? MMUSCOPE_KIND_BAD : MMUSCOPE_KIND_TABLE;
}

static int walk_ptes(struct mmuscope_walk *walk, pmd_t pmd, unsigned long end)
{
	struct mmuscope_entry entry = { .level = MMUSCOPE_LEVEL_PTE };
	pte_t *ptep = pte_offset_kernel(&pmd, walk->addr);
	unsigned long addr = walk->addr;
	pte_t pte;
	int err = 0;

	for (; addr < end && !err && walk->addr == addr; ptep++) {
		pte = ptep_get_lockless(ptep);
		entry.kind = pte_none(pte) ? MMUSCOPE_KIND_NONE : MMUSCOPE_KIND_LEAF;
		entry.raw = pte_val(pte);
		entry.slot = ptep;
		addr += PAGE_SIZE;
		entry.next = addr;
		err = mmuscope_visit(walk, &entry);
	}
	return err;
}

static int visit_upper(struct mmuscope_walk *walk, enum mmuscope_level level,
		       enum mmuscope_kind kind, u64 raw, const void *slot,
		       unsigned long end)
{
	const struct mmuscope_entry entry = {
		.level = level, .kind = kind, .raw = raw, .slot = slot,
		.next = mmuscope_level_end(walk->addr, level, end),
	};

	return mmuscope_visit(walk, &entry);
}

static int walk_pmd(struct mmuscope_walk *walk, pud_t *pudp, pud_t pud,
		    unsigned long end)
{
	pmd_t *pmdp = pmd_offset_lockless(pudp, pud, walk->addr);
	unsigned long next = pmd_addr_end(walk->addr, end);
	pmd_t pmd;
	int err;

	rcu_read_lock();
	pmd = pmdp_get_lockless(pmdp);
	err = visit_upper(walk, MMUSCOPE_LEVEL_PMD,
			  pmd_kind(pmd, walk->hugetlb_size), pmd_val(pmd), pmdp,
			  end);
	if (err > 0)
		err = walk_ptes(walk, pmd, next);
	rcu_read_unlock();
	return err;
}

/*
 * One step: from the root to where the walk ends for walk->addr, and all of the
 * pte table if it comes to one. A folded level is passed without a visit, and
 * the first one that is not is the pgd by name: its entry stands in the slot of
 * the level above, of which the kernel would give us our own copy.
 */
static int walk_step(struct mmuscope_walk *walk, unsigned long end)
{
	enum mmuscope_level level = MMUSCOPE_LEVEL_PGD;
	unsigned long addr = walk->addr;
	pgd_t *pgdp = mmuscope_arch_user_pgd(pgd_offset(walk->mm, addr));
	pgd_t pgd = pgdp_get(pgdp);
	p4d_t *p4dp, p4d;
	pud_t *pudp, pud;
	int err;

	walk->perm = MMUSCOPE_PERM;
	if (!mm_p4d_folded(walk->mm)) {
		err = visit_upper(walk, level, pgd_kind(pgd), pgd_val(pgd),
				  pgdp, end);
		if (err <= 0)
			return err;
		level = MMUSCOPE_LEVEL_P4D;
	}

	p4dp = mm_p4d_folded(walk->mm) ? p4d_offset(pgdp, addr) :
		p4d_offset_lockless(pgdp, pgd, addr);
	p4d = p4dp_get(p4dp);
	if (!mm_pud_folded(walk->mm)) {
		err = visit_upper(walk, level, p4d_kind(p4d), p4d_val(p4d),
				  p4dp, end);
		if (err <= 0)
			return err;
		level = MMUSCOPE_LEVEL_PUD;
	}

	pudp = mm_pud_folded(walk->mm) ? pud_offset(p4dp, addr) :
		pud_offset_lockless(p4dp, p4d, addr);
	pud = pudp_get(pudp);
	err = visit_upper(walk, level, pud_kind(pud, walk->hugetlb_size),
			  pud_val(pud), pudp, end);
	return err <= 0 ? err : walk_pmd(walk, pudp, pud, end);
}

static bool hold_is_over(const struct mmuscope_walk *walk)
{
	return walk->hold > HOLD_ENOUGH || need_resched() ||
	       mmap_lock_is_contended(walk->mm);
}

/* Returns -EAGAIN when the lock is to be dropped before the walk goes on. */
static int walk_span(struct mmuscope_walk *walk, unsigned long end)
{
	int err = 0;

	while (!err && walk->addr < end) {
		err = walk_step(walk, end);
		if (!err && hold_is_over(walk))
			err = -EAGAIN;
	}
	return err;
}

static int enter_vma(struct mmuscope_walk *walk, struct vm_area_struct *area)
{
	const struct mmuscope_vma vma = mmuscope_vma_promise(area);
	struct mmuscope_vma_slot *slot;
	int err = mmuscope_vma_enter(walk, &vma, &slot);

	if (err < 0)
		return err;
	if (err) {
		if (area->vm_file) {
			slot->path = area->vm_file->f_path;
			path_get(&slot->path);
		}
		mmuscope_vma_name(area, slot->name, sizeof(slot->name));
	}

	walk->in = 0;
	walk->hugetlb_size = 0;
	walk->mapping = NULL;
	walk->pgoff = area->vm_pgoff - (area->vm_start >> PAGE_SHIFT);
	if (is_vm_hugetlb_page(area)) {
		walk->in |= MMUSCOPE_IN_HUGETLB;
		walk->hugetlb_size = huge_page_size(hstate_vma(area));
	} else if (area->vm_file) {
		walk->mapping = area->vm_file->f_mapping;
	}
	if (vma_is_anonymous(area))
		walk->in |= MMUSCOPE_IN_ANON;
	if (vma_is_accessible(area))
		walk->in |= MMUSCOPE_IN_ACCESSIBLE;
	if (area->vm_flags & VM_PFNMAP)
		walk->in |= MMUSCOPE_IN_PFNMAP;
	return 0;
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
	err = enter_vma(walk, area);
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
		if (hold_is_over(walk))
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
 * At the end of the range @walk->addr is @walk->end. With @walk->stops a signal
 * ends it sooner, after one hold at least.
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
		if (walk->stops && signal_pending(current))
			break;
	}
	return err == -ENOSPC || err == -EAGAIN ? 0 : err;
}
