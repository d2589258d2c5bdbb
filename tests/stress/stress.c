// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that can be asked, of everything, all the time, while processes, memory,
 * processors and modules come and go: what is told is well formed, and in the end
 * nothing is left of it all. stress [SECONDS [faults]]
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "churn.h"
#include "meminfo.h"
#include "stress.h"
#include "tap.h"
#include "text.h"
#include "window.h"

enum { KINDS_MAX = 48, CHILDREN_MAX = 96, WRONG_MAX = 20, PATIENCE = 120 };

/*
 * What is missing in the end, in kB. The kernel keeps tables and caches that grew
 * on the way, and KASAN and kmemleak keep books; what is lost with each operation
 * is much more than that after some thousands of them.
 */
enum { MISSING_MAX = 24576, SLAB_MAX = 16384 };

static struct kind kinds[KINDS_MAX];
static int nr_kinds;

/* Shared by all processes. */
static struct {
	unsigned long done[KINDS_MAX], due[KINDS_MAX], wrong[KINDS_MAX], all_wrong;
	time_t end;
} *board;

static int own;			/* kind of this process */
static pid_t first;

static void add(unsigned long *counter, unsigned long n)
{
	__atomic_add_fetch(counter, n, __ATOMIC_RELAXED);
}

void stress_wrong(const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add(&board->wrong[own], 1);
	if (__atomic_add_fetch(&board->all_wrong, 1, __ATOMIC_RELAXED) <= WRONG_MAX)
		tap_note("%s: %s", kinds[own].name, text);
}

int stress_due(const char *what, int err, const int *due)
{
	for (; *due && *due != -err; due++)
		;
	if (!*due)
		stress_wrong("%s: %s", what, strerror(-err));
	return err;
}

unsigned long stress_random(unsigned int *seed, unsigned long below)
{
	unsigned long high = rand_r(seed);

	return (high << 31 | rand_r(seed)) % below;
}

pid_t stress_somebody(unsigned int *seed)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	pid_t chosen = first;
	int seen = 0;

	while (dir && (entry = readdir(dir)))
		if (atoi(entry->d_name) > first && !(rand_r(seed) % ++seen))
			chosen = atoi(entry->d_name);
	if (dir)
		closedir(dir);
	return chosen;
}

static void take_kinds(const struct kind *from)
{
	for (; from->name; from++)
		kinds[nr_kinds++] = *from;
}

static void __attribute__((noreturn)) work(int nr, unsigned int seed)
{
	const struct kind *kind = &kinds[nr];
	int ret;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	own = nr;
	if (kind->begin)
		kind->begin();
	while (time(NULL) < board->end) {
		ret = kind->act(&seed);
		if (ret >= 0)
			add(&board->done[nr], ret);
		else
			add(&board->due[nr], 1);
	}
	if (kind->end)
		kind->end();
	_exit(0);
}

/* Which kind a child is of, -1: none, it is somebody's that was left behind. */
static int kind_of(const pid_t *child, pid_t pid)
{
	for (int i = 0; i < CHILDREN_MAX; i++)
		if (child[i] == pid)
			return i % nr_kinds;
	return -1;
}

/* All that are left, if they end in time; true if none is. */
static bool reap(const pid_t *child, time_t end)
{
	int status, nr;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid < 0)
			return errno == ECHILD;
		if (!pid && time(NULL) > end)
			return false;
		if (!pid)
			usleep(20000);
		nr = pid > 0 ? kind_of(child, pid) : -1;
		if (nr < 0 || (!status && time(NULL) >= board->end))
			continue;
		own = nr;
		stress_wrong("ended too early, or with %x", status);
	}
}

static bool run(int seconds)
{
	static pid_t child[CHILDREN_MAX];
	int nr;

	board->end = time(NULL) + seconds;
	for (int i = 0; i < CHILDREN_MAX; i++) {
		nr = i % nr_kinds;
		child[i] = 0;
		if (i / nr_kinds >= kinds[nr].processes)
			continue;
		child[i] = fork();
		if (!child[i])
			work(nr, i + 1);
	}
	return reap(child, board->end + PATIENCE);
}

/* What is free when all that is kept for later was given back. */
static void settle(long *free, long *slab)
{
	text_write("/proc/sys/vm/nr_hugepages", "16");
	for (int i = 0; i < 5; i++) {
		text_write("/proc/sys/vm/drop_caches", "3");
		meminfo_shrink();
		sleep(1);
	}
	*free = meminfo_free();
	*slab = meminfo("SUnreclaim");
}

static void report(void)
{
	for (int i = 0; i < nr_kinds; i++)
		tap_ok(board->done[i] && !board->wrong[i],
		       "%s: %lu, %lu times not to be had, %lu wrong", kinds[i].name,
		       board->done[i], board->due[i], board->wrong[i]);
}

int main(int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : 600;
	long free, free_after, slab, slab_after;
	struct mmuscope_holding h;
	bool reaped;

	first = getpid();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	take_kinds(look_kinds);
	take_kinds(machine_kinds);
	take_kinds(holding_kinds);
	take_kinds(pressure_kinds);
	take_kinds(hotplug_kinds);
	if (argc > 2)
		take_kinds(fault_kinds);
	stress_find_areas();
	/* What is made once is made now. */
	run(seconds / 10 < 30 ? seconds / 10 + 1 : 30);
	churn_share_end();
	settle(&free, &slab);
	reaped = run(seconds);
	report();
	tap_ok(reaped, "all processes ended, and are reaped");
	tap_ok(churn_share_end() && !window_holdings(&h, 1), "no share and no window is left");
	settle(&free_after, &slab_after);
	tap_ok(free - free_after < MISSING_MAX && slab_after - slab < SLAB_MAX,
	       "memory is back: %ld kB less is free, slabs have %ld kB more", free - free_after,
	       slab_after - slab);
	return tap_done();
}
