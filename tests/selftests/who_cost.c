// SPDX-License-Identifier: GPL-2.0-only
/*
 * By the reverse map the work for an answer does not depend on how many
 * processes there are; by a scan it does. Counted, not timed.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "tap.h"
#include "target.h"
#include "who.h"

enum { FEW = 10, MANY = 1000, SHARERS = 3 };

static struct target target;
static pid_t pid[MANY];
static int started;

struct cost {
	uint64_t looked;
	size_t mappers;
	double ms;
};

static struct span built(void)
{
	struct span span = memory_touched(memory_small(64 * KB));

	for (int i = 0; i < SHARERS; i++) {
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return span;
}

/* Processes that have nothing to do with the frame. */
static void more(int nr)
{
	for (; started < nr; started++) {
		pid[started] = fork();
		if (pid[started] < 0)
			tap_bail("fork: %m");
		if (pid[started])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static struct cost ask(int device, uint64_t flags)
{
	uint64_t pfn = frames_behind(target.pid, target.span.start);
	struct cost cost;
	struct who who;

	cost.ms = now();
	if (who_ask(&who, device, pfn, flags, 64))
		tap_bail("cannot ask who maps %lx", pfn);
	cost.ms = now() - cost.ms;
	cost.looked = who.looked;
	cost.mappers = who.nr;
	tap_note("%d processes more: %zu mappers, method %u, %lu looked at, %.2f ms",
		 started, who.nr, who.method, who.looked, cost.ms);
	who_free(&who);
	return cost;
}

int main(void)
{
	struct cost map_few, map_many, scan_few, scan_many;
	int device = device_open();

	if (!target_start(&target, built, NULL))
		tap_bail("%s", target.why);
	more(FEW);
	map_few = ask(device, 0);
	scan_few = ask(device, MMUSCOPE_MAPPERS_SCAN);
	more(MANY);
	map_many = ask(device, 0);
	scan_many = ask(device, MMUSCOPE_MAPPERS_SCAN);
	tap_ok(map_few.mappers == SHARERS + 1 && map_many.mappers == SHARERS + 1 &&
	       scan_few.mappers == SHARERS + 1 && scan_many.mappers == SHARERS + 1,
	       "all find the same");
	tap_ok(map_few.looked == SHARERS + 1 && map_many.looked == SHARERS + 1,
	       "the reverse map looks at %lu with %d processes, at %lu with %d",
	       map_few.looked, FEW, map_many.looked, MANY);
	tap_ok(scan_few.looked > FEW && scan_many.looked > MANY, "a scan looks at all");
	for (int i = 0; i < started; i++)
		kill(pid[i], SIGKILL);
	for (int i = 0; i < started; i++)
		waitpid(pid[i], NULL, 0);
	target_stop(&target);
	return tap_done();
}
