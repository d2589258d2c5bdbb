// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who asks while the kernel's allocations, and copies from and to user space, fail
 * now and then: in this process only, and only while it asks.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "share.h"
#include "stress.h"
#include "tap.h"
#include "text.h"

#define DEBUGFS "/sys/kernel/debug/"

enum { ELEMENTS = 64 };

static const int due[] = { ENOMEM, EFAULT, 0 };
static int device, half, own, fail;
static _Alignas(64) unsigned char array[ELEMENTS * 1024];

static const struct {
	const char *name, *value;
} settings[] = {
	{ "task-filter", "Y" },
	{ "verbose", "1" },
	{ "times", "-1" },
	{ "probability", "1" },
};

static void begin(void)
{
	static const char * const faults[] = { "failslab", "fail_page_alloc", "fail_usercopy" };
	char path[128];

	fail = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);
	if (fail < 0)
		tap_bail("this kernel injects no faults");
	for (int i = 0; i < 3; i++)
		for (size_t k = 0; k < sizeof(settings) / sizeof(*settings); k++) {
			snprintf(path, sizeof(path), DEBUGFS "%s/%s", faults[i], settings[k].name);
			if (text_write(path, settings[k].value))
				tap_bail("cannot set %s", path);
		}
	text_write(DEBUGFS "failslab/ignore-gfp-wait", "N");
	text_write(DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N");
	text_write(DEBUGFS "fail_page_alloc/min-order", "0");
	/* No page of this program is to be allocated on the way. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		tap_bail("mlockall: %m");
	device = device_open();
	half = device_bind(device, MMUSCOPE_TARGET_KERNEL, 0);
	own = device_bind(device, MMUSCOPE_TARGET_PID, 0);
}

static int scan(unsigned int *seed)
{
	struct mmuscope_scan args = device_ask(0, 0);

	args.size = sizeof(args);
	args.vec = (uintptr_t)array;
	args.vec_len = ELEMENTS;
	args.vec_size = sizeof(struct mmuscope_extent);
	return device_ioctl(stress_random(seed, 2) ? own : half, MMUSCOPE_IOC_SCAN, &args);
}

static int summarize(unsigned int *seed)
{
	struct mmuscope_summary args = { .size = sizeof(args) };

	(void)seed;
	return device_ioctl(own, MMUSCOPE_IOC_SUMMARY, &args);
}

static int mappers(unsigned int *seed)
{
	struct mmuscope_mappers args = {
		.size = sizeof(args), .pfn = stress_random(seed, 1 << 18),
		.vec = (uintptr_t)array, .vec_len = ELEMENTS,
		.vec_size = sizeof(struct mmuscope_mapper),
	};

	return device_ioctl(device, MMUSCOPE_IOC_MAPPERS, &args);
}

static int physical(unsigned int *seed)
{
	struct mmuscope_phys args = {
		.size = sizeof(args), .start = stress_random(seed, 1UL << 33),
		.vec = (uintptr_t)array, .vec_len = ELEMENTS,
		.vec_size = sizeof(struct mmuscope_phys_range),
	};

	return device_ioctl(device, MMUSCOPE_IOC_PHYS, &args);
}

static int share(unsigned int *seed)
{
	struct mmuscope_share_create args = share_ask(2 * 1024 * 1024, 0);
	int fd;

	args.flags = stress_random(seed, 2) ? MMUSCOPE_SHARE_MAP : 0;
	fd = device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &args);
	if (fd >= 0 && args.flags)
		munmap((void *)args.addr, args.bytes);
	return fd;
}

static int bind_own(unsigned int *seed)
{
	(void)seed;
	return device_bind(device, MMUSCOPE_TARGET_PID, 0);
}

static int read_file(unsigned int *seed)
{
	static const char * const files[] = {
		MMUSCOPE "/pid/self/maps", MMUSCOPE "/pid/self/summary", MMUSCOPE "/physical",
		MMUSCOPE "/mappings", MMUSCOPE "/kernel/summary", MMUSCOPE "/status",
	};
	int fd = open(files[stress_random(seed, 6)], O_RDONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (read(fd, array, sizeof(array)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* What returns a descriptor has it closed again. */
static const struct {
	const char *name;
	int (*act)(unsigned int *seed);
	bool opens;
} acts[] = {
	{ "SCAN", scan, false },
	{ "SUMMARY", summarize, false },
	{ "MAPPERS", mappers, false },
	{ "PHYS", physical, false },
	{ "SHARE_CREATE", share, true },
	{ "TARGET", bind_own, true },
	{ "file", read_file, false },
};

static int with_faults(unsigned int *seed)
{
	int i = stress_random(seed, sizeof(acts) / sizeof(*acts)), ret;

	if (pwrite(fail, "1", 1, 0) != 1)
		return -errno;
	ret = acts[i].act(seed);
	/* The copy of this may be what fails. */
	while (pwrite(fail, "0", 1, 0) != 1)
		;
	if (ret < 0)
		return stress_due(acts[i].name, ret, due);
	if (acts[i].opens)
		close(ret);
	return 1;
}

const struct kind fault_kinds[] = {
	{ "with faults on demand", 1, begin, NULL, with_faults },
	{}
};
