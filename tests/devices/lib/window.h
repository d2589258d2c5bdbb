/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WINDOW_H
#define WINDOW_H

#include <linux/mmuscope.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch.h"

#define PAGE 4096UL

/* What a window has if nobody asks for anything else. */
#define WINDOW_MEMTYPE ARCH_WINDOW

/* MMUSCOPE_IOC_MMIO_OPEN of a range: a descriptor or -errno; @args is told more. */
int window_open(struct mmuscope_mmio_open *args, unsigned long phys,
		unsigned long bytes, uint64_t flags);

/* The same with @args filled in, but for its size. */
int window_ask(struct mmuscope_mmio_open *args);

/* A window; the test ends if there is none. With MAP, *at is where it is mapped. */
int window_get(unsigned long phys, unsigned long bytes, uint64_t flags,
	       volatile void **at);

/* One result line: the range is refused like that, and @start-@end is why. */
bool window_refused(const char *name, int is, const struct mmuscope_mmio_open *args,
		    int err, unsigned int why, unsigned long start,
		    unsigned long end);

/* MMUSCOPE_IOC_MMIO_ACCESS: 0 or -errno. */
int window_read(int fd, unsigned long offset, unsigned int width, uint64_t *value);
int window_write(int fd, unsigned long offset, unsigned int width, uint64_t value);

/* How many windows and mappings of them MMUSCOPE_IOC_HOLDINGS tells of. */
unsigned int window_holdings(struct mmuscope_holding *vec, unsigned int max);

/* How many lines of /proc/iomem say "START-END : NAME", at any depth. */
unsigned int iomem_count(unsigned long start, unsigned long end, const char *name);

/* How many lines have that name. */
unsigned int iomem_named(const char *name);

/* The @nth range (from 0) of that name; false if there is none. */
bool iomem_find(const char *name, unsigned int nth, unsigned long *start,
		unsigned long *end);

/* The signal that reading a word there raises, 0 for none. */
int touch_signal(volatile void *at);

#endif
