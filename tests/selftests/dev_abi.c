// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sizes, offsets and numbers of the ABI are those that were released, and who was
 * built when a structure was shorter is served as he was.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"
#include "device.h"
#include "memory.h"

/* SCAN, as it was before max_hold and budget. */
#define OLD_SCAN	0xc0c0c110
#define OLD_SIZE	192

/* What is behind the old size is the caller's own, whatever it would say. */
static void old_scan(void)
{
	struct span span = memory_touched(memory_small(64 * KB));
	struct mmuscope_extent extent[16], again[16];
	struct mmuscope_scan args = {
		.size = OLD_SIZE, .start = span.start, .end = span.end,
		.flags = MMUSCOPE_SCAN_VALUES,
		.vec = (uintptr_t)extent, .vec_len = 16,
		.vec_size = sizeof(*extent),
		.return_mask = MMUSCOPE_SCAN_FLAGS,
		.max_hold = 1, .budget = 1,
	};
	const struct mmuscope_scan asked = args;
	struct mmuscope_scan now = args;
	int handle = device_target(getpid()), err;

	err = device_ioctl(handle, OLD_SCAN, &args);
	tap_ok(!err && args.size == OLD_SIZE && args.walk_end == span.end &&
	       args.max_hold == 1 && args.budget == 1 && args.longest_ns,
	       "SCAN of the first release");
	now.size = sizeof(now);
	now.max_hold = now.budget = 0;
	now.vec = (uintptr_t)again;
	tap_ok(!device_ioctl(handle, MMUSCOPE_IOC_SCAN, &now) && now.nr == args.nr &&
	       !memcmp(extent, again, now.nr * sizeof(*again)), "tells the same");
	args = asked;
	args.size = OLD_SIZE - 8;
	tap_ok(device_ioctl(handle, OLD_SCAN, &args) == -EINVAL, "no shorter one");
	args.size = sizeof(args);
	tap_ok(device_ioctl(handle, OLD_SCAN, &args) == -EINVAL,
	       "the size that counts is the one inside");
	close(handle);
}

int main(void)
{
	abi_check();
	old_scan();
	return tap_done();
}
