// SPDX-License-Identifier: GPL-2.0-only
/*
 * hugetlb pages of 2M and 1G, private and shared, agree with pagemap; so do
 * a private page after COW and a range that is only partly faulted in.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "story.h"
#include "tap.h"

/* MAP_HUGE_2MB, MAP_HUGE_1GB and MFD_HUGE_1GB */
#define HUGE_2M (21 << 26)
#define HUGE_1G (30 << 26)

static struct span hugetlb(size_t size, size_t align, int flags)
{
	return memory_map(size, align, PROT_READ | PROT_WRITE,
			  MAP_HUGETLB | MAP_ANONYMOUS | flags, -1);
}

static struct span private_2m(void)
{
	struct span span = hugetlb(8 * MB, 2 * MB, MAP_PRIVATE | HUGE_2M);

	memory_touch(span, 2 * MB);
	return span;
}

static struct span shared_2m(void)
{
	struct span span = hugetlb(8 * MB, 2 * MB, MAP_SHARED | HUGE_2M);

	memory_touch(span, 2 * MB);
	return span;
}

static struct span partly_2m(void)
{
	struct span span = hugetlb(8 * MB, 2 * MB, MAP_PRIVATE | HUGE_2M);

	memory_touch(span, 4 * MB);
	return span;
}

static struct span readonly_2m(void)
{
	struct span span = private_2m();

	mprotect(span_at(span, 2 * MB), 2 * MB, PROT_READ);
	return span;
}

static struct span closed_2m(void)
{
	struct span span = private_2m();

	mprotect(span_at(span, 2 * MB), 2 * MB, PROT_NONE);
	return span;
}

/*
 * It takes long to clear a gigabyte: one page is all, and the same one is mapped
 * once more, privately and not written to.
 */
static struct span huge_1g(void)
{
	int fd = memfd_create("1G", MFD_HUGETLB | HUGE_1G);
	struct span shared, copy;

	if (fd < 0 || ftruncate(fd, GB))
		target_cannot("memfd: %m");
	shared = memory_map(GB, GB, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	memory_touch(shared, GB);
	copy = memory_map(GB, GB, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, fd);
	(void)*(volatile char *)copy.start;
	return shared;
}

int main(void)
{
	static const struct story stories[] = {
		{ "2M private", private_2m, NULL, "pmd ram rw-u +hugetlb +anon", 2048 },
		{ "2M shared", shared_2m, NULL, "pmd ram rw-u +hugetlb !anon", 2048 },
		{ "2M half touched", partly_2m, NULL, "none", 1024 },
		{ "2M read-only", readonly_2m, NULL, "pmd ram r--u +hugetlb", 512 },
		{ "2M PROT_NONE", closed_2m, NULL, "pmd ram ---- +hugetlb", 512 },
		{ "1G shared, and privately", huge_1g, NULL,
		  "pud ram rw-u +hugetlb +shared !anon", 262144 },
	};

	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	return tap_done();
}
