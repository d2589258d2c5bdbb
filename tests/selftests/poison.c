// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page declared broken by MADV_HWPOISON becomes poison: with the frame that
 * was there, and its neighbours stay.
 */
#include <stdio.h>
#include <sys/mman.h>

#include "look.h"
#include "maps.h"
#include "story.h"
#include "tap.h"

static struct span built(void)
{
	return memory_touched(memory_small(MB));
}

static void poison(struct span span)
{
	memory_poison(span_part(span, 64 * KB, 4096));
}

static unsigned long value(const struct target *t, size_t offset)
{
	unsigned long addr = t->span.start + offset, value = 0;
	const struct extent *e;
	struct maps m;

	if (!maps_read(&m, t->pid)) {
		e = maps_at(&m, addr);
		value = e ? extent_value_at(e, addr) : 0;
	}
	maps_free(&m);
	return value;
}

int main(void)
{
	unsigned long before;
	struct target t;

	target_start(&t, built, poison);
	before = value(&t, 64 * KB);
	if (!target_step(&t)) {
		tap_skip("poisoned page", "%s", t.why);
		target_stop(&t);
		return tap_done();
	}
	look(&t, "poisoned page", 64 * KB, 4096, "pte poison ----");
	tap_ok(before && value(&t, 64 * KB) == before, "its frame is still named");
	look(&t, "page before it", 60 * KB, 4096, "pte ram rw-u");
	look(&t, "page behind it", 68 * KB, 4096, "pte ram rw-u");
	story_process("agrees with pagemap", t.pid);
	target_stop(&t);
	return tap_done();
}
