// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench [quick | CASE...]: what it costs to look at memory, with the module and with what
 * there is without it. One line for each figure, "CASE METHOD INSTRUCTIONS"; what
 * a case is made of is told by "pages CASE NUMBER", and the longest hold by "hold CASE
 * METHOD ENTRIES INSTRUCTIONS". Whoever reads it divides.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

uint64_t bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_RAW, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

void bench_die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fprintf(stderr, "bench: ");
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

void bench_tell(const char *name, const char *method, uint64_t cost)
{
	printf("%s %s %llu\n", name, method, (unsigned long long)cost);
	fflush(stdout);
}

void bench_case(const char *name, struct span span, const struct method *methods,
		unsigned int share)
{
	const struct method *m;
	struct hold hold;

	for (m = methods; m->name; m++) {
		unsigned int part = m->share > 1 ? share : 1;
		uint64_t best = UINT64_MAX, cost;
		long found = 0;
		int i;

		for (i = 0; i < BENCH_ROUNDS && found >= 0; i++) {
			cost = bench_now();
			found = m->look(span_part(span, 0, (span.end - span.start) / part));
			cost = bench_now() - cost;
			if (cost < best)
				best = cost;
		}
		if (found >= 0)
			bench_tell(name, m->name, best * part);
		hold = our_longest_hold();
		if (hold.entries)
			printf("hold %s %s %llu %llu\n", name, m->name,
			       (unsigned long long)hold.entries,
			       (unsigned long long)hold.ns);
	}
}

int main(int argc, char **argv)
{
	int i;

	if (argc > 1 && !strcmp(argv[1], "quick")) {
		bench_quick();
		return 0;
	}
	for (i = 1; i < argc; i++)
		bench_one(argv[i]);
	if (argc > 1)
		return 0;
	bench_cases(false);
	bench_growth();
	bench_translate();
	bench_who();
	bench_cases(true);
	return 0;
}
