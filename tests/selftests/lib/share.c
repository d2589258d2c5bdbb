// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "share.h"
#include "tap.h"

/* What is only told is filled with something else before. */
#define FILL 0xa5a5a5a5a5a5a5a5ULL

static int of_device(unsigned long cmd, void *arg)
{
	int device = device_open();
	int ret = device_ioctl(device, cmd, arg);

	close(device);
	return ret;
}

struct mmuscope_share_create share_ask(uint64_t bytes, unsigned int page_shift)
{
	return (struct mmuscope_share_create) {
		.size = sizeof(struct mmuscope_share_create),
		.bytes = bytes,
		.page_shift = page_shift,
		.node = -1,
		.mode = 0600,
		.addr = FILL,
		.id = FILL,
	};
}

int share_create(const struct mmuscope_share_create *ask)
{
	struct mmuscope_share_create args = *ask;

	return of_device(MMUSCOPE_IOC_SHARE_CREATE, &args);
}

int share_open(const char *name, uint64_t flags)
{
	struct mmuscope_share_open args = { .size = sizeof(args), .flags = flags };

	strncpy(args.name, name, sizeof(args.name) - 1);
	return of_device(MMUSCOPE_IOC_SHARE_OPEN, &args);
}

int share_remove(const char *name)
{
	struct mmuscope_share_remove args = { .size = sizeof(args) };

	strncpy(args.name, name, sizeof(args.name) - 1);
	return of_device(MMUSCOPE_IOC_SHARE_REMOVE, &args);
}

static int made(const struct mmuscope_share_create *ask)
{
	int fd = share_create(ask);

	if (fd < 0)
		tap_bail("cannot make a share: %s", strerror(-fd));
	return fd;
}

int share_new(uint64_t bytes, unsigned int page_shift)
{
	struct mmuscope_share_create ask = share_ask(bytes, page_shift);

	return made(&ask);
}

int share_keep(const char *name, uint64_t bytes, unsigned int mode)
{
	struct mmuscope_share_create ask = share_ask(bytes, 0);

	strncpy(ask.name, name, sizeof(ask.name) - 1);
	ask.flags = MMUSCOPE_SHARE_KEEP;
	ask.mode = mode;
	return made(&ask);
}

int share_seal(int fd, uint64_t seals)
{
	struct mmuscope_share_seal args = { .size = sizeof(args), .seals = seals };

	return device_ioctl(fd, MMUSCOPE_IOC_SHARE_SEAL, &args);
}

struct mmuscope_share_info share_info(int fd)
{
	struct mmuscope_share_info info;
	int err;

	memset(&info, 0xa5, sizeof(info));
	info.size = sizeof(info);
	err = device_ioctl(fd, MMUSCOPE_IOC_SHARE_INFO, &info);
	if (err)
		tap_bail("cannot ask a share: %s", strerror(-err));
	return info;
}

int share_phys(int fd, uint64_t *phys, size_t nr)
{
	struct mmuscope_share_phys args = {
		.size = sizeof(args),
		.vec = (uintptr_t)phys,
		.vec_len = nr,
		.nr = FILL,
	};
	int err = device_ioctl(fd, MMUSCOPE_IOC_SHARE_PHYS, &args);

	return !err && args.nr != nr ? -ERANGE : err;
}

void *share_map(int fd, size_t bytes, int prot)
{
	return mmap(NULL, bytes, prot, MAP_SHARED, fd, 0);
}

volatile unsigned int *share_words(int fd, size_t bytes)
{
	void *p = share_map(fd, bytes, PROT_READ | PROT_WRITE);

	if (p == MAP_FAILED)
		tap_bail("cannot map a share: %m");
	return p;
}

int share_map_error(int fd, void *at, size_t bytes, int prot, int flags, off_t offset)
{
	void *p = mmap(at, bytes, prot, flags, fd, offset);

	if (p == MAP_FAILED)
		return errno;
	munmap(p, bytes);
	return 0;
}

int holdings(struct mmuscope_holding *h, size_t max, unsigned int kind)
{
	struct mmuscope_holdings args = {
		.size = sizeof(args),
		.kind = kind,
		.vec = (uintptr_t)h,
		.vec_len = max,
		.vec_size = sizeof(*h),
		.nr = FILL,
	};
	int err;

	memset(h, 0xa5, max * sizeof(*h));
	err = of_device(MMUSCOPE_IOC_HOLDINGS, &args);
	return err ?: (int)args.nr;
}

bool holdings_gone(void)
{
	struct mmuscope_holding h[8];
	int nr = -1;

	for (int i = 0; i < 200 && nr; i++) {
		nr = holdings(h, 8, MMUSCOPE_HOLDING_SHARE);
		usleep(nr ? 10000 : 0);
	}
	for (int i = 0; i < nr && i < 8; i++)
		tap_note("share %llu %s of %u is left, mapped by %u", h[i].id, h[i].name,
			 h[i].opener, h[i].pid);
	return !nr;
}
