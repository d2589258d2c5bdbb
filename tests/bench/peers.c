// SPDX-License-Identifier: GPL-2.0-only
/* What there is without the module. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

/* Of a kernel that headers of Debian 12 do not know (include/uapi/linux/fs.h, v6.7). */
struct pm_scan {
	uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
	uint64_t inverted, mask, anyof, returned;
};

struct pm_range {
	uint64_t start, end, categories;
};

#define PM_SCAN		_IOWR('f', 16, struct pm_scan)
#define PM_PRESENT	(1 << 3)
#define PM_SWAPPED	(1 << 4)

static char buffer[1 << 20];

static int open_once(const char *path, int *fd)
{
	if (*fd <= 0)
		*fd = open(path, O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd;
}

static pid_t opened_by;

/* A descriptor of the parent's would be of the parent's memory. */
static int own(const char *path, int *fd)
{
	if (opened_by != getpid()) {
		opened_by = getpid();
		*fd = 0;
	}
	return open_once(path, fd);
}

static long bare_loop(struct span span)
{
	static int fd;
	char text[64];
	int len;

	if (open_once("/sys/module/floor/parameters/count", &fd) < 0)
		return -1;
	len = sprintf(text, "%lx %lx", span.start, span.end);
	return pwrite(fd, text, len, 0) == len ? 0 : -1;
}

static long pagemap(struct span span)
{
	static int fd;
	off_t at = span.start / (4 * KB) * 8, end = span.end / (4 * KB) * 8;
	ssize_t got;

	if (own("/proc/self/pagemap", &fd) < 0)
		return -1;
	for (; at < end; at += got) {
		size_t want = end - at < (off_t)sizeof(buffer) ?
			(size_t)(end - at) : sizeof(buffer);

		got = pread(fd, buffer, want, at);
		if (got <= 0)
			bench_die("pagemap: %s", strerror(errno));
	}
	return 0;
}

static long pagemap_scan(struct span span)
{
	static int fd;
	struct pm_scan scan = {
		.size = sizeof(scan), .start = span.start, .end = span.end,
		.vec = (uintptr_t)buffer,
		.vec_len = sizeof(buffer) / sizeof(struct pm_range),
		.anyof = PM_PRESENT | PM_SWAPPED,
		.returned = PM_PRESENT | PM_SWAPPED,
	};

	if (own("/proc/self/pagemap", &fd) < 0)
		return -1;
	while (scan.start < scan.end) {
		if (ioctl(fd, PM_SCAN, &scan) < 0)
			return -1;
		scan.start = scan.walk_end;
	}
	return 0;
}

static long incore(struct span span)
{
	const size_t step = sizeof(buffer) * 4 * KB;
	unsigned long at, nr;

	for (at = span.start; at < span.end; at += nr) {
		nr = span.end - at < step ? span.end - at : step;
		if (mincore((void *)at, nr, (unsigned char *)buffer))
			bench_die("mincore: %s", strerror(errno));
	}
	return 0;
}

static long read_all(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;
	long sum = 0;

	if (fd < 0)
		return -1;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		sum += got;
	close(fd);
	return got < 0 ? -1 : sum;
}

static long smaps_rollup(struct span span)
{
	(void)span;
	return read_all("/proc/self/smaps_rollup");
}

static long smaps(struct span span)
{
	(void)span;
	return read_all("/proc/self/smaps");
}

const struct method peer_methods[] = {
	{ "floor", bare_loop, 1 },
	{ "pagemap", pagemap, 256 },
	{ "PAGEMAP_SCAN", pagemap_scan, 1 },
	{ "mincore", incore, 256 },
	{ 0 }
};

const struct method peer_wholes[] = {
	{ "smaps_rollup", smaps_rollup, 1 },
	{ "smaps", smaps, 1 },
	{ 0 }
};
