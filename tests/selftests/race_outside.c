// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scans of what is outside of all VMAs while processes map, unmap, move, shrink
 * and fork: munmap() frees pages and tables when their VMA is gone already, and
 * still no scan ever finds one of them. race_outside [SECONDS]
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "churn.h"
#include "device.h"
#include "tap.h"

enum { CHURNERS = 2, READERS = 2 };

static struct {
	unsigned long operations, scans, extents, holds, changed;
	int broken;
} *board;

static pid_t churner[CHURNERS], reader[READERS];

static void __attribute__((noreturn)) churn_on(unsigned int seed)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		churn_unmap(&seed);
		__atomic_add_fetch(&board->operations, 1, __ATOMIC_RELAXED);
	}
}

static void broken(const char *what, const struct mmuscope_extent *e)
{
	if (!__atomic_exchange_n(&board->broken, 1, __ATOMIC_SEQ_CST))
		tap_note("%s: %llx-%llx level %u backing %u flags %llx value %llx", what,
			 e->start, e->end, e->level, e->backing, e->flags, e->value);
}

static void check(const struct scan *s)
{
	for (size_t i = 0; i < s->extents; i++) {
		const struct mmuscope_extent *e = &s->extent[i];

		if (e->backing != MMUSCOPE_BACKING_NONE || e->flags)
			broken("something is there", e);
		if (e->start >= e->end || (i && e->start < e[-1].end))
			broken("out of order", e);
	}
}

/* As a whole, or what is present; the first in as many calls as it takes. */
static void scan(int handle, unsigned int *seed)
{
	const struct room room = {
		.extents = 1 + churn_random(seed, 200), .vmas = 1, .names = 1,
	};
	struct mmuscope_scan ask = device_ask(0, 0);
	struct scan s;

	ask.flags |= MMUSCOPE_SCAN_OUTSIDE;
	if (churn_random(seed, 2))
		ask.mask = MMUSCOPE_FLAG_PRESENT;
	if (device_scan(&s, handle, &ask, &room) || s.wrong[0]) {
		tap_note("scan: %s", s.wrong);
		board->broken = 1;
	}
	check(&s);
	__atomic_add_fetch(&board->scans, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&board->extents, s.extents, __ATOMIC_RELAXED);
	__atomic_add_fetch(&board->holds, s.holds, __ATOMIC_RELAXED);
	__atomic_add_fetch(&board->changed, s.changed, __ATOMIC_RELAXED);
	device_scan_free(&s);
}

static void __attribute__((noreturn)) read_on(unsigned int seed, time_t until)
{
	int handle[CHURNERS];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int i = 0; i < CHURNERS; i++)
		handle[i] = device_target(churner[i]);
	while (time(NULL) < until && !board->broken)
		scan(handle[churn_random(&seed, CHURNERS)], &seed);
	_exit(0);
}

int main(int argc, char **argv)
{
	time_t until = time(NULL) + (argc > 1 ? atoi(argv[1]) : 20);
	int status;

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < CHURNERS; i++) {
		churner[i] = fork();
		if (!churner[i])
			churn_on(i + 1);
	}
	for (int i = 0; i < READERS; i++) {
		reader[i] = fork();
		if (!reader[i])
			read_on(i + 100, until);
	}
	for (int i = 0; i < READERS; i++) {
		waitpid(reader[i], &status, 0);
		board->broken |= status;
	}
	for (int i = 0; i < CHURNERS; i++) {
		kill(churner[i], SIGKILL);
		waitpid(churner[i], NULL, 0);
	}
	tap_ok(!board->broken && board->scans > 10 && board->operations > 10,
	       "%lu scans (%lu saw changes): %lu extents in %lu holds, beside %lu operations",
	       board->scans, board->changed, board->extents, board->holds,
	       board->operations);
	return tap_done();
}
