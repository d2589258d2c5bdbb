// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transparent huge pages agree with pagemap: whole, and split in the three
 * ways that leave different tables behind.
 */
#include <sys/mman.h>

#include "story.h"
#include "tap.h"

static struct span whole(void)
{
	return memory_huge(8 * MB);
}

/* The page goes, the other 511 are mapped one by one. */
static void drop_one(struct span span)
{
	memory_advise(span_part(span, 2 * MB + 5 * 4096, 4096), MADV_DONTNEED);
}

/* One VMA becomes three; the huge page is still one folio. */
static void protect_middle(struct span span)
{
	mprotect(span_at(span, 2 * MB + 64 * KB), 64 * KB, PROT_READ);
}

static void unmap_tail(struct span span)
{
	munmap(span_at(span, 7 * MB), 1 * MB);
}

int main(void)
{
	static const struct story stories[] = {
		{ "whole", whole, NULL, "pmd ram rw-u +anon +thp", 2048 },
		{ "one page dropped", whole, drop_one, "pte ram rw-u +anon", 511 },
		{ "middle protected", whole, protect_middle, "pte ram r--u +anon", 16 },
		{ "half unmapped", whole, unmap_tail, "pte ram rw-u +anon", 256 },
	};

	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	return tap_done();
}
