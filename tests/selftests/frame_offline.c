// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is taken offline and put online again: while it is away, FRAMES and
 * PHYS say so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "physical.h"
#include "tap.h"
#include "text.h"

#define MEMORY "/sys/devices/system/memory"

enum { BLOCKS = 512 };

static char state[100];

/* The last block that can go, by its number, or -1; state is its file. */
static int take_offline(void)
{
	for (int i = BLOCKS; i >= 0; i--) {
		snprintf(state, sizeof(state), MEMORY "/memory%d/state", i);
		if (!access(state, W_OK) && !text_write(state, "offline"))
			return i;
	}
	return -1;
}

static unsigned long block_size(void)
{
	unsigned long size;
	char *text;

	if (text_slurp(MEMORY "/block_size_bytes", &text) < 0)
		return 0;
	size = strtoul(text, NULL, 16);
	text_free(text);
	return size;
}

/* How much of the range is in no zone for being offline. */
static unsigned long told_offline(int device, unsigned long start, unsigned long end)
{
	const struct mmuscope_phys ask = { .size = sizeof(ask), .start = start, .end = end };
	unsigned long bytes = 0;
	struct physical p;

	if (physical_read(&p, device, &ask, 100, 0))
		tap_bail("cannot ask PHYS");
	for (size_t i = 0; i < p.nr; i++)
		if (p.range[i].kind == MMUSCOPE_PHYS_ZONE && p.range[i].node == -1)
			bytes += p.range[i].end - p.range[i].start;
	physical_free(&p);
	return bytes;
}

int main(void)
{
	unsigned long size = block_size(), start;
	int device = device_open(), block = size ? take_offline() : -1;
	struct mmuscope_frame first, last;
	char *text;

	if (block < 0) {
		tap_skip("offline", "no memory of this machine can go");
		return tap_done();
	}
	start = block * size;
	first = frames_one(device, start / 4096);
	last = frames_one(device, (start + size) / 4096 - 1);
	tap_ok(first.kind == MMUSCOPE_FRAME_OFFLINE && last.kind == MMUSCOPE_FRAME_OFFLINE &&
	       first.kpf == KPF(NOPAGE) && first.node == -1 && !first.refcount,
	       "FRAMES: offline");
	tap_ok(told_offline(device, start, start + size) >= size, "PHYS: offline");
	if (text_slurp(MMUSCOPE "/physical", &text) < 0)
		tap_bail("cannot read physical");
	tap_ok(strstr(text, " offline\n"), "so debugfs prints");
	text_free(text);
	if (text_write(state, "online"))
		tap_bail("%s does not come back", state);
	first = frames_one(device, start / 4096);
	tap_ok(first.kind != MMUSCOPE_FRAME_OFFLINE && first.kind && !first.node &&
	       !told_offline(device, start, start + size), "online again");
	return tap_done();
}
