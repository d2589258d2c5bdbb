// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done with a mapping of a window: it is all or nothing, shared, not
 * executed, as writable as the window, neither grows nor is dumped; who reads
 * another's memory does not touch registers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "memory.h"
#include "pci.h"
#include "tap.h"
#include "text.h"
#include "window.h"

#define RW (PROT_READ | PROT_WRITE)

static struct pci edu;

static void unmappable(int fd, const char *what, size_t bytes, int prot, int flags,
		       off_t offset, int want)
{
	void *at = mmap(NULL, bytes, prot, flags, fd, offset);

	tap_ok(at == MAP_FAILED && errno == want, "%s: %s", what, strerror(want));
	if (at != MAP_FAILED)
		munmap(at, bytes);
}

static void mapping(void)
{
	int fd = window_get(edu.bar[0].start, 4 * PAGE, 0, NULL);
	volatile uint32_t *part;

	unmappable(fd, "private", PAGE, RW, MAP_PRIVATE, 0, EINVAL);
	unmappable(fd, "private, to read", PAGE, PROT_READ, MAP_PRIVATE, 0, EINVAL);
	unmappable(fd, "executable", PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, 0, EPERM);
	unmappable(fd, "larger", 5 * PAGE, RW, MAP_SHARED, 0, ENXIO);
	unmappable(fd, "half beyond", 2 * PAGE, RW, MAP_SHARED, 3 * PAGE, ENXIO);
	unmappable(fd, "beyond", PAGE, RW, MAP_SHARED, 4 * PAGE, ENXIO);
	unmappable(fd, "far beyond", PAGE, RW, MAP_SHARED, 1L << 62, ENXIO);
	part = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	part[1] = 7;
	tap_ok(part[1] == ~7U, "a part of it is");
	tap_ok(mprotect((void *)part, PAGE, PROT_READ | PROT_EXEC) && errno == EACCES,
	       "it does not become executable: %m");
	munmap((void *)part, PAGE);
	tap_ok(ftruncate(fd, 8 * PAGE) && ftruncate(fd, 0), "its size stays: %m");
	close(fd);
}

static void read_only(void)
{
	int fd = window_get(edu.bar[0].start, PAGE, MMUSCOPE_MMIO_READONLY, NULL);
	volatile uint32_t *at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	uint64_t value;

	tap_ok(at[0] == 0x010000ed && !window_read(fd, 0, 4, &value) &&
	       value == 0x010000ed, "read-only: it is read");
	tap_ok(mprotect((void *)at, PAGE, RW) && errno == EACCES,
	       "read-only: not made writable: %m");
	tap_ok(window_write(fd, 4, 4, 1) == -EACCES, "read-only: no access writes");
	munmap((void *)at, PAGE);
	unmappable(fd, "read-only: writable", PAGE, RW, MAP_SHARED, 0, EACCES);
	close(fd);
}

static void indivisible(volatile uint32_t *at)
{
	char *p = (char *)at;

	tap_ok(munmap(p, PAGE) && errno == EINVAL, "first page unmapped: %m");
	tap_ok(munmap(p + PAGE, PAGE) && errno == EINVAL, "one in the middle: %m");
	tap_ok(munmap(p + 3 * PAGE, PAGE) && errno == EINVAL, "the last: %m");
	tap_ok(mprotect(p, PAGE, PROT_READ) && errno == EINVAL, "protected: %m");
	tap_ok(mremap(p, 4 * PAGE, 2 * PAGE, 0) == MAP_FAILED && errno == EINVAL,
	       "shrunk: %m");
	tap_ok(mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		      p + 64 * PAGE) == MAP_FAILED && errno == EINVAL,
	       "moved in part: %m");
	tap_ok(mmap(p + PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		    0) == MAP_FAILED && errno == ENOMEM, "mapped over in part: %m");
}

static void constant(volatile uint32_t *at)
{
	char *p = (char *)at;

	tap_ok(mremap(p, 4 * PAGE, 8 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED &&
	       errno == EFAULT, "grown: %m");
	tap_ok(mremap(p, 0, 4 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED &&
	       errno == EFAULT, "doubled: %m");
	tap_ok(mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP) ==
	       MAP_FAILED && errno == EINVAL, "moved and kept: %m");
	tap_ok(madvise(p, 4 * PAGE, MADV_DOFORK) && errno == EINVAL, "DOFORK: %m");
	tap_ok(madvise(p, 4 * PAGE, MADV_DODUMP) && errno == EINVAL, "DODUMP: %m");
}

static uint32_t *moved(volatile uint32_t *at)
{
	struct span free = memory_map(4 * PAGE, PAGE, PROT_NONE,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1);
	volatile uint32_t *to = mremap((void *)at, 4 * PAGE, 4 * PAGE,
				       MREMAP_MAYMOVE | MREMAP_FIXED, free.start);

	if (to == MAP_FAILED)
		tap_bail("cannot be moved: %m");
	to[1] = 9;
	tap_ok(to[1] == ~9U, "moved as a whole it works");
	return (uint32_t *)to;
}

static void untouched_by_others(volatile uint32_t *at)
{
	uint32_t word;
	struct iovec here = { &word, 4 }, there = { (void *)at, 4 };
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	tap_ok(process_vm_readv(getpid(), &here, 1, &there, 1, 0) < 0,
	       "process_vm_readv: %m");
	tap_ok(pread(mem, &word, 4, (off_t)at) < 0, "/proc/self/mem: %m");
	close(mem);
}

static void flagged(volatile uint32_t *at)
{
	char *text, *vma, start[32];

	snprintf(start, sizeof(start), "%lx-", (unsigned long)at);
	if (text_proc(getpid(), "smaps", &text) < 0)
		tap_bail("no smaps");
	vma = strstr(text, start);
	vma = vma ? strstr(vma, "VmFlags:") : NULL;
	if (vma)
		*strchrnul(vma, '\n') = '\0';
	tap_ok(vma && strstr(vma, " io") && strstr(vma, " pf") && strstr(vma, " de") &&
	       strstr(vma, " dd") && strstr(vma, " dc") && !strstr(vma, " me "),
	       "%s", vma ?: "no such VMA");
	text_free(text);
}

int main(void)
{
	volatile uint32_t *at;
	int fd;

	pci_get(&edu, PCI_EDU, 0);
	mapping();
	read_only();
	fd = window_get(edu.bar[0].start, 4 * PAGE, MMUSCOPE_MMIO_MAP, (volatile void **)&at);
	close(fd);
	indivisible(at);
	constant(at);
	at = moved(at);
	untouched_by_others(at);
	flagged(at);
	munmap((void *)at, 4 * PAGE);
	tap_ok(!iomem_named("mmuscope"), "nothing is left");
	return tap_done();
}
