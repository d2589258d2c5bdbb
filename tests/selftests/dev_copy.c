// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy of a target: the same memory, seen with the rights of the one that was
 * copied, whoever copied it. It outlives that one, and ends with the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "capless.h"
#include "device.h"
#include "kernel.h"
#include "tap.h"
#include "target.h"

static int device, handle, kernel, pagemap;
static int blind, copy, kernel_copy;	/* bound, or copied, without capabilities */
static struct target t;

static struct span built(void)
{
	struct span span = memory_small(4 * MB);

	memory_scatter(span_part(span, 0, 2 * MB));
	memory_touch(span_part(span, 2 * MB, 2 * MB), 12 * KB);
	return span;
}

static int copy_of(int fd)
{
	return device_bind(device, MMUSCOPE_TARGET_COPY, fd);
}

enum shown { NOTHING, MEMORY, FRAMES };

static enum shown shows(int fd)
{
	struct mmuscope_translation tr;

	if (fd < 0 || device_translate(fd, t.span.start, &tr))
		return NOTHING;
	return tr.phys ? FRAMES : MEMORY;
}

static bool same(int a, int b)
{
	struct mmuscope_scan ask = device_ask(t.span.start, t.span.end);
	struct scan sa, sb;
	bool same = !device_scan(&sa, a, &ask, &device_roomy) &&
		    !device_scan(&sb, b, &ask, &device_roomy) &&
		    sa.extents > 500 && device_scan_same(&sa, &sb);

	device_scan_free(&sa);
	device_scan_free(&sb);
	return same;
}

static void without_capabilities(void)
{
	blind = device_bind(device, MMUSCOPE_TARGET_PAGEMAP, pagemap);
	copy = copy_of(handle);
	kernel_copy = copy_of(kernel);
}

static void rights(void)
{
	struct mmuscope_translation tr;
	int seeing;

	capless_run(without_capabilities);
	tap_ok(shows(copy) == FRAMES,
	       "who has no capabilities copies one that shows frames: so does the copy");
	tap_ok(kernel_copy >= 0 &&
	       !device_translate(kernel_copy, kernel_section(".text"), &tr) && tr.phys,
	       "likewise of the kernel's half");
	seeing = copy_of(blind);
	tap_ok(shows(blind) == MEMORY && shows(seeing) == MEMORY,
	       "who has copies one that shows none: nor does the copy");
	close(blind);
	close(seeing);
	close(kernel_copy);
	close(copy);
}

static void refused(void)
{
	const int other[] = {
		device, eventfd(0, 0), open("/proc/self/pagemap", O_RDONLY),
		open("/dev/null", O_RDWR),
	};
	bool ok = true;

	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
		ok &= copy_of(other[i]) == -EINVAL;
	tap_ok(ok, "of something else: EINVAL");
	tap_ok(copy_of(-1) == -EBADF && copy_of(999) == -EBADF, "of nothing: EBADF");
}

static void ends(void)
{
	struct mmuscope_translation tr;
	int last = copy_of(handle), later;

	close(handle);
	tap_ok(shows(last) == FRAMES, "the other is closed: it goes on");
	target_stop(&t);
	tap_ok(device_translate(last, t.span.start, &tr) == -ESRCH,
	       "the process has exited: ESRCH");
	later = copy_of(last);
	tap_ok(later >= 0 && device_translate(later, t.span.start, &tr) == -ESRCH,
	       "a copy that is made then says that, too");
	close(last);
	close(later);
}

int main(void)
{
	char path[32];

	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	device = device_open();
	handle = device_target(t.pid);
	snprintf(path, sizeof(path), "/proc/%d/pagemap", t.pid);
	pagemap = open(path, O_RDONLY | O_CLOEXEC);
	kernel = kernel_handle();
	copy = copy_of(handle);
	tap_ok(copy >= 0 && fcntl(copy, F_GETFD) == FD_CLOEXEC && same(handle, copy),
	       "a copy shows the same");
	close(copy);
	rights();
	refused();
	ends();
	return tap_done();
}
