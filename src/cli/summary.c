// SPDX-License-Identifier: MIT
/*
 * summary: what debugfs' pid/PID/summary prints (src/module/text.c), line by
 * line. In JSON sizes are in bytes.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "cli.h"

/* What a line's number is. */
enum unit {
	KB,		/* bytes, printed in kB */
	FRAMES_KB,	/* likewise, for who may see frames */
	COUNT,
	BIT,		/* MMUSCOPE_SCAN_CHANGED or not */
	TABLES,		/* all lines of tables */
};

static const struct line {
	const char *name;
	const char *key;
	size_t offset;
	enum unit unit;
} lines[] = {
#define AT(member) offsetof(struct mmuscope_summary, member)
#define BACKING(name) AT(backing[MMUSCOPE_BACKING_##name])
#define LEAF(name) AT(leaf[MMUSCOPE_LEVEL_##name])
	{ "Size:",		"size",			AT(mapped), KB },
	{ "Rss:",		"rss",			AT(rss), KB },
	{ "Pss:",		"pss",			AT(pss), KB },
	{ "PssAnon:",		"pss_anon",		AT(pss_anon), KB },
	{ "PssFile:",		"pss_file",		AT(pss_file), KB },
	{ "PssShmem:",		"pss_shmem",		AT(pss_shmem), KB },
	{ "PssDirty:",		"pss_dirty",		AT(pss_dirty), KB },
	{ "Anonymous:",		"anonymous",		AT(anon), KB },
	{ "File:",		"file",			AT(file), KB },
	{ "Shmem:",		"shmem",		AT(shmem), KB },
	{ "KSM:",		"ksm",			AT(ksm), FRAMES_KB },
	{ "Shared:",		"shared",		AT(shared), KB },
	{ "Private:",		"private",		AT(unshared), KB },
	{ "Dirty:",		"dirty",		AT(dirty), KB },
	{ "Accessed:",		"accessed",		AT(accessed), KB },
	{ "SoftDirty:",		"soft_dirty",		AT(soft_dirty), KB },
	{ "AnonHugePages:",	"anon_huge_pages",	AT(anon_huge), KB },
	{ "ShmemPmdMapped:",	"shmem_pmd_mapped",	AT(shmem_pmd), KB },
	{ "FilePmdMapped:",	"file_pmd_mapped",	AT(file_pmd), KB },
	{ "Hugetlb:",		"hugetlb",		AT(hugetlb), KB },
	{ "Zero:",		"zero",			AT(zero), KB },
	{ "Special:",		"special",		AT(special), KB },
	{ "Swap:",		"swap",			AT(swap), KB },
	{ "Ram:",		"ram",			BACKING(RAM), KB },
	{ "Mmio:",		"mmio",			BACKING(MMIO), KB },
	{ "SwapEntries:",	"swap_entries",		BACKING(SWAP), KB },
	{ "Migration:",		"migration",		BACKING(MIGRATION), KB },
	{ "Device:",		"device",		BACKING(DEVICE), KB },
	{ "Poison:",		"poison",		BACKING(POISON), KB },
	{ "Marker:",		"marker",		BACKING(MARKER), KB },
	{ "None:",		"none",			BACKING(NONE), KB },
	{ "Leaf4k:",		"leaf_4k",		LEAF(PTE), KB },
	{ "Leaf2M:",		"leaf_2m",		LEAF(PMD), KB },
	{ "Leaf1G:",		"leaf_1g",		LEAF(PUD), KB },
	{ "Extents:",		"extents",		AT(extents), COUNT },
	{ "LongestRun:",	"longest_run",		AT(longest_run), FRAMES_KB },
	{ NULL,			"tables",		AT(tables), TABLES },
	{ "PgtablesBytes:",	"pgtables_bytes",	AT(pgtables), KB },
	{ "Entries:",		"entries",		AT(entries), COUNT },
	{ "Holds:",		"holds",		AT(holds), COUNT },
	{ "LongestHold:",	"longest_hold",		AT(longest), COUNT },
	{ "LongestHoldNs:",	"longest_hold_ns",	AT(longest_ns), COUNT },
	{ "Changed:",		"changed",		AT(status), BIT },
#undef AT
#undef BACKING
#undef LEAF
};

static void text_tables(const struct mmuscope_summary *sum)
{
	unsigned int i;

	for (i = 0; i < MMUSCOPE_NR_LEVELS; i++)
		if (sum->tables[i].pages)
			printf("Tables_%s: %20" PRIu64 " pages %" PRIu64
			       " filled\n", mmuscope_level_name(i),
			       (uint64_t)sum->tables[i].pages,
			       (uint64_t)sum->tables[i].filled);
}

static void json_tables(const char *key, const struct mmuscope_summary *sum)
{
	unsigned int i;

	json_object(key);
	for (i = 0; i < MMUSCOPE_NR_LEVELS; i++) {
		if (!sum->tables[i].pages)
			continue;
		json_object(mmuscope_level_name(i));
		json_number("pages", sum->tables[i].pages);
		json_number("filled", sum->tables[i].filled);
		json_end();
	}
	json_end();
}

static void text_line(const struct line *line, uint64_t value, bool hidden)
{
	switch (line->unit) {
	case KB:
	case FRAMES_KB:
		if (hidden)
			printf("%-20s %12s kB\n", line->name, "-");
		else
			printf("%-20s %12" PRIu64 " kB\n", line->name,
			       value >> 10);
		break;
	case BIT:
		value = !!(value & MMUSCOPE_SCAN_CHANGED);
		/* fall through */
	default:
		printf("%-20s %12" PRIu64 "\n", line->name, value);
	}
}

static void json_line(const struct line *line, uint64_t value, bool hidden)
{
	if (hidden)
		json_null(line->key);
	else if (line->unit == BIT)
		json_bool(line->key, value & MMUSCOPE_SCAN_CHANGED);
	else
		json_number(line->key, value);
}

static void put_line(const struct cli *cli, const struct line *line,
		     const struct mmuscope_summary *sum)
{
	const void *at = (const char *)sum + line->offset;
	bool hidden = line->unit == FRAMES_KB && !may_see_frames(cli);

	if (line->unit == TABLES && cli->opt.json)
		json_tables(line->key, sum);
	else if (line->unit == TABLES)
		text_tables(sum);
	else if (cli->opt.json)
		json_line(line, *(const __u64 *)at, hidden);
	else
		text_line(line, *(const __u64 *)at, hidden);
}

static void put_lines(const struct cli *cli, const struct mmuscope_summary *sum)
{
	unsigned int i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		put_line(cli, &lines[i], sum);
}

void summary_json(const struct cli *cli, const struct mmuscope_summary *sum)
{
	json_object("summary");
	put_lines(cli, sum);
	json_end();
}

/* @pid: whose it is, 0 if it is no process. */
int summary_print(struct cli *cli, struct mmuscope_target *target, pid_t pid)
{
	struct mmuscope_summary sum;
	int err = mmuscope_summary(target, &sum);

	if (err)
		return err;
	if (cli->opt.json) {
		summary_json(cli, &sum);
		return 0;
	}
	if (pid)
		printf("%-20s %12d\n", "Pid:", pid);
	put_lines(cli, &sum);
	return 0;
}

static void summary_one(struct cli *cli, struct mmuscope_target *target,
			const struct process *process, void *arg)
{
	int err = summary_print(cli, target, process->pid);

	(void)arg;
	if (err)
		process_failed(cli, process, err);
}

void summary_run(struct cli *cli, int argc, char **argv)
{
	if (!cli->opt.all && cli->opt.sorted)
		usage(cli, "--sort goes with --all");
	if (cli->opt.all && (argc || cli->opt.comm))
		usage(cli, "--all names the processes already");
	if (cli->opt.all)
		ranking_run(cli);
	else
		process_each(cli, argc, argv, summary_one, NULL);
}
