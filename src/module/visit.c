// SPDX-License-Identifier: GPL-2.0-only
/* What becomes of an entry that the walk meets: a leaf for the batch, counts. */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include "internal.h"

/* How often an entry that changes under our eyes is looked at again. */
#define TRIES_MAX	8

/* Told only to those who may see frame numbers, as /proc/kpageflags is. */
#define FRAME_FLAGS	(MMUSCOPE_FLAG_KSM | MMUSCOPE_FLAG_SWAPCACHE | \
			 MMUSCOPE_FLAG_REPEAT)

static int add_leaf(struct mmuscope_walk *walk, struct mmuscope_extent *leaf)
{
	if (!(walk->want & MMUSCOPE_WANT_VALUE)) {
		leaf->value = 0;
		leaf->raw = 0;
		leaf->swap_type = 0;
		leaf->flags &= ~FRAME_FLAGS;
	}
	return mmuscope_batch_add(walk->batch, leaf);
}

static struct mmuscope_extent entry_extent(const struct mmuscope_walk *walk,
					   const struct mmuscope_entry *entry)
{
	return (struct mmuscope_extent) {
		.start = walk->addr,
		.end = entry->next,
		.level = entry->level,
	};
}

/*
 * What walk->seen keeps of a slot: where it is, that it was seen, and whether
 * as a table. A slot that held nothing may hold a table when the next VMA in
 * its span comes to it, for faults do not wait for the reader.
 */
#define SEEN		1
#define SEEN_TABLE	2

static u64 slot_mark(const struct mmuscope_walk *walk,
		     const struct mmuscope_entry *entry)
{
	unsigned int shift = mmuscope_level_shift(entry->level);

	return (walk->addr >> shift << shift) | SEEN |
	       (entry->kind == MMUSCOPE_KIND_TABLE ? SEEN_TABLE : 0);
}

/**
 * mmuscope_visit_count - count tables and entries, each once however often it is passed
 * @walk: the walk
 * @entry: an entry, or several of a table
 */
void mmuscope_visit_count(struct mmuscope_walk *walk, const struct mmuscope_entry *entry)
{
	unsigned int shift = mmuscope_level_shift(entry->level);
	u64 mark = slot_mark(walk, entry);
	u64 *seen = &walk->seen[entry->level];
	struct mmuscope_tables *tables = &walk->tables[entry->level];

	if ((*seen | SEEN_TABLE) == (mark | SEEN_TABLE)) {
		*seen |= mark;
		return;
	}
	if (!*seen || (entry->level != MMUSCOPE_LEVEL_PGD &&
		       (*seen ^ mark) >> (shift + PAGE_SHIFT - 3)))
		tables->pages++;
	if (entry->kind != MMUSCOPE_KIND_NONE)
		tables->filled += 1 + entry->more;
	*seen = mark;
}

static bool is_seen(const struct mmuscope_walk *walk, const struct mmuscope_entry *entry)
{
	return walk->seen[entry->level] == slot_mark(walk, entry);
}

/*
 * A table is shown with all that it spans, for VMAs can have it in common. 2^64 is
 * no address: the last one ends a page before.
 */
static struct mmuscope_extent table_extent(const struct mmuscope_walk *walk,
					   const struct mmuscope_entry *entry)
{
	unsigned int shift = mmuscope_level_shift(entry->level);
	u64 start = walk->addr >> shift << shift;

	return (struct mmuscope_extent) {
		.start = start,
		.end = (start + (1UL << shift)) ?: PAGE_MASK,
		.level = entry->level,
	};
}

/* Tables of a level mostly allow the same, so it is asked once. */
static u64 table_flags(struct mmuscope_walk *walk, const struct mmuscope_entry *entry)
{
	u64 bits = entry->raw ^ PFN_PHYS(pte_pfn(__pte(entry->raw)));

	if (!walk->table_flags[entry->level] ||
	    walk->table_bits[entry->level] != bits) {
		walk->table_bits[entry->level] = bits;
		walk->table_flags[entry->level] =
			mmuscope_arch_flags(entry->raw, entry->level, true,
					    walk->in);
	}
	return walk->table_flags[entry->level];
}

static int add_table(struct mmuscope_walk *walk, const struct mmuscope_entry *entry)
{
	struct mmuscope_extent ext = table_extent(walk, entry);

	mmuscope_entry_table(&ext, entry->raw, walk->in);
	return add_leaf(walk, &ext);
}

static int visit_table(struct mmuscope_walk *walk, const struct mmuscope_entry *entry)
{
	int err;

	walk->perm &= table_flags(walk, entry);
	if ((walk->want & MMUSCOPE_WANT_TABLES) && !is_seen(walk, entry)) {
		err = add_table(walk, entry);
		if (err)
			return err;
	}
	mmuscope_visit_count(walk, entry);
	return 0;
}

static bool entry_changed(const struct mmuscope_entry *entry)
{
	switch (entry->level) {
	case MMUSCOPE_LEVEL_PUD:
		return pud_val(pudp_get((pud_t *)entry->slot)) != entry->raw;
	case MMUSCOPE_LEVEL_PMD:
		return pmd_val(pmdp_get_lockless((pmd_t *)entry->slot)) !=
		       entry->raw;
	default:
		return pte_val(ptep_get_lockless((pte_t *)entry->slot)) !=
		       entry->raw;
	}
}

/* Processes that have a hugetlb file's table in common have its pages, too. */
static bool in_shared_table(const struct mmuscope_walk *walk,
			    const struct mmuscope_entry *entry)
{
	return (walk->in & MMUSCOPE_IN_HUGETLB) && entry->level == MMUSCOPE_LEVEL_PMD &&
	       hugetlb_pmd_shared((pte_t *)entry->slot);
}

/*
 * The page is not ours to hold, so what its struct page tells is good only if
 * the entry still maps it afterwards. An entry that does not come to rest is
 * told without.
 */
static int visit_leaf(struct mmuscope_walk *walk, const struct mmuscope_entry *entry)
{
	struct mmuscope_extent leaf = entry_extent(walk, entry);
	struct mmuscope_part part = {};
	int err;

	mmuscope_entry_leaf(&leaf, entry->raw, walk->in);
	if (entry->repeats)
		leaf.flags |= MMUSCOPE_FLAG_REPEAT;
	if (!(walk->want & MMUSCOPE_WANT_TABLES))
		leaf.flags &= walk->perm | ~MMUSCOPE_PERM;
	if ((walk->want & MMUSCOPE_WANT_PAGE) && walk->tries < TRIES_MAX) {
		mmuscope_entry_page(&leaf, &part, walk->in);
		if ((leaf.flags & MMUSCOPE_FLAG_PRESENT) && in_shared_table(walk, entry))
			leaf.flags |= MMUSCOPE_FLAG_SHARED;
		if (entry_changed(entry)) {
			walk->tries++;
			return 0;
		}
	}
	err = add_leaf(walk, &leaf);
	if (err)
		return err;
	if (walk->batch->totals)
		mmuscope_pss_add(&walk->batch->totals->pss, &part, leaf.flags);
	if (walk->batch->like)
		mmuscope_alike_learn(walk, &leaf, entry->raw, &part);
	mmuscope_visit_count(walk, entry);
	walk->tries = 0;
	walk->addr = entry->next;
	return 0;
}

static int visit_none(struct mmuscope_walk *walk, const struct mmuscope_entry *entry)
{
	struct mmuscope_extent leaf = entry_extent(walk, entry);
	unsigned long nr = (entry->next - walk->addr) >> PAGE_SHIFT;
	int err;

	if ((walk->want & MMUSCOPE_WANT_CACHE) && walk->mapping) {
		nr = mmuscope_entry_hole(walk->mapping,
					 walk->pgoff +
					 (walk->addr >> PAGE_SHIFT),
					 nr, &leaf.flags);
		leaf.end = walk->addr + (nr << PAGE_SHIFT);
		walk->hold += leaf.flags ? nr : 1;
	}
	if (entry->kind == MMUSCOPE_KIND_BAD)
		leaf.flags |= MMUSCOPE_FLAG_BAD;
	if (!(walk->want & MMUSCOPE_WANT_TABLES)) {
		err = add_leaf(walk, &leaf);
		if (err)
			return err;
	}
	mmuscope_visit_count(walk, entry);
	walk->addr += nr << PAGE_SHIFT;
	return 0;
}

/* One step of a translation; an entry that is looked at again replaces itself. */
static void note_step(const struct mmuscope_walk *walk,
		      const struct mmuscope_entry *entry)
{
	struct mmuscope_translation *path = walk->path;
	bool table = entry->kind == MMUSCOPE_KIND_TABLE;
	struct mmuscope_step step = {
		.level = entry->level,
		.index = mmuscope_level_index(walk->addr, entry->level),
	};

	if (entry->level == MMUSCOPE_LEVEL_PGD)
		path->nr_steps = 0;
	step.flags = mmuscope_arch_flags(entry->raw, entry->level, table,
					 walk->in);
	if (!(step.flags & MMUSCOPE_FLAG_PRESENT))
		step.flags = 0;
	if (walk->want & MMUSCOPE_WANT_VALUE) {
		step.table = __pa(entry->slot) - step.index * sizeof(u64);
		step.raw = entry->raw;
	}
	path->step[path->nr_steps++] = step;
}

/**
 * mmuscope_visit - take note of an entry that the walk met
 * @walk: the walk; moves on if the walk ends at this entry
 * @entry: the entry
 *
 * Context: what protects the table that @entry stands in is held.
 * Return: 1 if the walk is to go down to the table that @entry points to, 0 if
 * @walk->addr tells how far it came, -ENOSPC if the batch is full.
 */
int mmuscope_visit(struct mmuscope_walk *walk,
		   const struct mmuscope_entry *entry)
{
	walk->hold += 1 + entry->more;
	if (walk->path)
		note_step(walk, entry);
	switch (entry->kind) {
	case MMUSCOPE_KIND_TABLE:
		return visit_table(walk, entry) ?: 1;
	case MMUSCOPE_KIND_LEAF:
		return visit_leaf(walk, entry);
	default:
		return visit_none(walk, entry);
	}
}
