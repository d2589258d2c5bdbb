/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LOOK_H
#define LOOK_H

#include "target.h"

/*
 * One result line: every page of [@offset, @offset + @size) of the target's
 * span looks like @pattern (extent_is()), and the whole of maps is sound.
 */
bool look(const struct target *t, const char *name, size_t offset, size_t size,
	  const char *pattern);

/* How many pages of the target's span look so now; -1 if maps is not sound. */
long look_count(const struct target *t, const char *pattern);

#endif
