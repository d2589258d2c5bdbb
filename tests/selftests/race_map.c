// SPDX-License-Identifier: GPL-2.0-only
/* Readers against mmap, munmap, mremap and mprotect. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "race.h"

static void churn(unsigned int *seed)
{
	struct span span = race_map(seed, MAP_PRIVATE);
	size_t size = span.end - span.start, half = size / 2;
	void *p;

	if (!size)
		return;
	memory_touch(span, 4096 * (1 + race_random(seed, 30)));
	mprotect(span_at(span, half), 4096 * (1 + race_random(seed, 100)),
		 race_random(seed, 2) ? PROT_READ : PROT_NONE);
	munmap(span_at(span, 4096 * race_random(seed, 200)), 4096);
	p = mremap(span_at(span, 0), 64 * KB, 2 * MB, MREMAP_MAYMOVE);
	if (p != MAP_FAILED)
		munmap(p, 2 * MB);
	race_unmap(span);
}

int main(int argc, char **argv)
{
	static const struct race race = { "mmap, munmap, mremap, mprotect", churn, 2, false };

	return race_main(&race, argc, argv);
}
