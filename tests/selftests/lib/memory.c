// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"
#include "target.h"

struct span span_part(struct span span, size_t offset, size_t size)
{
	return (struct span){ span.start + offset, span.start + offset + size };
}

void *span_at(struct span span, size_t offset)
{
	return (void *)(span.start + offset);
}

struct span memory_map(size_t size, size_t align, int prot, int flags, int fd)
{
	unsigned long start;
	char *p;

	/* Room to cut an aligned piece from: mmap() itself aligns hugetlb. */
	p = mmap(NULL, size + align, PROT_NONE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		target_cannot("no room for %zu bytes: %s", size, strerror(errno));
	start = ((unsigned long)p + align - 1) & ~(align - 1);
	munmap(p, size + align);
	p = mmap((void *)start, size, prot, flags | MAP_FIXED_NOREPLACE, fd, 0);
	if (p == MAP_FAILED)
		target_cannot("mmap of %zu bytes: %s", size, strerror(errno));
	return (struct span){ start, start + size };
}

struct span memory_anon(size_t size)
{
	return memory_map(size, 2 * MB, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

struct span memory_small(size_t size)
{
	struct span span = memory_anon(size);

	memory_advise(span, MADV_NOHUGEPAGE);
	return span;
}

struct span memory_huge(size_t size)
{
	struct span span = memory_anon(size);

	memory_advise(span, MADV_HUGEPAGE);
	memory_touch(span, 4096);
	return span;
}

void memory_touch(struct span span, size_t step)
{
	for (unsigned long at = span.start; at < span.end; at += step)
		*(volatile unsigned long *)at = at;
}

struct span memory_touched(struct span span)
{
	memory_touch(span, 4096);
	return span;
}

void memory_peek(struct span span)
{
	for (unsigned long at = span.start; at < span.end; at += 4096)
		(void)*(volatile char *)at;
}

/* A full-period generator visits every page once; sizes are powers of two. */
void memory_scatter(struct span span)
{
	size_t pages = (span.end - span.start) / 4096, page = 0;

	for (size_t i = 0; i < pages; i++) {
		page = (page * 1664525 + 1013904223) & (pages - 1);
		*(volatile unsigned long *)(span.start + page * 4096) = page;
	}
}

void memory_advise(struct span span, int advice)
{
	if (madvise((void *)span.start, span.end - span.start, advice))
		target_cannot("madvise %d: %s", advice, strerror(errno));
}

static void told(int number)
{
	(void)number;
}

/* v6.12 tells who does this, by a signal that may not be ignored. */
void memory_poison(struct span span)
{
	struct sigaction old, action = { .sa_handler = told };

	sigaction(SIGBUS, &action, &old);
	memory_advise(span, MADV_HWPOISON);
	sigaction(SIGBUS, &old, NULL);
}

/* Pages that are there; 0 as well when nobody says. */
static size_t present(struct span span)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry[64];
	size_t count = 0;

	for (size_t at = span.start >> 12, end = span.end >> 12; at < end;) {
		size_t nr = end - at < 64 ? end - at : 64;

		if (pread(fd, entry, nr * 8, at * 8) != (ssize_t)nr * 8)
			break;
		for (size_t i = 0; i < nr; i++)
			count += entry[i] >> 63;
		at += nr;
	}
	close(fd);
	return count;
}

/* What waits on a list of another processor takes a while. */
void memory_pageout(struct span span)
{
	for (int i = 0; i < 5; i++)
		memory_advise(span, MADV_PAGEOUT);
	for (int i = 0; i < 50 && present(span); i++) {
		usleep(10000);
		memory_advise(span, MADV_PAGEOUT);
	}
}

int memory_file(const char *dir, size_t size)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char page[4096];

	if (fd < 0)
		target_cannot("no file in %s: %s", dir, strerror(errno));
	memset(page, 'm', sizeof(page));
	for (size_t at = 0; at < size; at += sizeof(page))
		if (write(fd, page, sizeof(page)) != sizeof(page))
			target_cannot("write to %s: %s", dir, strerror(errno));
	return fd;
}
