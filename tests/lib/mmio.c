// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a program says of a window reaches the module, and the module's answer
 * the program, the reason of a refusal too. The module is played by ioctl().
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <mmuscope.h>

#include "internal.h"
#include "tap.h"

#define DEVICE	42
#define WINDOW	43

static struct {
	int fd;
	unsigned long request;
	union {
		uint64_t size;
		struct mmuscope_mmio_open open;
		struct mmuscope_mmio_access access;
		struct mmuscope_mmio_grant grant;
		struct mmuscope_mmio_grants grants;
	};
} call;

static int fail, calls;

static void refuse(struct mmuscope_mmio_open *open)
{
	open->why = MMUSCOPE_MMIO_WHY_BUSY;
	open->conflict_start = 0xfe901000;
	open->conflict_end = 0xfe902000;
}

static void answer(unsigned long request, void *arg)
{
	struct mmuscope_mmio_access *access = arg;
	struct mmuscope_mmio_grants *grants = arg;
	struct mmuscope_mmio_open *open = arg;

	switch (request) {
	case MMUSCOPE_IOC_MMIO_OPEN:
		open->addr = 0x1234000;
		open->id = 5;
		open->got = MMUSCOPE_MEMTYPE_UC_MINUS;
		break;
	case MMUSCOPE_IOC_MMIO_ACCESS:
		access->value = 0x10000ed;
		break;
	case MMUSCOPE_IOC_MMIO_GRANTS:
		grants->nr = 9;
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
	if (!fail) {
		answer(request, arg);
		return request == MMUSCOPE_IOC_MMIO_OPEN ? WINDOW : 0;
	}
	if (request == MMUSCOPE_IOC_MMIO_OPEN)
		refuse(arg);
	errno = fail;
	return -1;
}

static struct mmuscope device = { .fd = DEVICE };

static const struct mmuscope_mmio_options some = {
	.phys = 0xfe900000, .bytes = 0x4000, .name = "0000:00:04.0:0",
	.flags = MMUSCOPE_MMIO_SHARED, .memtype = MMUSCOPE_MEMTYPE_WC, .map = 1,
};

static void opens(void)
{
	struct mmuscope_mmio_options options = some;
	struct mmuscope_mmio_result result;

	tap_ok(mmuscope_mmio_open(&device, &options, &result) == WINDOW &&
	       calls == 1 && call.fd == DEVICE &&
	       call.request == MMUSCOPE_IOC_MMIO_OPEN &&
	       call.size == sizeof(call.open), "open: a descriptor");
	tap_ok(call.open.phys == 0xfe900000 && call.open.bytes == 0x4000 &&
	       call.open.memtype == MMUSCOPE_MEMTYPE_WC &&
	       !strcmp(call.open.name, "0000:00:04.0:0") &&
	       call.open.flags == (MMUSCOPE_MMIO_SHARED | MMUSCOPE_MMIO_MAP) &&
	       !call.open.reserved, "open: all options");
	tap_ok(result.addr == (void *)0x1234000 && result.id == 5 &&
	       result.memtype == MMUSCOPE_MEMTYPE_UC_MINUS && !result.why,
	       "open: what became of it");
	options.map = 0;
	options.name = NULL;
	tap_ok(mmuscope_mmio_open(&device, &options, &result) == WINDOW &&
	       call.open.flags == MMUSCOPE_MMIO_SHARED && !*call.open.name &&
	       !result.addr, "open: no name, not mapped");
}

static void is_refused(void)
{
	struct mmuscope_mmio_options options = some;
	struct mmuscope_mmio_result result = { .addr = &options, .id = 7 };
	char name[MMUSCOPE_SHARE_NAME_SIZE + 1];

	fail = EBUSY;
	tap_ok(mmuscope_mmio_open(&device, &options, &result) == -EBUSY &&
	       result.why == MMUSCOPE_MMIO_WHY_BUSY &&
	       result.start == 0xfe901000 && result.end == 0xfe902000,
	       "refused: why, and where");
	tap_ok(!result.addr && !result.id && !result.memtype,
	       "refused: and nothing else");
	fail = 0;
	calls = 0;
	memset(name, 'x', sizeof(name));
	name[MMUSCOPE_SHARE_NAME_SIZE] = 0;
	options.name = name;
	tap_ok(mmuscope_mmio_open(&device, &options, &result) ==
	       -ENAMETOOLONG && !calls && !result.why, "a name that is too long");
}

static void accesses(void)
{
	uint64_t value = 1;

	tap_ok(!mmuscope_mmio_read(WINDOW, 4, 2, &value) &&
	       value == 0x10000ed && call.fd == WINDOW &&
	       call.request == MMUSCOPE_IOC_MMIO_ACCESS &&
	       call.size == sizeof(call.access) && !call.access.flags &&
	       call.access.offset == 4 && call.access.width == 2, "read");
	tap_ok(!mmuscope_mmio_write(WINDOW, 8, 4, 0xdead) &&
	       call.access.flags == MMUSCOPE_MMIO_WRITE &&
	       call.access.offset == 8 && call.access.width == 4 &&
	       call.access.value == 0xdead, "write");
	fail = ENODEV;
	value = 1;
	tap_ok(mmuscope_mmio_read(WINDOW, 0, 4, &value) == -ENODEV &&
	       value == 1 && mmuscope_mmio_write(WINDOW, 0, 4, 0) == -ENODEV,
	       "errors");
	fail = 0;
}

static void grants(void)
{
	const struct mmuscope_mmio_grant grant = {
		.phys = 0xfe900000, .bytes = 16, .gid = 20, .widths = 4,
		.flags = MMUSCOPE_GRANT_READONLY,
	};
	struct mmuscope_mmio_grant vec[4];

	tap_ok(!mmuscope_mmio_grant(&device, &grant) && call.fd == DEVICE &&
	       call.request == MMUSCOPE_IOC_MMIO_GRANT &&
	       call.size == sizeof(grant) && call.grant.bytes == 16 &&
	       call.grant.gid == 20 && call.grant.widths == 4 &&
	       call.grant.flags == MMUSCOPE_GRANT_READONLY, "grant");
	tap_ok(mmuscope_mmio_grants(&device, 4, vec) == 9 &&
	       call.request == MMUSCOPE_IOC_MMIO_GRANTS &&
	       call.grants.vec == (uintptr_t)vec && call.grants.vec_len == 4 &&
	       call.grants.vec_size == sizeof(vec[0]), "grants: how many");
	fail = EPERM;
	tap_ok(mmuscope_mmio_grant(&device, &grant) == -EPERM &&
	       mmuscope_mmio_grants(&device, 4, vec) == -EPERM, "errors");
}

int main(void)
{
	opens();
	is_refused();
	accesses();
	grants();
	return tap_done();
}
