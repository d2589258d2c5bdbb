/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef STORY_H
#define STORY_H

#include <stddef.h>

#include "target.h"

/* One kind of memory, built by a process of its own. */
struct story {
	const char *name;
	target_build build;
	target_act step;	/* run once after the start, may be NULL */
	const char *pattern;	/* at least @pages of the span's pages ... */
	unsigned long pages;	/* ... look so (extent_is()) */
};

/*
 * Compare the whole process of each story with pagemap, page by page; the
 * pattern proves that the memory is of the kind that the story tells about.
 */
void story_agrees(const struct story *story, size_t count);

/* One result line for one process that exists already. */
void story_process(const char *name, pid_t pid);

#endif
