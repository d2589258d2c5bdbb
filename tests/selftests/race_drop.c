// SPDX-License-Identifier: GPL-2.0-only
/* Readers against MADV_DONTNEED: pages and whole huge pages vanish and return. */
#include <sys/mman.h>

#include "race.h"

static void churn(unsigned int *seed)
{
	static struct span span;
	size_t size, at;

	if (!span.start)
		span = race_map(seed, MAP_PRIVATE);
	if (!span.start)
		return;
	size = span.end - span.start;
	memory_touch(span, 4096);
	for (int i = 0; i < 50; i++) {
		at = 4096UL * race_random(seed, size / 4096);
		madvise(span_at(span, at), 4096 * (1 + race_random(seed, 40)), MADV_DONTNEED);
	}
	madvise(span_at(span, 0), size / 2, MADV_DONTNEED);
	if (!race_random(seed, 8)) {
		race_unmap(span);
		span.start = 0;
	}
}

int main(int argc, char **argv)
{
	static const struct race race = { "MADV_DONTNEED", churn, 2, false };

	return race_main(&race, argc, argv);
}
