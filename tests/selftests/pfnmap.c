// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's registers, mapped through sysfs: mmio with the address of the
 * PCI BAR, uncached. pagemap says nothing about such memory; the BAR is the
 * oracle. The guest has QEMU's edu device (1234:11e8) for it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "look.h"
#include "maps.h"
#include "tap.h"
#include "text.h"

#define DEVICES "/sys/bus/pci/devices"

static char device[300];

static long attribute(const char *name)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", device, name);
	return text_number(path);
}

static bool find_edu(void)
{
	DIR *dir = opendir(DEVICES);
	struct dirent *d;
	bool found = false;

	while (dir && !found && (d = readdir(dir))) {
		snprintf(device, sizeof(device), DEVICES "/%s", d->d_name);
		found = attribute("vendor") == 0x1234 && attribute("device") == 0x11e8;
	}
	if (dir)
		closedir(dir);
	return found;
}

static struct span built(void)
{
	char path[400];
	int fd;

	snprintf(path, sizeof(path), "%s/enable", device);
	text_write(path, "1");
	snprintf(path, sizeof(path), "%s/resource0", device);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		target_cannot("%s: %m", path);
	return memory_map(MB, 2 * MB, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
}

static void keep_a_quarter(struct span span)
{
	munmap(span_at(span, 256 * KB), MB - 256 * KB);
}

static void at_the_bar(const struct target *t, const char *name, size_t size)
{
	unsigned long bar = attribute("resource"), differ = 0, agree = 0;
	struct maps m;

	if (maps_read(&m, t->pid))
		tap_bail("cannot read maps");
	for (size_t at = 0; at < size; at += 4096) {
		unsigned long addr = t->span.start + at;
		const struct extent *e = maps_at(&m, addr);

		if (e && e->backing == MMIO && extent_value_at(e, addr) == bar + at)
			agree++;
		else
			differ++;
	}
	tap_note("%s: %lu pages agree with the BAR at %lx, %lu differ", name,
		 agree, bar, differ);
	tap_ok(agree && !differ, "%s", name);
	maps_free(&m);
}

int main(void)
{
	struct target t;

	if (!find_edu()) {
		tap_skip("registers of a device", "no edu device: boot with --qemu '-device edu'");
		return tap_done();
	}
	if (!target_start(&t, built, keep_a_quarter))
		tap_bail("%s", t.why);
	tap_ok(look_count(&t, "mmio rw-u +uc") + look_count(&t, "mmio rw-u +uc-") +
	       look_count(&t, "mmio rw-u +device-ngnre") == 256,
	       "uncached");
	at_the_bar(&t, "all pages", MB);
	target_step(&t);
	at_the_bar(&t, "what is left of them", 256 * KB);
	target_stop(&t);
	return tap_done();
}
