// SPDX-License-Identifier: GPL-2.0-only
/* A share keeps the module: by a descriptor, a mapping, or its name alone. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "memory.h"
#include "module.h"
#include "share.h"
#include "tap.h"

static void stays(const char *what)
{
	int err = module_remove(false);

	tap_ok(err == -EAGAIN || err == -EBUSY, "%s: %s", what, strerror(-err));
}

int main(void)
{
	int fd = share_new(64 * KB, 0), err;
	void *p = share_map(fd, 64 * KB, PROT_READ);

	stays("open and mapped");
	close(fd);
	stays("mapped");
	munmap(p, 64 * KB);
	fd = share_new(64 * KB, 0);
	stays("open");
	close(fd);
	close(share_keep("kept", 64 * KB, 0600));
	stays("kept");
	err = share_remove("kept");
	tap_ok(!err, "removed, it is free: %s", strerror(-err));
	err = module_remove(true);
	tap_ok(!err, "and the module goes: %s", strerror(-err));
	err = module_load();
	tap_ok(!err, "loaded again: %s", strerror(-err));
	fd = share_new(2 * MB, LARGE_SHIFT);
	tap_ok(share_info(fd).id == 1, "and it counts anew");
	close(fd);
	return tap_done();
}
