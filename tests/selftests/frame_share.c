// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frames of a share: FRAMES says of which share and where in it, MAPPERS finds
 * who maps them through it; of small pages, of large ones and of one piece, and
 * no longer when the share is gone.
 */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "memory.h"
#include "share.h"
#include "tap.h"
#include "who.h"

enum { SMALL = 4096, PAGES = 4 };

static int device;

/* How many of the small pages that make up a share are told wrong. */
static unsigned int wrong_frames(const uint64_t *phys, uint64_t step, uint64_t id)
{
	unsigned int wrong = 0;

	for (uint64_t at = 0; at < PAGES * step; at += step > SMALL ? step / 8 : SMALL) {
		uint64_t pfn = (phys[at / step] + at % step) / SMALL;
		struct mmuscope_frame frame = frames_one(device, pfn);
		bool ok = frame.kind == MMUSCOPE_FRAME_SHARE && frame.share == id &&
			  frame.index == at;

		if (!ok)
			tap_note("frame %lx: kind %u, share %llu, index %llx, not %lx", pfn,
				 frame.kind, frame.share, frame.index, at);
		wrong += !ok;
	}
	return wrong;
}

static bool mapped_at(uint64_t phys, const volatile void *at)
{
	struct who who;
	bool ok;

	*(volatile char *)at;
	ok = !who_ask(&who, device, phys / SMALL, 0, 8) && who.nr == 1 && !who.status &&
	     who.method == MMUSCOPE_METHOD_HOLDING &&
	     who.mapper[0].pid == (unsigned int)getpid() &&
	     who.mapper[0].addr == (uintptr_t)at;
	if (!ok)
		tap_note("frame %lx: %zu mappers, method %u, status %lx", phys / SMALL, who.nr,
			 who.method, who.status);
	who_free(&who);
	return ok;
}

static bool of_no_share(uint64_t phys)
{
	struct mmuscope_frame frame;

	/* Who looks right now may still see it go. */
	for (int i = 0; i < 100; i++) {
		frame = frames_one(device, phys / SMALL);
		if (frame.kind != MMUSCOPE_FRAME_SHARE && !frame.share)
			return true;
		usleep(10000);
	}
	return false;
}

static void kind(const char *name, unsigned int shift, uint64_t flags)
{
	struct mmuscope_share_create ask = share_ask(PAGES << shift, shift);
	uint64_t phys[PAGES], step = 1UL << shift;
	volatile char *at;
	int fd;

	ask.flags = flags;
	fd = share_create(&ask);
	if (fd < 0) {
		tap_skip(name, "%s", strerror(-fd));
		return;
	}
	at = (volatile char *)share_words(fd, PAGES << shift);
	if (share_phys(fd, phys, PAGES))
		tap_bail("%s: no addresses", name);
	tap_ok(!wrong_frames(phys, step, share_info(fd).id), "%s: each frame's place", name);
	tap_ok(mapped_at(phys[0], at) && mapped_at(phys[PAGES - 1], at + (PAGES - 1) * step) &&
	       mapped_at(phys[1] + step - SMALL, at + 2 * step - SMALL),
	       "%s: who maps it", name);
	munmap((void *)at, PAGES << shift);
	close(fd);
	tap_ok(holdings_gone() && of_no_share(phys[0]) && of_no_share(phys[PAGES - 1]),
	       "%s: of no share any more", name);
}

int main(void)
{
	device = device_open();
	kind("small pages", 12, 0);
	kind("one piece", 12, MMUSCOPE_SHARE_CONTIGUOUS);
	kind("large pages", LARGE_SHIFT, 0);
	return tap_done();
}
