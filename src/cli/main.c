// SPDX-License-Identifier: MIT
/* mmuscope(1): finds the command and runs it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

void output_begin(struct cli *cli)
{
	char name[32];

	if (!cli->opt.json)
		return;
	json_object(NULL);
	json_string("schema", "mmuscope/1");
	if (cli->command->verb)
		snprintf(name, sizeof(name), "%s %s", cli->command->name,
			 cli->command->verb);
	else
		snprintf(name, sizeof(name), "%s", cli->command->name);
	json_string("command", name);
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

/* What a name that has several is to do; the same as choose(). */
static int choose_verb(struct cli *cli, int argc, char **argv)
{
	const struct command *name = cli->command;

	if (argc > 1 && is_option(argv[1], "-h", "--help")) {
		help_name(name);
		return 0;
	}
	cli->command = NULL;
	if (argc < 2)
		usage(cli, "%s what? mmuscope %s -h tells", name->name,
		      name->name);
	cli->command = find_verb(name, argv[1]);
	if (!cli->command)
		usage(cli, "there is no command '%s %s'", name->name, argv[1]);
	return 2;
}

/* How many words it takes to say which; without one there is no more to do. */
static int choose(struct cli *cli, int argc, char **argv)
{
	if (argc > 1 && is_option(argv[1], "-h", "--help")) {
		help();
		return 0;
	}
	if (argc > 1 && is_option(argv[1], "-V", "--version")) {
		puts(VERSION_LINE);
		return 0;
	}
	if (argc < 2)
		usage(cli, "which command? mmuscope -h lists them");
	cli->command = find_command(argv[1]);
	if (!cli->command)
		usage(cli, "there is no command '%s'", argv[1]);
	if (!cli->command->verb)
		return 1;
	return choose_verb(cli, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	struct cli cli = { .status = STATUS_OK };
	int words = choose(&cli, argc, argv);
	int first;

	if (!words)
		return STATUS_OK;
	argc -= words;
	argv += words;
	first = options_parse(&cli, argc, argv);
	interrupt_init();
	colour_init();
	cli.command->run(&cli, argc - first, argv + first);
	output_end(&cli);
	mmuscope_close(cli.device);
	interrupt_reraise();
	return cli.status;
}
