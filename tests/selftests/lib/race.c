// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "maps.h"
#include "race.h"
#include "tables.h"
#include "tap.h"
#include "text.h"

enum { READERS = 2, CHURNERS_MAX = 4 };

/* Shared by all processes of a race. */
static struct {
	unsigned long operations;
	unsigned long reads[3], extents, entries, gone;
	int broken;
	char wrong[300];
} *board;

static pid_t churner[CHURNERS_MAX];

void race_count(void)
{
	__atomic_add_fetch(&board->operations, 1, __ATOMIC_RELAXED);
}

int race_random(unsigned int *seed, int below)
{
	return rand_r(seed) % below;
}

struct span race_map(unsigned int *seed, int flags)
{
	size_t size = (1 + race_random(seed, 4)) * MB;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		return (struct span){};
	return (struct span){ (unsigned long)p, (unsigned long)p + size };
}

void race_unmap(struct span span)
{
	munmap(span_at(span, 0), span.end - span.start);
}

static void broken(const char *file, pid_t pid, const char *wrong)
{
	if (__atomic_exchange_n(&board->broken, 1, __ATOMIC_SEQ_CST))
		return;
	snprintf(board->wrong, sizeof(board->wrong), "%s of %d: %s", file, pid, wrong);
}

static void add(unsigned long *counter, unsigned long n)
{
	__atomic_add_fetch(counter, n, __ATOMIC_RELAXED);
}

static void maps_check(pid_t pid, char *text)
{
	struct maps m;

	maps_parse(&m, text);
	if (m.wrong[0])
		broken("maps", pid, m.wrong);
	add(&board->extents, m.extents);
	maps_free(&m);
}

static void tables_check(pid_t pid, char *text, int levels)
{
	struct tables t;

	tables_parse(&t, text, levels);
	if (t.wrong[0])
		broken("pagetable", pid, t.wrong);
	add(&board->entries, t.entries);
	tables_free(&t);
}

/* The backings of a summary add up whatever the target does. */
static void summary_check(pid_t pid, char *text)
{
	static const char * const backings[] = {
		"Ram", "Mmio", "SwapEntries", "Migration", "Device", "Poison",
		"Marker", "None",
	};
	long sum = 0;

	for (size_t i = 0; i < sizeof(backings) / sizeof(*backings); i++)
		sum += text_field(text, backings[i]);
	if (sum != text_field(text, "Size"))
		broken("summary", pid, "backings do not add up to Size");
	if (text_field(text, "Anonymous") + text_field(text, "File") +
	    text_field(text, "Shmem") != text_field(text, "Rss"))
		broken("summary", pid, "kinds do not add up to Rss");
	if (text_field(text, "LongestHold") > 2560)
		broken("summary", pid, "mmap_lock was held for too many entries");
	text_free(text);
}

static void read_one(const struct race *race, pid_t pid, int file, int levels)
{
	static const char * const files[] = { "maps", "pagetable", "summary" };
	char *text;
	ssize_t n = text_pid(pid, files[file], &text);

	if (n < 0) {
		if (!race->mortal || (n != -ESRCH && n != -ENOENT))
			broken(files[file], pid, strerror(-n));
		add(&board->gone, 1);
		return;
	}
	add(&board->reads[file], 1);
	if (file == 0)
		maps_check(pid, text);
	else if (file == 1)
		tables_check(pid, text, levels);
	else
		summary_check(pid, text);
}

/* Whoever exists now: the children of the churners are targets, too. */
static void read_all(const struct race *race, int file, int levels)
{
	DIR *dir = opendir(MMUSCOPE "/pid");
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (atoi(d->d_name) > churner[0])
			read_one(race, atoi(d->d_name), file, levels);
	if (dir)
		closedir(dir);
}

static void __attribute__((noreturn))
reader(const struct race *race, unsigned int seed, time_t end)
{
	int levels = tables_levels();

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (time(NULL) < end && !board->broken) {
		int file = race_random(&seed, 3);

		if (race->mortal && !race_random(&seed, 4))
			read_all(race, file, levels);
		else
			read_one(race, churner[race_random(&seed, race->churners)],
				 file, levels);
	}
	_exit(0);
}

static void __attribute__((noreturn))
churn(const struct race *race, unsigned int seed)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		race->churn(&seed);
		race_count();
	}
}

static void run(const struct race *race, int seconds)
{
	time_t end = time(NULL) + seconds;
	pid_t readers[READERS];

	for (int i = 0; i < race->churners; i++) {
		churner[i] = fork();
		if (!churner[i])
			churn(race, i + 1);
	}
	for (int i = 0; i < READERS; i++) {
		readers[i] = fork();
		if (!readers[i])
			reader(race, i + 100, end);
	}
	for (int i = 0; i < READERS; i++) {
		int status;

		waitpid(readers[i], &status, 0);
		if (status)
			broken("reader", readers[i], "died");
	}
	for (int i = 0; i < race->churners; i++) {
		kill(churner[i], SIGKILL);
		waitpid(churner[i], NULL, 0);
	}
}

int race_main(const struct race *race, int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : 20;

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	signal(SIGCHLD, SIG_DFL);
	run(race, seconds);
	tap_note("%d s: %lu operations, %lu times a target was gone; read:", seconds,
		 board->operations, board->gone);
	tap_note("%lu maps (%lu extents), %lu pagetables (%lu entries), %lu summaries",
		 board->reads[0], board->extents, board->reads[1], board->entries,
		 board->reads[2]);
	if (board->wrong[0])
		tap_note("%s", board->wrong);
	tap_ok(!board->broken && board->operations > 10 && board->reads[0] &&
	       board->reads[1] && board->reads[2], "%s", race->name);
	return tap_done();
}
