/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PIECES_H
#define PIECES_H

#include <stddef.h>
#include <stdint.h>

#include "extent.h"

/* A range that looks the same all over, as ptdump has it. */
struct piece {
	unsigned long start, end;
	enum level level;
	uint32_t bits;		/* BIT_*, 0 if nothing is mapped */
};

struct pieces {
	struct piece *piece;
	size_t count;
};

/* What ptdump prints of an entry. */
enum {
	BIT_USR = 1, BIT_RW = 2, BIT_PWT = 4, BIT_PCD = 8, BIT_PSE = 16,
	BIT_PAT = 32, BIT_GLB = 64, BIT_NX = 128, BIT_PRESENT = 256,
};

/* The kernel's half out of a file of ptdump's: 0 or -errno. */
int pieces_of_ptdump(struct pieces *p, const char *path);

/*
 * The same out of our pagetable, where what it leaves out is put in again: 0,
 * -errno, or -1 for a line that is not well formed.
 */
int pieces_of_pagetable(struct pieces *p, const char *path, int levels);

/*
 * How many pieces of @a are not so in @b, among those that are the same in
 * @again; the first @tell of them are told of. @compared: how many were.
 */
size_t pieces_compare(const struct pieces *a, const struct pieces *again,
		      const struct pieces *b, size_t *compared, int tell);
void pieces_free(struct pieces *p);

#endif
