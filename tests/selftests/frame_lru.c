// SPDX-License-Identifier: GPL-2.0-only
/*
 * On which list of reclaim's a page is: locked in memory it is unevictable; where
 * the kernel sorts by generations (/sys/kernel/mm/lru_gen), it is of one; else it
 * is active or inactive.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "memory.h"
#include "tap.h"
#include "text.h"

#define GENERATIONS "/sys/kernel/mm/lru_gen/enabled"

static int device;

static unsigned int lru_of(struct span span)
{
	return frames_one(device, frames_behind(getpid(), span.start)).lru;
}

/* Processors put pages on lists by the dozen; compaction has them do so now. */
static bool comes_to(struct span span, unsigned int first, unsigned int last)
{
	unsigned int lru = 0;

	for (int i = 0; i < 50; i++) {
		text_write("/proc/sys/vm/compact_memory", "1");
		lru = lru_of(span);
		if (lru >= first && lru <= last)
			return true;
		usleep(20000);
	}
	tap_note("list %u, not %u to %u", lru, first, last);
	return false;
}

static void generations(struct span span, const char *before)
{
	if (text_write(GENERATIONS, "7")) {
		tap_skip("of a generation", "this kernel has none");
		return;
	}
	tap_ok(comes_to(span, MMUSCOPE_LRU_GENERATION, MMUSCOPE_LRU_GENERATION),
	       "of a generation");
	text_write(GENERATIONS, "0");
	tap_ok(comes_to(span, MMUSCOPE_LRU_INACTIVE, MMUSCOPE_LRU_ACTIVE),
	       "and active or inactive again");
	text_write(GENERATIONS, before);
}

int main(void)
{
	struct span span = memory_touched(memory_small(64 * KB));
	char *before = NULL;

	device = device_open();
	text_slurp(GENERATIONS, &before);
	text_write(GENERATIONS, "0");
	tap_ok(comes_to(span, MMUSCOPE_LRU_INACTIVE, MMUSCOPE_LRU_ACTIVE),
	       "active or inactive");
	mlock(span_at(span, 0), span.end - span.start);
	tap_ok(comes_to(span, MMUSCOPE_LRU_UNEVICTABLE, MMUSCOPE_LRU_UNEVICTABLE),
	       "locked: unevictable");
	munlock(span_at(span, 0), span.end - span.start);
	tap_ok(comes_to(span, MMUSCOPE_LRU_INACTIVE, MMUSCOPE_LRU_ACTIVE),
	       "unlocked: active or inactive");
	generations(span, before ?: "0");
	text_free(before);
	return tap_done();
}
