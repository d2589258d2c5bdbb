// SPDX-License-Identifier: GPL-2.0-only
/* What processes, and the kernel with them, do with their memory. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "churn.h"
#include "share.h"
#include "stress.h"
#include "tap.h"
#include "text.h"

#define THP "/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs"
#define KSM "/sys/kernel/mm/ksm/"
#define CGROUP "/tmp/cgroup"

enum { PAGES = 256, TOO_MUCH = 16 };

static int map(unsigned int *seed)
{
	churn_map(seed);
	return 1;
}

static int drop(unsigned int *seed)
{
	churn_drop(seed);
	return 1;
}

static int swap(unsigned int *seed)
{
	churn_swap(seed);
	return 1;
}

static int forks(unsigned int *seed)
{
	churn_fork(seed);
	return 3;
}

static int execs(unsigned int *seed)
{
	churn_exec(seed);
	return 2;
}

static void begin_thp(void)
{
	text_write(THP, "10");
}

static void end_thp(void)
{
	text_write(THP, "100000000");
}

static int thp(unsigned int *seed)
{
	churn_thp(seed);
	return 1;
}

static int file;

static void begin_hugetlb(void)
{
	file = churn_hugetlb_file();
	if (file < 0)
		tap_bail("no file of huge pages: %m");
}

/* The debug kernel warns of each that is split (scripts/known-splats): not often. */
static int hugetlb(unsigned int *seed)
{
	churn_hugetlb(seed, file);
	sleep(20);
	return 1;
}

static void begin_ksm(void)
{
	if (text_write(KSM "pages_to_scan", "1000") || text_write(KSM "sleep_millisecs", "10") ||
	    text_write(KSM "run", "1"))
		tap_bail("no KSM");
}

static void end_ksm(void)
{
	text_write(KSM "run", "2");
}

/* Pages alike, until some are merged, then some written to again. */
static int ksm(unsigned int *seed)
{
	struct span span = memory_small(PAGES * 4096);
	long merged = 0;

	memset(span_at(span, 0), 'k', PAGES * 4096);
	madvise(span_at(span, 0), PAGES * 4096, MADV_MERGEABLE);
	for (int i = 0; i < 20 && !merged; i++) {
		usleep(20000);
		merged = text_number(KSM "pages_sharing");
	}
	for (int i = 0; i < PAGES / 2; i++)
		*(volatile char *)span_at(span, stress_random(seed, PAGES) * 4096) = i;
	munmap(span_at(span, 0), PAGES * 4096);
	return merged > 0 ? 1 : -EAGAIN;
}

/* All pages of a mapping to a node; how many got there. */
static int move_to(struct span span, int node)
{
	static int nodes[PAGES], status[PAGES];
	static void *page[PAGES];
	int moved = 0;

	for (int i = 0; i < PAGES; i++) {
		page[i] = span_at(span, i * 4096);
		nodes[i] = node;
	}
	if (syscall(SYS_move_pages, 0, PAGES, page, nodes, status, MPOL_MF_MOVE) < 0)
		return 0;
	for (int i = 0; i < PAGES; i++)
		moved += status[i] == node;
	return moved;
}

static int migrate(unsigned int *seed)
{
	static struct span span;
	int moved;

	if (!span.start)
		span = memory_touched(memory_small(PAGES * 4096));
	if (!stress_random(seed, 8))
		text_write("/proc/sys/vm/compact_memory", "1");
	moved = move_to(span, 0) + move_to(span, 1);
	return moved ?: -EAGAIN;
}

static void begin_oom(void)
{
	mkdir(CGROUP, 0700);
	if (mount("none", CGROUP, "cgroup2", 0, NULL) && errno != EBUSY)
		tap_bail("no cgroups: %m");
	if (text_write(CGROUP "/cgroup.subtree_control", "+memory"))
		tap_bail("no memory cgroups");
	mkdir(CGROUP "/small", 0700);
	if (text_write(CGROUP "/small/memory.max", "8M") ||
	    text_write(CGROUP "/small/memory.swap.max", "0"))
		tap_bail("no memory cgroup");
}

/* Too much for it, by its own hand or by ours. */
static void __attribute__((noreturn)) grow(bool by_share)
{
	struct mmuscope_share_create ask = share_ask(TOO_MUCH / 4 * MB, 12);

	if (text_write(CGROUP "/small/cgroup.procs", "0"))
		_exit(1);
	if (by_share)
		share_create(&ask);
	memory_touch(memory_anon(TOO_MUCH * MB), 4096);
	_exit(2);
}

static int oom(unsigned int *seed)
{
	bool by_share = stress_random(seed, 2);
	int status = 0;
	pid_t pid;

	usleep(200000);
	pid = fork();
	if (!pid)
		grow(by_share);
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		stress_wrong("one that takes too much ends with %x", status);
	return 1;
}

const struct kind pressure_kinds[] = {
	{ "mmap, munmap, mremap, mprotect", 1, NULL, NULL, map },
	{ "MADV_DONTNEED", 1, NULL, NULL, drop },
	{ "paging out and in", 1, NULL, NULL, swap },
	{ "forks and exits", 1, NULL, NULL, forks },
	{ "execs", 1, NULL, NULL, execs },
	{ "huge pages split and collapsed", 2, begin_thp, end_thp, thp },
	{ "hugetlb", 1, begin_hugetlb, NULL, hugetlb },
	{ "pages merged", 1, begin_ksm, end_ksm, ksm },
	{ "pages moved, memory compacted", 1, NULL, NULL, migrate },
	{ "killed by a memory cgroup", 1, begin_oom, NULL, oom },
	{}
};
