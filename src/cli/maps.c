// SPDX-License-Identifier: MIT
/* maps: what debugfs' pid/PID/maps prints. */
#include <errno.h>
#include <stdio.h>

#include "cli.h"

static void text_found(const struct cli *cli, const struct mmuscope_found *found)
{
	if (found->first_in_vma) {
		colour(COLOUR_HEADING);
		text_vma(&found->vma, found->name);
		colour(COLOUR_NONE);
		putchar('\n');
	}
	text_extent(cli, &found->extent);
}

static void json_found(const struct cli *cli, const struct mmuscope_found *found,
		       bool first)
{
	if (found->first_in_vma) {
		if (!first) {
			json_end();
			json_end();
		}
		json_object(NULL);
		json_vma(&found->vma, found->name);
		json_array("extents");
	}
	json_object(NULL);
	json_extent(cli, &found->extent);
	json_end();
}

static int each_found(const struct cli *cli, struct mmuscope_scanner *scanner)
{
	const struct mmuscope_found *found;
	struct progress progress;
	bool first = true;
	int got = 0;

	progress_begin(&progress);
	while (!interrupted()) {
		got = mmuscope_scan_next(scanner, &found);
		if (got <= 0)
			break;
		if (cli->opt.json)
			json_found(cli, found, first);
		else
			text_found(cli, found);
		first = false;
		progress_step(&progress, cli, found->extent.end);
	}
	progress_end(&progress);
	if (cli->opt.json && !first) {
		json_end();
		json_end();
	}
	return got;
}

static void json_cost(const struct mmuscope_scanner *scanner)
{
	struct mmuscope_scan cost;

	mmuscope_scan_cost(scanner, &cost);
	json_object("scan");
	json_number("entries", cost.entries);
	json_number("holds", cost.holds);
	json_number("longest_hold", cost.longest);
	json_number("longest_hold_ns", cost.longest_ns);
	json_bool("changed", cost.status & MMUSCOPE_SCAN_CHANGED);
	json_end();
}

int maps_print(struct cli *cli, struct mmuscope_target *target)
{
	const struct mmuscope_scan_options options = {
		.start = cli->opt.start,
		.end = cli->opt.end,
		.inverted = cli->opt.inverted,
		.mask = cli->opt.mask,
		.anyof = cli->opt.anyof,
		.max_hold = cli->opt.max_hold,
		.budget = cli->opt.budget,
		.threads = cli->opt.threads,
	};
	struct mmuscope_scanner *scanner;
	int err;

	err = mmuscope_scan_begin(target, &options, &scanner);
	if (err)
		return err;
	if (cli->opt.json)
		json_array("vmas");
	err = each_found(cli, scanner);
	if (cli->opt.json) {
		json_end();
		json_cost(scanner);
	}
	mmuscope_scan_end(scanner);
	return err < 0 ? err : 0;
}

static void maps_one(struct cli *cli, struct mmuscope_target *target,
		     const struct process *process, void *arg)
{
	int err = maps_print(cli, target);

	(void)arg;
	if (err)
		process_failed(cli, process, err);
}

void maps_run(struct cli *cli, int argc, char **argv)
{
	process_each(cli, argc, argv, maps_one, NULL);
}
