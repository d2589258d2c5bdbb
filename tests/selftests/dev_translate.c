// SPDX-License-Identifier: GPL-2.0-only
/*
 * TRANSLATE says of each page what SCAN and pagemap say; the tables on the way
 * are chained by their raw entries, their indices are the address, and their
 * permissions are together the leaf's; the VMA's promise is smaps'.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "device.h"
#include "pagemap.h"
#include "smaps.h"
#include "tables.h"
#include "tap.h"
#include "zoo.h"

enum { BATCH = 4096, OFFSET = 0x123 };

#define PERM (MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_EXEC | \
	      MMUSCOPE_FLAG_USER)

static int handle;
static struct mmuscope_info info = { .size = sizeof(info) };
static struct scan scan;
static struct zoo zoo;
static struct mmuscope_translation all[BATCH * 8], again[BATCH];
static size_t nr;
static char wrong[160];
static unsigned long compared, steps;

static void __attribute__((format(printf, 2, 3)))
differs(const struct mmuscope_translation *t, const char *fmt, ...)
{
	va_list args;
	int len;

	if (wrong[0])
		return;
	len = snprintf(wrong, sizeof(wrong), "%llx: ", t->addr);
	va_start(args, fmt);
	vsnprintf(wrong + len, sizeof(wrong) - len, fmt, args);
	va_end(args);
}

static void result(const char *name)
{
	tap_ok(!wrong[0], "%s %s", name, wrong);
	wrong[0] = '\0';
}

static void ask(struct mmuscope_translation *t, size_t len)
{
	struct mmuscope_translate args = {
		.size = sizeof(args),
		.vec = (uintptr_t)t,
		.vec_len = len,
		.vec_size = sizeof(*t),
	};

	if (device_ioctl(handle, MMUSCOPE_IOC_TRANSLATE, &args) || args.nr != len)
		tap_bail("cannot translate %zu addresses", len);
}

/* Every page; of long runs the ends, and some in between. */
static void choose(void)
{
	for (size_t i = 0; i < scan.extents; i++) {
		const struct mmuscope_extent *e = &scan.extent[i];
		unsigned long pages = (e->end - e->start) >> 12;
		unsigned long step = pages > 300 ? pages / 150 | 1 : 1;

		for (unsigned long page = 0; page < pages && nr < BATCH * 8; page += step) {
			memset(&all[nr], 0xa5, sizeof(*all));
			all[nr++].addr = e->start + (page << 12) + OFFSET;
		}
	}
}

static void against_scan(const struct mmuscope_translation *t,
			 const struct mmuscope_extent *e)
{
	struct mmuscope_extent want = *e;
	unsigned long page = t->addr & ~0xfffUL, skip = page - e->start;

	want.start = page;
	want.end = page + 4096;
	want.raw = skip ? t->leaf.raw : e->raw;
	if (e->backing == MMUSCOPE_BACKING_SWAP)
		want.value += skip >> 12;
	else if (e->backing != MMUSCOPE_BACKING_NONE &&
		 e->backing != MMUSCOPE_BACKING_MARKER)
		want.value += skip;
	if (memcmp(&want, &t->leaf, sizeof(want)))
		differs(t, "leaf is %llx-%llx value %llx flags %llx, scan says %llx flags %llx",
			t->leaf.start, t->leaf.end, t->leaf.value, t->leaf.flags,
			want.value, want.flags);
	if (t->phys != (want.flags & MMUSCOPE_FLAG_PRESENT ? want.value + OFFSET : 0))
		differs(t, "phys is %llx", t->phys);
	compared++;
}

static void against_vma(const struct mmuscope_translation *t, size_t i)
{
	struct mmuscope_vma want = scan.vma[i];
	size_t len = want.name_len;

	want.first = want.name = 0;
	if (memcmp(&want, &t->vma, sizeof(want)))
		differs(t, "VMA is %llx-%llx flags %llx name %u+%u", t->vma.start, t->vma.end,
			t->vma.flags, t->vma.name, t->vma.name_len);
	if (strcmp(t->name, scan.name[i]))
		differs(t, "name is %.40s", t->name);
	for (; len < sizeof(t->name); len++)
		if (t->name[len] && t->vma.flags & ~MMUSCOPE_VMA_FILE && !t->vma.ino)
			differs(t, "rubbish behind the name");
}

static void as_scan(void)
{
	size_t e = 0, v = 0;

	for (size_t i = 0; i < nr; i++) {
		while (all[i].addr >= scan.extent[e].end)
			e++;
		while (all[i].addr >= scan.vma[v].end)
			v++;
		against_scan(&all[i], &scan.extent[e]);
		against_vma(&all[i], v);
	}
	tap_note("%lu pages compared with scan", compared);
	tap_ok(compared > 1500, "there are pages");
	result("as SCAN says");
}

static void as_pagemap(void)
{
	unsigned long pages = 0;

	for (size_t i = 0; i < nr; i++) {
		unsigned long page = all[i].addr & ~0xfffUL;
		const struct mmuscope_extent *e = &all[i].leaf;
		uint64_t *p = NULL;

		/* One in eight, for each costs a few system calls. */
		if (i % 8 == 0 && !(all[i].vma.flags & MMUSCOPE_VMA_PFNMAP) &&
		    page < 1UL << 56)
			p = pagemap_read(zoo.pid, page, page + 4096);
		if (!p)
			continue;
		pages++;
		if (!(e->flags & MMUSCOPE_FLAG_PRESENT) != !(*p & PM_PRESENT) ||
		    (*p & PM_PRESENT && PM_PFN(*p) != all[i].phys >> 12) ||
		    (e->backing == MMUSCOPE_BACKING_SWAP &&
		     (PM_SWAP_OFFSET(*p) != e->value || PM_SWAP_TYPE(*p) != e->swap_type)))
			differs(&all[i], "pagemap says %llx", (unsigned long long)*p);
		free(p);
	}
	tap_note("%lu pages compared with pagemap", pages);
	tap_ok(pages > 150, "pagemap speaks of them");
	result("as pagemap says");
}

static void check_step(const struct mmuscope_translation *t, unsigned int i)
{
	const struct mmuscope_step *s = &t->step[i], *above = s - 1;
	unsigned int shift = 12 + 9 * (MMUSCOPE_LEVEL_PTE - s->level);
	unsigned int level = i ? above->level + 1 : MMUSCOPE_LEVEL_PGD;

	/* With 4 levels the one that is called pgd stands where p4d would. */
	if (info.levels == 4 && !i)
		shift -= 9;
	if (info.levels == 4 && level == MMUSCOPE_LEVEL_P4D)
		level++;
	steps++;
	if (s->level != level)
		differs(t, "step %u is of level %u", i, s->level);
	if (s->index != (t->addr >> shift & 511))
		differs(t, "step %u has index %u", i, s->index);
	if (!i && (s->table != all[0].step[0].table || !s->table))
		differs(t, "root is %llx", s->table);
	if (i && s->table != (above->raw & info.phys_mask))
		differs(t, "table %llx below entry %llx", s->table, above->raw);
	if (i && !(above->flags & MMUSCOPE_FLAG_PRESENT))
		differs(t, "a step below what is not present");
	if (s->table & 4095 || s->table >> info.pa_bits)
		differs(t, "table %llx", s->table);
}

static void check_path(const struct mmuscope_translation *t)
{
	const struct mmuscope_step *last = &t->step[t->nr_steps - 1];
	unsigned long size = level_size((enum level)last->level);
	uint64_t perm = PERM;

	if (!t->nr_steps || t->nr_steps > info.levels) {
		differs(t, "%u steps", t->nr_steps);
		return;
	}
	for (unsigned int i = 0; i < t->nr_steps; i++) {
		check_step(t, i);
		perm &= t->step[i].flags;
	}
	if (last->level != t->leaf.level || last->raw != t->leaf.raw)
		differs(t, "the last step is not the leaf: %llx, %llx", last->raw, t->leaf.raw);
	if (!(t->leaf.flags & MMUSCOPE_FLAG_PRESENT))
		return;
	if (perm != (t->leaf.flags & PERM))
		differs(t, "permissions %llx of %llx", (unsigned long long)perm, t->leaf.flags);
	if ((last->raw & info.phys_mask & ~(size - 1)) + (t->addr & (size - 1)) != t->phys &&
	    !(t->leaf.flags & (MMUSCOPE_FLAG_PROT_NONE | MMUSCOPE_FLAG_NUMA_HINT)))
		differs(t, "entry %llx of %lx bytes gives no %llx", last->raw, size, t->phys);
	for (unsigned int i = t->nr_steps; i < 8; i++)
		if (t->step[i].table || t->step[i].raw || t->step[i].level || t->step[i].index)
			differs(t, "step %u is told", i);
}

static void paths(void)
{
	unsigned int levels = 0;

	for (size_t i = 0; i < nr; i++) {
		check_path(&all[i]);
		levels |= 1U << all[i].step[all[i].nr_steps - 1].level;
	}
	tap_note("%lu steps, walks end at levels %x", steps, levels);
	tap_ok((levels & 0x1c) == 0x1c, "walks end at pud, pmd and pte");
	result("steps");
}

static bool in_batches_of(size_t size)
{
	size_t len = size == 1 ? 300 : nr < BATCH ? nr : BATCH;

	for (size_t at = 0; at < len; at++) {
		memset(&again[at], 0x5a, sizeof(*again));
		again[at].addr = all[at].addr;
	}
	for (size_t at = 0; at < len; at += size)
		ask(again + at, at + size > len ? len - at : size);
	for (size_t at = 0; at < len; at++)
		if (memcmp(&again[at], &all[at], sizeof(*again))) {
			differs(&all[at], "other in a batch of %zu", size);
			return false;
		}
	return true;
}

/* The kernel may have put small pages together meanwhile: then all once more. */
static void batches(void)
{
	bool same = false;

	for (int i = 0; i < 5 && !same; i++) {
		wrong[0] = '\0';
		for (size_t at = 0; i && at < nr; at += BATCH)
			ask(all + at, nr - at < BATCH ? nr - at : BATCH);
		same = in_batches_of(1) && in_batches_of(64) && in_batches_of(4096);
	}
	result("the same in batches of 1, 64 and 4096");
}

static void promises(void)
{
	static const struct {
		const char *two;
		uint64_t flag;
	} rows[] = {
		{ "rd", MMUSCOPE_VMA_READ }, { "wr", MMUSCOPE_VMA_WRITE },
		{ "ex", MMUSCOPE_VMA_EXEC }, { "ms", MMUSCOPE_VMA_SHARED },
		{ "lo", MMUSCOPE_VMA_LOCKED }, { "gd", MMUSCOPE_VMA_GROWSDOWN },
		{ "ht", MMUSCOPE_VMA_HUGETLB }, { "um", MMUSCOPE_VMA_UFFD_MISSING },
		{ "uw", MMUSCOPE_VMA_UFFD_WP }, { "ui", MMUSCOPE_VMA_UFFD_MINOR },
	};
	struct mmuscope_translation t;
	unsigned long words = 0;
	struct smaps s;

	if (smaps_read(&s, zoo.pid))
		tap_bail("cannot read smaps");
	for (size_t i = 0; i < s.vmas; i++) {
		bool mapped = smaps_flag(&s.vma[i], "pf") || smaps_flag(&s.vma[i], "io");

		device_translate(handle, s.vma[i].start, &t);
		if (t.vma.start != s.vma[i].start || t.vma.end != s.vma[i].end)
			differs(&t, "VMA of %llx-%llx", t.vma.start, t.vma.end);
		/* smaps says less of the page outside of all VMAs. */
		if (s.vma[i].start >> 63)
			continue;
		if (mapped != !!(t.vma.flags & MMUSCOPE_VMA_PFNMAP))
			differs(&t, "pfnmap is %d", mapped);
		for (size_t j = 0; j < sizeof(rows) / sizeof(*rows); j++, words++)
			if (smaps_flag(&s.vma[i], rows[j].two) !=
			    !!(t.vma.flags & rows[j].flag))
				differs(&t, "VMA flags %llx, smaps: %s", t.vma.flags,
					rows[j].two);
	}
	tap_note("%lu promises of %zu VMAs", words, s.vmas);
	smaps_free(&s);
	result("VMAs promise what smaps says");
}

static void nowhere(unsigned long addr)
{
	struct mmuscope_translation t, want = { .addr = addr };

	want.touch_read = want.touch_write = want.touch_exec = MMUSCOPE_TOUCH_NO_VMA;
	if (device_translate(handle, addr, &t) || memcmp(&t, &want, sizeof(t)))
		differs(&t, "not nothing: leaf end %llx, %u steps, touch %u %u %u",
			t.leaf.end, t.nr_steps, t.touch_read, t.touch_write, t.touch_exec);
}

int main(void)
{
	struct mmuscope_scan a = device_ask(0, 0);
	int device = device_open();

	zoo_start(&zoo);
	handle = device_target(zoo.pid);
	if (device_ioctl(device, MMUSCOPE_IOC_INFO, &info))
		tap_bail("no INFO");
	tap_ok(info.levels == (unsigned int)tables_levels(), "%u levels", info.levels);
	if (device_scan(&scan, handle, &a, &device_roomy))
		tap_bail("cannot scan");
	choose();
	for (size_t at = 0; at < nr; at += BATCH)
		ask(all + at, nr - at < BATCH ? nr - at : BATCH);
	as_scan();
	as_pagemap();
	paths();
	batches();
	promises();
	nowhere(0);
	nowhere(scan.vma[0].start - 1);
	nowhere(ARCH_NOWHERE);
	nowhere(0xffff888000000000);
	nowhere(~0UL);
	result("where there is nothing");
	zoo_stop(&zoo);
	return tap_done();
}
