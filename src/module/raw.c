// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries that are alike are seen as such without being decoded: in a run each is
 * greater by a constant than the one before. Where a scan wants entries as they
 * are, they go from the table into its blocks here; all that takes more than a look
 * at the entry is left to the walk, which visits it.
 *
 * A line is eight entries, as one of the cache is: one test does for all of them.
 */
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include "internal.h"

#define LINE	8

/* Fewer are told one by one: a run takes three words. */
#define RUN_MIN	4

static struct mmuscope_raw_rules rules __read_mostly;
static bool known __read_mostly;

/**
 * mmuscope_raw_init - learn what entries look like
 */
void mmuscope_raw_init(void)
{
	known = mmuscope_arch_raw(&rules);
}

/**
 * mmuscope_raw_rules - how entries are told without being decoded; NULL if they cannot be
 */
const struct mmuscope_raw_rules *mmuscope_raw_rules(void)
{
	return known ? &rules : NULL;
}

static bool line_is_none(const u64 *slot)
{
	/* Compared, and no more, so it is all the same how they are loaded. */
	return !data_race(slot[0] | slot[1] | slot[2] | slot[3] |
			  slot[4] | slot[5] | slot[6] | slot[7]);
}

/* How many of @nr entries are none, from the first on. */
static unsigned int count_none(const u64 *slot, unsigned int nr)
{
	unsigned int n = 0;

	while (n + LINE <= nr && line_is_none(slot + n))
		n += LINE;
	if (n + LINE / 2 <= nr &&
	    !(READ_ONCE(slot[n]) | READ_ONCE(slot[n + 1]) |
	      READ_ONCE(slot[n + 2]) | READ_ONCE(slot[n + 3])))
		n += LINE / 2;
	while (n < nr && !READ_ONCE(slot[n]))
		n++;
	return n;
}

static __always_inline bool line_follows(const u64 *slot, u64 due, u64 step, u64 keep)
{
	/* The same as above. */
	u64 odd = data_race((slot[0] ^ due) |
			    (slot[1] ^ (due + step)) |
			    (slot[2] ^ (due + 2 * step)) |
			    (slot[3] ^ (due + 3 * step)) |
			    (slot[4] ^ (due + 4 * step)) |
			    (slot[5] ^ (due + 5 * step)) |
			    (slot[6] ^ (due + 6 * step)) |
			    (slot[7] ^ (due + 7 * step)));

	return !(odd & keep);
}

/*
 * How many of @nr entries are a run, from the first on, which is @raw. Inlined, so
 * that a constant step is one: that saves an instruction for each entry.
 */
static __always_inline unsigned int
count_run(const u64 *slot, unsigned int nr, u64 raw, u64 step, u64 keep)
{
	const u64 *at = slot + 1, *end = slot + nr;
	u64 due = raw + step;

	while (at < end && !((READ_ONCE(*at) ^ due) & keep)) {
		at++;
		due += step;
		if (at < slot + RUN_MIN)
			continue;
		for (; at + LINE <= end && line_follows(at, due, step, keep);
		     at += LINE)
			due += LINE * step;
	}
	return at - slot;
}

/* How many of @nr pte leaves, the first of which is @raw, map one page after another. */
unsigned int mmuscope_raw_count(const u64 *slot, unsigned int nr, u64 raw)
{
	return count_run(slot, nr, raw, PAGE_SIZE, ~0ULL);
}

/* Of swap: each bit counts, for it may be one of the offset. */
static unsigned int count_slots(const u64 *slot, unsigned int nr, u64 raw)
{
	return count_run(slot, nr, raw, rules.swap_step, ~0ULL);
}

static bool is_leaf(u64 raw, enum mmuscope_level level)
{
	return rules.leaf[level] &&
	       (raw & rules.leaf[level]) == rules.is_leaf[level];
}

static bool is_swap(u64 raw, enum mmuscope_level level)
{
	return level == MMUSCOPE_LEVEL_PTE && raw && !(raw & rules.absent) &&
	       (raw & rules.swap_type) < rules.swap_types;
}

static bool in_ram(const struct mmuscope_walk *walk, u64 raw)
{
	return !((raw ^ walk->ram) & walk->ram_mask);
}

/* A run does not leave the block that it begins in. */
static unsigned int count_leaves(struct mmuscope_walk *walk, const u64 *slot,
				 unsigned int nr, u64 raw, unsigned int shift)
{
	u64 step = 1ULL << shift;
	unsigned int n;

	if (!mmuscope_is_ram(walk, raw))
		return 0;
	if (step == PAGE_SIZE)
		n = count_run(slot, nr, raw, PAGE_SIZE, walk->keep);
	else
		n = count_run(slot, nr, raw, step, walk->keep);
	return in_ram(walk, raw + (n - 1) * step) ? n : 1;
}

/**
 * mmuscope_raw_run - how many entries can be visited as one
 * @walk: the walk; what protects the table of @entry is held
 * @entry: the first one, of a table that is a whole page
 * @end: where the range ends
 *
 * Nothing, whatever is wanted; leaves where no struct page is.
 *
 * Return: how many more there are than @entry.
 */
unsigned int mmuscope_raw_run(struct mmuscope_walk *walk,
			      const struct mmuscope_entry *entry, unsigned long end)
{
	/* What is in the page cache differs from page to page. */
	bool cached = (walk->want & MMUSCOPE_WANT_CACHE) && walk->mapping;
	bool pages = walk->want & MMUSCOPE_WANT_PAGE;
	unsigned int shift = mmuscope_level_shift(entry->level);
	unsigned int nr = mmuscope_raw_left(walk->addr, end, entry->slot, shift), n = 0;

	if (walk->path)
		return 0;
	if (entry->kind == MMUSCOPE_KIND_NONE)
		n = cached ? 0 : count_none(entry->slot, nr);
	else if (!known || entry->kind != MMUSCOPE_KIND_LEAF ||
		 (walk->want & MMUSCOPE_WANT_TABLES) ||
		 !(walk->in & MMUSCOPE_IN_PLAIN))
		return 0;
	else if (is_leaf(entry->raw, entry->level) && !pages)
		n = count_leaves(walk, entry->slot, nr, entry->raw, shift);
	else if (is_swap(entry->raw, entry->level))
		n = count_slots(entry->slot, nr, entry->raw);
	return n ? n - 1 : 0;
}

/**
 * struct taking - entries on their way from a table into the blocks of a scan
 * @walk: whose
 * @slot: the next one
 * @end: behind the last one
 * @level: of all of them
 * @shift: log2 of the bytes that each spans
 * @start: address that the first one stands for
 * @first: the first one
 * @out: where the next word goes
 */
struct taking {
	struct mmuscope_walk *walk;
	const u64 *slot;
	const u64 *end;
	enum mmuscope_level level;
	unsigned int shift;
	unsigned long start;
	const u64 *first;
	u64 *out;
};

static u64 block_head(const struct taking *t, enum mmuscope_raw_kind kind)
{
	u64 addr = t->start + ((unsigned long)(t->slot - t->first) << t->shift);

	return MMUSCOPE_RAW_HEAD(addr, kind, t->level,
				 t->walk->perm & MMUSCOPE_PERM);
}

/* How many there are from here on, if they are enough for a run; or 0. */
static unsigned int run_here(const struct taking *t, u64 raw)
{
	bool leaf = is_leaf(raw, t->level);
	u64 step = leaf ? 1ULL << t->shift : rules.swap_step;
	u64 keep = leaf ? t->walk->keep : ~0ULL;
	unsigned int nr = t->end - t->slot;

	if (nr < RUN_MIN || ((READ_ONCE(t->slot[1]) ^ (raw + step)) & keep))
		return 0;
	nr = leaf ? count_leaves(t->walk, t->slot, nr, raw, t->shift) :
		    count_slots(t->slot, nr, raw);
	return nr < RUN_MIN ? 0 : nr;
}

/*
 * Takes lines of entries that are @due in the bits of @mask; @none: which may be so of
 * none, too. A run that is long enough to be worth a look has the pair in the middle
 * of a line.
 */
static __always_inline void take_lines_of(struct taking *t, u64 mask, u64 due,
					  u64 step, u64 keep, bool none)
{
	const u64 *s = t->slot;
	u64 *out = t->out;

	for (; s + LINE <= t->end; s += LINE, out += LINE) {
		u64 e0 = READ_ONCE(s[0]), e1 = READ_ONCE(s[1]), e2 = READ_ONCE(s[2]);
		u64 e3 = READ_ONCE(s[3]), e4 = READ_ONCE(s[4]), e5 = READ_ONCE(s[5]);
		u64 e6 = READ_ONCE(s[6]), e7 = READ_ONCE(s[7]);
		u64 odd = (e0 ^ due) | (e1 ^ due) | (e2 ^ due) | (e3 ^ due) |
			  (e4 ^ due) | (e5 ^ due) | (e6 ^ due) | (e7 ^ due);

		if ((odd & mask) || !((e4 ^ (e3 + step)) & keep))
			break;
		if (none && !(e0 && e1 && e2 && e3 && e4 && e5 && e6 && e7))
			break;
		out[0] = e0;
		out[1] = e1;
		out[2] = e2;
		out[3] = e3;
		out[4] = e4;
		out[5] = e5;
		out[6] = e6;
		out[7] = e7;
	}
	t->slot = s;
	t->out = out;
}

/* Of leaves in the block of RAM at hand, or of swap of one area. */
static void take_lines(struct taking *t)
{
	const struct mmuscope_walk *walk = t->walk;
	u64 raw = READ_ONCE(*t->slot);

	if (is_leaf(raw, t->level))
		take_lines_of(t, rules.leaf[t->level] | walk->ram_mask,
			      rules.is_leaf[t->level] | (walk->ram & walk->ram_mask),
			      1ULL << t->shift, walk->keep, false);
	else if (is_swap(raw, t->level))
		take_lines_of(t, rules.absent | rules.swap_type,
			      raw & rules.swap_type, rules.swap_step, ~0ULL, true);
}

/*
 * Takes one entry, unless it begins a run or has to be visited. In line, it would take
 * the registers that take_lines() needs.
 */
static noinline bool take_one(struct taking *t)
{
	u64 raw = READ_ONCE(*t->slot);

	if (is_leaf(raw, t->level) ? !mmuscope_is_ram(t->walk, raw) : !is_swap(raw, t->level))
		return false;
	if (run_here(t, raw))
		return false;
	*t->out++ = raw;
	t->slot++;
	return true;
}

static bool take_entries(struct taking *t)
{
	u64 head = block_head(t, MMUSCOPE_RAW_ENTRIES);
	u64 *block = t->out;
	bool taken = true;
	unsigned int n;

	t->out += 2;
	while (taken && t->slot < t->end) {
		take_lines(t);
		for (n = 0; taken && n < LINE && t->slot < t->end; n++)
			taken = take_one(t);
	}
	if (t->out == block + 2) {
		t->out = block;
		return false;
	}
	block[0] = head;
	block[1] = t->out - block - 2;
	return true;
}

static bool take_run(struct taking *t)
{
	u64 raw = READ_ONCE(*t->slot);
	unsigned int nr = 0;

	if (is_leaf(raw, t->level) || is_swap(raw, t->level))
		nr = run_here(t, raw);
	if (!nr)
		return false;
	*t->out++ = block_head(t, MMUSCOPE_RAW_RUN);
	*t->out++ = raw;
	*t->out++ = nr;
	t->slot += nr;
	return true;
}

/* Takes an entry between two that are none, of which there are many where any are. */
static bool take_single(struct taking *t)
{
	u64 raw = READ_ONCE(*t->slot);

	if (t->slot + 1 < t->end && READ_ONCE(t->slot[1]))
		return false;
	if (is_leaf(raw, t->level) ? !mmuscope_is_ram(t->walk, raw) : !is_swap(raw, t->level))
		return false;
	*t->out++ = block_head(t, MMUSCOPE_RAW_ENTRIES);
	*t->out++ = 1;
	*t->out++ = raw;
	t->slot++;
	return true;
}

/* What is none in a pte table is in no block; of other levels the walk tells. */
static void take_all(struct taking *t)
{
	do {
		if (t->level == MMUSCOPE_LEVEL_PTE)
			t->slot += count_none(t->slot, t->end - t->slot);
	} while (t->slot < t->end &&
		 (take_single(t) || take_run(t) || take_entries(t)));
}

static int take_table(struct mmuscope_walk *walk, const u64 *slot,
		      enum mmuscope_level level, unsigned int nr)
{
	struct mmuscope_batch *batch = walk->batch;
	struct taking t = {
		.walk = walk, .slot = slot, .first = slot, .start = walk->addr,
		.end = slot + nr, .level = level, .shift = mmuscope_level_shift(level),
		.out = batch->word + batch->nr,
	};

	/* A block of one entry for every second slot takes most. */
	if (batch->nr + 2 * nr + 4 > batch->max)
		return -ENOSPC;
	take_all(&t);
	nr = t.slot - t.first;
	if (t.out != batch->word + batch->nr)
		batch->last = NULL;
	batch->nr = t.out - batch->word;
	walk->addr += (unsigned long)nr << t.shift;
	walk->hold += nr;
	return 0;
}

/**
 * mmuscope_raw_take - take entries as they are into the blocks of a scan
 * @walk: the walk; moves on behind those that were taken; what protects their
 *	table is held
 * @slot: the first one, of a table that is a whole page
 * @level: their level
 * @end: where the range ends
 *
 * Return: 0, or -ENOSPC if there may be no room for all of them.
 */
int mmuscope_raw_take(struct mmuscope_walk *walk, const void *slot,
		      enum mmuscope_level level, unsigned long end)
{
	unsigned int shift = mmuscope_level_shift(level);

	/* Whole entries only: what maps more than the range is cut by the walk. */
	end = end >> shift << shift;
	if (!walk->batch->word || !(walk->in & MMUSCOPE_IN_PLAIN) || walk->addr >= end ||
	    walk->addr & ((1UL << shift) - 1))
		return 0;
	if (level != MMUSCOPE_LEVEL_PTE && !is_leaf(READ_ONCE(*(const u64 *)slot), level))
		return 0;
	return take_table(walk, slot, level, mmuscope_raw_left(walk->addr, end, slot, shift));
}
