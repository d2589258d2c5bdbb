// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handles: two threads on one, a hundred at once with bounded memory, closed
 * when another program is executed, and none left when there is no descriptor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "device.h"
#include "meminfo.h"
#include "tap.h"
#include "target.h"

enum { OPENS = 100, ROUNDS = 60, MOST_KB = 128 };

static struct target t;
static int handle;

static struct span built(void)
{
	struct span span = memory_small(2 * MB);

	memory_touch(span, 8192);
	return span;
}

/* What one thread asks for again and again, and what it got first. */
struct work {
	struct mmuscope_scan ask;
	struct room room;
	struct scan first;
	unsigned int bad, done;
};

static void *scan_again(void *arg)
{
	struct work *w = arg;
	struct mmuscope_translation tr;
	struct scan s;

	for (int i = 0; i < ROUNDS; i++) {
		int err = device_scan(&s, handle, &w->ask, &w->room);

		w->bad += err || s.wrong[0] || s.extents != w->first.extents ||
			  memcmp(s.extent, w->first.extent, s.extents * sizeof(*s.extent));
		device_scan_free(&s);
		err = device_translate(handle, w->ask.start, &tr);
		w->bad += err || tr.leaf.value != w->first.extent->value;
		w->done++;
	}
	return NULL;
}

static void threads(void)
{
	unsigned long middle = t.span.start + MB;
	struct work work[2] = {
		{ .ask = device_ask(t.span.start, middle), .room = { .extents = 7 } },
		{ .ask = device_ask(middle, t.span.end), .room = { .extents = 11 } },
	};
	pthread_t thread[2];

	for (int i = 0; i < 2; i++)
		if (device_scan(&work[i].first, handle, &work[i].ask, &work[i].room))
			tap_bail("cannot scan");
	for (int i = 0; i < 2; i++)
		pthread_create(&thread[i], NULL, scan_again, &work[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	tap_ok(!work[0].bad && !work[1].bad && work[0].done == ROUNDS &&
	       work[0].first.extents == 256 && work[1].first.extents == 256,
	       "two threads on one handle, %zu and %zu extents, do not mix", work[0].first.extents,
	       work[1].first.extents);
}

static long slab_kb(void)
{
	meminfo_shrink();
	return meminfo("Slab");
}

static void hundred(void)
{
	struct mmuscope_summary sum = { .size = sizeof(sum) };
	struct mmuscope_translation tr;
	int fds[OPENS], opened = 0;
	long before = slab_kb(), used;
	bool ok = true;

	for (int i = 0; i < OPENS; i++) {
		fds[i] = device_target(t.pid);
		opened += fds[i] >= 0;
	}
	used = slab_kb() - before;
	for (int i = 0; i < OPENS; i++)
		ok &= !device_translate(fds[i], t.span.start, &tr) && tr.phys &&
		      !device_ioctl(fds[i], MMUSCOPE_IOC_SUMMARY, &sum);
	before = slab_kb() - before;
	for (int i = 0; i < OPENS; i++)
		close(fds[i]);
	tap_note("%d handles: Slab grew by %ld kB, %ld.%02ld kB each; %ld kB after use",
		 OPENS, used, used / OPENS, used % OPENS, before);
	tap_ok(ok && opened == OPENS && used > 0 && used <= OPENS * MOST_KB &&
	       before <= OPENS * MOST_KB, "a hundred at once, at most %d kB each", MOST_KB);
}

static void given_back(void)
{
	long before, after;

	hundred();
	before = slab_kb();
	for (int i = 0; i < 500; i++)
		close(device_target(t.pid));
	after = slab_kb();
	tap_ok(after - before < 2048, "500 more, one after the other: Slab grew by %ld kB",
	       after - before);
}

static void close_on_exec(void)
{
	tap_ok(fcntl(handle, F_GETFD) == FD_CLOEXEC, "closed on exec");
}

static void no_descriptor(void)
{
	struct rlimit old, few;
	int device = device_open(), err, bad = 0;
	long before;

	getrlimit(RLIMIT_NOFILE, &old);
	few = (struct rlimit){ .rlim_cur = device + 1, .rlim_max = old.rlim_max };
	before = slab_kb();
	setrlimit(RLIMIT_NOFILE, &few);
	for (int i = 0; i < 500; i++) {
		err = device_bind(device, MMUSCOPE_TARGET_PID, t.pid);
		bad += err != -EMFILE;
	}
	setrlimit(RLIMIT_NOFILE, &old);
	tap_ok(!bad && slab_kb() - before < 2048, "no descriptor left: %s, and nothing leaks",
	       strerror(-err));
	close(device);
}

int main(void)
{
	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	handle = device_target(t.pid);
	close_on_exec();
	threads();
	given_back();
	no_descriptor();
	target_stop(&t);
	return tap_done();
}
