// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "sums.h"
#include "tap.h"
#include "text.h"

static unsigned int equals, differences;

bool sums_same(bool same)
{
	equals += same;
	differences += !same;
	return same;
}

void sums_equal(const char *summary, const char *name, unsigned long want,
		const char *whose)
{
	long is = text_field(summary, name);

	if (!sums_same(is == (long)want))
		tap_note("%s is %ld, %s says %lu", name, is, whose, want);
}

bool sums_verdict(const char *whose)
{
	bool ok = equals && !differences;

	tap_note("%u values equal, %u differ", equals, differences);
	tap_ok(ok, "as %s", whose);
	equals = 0;
	differences = 0;
	return ok;
}

unsigned long sums_kb(struct maps *maps, const char *pattern)
{
	return maps_count(maps, 0, ~0UL, pattern) * 4;
}

/* The same of pages that smaps calls resident. */
static unsigned long resident_kb(struct maps *maps, const char *flag)
{
	static const char * const kinds[] = { "anon", "file", "shmem" };
	unsigned long sum = 0;
	char pattern[80];

	for (int i = 0; i < 3; i++) {
		snprintf(pattern, sizeof(pattern), "ram !hugetlb +%s %s", kinds[i], flag);
		sum += sums_kb(maps, pattern);
	}
	return sum;
}

/* Neighbours in memory whose frames are neighbours too, whatever their flags. */
static unsigned long longest_run(const struct maps *maps)
{
	unsigned long run = 0, longest = 0;
	const struct extent *last = NULL;

	for (size_t i = 0; i < maps->extents; i++) {
		const struct extent *e = &maps->extent[i];

		if (e->backing != RAM)
			continue;
		if (!last || last->end != e->start ||
		    extent_value_at(last, last->end) != e->value)
			run = 0;
		run += e->end - e->start;
		longest = run > longest ? run : longest;
		last = e;
	}
	return longest >> 10;
}

void sums_as_maps(const char *summary, struct maps *maps)
{
	static const struct {
		const char *name, *pattern;
	} rows[] = {
		{ "Anonymous", "ram +anon !hugetlb" },
		{ "File", "ram +file !hugetlb" },
		{ "Shmem", "ram +shmem !hugetlb" },
		{ "KSM", "ram +ksm" },
		{ "AnonHugePages", "pmd ram +anon !hugetlb" },
		{ "Hugetlb", "ram +hugetlb" },
		{ "Zero", "ram +zero" },
		{ "Ram", "ram" }, { "Mmio", "mmio" }, { "SwapEntries", "swap" },
		{ "Migration", "migration" }, { "Device", "device" },
		{ "Poison", "poison" }, { "Marker", "marker" }, { "None", "none" },
		{ "Leaf2M", "pmd ram" }, { "Leaf1G", "pud ram" },
	};
	unsigned long size = 0, rss = resident_kb(maps, "");

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		sums_equal(summary, rows[i].name, sums_kb(maps, rows[i].pattern), "maps");
	for (size_t i = 0; i < maps->vmas; i++)
		size += (maps->vma[i].end - maps->vma[i].start) >> 10;
	sums_equal(summary, "Size", size, "maps");
	sums_equal(summary, "Rss", rss, "maps");
	sums_equal(summary, "Shared", resident_kb(maps, "+shared"), "maps");
	sums_equal(summary, "Private", resident_kb(maps, "!shared"), "maps");
	sums_equal(summary, "Dirty", resident_kb(maps, "+dirty"), "maps");
	sums_equal(summary, "Accessed", resident_kb(maps, "+accessed"), "maps");
	sums_equal(summary, "SoftDirty", resident_kb(maps, "+soft-dirty"), "maps");
	/* What has no struct page to speak of: VM_PFNMAP, the vsyscall page. */
	sums_equal(summary, "Special",
		   sums_kb(maps, "ram") - rss - sums_kb(maps, "ram +hugetlb") -
		   sums_kb(maps, "ram +zero"), "maps");
	sums_equal(summary, "Leaf4k", sums_kb(maps, "pte ram") + sums_kb(maps, "pte mmio"), "maps");
	sums_equal(summary, "Extents", maps->extents, "maps");
	sums_equal(summary, "LongestRun", longest_run(maps), "maps");
}

void sums_as_rollup(const char *summary, const char *rollup, long more)
{
	static const struct {
		const char *ours, *theirs;
	} rows[] = {
		{ "Pss", "Pss" }, { "PssAnon", "Pss_Anon" }, { "PssFile", "Pss_File" },
		{ "PssShmem", "Pss_Shmem" }, { "PssDirty", "Pss_Dirty" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		sums_equal(summary, rows[i].ours, text_field(rollup, rows[i].theirs) +
			   (i == 2 || i == 3 ? 0 : more), "smaps_rollup");
}
