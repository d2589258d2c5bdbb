// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descent of the kernel's own half. It stands beside walk.c, for it has
 * nothing in common with it but the levels: there are no VMAs, and no lock of
 * these tables is to be had. They are freed under a reader (huge vmap, memory
 * hot-remove), at once and not by RCU. So an entry is read where the direct map
 * has it, with what does not mind a fault; a table is one only if it lies in
 * memory that is there; and after an entry was read, the entries that led to it
 * are read again. What a freed table holds is wrong at worst, never a fault.
 */
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/memory_hotplug.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "internal.h"

/* Entries that are read at a time, in one table. */
#define ROW_MAX		32

/* How often a way is looked for that stays while it is gone. */
#define TRIES_MAX	8

/* Entries that are read at most between two looks at how many there were. */
#define STEP_MAX	(ROW_MAX + MMUSCOPE_NR_LEVELS)

static_assert(STEP_MAX <= MMUSCOPE_HOLD_MIN);

/**
 * struct descent - the way from the root to where it ends for one address
 * @entry: the entries passed, and the one where it ends
 * @depth: number of those that lead to a table
 * @row: values, from the last entry on, of its table
 * @nr_row: how many
 * @same_to: all that is below the tables passed last is the same up to there
 * @unsure: but for what only some of them allow
 */
struct descent {
	struct mmuscope_entry entry[MMUSCOPE_NR_LEVELS];
	unsigned int depth;
	u64 row[ROW_MAX];
	unsigned int nr_row;
	unsigned long same_to;
	u64 unsure;
};

static bool read_entries(u64 *to, const u64 *from, unsigned int nr)
{
	return !copy_from_kernel_nofault(to, from, nr * sizeof(*to));
}

/* The next table, if it lies in memory that is there. */
static const u64 *next_table(u64 raw)
{
	unsigned long pfn = pte_pfn(__pte(raw));

	return pfn_to_online_page(pfn) ? __va(PFN_PHYS(pfn)) : NULL;
}

static u64 leaf_flags(u64 raw, enum mmuscope_level level)
{
	return mmuscope_arch_flags(raw, level, false, MMUSCOPE_IN_KERNEL);
}

static u64 table_flags(u64 raw, enum mmuscope_level level)
{
	return mmuscope_arch_flags(raw, level, true, MMUSCOPE_IN_KERNEL);
}

static bool is_leaf(u64 raw, enum mmuscope_level level)
{
	switch (level) {
	case MMUSCOPE_LEVEL_PGD:	/* that may stand for the pud */
		return mmuscope_level_below(level) == MMUSCOPE_LEVEL_PMD &&
		       pud_leaf(__pud(raw));
	case MMUSCOPE_LEVEL_PUD:
		return pud_leaf(__pud(raw));
	case MMUSCOPE_LEVEL_PMD:
		return pmd_leaf(__pmd(raw));
	default:
		return level == MMUSCOPE_LEVEL_PTE;
	}
}

/* What the hardware lets nobody read or execute maps nothing, whatever it says. */
static enum mmuscope_kind entry_kind(u64 raw, enum mmuscope_level level)
{
	if (!raw || !(leaf_flags(raw, level) &
		      (MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_EXEC)))
		return MMUSCOPE_KIND_NONE;
	if (is_leaf(raw, level))
		return MMUSCOPE_KIND_LEAF;
	return next_table(raw) ? MMUSCOPE_KIND_TABLE : MMUSCOPE_KIND_BAD;
}

/* What two entries that lead to the same table do not both allow; else all. */
static u64 difference(u64 a, u64 b, enum mmuscope_level level)
{
	if (a == b)
		return 0;
	if (entry_kind(a, level) != MMUSCOPE_KIND_TABLE ||
	    entry_kind(b, level) != MMUSCOPE_KIND_TABLE ||
	    next_table(a) != next_table(b))
		return MMUSCOPE_PERM;
	return (table_flags(a, level) ^ table_flags(b, level)) & MMUSCOPE_PERM;
}

/*
 * MMUSCOPE_PERM if the entries of a table do not all say the same; but where
 * they lead to the same table, what of it only some of them allow.
 */
static u64 differences(const u64 *table, enum mmuscope_level level)
{
	u64 row[ROW_MAX], first = 0, all = 0;
	unsigned int i, j;

	for (i = 0; i < PTRS_PER_PTE; i += ROW_MAX) {
		if (!read_entries(row, table + i, ROW_MAX))
			return MMUSCOPE_PERM;
		if (!i)
			first = row[0];
		for (j = 0; j < ROW_MAX && all != MMUSCOPE_PERM; j++)
			all |= difference(first, row[j], level);
		if (all == MMUSCOPE_PERM)
			break;
	}
	return all;
}

static void read_row(struct descent *d, const u64 *slot, unsigned long addr,
		     unsigned long end)
{
	struct mmuscope_entry *entry = &d->entry[d->depth];
	unsigned int shift = mmuscope_level_shift(entry->level);
	unsigned int index = mmuscope_level_index(addr, entry->level);
	unsigned long span = ((end - 1) >> shift) - (addr >> shift) + 1;

	entry->slot = slot + index;
	entry->next = mmuscope_level_end(addr, entry->level, end);
	d->nr_row = min3(span, PTRS_PER_PTE - index + 0UL, ROW_MAX + 0UL);
	if (read_entries(d->row, entry->slot, d->nr_row)) {
		entry->raw = d->row[0];
		entry->kind = entry_kind(entry->raw, entry->level);
	} else {
		entry->raw = 0;
		entry->kind = MMUSCOPE_KIND_BAD;
		d->nr_row = 1;
	}
}

/*
 * A hole does, and a pte that allows nothing of what only some tables allow. A
 * larger leaf would have to be cut into those that there are.
 */
static bool stands_for_all(const struct descent *d,
			   const struct mmuscope_entry *entry)
{
	if (entry->kind == MMUSCOPE_KIND_NONE)
		return true;
	return entry->level == MMUSCOPE_LEVEL_PTE &&
	       entry->kind == MMUSCOPE_KIND_LEAF &&
	       !(leaf_flags(entry->raw, entry->level) & d->unsure);
}

/*
 * KASAN lets whole tables stand for shadow that is the same everywhere, and has
 * empty ones for what is to come: what all entries of a table agree on, down to
 * where the way ends, is looked at once.
 */
static void note_table(struct descent *d, const u64 *table,
		       enum mmuscope_level level)
{
	u64 unsure = differences(table, level);

	if (unsure == MMUSCOPE_PERM) {
		d->same_to = 0;
		d->unsure = 0;
		return;
	}
	if (!d->same_to)
		d->same_to = d->entry[d->depth].next;
	d->unsure |= unsure;
}

static void descend(struct descent *d, const struct mmuscope_walk *walk,
		    const u64 *table, unsigned long end)
{
	enum mmuscope_level level = MMUSCOPE_LEVEL_PGD;
	struct mmuscope_entry *entry;

	*d = (struct descent) {};
	for (;;) {
		entry = &d->entry[d->depth];
		entry->level = level;
		read_row(d, table, walk->addr, end);
		if (entry->kind != MMUSCOPE_KIND_TABLE)
			break;
		table = next_table(entry->raw);
		level = mmuscope_level_below(level);
		note_table(d, table, level);
		d->depth++;
	}
	if (d->same_to && stands_for_all(d, entry)) {
		entry->next = d->same_to;
		entry->repeats = entry->kind == MMUSCOPE_KIND_LEAF;
		d->nr_row = 1;
	}
}

static bool still_leads_there(const struct descent *d)
{
	unsigned int i;
	u64 raw;

	for (i = 0; i < d->depth; i++)
		if (!read_entries(&raw, d->entry[i].slot, 1) ||
		    raw != d->entry[i].raw)
			return false;
	return d->entry[d->depth].kind != MMUSCOPE_KIND_BAD;
}

/* What follows in the table of the last entry, up to the next table. */
static int visit_row(struct mmuscope_walk *walk, const struct descent *d,
		     unsigned long end)
{
	struct mmuscope_entry entry = d->entry[d->depth];
	const u64 *slot = entry.slot;
	unsigned int i;
	int err;

	err = mmuscope_visit(walk, &entry);
	for (i = 1; i < d->nr_row && !err; i++) {
		entry.slot = slot + i;
		entry.raw = d->row[i];
		entry.kind = entry_kind(entry.raw, entry.level);
		entry.next = mmuscope_level_end(walk->addr, entry.level, end);
		if (entry.kind == MMUSCOPE_KIND_TABLE)
			break;
		err = mmuscope_visit(walk, &entry);
	}
	return err;
}

/* One step: the entries from the root down, and a row of the last table. */
static int kernel_step(struct mmuscope_walk *walk, const u64 *root,
		       unsigned long end)
{
	unsigned int tries = 0, i;
	struct descent d;
	int err;

	descend(&d, walk, root, end);
	while (!still_leads_there(&d) && tries++ < TRIES_MAX) {
		walk->cost.changed = true;
		descend(&d, walk, root, end);
	}
	walk->perm = MMUSCOPE_PERM;
	for (i = 0; i < d.depth; i++) {
		err = mmuscope_visit(walk, &d.entry[i]);
		if (err <= 0)
			return err;
	}
	return visit_row(walk, &d, end);
}

/* Returns -EAGAIN when the processor is to be offered to others. */
static int walk_area(struct mmuscope_walk *walk, const u64 *root)
{
	struct mmuscope_vma_slot *slot;
	struct mmuscope_vma area;
	const char *name = mmuscope_arch_area(walk->addr, &area);
	unsigned long end = min_t(unsigned long, area.end, walk->end);
	int err = mmuscope_vma_enter(walk, &area, &slot);

	if (err < 0)
		return err;
	if (err)
		strscpy(slot->name, name, sizeof(slot->name));
	err = 0;
	while (!err && walk->addr < end) {
		err = kernel_step(walk, root, end);
		if (!err && (mmuscope_hold_is_full(walk) || need_resched()))
			err = -EAGAIN;
	}
	return err;
}

static int kernel_hold(struct mmuscope_walk *walk, const u64 *root)
{
	struct mmuscope_cost *cost = &walk->cost;
	u64 began = ktime_get_ns();
	int err = 0;

	walk->hold = 0;
	while (!err && walk->addr < walk->end)
		err = walk_area(walk, root);
	cost->longest_ns = max(cost->longest_ns, ktime_get_ns() - began);
	cost->longest = max_t(u64, cost->longest, walk->hold);
	cost->entries += walk->hold;
	cost->holds++;
	return err;
}

/**
 * mmuscope_kernel_walk - walk the kernel's half on
 * @walk: the walk; @walk->mm is the caller's, @walk->kind the kernel's half
 *
 * As mmuscope_walk(), but no lock is held in a hold, and areas stand for VMAs.
 * Nothing is asked of a struct page. cost.changed tells that tables came or went
 * while they were read.
 *
 * Context: may sleep.
 * Return: 0, or -EINTR if the caller was killed.
 */
int mmuscope_kernel_walk(struct mmuscope_walk *walk)
{
	bool user = walk->kind == MMUSCOPE_TARGET_KERNEL_USER;
	const u64 *root = mmuscope_arch_kernel_root(walk->mm, user);
	int err = -EAGAIN;

	walk->want &= ~(MMUSCOPE_WANT_PAGE | MMUSCOPE_WANT_CACHE);
	walk->in = MMUSCOPE_IN_PFNMAP | MMUSCOPE_IN_KERNEL;
	walk->step_max = STEP_MAX;
	walk->batch->repeats = true;
	walk->addr = max(walk->addr, mmuscope_arch_kernel_start());
	while (err == -EAGAIN && walk->addr < walk->end) {
		err = kernel_hold(walk, root);
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		if (mmuscope_walk_is_over(walk))
			break;
	}
	return err == -ENOSPC || err == -EAGAIN ? 0 : err;
}

/**
 * mmuscope_walk_on - mmuscope_walk() or mmuscope_kernel_walk(), as @kind says
 * @walk: the walk
 */
int mmuscope_walk_on(struct mmuscope_walk *walk)
{
	return mmuscope_is_kernel(walk->kind) ? mmuscope_kernel_walk(walk) :
						mmuscope_walk(walk);
}
