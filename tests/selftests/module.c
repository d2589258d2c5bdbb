// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module cannot be removed while a file is open or the pid directory is
 * mounted, and can be afterwards: after umount, or when the mount has expired by
 * itself. Loaded twice: EEXIST.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "module.h"
#include "tap.h"
#include "text.h"

static bool busy(int err)
{
	return err == -EAGAIN || err == -EBUSY;
}

static bool mounted(void)
{
	bool found;
	char *text;

	if (text_slurp("/proc/mounts", &text) < 0)
		tap_bail("cannot read /proc/mounts");
	found = strstr(text, " " MMUSCOPE "/pid ");
	text_free(text);
	return found;
}

static void with_file_open(const char *name)
{
	int fd = text_open(1, name), err;
	char byte;

	err = module_unload();
	tap_ok(busy(err), "%s open: %s", name, strerror(-err));
	tap_ok(umount(MMUSCOPE "/pid") && errno == EBUSY, "%s open: umount is busy", name);
	tap_ok(read(fd, &byte, 1) == 1, "%s open: still readable", name);
	close(fd);
}

static void with_status_open(void)
{
	int fd = open(MMUSCOPE "/status", O_RDONLY | O_CLOEXEC), err;

	umount(MMUSCOPE "/pid");
	err = module_unload();
	tap_ok(busy(err), "status open: %s", strerror(-err));
	close(fd);
}

static void with_directory_open(void)
{
	int fd = open(MMUSCOPE "/pid/1", O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	err = module_unload();
	tap_ok(busy(err), "directory open: %s", strerror(-err));
	close(fd);
}

static void expires(void)
{
	int tries = 0, err = -EAGAIN;

	access(MMUSCOPE "/pid/1", F_OK);
	tap_ok(mounted() && busy(module_unload()), "mounted: busy");
	while (mounted() && tries++ < 100)
		usleep(100000);
	tap_note("expired after about %d.%d s", tries / 10, tries % 10);
	tap_ok(!mounted(), "the mount expires by itself");
	/* The kernel lets go of an expired mount a few ticks later. */
	for (tries = 0; busy(err) && tries < 100; tries++) {
		usleep(10000);
		err = module_unload();
	}
	tap_ok(!err, "removed: %s", strerror(-err));
}

int main(void)
{
	int err = module_load();

	tap_ok(err == -EEXIST, "loaded twice: %s", strerror(-err));
	with_file_open("maps");
	with_file_open("pagetable");
	with_file_open("summary");
	with_directory_open();
	with_status_open();
	expires();
	tap_ok(access(MMUSCOPE, F_OK), "no directory without the module");
	err = module_load();
	tap_ok(!err, "loaded again: %s", strerror(-err));
	tap_ok(!access(MMUSCOPE "/pid/1/maps", R_OK), "and it works");
	err = module_remove(false);
	tap_ok(!err, "removed after umount: %s", strerror(-err));
	err = module_load();
	tap_ok(!err, "loaded once more: %s", strerror(-err));
	return tap_done();
}
