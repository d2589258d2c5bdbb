// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory in motion while programs run, in processes that they look at: mapped,
 * written, paged out, dropped, moved, protected, made huge, forked, unmapped.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "memory.h"

enum { PIECES = 6 };

static const int advices[] = {
	MADV_DONTNEED, MADV_PAGEOUT, MADV_COLD, MADV_HUGEPAGE, MADV_NOHUGEPAGE,
	MADV_COLLAPSE, MADV_FREE, MADV_REMOVE, MADV_MERGEABLE,
	MADV_UNMERGEABLE,
};

enum { NR_ADVICES = sizeof(advices) / sizeof(*advices) };

static void fork_briefly(char *at)
{
	pid_t pid = fork();

	if (!pid) {
		memset(at, 1, PAGE);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void piece_new(char **at, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       (one_in(3) ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS,
		       -1, 0);

	*at = p == MAP_FAILED ? NULL : p;
}

static void piece_change(char **at, size_t size)
{
	struct span span;
	void *moved;

	switch (random_below(8)) {
	case 0:
		munmap(*at, size);
		*at = NULL;
		break;
	case 1:
		moved = mremap(*at, size, size, MREMAP_MAYMOVE);
		*at = moved == MAP_FAILED ? *at : moved;
		break;
	case 2:
		mprotect(*at, size / 2, PROT_NONE);
		mprotect(*at, size, PROT_READ | PROT_WRITE);
		break;
	case 3:
		fork_briefly(*at);
		break;
	case 4:
	case 5:
		span.start = (unsigned long)*at;
		span.end = span.start + size;
		memory_touch(span, PAGE);
		break;
	default:
		madvise(*at, size, advices[random_below(NR_ADVICES)]);
	}
}

pid_t churn_start(unsigned int n)
{
	static const size_t size[PIECES] = {
		PAGE, 16 * PAGE, 256 * PAGE, 2 * MB, 2 * MB, 4 * MB,
	};
	char *piece[PIECES] = {};
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpriority(PRIO_PROCESS, 0, 10);
	random_seed(n + 1000);
	for (;;) {
		unsigned int i = random_below(PIECES);

		if (piece[i])
			piece_change(&piece[i], size[i]);
		else
			piece_new(&piece[i], size[i]);
		__atomic_add_fetch(&board->churns, 1, __ATOMIC_RELAXED);
		if (one_in(16))
			usleep(1000);
	}
}
