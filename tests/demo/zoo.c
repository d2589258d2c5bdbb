// SPDX-License-Identifier: GPL-2.0-only
/*
 * zoo [RESOURCE] - a process with memory of every kind, to be looked at.
 *
 * Prints a line "START-END what it is" per piece of memory (RESOURCE is a
 * PCI resourceN file of sysfs), then "page ADDRESS", then "ready", and obeys
 * words on its standard input: touch (write to that page), pageout (page it
 * out), quit. Each is answered by "done".
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KB		(1UL << 10)
#define MB		(1UL << 20)
#define GB		(1UL << 30)
#define PAGE		(4 * KB)
#define RW		(PROT_READ | PROT_WRITE)
#define ANON		(MAP_PRIVATE | MAP_ANONYMOUS)
#define HUGE_2M		(MAP_HUGETLB | 21 << 26)
#define HUGE_1G		(MAP_HUGETLB | 30 << 26)

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif
#ifndef MADV_HWPOISON
#define MADV_HWPOISON	100
#endif

static const char *resource;
static char *page;		/* what touch and pageout are about */

/* Pieces stand 4 GB apart, so that an address tells which one it is of. */
static char *place(size_t size, int prot, int flags, int fd)
{
	static unsigned long next = 0x1000000000;
	char *p = mmap((void *)next, size, prot, flags | MAP_FIXED_NOREPLACE, fd, 0);

	if (p == MAP_FAILED)
		return NULL;
	next += 0x100000000;
	return p;
}

static void touch(char *p, size_t size)
{
	for (size_t at = 0; at < size; at += PAGE)
		p[at] = 1;
}

static void peek(const char *p, size_t size)
{
	for (size_t at = 0; at < size; at += PAGE)
		(void)*(const volatile char *)(p + at);
}

static void advise(char *p, size_t size, int advice)
{
	if (madvise(p, size, advice))
		err(1, "madvise %d", advice);
}

static void protect(char *p, size_t size, int prot)
{
	if (mprotect(p, size, prot))
		err(1, "mprotect");
}

static char *small(size_t size)
{
	char *p = place(size, RW, ANON, -1);

	if (p)
		advise(p, size, MADV_NOHUGEPAGE);
	return p;
}

static char *touched(size_t size)
{
	char *p = small(size);

	if (p)
		touch(p, size);
	return p;
}

static int file(size_t size)
{
	char name[] = "/tmp/zoo.XXXXXX", line[PAGE];
	int fd = mkstemp(name);

	memset(line, 'z', sizeof(line));
	for (size_t at = 0; at < size; at += PAGE)
		if (write(fd, line, PAGE) != (ssize_t)PAGE)
			err(1, "%s", name);
	unlink(name);
	return fd;
}

static char *untouched(size_t size)
{
	return small(size);
}

/* One page of it is left for later. */
static char *all_but_one(size_t size)
{
	char *p = touched(size);

	page = p + 8 * PAGE;
	advise(page, PAGE, MADV_DONTNEED);
	return p;
}

static char *readonly(size_t size)
{
	char *p = touched(size);

	protect(p, size, PROT_READ);
	return p;
}

static char *executable(size_t size)
{
	char *p = touched(size);

	protect(p, size, PROT_READ | PROT_EXEC);
	return p;
}

static char *closed(size_t size)
{
	char *p = touched(size);

	protect(p, size, PROT_NONE);
	return p;
}

static char *locked(size_t size)
{
	char *p = small(size);

	if (mlock(p, size))
		err(1, "mlock");
	return p;
}

static char *keyed(size_t size)
{
	char *p = touched(size);
	int key = pkey_alloc(0, 0);

	if (key >= 0)
		pkey_mprotect(p, size, RW, key);
	return p;
}

static char *zero(size_t size)
{
	char *p = small(size);

	peek(p, size);
	return p;
}

static char *thp(size_t size)
{
	char *p = place(size, RW, ANON, -1);

	advise(p, size, MADV_HUGEPAGE);
	touch(p, size);
	return p;
}

static char *thp_closed(size_t size)
{
	char *p = thp(size);

	protect(p, size, PROT_NONE);
	return p;
}

static char *thp_split(size_t size)
{
	char *p = thp(size);

	advise(p + 17 * PAGE, PAGE, MADV_DONTNEED);
	return p;
}

static char *thp_zero(size_t size)
{
	char *p = place(size, RW, ANON, -1);

	advise(p, size, MADV_HUGEPAGE);
	peek(p, size);
	return p;
}

static char *hugetlb(size_t size)
{
	char *p = place(size, RW, ANON | HUGE_2M, -1);

	if (p)
		touch(p, size / 2);
	return p;
}

static char *hugetlb_shared(size_t size)
{
	char *p = place(size, RW, MAP_SHARED | MAP_ANONYMOUS | HUGE_2M, -1);

	if (p)
		touch(p, size);
	return p;
}

static char *hugetlb_1g(size_t size)
{
	char *p = place(size, RW, ANON | HUGE_1G, -1);

	if (p)
		p[0] = 1;
	return p;
}

static char *shared(size_t size)
{
	char *p = place(size, RW, MAP_SHARED | MAP_ANONYMOUS, -1);

	touch(p, size);
	return p;
}

static char *mapped_twice(size_t size)
{
	int fd = memfd_create("zoo", 0);
	char *p;

	if (fd < 0 || ftruncate(fd, size))
		err(1, "memfd");
	p = place(size, RW, MAP_SHARED, fd);
	touch(p, size);
	peek(mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0), size);
	return p;
}

static char *file_shared(size_t size)
{
	char *p = place(size, RW, MAP_SHARED, file(size));

	touch(p, size);
	return p;
}

static char *file_private(size_t size)
{
	char *p = place(size, RW, MAP_PRIVATE, file(size));

	peek(p, size);
	touch(p, size / 4);
	return p;
}

static char *forked(size_t size)
{
	char *p = touched(size);

	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return p;
}

static char *paged_out(size_t size)
{
	char *p = touched(size);

	for (int i = 0; i < 5; i++)
		advise(p, size, MADV_PAGEOUT);
	return p;
}

static char *watched(size_t size)
{
	struct uffdio_api api = {
		.api = UFFD_API, .features = UFFD_FEATURE_WP_HUGETLBFS_SHMEM
	};
	char *p = place(size, RW, MAP_SHARED | MAP_ANONYMOUS, -1);
	struct uffdio_register reg = {
		.range = { (unsigned long)p, size },
		.mode = UFFDIO_REGISTER_MODE_WP,
	};
	struct uffdio_writeprotect wp = {
		.range = reg.range, .mode = UFFDIO_WRITEPROTECT_MODE_WP
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	touch(p, size / 2);
	if (ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg) ||
	    ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		return NULL;
	return p;
}

static void told(int number) { (void)number; }

/* v6.12 tells who does this, by a signal. */
static char *broken(size_t size)
{
	char *p = touched(size);

	signal(SIGBUS, told);
	return madvise(p + PAGE, PAGE, MADV_HWPOISON) ? NULL : p;
}

static char *device(size_t size)
{
	int fd = resource ? open(resource, O_RDWR) : -1;

	return fd < 0 ? NULL : place(size, RW, MAP_SHARED, fd);
}

static const struct piece {
	const char *what;
	char *(*build)(size_t size);
	size_t size;
} pieces[] = {
	/* First, so that the child shares nothing else. */
	{ "anonymous, shared with a forked child", forked, 16 * KB },
	{ "anonymous, never touched", untouched, MB },
	{ "anonymous, one page not yet touched", all_but_one, 64 * KB },
	{ "anonymous, read-only", readonly, 16 * KB },
	{ "anonymous, executable", executable, 16 * KB },
	{ "anonymous, PROT_NONE after it was written", closed, 16 * KB },
	{ "anonymous, locked by mlock()", locked, 16 * KB },
	{ "anonymous, with a protection key", keyed, 16 * KB },
	{ "anonymous, only read: the zero page", zero, 16 * KB },
	{ "anonymous, paged out", paged_out, 64 * KB },
	{ "anonymous, one page declared broken", broken, 12 * KB },
	{ "transparent huge pages", thp, 4 * MB },
	{ "transparent huge page, PROT_NONE", thp_closed, 2 * MB },
	{ "transparent huge page, split: one page dropped", thp_split, 2 * MB },
	{ "transparent huge page, only read: the huge zero page", thp_zero, 2 * MB },
	{ "hugetlb 2M, half of it touched", hugetlb, 4 * MB },
	{ "hugetlb 2M, shared", hugetlb_shared, 2 * MB },
	{ "hugetlb 1G", hugetlb_1g, GB },
	{ "shared memory", shared, 16 * KB },
	{ "shared memory, mapped twice", mapped_twice, 16 * KB },
	{ "shared memory, watched by userfaultfd, half touched", watched, 16 * KB },
	{ "file, shared", file_shared, 16 * KB },
	{ "file, private, a quarter of it written to", file_private, 16 * KB },
	{ "registers of a PCI device", device, MB },
};

static void obey(const char *word)
{
	if (!strcmp(word, "touch"))
		page[0] = 1;
	else if (!strcmp(word, "pageout"))
		for (int i = 0; i < 5; i++)
			advise(page, PAGE, MADV_PAGEOUT);
	else
		errx(1, "unknown word '%s'", word);
}

int main(int argc, char **argv)
{
	char word[32];

	resource = argc > 1 ? argv[1] : NULL;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		char *p = pieces[i].build(pieces[i].size);

		if (p)
			printf("%lx-%lx %s\n", (unsigned long)p,
			       (unsigned long)p + pieces[i].size, pieces[i].what);
	}
	printf("page %lx\nready\n", (unsigned long)page);
	while (scanf("%31s", word) == 1 && strcmp(word, "quit")) {
		obey(word);
		puts("done");
	}
	return 0;
}
