// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folios of every order between a page and a huge page (v6.8): maps tells the order,
 * and all pages of one are of the same folio, which FRAMES says, too.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "look.h"
#include "story.h"
#include "tap.h"
#include "text.h"

#define SIZES "/sys/kernel/mm/transparent_hugepage/hugepages-%lukB/enabled"
#define LARGEST "/sys/kernel/mm/transparent_hugepage/hugepages-2048kB/enabled"

static unsigned long kb;

static struct span built(void)
{
	return memory_huge(8 * MB);
}

/* The order is in the frames, at a place that is a multiple of it. */
static bool frames_too(const struct target *t, unsigned int order)
{
	int device = device_open();
	unsigned long folios = 0;

	for (unsigned long at = t->span.start; at < t->span.end; at += kb * KB) {
		uint64_t pfn = frames_behind(t->pid, at);
		struct mmuscope_frame frame = frames_one(device, pfn);

		folios += frame.order == order && frame.head == pfn &&
			  frame.kind == MMUSCOPE_FRAME_ANON;
	}
	close(device);
	tap_note("%lu kB: %lu of %lu begin a folio of order %u", kb, folios,
		 8 * MB / KB / kb, order);
	/* A few may not have been there to be had. */
	return folios >= 8 * MB / KB / kb * 3 / 4;
}

static void one_size(const char *path, unsigned int order)
{
	struct target t;
	char like[64];
	long pages;

	if (text_write(path, "always")) {
		tap_ok(false, "cannot write to %s", path);
		return;
	}
	snprintf(like, sizeof(like), "pte ram rw-u +anon +thp +order:%u", order);
	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	pages = look_count(&t, like);
	tap_ok(pages >= 1536 && frames_too(&t, order), "%lu kB: %ld pages of order %u", kb,
	       pages, order);
	story_process("and pagemap agrees", t.pid);
	target_stop(&t);
	text_write(path, "never");
}

int main(void)
{
	unsigned int order, sizes = 0;
	char path[128];

	for (order = 2; order < 9; order++) {
		kb = 4UL << order;
		snprintf(path, sizeof(path), SIZES, kb);
		if (access(path, W_OK))
			continue;
		if (!sizes++)
			text_write(LARGEST, "never");
		one_size(path, order);
	}
	if (sizes)
		text_write(LARGEST, "inherit");
	else
		tap_skip("orders", "this kernel has huge pages of one size (v6.8)");
	return tap_done();
}
