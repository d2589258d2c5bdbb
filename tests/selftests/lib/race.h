/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RACE_H
#define RACE_H

#include <stdbool.h>
#include <sys/types.h>

#include "memory.h"

/*
 * Readers of maps, pagetable and summary against processes that do not stand
 * still. Every text that is read is parsed strictly.
 */
struct race {
	const char *name;
	/* One operation of the target; runs again and again in a process. */
	void (*churn)(unsigned int *seed);
	int churners;		/* how many such processes */
	bool mortal;		/* targets may go: ESRCH and ENOENT are answers, too */
};

/* The whole program: seconds from the command line, 20 if none. */
int race_main(const struct race *race, int argc, char **argv);

/* One operation of the target is done. */
void race_count(void);

/* mmap() of random MBs that may fail: then start is 0. */
struct span race_map(unsigned int *seed, int flags);
void race_unmap(struct span span);
int race_random(unsigned int *seed, int below);

#endif
