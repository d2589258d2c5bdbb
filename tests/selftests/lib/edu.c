// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <stdio.h>

#include "edu.h"
#include "text.h"

#define DEVICES "/sys/bus/pci/devices"

static char path[300];

static long attribute(const char *device, const char *name)
{
	snprintf(path, sizeof(path), DEVICES "/%.200s/%s", device, name);
	return text_number(path);
}

unsigned long edu_find(const char **resource)
{
	DIR *dir = opendir(DEVICES);
	unsigned long bar = 0;
	struct dirent *d;

	while (dir && !bar && (d = readdir(dir)))
		if (attribute(d->d_name, "vendor") == 0x1234 &&
		    attribute(d->d_name, "device") == 0x11e8) {
			bar = attribute(d->d_name, "resource");
			attribute(d->d_name, "enable");
			text_write(path, "1");
			attribute(d->d_name, "resource0");
		}
	if (dir)
		closedir(dir);
	*resource = path;
	return bar;
}
