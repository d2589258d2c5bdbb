// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

enum { RANGE = 256, ONLY, ANY, NOT, LEVEL, ARCH, JSON, NO_HEADER };

static const struct option longs[] = {
	{ "comm",	required_argument,	NULL, 'c' },
	{ "range",	required_argument,	NULL, RANGE },
	{ "only",	required_argument,	NULL, ONLY },
	{ "any",	required_argument,	NULL, ANY },
	{ "not",	required_argument,	NULL, NOT },
	{ "level",	required_argument,	NULL, LEVEL },
	{ "arch",	required_argument,	NULL, ARCH },
	{ "json",	no_argument,		NULL, JSON },
	{ "no-header",	no_argument,		NULL, NO_HEADER },
	{ "help",	no_argument,		NULL, 'h' },
	{ "version",	no_argument,		NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

static const char * const arches[] = {
	[MMUSCOPE_ARCH_X86_64]	= "x86_64",
	[MMUSCOPE_ARCH_ARM64]	= "arm64",
};

#define NR_ARCHES (sizeof(arches) / sizeof(*arches))

const char *arch_name(unsigned int arch)
{
	return arch < NR_ARCHES && arches[arch] ? arches[arch] : "unknown";
}

/* With or without 0x. */
bool parse_hex(const char *word, uint64_t *ret)
{
	char *end;

	if (!isxdigit((unsigned char)*word))
		return false;
	errno = 0;
	*ret = strtoull(word, &end, 16);
	return !*end && !errno;
}

static void parse_range(struct cli *cli, char *word)
{
	char *dash = strchr(word, '-');
	uint64_t page = sysconf(_SC_PAGESIZE);
	bool good = dash;

	if (good) {
		*dash = '\0';
		good = parse_hex(word, &cli->opt.start) &&
		       parse_hex(dash + 1, &cli->opt.end);
		*dash = '-';
	}
	if (!good)
		usage(cli, "--range %s: not two hexadecimal addresses A-B",
		      word);
	if (cli->opt.start >= cli->opt.end)
		usage(cli, "--range %s: it ends before it starts, or there",
		      word);
	if ((cli->opt.start | cli->opt.end) % page)
		usage(cli, "--range %s: not at the bounds of pages", word);
}

/* Returns 0 if there is none. */
static uint64_t category(const char *word)
{
	uint64_t flag = mmuscope_flag_by_name(word);
	int n = mmuscope_backing_by_name(word);

	if (flag)
		return flag;
	if (n >= 0 && n != MMUSCOPE_BACKING_TABLE)
		return MMUSCOPE_CAT_BACKING(n);
	n = mmuscope_level_by_name(word);
	return n >= 0 ? MMUSCOPE_CAT_LEVEL(n) : 0;
}

static uint64_t parse_words(const struct cli *cli, char *words)
{
	uint64_t all = 0, one;
	char *word;

	for (word = strtok(words, ","); word; word = strtok(NULL, ",")) {
		one = category(word);
		if (!one)
			usage(cli, "%s: neither a flag nor a backing nor a level",
			      word);
		all |= one;
	}
	return all;
}

static void parse_level(struct cli *cli, const char *word)
{
	int level = mmuscope_level_by_name(word);

	if (level < 0)
		usage(cli, "--level %s: pgd, p4d, pud, pmd or pte", word);
	cli->opt.level = level;
}

static void parse_arch(struct cli *cli, const char *word)
{
	unsigned int i;

	for (i = 0; i < NR_ARCHES; i++) {
		if (arches[i] && !strcmp(word, arches[i])) {
			cli->opt.arch = i;
			return;
		}
	}
	usage(cli, "--arch %s: x86_64", word);
}

static void take(struct cli *cli, int option)
{
	switch (option) {
	case 'c':
		cli->opt.comm = optarg;
		break;
	case RANGE:
		parse_range(cli, optarg);
		break;
	case ONLY:
		cli->opt.mask |= parse_words(cli, optarg);
		break;
	case ANY:
		cli->opt.anyof |= parse_words(cli, optarg);
		break;
	case NOT:
		cli->opt.inverted |= parse_words(cli, optarg);
		break;
	case LEVEL:
		parse_level(cli, optarg);
		break;
	case ARCH:
		parse_arch(cli, optarg);
		break;
	case JSON:
		cli->opt.json = true;
		break;
	case NO_HEADER:
		cli->opt.no_header = true;
		break;
	case 'h':
		help_command(cli->command);
		exit(STATUS_OK);
	case 'V':
		puts(VERSION_LINE);
		exit(STATUS_OK);
	}
}

static unsigned int needs(int option)
{
	switch (option) {
	case 'c':
		return TAKES_COMM;
	case RANGE:
		return TAKES_RANGE;
	case ONLY:
	case ANY:
	case NOT:
		return TAKES_FILTER;
	case LEVEL:
	case ARCH:
		return TAKES_ENTRY;
	default:
		return 0;
	}
}

int options_parse(struct cli *cli, int argc, char **argv)
{
	int option;

	cli->opt.level = MMUSCOPE_LEVEL_PTE;
	cli->opt.arch = MMUSCOPE_ARCH_X86_64;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":c:hV", longs, NULL)) != -1) {
		if (option == ':')
			usage(cli, "%s wants a value", argv[optind - 1]);
		if (option == '?')
			usage(cli, "%s: no such option", argv[optind - 1]);
		if (needs(option) & ~cli->command->takes)
			usage(cli, "this command takes no %s",
			      argv[optind - 1 - (argv[optind - 1] == optarg)]);
		take(cli, option);
	}
	if (cli->opt.anyof & cli->opt.inverted || cli->opt.mask & cli->opt.inverted)
		usage(cli, "--not contradicts --only or --any");
	cli->opt.mask |= cli->opt.inverted;
	return optind;
}
