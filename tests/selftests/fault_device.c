// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever allocation or copy fails in a call of the device, the call says so
 * and nothing is left behind: the next one works.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "fault.h"
#include "tap.h"
#include "target.h"

enum { EXTENTS = 16, VMAS = 4, NAMES = 4096, SHARED = 4 * 4096 };

static int device, handle, share = -1;
static struct target target;

static void put_fd(int fd, void *arg)
{
	(void)arg;
	close(fd);
}

static int open_device(void *arg)
{
	int fd = open("/dev/mmuscope", O_RDWR | O_CLOEXEC);

	(void)arg;
	return fd < 0 ? -errno : fd;
}

static int info(void *arg)
{
	struct mmuscope_info args = { .size = sizeof(args) };

	(void)arg;
	return device_ioctl(device, MMUSCOPE_IOC_INFO, &args);
}

static int bind_pid(void *arg)
{
	(void)arg;
	return device_bind(device, MMUSCOPE_TARGET_PID, target.pid);
}

static int bind_pagemap(void *arg)
{
	return device_bind(device, MMUSCOPE_TARGET_PAGEMAP, *(int *)arg);
}

static int scan(void *arg)
{
	static struct mmuscope_extent extent[EXTENTS];
	static struct mmuscope_vma vma[VMAS];
	static char names[NAMES];
	struct mmuscope_scan args = device_ask(0, 1UL << 47);

	args.flags |= *(const __u64 *)arg;
	args.size = sizeof(args);
	args.vec = (uintptr_t)extent;
	args.vec_len = EXTENTS;
	args.vec_size = sizeof(*extent);
	args.vma = (uintptr_t)vma;
	args.vma_len = VMAS;
	args.vma_size = sizeof(*vma);
	args.names = (uintptr_t)names;
	args.names_len = NAMES;
	return device_ioctl(handle, MMUSCOPE_IOC_SCAN, &args);
}

static int translate(void *arg)
{
	static struct mmuscope_translation t;

	(void)arg;
	return device_translate(handle, target.span.start, &t);
}

static int summary(void *arg)
{
	struct mmuscope_summary args = { .size = sizeof(args) };

	(void)arg;
	return device_ioctl(handle, MMUSCOPE_IOC_SUMMARY, &args);
}

static int holdings(void *arg)
{
	static struct mmuscope_holding vec[8];
	struct mmuscope_holdings args = {
		.size = sizeof(args),
		.vec = (uintptr_t)vec,
		.vec_len = 8,
		.vec_size = sizeof(*vec),
	};

	(void)arg;
	return device_ioctl(device, MMUSCOPE_IOC_HOLDINGS, &args);
}

static int share_create(void *arg)
{
	const char *name = arg;
	struct mmuscope_share_create args = {
		.size = sizeof(args),
		.flags = name ? MMUSCOPE_SHARE_MAP : 0,
		.bytes = SHARED,
		.node = -1,
		.mode = 0600,
	};
	int fd;

	if (name)
		strcpy(args.name, name);
	fd = device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &args);
	if (fd >= 0 && args.addr)
		munmap((void *)(uintptr_t)args.addr, SHARED);
	return fd;
}

static int share_open(void *arg)
{
	struct mmuscope_share_open args = { .size = sizeof(args) };

	strcpy(args.name, arg);
	return device_ioctl(device, MMUSCOPE_IOC_SHARE_OPEN, &args);
}

static int share_map(void *arg)
{
	void *p = mmap(NULL, SHARED, PROT_READ | PROT_WRITE, MAP_SHARED, share, 0);

	(void)arg;
	if (p == MAP_FAILED)
		return -errno;
	munmap(p, SHARED);
	return 0;
}

static int share_info(void *arg)
{
	struct mmuscope_share_info args = { .size = sizeof(args) };

	(void)arg;
	return device_ioctl(share, MMUSCOPE_IOC_SHARE_INFO, &args);
}

static int share_phys(void *arg)
{
	static __u64 vec[SHARED / 4096];
	struct mmuscope_share_phys args = {
		.size = sizeof(args),
		.vec = (uintptr_t)vec,
		.vec_len = SHARED / 4096,
	};

	(void)arg;
	return device_ioctl(share, MMUSCOPE_IOC_SHARE_PHYS, &args);
}

static struct span some(void)
{
	return memory_touched(memory_small(64 * KB));
}

int main(void)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	__u64 inside = 0, outside = MMUSCOPE_SCAN_OUTSIDE;
	const struct fault faults[] = {
		{ "open", .act = open_device, .undo = put_fd },
		{ "INFO", .act = info },
		{ "TARGET, by PID", .act = bind_pid, .undo = put_fd },
		{ "TARGET, by pagemap", .act = bind_pagemap, .undo = put_fd,
		  .arg = &pagemap },
		{ "SCAN", .act = scan, .arg = &inside },
		{ "SCAN, outside of VMAs", .act = scan, .arg = &outside },
		{ "TRANSLATE", .act = translate },
		{ "SUMMARY", .act = summary },
		{ "HOLDINGS", .act = holdings },
		{ "SHARE_CREATE", .act = share_create, .undo = put_fd },
		{ "SHARE_CREATE, named and mapped", .act = share_create,
		  .undo = put_fd, .arg = "fault" },
		{ "SHARE_OPEN", .act = share_open, .undo = put_fd, .arg = "known" },
		{ "mmap of a share", .act = share_map },
		{ "SHARE_INFO", .act = share_info },
		{ "SHARE_PHYS", .act = share_phys },
	};

	if (!target_start(&target, some, NULL))
		tap_bail("%s", target.why);
	device = device_open();
	handle = device_target(target.pid);
	share = share_create("known");
	if (!fault_ready()) {
		tap_skip("faults", "this kernel cannot inject any");
		return tap_done();
	}
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		fault_sweep(&faults[i]);
	target_stop(&target);
	return tap_done();
}
