// SPDX-License-Identifier: GPL-2.0-only
/*
 * The filter of SCAN against one in user space, on memory of many kinds: every
 * combination of some bits in inverted, mask, anyof and the return mask, and
 * random ones of all bits.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "tap.h"
#include "target.h"

enum { MOST = 64, RANDOM = 2000, FIRST = 4 * MB - 192 * KB };

#define CACHE_FLAGS (MMUSCOPE_FLAG_CACHED | MMUSCOPE_FLAG_SWAPPED)
#define PAGE_FLAGS (MMUSCOPE_SCAN_FLAGS & ~(MMUSCOPE_FLAG_ANON - 1) & ~CACHE_FLAGS)
#define BACKING(name) MMUSCOPE_CAT_BACKING(MMUSCOPE_BACKING_##name)
#define LEVEL(name) MMUSCOPE_CAT_LEVEL(MMUSCOPE_LEVEL_##name)

static struct target t;
static int handle;

/*
 * Each leaf of the span, with and without what a struct page tells (1) and what
 * the page cache tells (2), which both are looked for if asked.
 */
enum { PAGE = 1, CACHE = 2, ALL = 3 };
static struct mmuscope_extent leaf[4][MOST];
static size_t leaves[4];
static uint64_t seen[4];	/* all categories that occur */
static unsigned long compared, differing, matched;

/* Some pages of each kind, and holes, before a huge page. */
static struct span built(void)
{
	struct span span = memory_anon(6 * MB);

	memory_advise(span_part(span, 0, 4 * MB), MADV_NOHUGEPAGE);
	memory_advise(span_part(span, 4 * MB, 2 * MB), MADV_HUGEPAGE);
	memory_touch(span_part(span, 4 * MB, 2 * MB), 4096);
	memory_scatter(span_part(span, FIRST, 32 * KB));
	memory_peek(span_part(span, FIRST + 32 * KB, 16 * KB));
	memory_touch(span_part(span, FIRST + 56 * KB, 32 * KB), 4096);
	memory_pageout(span_part(span, FIRST + 64 * KB, 16 * KB));
	mprotect(span_at(span, FIRST + 8 * KB), 8 * KB, PROT_READ);
	mprotect(span_at(span, FIRST + 20 * KB), 4 * KB, PROT_NONE);
	mprotect(span_at(span, FIRST + 28 * KB), 4 * KB, PROT_READ | PROT_EXEC);
	mmap(span_at(span, FIRST + 128 * KB), 16 * KB, PROT_READ | PROT_WRITE,
	     MAP_FIXED | MAP_PRIVATE, memory_file("/tmp", 64 * KB), 0);
	memory_peek(span_part(span, FIRST + 128 * KB, 8 * KB));
	memory_touch(span_part(span, FIRST + 132 * KB, 4 * KB), 4096);
	return span;
}

static struct mmuscope_scan ask(void)
{
	struct mmuscope_scan ask = device_ask(t.span.start + FIRST, t.span.end);

	ask.size = sizeof(ask);
	ask.vec_size = sizeof(struct mmuscope_extent);
	return ask;
}

static uint64_t categories(const struct mmuscope_extent *e)
{
	return e->flags | MMUSCOPE_CAT_BACKING(e->backing) |
	       MMUSCOPE_CAT_LEVEL(e->level);
}

/* Page by page, so that nothing is merged that the filter did not merge. */
static void learn(int with)
{
	struct mmuscope_scan a = ask();

	if (!(with & PAGE))
		a.return_mask &= ~PAGE_FLAGS;
	if (!(with & CACHE))
		a.return_mask &= ~CACHE_FLAGS;
	a.vec_len = 1;
	while (a.start < t.span.end) {
		struct mmuscope_extent *e = &leaf[with][leaves[with]];

		a.end = a.start + 4096;
		a.vec = (uintptr_t)e;
		if (device_ioctl(handle, MMUSCOPE_IOC_SCAN, &a) || a.nr != 1)
			tap_bail("cannot scan a page");
		seen[with] |= categories(e);
		a.start = e->end;
		/* More of the huge page is of no interest. */
		if (++leaves[with] == MOST)
			a.start = t.span.end;
	}
}

static bool wanted(const struct mmuscope_scan *a, const struct mmuscope_extent *e)
{
	uint64_t cats = categories(e) ^ a->inverted;

	for (int bit = 0; bit < 64; bit++)
		if ((a->mask >> bit & 1) && !(cats >> bit & 1))
			return false;
	if (!a->anyof)
		return true;
	for (int bit = 0; bit < 64; bit++)
		if ((a->anyof >> bit & 1) && (cats >> bit & 1))
			return true;
	return false;
}

static bool joins(const struct mmuscope_extent *a, const struct mmuscope_extent *b)
{
	struct mmuscope_extent c = *b;
	uint64_t value = a->value;

	if (a->backing == MMUSCOPE_BACKING_SWAP)
		value += (a->end - a->start) >> 12;
	else if (a->backing != MMUSCOPE_BACKING_NONE)
		value += a->end - a->start;
	c.start = a->start;
	c.end = a->end;
	c.raw = a->raw;
	c.value = a->value;
	return a->end == b->start && value == b->value && !memcmp(&c, a, sizeof(c));
}

/* Where VMAs begin: extents must not go across. */
static unsigned long borders[32];
static size_t nr_borders;

static bool border(unsigned long addr)
{
	for (size_t i = 0; i < nr_borders; i++)
		if (borders[i] == addr)
			return true;
	return false;
}

static size_t model(const struct mmuscope_scan *a, struct mmuscope_extent *out)
{
	uint64_t asked = a->inverted | a->mask | a->anyof | a->return_mask;
	int with = (asked & PAGE_FLAGS ? PAGE : 0) | (asked & CACHE_FLAGS ? CACHE : 0);
	size_t nr = 0;

	for (size_t i = 0; i < leaves[with]; i++) {
		struct mmuscope_extent e = leaf[with][i];

		if (!wanted(a, &e))
			continue;
		e.flags &= a->return_mask;
		if (nr && !border(e.start) && joins(&out[nr - 1], &e))
			out[nr - 1].end = e.end;
		else
			out[nr++] = e;
	}
	return nr;
}

static void compare(struct mmuscope_scan *a)
{
	static struct mmuscope_extent got[MOST * 2], want[MOST * 2];
	size_t nr;

	a->end = leaf[0][MOST - 1].end;
	a->vec = (uintptr_t)got;
	a->vec_len = MOST * 2;
	nr = model(a, want);
	compared++;
	matched += nr && nr < MOST;
	if (!device_ioctl(handle, MMUSCOPE_IOC_SCAN, a) && a->walk_end == a->end &&
	    a->nr == nr && !memcmp(got, want, nr * sizeof(*got)))
		return;
	if (!differing++) {
		tap_note("inverted %llx mask %llx anyof %llx return %llx", a->inverted,
			 a->mask, a->anyof, a->return_mask);
		device_extents_same(got, a->nr, want, nr);
	}
}

static uint64_t pick(const uint64_t *bits, unsigned int which)
{
	uint64_t word = 0;

	for (int i = 0; i < 4; i++)
		if (which >> i & 1)
			word |= bits[i];
	return word;
}

static void result(const char *name)
{
	tap_note("%s: %lu filters compared, %lu of them of interest", name, compared,
		 matched);
	tap_ok(!differing && matched > compared / 8, "%s", name);
	compared = matched = differing = 0;
}

/* All combinations of four bits in three words. */
static void combine(const char *name, const uint64_t bits[4], const uint64_t *masks,
		    size_t nr)
{
	for (unsigned int i = 0; i < 16 * 16 * 16; i++)
		for (size_t j = 0; j < nr; j++) {
			struct mmuscope_scan a = ask();

			a.inverted = pick(bits, i & 15);
			a.mask = pick(bits, i >> 4 & 15);
			a.anyof = pick(bits, i >> 8);
			a.return_mask = masks[j];
			compare(&a);
		}
	result(name);
}

static uint64_t few(unsigned int *seed, uint64_t of)
{
	uint64_t word = 0;

	for (int n = rand_r(seed) % 4; n; n--)
		word |= 1ULL << rand_r(seed) % 64;
	return word & of;
}

static void at_random(void)
{
	const uint64_t all = MMUSCOPE_SCAN_FLAGS | 0x1fULL << 58 | 0xffULL << 48;
	unsigned int seed = 1;

	for (int i = 0; i < RANDOM; i++) {
		struct mmuscope_scan a = ask();

		a.inverted = few(&seed, all) | few(&seed, all);
		a.mask = few(&seed, a.inverted ^ seen[ALL]);
		a.anyof = few(&seed, all);
		a.return_mask = (few(&seed, all) | few(&seed, all)) &
				MMUSCOPE_SCAN_FLAGS;
		if (i % 2)
			a.return_mask ^= MMUSCOPE_SCAN_FLAGS;
		compare(&a);
	}
	result("random filters");
}

int main(void)
{
	static const uint64_t flags[] = { MMUSCOPE_FLAG_PRESENT, MMUSCOPE_FLAG_WRITE,
					  MMUSCOPE_FLAG_ANON, MMUSCOPE_FLAG_ACCESSED };
	static const uint64_t cats[] = { BACKING(SWAP), BACKING(NONE), LEVEL(PMD),
					 MMUSCOPE_FLAG_DIRTY };
	static const uint64_t masks[] = { MMUSCOPE_SCAN_FLAGS, MMUSCOPE_FLAG_ANON };
	struct scan s;
	struct mmuscope_scan a;

	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	handle = device_target(t.pid);
	for (int with = 0; with <= ALL; with++)
		learn(with);
	a = ask();
	if (device_scan(&s, handle, &a, &device_roomy) || s.vmas > 32)
		tap_bail("cannot scan");
	for (; nr_borders < s.vmas; nr_borders++)
		borders[nr_borders] = s.vma[nr_borders].start;
	tap_note("%zu pages in %zu VMAs, categories %llx", leaves[ALL], s.vmas,
		 (unsigned long long)seen[ALL]);
	combine("flags", flags, masks, 2);
	combine("flags, levels and backings", cats, masks, 1);
	at_random();
	target_stop(&t);
	return tap_done();
}
