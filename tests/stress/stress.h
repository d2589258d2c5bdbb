/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef STRESS_H
#define STRESS_H

#include <stdbool.h>
#include <sys/types.h>

/* What some processes do again and again while others do something else. */
struct kind {
	const char *name;
	int processes;
	/* In each process, before its first operation and after its last one. */
	void (*begin)(void);
	void (*end)(void);
	/* How many operations, or the errno, negated, that is an answer too. */
	int (*act)(unsigned int *seed);
};

/* Who reads, and who is in the way. The last one has no name. */
extern const struct kind look_kinds[], machine_kinds[], holding_kinds[],
	pressure_kinds[], hotplug_kinds[], fault_kinds[];

/* What takes long and is done once, before anybody is in the way. */
void stress_find_areas(void);

/* What one of them got is not what it may get; it goes on. */
void stress_wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* @err is one of the answers due, which end with 0: passed on; else it is wrong. */
int stress_due(const char *what, int err, const int *due);

/* A process that is in the way now, often another one; it may go any time. */
pid_t stress_somebody(unsigned int *seed);

/* One of as many numbers, from 0. */
unsigned long stress_random(unsigned int *seed, unsigned long below);

/* What QEMU has in RAM, but the kernel was told not to use; the same for storm.ko. */
#define HOT_START 0x140000000UL
#define HOT_BYTES 0x8000000UL

#endif
