// SPDX-License-Identifier: GPL-2.0-only
/*
 * However small the arrays and however often a scan resumes: the same extents,
 * VMAs and names. Elements may be larger than we know, their rest becomes 0.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "tap.h"
#include "target.h"
#include "zoo.h"

static int handle;
static struct scan whole;
static unsigned long start, end;
static size_t longest;	/* name, with its 0 */
static unsigned long calls;

/* Random frames, holes, many small VMAs, some with names, and a huge page. */
static struct span built(void)
{
	struct span span = memory_small(10 * MB);
	int fd = memory_file("/tmp", MB);

	memory_scatter(span_part(span, 0, MB));
	memory_touch(span_part(span, 4 * MB, MB / 2), 8192);
	for (size_t at = 0; at < MB / 4; at += 8 * KB)
		mprotect(span_at(span, at), 4 * KB, PROT_READ);
	for (size_t at = 0; at < MB; at += 32 * KB)
		mmap(span_at(span, 6 * MB + at), 16 * KB, PROT_READ,
		     MAP_FIXED | MAP_PRIVATE, fd, at / 2);
	memory_advise(span_part(span, 8 * MB, 2 * MB), MADV_HUGEPAGE);
	memory_touch(span_part(span, 8 * MB, 2 * MB), 4096);
	return span;
}

static bool same_with(const struct room *room)
{
	struct mmuscope_scan ask = device_ask(start, end);
	struct scan s;
	int err = device_scan(&s, handle, &ask, room);
	bool same = !err && !s.wrong[0];

	if (same && room->vmas)
		same = device_scan_same(&s, &whole);
	else if (same)
		same = device_extents_same(s.extent, s.extents, whole.extent,
					   whole.extents);
	if (!same)
		tap_note("%zu extents, %zu VMAs, %zu bytes: %s %s", room->extents,
			 room->vmas, room->names, strerror(-err), s.wrong);
	calls += s.calls;
	device_scan_free(&s);
	return same;
}

static void sizes(const char *name)
{
	static const size_t extents[] = { 1, 2, 3, 7, 96, 97, 4096 };
	static const size_t vmas[] = { 1, 2, 33 };
	unsigned int bad = 0, tried = 0;

	for (size_t i = 0; i < 7; i++) {
		struct room room = { .extents = extents[i] };

		bad += !same_with(&room);
		tried++;
		room.names = longest;
		for (size_t j = 0; j < 3; j++) {
			/* All with the smallest and with the largest. */
			if (i && i < 6 && j != i % 3)
				continue;
			tried++;
			room.vmas = vmas[j];
			bad += !same_with(&room);
		}
	}
	tap_ok(!bad, "%s: %u sizes of arrays", name, tried);
}

static void names(const char *name)
{
	struct mmuscope_scan ask = device_ask(start, end);
	struct room room = { .extents = 96, .vmas = 33, .names = longest };
	unsigned int bad = 0;
	struct scan s;
	int err;

	for (int i = 0; i < 6; i++, room.names += 13)
		bad += !same_with(&room);
	tap_ok(!bad, "%s: names buffers from %zu bytes up", name, longest);
	room.names = longest - 1;
	err = device_scan(&s, handle, &ask, &room);
	tap_ok(err == -ENAMETOOLONG, "%s: one byte less: %s", name, strerror(-err));
	device_scan_free(&s);
	room.names = 0;
	err = device_scan(&s, handle, &ask, &room);
	tap_ok(!err && s.vmas == whole.vmas && !s.wrong[0],
	       "%s: VMAs without names %s", name, s.wrong);
	device_scan_free(&s);
}

static void strides(const char *name)
{
	static const size_t more[] = { 8, 56, 4096 };
	unsigned int bad = 0;

	for (size_t i = 0; i < 3; i++) {
		struct room room = { 7, 2, longest, sizeof(struct mmuscope_extent) + more[i],
				     sizeof(struct mmuscope_vma) + more[2 - i] };

		if (room.extent_size > 4096)
			room.extent_size = 4096;
		if (room.vma_size > 4096)
			room.vma_size = 4096;
		bad += !same_with(&room);
	}
	tap_ok(!bad, "%s: larger elements, their rest is 0", name);
	tap_note("%s: %lu calls", name, calls);
}

static void of(const char *name, pid_t pid)
{
	struct room room = { .extents = 8192, .vmas = 1024, .names = 1 << 20 };
	struct mmuscope_scan ask = device_ask(start, end);
	int err;

	handle = device_target(pid);
	err = device_scan(&whole, handle, &ask, &room);
	longest = calls = 0;
	for (size_t i = 0; i < whole.vmas; i++)
		if (strlen(whole.name[i]) >= longest)
			longest = strlen(whole.name[i]) + 1;
	tap_note("%s: %zu extents, %zu VMAs, longest name %zu bytes", name,
		 whole.extents, whole.vmas, longest);
	tap_ok(!err && whole.calls == 1 && !whole.wrong[0], "%s: in one call %s", name,
	       whole.wrong);
	sizes(name);
	names(name);
	strides(name);
	device_scan_free(&whole);
	close(handle);
}

int main(void)
{
	struct target t;
	struct zoo zoo;

	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	/* Nothing that it shares with this process. */
	start = t.span.start;
	end = t.span.end;
	of("scattered", t.pid);
	target_stop(&t);
	start = end = 0;
	zoo_start(&zoo);
	of("zoo", zoo.pid);
	zoo_stop(&zoo);
	return tap_done();
}
