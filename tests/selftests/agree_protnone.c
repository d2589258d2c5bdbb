// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory made PROT_NONE keeps its frames: ram, not accessible, and still in
 * agreement with pagemap although x86 stores such frames inverted.
 */
#include <sys/mman.h>

#include "story.h"
#include "tap.h"

static struct span closed(struct span span)
{
	mprotect(span_at(span, 0), span.end - span.start, PROT_NONE);
	return span;
}

static struct span small(void)
{
	return closed(memory_touched(memory_small(2 * MB)));
}

static struct span scattered(void)
{
	struct span span = memory_small(2 * MB);

	memory_scatter(span);
	return closed(span);
}

static struct span huge(void)
{
	return closed(memory_huge(4 * MB));
}

static struct span untouched(void)
{
	return closed(memory_small(2 * MB));
}

static struct span shared(void)
{
	return closed(memory_touched(memory_map(MB, MB, PROT_READ | PROT_WRITE,
						MAP_SHARED | MAP_ANONYMOUS, -1)));
}

/* Closed and opened again: as if nothing had been. */
static void open_again(struct span span)
{
	mprotect(span_at(span, 0), span.end - span.start, PROT_READ | PROT_WRITE);
}

int main(void)
{
	static const struct story stories[] = {
		{ "small pages", small, NULL, "pte ram ---- +prot-none +anon", 512 },
		{ "scattered", scattered, NULL, "pte ram ---- +prot-none +anon", 512 },
		{ "huge pages", huge, NULL, "pmd ram ---- +prot-none +thp", 1024 },
		{ "shared", shared, NULL, "pte ram ---- +prot-none +shmem", 256 },
		{ "never touched", untouched, NULL, "none ----", 512 },
		{ "opened again", small, open_again, "pte ram !prot-none +anon", 512 },
	};

	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	return tap_done();
}
