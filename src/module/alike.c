// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaves that are like one that was looked at before, in all but the frame: its entry
 * has the same bits, its page looks the same, and so the same is told of it without a
 * look at anything else. They go into the batch as extents that grow, or, where only
 * their sum is wanted, into that. All others are left to the walk, which visits them.
 * Pages that are part of a larger folio are among those.
 */
#include <asm/barrier.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/string.h>
#include "internal.h"

/* As many entries as a line of the cache has. */
#define LINE	8

/**
 * struct taking - leaves on their way from a pte table into a batch
 * @walk: whose
 * @rules: of entries
 * @slot: the next one
 * @end: behind the last one
 * @first: the first one
 * @start: address that it stands for
 * @like: what they are like
 * @since: the first one that is like it
 * @told: such leaves are wanted, and by their frames
 * @due: the entry that would go on with the extent that they are in
 * @open: the first one of that extent; this and what follows is for totals
 * @open_raw: its entry
 * @ended: how many extents have ended since
 * @size: pages in all of them but the first
 * @longest: pages in the longest of these
 */
struct taking {
	struct mmuscope_walk *walk;
	const struct mmuscope_raw_rules *rules;
	const u64 *slot;
	const u64 *end;
	const u64 *first;
	unsigned long start;
	const struct mmuscope_like *like;
	const u64 *since;
	bool told;
	u64 due;
	const u64 *open;
	u64 open_raw;
	u64 ended;
	u64 size;
	u64 longest;
};

static unsigned int like_index(u64 bits)
{
	return (bits * 0x9e3779b97f4a7c15ULL) >> 62;
}

static_assert(MMUSCOPE_LIKES == 1 << 2);

/**
 * mmuscope_alike_learn - keep in mind what was told of a leaf
 * @walk: the walk; its batch has room for it
 * @leaf: what was told
 * @raw: its entry
 * @part: what it counts
 */
void mmuscope_alike_learn(struct mmuscope_walk *walk, const struct mmuscope_extent *leaf,
			  u64 raw, const struct mmuscope_part *part)
{
	const struct mmuscope_raw_rules *rules = mmuscope_raw_rules();

	if (!rules || !part->single || leaf->level != MMUSCOPE_LEVEL_PTE ||
	    leaf->backing != MMUSCOPE_BACKING_RAM ||
	    (raw & rules->leaf[leaf->level]) != rules->is_leaf[leaf->level] ||
	    !(walk->in & MMUSCOPE_IN_PLAIN))
		return;
	walk->batch->like[like_index(raw & ~rules->frame)] = (struct mmuscope_like) {
		.raw = raw,
		.in = walk->in,
		.perm = walk->perm,
		.leaf = *leaf,
		.part = *part,
	};
}

static const struct mmuscope_like *find_like(const struct taking *t, u64 raw)
{
	u64 bits = raw & ~t->rules->frame;
	const struct mmuscope_like *like = &t->walk->batch->like[like_index(bits)];

	return like->raw && bits == (like->raw & ~t->rules->frame) &&
	       like->in == t->walk->in && like->perm == t->walk->perm ? like : NULL;
}

static __always_inline const struct page *leaf_page(const struct taking *t, u64 raw)
{
	return pfn_to_page((raw & t->rules->frame) >> PAGE_SHIFT);
}

/* Adds to @odd where a page looks different. */
static __always_inline void see(struct mmuscope_looks *odd, const struct page *page,
				const struct mmuscope_looks *due)
{
	struct mmuscope_looks looks = mmuscope_page_looks(page);

	odd->flags |= looks.flags ^ due->flags;
	odd->mapping |= looks.mapping ^ due->mapping;
	odd->tail |= looks.tail;
	odd->mapcount |= looks.mapcount ^ due->mapcount;
	/* All at once, the differences would not fit into registers. */
	OPTIMIZER_HIDE_VAR(odd->flags);
	OPTIMIZER_HIDE_VAR(odd->mapping);
	OPTIMIZER_HIDE_VAR(odd->tail);
	OPTIMIZER_HIDE_VAR(odd->mapcount);
}

static bool is_odd(const struct mmuscope_looks *odd)
{
	return (odd->flags & MMUSCOPE_LOOKS) | (odd->mapping & FOLIO_MAPPING_FLAGS) |
	       (odd->tail & 1) | odd->mapcount;
}

/*
 * Is a line of leaves like the one at hand, and in the block of RAM at hand? As with
 * a single leaf, what the struct pages tell is good if the entries map them still.
 */
static __always_inline bool take_line(const struct taking *t, u64 *raw)
{
	const u64 *slot = t->slot;
	const u64 frame = t->rules->frame;
	const u64 due = (t->like->raw & ~frame) | (t->walk->ram & frame);
	struct mmuscope_looks odd = {};
	u64 differs = 0;
	unsigned int i;

#pragma GCC unroll 8
	for (i = 0; i < LINE; i++) {
		raw[i] = READ_ONCE(slot[i]);
		differs |= raw[i] ^ due;
	}
	if (differs & (~frame | t->walk->ram_mask))
		return false;
#pragma GCC unroll 8
	for (i = 0; i < LINE; i++)
		see(&odd, leaf_page(t, raw[i]), &t->like->part.looks);
	if (is_odd(&odd))
		return false;
	smp_rmb();	/* pages before entries */
	differs = 0;
#pragma GCC unroll 8
	for (i = 0; i < LINE; i++)
		differs |= raw[i] ^ READ_ONCE(slot[i]);
	return !differs;
}

/* The same of a leaf by itself. */
static bool take_one(const struct taking *t, u64 *raw)
{
	struct mmuscope_looks odd = {};

	*raw = READ_ONCE(*t->slot);
	if (((*raw ^ t->like->raw) & ~t->rules->frame) ||
	    !mmuscope_is_ram(t->walk, *raw))
		return false;
	see(&odd, leaf_page(t, *raw), &t->like->part.looks);
	if (is_odd(&odd))
		return false;
	smp_rmb();	/* the page before the entry */
	return READ_ONCE(*t->slot) == *raw;
}

static unsigned long addr_of(const struct taking *t, const u64 *slot)
{
	return t->start + ((unsigned long)(slot - t->first) << PAGE_SHIFT);
}

/* The leaf at @slot as an extent of its own. */
static int add_like(const struct taking *t, const u64 *slot, u64 raw)
{
	struct mmuscope_extent leaf = t->like->leaf;

	leaf.start = addr_of(t, slot);
	leaf.end = leaf.start + PAGE_SIZE;
	if (!t->walk->batch->any_value) {
		leaf.value = raw & t->rules->frame;
		leaf.raw = raw;
	}
	return mmuscope_batch_add(t->walk->batch, &leaf);
}

static void count_extent(struct taking *t, const u64 *slot, u64 raw)
{
	struct mmuscope_extent *ext = t->walk->batch->last;

	if (!t->ended++) {
		ext->end = addr_of(t, slot);
		mmuscope_totals_add(t->walk->batch->totals, ext);
	} else {
		t->size += slot - t->open;
		t->longest = max_t(u64, t->longest, slot - t->open);
	}
	t->open = slot;
	t->open_raw = raw;
}

/* Another extent of what is alike; false: there is no room for it. */
static bool begin_extent(struct taking *t, const u64 *slot, u64 raw)
{
	if (t->walk->batch->totals) {
		count_extent(t, slot, raw);
		return true;
	}
	t->walk->batch->last->end = addr_of(t, slot);
	return !add_like(t, slot, raw);
}

/* Entries that lie behind those that were taken before; false: not all are taken. */
static __always_inline bool note(struct taking *t, const u64 *raw, unsigned int nr)
{
	unsigned int i;

	if (t->told) {
#pragma GCC unroll 8
		for (i = 0; i < nr; i++) {
			if (raw[i] != t->due && !begin_extent(t, t->slot, raw[i]))
				return false;
			t->due = raw[i] + PAGE_SIZE;
			t->slot++;
		}
	} else {
		t->slot += nr;
	}
	return true;
}

static bool is_wanted(const struct taking *t)
{
	const struct mmuscope_filter *filter = t->walk->batch->filter;

	return !filter || mmuscope_filter_match(filter, &t->like->leaf);
}

/* The first of those that are like @t->like goes into the batch as others do. */
static bool begin_like(struct taking *t, u64 raw)
{
	if (add_like(t, t->slot, raw))
		return false;
	t->told = !t->walk->batch->any_value && is_wanted(t);
	t->due = raw + PAGE_SIZE;
	t->ended = 0;
	t->size = 0;
	t->longest = 0;
	t->slot++;
	return true;
}

static void end_totals(struct taking *t)
{
	struct mmuscope_batch *batch = t->walk->batch;
	struct mmuscope_extent *ext = batch->last;
	struct mmuscope_part part = t->like->part;

	part.pss *= t->slot - t->since;
	mmuscope_pss_add(&batch->totals->pss, &part, ext->flags);
	if (!t->ended)
		return;
	mmuscope_totals_more(batch->totals, ext, t->ended - 1, t->size << PAGE_SHIFT,
			     t->longest << PAGE_SHIFT);
	ext->start = addr_of(t, t->open);
	ext->value = t->open_raw & t->rules->frame;
}

/* All are counted, and the batch's last extent is the one that is open. */
static void end_like(struct taking *t)
{
	if (t->walk->batch->totals)
		end_totals(t);
	if (is_wanted(t))
		t->walk->batch->last->end = addr_of(t, t->slot);
}

/* How many of @nr pages look alike, in whole lines. */
static unsigned int count_pages(const struct page *page, unsigned int nr,
				const struct mmuscope_looks *due)
{
	unsigned int n, i;

	for (n = 0; n + LINE <= nr; n += LINE) {
		struct mmuscope_looks odd = {};

#pragma GCC unroll 8
		for (i = 0; i < LINE; i++)
			see(&odd, page + n + i, due);
		if (is_odd(&odd))
			break;
	}
	return n;
}

/* Takes leaves that map one page after another, if they are a line or more. */
static bool take_run(struct taking *t)
{
	u64 raw = READ_ONCE(*t->slot);
	unsigned int nr;

	if (((raw ^ t->like->raw) & ~t->rules->frame) ||
	    READ_ONCE(t->slot[1]) != raw + PAGE_SIZE ||
	    !mmuscope_is_ram(t->walk, raw))
		return false;
	nr = mmuscope_raw_count(t->slot, t->end - t->slot, raw);
	if (((raw + (nr - 1) * PAGE_SIZE) ^ raw) & t->walk->ram_mask)
		return false;
	nr = count_pages(leaf_page(t, raw), nr, &t->like->part.looks);
	smp_rmb();	/* pages before entries */
	if (!nr || READ_ONCE(*t->slot) != raw ||
	    mmuscope_raw_count(t->slot, nr, raw) != nr)
		return false;
	if (raw != t->due && t->told && !begin_extent(t, t->slot, raw))
		return false;
	t->due = raw + nr * PAGE_SIZE;
	t->slot += nr;
	return true;
}

static void take_like(struct taking *t)
{
	bool taken = true;
	unsigned int n;
	u64 raw[LINE];

	if (!take_one(t, raw) || !begin_like(t, raw[0]))
		return;
	while (taken && t->slot < t->end) {
		if (t->slot + LINE <= t->end && take_run(t))
			continue;
		if (t->slot + LINE <= t->end && take_line(t, raw)) {
			taken = note(t, raw, LINE);
			continue;
		}
		for (n = 0; taken && n < LINE && t->slot < t->end; n++)
			taken = take_one(t, raw) && note(t, raw, 1);
	}
	end_like(t);
}

static void take_table(struct mmuscope_walk *walk, const u64 *slot, unsigned int nr)
{
	struct taking t = {
		.walk = walk, .rules = mmuscope_raw_rules(),
		.slot = slot, .first = slot, .end = slot + nr, .start = walk->addr,
	};
	struct mmuscope_entry taken = {
		.level = MMUSCOPE_LEVEL_PTE, .kind = MMUSCOPE_KIND_LEAF,
	};

	do {
		t.since = t.slot;
		t.like = find_like(&t, READ_ONCE(*t.slot));
		if (t.like)
			take_like(&t);
	} while (t.slot > t.since && t.slot < t.end);
	if (t.slot == t.first)
		return;
	taken.more = t.slot - t.first - 1;
	mmuscope_visit_count(walk, &taken);
	walk->hold += 1 + taken.more;
	walk->tries = 0;
	walk->addr = addr_of(&t, t.slot);
}

/**
 * mmuscope_alike_take - take leaves that are like others
 * @walk: the walk, whose batch has what they may be like; moves on behind those that
 *	were taken, if it looks at pages at all, and not at tables
 * @slot: the first one, of a pte table; RCU is held
 * @end: where the range ends
 *
 * What an entry of a plain VMA maps was online when it was read, and its struct page
 * stays while RCU is held.
 */
void mmuscope_alike_take(struct mmuscope_walk *walk, const void *slot,
			 unsigned long end)
{
	if (mmuscope_raw_rules() && (walk->in & MMUSCOPE_IN_PLAIN) && !walk->path &&
	    (walk->want & (MMUSCOPE_WANT_PAGE | MMUSCOPE_WANT_TABLES)) ==
	    MMUSCOPE_WANT_PAGE)
		take_table(walk, slot, mmuscope_raw_left(walk->addr, end, slot, PAGE_SHIFT));
}
