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

#include "churn.h"
#include "race.h"
#include "reading.h"
#include "tables.h"
#include "tap.h"
#include "text.h"

enum { READERS = 2, CHURNERS_MAX = 4, FEW = 10, PATIENCE = 200 };

/* Shared by all processes of a race. */
static struct {
	unsigned long operations;
	unsigned long reads[READING_FILES], units[READING_FILES], gone;
	int broken;
	char wrong[300];
} *board;

static pid_t churner[CHURNERS_MAX];

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

static void read_one(const struct race *race, pid_t pid, int file, int levels)
{
	struct reading reading;
	int err = reading_take(&reading, pid, file, levels);

	if (err) {
		if (!race->mortal || (err != -ESRCH && err != -ENOENT))
			broken(reading_names[file], pid, strerror(-err));
		add(&board->gone, 1);
		return;
	}
	if (reading.wrong[0])
		broken(reading_names[file], pid, reading.wrong);
	add(&board->reads[file], 1);
	add(&board->units[file], reading.units);
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

/* A slow machine has more time to do something at all. */
static bool time_is_up(time_t end)
{
	time_t now = time(NULL);

	return now >= (board->operations > FEW ? end : end + PATIENCE);
}

static void __attribute__((noreturn))
reader(const struct race *race, unsigned int seed, time_t end)
{
	int levels = tables_levels();

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!time_is_up(end) && !board->broken) {
		int file = churn_random(&seed, READING_FILES);

		if (race->mortal && !churn_random(&seed, 4))
			read_all(race, file, levels);
		else
			read_one(race, churner[churn_random(&seed, race->churners)],
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
		add(&board->operations, 1);
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
	tap_note("%d s or more: %lu operations, %lu times a target was gone; read:", seconds,
		 board->operations, board->gone);
	tap_note("%lu maps (%lu extents), %lu pagetables (%lu entries), %lu summaries",
		 board->reads[READING_MAPS], board->units[READING_MAPS],
		 board->reads[READING_PAGETABLE], board->units[READING_PAGETABLE],
		 board->reads[READING_SUMMARY]);
	if (board->wrong[0])
		tap_note("%s", board->wrong);
	tap_ok(!board->broken && board->operations > FEW && board->reads[READING_MAPS] &&
	       board->reads[READING_PAGETABLE] && board->reads[READING_SUMMARY], "%s", race->name);
	return tap_done();
}
