// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scan of what is outside of all VMAs tells of each address that is in none,
 * and of no other, that nothing is there: for processes with many holes, next to
 * pages that are mapped and where pages were, and up to the last address.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "device.h"
#include "kernel.h"
#include "tables.h"
#include "tap.h"
#include "target.h"
#include "zoo.h"

#define PAGE 4096UL

static unsigned long task_end;

static struct mmuscope_scan ask_outside(unsigned long start, unsigned long end)
{
	struct mmuscope_scan ask = device_ask(start, end);

	ask.flags |= MMUSCOPE_SCAN_OUTSIDE;
	return ask;
}

static void unmap(struct span span)
{
	munmap(span_at(span, 0), span.end - span.start);
}

/* Pages that come and go in tables that stay. */
static void perforate(struct span span)
{
	memory_touch(span, PAGE);
	for (size_t at = PAGE; at < span.end - span.start; at += 4 * PAGE)
		unmap(span_part(span, at, (1 + at / PAGE % 3) * PAGE));
}

/* Where the kernel puts nothing by itself, as far up as there are levels. */
static size_t spread(void)
{
	const unsigned long at[] = {
		1UL << 16, 1UL << 32, (1UL << 39) - 8 * PAGE, 1UL << 46,
		1UL << 47, (1UL << 48) - 8 * PAGE, 1UL << 52, task_end - 16 * PAGE,
	};
	size_t mapped = 0;

	for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++) {
		struct span span = { at[i], at[i] + 16 * PAGE };

		if (mmap(span_at(span, 0), 16 * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
			 0) == MAP_FAILED)
			continue;
		perforate(span);
		mapped++;
	}
	return mapped;
}

static struct span perforated(void)
{
	struct span span = memory_small(8 * MB), gone;

	if (spread() < (tables_levels() == 5 ? 8 : 5))
		target_cannot("high addresses cannot be mapped");
	perforate(span_part(span, 0, 4 * MB));
	memory_touch(span_part(span, 4 * MB, 4 * MB), PAGE);
	memory_pageout(span_part(span, 4 * MB, 2 * MB));
	for (size_t at = 4 * MB; at < 6 * MB; at += 64 * KB)
		unmap(span_part(span, at, PAGE));
	gone = memory_huge(8 * MB);
	unmap(span_part(gone, MB, PAGE));
	unmap(span_part(gone, 2 * MB, 2 * MB));
	gone = memory_touched(memory_map(4 * 2 * MB, 2 * MB, PROT_READ | PROT_WRITE,
					 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1));
	unmap(span_part(gone, 2 * MB, 4 * MB));
	unmap(memory_touched(memory_anon(64 * MB)));
	return span;
}

/* From the i-th extent on, up to there, with nothing left out? */
static bool fills(const struct scan *s, size_t *i, unsigned long from, unsigned long to)
{
	for (; from < to && *i < s->extents && s->extent[*i].start == from; (*i)++)
		from = s->extent[*i].end;
	return from == to;
}

static bool is_complement(const struct scan *outside, const struct scan *inside)
{
	unsigned long at = 0;
	size_t next = 0;

	for (size_t i = 0; i < inside->vmas && inside->vma[i].start < task_end; i++) {
		if (!fills(outside, &next, at, inside->vma[i].start)) {
			tap_note("wrong before %llx", inside->vma[i].start);
			return false;
		}
		at = inside->vma[i].end;
	}
	return fills(outside, &next, at, task_end) && next == outside->extents;
}

static size_t not_empty(const struct scan *s)
{
	size_t nr = 0;

	for (size_t i = 0; i < s->extents; i++)
		nr += s->extent[i].backing != MMUSCOPE_BACKING_NONE ||
		      s->extent[i].flags;
	return nr;
}

static void any_room(const char *name, int handle, const struct scan *whole)
{
	static const struct room rooms[] = {
		{ 1, 1, 1, 0, 0 }, { 2, 0, 0, 0, 0 }, { 3, 2, 7, 0, 0 },
		{ 7, 1, 0, 128, 128 }, { 113, 1, 1, 0, 0 },
	};
	const size_t nr = sizeof(rooms) / sizeof(*rooms);
	struct mmuscope_scan ask = ask_outside(0, 0);
	struct scan s;
	size_t same = 0;

	for (size_t i = 0; i < nr; i++) {
		if (device_scan(&s, handle, &ask, &rooms[i]) || s.wrong[0])
			tap_note("room %zu: %s", i, s.wrong);
		else
			same += rooms[i].vmas ? device_scan_same(&s, whole) :
				device_extents_same(s.extent, s.extents,
						    whole->extent, whole->extents);
		device_scan_free(&s);
	}
	tap_ok(same == nr, "%s: the same with any room", name);
}

static void of(const char *name, pid_t pid)
{
	struct mmuscope_scan ask = ask_outside(0, 0), ask_inside = device_ask(0, 0);
	int handle = device_target(pid);
	struct scan outside, inside;

	if (device_scan(&outside, handle, &ask, &device_roomy) ||
	    device_scan(&inside, handle, &ask_inside, &device_roomy))
		tap_bail("cannot scan");
	tap_ok(outside.vmas == 1 && !outside.vma[0].start &&
	       outside.vma[0].end == task_end && !outside.vma[0].flags &&
	       !*outside.name[0] && !outside.wrong[0],
	       "%s: all holes are one VMA %s", name, outside.wrong);
	tap_ok(is_complement(&outside, &inside),
	       "%s: %zu extents are all that %zu VMAs leave out", name,
	       outside.extents, inside.vmas);
	tap_ok(!not_empty(&outside), "%s: nothing is there", name);
	any_room(name, handle, &outside);
	device_scan_free(&outside);
	device_scan_free(&inside);
	close(handle);
}

/* A range may begin and end inside VMAs, and beyond what can be mapped. */
static void ranges(const struct span *span, int handle)
{
	const struct {
		unsigned long start, end;
		size_t holes;
	} rows[] = {
		{ span->start, span->start + PAGE, 0 },
		{ span->start, span->start + 5 * PAGE, 1 },
		{ span->start + PAGE, span->start + 2 * PAGE, 1 },
		{ span->start + 2 * PAGE, span->start + 6 * PAGE, 2 },
		{ task_end - PAGE, task_end, 0 },
		{ task_end - 32 * PAGE, task_end, 5 },
		{ task_end - PAGE, 0, 0 },
	};
	unsigned int bad = 0;
	struct scan s;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mmuscope_scan ask = ask_outside(rows[i].start, rows[i].end);
		int err = device_scan(&s, handle, &ask, &device_roomy);

		if (!err && !s.wrong[0] && s.extents == rows[i].holes)
			continue;
		bad++;
		tap_note("%lx-%lx: %s, %zu extents %s", rows[i].start, rows[i].end,
			 strerror(-err), s.extents, s.wrong);
	}
	tap_ok(!bad, "ranges");
}

/* All there is in one call, which finds nothing; how long was a hold? */
static int present(int handle, struct mmuscope_scan *args)
{
	static struct mmuscope_extent extent;

	*args = ask_outside(0, 0);
	args->size = sizeof(*args);
	args->vec = (uintptr_t)&extent;
	args->vec_len = 1;
	args->vec_size = sizeof(extent);
	args->mask = MMUSCOPE_FLAG_PRESENT;
	return device_ioctl(handle, MMUSCOPE_IOC_SCAN, args);
}

static void everybody(void)
{
	unsigned long processes = 0, found = 0, entries = 0, longest = 0;
	int device = device_open(), handle;
	DIR *proc = opendir("/proc");
	struct mmuscope_scan args;
	struct dirent *d;

	while ((d = readdir(proc))) {
		if (!isdigit(*d->d_name))
			continue;
		handle = device_bind(device, MMUSCOPE_TARGET_PID, atoi(d->d_name));
		if (handle < 0)
			continue;
		if (!present(handle, &args)) {
			processes++;
			found += args.nr || args.walk_end != args.end;
			entries += args.entries;
			if (args.longest > longest)
				longest = args.longest;
		}
		close(handle);
	}
	closedir(proc);
	close(device);
	tap_ok(processes >= 3 && !found && entries && longest <= 2048,
	       "%lu processes have nothing outside: %lu entries, at most %lu in a hold",
	       processes, entries, longest);
}

static void of_kernel(void)
{
	struct mmuscope_scan args;
	int err = present(kernel_handle(), &args);

	tap_ok(err == -EINVAL, "the kernel's half has no VMAs: %s", strerror(-err));
}

int main(void)
{
	struct target t;
	struct zoo zoo;
	int handle;

	task_end = ARCH_END(tables_levels());
	if (!target_start(&t, perforated, NULL))
		tap_bail("%s", t.why);
	of("perforated", t.pid);
	handle = device_target(t.pid);
	ranges(&t.span, handle);
	close(handle);
	everybody();
	target_stop(&t);
	zoo_start(&zoo);
	of("zoo", zoo.pid);
	zoo_stop(&zoo);
	of_kernel();
	return tap_done();
}
