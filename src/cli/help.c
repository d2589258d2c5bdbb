// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	{ TAKES_CREATE, "--mode MODE", "who may open it, as of a file (600)" },
	{ TAKES_CREATE, "--page SIZE", "of pages of this size: 4K or 2M (4K)" },
	{ TAKES_CREATE, "--node N", "on this NUMA node" },
	{ TAKES_CREATE, "--contiguous", "in one piece, physically" },
	{ TAKES_MEMTYPE, "--memtype TYPE", "memory type: wb, wc, uc- or uc" },
	{ TAKES_READ_ONLY, "--read-only", "not to be written to" },
	{ TAKES_ONCE, "--once", "do not wait" },
	{ TAKES_WIDTH, "--width BITS", "of an access: 8, 16, 32 or 64" },
	{ TAKES_WINDOW, "--shared", "with windows that say so too" },
	{ TAKES_WINDOW, "--unlisted", "where the kernel knows of nothing" },
	{ TAKES_YES, "--yes", "do not ask whether you mean it" },
	{ TAKES_GROUP, "--group GROUP", "whom it is for, by name or number" },
	{ TAKES_KERNEL, "--kernel", "addresses or symbols of the kernel's half" },
	{ TAKES_USER, "--user", "what of the kernel's half user mode's tables have" },
	{ TAKES_SUMMARY, "--summary", "in numbers" },
	{ TAKES_SCAN, "--scan", "look in all processes, not at the reverse map" },
	{ TAKES_PHYS, "--flat", "each address once, by the innermost range" },
	{ TAKES_PHYS, "--count", "count frames by what they are used for" },
	{ TAKES_OUTSIDE, "--outside", "look for what is in no VMA too; processes wait" },
	{ TAKES_PACE, "--max-hold N", "entries to read in a go; fewer: processes wait less" },
	{ TAKES_PACE, "--budget N", "entries to read in a call; fewer: it answers sooner" },
	{ TAKES_PACE, "--threads N", "look at so many places at once" },
	{ TAKES_ALL, "--all", "a line for each process, the largest first" },
	{ TAKES_ALL, "--sort WHAT", "of --all: by pss or rss (pss)" },
	{ 0, "--json", "print one JSON object" },
	{ 0, "--no-header", "print no headings" },
	{ 0, "-h, --help", "print this" },
	{ 0, "-V, --version", "print the version" },
};

/* As it is called: "maps", "share create". */
static void put_name(FILE *to, const struct command *command)
{
	fputs(command->name, to);
	if (command->verb)
		fprintf(to, " %s", command->verb);
}

void usage(const struct cli *cli, const char *format, ...)
{
	const struct command *command = cli->command;
	va_list args;

	fputs("mmuscope: ", stderr);
	if (command)
		fprintf(stderr, "%s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nTry 'mmuscope", stderr);
	if (command) {
		putc(' ', stderr);
		put_name(stderr, command);
	}
	fputs(" -h'.\n", stderr);
	exit(STATUS_USAGE);
}

static void help_line(const struct command *command)
{
	int len = strlen(command->name);

	fputs("  ", stdout);
	put_name(stdout, command);
	if (command->verb)
		len += 1 + strlen(command->verb);
	printf("%*s %s", len < 12 ? 12 - len : 0, "", command->what);
	if (command->alias)
		printf(" (or %s)", command->alias);
	putchar('\n');
}

void help(void)
{
	const struct command *command;

	puts("usage: mmuscope COMMAND [OPTION]... [ARGUMENT]...\n");
	for (command = commands; command->name; command++)
		help_line(command);
	puts("\n'mmuscope COMMAND -h' tells more; so does the manual, mmuscope(1).");
}

void help_name(const struct command *command)
{
	const char *name = command->name;

	printf("usage: mmuscope %s VERB [OPTION]... [ARGUMENT]...\n\n", name);
	for (; command->name && !strcmp(command->name, name); command++)
		help_line(command);
	printf("\n'mmuscope %s VERB -h' tells more.\n", name);
}

/* One line that completion reads too. */
static void help_words(void)
{
	const char *name;
	unsigned int i;
	uint64_t flag;

	fputs("\nWORD:", stdout);
	for (i = 0; (flag = mmuscope_flag_nth(i)); i++)
		if (flag & MMUSCOPE_SCAN_FLAGS)
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

	fputs("usage: mmuscope ", stdout);
	put_name(stdout, command);
	printf(" [OPTION]... %s\n\n%s\n\n", command->args, command->what);
	for (i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (!options[i].takes || options[i].takes & command->takes)
			printf("  %-18s %s\n", options[i].option,
			       options[i].what);
	if (command->takes & TAKES_FILTER)
		help_words();
}
