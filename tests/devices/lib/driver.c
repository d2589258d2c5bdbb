// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "driver.h"
#include "text.h"

#define PLATFORM "/sys/bus/platform"

int driver_load(const char *name)
{
	char path[64];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/lib/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		err = errno == EEXIST ? 0 : -errno;
	close(fd);
	return err;
}

static int tell(const char *driver, const char *what, const char *device)
{
	char path[128];

	snprintf(path, sizeof(path), PLATFORM "/drivers/%s/%s", driver, what);
	return text_write(path, device);
}

int driver_bind(const char *driver, const char *device)
{
	char path[128];
	int err;

	snprintf(path, sizeof(path), PLATFORM "/devices/%s/driver_override", device);
	err = text_write(path, driver);
	return err ?: tell(driver, "bind", device);
}

int driver_unbind(const char *driver, const char *device)
{
	return tell(driver, "unbind", device);
}
