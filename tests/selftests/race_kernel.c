// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers of the kernel's half while processes come and go, whose kernel stacks
 * and tables come and go with them: what is told covers all of it, in order, and
 * an entry that is translated is the one of its table.
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

#include "device.h"
#include "kernel.h"
#include "tap.h"
#include "text.h"

enum { CHURNERS = 1, LOOKS = 200 };

static struct {
	unsigned long forks, scans, translations, lists, changed, broken;
} *board;

static void __attribute__((noreturn)) churn(void)
{
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		pid = fork();
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
		__atomic_add_fetch(&board->forks, 1, __ATOMIC_RELAXED);
	}
}

static void translate_some(int handle, const struct scan *s)
{
	struct mmuscope_translation t;
	size_t i;

	for (int look = 0; look < LOOKS; look++) {
		i = (size_t)random() % s->extents;
		if (device_translate(handle, s->extent[i].start, &t))
			board->broken++;
		else
			board->broken += !kernel_is_a_way(&t);
		board->translations++;
	}
}

static void list(void)
{
	char *text;

	board->broken += text_slurp(MMUSCOPE "/kernel/pagetable", &text) <= 0;
	board->lists++;
	text_free(text);
}

static void scan(int handle, unsigned long start, unsigned long end)
{
	struct mmuscope_scan ask = { .flags = MMUSCOPE_SCAN_VALUES,
				     .return_mask = MMUSCOPE_SCAN_FLAGS,
				     .start = start, .end = end };
	struct scan s;

	if (device_scan(&s, handle, &ask, &device_roomy) || !kernel_is_whole(&s, end)) {
		board->broken++;
		tap_note("scan: %s", s.wrong);
	} else {
		translate_some(handle, &s);
	}
	board->changed += s.changed;
	board->scans++;
	device_scan_free(&s);
}

/* What moves most is read most; all of it, and as a list, now and then. */
static void read_on(int handle, const struct mmuscope_vma *area, time_t until)
{
	for (unsigned int i = 1; time(NULL) < until; i++) {
		scan(handle, area[i % 3].start, area[i % 3].end);
		if (i % 64 == 0)
			scan(handle, 0, -4096UL);
		if (i % 64 == 32)
			list();
	}
}

int main(int argc, char **argv)
{
	static const char * const moving[] = { "[vmalloc]", "[direct map]", "[modules]" };
	int handle = kernel_handle();
	struct mmuscope_vma area[3];
	pid_t pid[CHURNERS];

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 3; i++)
		if (!kernel_area(handle, moving[i], &area[i]))
			tap_bail("there is no %s", moving[i]);
	for (int i = 0; i < CHURNERS; i++) {
		pid[i] = fork();
		if (!pid[i])
			churn();
	}
	read_on(handle, area, time(NULL) + (argc > 1 ? atoi(argv[1]) : 20));
	for (int i = 0; i < CHURNERS; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	tap_ok(board->scans && board->forks && !board->broken,
	       "%lu scans (%lu saw changes), %lu translations, %lu lists beside %lu forks: %lu broken",
	       board->scans, board->changed, board->translations, board->lists,
	       board->forks, board->broken);
	return tap_done();
}
