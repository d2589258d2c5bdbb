// SPDX-License-Identifier: GPL-2.0-only
/* Who looks at the machine: frames, who maps them, what there is, the kernel. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "kernel.h"
#include "memory.h"
#include "physical.h"
#include "stress.h"
#include "tap.h"
#include "text.h"
#include "who.h"

enum { FRAMES = 512, PAGES = 16, LOOKS = 50, AREAS = 3 };

static const int none[] = { 0 };
static int device;

static void begin(void)
{
	device = device_open();
}

/* RAM begins at 0 and at 4 GB; what comes and goes is looked at most. */
static uint64_t some_frame(unsigned int *seed)
{
	static const struct {
		uint64_t start, bytes;
	} places[] = {
		{ 0, 1UL << 30 }, { 4UL << 30, 1UL << 30 }, { HOT_START, HOT_BYTES },
		{ HOT_START, HOT_BYTES }, { 0, 8UL << 30 },
	};
	int i = stress_random(seed, sizeof(places) / sizeof(*places));

	return (places[i].start + stress_random(seed, places[i].bytes)) / 4096;
}

static int look_at_frames(unsigned int *seed)
{
	static struct mmuscope_frame frame[FRAMES];
	uint64_t pfn = some_frame(seed);
	int err = frames_range(device, pfn, frame, FRAMES);

	if (err)
		return stress_due("FRAMES", err, none);
	for (int i = 0; i < FRAMES; i++) {
		const char *wrong = frames_wrong(&frame[i]);

		if (wrong)
			stress_wrong("frame %llx, kind %u: %s", frame[i].pfn, frame[i].kind, wrong);
	}
	return FRAMES;
}

static struct span mine;

static void begin_mappers(void)
{
	begin();
	mine = memory_touched(memory_small(PAGES * 4096));
}

/* Who maps a page of ours, that stays where it is, is at least ourselves. */
static int ask_for_mine(unsigned int *seed)
{
	unsigned long addr = mine.start + stress_random(seed, PAGES) * 4096;
	uint64_t pfn = frames_behind(getpid(), addr);
	struct who who;
	int err;

	if (!pfn)
		return -EAGAIN;
	err = who_ask(&who, device, pfn, 0, 256);
	if (err)
		stress_due("MAPPERS", err, none);
	else if (!who.status && frames_behind(getpid(), addr) == pfn &&
		 !who_has(&who, getpid(), addr, 4096))
		stress_wrong("%lx at %lx: we are not among %zu", pfn, addr, who.nr);
	who_free(&who);
	return err ?: 1;
}

static int ask_for_any(unsigned int *seed)
{
	uint64_t flags = stress_random(seed, 64) ? 0 : MMUSCOPE_MAPPERS_SCAN;
	uint64_t pfn = some_frame(seed);
	struct who who;
	int err = who_ask(&who, device, pfn, flags, 1 + stress_random(seed, 256));

	if (err)
		stress_due("MAPPERS", err, none);
	for (size_t i = 0; !err && i < who.nr; i++) {
		const struct mmuscope_mapper *m = &who.mapper[i];

		if (m->start != (m->addr & -m->bytes) || m->level >= MMUSCOPE_NR_LEVELS ||
		    !memchr(m->comm, 0, sizeof(m->comm)))
			stress_wrong("%lx: %llx of %llx, %llx bytes", pfn, m->addr,
				     m->start, m->bytes);
	}
	who_free(&who);
	return err ?: 1;
}

static int ask_mappers(unsigned int *seed)
{
	return stress_random(seed, 2) ? ask_for_mine(seed) : ask_for_any(seed);
}

/* Counted is one part only: it takes a look at every frame. */
static int list_physical(unsigned int *seed)
{
	struct mmuscope_phys ask = {};
	struct physical p;
	int err;

	if (!stress_random(seed, 4)) {
		ask.flags = MMUSCOPE_PHYS_COUNT;
		ask.start = some_frame(seed) * 4096;
		ask.end = ask.start + 4 * MB;
	}
	err = physical_read(&p, device, &ask, 1 + stress_random(seed, 64), 0);
	if (err)
		stress_due("PHYS", err, none);
	for (size_t i = 0; !err && i < p.nr; i++)
		if (p.range[i].start >= p.range[i].end ||
		    p.range[i].kind >= MMUSCOPE_NR_PHYS_KINDS)
			stress_wrong("%llx-%llx of kind %u", p.range[i].start, p.range[i].end,
				     p.range[i].kind);
	physical_free(&p);
	return err ?: 1;
}

static int half;
static struct mmuscope_vma area[AREAS];

void stress_find_areas(void)
{
	static const char * const moving[] = { "[vmalloc]", "[direct map]", "[modules]" };

	half = kernel_handle();
	for (int i = 0; i < AREAS; i++)
		if (!kernel_area(half, moving[i], &area[i]))
			tap_bail("there is no %s", moving[i]);
}

static void translate_some(const struct scan *s, unsigned int *seed)
{
	struct mmuscope_translation t;

	for (int i = 0; i < LOOKS; i++) {
		uint64_t addr = s->extent[stress_random(seed, s->extents)].start;

		if (device_translate(half, addr, &t) || !kernel_is_a_way(&t))
			stress_wrong("no way to %lx", addr);
	}
}

static int scan_kernel(unsigned int *seed)
{
	const struct mmuscope_vma *in = &area[stress_random(seed, AREAS)];
	struct mmuscope_scan ask = device_ask(in->start, in->end);
	struct scan s;
	int err;

	if (!stress_random(seed, 32)) {
		ask.start = 0;
		ask.end = -4096UL;
	}
	err = device_scan(&s, half, &ask, &device_roomy);
	if (err)
		stress_due("SCAN", err, none);
	else if (!kernel_is_whole(&s, ask.end))
		stress_wrong("%llx-%llx is not whole: %s", ask.start, ask.end, s.wrong);
	else
		translate_some(&s, seed);
	device_scan_free(&s);
	return err ?: 1 + LOOKS;
}

static int read_list(unsigned int *seed)
{
	static const char * const lists[] = {
		"mappings", "status", "kernel/summary", "kernel/maps", "physical",
	};
	/* Each half as often as the one before, for it takes longer. */
	int i = __builtin_ctz(stress_random(seed, 16) | 16);
	char path[64], *text;
	ssize_t n;

	snprintf(path, sizeof(path), MMUSCOPE "/%s", lists[i]);
	n = text_slurp(path, &text);
	if (n < 0)
		return stress_due(lists[i], n, none);
	if (n && text[n - 1] != '\n')
		stress_wrong("%s: the last line has no end", lists[i]);
	text_free(text);
	return 1;
}

static int list_processes(unsigned int *seed)
{
	DIR *dir = opendir(MMUSCOPE "/pid");
	struct dirent *entry;
	int last = 0, pid;

	(void)seed;
	if (!dir)
		return stress_due("pid", -errno, none);
	while ((entry = readdir(dir))) {
		pid = atoi(entry->d_name);
		if (pid && pid <= last)
			stress_wrong("process %d after %d", pid, last);
		last = pid ?: last;
	}
	closedir(dir);
	return 1;
}

const struct kind machine_kinds[] = {
	{ "frames", 1, begin, NULL, look_at_frames },
	{ "mappers", 1, begin_mappers, NULL, ask_mappers },
	{ "physical memory", 1, begin, NULL, list_physical },
	{ "the kernel's half", 1, NULL, NULL, scan_kernel },
	{ "lists", 1, NULL, NULL, read_list },
	{ "list of processes", 1, NULL, NULL, list_processes },
	{}
};
