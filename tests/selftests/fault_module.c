// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever allocation or copy fails while the module is loaded or removed, it is
 * either there or it is not, and can be removed and loaded the next time.
 */
#include <errno.h>

#include "fault.h"
#include "module.h"
#include "tap.h"

static int load(void *arg)
{
	(void)arg;
	return module_load();
}

static int unload(void *arg)
{
	(void)arg;
	return module_unload();
}

static void undo_load(int ret, void *arg)
{
	(void)arg;
	if (!ret && module_remove(true))
		tap_bail("cannot remove what was loaded");
}

static void undo_unload(int ret, void *arg)
{
	(void)arg;
	if (!ret && module_load())
		tap_bail("cannot load what was removed");
}

int main(void)
{
	static const struct fault faults[] = {
		{ "insmod", .act = load, .undo = undo_load, .slow = true },
		{ "rmmod", .act = unload, .undo = undo_unload, .slow = true },
	};

	if (!fault_ready()) {
		tap_skip("faults", "this kernel cannot inject any");
		return tap_done();
	}
	if (module_remove(true))
		tap_bail("cannot remove the module");
	fault_sweep(&faults[0]);
	if (module_load())
		tap_bail("cannot load the module");
	fault_sweep(&faults[1]);
	return tap_done();
}
