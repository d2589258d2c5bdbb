/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERNEL_H
#define KERNEL_H

#include <linux/mmuscope.h>
#include <stdbool.h>

#include "device.h"

/* A handle of the kernel's half; the test ends if there is none. */
int kernel_handle(void);

/* Address of a symbol of the kernel's, resp. of a section of our module. */
unsigned long kernel_symbol(const char *name);
unsigned long kernel_section(const char *name);

/* An area by its name, but espfix; false if there is none. */
bool kernel_area(int handle, const char *name, struct mmuscope_vma *area);

/* MMUSCOPE_FLAG_* of a PERM like "rw--". */
unsigned long long kernel_perm(const char *perm);

/* Whether a scan of the kernel's half told all up to there, without a gap. */
bool kernel_is_whole(const struct scan *s, unsigned long end);

/* Whether each table but the first is where the entry before points to. */
bool kernel_is_a_way(const struct mmuscope_translation *t);

#endif
