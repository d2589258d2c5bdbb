// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever allocation or copy fails while a window to registers is opened, mapped
 * or used, or granted, who asks is told and nothing is left behind. The guest has
 * QEMU's edu device (1234:11e8) for it.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "edu.h"
#include "fault.h"
#include "memory.h"
#include "share.h"
#include "tap.h"

enum { PAGE = 4096 };

static int device, window;

static struct mmuscope_mmio_open plain, mapped, shared, unlisted;
static const struct mmuscope_mmio_access get = { .size = sizeof(get), .width = 4 };

static const struct mmuscope_mmio_access put = {
	.size = sizeof(put), .flags = MMUSCOPE_MMIO_WRITE, .offset = 4, .width = 4,
};

static struct mmuscope_mmio_grant grant, back;
static struct mmuscope_mmio_grant vec[4];

static const struct mmuscope_mmio_grants grants = {
	.size = sizeof(grants), .vec = (uintptr_t)vec, .vec_len = 4, .vec_size = sizeof(*vec),
};

/* To unmap may fail, too, and is no part of the act. */
static uintptr_t at;

static int open_mapped(void *arg)
{
	struct mmuscope_mmio_open args = *(struct mmuscope_mmio_open *)arg;
	int fd = device_ioctl(device, MMUSCOPE_IOC_MMIO_OPEN, &args);

	at = args.addr;
	return fd;
}

static void close_mapped(int fd, void *arg)
{
	(void)arg;
	close(fd);
	munmap((void *)at, PAGE);
}

static int map(void *arg)
{
	volatile uint32_t *regs = share_map(window, PAGE, PROT_READ);

	(void)arg;
	if (regs == MAP_FAILED)
		return -errno;
	(void)*regs;
	at = (uintptr_t)regs;
	return 0;
}

static void unmap(int ret, void *arg)
{
	(void)ret;
	(void)arg;
	munmap((void *)at, PAGE);
}

static int granted(const struct mmuscope_mmio_grant *what)
{
	struct mmuscope_mmio_grant args = *what;

	return device_ioctl(device, MMUSCOPE_IOC_MMIO_GRANT, &args);
}

/* What the row before has left, or has not. */
static void give(void *arg)
{
	(void)arg;
	granted(&grant);
}

static void take_back(void *arg)
{
	(void)arg;
	granted(&back);
}

static struct mmuscope_mmio_open ask(unsigned long phys, uint64_t flags)
{
	return (struct mmuscope_mmio_open) {
		.size = sizeof(plain), .flags = flags, .phys = phys, .bytes = PAGE,
	};
}

static bool prepare(void)
{
	struct mmuscope_mmio_open open;
	const char *resource;
	unsigned long edu = edu_find(&resource);

	if (!edu)
		return false;
	device = device_open();
	open = ask(edu, 0);
	window = device_ioctl(device, MMUSCOPE_IOC_MMIO_OPEN, &open);
	if (window < 0)
		tap_bail("no window: %s", strerror(-window));
	plain = ask(edu + PAGE, 0);
	mapped = ask(edu + PAGE, MMUSCOPE_MMIO_MAP);
	shared = ask(edu + PAGE, MMUSCOPE_MMIO_SHARED | MMUSCOPE_MMIO_READONLY);
	/* Far above what any guest has. */
	unlisted = ask(256 * GB, MMUSCOPE_MMIO_UNLISTED);
	grant = (struct mmuscope_mmio_grant) {
		.size = sizeof(grant), .phys = edu, .bytes = PAGE, .gid = 1,
	};
	back = grant;
	back.flags = MMUSCOPE_GRANT_REMOVE;
	return true;
}

int main(void)
{
	const struct fault faults[] = {
		{ "MMIO_OPEN", FAULT_CALL(device, MMUSCOPE_IOC_MMIO_OPEN, &plain),
		  .undo = fault_close },
		{ "MMIO_OPEN, mapped", .act = open_mapped, .arg = &mapped,
		  .undo = close_mapped },
		{ "MMIO_OPEN, shared", FAULT_CALL(device, MMUSCOPE_IOC_MMIO_OPEN, &shared),
		  .undo = fault_close },
		{ "MMIO_OPEN, unlisted", FAULT_CALL(device, MMUSCOPE_IOC_MMIO_OPEN, &unlisted),
		  .undo = fault_close },
		{ "mmap and touch", .act = map, .undo = unmap },
		{ "MMIO_ACCESS, read", FAULT_CALL(window, MMUSCOPE_IOC_MMIO_ACCESS, &get) },
		{ "MMIO_ACCESS, write", FAULT_CALL(window, MMUSCOPE_IOC_MMIO_ACCESS, &put) },
		{ "MMIO_GRANT", FAULT_CALL(device, MMUSCOPE_IOC_MMIO_GRANT, &grant),
		  .before = take_back },
		{ "MMIO_GRANTS", FAULT_CALL(device, MMUSCOPE_IOC_MMIO_GRANTS, &grants) },
		{ "MMIO_GRANT, taken back", FAULT_CALL(device, MMUSCOPE_IOC_MMIO_GRANT, &back),
		  .before = give },
	};

	if (!prepare()) {
		tap_skip("faults", "no edu device: boot with --qemu '-device edu'");
		return tap_done();
	}
	fault_sweep_all(faults, sizeof(faults) / sizeof(*faults));
	return tap_done();
}
