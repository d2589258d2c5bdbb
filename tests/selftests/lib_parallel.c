// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scan by several threads tells what one tells, in the same order: for memory of
 * every kind, and for some GiB of it in clumps with much of nothing between, decoded
 * by the module or by the library, filtered, and without frames. One that ends early
 * leaves nothing behind, and one of a process that exits says so.
 */
#include <errno.h>
#include <mmuscope.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "arch.h"
#include "memory.h"
#include "tap.h"
#include "target.h"
#include "told.h"
#include "zoo.h"

#define ENTRY_FLAGS	(MMUSCOPE_SCAN_FLAGS & (MMUSCOPE_FLAG_ANON - 1))

static struct mmuscope *mmuscope;

/* Clumps from a page to 32 MB, in VMAs that begin and end anywhere. */
static struct span clumps(void)
{
	struct span span = memory_map(8 * GB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
	unsigned int seed = 5, i;

	memory_advise(span, MADV_NOHUGEPAGE);
	memory_scatter(span_part(span, GB - 16 * MB, 32 * MB));
	memory_touch(span_part(span, 2 * GB + MB, 48 * MB), 4 * KB);
	memory_touch(span_part(span, 3 * GB + 5 * MB, 64 * MB), 12 * KB);
	memory_pageout(span_part(span, 3 * GB + 5 * MB, 8 * MB));
	memory_advise(span_part(span, 5 * GB, GB), MADV_HUGEPAGE);
	memory_touch(span_part(span, 5 * GB + 100 * MB, 32 * MB), 2 * MB);
	memory_touch(span_part(span, 7 * GB, GB), 40 * MB);
	for (i = 0; i < 400; i++) {
		size_t at = rand_r(&seed) % (8 * GB / (4 * KB)) * 4 * KB;

		if (i % 2)
			at = 2 * GB + at % (40 * MB);
		mprotect(span_at(span, at), 4 * KB << rand_r(&seed) % 4, PROT_READ);
	}
	return span;
}

static struct mmuscope_target *target_of(pid_t pid)
{
	struct mmuscope_target *target;

	if (mmuscope_target_by_pid(mmuscope, pid, &target))
		tap_bail("no target");
	return target;
}

static void agrees(const char *name, struct mmuscope_target *target,
		   struct mmuscope_scan_options options, size_t least)
{
	static const unsigned int threads[] = { 2, 3, 8 };
	struct mmuscope_scan_options alone = options;
	struct told sum = {};
	bool ok = true;

	for (size_t i = 0; i < 3; i++) {
		options.threads = threads[i];
		ok &= told_agree(target, &options, &alone, &sum);
		ok &= sum.cost.walk_end == sum.cost.end && sum.cost.longest <= 2048;
	}
	tap_ok(ok && sum.nr >= least, "%s: 2, 3 and 8 threads tell the same, %zu extents",
	       name, sum.nr);
}

static void kinds(const char *name, pid_t pid, size_t least)
{
	struct mmuscope_target *target = target_of(pid);

	tap_note("%s", name);
	agrees("decoded", target, (struct mmuscope_scan_options) {}, least);
	agrees("filtered", target, (struct mmuscope_scan_options) {
		.mask = MMUSCOPE_FLAG_PRESENT, .anyof = MMUSCOPE_FLAG_ANON }, least / 3);
	agrees("next to nothing", target, (struct mmuscope_scan_options) {
		.mask = MMUSCOPE_FLAG_BAD }, 0);
	agrees("without frames", target, (struct mmuscope_scan_options) {
		.no_values = 1, .max_hold = 2 * MMUSCOPE_HOLD_MIN }, least / 6);
	agrees("in small calls", target, (struct mmuscope_scan_options) {
		.budget = 2000 }, least);
	if (ARCH_RAW)
		agrees("raw", target, (struct mmuscope_scan_options) {
			.ignore = MMUSCOPE_SCAN_FLAGS & ~ENTRY_FLAGS }, least);
	else
		tap_skip("raw", "no raw scans on this processor");
	mmuscope_target_close(target);
}

static void ends_early(pid_t pid)
{
	const struct mmuscope_scan_options options = { .threads = 3 };
	struct mmuscope_target *target = target_of(pid);
	const struct mmuscope_found *found;
	struct mmuscope_scanner *scanner;
	bool ok = true;

	for (unsigned int i = 0; i < 60 && ok; i++) {
		ok = !mmuscope_scan_begin(target, &options, &scanner);
		for (unsigned int j = 0; j < i * 37 && ok; j++)
			ok = mmuscope_scan_next(scanner, &found) == 1;
		mmuscope_scan_end(scanner);
	}
	tap_ok(ok, "60 that end early");
	mmuscope_target_close(target);
}

static void exits(struct target *t)
{
	const struct mmuscope_scan_options options = { .threads = 3 };
	struct mmuscope_target *target = target_of(t->pid);
	const struct mmuscope_found *found;
	struct mmuscope_scanner *scanner;
	int err;

	if (mmuscope_scan_begin(target, &options, &scanner))
		tap_bail("cannot begin");
	for (int i = 0; i < 700; i++)
		mmuscope_scan_next(scanner, &found);
	target_stop(t);
	do
		err = mmuscope_scan_next(scanner, &found);
	while (err == 1);
	tap_ok(err == -ESRCH && mmuscope_scan_next(scanner, &found) == -ESRCH,
	       "the process exits: ESRCH");
	mmuscope_scan_end(scanner);
	mmuscope_target_close(target);
}

int main(void)
{
	struct target t;
	struct zoo zoo;

	if (mmuscope_open(&mmuscope))
		tap_bail("cannot open the device");
	zoo_start(&zoo);
	kinds("zoo", zoo.pid, 100);
	zoo_stop(&zoo);
	if (!target_start(&t, clumps, NULL))
		tap_bail("%s", t.why);
	kinds("clumps", t.pid, 20000);
	ends_early(t.pid);
	exits(&t);
	mmuscope_close(mmuscope);
	return tap_done();
}
