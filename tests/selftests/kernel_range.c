// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parts of the kernel's half: with arrays of any size the extents are the same,
 * a range that cuts a leaf tells of the part, one that is not the kernel's is
 * refused, and so is what cannot be asked for.
 */
#include <errno.h>
#include <stdlib.h>

#include "arch.h"
#include "device.h"
#include "kernel.h"
#include "tap.h"

static int handle;

static struct mmuscope_scan ask(unsigned long start, unsigned long end)
{
	return (struct mmuscope_scan) {
		.start = start, .end = end, .flags = MMUSCOPE_SCAN_VALUES,
		.return_mask = MMUSCOPE_SCAN_FLAGS,
	};
}

/* What does not change while it is looked at. */
static void any_room(const char *name)
{
	static const struct room rooms[] = {
		{ 1, 1, 256, 0, 0 }, { 2, 0, 0, 0, 0 }, { 113, 1, 64, 0, 0 },
		{ 4096, 64, 4096, 88, 96 },
	};
	struct mmuscope_vma area;
	struct mmuscope_scan args;
	struct scan whole, part;
	size_t same = 0;

	if (!kernel_area(handle, name, &area))
		tap_bail("there is no %s", name);
	args = ask(area.start, area.end);
	if (device_scan(&whole, handle, &args, &device_roomy))
		tap_bail("cannot scan");
	for (size_t i = 0; i < sizeof(rooms) / sizeof(*rooms); i++) {
		if (device_scan(&part, handle, &args, &rooms[i]) || part.wrong[0])
			tap_note("room %zu: %s", i, part.wrong);
		else
			same += device_extents_same(whole.extent, whole.extents,
						    part.extent, part.extents);
		device_scan_free(&part);
	}
	tap_ok(same == sizeof(rooms) / sizeof(*rooms),
	       "%s: %zu extents with any room", name, whole.extents);
	device_scan_free(&whole);
}

/* A huge leaf, from its second page to its last but one. */
static void cut_leaf(void)
{
	struct mmuscope_scan args = ask(0, 0);
	struct scan s;
	const struct mmuscope_extent *e = NULL;
	struct mmuscope_extent huge;

	args.mask = MMUSCOPE_CAT_LEVEL(MMUSCOPE_LEVEL_PMD) | MMUSCOPE_FLAG_PRESENT;
	if (device_scan(&s, handle, &args, &device_roomy) || !s.extents)
		tap_bail("no huge leaf");
	huge = s.extent[0];
	device_scan_free(&s);
	args = ask(huge.start + 4096, huge.end - 4096);
	if (!device_scan(&s, handle, &args, &device_roomy) && s.extents == 1)
		e = s.extent;
	tap_ok(e && e->start == huge.start + 4096 && e->end == huge.end - 4096 &&
	       e->value == huge.value + 4096 && e->level == huge.level,
	       "a part of a huge leaf");
	device_scan_free(&s);
}

static void refused(void)
{
	const struct {
		const char *what;
		struct mmuscope_scan args;
	} rows[] = {
		{ "user space", ask(0x1000, 0x2000) },
		{ "user space up to the kernel", ask(0x1000, 0) },
		{ "half a page", ask(0xffffffff80000800, 0) },
		{ "2^64", ask(0xffffffff80000000, -1UL) },
		{ "an empty range", ask(0xffffffff80000000, 0xffffffff80000000) },
		{ "a mask of repeats", { .mask = MMUSCOPE_FLAG_REPEAT } },
		{ "repeats asked for", { .return_mask = MMUSCOPE_FLAG_REPEAT } },
	};
	struct scan s;
	size_t bad = 0;
	int err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		err = device_scan(&s, handle, &rows[i].args, &device_roomy);
		if (err != -EINVAL) {
			tap_note("%s: %d", rows[i].what, err);
			bad++;
		}
		device_scan_free(&s);
	}
	tap_ok(!bad, "what is not the kernel's half is refused");
	tap_ok(device_bind(device_open(), MMUSCOPE_TARGET_KERNEL, 1) == -EINVAL,
	       "a PID of the kernel's half is refused");
}

int main(void)
{
	static const char * const steady[] = { ARCH_STEADY };

	handle = kernel_handle();
	for (unsigned int i = 0; i < sizeof(steady) / sizeof(*steady); i++)
		any_room(steady[i]);
	cut_leaf();
	refused();
	return tap_done();
}
