// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who asks for short holds gets no longer ones, and who asks for short calls waits
 * for no more entries than he asked for and those of a step. However short they are,
 * taken together the calls tell what one tells, decoded or raw.
 */
#include <mmuscope.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "device.h"
#include "kernel.h"
#include "tap.h"
#include "target.h"
#include "told.h"
#include "zoo.h"

#define ENTRY_FLAGS	(MMUSCOPE_SCAN_FLAGS & (MMUSCOPE_FLAG_ANON - 1))
#define CACHE_FLAGS	(MMUSCOPE_FLAG_CACHED | MMUSCOPE_FLAG_SWAPPED)
#define STEP		MMUSCOPE_HOLD_MIN

static struct mmuscope *mmuscope;

/* Scattered frames, single pages, huge ones, a file, and much of nothing. */
static struct span built(void)
{
	struct span span = memory_map(4 * GB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);

	memory_advise(span, MADV_NOHUGEPAGE);
	memory_scatter(span_part(span, 0, 8 * MB));
	memory_touch(span_part(span, 8 * MB, 8 * MB), 12 * KB);
	memory_touch(span_part(span, 16 * MB, 16 * MB), 4 * KB);
	memory_pageout(span_part(span, 24 * MB, 4 * MB));
	memory_advise(span_part(span, 64 * MB, 16 * MB), MADV_HUGEPAGE);
	memory_touch(span_part(span, 64 * MB, 8 * MB), 2 * MB);
	memory_touch(span_part(span, GB, GB), 64 * MB);
	mmap(span_at(span, 3 * GB), 4 * MB, PROT_READ, MAP_FIXED | MAP_SHARED,
	     memory_file("/tmp", 4 * MB), 0);
	return span;
}

/* Not of all budgets: the first are of so few entries that there are very many calls. */
static void device_bounds(const char *name, int handle, struct mmuscope_scan ask,
			  unsigned int first)
{
	static const uint64_t budgets[] = { 1, 100, 517, 3000, 100000 };
	const uint64_t holds[] = { STEP, 600, 2 * STEP, 2048 };
	unsigned long longest = 0, most = 0, calls = 0;
	bool ok = true;

	for (size_t i = 4 * first; i < 20; i++) {
		uint64_t least = ask.return_mask & CACHE_FLAGS ? 2 * STEP : STEP;
		struct scan s;

		ask.max_hold = holds[i % 4];
		ask.budget = budgets[i / 4];
		if (ask.max_hold < least)
			continue;
		if (device_scan(&s, handle, &ask, &device_roomy) || s.wrong[0])
			tap_bail("%s: cannot scan: %s", name, s.wrong);
		if (s.longest > ask.max_hold || s.most >= ask.budget + least) {
			tap_note("%s: hold %lu of %llu, call %lu of %llu", name, s.longest,
				 ask.max_hold, s.most, ask.budget);
			ok = false;
		}
		longest = s.longest > longest ? s.longest : longest;
		most = s.most > most ? s.most : most;
		calls += s.calls;
		device_scan_free(&s);
	}
	tap_note("%s: longest hold %lu, call %lu, in %lu calls", name, longest, most, calls);
	tap_ok(ok && calls > 100 && longest > 1024 && most > 2048,
	       "%s: holds and calls are as short as asked for", name);
}

static void device_kinds(pid_t pid)
{
	int handle = device_target(pid);
	struct mmuscope_scan ask = device_ask(0, 0);

	device_bounds("everything", handle, ask, 0);
	ask.return_mask &= ~CACHE_FLAGS;
	device_bounds("without the page cache", handle, ask, 0);
	ask.return_mask = 0;
	ask.flags = 0;
	device_bounds("without frames", handle, ask, 0);
	close(handle);
	handle = kernel_handle();
	device_bounds("the kernel", handle, device_ask(0, 0), 2);
	close(handle);
}

static void unites(const char *name, struct mmuscope_target *target,
		   struct mmuscope_scan_options options)
{
	static const uint64_t budgets[] = { 1, 517, 1999, 5000 };
	struct mmuscope_scan_options whole = options;
	struct told sum = {};
	bool ok = true;

	for (size_t i = 0; i < sizeof(budgets) / sizeof(*budgets); i++) {
		options.budget = budgets[i];
		options.max_hold = i % 2 ? 2 * STEP : 0;
		ok &= told_agree(target, &options, &whole, &sum);
	}
	tap_ok(ok && sum.nr > 100, "%s: calls together tell the same, %zu extents",
	       name, sum.nr);
}

static void library(const char *name, pid_t pid)
{
	const struct mmuscope_scan_options raw = {
		.ignore = MMUSCOPE_SCAN_FLAGS & ~ENTRY_FLAGS,
	}, filter = {
		.mask = MMUSCOPE_FLAG_PRESENT, .anyof = MMUSCOPE_FLAG_ANON,
	}, no_values = {
		.no_values = 1,
	};
	struct mmuscope_target *target;

	if (mmuscope_target_by_pid(mmuscope, pid, &target))
		tap_bail("no target");
	tap_note("%s", name);
	unites("decoded", target, (struct mmuscope_scan_options) {});
	unites("filtered", target, filter);
	unites("without frames", target, no_values);
	if (ARCH_RAW)
		unites("raw", target, raw);
	else
		tap_skip("raw", "no raw scans on this processor");
	mmuscope_target_close(target);
}

int main(void)
{
	struct target t;
	struct zoo zoo;

	if (mmuscope_open(&mmuscope))
		tap_bail("cannot open the device");
	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	device_kinds(t.pid);
	library("built", t.pid);
	target_stop(&t);
	zoo_start(&zoo);
	library("zoo", zoo.pid);
	zoo_stop(&zoo);
	mmuscope_close(mmuscope);
	return tap_done();
}
