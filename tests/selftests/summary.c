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
#include "sums.h"
#include "tables.h"
#include "tap.h"
#include "text.h"
#include "zoo.h"

static char *summary, *status, *rollup;
static struct maps maps;
static struct tables t;
static struct smaps s;

static unsigned long kb(const char *pattern)
{
	return sums_kb(&maps, pattern);
}

static void equal(const char *name, unsigned long want, const char *whose)
{
	sums_equal(summary, name, want, whose);
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
		if (!sums_same(strstr(row, want)))
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
	sums_as_rollup(summary, rollup, (long)closed - (long)poison);
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
	    text_proc(pid, "smaps_rollup", &rollup) < 0 ||
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
	sums_as_maps(summary, &maps);
	sums_verdict("maps");
	against_tables();
	sums_verdict("pagetable");
	against_smaps();
	sums_verdict("smaps");
	against_status(zoo.pid);
	sums_verdict("procfs");
	story_process("maps as pagemap", zoo.pid);
	zoo_stop(&zoo);
	return tap_done();
}
