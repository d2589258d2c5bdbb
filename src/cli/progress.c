// SPDX-License-Identifier: MIT
/* Where a long scan is, for who waits for it at a terminal. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define SECOND	1000000000ULL
#define PATIENCE SECOND
#define PAUSE	(SECOND / 5)

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

void progress_begin(struct progress *progress)
{
	*progress = (struct progress) { .began = now() };
}

/* Lines that scroll by on the same terminal are progress enough. */
void progress_step(struct progress *progress, const struct cli *cli,
		   uint64_t addr)
{
	uint64_t time;

	if (++progress->nr % 256 || !isatty(STDERR_FILENO) ||
	    isatty(STDOUT_FILENO))
		return;
	time = now();
	if (time - progress->began < PATIENCE || time - progress->told < PAUSE)
		return;
	progress->told = time;
	fprintf(stderr, "\rmmuscope: %s: %" PRIu64 " extents, at %" PRIx64
		"\033[K", cli->command->name, progress->nr, addr);
}

void progress_end(struct progress *progress)
{
	if (progress->told)
		fputs("\r\033[K", stderr);
}
