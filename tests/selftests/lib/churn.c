// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "churn.h"

int churn_random(unsigned int *seed, int below)
{
	return rand_r(seed) % below;
}

/* Random MBs; there may be none, then start is 0. */
static struct span room(unsigned int *seed, int flags)
{
	size_t size = (1 + churn_random(seed, 4)) * MB;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		return (struct span){};
	return (struct span){ (unsigned long)p, (unsigned long)p + size };
}

static void give_up(struct span span)
{
	munmap(span_at(span, 0), span.end - span.start);
}

void churn_map(unsigned int *seed)
{
	struct span span = room(seed, MAP_PRIVATE);
	size_t size = span.end - span.start, half = size / 2;
	void *p;

	if (!size)
		return;
	memory_touch(span, 4096 * (1 + churn_random(seed, 30)));
	mprotect(span_at(span, half), 4096 * (1 + churn_random(seed, 100)),
		 churn_random(seed, 2) ? PROT_READ : PROT_NONE);
	munmap(span_at(span, 4096 * churn_random(seed, 200)), 4096);
	p = mremap(span_at(span, 0), 64 * KB, 2 * MB, MREMAP_MAYMOVE);
	if (p != MAP_FAILED)
		munmap(p, 2 * MB);
	give_up(span);
}

static void fork_once(unsigned int *seed, struct span span)
{
	pid_t pid = fork();

	if (!pid) {
		memory_touch(span, 4096 * (1 + churn_random(seed, 8)));
		give_up(span);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void shrink(unsigned int *seed)
{
	char *top = sbrk(2 * MB);

	if (top == (void *)-1)
		return;
	memset(top, 1, 2 * MB);
	if (sbrk(-(long)(MB + 4096 * churn_random(seed, 200))))
		brk(top);
}

void churn_unmap(unsigned int *seed)
{
	struct span span = room(seed, MAP_PRIVATE);
	size_t size = span.end - span.start;
	void *p;

	if (!size)
		return;
	memory_touch(span, 4096);
	switch (churn_random(seed, 4)) {
	case 0:
		fork_once(seed, span);
		break;
	case 1:
		munmap(span_at(span, size / 4), size / 2);
		break;
	case 2:
		p = mremap(span_at(span, 0), size / 2, 2 * size, MREMAP_MAYMOVE);
		if (p != MAP_FAILED)
			munmap(p, 2 * size);
		break;
	default:
		shrink(seed);
	}
	give_up(span);
}

void churn_drop(unsigned int *seed)
{
	static struct span span;
	size_t size, at;

	if (!span.start)
		span = room(seed, MAP_PRIVATE);
	if (!span.start)
		return;
	size = span.end - span.start;
	memory_touch(span, 4096);
	for (int i = 0; i < 50; i++) {
		at = 4096UL * churn_random(seed, size / 4096);
		madvise(span_at(span, at), 4096 * (1 + churn_random(seed, 40)), MADV_DONTNEED);
	}
	madvise(span_at(span, 0), size / 2, MADV_DONTNEED);
	if (!churn_random(seed, 8)) {
		give_up(span);
		span.start = 0;
	}
}

void churn_swap(unsigned int *seed)
{
	struct span span = room(seed, churn_random(seed, 3) ? MAP_PRIVATE : MAP_SHARED);
	size_t size = span.end - span.start;

	if (!size)
		return;
	if (churn_random(seed, 2))
		madvise(span_at(span, 0), size, MADV_NOHUGEPAGE);
	memory_touch(span, 4096);
	for (int i = 0; i < 4; i++) {
		madvise(span_at(span, 0), size, MADV_PAGEOUT);
		memory_peek(span_part(span, 0, size / 2));
		memory_touch(span_part(span, size / 4, size / 4), 8192);
	}
	give_up(span);
}

static void child(unsigned int *seed)
{
	struct span span = room(seed, MAP_PRIVATE);

	if (span.start)
		memory_touch(span, 4096);
	/* A grandchild that is left behind exits on its own. */
	if (!churn_random(seed, 3) && !fork())
		usleep(churn_random(seed, 5000));
	_exit(0);
}

void churn_fork(unsigned int *seed)
{
	pid_t pid[3];

	for (int i = 0; i < 3; i++) {
		churn_random(seed, 10);
		pid[i] = fork();
		if (!pid[i])
			child(seed);
	}
	for (int i = 0; i < 3; i++)
		if (pid[i] > 0)
			waitpid(pid[i], NULL, 0);
}

static void *spin(void *arg)
{
	(void)arg;
	for (;;)
		usleep(100);
	return NULL;
}

static void execute(unsigned int *seed)
{
	pthread_t thread;

	if (churn_random(seed, 2))
		pthread_create(&thread, NULL, spin, NULL);
	execl("/bin/busybox", "usleep", churn_random(seed, 2) ? "0" : "3000", NULL);
	_exit(127);
}

void churn_exec(unsigned int *seed)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid)
		execute(seed);
	churn_random(seed, 10);
	waitpid(pid, &status, 0);
	pid = vfork();
	if (!pid) {
		execl("/bin/busybox", "true", NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
}

static void split(struct span span, unsigned int *seed)
{
	size_t at = 4096UL * (1 + churn_random(seed, 500));
	pid_t pid;

	switch (churn_random(seed, 3)) {
	case 0:
		madvise(span_at(span, at), 4096, MADV_DONTNEED);
		break;
	case 1:
		mprotect(span_at(span, at), 4096, PROT_READ);
		mprotect(span_at(span, at), 4096, PROT_READ | PROT_WRITE);
		break;
	default:
		pid = fork();
		if (!pid)
			_exit(0);
		*(volatile char *)span_at(span, at) = 2;
		waitpid(pid, NULL, 0);
	}
}

void churn_thp(unsigned int *seed)
{
	static struct span span;

	if (!span.start) {
		char *p = mmap(NULL, 6 * MB, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return;
		span.start = ((unsigned long)p + 2 * MB - 1) & ~(2 * MB - 1);
		span.end = span.start + 4 * MB;
		madvise(span_at(span, 0), 4 * MB, MADV_HUGEPAGE);
		memory_touch(span, 4096);
	}
	for (size_t at = 0; at < 4 * MB; at += 2 * MB)
		split(span_part(span, at, 2 * MB), seed);
	madvise(span_at(span, 0), 4 * MB, MADV_COLLAPSE);
}

static struct span map_pages(size_t size, int flags)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_HUGETLB | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);

	return p == MAP_FAILED ? (struct span){} :
		(struct span){ (unsigned long)p, (unsigned long)p + size };
}

/* Of holes, few pages of which ever exist. */
int churn_hugetlb_file(void)
{
	int file = memfd_create("hugetlb", MFD_HUGETLB);

	return file < 0 || ftruncate(file, GB) ? -1 : file;
}

/* A gigabyte of address space, aligned, is what makes a table sharable. */
static void share_table(unsigned int *seed, int file)
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
		p[2 * MB * churn_random(seed, 4)] = 1;
		mprotect(p + 8 * MB, 2 * MB, PROT_READ);
		madvise(p, 4 * MB, MADV_DONTNEED);
		p[2 * MB * churn_random(seed, 4)] = 1;
	}
	munmap(room, 3 * GB);
}

void churn_hugetlb(unsigned int *seed, int file)
{
	struct span span;
	pid_t pid;

	for (int i = 0; i < 8; i++)
		share_table(seed, file);
	/* Pages may run out: a child takes the SIGBUS. */
	pid = fork();
	if (!pid) {
		span = map_pages(4 * MB, churn_random(seed, 2) ? MAP_SHARED : MAP_PRIVATE);
		if (span.start)
			memory_touch(span, 2 * MB);
		share_table(seed, file);
		_exit(0);
	}
	churn_random(seed, 2);
	waitpid(pid, NULL, 0);
}
