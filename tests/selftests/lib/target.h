/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TARGET_H
#define TARGET_H

#include <sys/types.h>

#include "memory.h"

/*
 * A process to look at: a child that builds some memory, says where, and
 * then sits in read() until it is told to take a step or to go away.
 */
struct target {
	pid_t pid;
	int to, from;
	struct span span;
	char why[120];		/* why it could not be built; "" if it was */
};

typedef struct span (*target_build)(void);
typedef void (*target_act)(struct span span);

/* False when this machine cannot: see why. @step may be NULL. */
bool target_start(struct target *t, target_build build, target_act step);

/* An idle one with a number that is free; false if somebody else got it. */
bool target_start_as(struct target *t, pid_t pid);

/* Let it run its step once and wait until it has: false as above. */
bool target_step(struct target *t);
void target_stop(struct target *t);

/* To be called by a build function: this machine cannot, and why. */
void target_cannot(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

/* A build function for when any process will do. */
struct span target_idle(void);

#endif
