// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

static const struct {
	unsigned int takes;
	const char *option;
	const char *what;
} options[] = {
	{ TAKES_COMM, "-c, --comm COMM", "the processes of exactly this name" },
	{ TAKES_RANGE, "--range A-B", "only addresses from A to before B, hex" },
	{ TAKES_FILTER, "--only WORD,...", "only pages that are all of this" },
	{ TAKES_FILTER, "--any WORD,...", "only pages that are some of this" },
	{ TAKES_FILTER, "--not WORD,...", "only pages that are none of this" },
	{ TAKES_ENTRY, "--level LEVEL", "of the entry: pgd p4d pud pmd pte (pte)" },
	{ TAKES_ENTRY, "--arch ARCH", "of the entry: x86_64 or arm64" },
	{ 0, "--json", "print one JSON object" },
	{ 0, "--no-header", "print no headings" },
	{ 0, "-h, --help", "print this" },
	{ 0, "-V, --version", "print the version" },
};

void usage(const struct cli *cli, const char *format, ...)
{
	const char *name = cli->command ? cli->command->name : NULL;
	va_list args;

	fputs("mmuscope: ", stderr);
	if (name)
		fprintf(stderr, "%s: ", name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry 'mmuscope%s%s -h'.\n", name ? " " : "",
		name ? name : "");
	exit(STATUS_USAGE);
}

void help(void)
{
	const struct command *command;

	puts("usage: mmuscope COMMAND [OPTION]... [ARGUMENT]...\n");
	for (command = commands; command->name; command++)
		printf("  %-11s %s%s%s%s\n", command->name, command->what,
		       command->alias ? " (or " : "",
		       command->alias ? command->alias : "",
		       command->alias ? ")" : "");
	puts("\n'mmuscope COMMAND -h' tells more; so does the manual, mmuscope(1).");
}

/* One line that completion reads too. */
static void help_words(void)
{
	const char *name;
	unsigned int i;
	uint64_t flag;

	fputs("\nWORD:", stdout);
	for (i = 0; (flag = mmuscope_flag_nth(i)); i++)
		printf(" %s", mmuscope_flag_name(flag));
	for (i = 0; i < MMUSCOPE_BACKING_TABLE; i++)
		printf(" %s", mmuscope_backing_name(i));
	for (i = 0; (name = mmuscope_level_name(i)); i++)
		printf(" %s", name);
	putchar('\n');
}

void help_command(const struct command *command)
{
	unsigned int i;

	printf("usage: mmuscope %s [OPTION]... %s\n\n%s\n\n", command->name,
	       command->args, command->what);
	for (i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (!options[i].takes || options[i].takes & command->takes)
			printf("  %-17s %s\n", options[i].option,
			       options[i].what);
	if (command->takes & TAKES_FILTER)
		help_words();
}
