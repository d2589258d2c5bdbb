// SPDX-License-Identifier: GPL-2.0-only
/* What is looked at, and how it is made; each case has a process of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static struct span anon(void)
{
	return memory_touched(memory_small(64 * MB));
}

/* Frames as they come when nothing is touched in order. */
static struct span scatter(void)
{
	struct span span = memory_small(64 * MB);

	memory_scatter(span);
	return span;
}

static struct span sparse(void)
{
	struct span span = memory_small(256 * MB);

	memory_touch(span, 37 * 4 * KB);
	return span;
}

static struct span thp(void)
{
	return memory_touched(memory_huge(256 * MB));
}

static struct span hugetlb(void)
{
	struct span span = memory_map(32 * MB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);

	return memory_touched(span);
}

static struct span swap(void)
{
	struct span span = memory_touched(memory_small(32 * MB));

	memory_pageout(span);
	return span;
}

/* Page by page in another order, so that no slot follows another. */
static struct span swap_random(void)
{
	struct span span = memory_touched(memory_small(32 * MB));
	size_t nr = 32 * MB / (4 * KB), i;

	for (i = 0; i < nr; i++)
		memory_pageout(span_part(span, i * 773 % nr * 4 * KB, 4 * KB));
	return span;
}

static struct span file(void)
{
	struct span span = memory_map(64 * MB, 2 * MB, PROT_READ, MAP_SHARED,
				      memory_file("/", 64 * MB));

	memory_peek(span);
	return span;
}

static struct span terabyte(void)
{
	struct span span = memory_map(1UL << 40, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);

	memory_advise(span, MADV_NOHUGEPAGE);
	memory_touch(span, 16 * GB + 5 * MB);
	return span;
}

static struct span vmas(void)
{
	struct span span = memory_touched(memory_small(40 * MB));
	size_t at;

	for (at = 0; at < 40 * MB; at += 8 * KB)
		if (mprotect(span_at(span, at), 4 * KB, PROT_READ))
			bench_die("mprotect");
	return span;
}

static struct span large(void)
{
	return memory_touched(memory_small(4 * GB));
}

/* What @mixes leaves the machine's free memory in no order, and comes last. */
struct one {
	const char *name;
	struct span (*make)(void);
	bool whole;		/* what is asked of the process, not of the range */
	bool mixes;
	bool quick;		/* shows much in little time */
	unsigned int share;
	unsigned long pages;	/* if not those of the range */
};

static const struct one cases[] = {
	{ .name = "anon", .make = anon, .quick = true },
	{ .name = "sparse", .make = sparse, .quick = true },
	{ .name = "thp", .make = thp, .quick = true },
	{ .name = "hugetlb", .make = hugetlb },
	{ .name = "swap", .make = swap },
	{ .name = "file", .make = file },
	{ .name = "terabyte", .make = terabyte, .share = 256, .pages = 1 },
	{ .name = "whole-anon", .make = anon, .whole = true, .quick = true },
	{ .name = "whole-file", .make = file, .whole = true, .quick = true },
	{ .name = "whole-thp", .make = thp, .whole = true },
	{ .name = "whole-swap", .make = swap, .whole = true },
	{ .name = "whole-terabyte", .make = terabyte, .whole = true, .pages = 1 },
	{ .name = "10000-vmas", .make = vmas, .whole = true },
	{ .name = "4GiB", .make = large, .whole = true },
	{ .name = "scatter", .make = scatter, .mixes = true, .quick = true },
	{ .name = "swap-random", .make = swap_random, .mixes = true },
	{ .name = "whole-scatter", .make = scatter, .whole = true, .mixes = true },
};

#define CASES	(sizeof(cases) / sizeof(*cases))

static void in_child(const struct one *one)
{
	unsigned int share = one->share ? one->share : 1;
	struct span span;
	int status;

	if (!fork()) {
		span = one->make();
		printf("pages %s %lu\n", one->name,
		       one->pages ? one->pages : (span.end - span.start) / (4 * KB));
		bench_case(one->name, span, one->whole ? peer_wholes : peer_methods, share);
		bench_case(one->name, span, one->whole ? our_wholes : our_methods, share);
		exit(0);
	}
	if (wait(&status) < 0 || status)
		bench_die("%s failed", one->name);
}

void bench_cases(bool mixes)
{
	size_t i;

	for (i = 0; i < CASES; i++)
		if (cases[i].mixes == mixes)
			in_child(&cases[i]);
}

void bench_quick(void)
{
	size_t i;

	for (i = 0; i < CASES; i++)
		if (cases[i].quick)
			in_child(&cases[i]);
}

void bench_one(const char *name)
{
	size_t i;

	for (i = 0; i < CASES; i++)
		if (!strcmp(cases[i].name, name))
			in_child(&cases[i]);
}

static struct span grown(unsigned int times)
{
	return memory_touched(memory_small(times * 16 * MB));
}

static struct span grown_1(void) { return grown(1); }
static struct span grown_2(void) { return grown(2); }
static struct span grown_4(void) { return grown(4); }
static struct span grown_8(void) { return grown(8); }
static struct span grown_16(void) { return grown(16); }

static const struct one growth[] = {
	{ .name = "grown-1", .make = grown_1 },
	{ .name = "grown-2", .make = grown_2 },
	{ .name = "grown-4", .make = grown_4 },
	{ .name = "grown-8", .make = grown_8 },
	{ .name = "grown-16", .make = grown_16 },
};

void bench_growth(void)
{
	size_t i;

	for (i = 0; i < sizeof(growth) / sizeof(*growth); i++)
		in_child(&growth[i]);
}
