// SPDX-License-Identifier: GPL-2.0-only
/*
 * Anonymous memory in small pages agrees with pagemap: touched in order,
 * in random order (frames far from consecutive), sparsely, never, mlocked.
 */
#include <sys/mman.h>

#include "story.h"
#include "tap.h"

static struct span in_order(void)
{
	return memory_touched(memory_small(8 * MB));
}

static struct span scattered(void)
{
	struct span span = memory_small(8 * MB);

	memory_scatter(span);
	return span;
}

static struct span sparse(void)
{
	struct span span = memory_small(64 * MB);

	memory_touch(span, 37 * 4096);
	return span;
}

static struct span untouched(void)
{
	return memory_small(8 * MB);
}

static struct span locked(void)
{
	struct span span = memory_small(2 * MB);

	if (mlock(span_at(span, 0), 2 * MB))
		target_cannot("mlock: %m");
	return span;
}

/* Every second page becomes a read-only VMA of its own. */
static struct span striped(void)
{
	struct span span = memory_touched(memory_small(1 * MB));

	for (size_t at = 0; at < 1 * MB; at += 8 * KB)
		mprotect(span_at(span, at), 4 * KB, PROT_READ);
	return span;
}

int main(void)
{
	static const struct story stories[] = {
		{ "touched in order", in_order, NULL, "pte ram rw-u +anon +dirty", 2048 },
		{ "random-touched", scattered, NULL, "pte ram rw-u +anon", 2048 },
		{ "sparse", sparse, NULL, "none", 15000 },
		{ "never touched", untouched, NULL, "none ----", 2048 },
		{ "mlocked", locked, NULL, "pte ram rw-u +anon", 512 },
		{ "small VMAs", striped, NULL, "pte ram r--u +anon", 128 },
	};

	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	return tap_done();
}
