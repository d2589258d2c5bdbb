// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "driver.h"
#include "module.h"
#include "text.h"

#define PLATFORM "/sys/bus/platform"

int driver_load(const char *name)
{
	char path[64];
	int err;

	snprintf(path, sizeof(path), "/lib/%s.ko", name);
	err = module_insert(path, "");
	return err == -EEXIST ? 0 : err;
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
