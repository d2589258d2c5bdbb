/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RACE_H
#define RACE_H

#include <stdbool.h>

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

#endif
