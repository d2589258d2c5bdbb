// SPDX-License-Identifier: GPL-2.0-only
/*
 * What SCAN says, printed, is what debugfs prints, and agrees with pagemap page
 * by page, for a process with memory of every kind; without values it is the
 * same with neighbours merged; and any part of the range is that part of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agreement.h"
#include "device.h"
#include "tap.h"
#include "text.h"
#include "zoo.h"

static int handle;
static struct scan whole;

/* As maps_read(), through the device. */
static int scan_read(struct maps *m, pid_t pid)
{
	struct mmuscope_scan ask = device_ask(0, 0);
	int fd = device_target(pid);
	struct scan s;
	int err = device_scan(&s, fd, &ask, &device_roomy);

	close(fd);
	memset(m, 0, sizeof(*m));
	if (!err)
		maps_parse(m, device_text(&s, false));
	if (s.wrong[0])
		snprintf(m->wrong, sizeof(m->wrong), "%s", s.wrong);
	device_scan_free(&s);
	return err;
}

static void say_difference(const char *a, const char *b)
{
	size_t at = 0, line = 0;

	for (; a[at] && a[at] == b[at]; at++)
		if (a[at] == '\n')
			line = at + 1;
	tap_note("scan    %.100s", a + line);
	tap_note("debugfs %.100s", b + line);
}

/* Both at once, tried again if something moved in between. */
static void as_debugfs(pid_t pid)
{
	struct mmuscope_scan ask = device_ask(0, 0);
	bool same = false;
	char *mine, *theirs;

	for (int i = 0; i < 5 && !same; i++) {
		device_scan_free(&whole);
		if (device_scan(&whole, handle, &ask, &device_roomy) ||
		    text_pid(pid, "maps", &theirs) < 0)
			tap_bail("cannot scan");
		mine = device_text(&whole, false);
		same = !strcmp(mine, theirs);
		if (!same)
			say_difference(mine, theirs);
		text_free(mine);
		text_free(theirs);
	}
	tap_note("%zu extents in %zu VMAs, %lu entries in %lu holds", whole.extents,
		 whole.vmas, whole.entries, whole.holds);
	tap_ok(same && !whole.wrong[0] && whole.extents > 40 && whole.vmas > 20,
	       "printed, it is what debugfs prints %s", whole.wrong);
}

static void as_pagemap(const char *name, pid_t pid)
{
	struct agreement a;
	int err = agreement_check_by(&a, pid, scan_read);

	tap_note("%s: %lu pages agree, %lu differ, %lu are hidden %s", name, a.agree,
		 a.differ, a.hidden, a.first);
	tap_ok(!err && a.agree && !a.differ, "%s agrees with pagemap", name);
	agreement_free(&a);
}

static bool alike(const struct mmuscope_extent *a, const struct mmuscope_extent *b)
{
	struct mmuscope_extent copy = *b;

	copy.start = a->start;
	copy.end = a->end;
	return !memcmp(&copy, a, sizeof(copy));
}

/* What is left without values, neighbours of the same VMA merged. */
static size_t without_values(struct mmuscope_extent *out, const struct scan *s)
{
	size_t nr = 0, vma = 0;
	bool begins;

	for (size_t i = 0; i < s->extents; i++) {
		struct mmuscope_extent e = s->extent[i];

		e.value = e.raw = e.swap_type = 0;
		e.flags &= ~(MMUSCOPE_FLAG_KSM | MMUSCOPE_FLAG_SWAPCACHE);
		begins = vma < s->vmas && s->vma[vma].first == i;
		vma += begins;
		if (nr && !begins && alike(&out[nr - 1], &e))
			out[nr - 1].end = e.end;
		else
			out[nr++] = e;
	}
	return nr;
}

static void values_off(void)
{
	struct mmuscope_extent *want = calloc(whole.extents, sizeof(*want));
	size_t nr = without_values(want, &whole);
	struct mmuscope_scan ask = device_ask(0, 0);
	struct scan s;
	int err;

	ask.flags = 0;
	err = device_scan(&s, handle, &ask, &device_roomy);
	tap_note("%zu extents without values, %zu with", s.extents, whole.extents);
	tap_ok(!err && s.extents < whole.extents &&
	       device_extents_same(s.extent, s.extents, want, nr),
	       "without values: no frame, no slot, and neighbours are merged");
	device_scan_free(&s);
	free(want);
}

/* The part of an extent that a range covers. */
static bool clip(struct mmuscope_extent *e, unsigned long start, unsigned long end)
{
	unsigned long skip;

	if (e->end <= start || e->start >= end)
		return false;
	skip = e->start < start ? start - e->start : 0;
	if (e->backing == MMUSCOPE_BACKING_SWAP)
		e->value += skip >> 12;
	else if (e->backing != MMUSCOPE_BACKING_NONE &&
		 e->backing != MMUSCOPE_BACKING_MARKER)
		e->value += skip;
	e->start += skip;
	if (e->end > end)
		e->end = end;
	/* The entry of another leaf is another one. */
	e->raw = 0;
	return true;
}

static bool part_is_part(unsigned long start, unsigned long end)
{
	struct mmuscope_extent *want = calloc(whole.extents, sizeof(*want));
	struct mmuscope_scan ask = device_ask(start, end);
	struct scan s;
	size_t nr = 0;
	int err = device_scan(&s, handle, &ask, &device_roomy);
	bool same;

	for (size_t i = 0; i < whole.extents; i++) {
		want[nr] = whole.extent[i];
		nr += clip(&want[nr], start, end);
	}
	for (size_t i = 0; i < s.extents; i++)
		s.extent[i].raw = 0;
	same = !err && !s.wrong[0] &&
	       device_extents_same(s.extent, s.extents, want, nr);
	if (!same)
		tap_note("%lx-%lx: %s %s", start, end, strerror(-err), s.wrong);
	device_scan_free(&s);
	free(want);
	return same;
}

/* Ranges that begin and end anywhere near where something begins or ends. */
static void parts(void)
{
	unsigned int bad = 0, tried = 0;
	size_t step = 7;

	for (size_t i = 0; i + step < whole.extents; i += 5, step = step * 3 % 11) {
		unsigned long start = whole.extent[i].start;
		unsigned long end = whole.extent[i + step].end;

		for (long move = -1; move <= 1; move++) {
			unsigned long from = start + move * 4096;
			unsigned long to = end - move * 4096;

			if (from >= to || to > whole.extent[whole.extents - 2].end)
				continue;
			tried++;
			bad += !part_is_part(from, to);
		}
	}
	tap_ok(tried > 30 && !bad, "a part of the range is that part: %u ranges", tried);
}

static void first_of_vmas(void)
{
	bool ok = whole.vmas && whole.vma[0].first == 0;

	for (size_t i = 0; i < whole.vmas && ok; i++) {
		const struct mmuscope_vma *v = &whole.vma[i];

		ok = v->first < whole.extents &&
		     whole.extent[v->first].start == v->start &&
		     (!v->first || whole.extent[v->first - 1].end <= v->start);
	}
	tap_ok(ok, "first is the first extent of a VMA");
}

int main(void)
{
	struct zoo zoo;

	zoo_start(&zoo);
	handle = device_target(zoo.pid);
	as_debugfs(zoo.pid);
	first_of_vmas();
	values_off();
	parts();
	as_pagemap("the zoo", zoo.pid);
	as_pagemap("PID 1", 1);
	zoo_stop(&zoo);
	return tap_done();
}
