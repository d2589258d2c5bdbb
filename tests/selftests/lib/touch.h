/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TOUCH_H
#define TOUCH_H

#include "arch.h"

#include <linux/mmuscope.h>
#include <stddef.h>

#include "target.h"

enum access { READ, WRITE, EXEC, WAYS };

/* Between the test and its target: what to touch, and what came of it. */
struct touch {
	unsigned long addr;
	enum access access;
	int signal;
	long faults;
	unsigned long value;	/* read there */
	unsigned long alias;	/* another mapping of the same page */
	int events;		/* of userfaultfd */
};

extern volatile struct touch *touch_shared;

/* A step of the target: everything but the page itself is warm. */
void touch_step(struct span span);

/* What the page at @at is, and what each access is to do first. */
struct touch_kind {
	const char *name;
	target_build build;
	size_t at;
	enum mmuscope_touch touch[WAYS];
};

extern const struct touch_kind touch_kinds[];
extern const size_t touch_kinds_nr;

#endif
