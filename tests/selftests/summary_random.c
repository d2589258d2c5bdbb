// SPDX-License-Identifier: GPL-2.0-only
/*
 * summary adds up to what maps and smaps_rollup say, whatever the memory looks like:
 * mappings, protections, pages that are touched, read, shared with a child, dropped
 * and paged out at random, again and again.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sums.h"
#include "tap.h"
#include "target.h"
#include "text.h"

enum { ROUNDS = 24, STEPS = 40, SIZE = 8 * MB, MAPPINGS = 6 };

static struct span mapping[MAPPINGS];
static pid_t child;

/* A part of a mapping, often of an odd number of pages. */
static struct span somewhere(void)
{
	struct span all = mapping[rand() % MAPPINGS];
	size_t pages = (all.end - all.start) / (4 * KB);
	size_t first = rand() % pages, nr = 1 + rand() % (rand() % 4 ? 40 : 1000);

	if (nr > pages - first)
		nr = pages - first;
	return span_part(all, first * 4 * KB, nr * 4 * KB);
}

static struct span build(void)
{
	int shared = memfd_create("shared", 0), file = memory_file("/tmp", SIZE);

	if (shared < 0 || file < 0 || ftruncate(shared, SIZE))
		target_cannot("files: %m");
	mapping[0] = memory_small(SIZE);
	mapping[1] = memory_anon(SIZE);
	mapping[2] = memory_huge(SIZE);
	mapping[3] = memory_map(SIZE, 2 * MB, PROT_READ | PROT_WRITE, MAP_SHARED, shared);
	mapping[4] = memory_map(SIZE, 2 * MB, PROT_READ | PROT_WRITE, MAP_PRIVATE, shared);
	mapping[5] = memory_map(SIZE, 2 * MB, PROT_READ | PROT_WRITE, MAP_PRIVATE, file);
	srand(1);
	return mapping[0];
}

/* A child has all pages in common, and goes the next time. */
static void share(void)
{
	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		child = 0;
		return;
	}
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static void act(struct span at)
{
	void *p = span_at(at, 0);
	size_t size = at.end - at.start;

	switch (rand() % 12) {
	case 0 ... 3:
		memory_touch(at, 4 * KB << rand() % 3);
		return;
	case 4:
		memory_peek(at);
		return;
	case 5:
		memory_scatter(at);
		return;
	case 6:
		madvise(p, size, MADV_DONTNEED);
		return;
	case 7:
		madvise(p, size, MADV_PAGEOUT);
		return;
	case 8:
		madvise(p, size, MADV_COLD);
		return;
	case 9:
		/* A VMA of its own for the time being, and all the pages once more. */
		mprotect(p, size, PROT_READ);
		memory_peek(at);
		if (rand() % 2)
			mprotect(p, size, PROT_READ | PROT_WRITE);
		return;
	case 10:
		mprotect(p, size, PROT_NONE);
		mprotect(p, size, PROT_READ | PROT_WRITE);
		return;
	default:
		share();
	}
}

/* What may not be written to is let be written to first, or it would be the end. */
static void step(struct span span)
{
	(void)span;
	for (int i = 0; i < STEPS; i++) {
		struct span at = somewhere();

		mprotect(span_at(at, 0), at.end - at.start, PROT_READ | PROT_WRITE);
		act(at);
	}
}

/* The kernel may move pages on its own account: what counts is a still moment. */
static bool look(pid_t pid)
{
	char *before, *after, *summary, *rollup;
	static struct maps maps;
	bool still;

	if (text_pid(pid, "maps", &before) < 0 || text_pid(pid, "summary", &summary) < 0 ||
	    text_proc(pid, "smaps_rollup", &rollup) < 0 || text_pid(pid, "maps", &after) < 0)
		tap_bail("cannot read everything of %d", pid);
	still = !strcmp(before, after);
	text_free(before);
	maps_parse(&maps, after);
	if (still) {
		maps_complete(&maps);
		sums_as_maps(summary, &maps);
		sums_as_rollup(summary, rollup, sums_kb(&maps, "pmd ram ---- +prot-none +thp"));
		sums_equal(summary, "Rss", text_field(rollup, "Rss") +
			   sums_kb(&maps, "pmd ram ---- +prot-none +thp"), "smaps_rollup");
	}
	text_free(summary);
	text_free(rollup);
	maps_free(&maps);
	return still;
}

int main(void)
{
	unsigned int looks = 0;
	struct target t;

	if (!target_start(&t, build, step))
		tap_bail("no target: %s", t.why);
	for (int i = 0; i < ROUNDS; i++) {
		int tries = 10;

		if (!target_step(&t))
			tap_bail("no step: %s", t.why);
		while (tries-- && !look(t.pid))
			;
		looks += tries >= 0;
	}
	sums_verdict("maps and smaps_rollup, round after round");
	tap_ok(looks > ROUNDS / 2, "most of %d rounds stood still: %u", ROUNDS, looks);
	target_stop(&t);
	return tap_done();
}
