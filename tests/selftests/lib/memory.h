/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define KB (1UL << 10)
#define MB (1UL << 20)
#define GB (1UL << 30)

/* What libc's headers of Debian 12 may lack. */
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_HWPOISON
#define MADV_HWPOISON 100
#endif
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

struct span {
	unsigned long start, end;
};

/* Anonymous private memory, 2M aligned: as is, with 4K pages only, or as THP. */
struct span memory_anon(size_t size);
struct span memory_small(size_t size);
struct span memory_huge(size_t size);

/* mmap() with these flags and fd, aligned to @align. */
struct span memory_map(size_t size, size_t align, int prot, int flags, int fd);

/* Write to, or read from, every page, every @step bytes, or in random order. */
struct span memory_touched(struct span span);
void memory_touch(struct span span, size_t step);
void memory_peek(struct span span);
void memory_scatter(struct span span);

/* madvise() on the whole; the target cannot be built if it fails. */
void memory_advise(struct span span, int advice);

/* Declare the pages broken. */
void memory_poison(struct span span);

/* Page out as a whole; again and again, as one try may leave pages behind. */
void memory_pageout(struct span span);

/* A file of @size bytes without a name, every page filled: its fd. */
int memory_file(const char *dir, size_t size);

struct span span_part(struct span span, size_t offset, size_t size);
void *span_at(struct span span, size_t offset);

#endif
