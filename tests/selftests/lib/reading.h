/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef READING_H
#define READING_H

#include <sys/types.h>

enum reading_file {
	READING_MAPS, READING_PAGETABLE, READING_SUMMARY, READING_FILES
};

/* What was read of processes that do not stand still, and what was wrong with it. */
struct reading {
	unsigned long units;	/* extents, or entries */
	char wrong[200];	/* the first rule that the text breaks; "" if none */
};

extern const char * const reading_names[READING_FILES];

/*
 * One of a process's files, parsed strictly, in tables of that many levels
 * (tables_levels()): 0 or -errno.
 */
int reading_take(struct reading *reading, pid_t pid, enum reading_file file, int levels);

#endif
