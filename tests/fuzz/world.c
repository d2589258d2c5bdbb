// SPDX-License-Identifier: GPL-2.0-only
/*
 * What programs look at and work on: memory of the fuzzer's own, other processes,
 * two devices. Their addresses are said relative to it, so that a program means
 * the same in the next guest.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "memory.h"
#include "pci.h"
#include "tap.h"
#include "zoo.h"

enum { PID_CHURN = 2, PID_ZOO = 4, PID_KTHREADD = 5, PID_DEAD = 6 };

/* Where the guest has RAM and its HPET. */
#define RAM	0x1000000UL
#define HPET	0xfed00000UL

static pid_t pids[NR_PIDS];
static struct pci edu, shmem;
static int file = -1, pagemap = -1;

static void map(unsigned long offset, size_t size, int prot, int flags, int fd)
{
	void *at = (void *)(ARENA + offset);

	if (mmap(at, size, prot, flags | MAP_FIXED, fd, 0) != at)
		tap_bail("cannot map the arena: %m");
}

/* Pages that were written, read, never touched; of a file; without access. */
void world_arena(void)
{
	const int rw = PROT_READ | PROT_WRITE;
	const int anon = MAP_PRIVATE | MAP_ANONYMOUS;
	struct span small = { ARENA, ARENA + 16 * PAGE };

	munmap((void *)ARENA, ARENA_SIZE);
	map(0, 1 * MB, rw, anon, -1);
	madvise((void *)ARENA, 1 * MB, MADV_NOHUGEPAGE);
	memory_touch(span_part(small, 0, 8 * PAGE), PAGE);
	memory_peek(span_part(small, 8 * PAGE, 4 * PAGE));
	map(1 * MB, 16 * PAGE, rw, MAP_PRIVATE, file);
	map(1 * MB + 64 * PAGE, 16 * PAGE, rw, MAP_SHARED, file);
	memory_peek((struct span){ ARENA + 1 * MB, ARENA + 1 * MB + 8 * PAGE });
	mprotect((void *)(ARENA + 4 * PAGE), PAGE, PROT_NONE);
}

static pid_t dead(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	return pid;
}

void world_init(void)
{
	static struct zoo zoo;

	void *buffer = mmap((void *)BUFFER, BUFFER_SIZE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	file = memory_file("/dev/shm", 16 * PAGE);
	if (buffer == MAP_FAILED)
		tap_bail("no buffer: %m");
	pci_get(&edu, PCI_EDU, 0);
	pci_get(&shmem, PCI_IVSHMEM, 1);
	zoo_start(&zoo);
	pids[1] = 1;
	for (unsigned int i = PID_CHURN; i < PID_ZOO; i++)
		pids[i] = churn_start(i - PID_CHURN);
	pids[PID_ZOO] = zoo.pid;
	pids[PID_KTHREADD] = 2;
	pids[PID_DEAD] = dead();
}

uint64_t world_address(enum base base)
{
	switch (base) {
	case BASE_BUFFER:
		return BUFFER;
	case BASE_ARENA:
		return ARENA;
	case BASE_NOWHERE:
		return NOWHERE;
	case BASE_RAM:
		return RAM;
	case BASE_EDU:
		return edu.bar[0].start;
	case BASE_SHMEM:
		return shmem.bar[2].start;
	case BASE_HPET:
		return HPET;
	default:
		return 0;
	}
}

uint64_t world_frame(uint64_t page)
{
	uint64_t entry = 0;

	if (pagemap < 0)	/* of who runs programs */
		pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	page %= ARENA_SIZE / PAGE;
	if (pread(pagemap, &entry, 8, (ARENA / PAGE + page) * 8) != 8)
		return 0;
	return entry & ((1ULL << 55) - 1);
}

pid_t world_pid(uint64_t n)
{
	n %= NR_PIDS;
	return n ? pids[n] : getpid();
}

static bool within(const struct pci *pci, int bar, uint64_t phys, uint64_t bytes)
{
	uint64_t start = pci->bar[bar].start, size = pci->bar[bar].bytes;

	return phys >= start && bytes <= size && phys - start <= size - bytes;
}

bool world_is_device(uint64_t phys, uint64_t bytes)
{
	return within(&edu, 0, phys, bytes) || within(&shmem, 2, phys, bytes);
}
