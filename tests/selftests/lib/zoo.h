/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ZOO_H
#define ZOO_H

#include <stdio.h>
#include <sys/types.h>

/* The demo's program, which has memory of every kind, as a child. */
struct zoo {
	pid_t pid;
	FILE *in, *out;
};

/* Start it; it lies beside this program. Bails out if it does not get ready. */
void zoo_start(struct zoo *zoo);
void zoo_stop(struct zoo *zoo);

#endif
