/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EXTENT_H
#define EXTENT_H

#include <stdbool.h>
#include <stddef.h>

enum level { PGD, P4D, PUD, PMD, PTE, LEVELS };
enum backing { NONE, RAM, MMIO, SWAP, MIGRATION, DEVICE, POISON, MARKER,
	       TABLE, UNKNOWN };

/* The columns that maps and pagetable share. Points into the text parsed. */
struct extent {
	unsigned long start, end;
	enum level level;
	enum backing backing;
	bool hidden;		/* "ram:-": the reader may not know */
	unsigned long value;	/* physical address, or swap offset */
	unsigned long swap_type;
	const char *detail;	/* what stands behind "marker:" */
	const char *perm;
	const char *flags;
};

/* Cut the next word off a line; NULL when nothing is left. */
char *word_next(char **line);

/* Each returns NULL, or what is wrong with the word. */
const char *word_range(const char *word, unsigned long *start, unsigned long *end);
const char *word_level(const char *word, enum level *level);
const char *word_backing(char *word, struct extent *e);
const char *word_perm(const char *word);
const char *word_flags(const char *word);

/* "  START-END LEVEL BACKING PERM FLAGS", changed in place. */
const char *extent_parse(char *line, struct extent *e);

/* Do the columns contradict each other? NULL if not. */
const char *extent_sane(const struct extent *e);

/* Should @b have been part of @a, its neighbour? */
bool extent_continues(const struct extent *a, const struct extent *b);

bool extent_has(const struct extent *e, const char *flag);

/*
 * Does an extent look like @pattern: words among a level, a backing,
 * marker:NAME, four characters of PERM, +FLAG (must have), !FLAG (must not).
 */
bool extent_is(const struct extent *e, const char *pattern);

/* What the page at @addr inside the extent is backed by. */
unsigned long extent_value_at(const struct extent *e, unsigned long addr);

unsigned long level_size(enum level level);
const char *level_name(enum level level);
const char *backing_name(enum backing backing);

#endif
