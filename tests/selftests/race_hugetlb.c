// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers against hugetlb: private and shared pages come and go, and two
 * processes share a gigabyte's worth of one file, so that the kernel shares
 * their PMD table, too.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "race.h"

static int file;	/* 2 GB of holes, of which few pages ever exist */

static struct span map_pages(size_t size, int flags)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_HUGETLB | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);

	return p == MAP_FAILED ? (struct span){} :
		(struct span){ (unsigned long)p, (unsigned long)p + size };
}

/* A gigabyte of address space, aligned, is what makes a table sharable. */
static void share_table(unsigned int *seed)
{
	char *room = mmap(NULL, 3 * GB, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned long start = ((unsigned long)room + GB - 1) & ~(GB - 1);
	char *p;

	if (room == MAP_FAILED)
		return;
	p = mmap((void *)start, GB, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED | MAP_NORESERVE, file, 0);
	if (p != MAP_FAILED) {
		p[2 * MB * race_random(seed, 4)] = 1;
		mprotect(p + 8 * MB, 2 * MB, PROT_READ);
		madvise(p, 4 * MB, MADV_DONTNEED);
		p[2 * MB * race_random(seed, 4)] = 1;
	}
	munmap(room, 3 * GB);
}

static void churn(unsigned int *seed)
{
	struct span span;
	pid_t pid;

	for (int i = 0; i < 8; i++)
		share_table(seed);
	/* Pages may run out: a child takes the SIGBUS. */
	pid = fork();
	if (!pid) {
		span = map_pages(4 * MB, race_random(seed, 2) ? MAP_SHARED : MAP_PRIVATE);
		if (span.start)
			memory_touch(span, 2 * MB);
		share_table(seed);
		_exit(0);
	}
	race_random(seed, 2);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	static const struct race race = { "hugetlb", churn, 2, true };

	file = memfd_create("hugetlb", MFD_HUGETLB);
	if (file < 0 || ftruncate(file, GB))
		return 1;
	return race_main(&race, argc, argv);
}
