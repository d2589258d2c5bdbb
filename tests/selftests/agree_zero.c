// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that was only read maps the zero page, or the huge zero page; both
 * agree with pagemap.
 */
#include <sys/mman.h>

#include "story.h"
#include "tap.h"

static struct span small(void)
{
	struct span span = memory_small(MB);

	memory_peek(span);
	return span;
}

static void write_some(struct span span)
{
	memory_touch(span, 3 * 4096);
}

static struct span huge(void)
{
	struct span span = memory_anon(4 * MB);

	memory_advise(span, MADV_HUGEPAGE);
	memory_peek(span);
	return span;
}

int main(void)
{
	static const struct story stories[] = {
		{ "zero page", small, NULL, "pte ram r--u +zero !anon", 256 },
		{ "some pages written to", small, write_some, "pte ram r--u +zero", 170 },
		{ "huge zero page", huge, NULL, "pmd ram r--u +zero", 1024 },
	};

	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	return tap_done();
}
