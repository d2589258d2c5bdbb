// SPDX-License-Identifier: GPL-2.0-only
/*
 * summary adds up: to what maps says extent by extent, to the tables that
 * pagetable lists, and to smaps, for a process with memory of every kind.
 */
#include <stdio.h>
#include <string.h>

#include "maps.h"
#include "smaps.h"
#include "story.h"
#include "tables.h"
#include "tap.h"
#include "text.h"
#include "zoo.h"

static char *summary, *status;
static struct maps maps;
static struct tables t;
static struct smaps s;
static unsigned int equals, differences;

static unsigned long kb(const char *pattern)
{
	return maps_count(&maps, 0, ~0UL, pattern) * 4;
}

/* The same of pages that smaps calls resident. */
static unsigned long resident_kb(const char *flag)
{
	static const char * const kinds[] = { "anon", "file", "shmem" };
	unsigned long sum = 0;
	char pattern[80];

	for (int i = 0; i < 3; i++) {
		snprintf(pattern, sizeof(pattern), "ram !hugetlb +%s %s", kinds[i], flag);
		sum += kb(pattern);
	}
	return sum;
}

static void equal(const char *name, unsigned long want, const char *whose)
{
	long is = text_field(summary, name);

	if (is == (long)want) {
		equals++;
		return;
	}
	differences++;
	tap_note("%s is %ld, %s says %lu", name, is, whose, want);
}

static void verdict(const char *whose)
{
	tap_note("%u values equal, %u differ", equals, differences);
	tap_ok(equals && !differences, "as %s", whose);
	equals = 0;
	differences = 0;
}

static void against_maps(void)
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
	unsigned long size = 0, rss = resident_kb("");

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		equal(rows[i].name, kb(rows[i].pattern), "maps");
	for (size_t i = 0; i < maps.vmas; i++)
		size += (maps.vma[i].end - maps.vma[i].start) >> 10;
	equal("Size", size, "maps");
	equal("Rss", rss, "maps");
	equal("Shared", resident_kb("+shared"), "maps");
	equal("Private", resident_kb("!shared"), "maps");
	equal("Dirty", resident_kb("+dirty"), "maps");
	equal("Accessed", resident_kb("+accessed"), "maps");
	equal("SoftDirty", resident_kb("+soft-dirty"), "maps");
	/* What has no struct page to speak of: VM_PFNMAP, the vsyscall page. */
	equal("Special", kb("ram") - rss - kb("ram +hugetlb") - kb("ram +zero"), "maps");
	equal("Leaf4k", kb("pte ram") + kb("pte mmio"), "maps");
	equal("Extents", maps.extents, "maps");
}

/* Neighbours in memory whose frames are neighbours too, whatever their flags. */
static void longest_run(void)
{
	unsigned long run = 0, longest = 0;
	const struct extent *last = NULL;

	for (size_t i = 0; i < maps.extents; i++) {
		const struct extent *e = &maps.extent[i];

		if (e->backing != RAM)
			continue;
		if (!last || last->end != e->start ||
		    extent_value_at(last, last->end) != e->value)
			run = 0;
		run += e->end - e->start;
		longest = run > longest ? run : longest;
		last = e;
	}
	equal("LongestRun", longest >> 10, "maps");
}

static void against_tables(void)
{
	unsigned long pages[LEVELS + 1] = { 1 }, filled[LEVELS] = {};
	enum level level, below;

	for (size_t i = 0; i < t.entries; i++) {
		level = t.entry[i].e.level;
		below = level == PGD && t.levels == 4 ? PUD : level + 1;
		filled[level]++;
		pages[below] += t.entry[i].e.backing == TABLE;
	}
	for (level = PGD; level < LEVELS; level++) {
		char name[16], want[64], row[80];

		if (!pages[level])
			continue;
		snprintf(name, sizeof(name), "\nTables_%s:", level_name(level));
		snprintf(want, sizeof(want), "%lu pages %lu filled\n",
			 pages[level], filled[level]);
		snprintf(row, sizeof(row), "%s", strstr(summary, name) ?: "\n(none)");
		if (strstr(row, want)) {
			equals++;
			continue;
		}
		differences++;
		tap_note("wanted %s, is %s", want, row);
	}
}

/*
 * Two oddities of smaps: huge pages that are PROT_NONE were left out (until v6.5),
 * for it looked at them as a debugger would, and a poisoned page still counts, as
 * private (until v6.10) or shared.
 */
static void against_smaps(void)
{
	unsigned long closed = kernel_since(6, 6) ? 0 : kb("pmd ram ---- +prot-none +thp");
	unsigned long poison = kb("poison");
	unsigned long poison_shared = kernel_since(6, 11) ? poison : 0;

	equal("Size", smaps_sum(&s, "Size"), "smaps");
	equal("Rss", smaps_sum(&s, "Rss") + closed - poison, "smaps");
	equal("Anonymous", smaps_sum(&s, "Anonymous") + closed - poison, "smaps");
	equal("AnonHugePages", smaps_sum(&s, "AnonHugePages") + closed, "smaps");
	equal("ShmemPmdMapped", smaps_sum(&s, "ShmemPmdMapped"), "smaps");
	equal("FilePmdMapped", smaps_sum(&s, "FilePmdMapped"), "smaps");
	equal("Shared", smaps_sum(&s, "Shared_Clean") + smaps_sum(&s, "Shared_Dirty") -
	      poison_shared, "smaps");
	equal("Private", smaps_sum(&s, "Private_Clean") +
	      smaps_sum(&s, "Private_Dirty") + closed - (poison - poison_shared), "smaps");
	equal("Hugetlb", smaps_sum(&s, "Shared_Hugetlb") +
	      smaps_sum(&s, "Private_Hugetlb"), "smaps");
	equal("Swap", smaps_sum(&s, "Swap"), "smaps");
}

static void against_status(pid_t pid)
{
	equal("PgtablesBytes", text_field(status, "VmPTE"), "/proc/PID/status");
	equal("Pid", pid, "fork");
	equal("Changed", 0, "anything of a process that stands still");
}

/*
 * Read everything. The kernel may still move pages on its own account: what
 * counts is what was read while maps stayed the same.
 */
static bool read_still(pid_t pid)
{
	char *before, *after;
	bool still;

	if (text_pid(pid, "maps", &before) < 0 || text_pid(pid, "summary", &summary) < 0 ||
	    tables_read(&t, pid) || smaps_read(&s, pid) ||
	    text_proc(pid, "status", &status) < 0 || text_pid(pid, "maps", &after) < 0)
		tap_bail("cannot read everything of %d", pid);
	still = !strcmp(before, after);
	text_free(before);
	maps_parse(&maps, after);
	return still;
}

int main(void)
{
	int tries = 10;

	struct zoo zoo;

	zoo_start(&zoo);
	while (!read_still(zoo.pid))
		if (!--tries)
			tap_bail("the zoo does not stand still");
	maps_complete(&maps);
	tap_ok(!maps.wrong[0], "maps is sound %s", maps.wrong);
	against_maps();
	longest_run();
	verdict("maps");
	against_tables();
	verdict("pagetable");
	against_smaps();
	verdict("smaps");
	against_status(zoo.pid);
	verdict("procfs");
	story_process("maps as pagemap", zoo.pid);
	zoo_stop(&zoo);
	return tap_done();
}
