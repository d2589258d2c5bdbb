// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw or not, a scan tells the same: extents that the library decodes are those that
 * the module decodes, field by field, for memory of every kind, for what comes of
 * hundreds of random changes, in parts of it, and whatever is left out. A filter
 * that lets everything pass makes the module decode.
 */
#include <mmuscope.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch.h"
#include "memory.h"
#include "tap.h"
#include "target.h"
#include "zoo.h"

#define ENTRY_FLAGS	(MMUSCOPE_SCAN_FLAGS & (MMUSCOPE_FLAG_ANON - 1))
#define ANY_LEVEL	(0x1fULL << 58)

static struct mmuscope *mmuscope;

struct told {
	struct mmuscope_found *found;
	size_t nr, room;
	size_t swapped;
};

static void tell(struct told *told, const struct mmuscope_found *found)
{
	if (told->nr == told->room) {
		told->room = told->room * 2 + 1024;
		told->found = realloc(told->found, told->room * sizeof(*found));
	}
	told->swapped += found->extent.backing == MMUSCOPE_BACKING_SWAP;
	told->found[told->nr] = *found;
	told->found[told->nr++].name = strdup(found->name);
}

static void forget(struct told *told)
{
	while (told->nr)
		free((char *)told->found[--told->nr].name);
	free(told->found);
}

static struct told scan(struct mmuscope_target *target, uint64_t start,
			uint64_t end, uint64_t ignore, bool decoded)
{
	const struct mmuscope_scan_options options = {
		.start = start, .end = end,
		.anyof = decoded ? ANY_LEVEL : 0,
		.ignore = (MMUSCOPE_SCAN_FLAGS & ~ENTRY_FLAGS) | ignore,
	};
	struct mmuscope_scanner *scanner;
	const struct mmuscope_found *found;
	struct told told = {};
	int err;

	if (mmuscope_scan_begin(target, &options, &scanner))
		tap_bail("cannot begin");
	while ((err = mmuscope_scan_next(scanner, &found)) == 1)
		tell(&told, found);
	if (err)
		tap_bail("scan: %s", strerror(-err));
	mmuscope_scan_end(scanner);
	return told;
}

static void say(const struct mmuscope_found *raw, const struct mmuscope_found *decoded)
{
	const struct mmuscope_extent *ext[] = { &raw->extent, &decoded->extent };

	for (int i = 0; i < 2; i++)
		tap_note("%s: %llx-%llx level %u flags %llx value %llx raw %llx",
			 i ? "decoded" : "raw", ext[i]->start, ext[i]->end,
			 ext[i]->level, ext[i]->flags, ext[i]->value, ext[i]->raw);
}

static bool same(const struct told *a, const struct told *b, bool loud)
{
	size_t i;

	for (i = 0; i < a->nr && i < b->nr; i++) {
		const struct mmuscope_found *x = &a->found[i], *y = &b->found[i];

		if (!memcmp(&x->extent, &y->extent, sizeof(x->extent)) &&
		    x->vma.start == y->vma.start && x->vma.end == y->vma.end &&
		    x->first_in_vma == y->first_in_vma && !strcmp(x->name, y->name))
			continue;
		if (loud)
			say(x, y);
		return false;
	}
	if (loud && a->nr != b->nr)
		tap_note("raw %zu extents, decoded %zu", a->nr, b->nr);
	return a->nr == b->nr;
}

/* What changed between two looks of the same kind is looked at again. */
static bool agree(struct mmuscope_target *target, uint64_t start, uint64_t end,
		  uint64_t ignore, size_t *nr, size_t *swapped)
{
	bool still = false, ok = false;

	for (int i = 0; i < 20 && !ok && !still; i++) {
		struct told before = scan(target, start, end, ignore, true);
		struct told raw = scan(target, start, end, ignore, false);
		struct told after = scan(target, start, end, ignore, true);

		ok = same(&raw, &before, false) || same(&raw, &after, false);
		still = same(&before, &after, false);
		if (!ok && still)
			same(&raw, &before, true);
		*nr += raw.nr;
		*swapped += raw.swapped;
		forget(&before);
		forget(&raw);
		forget(&after);
	}
	return ok;
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
	size_t nr = 0, swapped = 0, i;
	bool ok = true;

	for (i = 0; i < sizeof(ignore) / sizeof(*ignore); i++)
		ok &= agree(target, 0, 0, ignore[i], &nr, &swapped);
	tap_note("%s: %zu extents, %zu of swap", name, nr, swapped);
	tap_ok(ok && nr && swapped, "%s: raw or not, it is the same", name);
	mmuscope_target_close(target);
}

/* Ranges that begin and end anywhere. */
static void parts(pid_t pid, struct span span)
{
	struct mmuscope_target *target = target_of(pid);
	unsigned long pages = (span.end - span.start) / (4 * KB);
	size_t nr = 0, swapped = 0;
	unsigned int seed = 3, i;
	bool ok = true;

	for (i = 0; i < 60 && ok; i++) {
		unsigned long first = rand_r(&seed) % pages;
		unsigned long last = first + 1 + rand_r(&seed) % (pages - first);

		ok = agree(target, span.start + first * 4 * KB,
			   span.start + last * 4 * KB, 0, &nr, &swapped);
	}
	tap_ok(ok && nr && swapped, "parts of it: %zu extents", nr);
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
