/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>

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

/* One ioctl(2) of *@fd. */
struct fault_call {
	const int *fd;
	unsigned long cmd;
	const void *args;	/* begins with its size; what is out is not kept */
};

/* An act, of a struct fault_call. */
int fault_call(void *call);

/* The members of a struct fault that say so. */
#define FAULT_CALL(fd, cmd, args) \
	.act = fault_call, .arg = &(struct fault_call) { &(fd), cmd, args }

/* An undo: close what was returned. */
void fault_close(int fd, void *arg);

/* False if this kernel cannot; nothing is to be swept then. */
bool fault_ready(void);

/*
 * One result: the act works or ends with -ENOMEM (an allocation has failed) or
 * -EFAULT (a copy has), and works whenever nothing fails; what meets no fault at
 * all is not tested, which is a failure. Skipped if the act never works, with its
 * error.
 */
void fault_sweep(const struct fault *f);

/* All of them, or a skip if this kernel cannot. */
void fault_sweep_all(const struct fault *faults, size_t nr);

#endif
