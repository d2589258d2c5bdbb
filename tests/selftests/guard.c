// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guard pages without a VMA of their own (MADV_GUARD_INSTALL, v6.13): what was there
 * is dropped for a marker, until that is taken away again; neighbours stay.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "look.h"
#include "pagemap.h"
#include "story.h"
#include "tap.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

#define PM_GUARD (1ULL << 58)

static struct span built(void)
{
	struct span span = memory_touched(memory_small(4 * MB));

	if (madvise(span_at(span, 64 * KB), 64 * KB, MADV_GUARD_INSTALL))
		target_cannot("this kernel has no guard pages (v6.13): %m");
	return span;
}

static void taken_away(struct span span)
{
	memory_advise(span_part(span, 64 * KB, 64 * KB), MADV_GUARD_REMOVE);
}

/* Where pagemap tells guards (v6.15), it tells as many. */
static void pagemap_tells(const struct target *t)
{
	uint64_t *entry = pagemap_read(t->pid, t->span.start, t->span.end);
	unsigned long guards = 0;

	if (!entry)
		tap_bail("no pagemap");
	for (size_t i = 0; i < 4 * MB / 4096; i++)
		guards += !!(entry[i] & PM_GUARD);
	free(entry);
	if (guards)
		tap_ok(guards == 16, "%lu guards in pagemap", guards);
	else
		tap_skip("guards in pagemap", "this pagemap tells none (v6.15)");
}

int main(void)
{
	struct target t;

	if (!target_start(&t, built, taken_away)) {
		tap_skip("guard pages", "%s", t.why);
		return tap_done();
	}
	look(&t, "guards", 64 * KB, 64 * KB, "pte marker:guard ----");
	look(&t, "page before them", 60 * KB, 4096, "pte ram rw-u");
	look(&t, "page behind them", 128 * KB, 4096, "pte ram rw-u");
	pagemap_tells(&t);
	story_process("they agree with pagemap", t.pid);
	target_step(&t);
	look(&t, "taken away", 64 * KB, 64 * KB, "none");
	story_process("and so does what is left", t.pid);
	target_stop(&t);
	return tap_done();
}
