// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"
#include "tap.h"
#include "text.h"

#define KERNEL_HALF (1UL << 63)

/* Neighbours that look alike are one. */
static void add(struct pieces *p, struct piece n)
{
	struct piece *last = p->piece + p->count - 1;

	if (n.start >= n.end)
		return;
	if (p->count && last->end == n.start && last->level == n.level &&
	    last->bits == n.bits) {
		last->end = n.end;
		return;
	}
	if (!(p->count & (p->count - 1))) {
		p->piece = realloc(p->piece, (p->count ? p->count * 2 : 1) * sizeof(n));
		if (!p->piece)
			abort();
	}
	p->piece[p->count++] = n;
}

static const struct {
	const char *word;
	uint32_t bit;
} words[] = {
	{ "USR", BIT_USR }, { "RW", BIT_RW }, { "PWT", BIT_PWT },
	{ "PCD", BIT_PCD }, { "PSE", BIT_PSE }, { "PAT", BIT_PAT },
	{ "GLB", BIT_GLB }, { "NX", BIT_NX },
};

/* "0xSTART-0xEND SIZE [FLAG...] LEVEL"; a line that is none is passed. */
static void ptdump_line(struct pieces *p, char *line)
{
	struct piece n = {};
	char *word, *last = NULL;
	int at = 0;

	if (sscanf(line, "0x%lx-0x%lx %*s%n", &n.start, &n.end, &at) != 2 || !at)
		return;
	for (line += at; (word = word_next(&line)); last = word) {
		if (!strcmp(word, "RW") || !strcmp(word, "ro"))
			n.bits |= BIT_PRESENT;
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (!strcmp(word, words[i].word))
				n.bits |= words[i].bit;
	}
	if (n.start < KERNEL_HALF || !last || word_level(last, &n.level))
		return;
	if (!n.end)
		n.end = -4096UL;
	add(p, n);
}

int pieces_of_ptdump(struct pieces *p, const char *path)
{
	char *text, *line, *save;
	ssize_t n = text_slurp(path, &text);

	*p = (struct pieces) {};
	if (n < 0)
		return n;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		ptdump_line(p, line);
	text_free(text);
	return 0;
}

/* The tables that the entries passed last lead to, and how far those reach. */
struct open {
	struct {
		enum level level;	/* of its entries */
		unsigned long last;	/* last address, for 2^64 is none */
	} table[LEVELS + 1];
	int depth;
	unsigned long pos;
};

/* Nothing is told of what maps nothing: it is put in, table by table. */
static void fill(struct pieces *p, struct open *o, unsigned long to)
{
	unsigned long end;

	while (o->pos < to) {
		while (o->depth && o->table[o->depth].last < o->pos)
			o->depth--;
		end = to;
		if (o->table[o->depth].last < to - 1)
			end = o->table[o->depth].last + 1;
		add(p, (struct piece) { o->pos, end, o->table[o->depth].level, 0 });
		o->pos = end;
	}
}

static uint32_t raw_bits(uint64_t raw, enum level level)
{
	uint32_t bits = BIT_PRESENT;

	bits |= raw & 1ULL << 2 ? BIT_USR : 0;
	bits |= raw & 1ULL << 1 ? BIT_RW : 0;
	bits |= raw & 1ULL << 3 ? BIT_PWT : 0;
	bits |= raw & 1ULL << 4 ? BIT_PCD : 0;
	bits |= level != PTE && raw & 1ULL << 7 ? BIT_PSE : 0;
	bits |= raw & 1ULL << (level == PTE ? 7 : 12) ? BIT_PAT : 0;
	bits |= raw & 1ULL << 8 ? BIT_GLB : 0;
	bits |= raw & 1ULL << 63 ? BIT_NX : 0;
	return bits;
}

/* "LEVEL INDEX START-END RAW BACKING PERM FLAGS" */
static bool pagetable_line(struct pieces *p, struct open *o, const char *line,
			   int levels)
{
	unsigned long start, end;
	char level_word[8], backing[32];
	unsigned long long raw;
	enum level level;

	if (sscanf(line, "%7s %*u %lx-%lx %llx %31s", level_word, &start, &end,
		   &raw, backing) != 5 || word_level(level_word, &level))
		return false;
	if (start < o->pos)	/* a table that came while it was read */
		start = o->pos;
	fill(p, o, start);
	while (o->depth && o->table[o->depth].last < start)
		o->depth--;
	if (strncmp(backing, "table:", 6)) {
		add(p, (struct piece) { start, end, level, raw_bits(raw, level) });
		o->pos = end;
		return true;
	}
	if (++o->depth > LEVELS)
		return false;
	o->table[o->depth].level = level == PGD && levels == 4 ? PUD : level + 1;
	o->table[o->depth].last = end - 1;
	return true;
}

int pieces_of_pagetable(struct pieces *p, const char *path, int levels)
{
	struct open o = { .pos = KERNEL_HALF };
	char *text, *line, *save;
	ssize_t n = text_slurp(path, &text);
	bool good = true;

	*p = (struct pieces) {};
	if (n < 0)
		return n;
	o.table[0].level = PGD;
	o.table[0].last = -1UL;
	for (line = strtok_r(text, "\n", &save); line && good;
	     line = strtok_r(NULL, "\n", &save))
		good = pagetable_line(p, &o, line, levels);
	fill(p, &o, -4096UL);
	text_free(text);
	return good ? 0 : -1;
}

static const struct piece *at(const struct pieces *p, unsigned long addr)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (p->piece[middle].end <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < p->count && p->piece[low].start <= addr ? &p->piece[low] : NULL;
}

/* Is all of a piece so in @p? */
static bool holds(const struct pieces *p, const struct piece *n)
{
	const struct piece *other;
	unsigned long addr;

	for (addr = n->start; addr < n->end && addr < -4096UL; addr = other->end) {
		other = at(p, addr);
		if (!other || other->level != n->level || other->bits != n->bits)
			return false;
	}
	return true;
}

size_t pieces_compare(const struct pieces *a, const struct pieces *again,
		      const struct pieces *b, size_t *compared, int tell)
{
	size_t bad = 0;

	*compared = 0;
	for (size_t i = 0; i < a->count; i++) {
		const struct piece *n = &a->piece[i], *other = at(b, n->start);

		if (!holds(again, n))
			continue;
		++*compared;
		if (holds(b, n))
			continue;
		if (bad++ < (size_t)tell)
			tap_note("%lx-%lx %s %x, but %lx-%lx %s %x", n->start, n->end,
				 level_name(n->level), n->bits,
				 other ? other->start : 0, other ? other->end : 0,
				 other ? level_name(other->level) : "-",
				 other ? other->bits : 0);
	}
	return bad;
}

void pieces_free(struct pieces *p)
{
	free(p->piece);
	*p = (struct pieces) {};
}
