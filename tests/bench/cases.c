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
	struct span span = memory_touched(memory_small(8 * MB));
	size_t nr = 8 * MB / (4 * KB), i;

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

struct one {
	const char *name;
	struct span (*make)(void);
	unsigned int share;
	unsigned long pages;	/* if not those of the range */
};

static const struct one ranges[] = {
	{ .name = "anon", .make = anon },
	{ .name = "scatter", .make = scatter },
	{ .name = "sparse", .make = sparse },
	{ .name = "thp", .make = thp },
	{ .name = "hugetlb", .make = hugetlb },
	{ .name = "swap", .make = swap },
	{ .name = "swap-random", .make = swap_random },
	{ .name = "file", .make = file },
	{ .name = "terabyte", .make = terabyte, .share = 256, .pages = 1 },
};

static const struct one wholes[] = {
	{ .name = "whole-anon", .make = anon },
	{ .name = "whole-file", .make = file },
	{ .name = "whole-thp", .make = thp },
	{ .name = "whole-swap", .make = swap },
	{ .name = "whole-terabyte", .make = terabyte, .pages = 1 },
	{ .name = "10000-vmas", .make = vmas },
	{ .name = "4GiB", .make = large },
};

static void in_child(const struct one *one, const struct method *peers,
		     const struct method *ours)
{
	unsigned int share = one->share ? one->share : 1;
	struct span span;
	int status;

	if (!fork()) {
		span = one->make();
		printf("pages %s %lu\n", one->name,
		       one->pages ? one->pages : (span.end - span.start) / (4 * KB));
		bench_case(one->name, span, peers, share);
		bench_case(one->name, span, ours, share);
		exit(0);
	}
	if (wait(&status) < 0 || status)
		bench_die("%s failed", one->name);
}

void bench_ranges(void)
{
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		in_child(&ranges[i], peer_methods, our_methods);
}

/* Those that show most in least time. */
void bench_quick(void)
{
	size_t i;

	for (i = 0; i < 4; i++)
		in_child(&ranges[i], peer_methods, our_methods);
	for (i = 0; i < 3; i++)
		in_child(&wholes[i], peer_wholes, our_wholes);
}

void bench_one(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (!strcmp(ranges[i].name, name))
			in_child(&ranges[i], peer_methods, our_methods);
	for (i = 0; i < sizeof(wholes) / sizeof(*wholes); i++)
		if (!strcmp(wholes[i].name, name))
			in_child(&wholes[i], peer_wholes, our_wholes);
}

void bench_wholes(void)
{
	size_t i;

	for (i = 0; i < sizeof(wholes) / sizeof(*wholes); i++)
		in_child(&wholes[i], peer_wholes, our_wholes);
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
		in_child(&growth[i], peer_methods, our_methods);
}
