/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVICE_H
#define DEVICE_H

#include <linux/mmuscope.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ioctl() that returns 0 or more, or -errno. */
int device_ioctl(int fd, unsigned long cmd, void *arg);

/* /dev/mmuscope; the test ends if it cannot be opened. */
int device_open(void);

/* MMUSCOPE_IOC_TARGET: a handle or -errno. */
int device_bind(int device, unsigned int kind, int id);

/* A handle of a process; the test ends if there is none. */
int device_target(pid_t pid);

/* Room that each call has; 0 elements of VMAs: without them. */
struct room {
	size_t extents, vmas, names;
	size_t extent_size, vma_size;	/* 0: as we know them */
};

/* What SCAN said of a range, however many calls it took. */
struct scan {
	struct mmuscope_extent *extent;
	struct mmuscope_vma *vma;	/* each once; first counts over all calls */
	char **name;			/* of each VMA */
	size_t extents, vmas;
	unsigned long calls, entries, holds;
	unsigned long longest;		/* entries in a hold */
	unsigned long most;		/* entries in a call */
	bool changed;
	char wrong[120];		/* the first rule that a call broke, or "" */
};

extern const struct room device_roomy;

/*
 * Scan as @ask says (flags, range, filter) to its end, with arrays of that
 * size, filled with something else before: 0 or -errno.
 */
int device_scan(struct scan *s, int fd, const struct mmuscope_scan *ask,
		const struct room *room);
void device_scan_free(struct scan *s);

/* Everything, with all flags. */
struct mmuscope_scan device_ask(unsigned long start, unsigned long end);

/* Are two scans the same, VMAs and names included? Says the first difference. */
bool device_scan_same(const struct scan *a, const struct scan *b);
bool device_extents_same(const struct mmuscope_extent *a, size_t na,
			 const struct mmuscope_extent *b, size_t nb);

/* TRANSLATE of one address: 0 or -errno. */
int device_translate(int fd, unsigned long addr, struct mmuscope_translation *t);

/* As debugfs prints it; to be freed with text_free(). */
char *device_text(const struct scan *s, bool hidden);

#endif
