// SPDX-License-Identifier: GPL-2.0-only
/* Calls of memory: only where the fuzzer has none of its own. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

#define MAP_KNOWN	(MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | \
			 MAP_LOCKED | MAP_NORESERVE)
#define REMAP_KNOWN	(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)

/* What a child does with what it has. */
enum { CHILD_TOUCH = 1, CHILD_WRITE = 2, CHILD_UNMAP = 4, CHILD_MOVE = 8 };

static bool in_arena(uint64_t addr, uint64_t bytes)
{
	return addr >= ARENA && bytes <= ARENA_SIZE &&
	       addr - ARENA <= ARENA_SIZE - bytes;
}

/* Addresses that are not of the arena mean a place there. */
static uint64_t place_for(uint64_t addr, uint64_t bytes)
{
	return in_arena(addr, bytes) ? addr :
		ARENA + (addr & (ARENA_SIZE / 2 - 1) & -PAGE);
}

RUN(run_mmap)
{
	uint64_t addr = place_for(value[1], value[2]);
	int flags = (value[4] & MAP_KNOWN) | MAP_FIXED;

	(void)call;
	if (!in_arena(addr, value[2]))
		return -1;
	m->dirty_arena = true;
	if (!(flags & (MAP_SHARED | MAP_PRIVATE)))
		flags |= MAP_SHARED;
	return mmap((void *)addr, value[2], value[3] & 7, flags,
		    flags & MAP_ANONYMOUS ? -1 : (int)value[0], value[5]) ==
	       MAP_FAILED ? -1 : 0;
}

RUN(run_munmap)
{
	(void)call;
	if (!machine_owns(m, value[0], value[1]))
		return -1;
	m->dirty_arena = true;
	return munmap((void *)value[0], value[1]);
}

RUN(run_mprotect)
{
	(void)call;
	if (!machine_owns(m, value[0], value[1]))
		return -1;
	m->dirty_arena = true;
	return mprotect((void *)value[0], value[1], value[2] & 7);
}

/* It grows and moves in the arena only. */
RUN(run_mremap)
{
	unsigned int flags = value[3] & REMAP_KNOWN;
	uint64_t to = place_for(value[4], value[2]);

	(void)call;
	if (!machine_owns(m, value[0], value[1]))
		return -1;
	if (flags & MREMAP_MAYMOVE)
		flags |= MREMAP_FIXED;
	if (flags & MREMAP_FIXED ? !in_arena(to, value[2]) :
				   !machine_owns(m, value[0], value[2]))
		return -1;
	m->dirty_arena = true;
	return mremap((void *)value[0], value[1], value[2], flags,
		      (void *)to) == MAP_FAILED ? -1 : 0;
}

RUN(run_madvise)
{
	(void)call;
	if (!machine_owns(m, value[0], value[1]))
		return -1;
	m->dirty_arena = true;
	return madvise((void *)value[0], value[1], value[2]);
}

RUN(run_remap)
{
	(void)call;
	if (!machine_owns(m, value[0], value[1]))
		return -1;
	m->dirty_arena = true;
	return remap_file_pages((void *)value[0], value[1], 0, value[2], 0);
}

static long touch(struct machine *m, uint64_t addr, uint64_t bytes, bool write)
{
	for (uint64_t at = addr; at < addr + bytes; at += PAGE) {
		char c = 0;

		if (write ? machine_put(m, at, &c, 1) : machine_get(m, &c, at, 1))
			return -1;
	}
	return 0;
}

RUN(run_touch)
{
	(void)call;
	if (!machine_owns(m, value[0], value[1]))
		return -1;
	m->dirty_arena = true;
	return touch(m, value[0], value[1], value[2] & 1);
}

/* As a debugger does. */
RUN(run_peek)
{
	char buf[256] = "";
	size_t n = value[1] % sizeof(buf);

	(void)call;
	if (!(value[2] & 1))
		return pread(m->mem, buf, n, value[0]);
	if (!machine_owns(m, value[0], n))
		return -1;
	m->dirty_arena = true;
	return pwrite(m->mem, buf, n, value[0]);
}

static void child(struct machine *m, const uint64_t *value)
{
	if (value[2] & CHILD_TOUCH)
		touch(m, value[0], value[1], false);
	if (value[2] & CHILD_WRITE)
		touch(m, value[0], value[1], true);
	if (value[2] & CHILD_MOVE)
		mremap((void *)value[0], value[1], value[1],
		       MREMAP_MAYMOVE | MREMAP_FIXED, (void *)NOWHERE);
	if (value[2] & CHILD_UNMAP)
		munmap((void *)value[0], value[1]);
}

RUN(run_fork)
{
	pid_t pid;

	(void)call;
	if (!machine_owns(m, value[0], value[1]))
		return -1;
	pid = fork();
	if (!pid) {
		child(m, value);
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) != pid)
		;
	return pid > 0 ? 0 : -1;
}
