// SPDX-License-Identifier: GPL-2.0-only
/* Readers against paging out and coming back, private and shared. */
#include <sys/mman.h>

#include "race.h"

static void churn(unsigned int *seed)
{
	struct span span = race_map(seed, race_random(seed, 3) ? MAP_PRIVATE : MAP_SHARED);
	size_t size = span.end - span.start;

	if (!size)
		return;
	if (race_random(seed, 2))
		madvise(span_at(span, 0), size, MADV_NOHUGEPAGE);
	memory_touch(span, 4096);
	for (int i = 0; i < 4; i++) {
		madvise(span_at(span, 0), size, MADV_PAGEOUT);
		memory_peek(span_part(span, 0, size / 2));
		memory_touch(span_part(span, size / 4, size / 4), 8192);
	}
	race_unmap(span);
}

int main(int argc, char **argv)
{
	static const struct race race = { "paging out and in", churn, 2, false };

	return race_main(&race, argc, argv);
}
