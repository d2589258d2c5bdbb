// SPDX-License-Identifier: GPL-2.0-only
/* Who looks at processes. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "kernel.h"
#include "reading.h"
#include "stress.h"
#include "tables.h"

enum { EXTENTS = 512, VMAS = 32, ADDRESSES = 16, CALLS = 64, HOLD_MOST = 2560 };

static const int gone[] = { ESRCH, ENOENT, 0 };
static int device, levels;

static void begin(void)
{
	device = device_open();
	levels = tables_levels();
}

static int read_file(unsigned int *seed)
{
	pid_t pid = stress_somebody(seed);
	enum reading_file file = stress_random(seed, READING_FILES);
	struct reading reading;
	int err = reading_take(&reading, pid, file, levels);

	if (err)
		return stress_due(reading_names[file], err, gone);
	if (reading.wrong[0])
		stress_wrong("%s of %d: %s", reading_names[file], pid, reading.wrong);
	return 1;
}

static struct mmuscope_extent extent[EXTENTS];
static struct mmuscope_vma vma[VMAS];

static const char *wrong_extents(const struct mmuscope_scan *args)
{
	uint64_t at = args->start;

	for (uint64_t i = 0; i < args->nr; i++) {
		const struct mmuscope_extent *e = &extent[i];

		if (e->start < at || e->end <= e->start || (e->start | e->end) & 4095)
			return "extents are not in order";
		if (e->flags & ~(args->return_mask | MMUSCOPE_FLAG_REPEAT))
			return "flags that nobody asked for";
		if (e->level >= MMUSCOPE_NR_LEVELS || e->backing >= MMUSCOPE_BACKING_TABLE)
			return "an extent of no kind";
		at = e->end;
	}
	return at > args->walk_end ? "an extent beyond the walk" : NULL;
}

/*
 * Each extent lies in the VMA that it was found in. One that grew meanwhile is told
 * again as it is then.
 */
static const char *wrong_vmas(const struct mmuscope_scan *args)
{
	for (uint64_t i = 0; i < args->nr_vma; i++) {
		uint64_t until = i + 1 < args->nr_vma ? vma[i + 1].first : args->nr;

		if (vma[i].start >= vma[i].end || (i && vma[i].end <= vma[i - 1].start))
			return "VMAs are not in order";
		if (vma[i].first > until || until > args->nr)
			return "a VMA's extents are not there";
		for (uint64_t k = vma[i].first; k < until; k++)
			if (extent[k].start < vma[i].start || extent[k].end > vma[i].end)
				return "an extent outside of its VMA";
	}
	return NULL;
}

static const char *wrong_scan(const struct mmuscope_scan *args)
{
	if (args->nr > args->vec_len || args->nr_vma > args->vma_len)
		return "more than there is room for";
	if (args->walk_end <= args->start || args->walk_end > args->end)
		return "it does not come on";
	if (args->status & ~MMUSCOPE_SCAN_CHANGED || args->longest > HOLD_MOST)
		return "status, or a long hold";
	return wrong_extents(args) ?: wrong_vmas(args);
}

static int bind_somebody(unsigned int *seed)
{
	int fd = device_bind(device, MMUSCOPE_TARGET_PID, stress_somebody(seed));

	return fd < 0 ? stress_due("TARGET", fd, gone) : fd;
}

static int scan_once(int fd, struct mmuscope_scan *args)
{
	const char *wrong;
	int err = device_ioctl(fd, MMUSCOPE_IOC_SCAN, args);

	if (err)
		return stress_due("SCAN", err, gone);
	wrong = wrong_scan(args);
	if (wrong)
		stress_wrong("%s: %llx-%llx to %llx, %llu extents, %llu VMAs", wrong,
			     args->start, args->end, args->walk_end, args->nr, args->nr_vma);
	return wrong ? -EIO : 0;
}

static int scan(unsigned int *seed)
{
	struct mmuscope_scan args = {
		.size = sizeof(args),
		.flags = stress_random(seed, 2) ? MMUSCOPE_SCAN_VALUES : 0,
		.vec = (uintptr_t)extent,
		.vec_len = 1 + stress_random(seed, EXTENTS),
		.vec_size = sizeof(*extent),
		.return_mask = stress_random(seed, 2) ? MMUSCOPE_SCAN_FLAGS :
			       stress_random(seed, -1UL) & MMUSCOPE_SCAN_FLAGS,
	};
	int fd = bind_somebody(seed), err = 0, calls;

	if (fd < 0)
		return fd;
	if (stress_random(seed, 4)) {
		args.vma = (uintptr_t)vma;
		args.vma_len = 1 + stress_random(seed, VMAS);
		args.vma_size = sizeof(*vma);
	}
	for (calls = 0; calls < CALLS && !err; calls++) {
		err = scan_once(fd, &args);
		args.start = args.walk_end;
		if (args.start == args.end)
			break;
	}
	close(fd);
	return err ?: calls + 1;
}

static const char *wrong_translation(const struct mmuscope_translation *t)
{
	const struct mmuscope_extent *leaf = &t->leaf;

	if (!leaf->end)
		return t->nr_steps || t->phys ? "a way where no VMA is" : NULL;
	if (t->nr_steps > MMUSCOPE_NR_LEVELS || !kernel_is_a_way(t))
		return "no way down";
	if (t->addr < leaf->start || t->addr >= leaf->end)
		return "a leaf elsewhere";
	if (t->addr < t->vma.start || t->addr >= t->vma.end)
		return "a VMA elsewhere";
	if (t->touch_read >= MMUSCOPE_NR_TOUCHES || t->touch_write >= MMUSCOPE_NR_TOUCHES ||
	    t->touch_exec >= MMUSCOPE_NR_TOUCHES)
		return "no such touch";
	return strnlen(t->name, sizeof(t->name)) < sizeof(t->name) ? NULL : "a name without end";
}

/* Where there was something a moment ago. */
static int some_vmas(int fd)
{
	struct mmuscope_scan args = {
		.size = sizeof(args),
		.vec = (uintptr_t)extent,
		.vec_len = EXTENTS,
		.vec_size = sizeof(*extent),
		.vma = (uintptr_t)vma,
		.vma_len = VMAS,
		.vma_size = sizeof(*vma),
	};
	int err = scan_once(fd, &args);

	return err ?: (int)args.nr_vma;
}

static int translate_some(int fd, unsigned int *seed)
{
	static struct mmuscope_translation t[ADDRESSES];
	struct mmuscope_translate args = {
		.size = sizeof(args),
		.vec = (uintptr_t)t,
		.vec_len = ADDRESSES,
		.vec_size = sizeof(*t),
	};
	int nr = some_vmas(fd), err;

	if (nr <= 0)
		return nr;
	for (int i = 0; i < ADDRESSES; i++) {
		const struct mmuscope_vma *in = &vma[stress_random(seed, nr)];

		t[i].addr = in->start + stress_random(seed, in->end - in->start + 8192);
	}
	err = device_ioctl(fd, MMUSCOPE_IOC_TRANSLATE, &args);
	if (err)
		return stress_due("TRANSLATE", err, gone);
	for (uint64_t i = 0; i < args.nr; i++) {
		const char *wrong = wrong_translation(&t[i]);

		if (wrong)
			stress_wrong("%s: %llx, %u steps", wrong, t[i].addr, t[i].nr_steps);
	}
	return args.nr;
}

static int translate(unsigned int *seed)
{
	int fd = bind_somebody(seed), ret;

	if (fd < 0)
		return fd;
	ret = translate_some(fd, seed);
	close(fd);
	return ret;
}

static int summarize(unsigned int *seed)
{
	struct mmuscope_summary s = { .size = sizeof(s) };
	uint64_t backings = 0;
	int fd = bind_somebody(seed), err;

	if (fd < 0)
		return fd;
	err = device_ioctl(fd, MMUSCOPE_IOC_SUMMARY, &s);
	close(fd);
	if (err)
		return stress_due("SUMMARY", err, gone);
	for (int i = 0; i < 16; i++)
		backings += s.backing[i];
	if (backings != s.mapped || s.anon + s.file + s.shmem != s.rss ||
	    s.longest > HOLD_MOST)
		stress_wrong("sums: %lu of %llu, %llu %llu %llu of %llu; %llu entries", backings,
			     s.mapped, s.anon, s.file, s.shmem, s.rss, s.longest);
	return 1;
}

const struct kind look_kinds[] = {
	{ "files of processes", 1, begin, NULL, read_file },
	{ "scans", 1, begin, NULL, scan },
	{ "translations", 1, begin, NULL, translate },
	{ "summaries", 1, begin, NULL, summarize },
	{}
};
