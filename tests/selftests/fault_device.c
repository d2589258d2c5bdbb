// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever allocation or copy fails in a call of the device, or of a handle, the
 * call says so and nothing is left behind: the next one works.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "edu.h"
#include "fault.h"
#include "frames.h"
#include "kernel.h"
#include "tap.h"
#include "target.h"

enum { EXTENTS = 16, VMAS = 4, NAMES = 4096, ELEMENTS = 8 };
static int device, handle, kernel;
static struct target target;

static struct mmuscope_extent extent[EXTENTS];
static struct mmuscope_vma vma[VMAS];
static char names[NAMES];
static struct mmuscope_translation translation[2];
static struct mmuscope_frame frame[ELEMENTS];
static struct mmuscope_mapper mapper[ELEMENTS];
static struct mmuscope_phys_range range[ELEMENTS];
static struct mmuscope_holding holding[ELEMENTS];

static const struct mmuscope_info info = { .size = sizeof(info) };
static const struct mmuscope_summary summary = { .size = sizeof(summary) };

static const struct mmuscope_bind by_kernel = {
	.size = sizeof(by_kernel), .kind = MMUSCOPE_TARGET_KERNEL,
};

static const struct mmuscope_bind by_user = {
	.size = sizeof(by_user), .kind = MMUSCOPE_TARGET_KERNEL_USER,
};

static struct mmuscope_bind by_pid = { .size = sizeof(by_pid) };

static struct mmuscope_bind by_pagemap = {
	.size = sizeof(by_pagemap), .kind = MMUSCOPE_TARGET_PAGEMAP,
};

static struct mmuscope_bind by_copy = {
	.size = sizeof(by_copy), .kind = MMUSCOPE_TARGET_COPY,
};

static struct mmuscope_scan scan, short_scan, raw_scan, outside_scan, kernel_scan;
static uint64_t words[MMUSCOPE_RAW_ROOM];

static const struct mmuscope_translate translate = {
	.size = sizeof(translate),
	.vec = (uintptr_t)translation,
	.vec_len = 2,
	.vec_size = sizeof(*translation),
};

static struct mmuscope_frames frames, frames_array;
static struct mmuscope_mappers by_rmap, by_file, by_scan, registers;
static struct mmuscope_phys phys, counted;

static const struct mmuscope_holdings holdings = {
	.size = sizeof(holdings),
	.vec = (uintptr_t)holding,
	.vec_len = ELEMENTS,
	.vec_size = sizeof(*holding),
};

static int open_device(void *arg)
{
	int fd = open("/dev/mmuscope", O_RDWR | O_CLOEXEC);

	(void)arg;
	return fd < 0 ? -errno : fd;
}

/* A handle gets the room for it with the first such scan. */
static int first_raw_scan(void *arg)
{
	struct mmuscope_scan args = *(struct mmuscope_scan *)arg;
	int fd = device_bind(device, MMUSCOPE_TARGET_PID, target.pid), err;

	if (fd < 0)
		return fd;
	err = device_ioctl(fd, MMUSCOPE_IOC_SCAN, &args);
	close(fd);
	return err;
}

static struct span some(void)
{
	return memory_touched(memory_small(64 * KB));
}

static struct mmuscope_scan ask(unsigned long start, unsigned long end)
{
	struct mmuscope_scan args = device_ask(start, end);

	args.size = sizeof(args);
	args.vec = (uintptr_t)extent;
	args.vec_len = EXTENTS;
	args.vec_size = sizeof(*extent);
	args.vma = (uintptr_t)vma;
	args.vma_len = VMAS;
	args.vma_size = sizeof(*vma);
	args.names = (uintptr_t)names;
	args.names_len = NAMES;
	return args;
}

static struct mmuscope_mappers mappers_of(uint64_t pfn, uint64_t flags)
{
	return (struct mmuscope_mappers) {
		.size = sizeof(by_rmap),
		.flags = flags,
		.pfn = pfn,
		.vec = (uintptr_t)mapper,
		.vec_len = ELEMENTS,
		.vec_size = sizeof(*mapper),
	};
}

/* Of frames, and of what physical memory is. */
static void prepare_frames(void)
{
	uint64_t pfn = frames_behind(target.pid, target.span.start);
	const char *resource;

	frames = (struct mmuscope_frames) {
		.size = sizeof(frames),
		.pfn = pfn,
		.vec = (uintptr_t)frame,
		.vec_len = ELEMENTS,
		.vec_size = sizeof(*frame),
	};
	frames_array = frames;
	frames_array.pfn = 0;
	frames_array.flags = MMUSCOPE_FRAMES_ARRAY;
	by_rmap = mappers_of(pfn, 0);
	by_file = mappers_of(frames_behind(getpid(), (unsigned long)open_device), 0);
	by_scan = mappers_of(pfn, MMUSCOPE_MAPPERS_SCAN);
	registers = mappers_of(edu_find(&resource) >> 12, 0);
	phys = (struct mmuscope_phys) {
		.size = sizeof(phys),
		.vec = (uintptr_t)range,
		.vec_len = ELEMENTS,
		.vec_size = sizeof(*range),
	};
	counted = phys;
	counted.flags = MMUSCOPE_PHYS_COUNT;
	counted.end = 16 * MB;
}

static void prepare(void)
{
	if (!target_start(&target, some, NULL))
		tap_bail("%s", target.why);
	device = device_open();
	handle = device_target(target.pid);
	kernel = kernel_handle();
	by_pid.id = target.pid;
	by_pagemap.id = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	by_copy.id = handle;
	scan = ask(0, 0);
	short_scan = scan;
	short_scan.max_hold = 2 * MMUSCOPE_HOLD_MIN;
	short_scan.budget = 100;
	raw_scan = scan;
	raw_scan.flags = MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_RAW;
	raw_scan.vec = (uintptr_t)words;
	raw_scan.vec_len = MMUSCOPE_RAW_ROOM;
	raw_scan.vec_size = sizeof(*words);
	raw_scan.return_mask = (MMUSCOPE_FLAG_ANON - 1) & MMUSCOPE_SCAN_FLAGS;
	outside_scan = scan;
	outside_scan.flags |= MMUSCOPE_SCAN_OUTSIDE;
	kernel_scan = ask(0, 0);
	translation[0].addr = target.span.start;
	translation[1].addr = kernel_symbol("_text");
	prepare_frames();
}

int main(void)
{
	const struct fault faults[] = {
		{ "open", .act = open_device, .undo = fault_close },
		{ "INFO", FAULT_CALL(device, MMUSCOPE_IOC_INFO, &info) },
		{ "TARGET, by PID", FAULT_CALL(device, MMUSCOPE_IOC_TARGET, &by_pid),
		  .undo = fault_close },
		{ "TARGET, by pagemap", FAULT_CALL(device, MMUSCOPE_IOC_TARGET, &by_pagemap),
		  .undo = fault_close },
		{ "TARGET, a copy", FAULT_CALL(device, MMUSCOPE_IOC_TARGET, &by_copy),
		  .undo = fault_close },
		{ "TARGET, the kernel", FAULT_CALL(device, MMUSCOPE_IOC_TARGET, &by_kernel),
		  .undo = fault_close },
		{ "TARGET, user mode's kernel", FAULT_CALL(device, MMUSCOPE_IOC_TARGET, &by_user),
		  .undo = fault_close },
		{ "SCAN", FAULT_CALL(handle, MMUSCOPE_IOC_SCAN, &scan) },
		{ "SCAN, of a few entries", FAULT_CALL(handle, MMUSCOPE_IOC_SCAN, &short_scan) },
		{ "SCAN, raw", .act = first_raw_scan, .arg = &raw_scan },
		{ "SCAN, outside of VMAs",
		  FAULT_CALL(handle, MMUSCOPE_IOC_SCAN, &outside_scan) },
		{ "SCAN, the kernel", FAULT_CALL(kernel, MMUSCOPE_IOC_SCAN, &kernel_scan) },
		{ "TRANSLATE", FAULT_CALL(handle, MMUSCOPE_IOC_TRANSLATE, &translate) },
		{ "TRANSLATE, the kernel", FAULT_CALL(kernel, MMUSCOPE_IOC_TRANSLATE, &translate) },
		{ "SUMMARY", FAULT_CALL(handle, MMUSCOPE_IOC_SUMMARY, &summary) },
		{ "SUMMARY, the kernel", FAULT_CALL(kernel, MMUSCOPE_IOC_SUMMARY, &summary) },
		{ "FRAMES", FAULT_CALL(device, MMUSCOPE_IOC_FRAMES, &frames) },
		{ "FRAMES, an array", FAULT_CALL(device, MMUSCOPE_IOC_FRAMES, &frames_array) },
		{ "MAPPERS, anonymous", FAULT_CALL(device, MMUSCOPE_IOC_MAPPERS, &by_rmap) },
		{ "MAPPERS, a file's", FAULT_CALL(device, MMUSCOPE_IOC_MAPPERS, &by_file) },
		{ "MAPPERS, a scan", FAULT_CALL(device, MMUSCOPE_IOC_MAPPERS, &by_scan) },
		{ "MAPPERS, registers", FAULT_CALL(device, MMUSCOPE_IOC_MAPPERS, &registers) },
		{ "PHYS", FAULT_CALL(device, MMUSCOPE_IOC_PHYS, &phys) },
		{ "PHYS, counted", FAULT_CALL(device, MMUSCOPE_IOC_PHYS, &counted) },
		{ "HOLDINGS", FAULT_CALL(device, MMUSCOPE_IOC_HOLDINGS, &holdings) },
	};

	prepare();
	fault_sweep_all(faults, sizeof(faults) / sizeof(*faults));
	target_stop(&target);
	return tap_done();
}
