// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module stays while its device or a handle is open, goes afterwards, and
 * the device with it; loaded again, it works.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "module.h"
#include "tap.h"
#include "target.h"

static void stays(const char *what)
{
	int err = module_remove(false);

	tap_ok(err == -EAGAIN || err == -EBUSY, "%s open: %s", what, strerror(-err));
}

int main(void)
{
	struct mmuscope_translation tr;
	int device = device_open(), handle, err;
	struct target t;

	target_start(&t, target_idle, NULL);
	stays("device");
	handle = device_target(t.pid);
	close(device);
	stays("handle");
	tap_ok(!device_translate(handle, t.span.start, &tr) && tr.phys,
	       "the handle still works");
	target_stop(&t);
	stays("handle of a process that is gone");
	close(handle);
	err = module_remove(true);
	tap_ok(!err, "removed: %s", strerror(-err));
	tap_ok(access("/dev/mmuscope", F_OK) && errno == ENOENT, "the device is gone");
	err = module_load();
	tap_ok(!err, "loaded again: %s", strerror(-err));
	handle = device_target(0);
	tap_ok(!device_translate(handle, (unsigned long)&tr, &tr) && tr.phys, "and it works");
	return tap_done();
}
