// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw or not, a scan tells the same: extents that the library decodes are those that
 * the module decodes, field by field, for memory of every kind, for what comes of
 * hundreds of random changes, in parts of it, and whatever is left out. A filter
 * that lets everything pass makes the module decode.
 */
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
#define ANY_LEVEL	(0x1fULL << 58)

static struct mmuscope *mmuscope;

/* Decoded by the library against decoded by the module; what was told is added up. */
static bool agree(struct mmuscope_target *target, uint64_t start, uint64_t end,
		  uint64_t ignore, struct told *sum)
{
	const struct mmuscope_scan_options raw = {
		.start = start, .end = end,
		.ignore = (MMUSCOPE_SCAN_FLAGS & ~ENTRY_FLAGS) | ignore,
	};
	struct mmuscope_scan_options decoded = raw;

	decoded.anyof = ANY_LEVEL;
	return told_agree(target, &raw, &decoded, sum);
}

static struct mmuscope_target *target_of(pid_t pid)
{
	struct mmuscope_target *target;

	if (mmuscope_target_by_pid(mmuscope, pid, &target))
		tap_bail("no target");
	return target;
}

static void whole(const char *name, pid_t pid)
{
	struct mmuscope_target *target = target_of(pid);
	const uint64_t ignore[] = {
		0, MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_DIRTY |
		MMUSCOPE_FLAG_SOFT_DIRTY, ENTRY_FLAGS,
	};
	struct told sum = {};
	bool ok = true;

	for (size_t i = 0; i < sizeof(ignore) / sizeof(*ignore); i++)
		ok &= agree(target, 0, 0, ignore[i], &sum);
	tap_note("%s: %zu extents, %zu of swap", name, sum.nr, sum.swapped);
	tap_ok(ok && sum.nr && sum.swapped, "%s: raw or not, it is the same", name);
	mmuscope_target_close(target);
}

/* Ranges that begin and end anywhere. */
static void parts(pid_t pid, struct span span)
{
	struct mmuscope_target *target = target_of(pid);
	unsigned long pages = (span.end - span.start) / (4 * KB);
	unsigned int seed = 3, i;
	struct told sum = {};
	bool ok = true;

	for (i = 0; i < 60 && ok; i++) {
		unsigned long first = rand_r(&seed) % pages;
		unsigned long last = first + 1 + rand_r(&seed) % (pages - first);

		ok = agree(target, span.start + first * 4 * KB,
			   span.start + last * 4 * KB, 0, &sum);
	}
	tap_ok(ok && sum.nr && sum.swapped, "parts of it: %zu extents", sum.nr);
	mmuscope_target_close(target);
}

/* Hundreds of changes, each to pages that are found at random. */
static struct span random_memory(void)
{
	struct span span = memory_map(48 * MB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1);
	unsigned long pages = (span.end - span.start) / (4 * KB);
	unsigned int seed = 7, i;

	memory_advise(span_part(span, 0, 24 * MB), MADV_NOHUGEPAGE);
	memory_advise(span_part(span, 24 * MB, 24 * MB), MADV_HUGEPAGE);
	for (i = 0; i < 1500; i++) {
		unsigned long first = rand_r(&seed) % pages;
		unsigned long nr = 1 + rand_r(&seed) % (i % 9 ? 40 : 900);
		struct span part;

		if (nr > pages - first)
			nr = pages - first;
		part = span_part(span, first * 4 * KB, nr * 4 * KB);
		switch (rand_r(&seed) % 8) {
		case 0:
			mprotect((void *)part.start, part.end - part.start, PROT_READ);
			break;
		case 1:
			mprotect((void *)part.start, part.end - part.start, PROT_NONE);
			break;
		case 2:
			madvise((void *)part.start, part.end - part.start, MADV_PAGEOUT);
			break;
		case 3:
			madvise((void *)part.start, part.end - part.start, MADV_DONTNEED);
			break;
		case 4:
			madvise((void *)part.start, part.end - part.start, MADV_FREE);
			break;
		default:
			mprotect((void *)part.start, part.end - part.start,
				 PROT_READ | PROT_WRITE);
			memory_touch(part, 4 * KB << rand_r(&seed) % 3);
		}
	}
	return span;
}

int main(void)
{
	struct mmuscope_info info;
	struct target t;
	struct zoo zoo;

	if (mmuscope_open(&mmuscope) || mmuscope_get_info(mmuscope, &info))
		tap_bail("cannot open the device");
	tap_ok(!!(info.features & MMUSCOPE_FEATURE_RAW) == ARCH_RAW,
	       "there are raw scans, or not");
	if (!ARCH_RAW) {
		tap_skip("the same", "no raw scans on this processor");
		return tap_done();
	}
	zoo_start(&zoo);
	whole("zoo", zoo.pid);
	zoo_stop(&zoo);
	if (!target_start(&t, random_memory, NULL))
		tap_bail("%s", t.why);
	whole("random changes", t.pid);
	parts(t.pid, t.span);
	target_stop(&t);
	mmuscope_close(mmuscope);
	return tap_done();
}
