/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "memory.h"

/*
 * Where a guest is counted in instructions (scripts/guest --icount) a nanosecond of
 * its clock is one.
 */
uint64_t bench_now(void);

/* What cannot be measured ends the program. */
void bench_die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

enum { BENCH_ROUNDS = 5 };

/*
 * One way to look at a range. Returns what it found there, -1 if this kernel has no
 * such thing. @share: a look at 1 / @share of the range stands for all of it.
 */
struct method {
	const char *name;
	long (*look)(struct span span);
	unsigned int share;
};

/* peers.c, ours.c: ended by one without a name */
extern const struct method peer_methods[], our_methods[];

/* The longest hold of mmap_lock since it was asked last; of none, no entries. */
struct hold {
	uint64_t entries;
	uint64_t ns;
};

struct hold our_longest_hold(void);

/* Of a whole process. */
extern const struct method peer_wholes[], our_wholes[];

/* The least of BENCH_ROUNDS looks is told, "CASE METHOD INSTRUCTIONS". */
void bench_case(const char *name, struct span span, const struct method *methods,
		unsigned int share);
void bench_tell(const char *name, const char *method, uint64_t cost);

/* cases.c: each case in a process of its own */
void bench_cases(bool mixes);
void bench_quick(void);
void bench_one(const char *name);
void bench_growth(void);

/* questions.c */
void bench_translate(void);
void bench_who(void);

#endif
