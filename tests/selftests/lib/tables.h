/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TABLES_H
#define TABLES_H

#include <stdint.h>
#include <sys/types.h>

#include "extent.h"

struct entry {
	struct extent e;	/* START-END is the whole span of the entry */
	unsigned int index;
	bool raw_hidden;
	bool late;		/* START is not the span's, see maps_complete() */
	uint64_t raw;
	size_t parent;		/* index of the entry of the table it is in */
};

/* pid/<PID>/pagetable, parsed. */
struct tables {
	char *text;
	struct entry *entry;
	size_t entries;
	int levels;		/* 4 or 5 */
	char wrong[200];	/* the first rule the text breaks; "" if none */
};

/*
 * Parse @text (which is taken over and changed). Checked: every line is well
 * formed, indentation, level, index and span belong together, entries ascend
 * and follow the entry of the table they are in.
 */
void tables_parse(struct tables *t, char *text, int levels);

/* Read and parse: 0 or -errno. A broken rule is in t->wrong, not an errno. */
int tables_read(struct tables *t, pid_t pid);
void tables_free(struct tables *t);

/* Page-table levels of this machine, from status. */
int tables_levels(void);

#endif
