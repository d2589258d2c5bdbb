/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>

/*
 * Something to do while the kernel's n-th allocation, or copy from or to user
 * space, fails on purpose, for n = 1, 2, ... until there are no more.
 */
struct fault {
	const char *name;
	void (*before)(void *arg);	/* may be NULL, as undo */
	int (*act)(void *arg);		/* 0 or more, or -errno */
	void (*undo)(int ret, void *arg);	/* what it did, when it worked */
	void *arg;
	bool slow;			/* try without a fault at the end only */
};

/* False if this kernel cannot; nothing is to be swept then. */
bool fault_ready(void);

/*
 * One result: the act works or ends with -ENOMEM (an allocation has failed) or
 * -EFAULT (a copy has), and works whenever nothing fails. Skipped if the act
 * never works, with its error.
 */
void fault_sweep(const struct fault *f);

#endif
