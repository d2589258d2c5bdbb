// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the root of a process' tables down, level by level. walk.c tells what keeps
 * them; of a pte table that is RCU, which is held here.
 */
#include <linux/hugetlb.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/rcupdate.h>
#include "internal.h"

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

/* Lets the walk look at what follows an entry, if that is as one with it. */
static int visit_run(struct mmuscope_walk *walk, struct mmuscope_entry *entry,
		     unsigned long end)
{
	unsigned int shift = mmuscope_level_shift(entry->level);

	entry->more = mmuscope_raw_run(walk, entry, end);
	if (entry->more)
		entry->next = min(((walk->addr >> shift) + entry->more + 1) << shift,
				  end);
	return mmuscope_visit(walk, entry);
}

static int walk_ptes(struct mmuscope_walk *walk, pmd_t pmd, unsigned long end)
{
	struct mmuscope_entry entry = {
		.level = MMUSCOPE_LEVEL_PTE,
		.next = walk->addr,
	};
	pte_t *ptep, pte;
	int err = 0;

	while (!err && walk->addr < end && walk->addr == entry.next) {
		ptep = pte_offset_kernel(&pmd, walk->addr);
		err = mmuscope_raw_take(walk, ptep, MMUSCOPE_LEVEL_PTE, end);
		if (walk->batch->like && !err)
			mmuscope_alike_take(walk, ptep, end);
		if (err || walk->addr == end)
			break;
		ptep = pte_offset_kernel(&pmd, walk->addr);
		pte = ptep_get_lockless(ptep);
		entry.kind = pte_none(pte) ? MMUSCOPE_KIND_NONE : MMUSCOPE_KIND_LEAF;
		entry.raw = pte_val(pte);
		entry.slot = ptep;
		entry.next = walk->addr + PAGE_SIZE;
		err = visit_run(walk, &entry, end);
	}
	return err;
}

static int visit_upper(struct mmuscope_walk *walk, enum mmuscope_level level,
		       enum mmuscope_kind kind, u64 raw, const void *slot,
		       unsigned long end)
{
	struct mmuscope_entry entry = {
		.level = level, .kind = kind, .raw = raw, .slot = slot,
	};

	/* How far it reaches is told by what is below. */
	if (kind == MMUSCOPE_KIND_TABLE)
		return mmuscope_visit(walk, &entry);
	entry.next = mmuscope_level_end(walk->addr, level, end);
	return visit_run(walk, &entry, end);
}

static int walk_pmd(struct mmuscope_walk *walk, pmd_t *pmdp, unsigned long end)
{
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

/* On through one table, for as long as the walk gets on and may hold the lock. */
static int walk_pmds(struct mmuscope_walk *walk, pud_t *pudp, pud_t pud,
		     unsigned long end)
{
	const u64 perm = walk->perm;
	unsigned long addr;
	pmd_t *pmdp;
	int err;

	end = mmuscope_level_end(walk->addr, MMUSCOPE_LEVEL_PUD, end);
	do {
		addr = walk->addr;
		walk->perm = perm;
		pmdp = pmd_offset_lockless(pudp, pud, addr);
		err = mmuscope_raw_take(walk, pmdp, MMUSCOPE_LEVEL_PMD, end);
		if (!err && walk->addr == addr)
			err = walk_pmd(walk, pmdp, end);
	} while (!err && walk->addr > addr && walk->addr < end &&
		 !mmuscope_hold_is_over(walk));
	return err;
}

/* The same of one level up. */
static int walk_puds(struct mmuscope_walk *walk, enum mmuscope_level level,
		     p4d_t *p4dp, p4d_t p4d, unsigned long end)
{
	const u64 perm = walk->perm;
	unsigned long addr;
	pud_t *pudp, pud;
	int err;

	end = mmuscope_level_end(walk->addr, MMUSCOPE_LEVEL_P4D, end);
	do {
		addr = walk->addr;
		walk->perm = perm;
		pudp = mm_pud_folded(walk->mm) ? pud_offset(p4dp, addr) :
			pud_offset_lockless(p4dp, p4d, addr);
		pud = pudp_get(pudp);
		err = visit_upper(walk, level, pud_kind(pud, walk->hugetlb_size),
				  pud_val(pud), pudp, end);
		if (err > 0)
			err = walk_pmds(walk, pudp, pud, end);
	} while (!err && walk->addr > addr && walk->addr < end &&
		 !mmuscope_hold_is_over(walk));
	return err;
}

/**
 * mmuscope_descend - one step of a walk
 * @walk: the walk; moves on
 * @end: where the range ends
 *
 * From the root to where the walk ends for @walk->addr, and on in the pud table and in
 * the pmd tables that it comes to. A folded level is passed without a visit, and the
 * first one that is not is the pgd by name: its entry stands in the slot of the level
 * above, of which the kernel would give us our own copy.
 *
 * Context: what protects the tables is held, RCU aside (walk.c).
 * Return: 0, or -ENOSPC if the batch is full.
 */
int mmuscope_descend(struct mmuscope_walk *walk, unsigned long end)
{
	enum mmuscope_level level = MMUSCOPE_LEVEL_PGD;
	unsigned long addr = walk->addr;
	pgd_t *pgdp = mmuscope_arch_user_pgd(pgd_offset(walk->mm, addr));
	pgd_t pgd = pgdp_get(pgdp);
	p4d_t *p4dp, p4d;
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

	return walk_puds(walk, level, p4dp, p4d, end);
}
