// SPDX-License-Identifier: MIT
/*
 * Entries as they are (<linux/mmuscope_raw.h>), made into the extents that a scan
 * that is not raw would tell of them.
 */
#include <string.h>

#include "extent.h"
#include "internal.h"

#define PERM	(MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE | \
		 MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_USER)

/* What stands in an entry. */
#define RAW_FLAGS	(MMUSCOPE_SCAN_FLAGS & (MMUSCOPE_FLAG_ANON - 1))

static const unsigned int shifts[MMUSCOPE_NR_LEVELS] = { 48, 39, 30, 21, 12 };

bool mmuscope_raw_can(const struct mmuscope_info *info,
		      const struct mmuscope_scan_options *options)
{
	return (info->features & MMUSCOPE_FEATURE_RAW) &&
	       (info->rights & MMUSCOPE_RIGHT_FRAMES) &&
	       info->arch == MMUSCOPE_ARCH_X86_64 &&
	       !options->no_values && !options->outside &&
	       !options->inverted && !options->mask && !options->anyof &&
	       !(MMUSCOPE_SCAN_FLAGS & ~options->ignore & ~RAW_FLAGS);
}

void mmuscope_raw_start(struct mmuscope_raw *raw, const struct mmuscope_call *call)
{
	raw->args = &call->args;
	raw->vma = call->vma;
	raw->words = call->words;
	raw->at = 0;
	raw->word = 0;
	raw->left = 0;
	raw->cursor = call->args.start;
}

/* The last extent grows, as long as nobody has been told of it. */
static void add(struct mmuscope_raw *raw, const struct mmuscope_extent *leaf)
{
	struct mmuscope_extent *last = &raw->extent[raw->nr];

	raw->cursor = leaf->end;
	if (raw->open && mmuscope_continues(last, leaf, false)) {
		last->end = leaf->end;
		return;
	}
	if (raw->open)
		last = &raw->extent[++raw->nr];
	raw->open = true;
	*last = *leaf;
}

static void add_none(struct mmuscope_raw *raw, uint64_t end)
{
	const struct mmuscope_extent leaf = {
		.start = raw->cursor, .end = end, .level = MMUSCOPE_LEVEL_PTE,
	};

	if (raw->cursor < end)
		add(raw, &leaf);
}

/* Nothing has been told of the memory of the entries that have this kind. */
static void decode(struct mmuscope_raw *raw, uint64_t entry)
{
	struct mmuscope_extent *kind = &raw->kind;

	*kind = (struct mmuscope_extent) { .level = raw->level };
	mmuscope_leaf_x86(&raw->info, entry, kind);
	kind->flags &= raw->perm & raw->args->return_mask;
	raw->alike = kind->backing == MMUSCOPE_BACKING_RAM ? ~raw->frame : ~0ULL;
	raw->entry = entry;
}

/* @nr entries of which @entry is the first; others of its kind are not decoded. */
static void add_run(struct mmuscope_raw *raw, uint64_t addr, uint64_t entry,
		    uint64_t nr)
{
	struct mmuscope_extent leaf;

	if ((entry ^ raw->entry) & raw->alike)
		decode(raw, entry);
	leaf = raw->kind;
	if (leaf.backing == MMUSCOPE_BACKING_RAM)
		leaf.value = entry & raw->frame;
	leaf.start = addr;
	leaf.end = addr + (nr << raw->shift);
	leaf.raw = entry;
	add(raw, &leaf);
}

/*
 * As add_run() one by one, but for those that are of the same kind as the last
 * one: they are what there is most of.
 */
static void add_entries(struct mmuscope_raw *raw, const uint64_t *entry)
{
	const uint64_t size = 1ULL << raw->shift, alike = raw->alike;
	const uint64_t first = raw->entry, frame = raw->frame;
	struct mmuscope_extent *last = &raw->extent[raw->nr];
	struct mmuscope_extent *end = &raw->extent[MMUSCOPE_RAW_EXTENTS];
	uint64_t addr = raw->cursor, due = last->value + (last->end - last->start);
	uint64_t left = raw->left;

	for (; left && last < end && !((*entry ^ first) & alike); left--, entry++) {
		uint64_t value = *entry & frame;

		if (value != due) {
			*++last = raw->kind;
			last->start = addr;
			last->value = value;
			last->raw = *entry;
		}
		addr += size;
		last->end = addr;
		due = value + size;
	}
	raw->word += raw->left - left;
	raw->left = left;
	raw->nr = last - raw->extent;
	raw->cursor = addr;
}

static void set_kind(struct mmuscope_raw *raw, uint64_t head)
{
	raw->level = MMUSCOPE_RAW_LEVEL(head);
	raw->shift = shifts[raw->level];
	raw->frame = raw->info.phys_mask & ~((1ULL << raw->shift) - 1);
	raw->perm = MMUSCOPE_RAW_PERM(head) | ~PERM;
	raw->head = head & (MMUSCOPE_PAGE - 1);
	/* 0 is nobody's entry, so the next one is decoded. */
	raw->entry = 0;
	raw->alike = ~0ULL;
}

static void next_block(struct mmuscope_raw *raw)
{
	const uint64_t *word = raw->words + raw->word;
	uint64_t head = word[0], addr = MMUSCOPE_RAW_ADDR(head);
	struct mmuscope_extent ext;

	add_none(raw, addr);
	if (MMUSCOPE_RAW_KIND(head) == MMUSCOPE_RAW_EXTENT) {
		memcpy(&ext, word + 1, sizeof(ext));
		raw->word += 1 + sizeof(ext) / sizeof(*word);
		add(raw, &ext);
		return;
	}
	if ((head ^ raw->head) & (MMUSCOPE_PAGE - 1) & ~3ULL)
		set_kind(raw, head);
	if (MMUSCOPE_RAW_KIND(head) == MMUSCOPE_RAW_RUN) {
		raw->word += 3;
		add_run(raw, addr, word[1], word[2]);
		return;
	}
	raw->word += 2;
	raw->left = word[1];
}

/* The first entry is added with care, so that those like it need none. */
static void next_entries(struct mmuscope_raw *raw)
{
	const uint64_t *word = raw->words + raw->word;

	add_run(raw, raw->cursor, *word, 1);
	raw->word++;
	raw->left--;
	if (raw->left && raw->kind.backing == MMUSCOPE_BACKING_RAM)
		add_entries(raw, word + 1);
}

/* What begins after a VMA, or after all, ends what there is. */
static void close_last(struct mmuscope_raw *raw)
{
	raw->nr += raw->open;
	raw->open = false;
}

static void enter_vma(struct mmuscope_raw *raw)
{
	raw->head = 1;		/* of no block, so the next one sets the kind */
	if (raw->cursor < raw->vma[raw->at].start)
		raw->cursor = raw->vma[raw->at].start;
}

/*
 * Up to the end of the VMA or of the room. An extent that may go on in the next call
 * stays open.
 */
bool mmuscope_raw_fill(struct mmuscope_raw *raw)
{
	const struct mmuscope_scan *args = raw->args;
	const struct mmuscope_vma *vma = &raw->vma[raw->at];
	bool last = raw->at + 1 >= args->nr_vma;
	uint64_t limit = last ? args->nr : vma[1].first, end;

	if (raw->open)
		raw->extent[0] = raw->extent[raw->nr];
	raw->nr = 0;
	if (raw->at >= args->nr_vma)
		return false;
	enter_vma(raw);
	while (raw->nr < MMUSCOPE_RAW_EXTENTS - 1) {
		if (raw->left) {
			next_entries(raw);
		} else if (raw->word < limit) {
			next_block(raw);
		} else {
			end = vma->end < args->walk_end ? vma->end : args->walk_end;
			add_none(raw, end);
			if (end == vma->end || args->walk_end >= args->end)
				close_last(raw);
			raw->at++;
			return true;
		}
	}
	return true;
}
