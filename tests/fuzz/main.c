// SPDX-License-Identifier: GPL-2.0-only
/*
 * fuzz [-t SECONDS] [-s SEED] [-r PLACES] [-m] CORPUS - calls the module in ways
 * that nobody thinks of, as tests/fuzz/run asks.
 *
 * A child runs the programs. This process sees that it goes on, and says how it
 * ended; only it prints TAP. Lines that begin with @ are programs for the corpus.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "tap.h"
#include "text.h"

/* No program takes that long, s. */
enum { PATIENCE = 90, NOTE_EVERY = 10 };

/* What the corpus reaches may be a little less the next time, in percent. */
enum { MARGIN = 3 };

struct options {
	unsigned int seconds, reach;
	unsigned long seed;
	bool merge;
	const char *corpus;
};

static void work(const struct options *options)
{
	struct machine m = {};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	random_seed(options->seed);
	machine_init(&m);
	cover_init();
	hunt_replay(&m);
	hunt(&m, options->seconds);
	if (options->merge)
		hunt_merge(&m);
	fflush(stdout);
	_exit(0);
}

static void progress(unsigned int seconds)
{
	tap_note("%u s: %llu programs, %u places, %u inputs, %llu changes beside",
		 seconds, (unsigned long long)board->runs, board->nr_seen,
		 board->nr, (unsigned long long)board->churns);
}

/* Its wait status; if it does not go on, it is ended. */
static int watch(pid_t child)
{
	unsigned long long before = 0;
	unsigned int quiet = 0;
	int status;

	for (unsigned int s = 1; !waitpid(child, &status, WNOHANG); s++) {
		sleep(1);
		quiet = board->runs == before ? quiet + 1 : 0;
		before = board->runs;
		if (s % NOTE_EVERY == 0)
			progress(s);
		if (quiet < PATIENCE)
			continue;
		snprintf(board->splat, sizeof(board->splat),
			 "a program takes more than %u s", PATIENCE);
		text_write("/proc/sysrq-trigger", "w");
		kill(child, SIGKILL);
		quiet = 0;
	}
	return status;
}

static void tell_program(char *text)
{
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		tap_note("  %s", line);
}

static void judge(const struct options *options, int status)
{
	unsigned int least = options->reach * (100 - MARGIN) / 100;
	unsigned int given = board->nr_given;

	tap_ok(board->replayed, "replay: %u inputs reach %u places", given,
	       board->replayed);
	tap_ok(board->replayed >= least, "%u places are due, %u known", least,
	       options->reach);
	tap_ok(board->churns, "%llu changes of memory beside",
	       (unsigned long long)board->churns);
	if (board->splat[0])
		tap_ok(false, "%s", board->splat);
	else if (status)
		tap_ok(false, "who runs programs ended with status %#x", status);
	else
		tap_ok(true, "seed %lu: %llu programs, %u places, %u new inputs",
		       options->seed, (unsigned long long)board->runs,
		       board->nr_seen, board->nr - given);
	tap_note("the slowest program took %llu ms:",
		 (unsigned long long)board->slowest_us / 1000);
	tell_program(board->slowest);
	if (!status)
		return;
	tap_note("the program that ran, number %llu:",
		 (unsigned long long)board->runs);
	tell_program(board->now);
}

static void parse(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "t:s:r:m")) >= 0)
		switch (c) {
		case 't':
			o->seconds = atoi(optarg);
			break;
		case 's':
			o->seed = strtoul(optarg, NULL, 10);
			break;
		case 'r':
			o->reach = atoi(optarg);
			break;
		case 'm':
			o->merge = true;
			break;
		default:
			exit(2);
		}
	if (optind + 1 != argc)
		exit(2);
	o->corpus = argv[optind];
}

int main(int argc, char **argv)
{
	struct options options = { .seconds = 60, .seed = 1 };
	pid_t child;

	parse(&options, argc, argv);
	board_init();
	board_load(options.corpus);
	record_init();
	splat_init();
	world_init();
	child = fork();
	if (!child)
		work(&options);
	judge(&options, watch(child));
	return tap_done();
}
