// SPDX-License-Identifier: MIT
/* mmuscope(1): finds the command and runs it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

const struct command commands[] = {
	{
		.name = "maps",
		.args = "PID... | -c COMM",
		.what = "what every address of a process maps to",
		.takes = TAKES_COMM | TAKES_RANGE | TAKES_FILTER,
		.run = maps_run,
	}, {
		.name = "translate",
		.alias = "vtop",
		.args = "PID ADDRESS... | -c COMM ADDRESS...",
		.what = "the way from an address to its frame, table by table",
		.takes = TAKES_COMM,
		.run = translate_run,
	}, {
		.name = "summary",
		.args = "PID... | -c COMM",
		.what = "a process's memory in numbers",
		.takes = TAKES_COMM,
		.run = summary_run,
	}, {
		.name = "swap",
		.args = "PID... | -c COMM",
		.what = "what of a process is swapped, and where to",
		.takes = TAKES_COMM | TAKES_RANGE,
		.run = swap_run,
	}, {
		.name = "entry",
		.args = "VALUE...",
		.what = "what a raw entry of a page table says",
		.takes = TAKES_ENTRY,
		.run = entry_run,
	}, {
		.name = "doctor",
		.args = "",
		.what = "whether all that is needed is there",
		.run = doctor_run,
	},
	{ .name = NULL }
};

static const struct command *find_command(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++)
		if (!strcmp(name, command->name) ||
		    (command->alias && !strcmp(name, command->alias)))
			return command;
	return NULL;
}

void output_begin(struct cli *cli)
{
	if (!cli->opt.json)
		return;
	json_object(NULL);
	json_string("schema", "mmuscope/1");
	json_string("command", cli->command->name);
}

static void output_end(struct cli *cli)
{
	bool failed;

	if (json_begun())
		json_finish(interrupted());
	failed = ferror(stdout);
	errno = 0;
	if (fclose(stdout) || failed)
		complain(cli, STATUS_FAILED, "cannot write: %s",
			 errno ? strerror(errno) : "output is incomplete");
}

static int is_option(const char *word, const char *brief, const char *full)
{
	return !strcmp(word, brief) || !strcmp(word, full);
}

int main(int argc, char **argv)
{
	struct cli cli = { .status = STATUS_OK };
	int first;

	if (argc > 1 && is_option(argv[1], "-h", "--help")) {
		help();
		return STATUS_OK;
	}
	if (argc > 1 && is_option(argv[1], "-V", "--version")) {
		puts(VERSION_LINE);
		return STATUS_OK;
	}
	if (argc < 2)
		usage(&cli, "which command? mmuscope -h lists them");
	cli.command = find_command(argv[1]);
	if (!cli.command)
		usage(&cli, "there is no command '%s'", argv[1]);

	first = options_parse(&cli, argc - 1, argv + 1);
	interrupt_init();
	colour_init();
	cli.command->run(&cli, argc - 1 - first, argv + 1 + first);
	output_end(&cli);
	mmuscope_close(cli.device);
	interrupt_reraise();
	return cli.status;
}
