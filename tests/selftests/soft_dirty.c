// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clearing soft-dirty through clear_refs is seen, and so is each page that is
 * written to afterwards; a page swapped out keeps its bit.
 */
#include <stdio.h>
#include <sys/mman.h>

#include "arch.h"
#include "look.h"
#include "story.h"
#include "tap.h"
#include "text.h"

static struct span built(void)
{
	return memory_touched(memory_small(4 * MB));
}

/* First write to one MB, then have it and another MB paged out. */
static void step(struct span span)
{
	static int calls;

	if (!calls++) {
		memory_touch(span_part(span, MB, MB), 4096);
	} else {
		memory_pageout(span_part(span, MB, MB));
		memory_pageout(span_part(span, 2 * MB, MB));
	}
}

int main(void)
{
	struct target t;
	char path[64];

	if (!ARCH_SOFT_DIRTY) {
		tap_skip("soft-dirty", "this processor's kernel has no such bits");
		return tap_done();
	}
	target_start(&t, built, step);
	snprintf(path, sizeof(path), "/proc/%d/clear_refs", t.pid);
	look(&t, "set after the first touch", 0, 4 * MB, "ram +soft-dirty");
	if (text_write(path, "4"))
		tap_bail("cannot clear soft-dirty");
	look(&t, "cleared", 0, 4 * MB, "ram r--u !soft-dirty");
	target_step(&t);
	look(&t, "set where written to", MB, MB, "ram rw-u +soft-dirty");
	look(&t, "not set elsewhere", 2 * MB, 2 * MB, "ram !soft-dirty");
	story_process("agrees with pagemap", t.pid);
	target_step(&t);
	story_process("agrees with pagemap after paging out", t.pid);
	tap_ok(look_count(&t, "swap +soft-dirty") > 200, "swap entries with the bit");
	tap_ok(look_count(&t, "swap !soft-dirty") > 200, "swap entries without");
	target_stop(&t);
	return tap_done();
}
