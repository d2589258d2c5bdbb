// SPDX-License-Identifier: GPL-2.0-only
/* What there is with it. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mmuscope.h>

#include "bench.h"
#include "device.h"

/* What stands in an entry, with which no struct page is looked at. */
#define ENTRY_FLAGS	(MMUSCOPE_SCAN_FLAGS & (MMUSCOPE_FLAG_ANON - 1))

static struct mmuscope_extent extents[16384];
static struct mmuscope *mmuscope;
static struct mmuscope_target *target;
static int handle;
static pid_t bound_by;
static struct hold longest;

/* A target is bound once, as a descriptor of pagemap is opened once. */
static void bind_self(void)
{
	if (bound_by == getpid())
		return;
	if (mmuscope_open(&mmuscope) || mmuscope_target_by_pid(mmuscope, 0, &target))
		bench_die("cannot open the device");
	handle = device_target(getpid());
	memset(extents, 1, sizeof(extents));
	bound_by = getpid();
}

static void note_hold(uint64_t entries, uint64_t ns)
{
	if (entries > longest.entries)
		longest.entries = entries;
	if (ns > longest.ns)
		longest.ns = ns;
}

struct hold our_longest_hold(void)
{
	struct hold ret = longest;

	longest = (struct hold){ 0 };
	return ret;
}

static long scan(struct span span, uint64_t flags)
{
	struct mmuscope_scan args = {
		.size = sizeof(args), .flags = MMUSCOPE_SCAN_VALUES,
		.start = span.start, .end = span.end,
		.vec = (uintptr_t)extents,
		.vec_len = sizeof(extents) / sizeof(*extents),
		.vec_size = sizeof(*extents),
		.return_mask = flags,
	};
	long sum = 0;

	bind_self();
	while (args.start < args.end) {
		if (device_ioctl(handle, MMUSCOPE_IOC_SCAN, &args))
			bench_die("SCAN");
		sum += args.nr;
		args.start = args.walk_end;
		note_hold(args.longest, args.longest_ns);
	}
	return sum;
}

/* As it comes, to be decoded by nobody. */
static long raw(struct span span)
{
	static uint64_t words[8192];
	struct mmuscope_scan args = {
		.size = sizeof(args),
		.flags = MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_RAW,
		.start = span.start, .end = span.end,
		.vec = (uintptr_t)words,
		.vec_len = sizeof(words) / sizeof(*words),
		.vec_size = sizeof(*words),
		.return_mask = ENTRY_FLAGS,
	};
	long sum = 0;

	bind_self();
	while (args.start < args.end) {
		if (device_ioctl(handle, MMUSCOPE_IOC_SCAN, &args))
			bench_die("SCAN raw");
		sum += args.nr;
		args.start = args.walk_end;
		note_hold(args.longest, args.longest_ns);
	}
	return sum;
}

static long decoded(struct span span)
{
	return scan(span, ENTRY_FLAGS);
}

static long with_pages(struct span span)
{
	return scan(span, MMUSCOPE_SCAN_FLAGS);
}

static long library(struct span span)
{
	const struct mmuscope_scan_options options = {
		.start = span.start, .end = span.end,
		.ignore = MMUSCOPE_SCAN_FLAGS & ~ENTRY_FLAGS,
	};
	const struct mmuscope_found *found;
	struct mmuscope_scanner *scanner;
	struct mmuscope_scan cost;
	long sum = 0;

	bind_self();
	if (mmuscope_scan_begin(target, &options, &scanner))
		bench_die("mmuscope_scan_begin");
	while (mmuscope_scan_next(scanner, &found) == 1)
		sum++;
	mmuscope_scan_cost(scanner, &cost);
	note_hold(cost.longest, cost.longest_ns);
	mmuscope_scan_end(scanner);
	return sum;
}

static long summary(struct span span)
{
	struct mmuscope_summary sum;

	(void)span;
	bind_self();
	if (mmuscope_summary(target, &sum))
		bench_die("mmuscope_summary");
	note_hold(sum.longest, sum.longest_ns);
	return sum.rss;
}

static long text(struct span span)
{
	static char buffer[1 << 20];
	int fd = open("/sys/kernel/debug/mmuscope/pid/self/maps", O_RDONLY);
	long got, sum = 0;

	(void)span;
	if (fd < 0)
		return -1;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0)
		sum += got;
	close(fd);
	return got < 0 ? -1 : sum;
}

const struct method our_methods[] = {
	{ "raw", raw, 1 },
	{ "decoded", decoded, 1 },
	{ "library", library, 1 },
	{ "with-pages", with_pages, 1 },
	{ 0 }
};

const struct method our_wholes[] = {
	{ "summary", summary, 1 },
	{ "maps", text, 1 },
	{ 0 }
};
