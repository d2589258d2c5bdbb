// SPDX-License-Identifier: MIT
/* summary --all: a line for each process, the largest first. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/**
 * struct row - a process that was summed up
 * @process: which
 * @sum: its memory
 */
struct row {
	const struct process *process;
	struct mmuscope_summary sum;
};

/**
 * struct ranking - all of them
 * @row: those that were summed up
 * @nr: how many these are
 * @bare: how many have no memory of their own: the kernel's, and what has ended
 * @denied: how many one may not look at
 */
struct ranking {
	struct row *row;
	int nr;
	int bare;
	int denied;
};

static const struct column {
	const char *name;
	size_t offset;
} columns[] = {
	{ "PSS",	offsetof(struct mmuscope_summary, pss) },
	{ "RSS",	offsetof(struct mmuscope_summary, rss) },
	{ "ANON",	offsetof(struct mmuscope_summary, anon) },
	{ "FILE",	offsetof(struct mmuscope_summary, file) },
	{ "SHMEM",	offsetof(struct mmuscope_summary, shmem) },
	{ "SWAP",	offsetof(struct mmuscope_summary, swap) },
};

#define NR_COLUMNS (sizeof(columns) / sizeof(*columns))

static int by_pid(const struct row *a, const struct row *b)
{
	return (a->process->pid > b->process->pid) -
	       (a->process->pid < b->process->pid);
}

static int by_pss(const void *one, const void *other)
{
	const struct row *a = one, *b = other;

	if (a->sum.pss == b->sum.pss)
		return by_pid(a, b);
	return a->sum.pss < b->sum.pss ? 1 : -1;
}

static int by_rss(const void *one, const void *other)
{
	const struct row *a = one, *b = other;

	if (a->sum.rss == b->sum.rss)
		return by_pid(a, b);
	return a->sum.rss < b->sum.rss ? 1 : -1;
}

static int sum_up(const struct cli *cli, const struct process *process,
		  struct mmuscope_summary *sum)
{
	pid_t pid = is_self(process->pid) ? 0 : process->pid;
	struct mmuscope_target *target;
	int err = mmuscope_target_by_pid(cli->device, pid, &target);

	if (err)
		return err;
	err = mmuscope_summary(target, sum);
	mmuscope_target_close(target);
	return err;
}

/* What has ended since it was listed is left out without a word. */
static void add(struct cli *cli, struct ranking *ranking,
		const struct process *process)
{
	struct row *row = &ranking->row[ranking->nr];
	int err = sum_up(cli, process, &row->sum);
	char path[32];

	row->process = process;
	switch (err) {
	case 0:
		ranking->nr++;
		break;
	case -ESRCH:
		snprintf(path, sizeof(path), "/proc/%d", process->pid);
		ranking->bare += !access(path, F_OK);
		break;
	case -EACCES:
	case -EPERM:
		ranking->denied++;
		break;
	default:
		if (err != -EINTR || !interrupted())
			complain(cli, STATUS_FAILED, "pid %d: %s", process->pid,
				 explain(err));
	}
}

static void put_heading(void)
{
	size_t i;

	colour(COLOUR_HEADING);
	printf("%8s", "PID");
	for (i = 0; i < NR_COLUMNS; i++)
		printf(" %12s", columns[i].name);
	fputs(" COMM", stdout);
	colour(COLOUR_NONE);
	putchar('\n');
}

static void put_row(const struct row *row)
{
	const char *sum = (const char *)&row->sum;
	size_t i;

	printf("%8d", row->process->pid);
	for (i = 0; i < NR_COLUMNS; i++)
		printf(" %12" PRIu64,
		       (uint64_t)*(const __u64 *)(sum + columns[i].offset) >> 10);
	putchar(' ');
	text_escaped(row->process->comm, "\n\\");
	putchar('\n');
}

static void put_text(const struct cli *cli, const struct ranking *ranking)
{
	int i;

	if (!cli->opt.no_header)
		put_heading();
	for (i = 0; i < ranking->nr; i++)
		put_row(&ranking->row[i]);
	if (!cli->opt.no_header)
		printf("%d processes; left out: %d without memory of their own, %d not permitted\n",
		       ranking->nr, ranking->bare, ranking->denied);
}

static void put_json(struct cli *cli, const struct ranking *ranking)
{
	int i;

	json_array("processes");
	for (i = 0; i < ranking->nr; i++) {
		json_object(NULL);
		json_number("pid", ranking->row[i].process->pid);
		json_string("comm", ranking->row[i].process->comm);
		summary_json(cli, &ranking->row[i].sum);
		json_end();
	}
	json_end();
	json_object("left_out");
	json_number("without_memory", ranking->bare);
	json_number("not_permitted", ranking->denied);
	json_end();
}

void ranking_sort(struct cli *cli, const char *word)
{
	cli->opt.by_rss = !strcmp(word, "rss");
	if (!cli->opt.by_rss && strcmp(word, "pss"))
		usage(cli, "--sort %s: pss or rss", word);
	cli->opt.sorted = true;
}

void ranking_run(struct cli *cli)
{
	struct process_list list = { .nr = 0 };
	struct ranking ranking = { .nr = 0 };
	int i;

	output_begin(cli);
	if (!device_open(cli))
		return;
	process_all(&list);
	ranking.row = calloc(list.nr + 1, sizeof(*ranking.row));
	if (!ranking.row)
		complain(cli, STATUS_FAILED, "%s", explain(-ENOMEM));
	for (i = 0; ranking.row && i < list.nr && !interrupted(); i++)
		add(cli, &ranking, &list.process[i]);
	if (ranking.nr)
		qsort(ranking.row, ranking.nr, sizeof(*ranking.row),
		      cli->opt.by_rss ? by_rss : by_pss);
	if (cli->opt.json)
		put_json(cli, &ranking);
	else
		put_text(cli, &ranking);
	free(ranking.row);
	free(list.process);
}
