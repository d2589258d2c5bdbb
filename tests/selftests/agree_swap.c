// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory paged out agrees with pagemap in type and offset: written back in
 * order, in random order (where two neighbours in memory are none in swap),
 * partly, and after it came back.
 */
#include <sys/mman.h>

#include "story.h"
#include "tap.h"

static struct span built(void)
{
	return memory_touched(memory_small(4 * MB));
}

static void page_out(struct span span)
{
	memory_pageout(span);
}

static void page_out_randomly(struct span span)
{
	size_t pages = (span.end - span.start) / 4096, page = 0;

	for (size_t i = 0; i < pages; i++) {
		page = (page * 1664525 + 1013904223) & (pages - 1);
		memory_advise(span_part(span, page * 4096, 4096), MADV_PAGEOUT);
	}
	memory_pageout(span);
}

static void page_out_half(struct span span)
{
	for (size_t at = 0; at < 4 * MB; at += 128 * KB)
		memory_pageout(span_part(span, at, 64 * KB));
}

static void there_and_back(struct span span)
{
	memory_pageout(span);
	memory_peek(span_part(span, MB, MB));
}

static struct span huge(void)
{
	return memory_huge(4 * MB);
}

int main(void)
{
	static const struct story stories[] = {
		{ "in order", built, page_out, "pte swap ----", 1000 },
		{ "in random order", built, page_out_randomly, "pte swap ----", 1000 },
		{ "half of it", built, page_out_half, "pte swap ----", 500 },
		{ "come back", built, there_and_back, "pte ram +anon", 256 },
		{ "huge page split on the way", huge, page_out, "pte swap ----", 1000 },
	};

	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	return tap_done();
}
