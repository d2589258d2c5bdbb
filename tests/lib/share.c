// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program says of a share reaches the module, and what the module answers
 * reaches the program. The module is played by ioctl() below.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <mmuscope.h>

#include "internal.h"
#include "tap.h"

#define DEVICE	42
#define SHARE	43

/* The last call: copied, for its size says how large it is. */
static struct {
	int fd;
	unsigned long request;
	union {
		uint64_t size;
		struct mmuscope_share_create create;
		struct mmuscope_share_open open;
		struct mmuscope_share_remove remove;
		struct mmuscope_share_seal seal;
		struct mmuscope_share_phys phys;
	};
} call;

static int fail, calls;

static void answer(void *arg)
{
	struct mmuscope_share_create *create = arg;
	struct mmuscope_share_open *open = arg;
	struct mmuscope_share_info *info = arg;
	struct mmuscope_share_phys *phys = arg;

	switch (call.request) {
	case MMUSCOPE_IOC_SHARE_CREATE:
		create->addr = 0x1234000;
		break;
	case MMUSCOPE_IOC_SHARE_OPEN:
		open->addr = 0x5678000;
		break;
	case MMUSCOPE_IOC_SHARE_INFO:
		info->bytes = 8192;
		break;
	case MMUSCOPE_IOC_SHARE_PHYS:
		*(uint64_t *)(uintptr_t)phys->vec = 0xabc000;
		phys->nr = 1;
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	void *arg;

	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	calls++;
	call.fd = fd;
	call.request = request;
	memcpy(&call.size, arg, *(uint64_t *)arg <= sizeof(call) - 16 ?
	       *(uint64_t *)arg : 8);
	if (fail) {
		errno = fail;
		return -1;
	}
	answer(arg);
	return request == MMUSCOPE_IOC_SHARE_CREATE ||
	       request == MMUSCOPE_IOC_SHARE_OPEN ? SHARE : 0;
}

static struct mmuscope device = { .fd = DEVICE };

static bool asked(int fd, unsigned long request, uint64_t size)
{
	return calls == 1 && call.fd == fd && call.request == request &&
	       call.size == size;
}

static void create(void)
{
	const struct mmuscope_share_options some = {
		.bytes = 8192, .name = "scratch", .flags = MMUSCOPE_SHARE_KEEP,
		.page_shift = 12, .memtype = MMUSCOPE_MEMTYPE_WC,
		.mode = 0640, .on_node = 1, .node = 3,
	};
	const struct mmuscope_share_create *is = &call.create;
	void *addr = &call;

	calls = 0;
	tap_ok(mmuscope_share_create(&device, &some, NULL) == SHARE &&
	       asked(DEVICE, MMUSCOPE_IOC_SHARE_CREATE, sizeof(*is)),
	       "create: a descriptor");
	tap_ok(is->bytes == 8192 && !strcmp(is->name, "scratch") &&
	       is->flags == MMUSCOPE_SHARE_KEEP && is->page_shift == 12 &&
	       is->memtype == MMUSCOPE_MEMTYPE_WC && is->mode == 0640 &&
	       is->node == 3 && !is->addr && !is->id, "create: all options");
	calls = 0;
	tap_ok(mmuscope_share_create(&device, &(struct mmuscope_share_options)
				     { .bytes = 4096, .node = 3 }, &addr) == SHARE &&
	       calls == 1 && is->node == -1 && !*is->name &&
	       is->flags == MMUSCOPE_SHARE_MAP && addr == (void *)0x1234000,
	       "create: no name, any node, mapped");
	fail = ENOSPC;
	addr = &call;
	tap_ok(mmuscope_share_create(&device, &some, &addr) == -ENOSPC &&
	       addr == &call, "create: failed, and nothing told");
	fail = 0;
}

static void by_name(void)
{
	char name[MMUSCOPE_SHARE_NAME_SIZE + 1];
	void *addr = NULL;

	calls = 0;
	tap_ok(mmuscope_share_open(&device, "scratch", MMUSCOPE_SHARE_READONLY,
				   NULL) == SHARE &&
	       asked(DEVICE, MMUSCOPE_IOC_SHARE_OPEN, sizeof(call.open)) &&
	       !strcmp(call.open.name, "scratch") &&
	       call.open.flags == MMUSCOPE_SHARE_READONLY, "open");
	tap_ok(mmuscope_share_open(&device, "scratch", 0, &addr) == SHARE &&
	       call.open.flags == MMUSCOPE_SHARE_MAP &&
	       addr == (void *)0x5678000, "open, mapped");
	calls = 0;
	tap_ok(!mmuscope_share_remove(&device, "scratch") &&
	       asked(DEVICE, MMUSCOPE_IOC_SHARE_REMOVE, sizeof(call.remove)) &&
	       !call.remove.flags && !strcmp(call.remove.name, "scratch"),
	       "remove");

	memset(name, 'x', sizeof(name));
	name[MMUSCOPE_SHARE_NAME_SIZE] = 0;
	calls = 0;
	tap_ok(mmuscope_share_open(&device, name, 0, NULL) == -ENAMETOOLONG &&
	       mmuscope_share_remove(&device, name) == -ENAMETOOLONG &&
	       mmuscope_share_create(&device, &(struct mmuscope_share_options)
				     { .name = name }, NULL) == -ENAMETOOLONG &&
	       !calls, "a name that is too long is not cut, but refused");
	name[MMUSCOPE_SHARE_NAME_SIZE - 1] = 0;
	tap_ok(!mmuscope_share_remove(&device, name) &&
	       !strcmp(call.remove.name, name), "the longest name");
}

static void by_descriptor(void)
{
	struct mmuscope_share_info info = { .bytes = 1 };
	uint64_t phys[4] = { 0 };

	calls = 0;
	tap_ok(!mmuscope_share_info(SHARE, &info) &&
	       asked(SHARE, MMUSCOPE_IOC_SHARE_INFO, sizeof(info)) &&
	       info.bytes == 8192 && !info.id, "info");
	calls = 0;
	tap_ok(!mmuscope_share_seal(SHARE, MMUSCOPE_SEAL_WRITE) &&
	       asked(SHARE, MMUSCOPE_IOC_SHARE_SEAL, sizeof(call.seal)) &&
	       call.seal.seals == MMUSCOPE_SEAL_WRITE, "seal");
	calls = 0;
	tap_ok(mmuscope_share_phys(SHARE, 7, 4, phys) == 1 &&
	       asked(SHARE, MMUSCOPE_IOC_SHARE_PHYS, sizeof(call.phys)) &&
	       call.phys.first == 7 && call.phys.vec_len == 4 &&
	       !call.phys.flags && phys[0] == 0xabc000, "phys: how many");
	fail = EPERM;
	tap_ok(mmuscope_share_phys(SHARE, 0, 4, phys) == -EPERM &&
	       mmuscope_share_info(SHARE, &info) == -EPERM &&
	       mmuscope_share_seal(SHARE, 1) == -EPERM, "errors");
	fail = 0;
}

int main(void)
{
	create();
	by_name();
	by_descriptor();
	return tap_done();
}
