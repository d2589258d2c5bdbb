// SPDX-License-Identifier: MIT
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli.h"

enum {
	RANGE = 256, ONLY, ANY, NOT, LEVEL, ARCH, JSON, NO_HEADER,
	KERNEL, USER, SUMMARY, SCAN, FLAT, COUNT,
	MODE, PAGE, NODE, CONTIGUOUS, MEMTYPE, READ_ONLY, ONCE,
	WIDTH, SHARED, UNLISTED, YES, GROUP, OUTSIDE,
	MAX_HOLD, BUDGET, THREADS, ALL, SORT,
};

static const struct option longs[] = {
	{ "comm",	required_argument,	NULL, 'c' },
	{ "range",	required_argument,	NULL, RANGE },
	{ "only",	required_argument,	NULL, ONLY },
	{ "any",	required_argument,	NULL, ANY },
	{ "not",	required_argument,	NULL, NOT },
	{ "level",	required_argument,	NULL, LEVEL },
	{ "arch",	required_argument,	NULL, ARCH },
	{ "mode",	required_argument,	NULL, MODE },
	{ "page",	required_argument,	NULL, PAGE },
	{ "node",	required_argument,	NULL, NODE },
	{ "contiguous",	no_argument,		NULL, CONTIGUOUS },
	{ "memtype",	required_argument,	NULL, MEMTYPE },
	{ "read-only",	no_argument,		NULL, READ_ONLY },
	{ "once",	no_argument,		NULL, ONCE },
	{ "width",	required_argument,	NULL, WIDTH },
	{ "shared",	no_argument,		NULL, SHARED },
	{ "unlisted",	no_argument,		NULL, UNLISTED },
	{ "yes",	no_argument,		NULL, YES },
	{ "group",	required_argument,	NULL, GROUP },
	{ "scan",	no_argument,		NULL, SCAN },
	{ "flat",	no_argument,		NULL, FLAT },
	{ "count",	no_argument,		NULL, COUNT },
	{ "outside",	no_argument,		NULL, OUTSIDE },
	{ "max-hold",	required_argument,	NULL, MAX_HOLD },
	{ "budget",	required_argument,	NULL, BUDGET },
	{ "threads",	required_argument,	NULL, THREADS },
	{ "all",	no_argument,		NULL, ALL },
	{ "sort",	required_argument,	NULL, SORT },
	{ "kernel",	no_argument,		NULL, KERNEL },
	{ "user",	no_argument,		NULL, USER },
	{ "summary",	no_argument,		NULL, SUMMARY },
	{ "json",	no_argument,		NULL, JSON },
	{ "no-header",	no_argument,		NULL, NO_HEADER },
	{ "help",	no_argument,		NULL, 'h' },
	{ "version",	no_argument,		NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

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

static void parse_level(struct cli *cli, const char *word)
{
	int level = mmuscope_level_by_name(word);

	if (level < 0)
		usage(cli, "--level %s: pgd, p4d, pud, pmd or pte", word);
	cli->opt.level = level;
}

static void parse_mode(struct cli *cli, const char *word)
{
	char *end;
	unsigned long mode = strtoul(word, &end, 8);

	if (*word < '0' || *word > '7' || *end || mode > 0777)
		usage(cli, "--mode %s: not permissions as chmod(1) has them, as 660",
		      word);
	cli->opt.mode = mode;
}

/* What the module has no pages of, it refuses. */
static void parse_page(struct cli *cli, const char *word)
{
	uint64_t size;

	if (!parse_size(word, &size) || !size || size & (size - 1))
		usage(cli, "--page %s: 4K or 2M", word);
	cli->opt.page_shift = __builtin_ctzll(size);
}

static void parse_node(struct cli *cli, const char *word)
{
	uint64_t node;

	if (!parse_number(word, INT_MAX, &node))
		usage(cli, "--node %s: not a number", word);
	cli->opt.node = node;
	cli->opt.on_node = true;
}

static void parse_memtype(struct cli *cli, const char *word)
{
	int memtype = mmuscope_memtype_by_name(word);

	if (memtype < 0)
		usage(cli, "--memtype %s: wb, wc, uc- or uc", word);
	cli->opt.memtype = memtype;
}

static void parse_width(struct cli *cli, const char *word)
{
	uint64_t bits;

	if (!parse_number(word, 64, &bits) || bits < 8 || bits & (bits - 1))
		usage(cli, "--width %s: 8, 16, 32 or 64", word);
	cli->opt.width = bits / 8;
	cli->opt.widths |= bits / 8;
}

/* All flags are asked for, so the page cache is looked into. */
static void take_pace(struct cli *cli, int option)
{
	const uint64_t least = 2 * MMUSCOPE_HOLD_MIN, most = MMUSCOPE_HOLD_MAX;
	uint64_t *number = option == MAX_HOLD ? &cli->opt.max_hold : &cli->opt.budget;
	bool good = parse_number(optarg, UINT64_MAX, number) && *number;

	if (option == MAX_HOLD && (!good || *number < least || *number > most))
		usage(cli, "--max-hold %s: a number of entries from %" PRIu64 " to %" PRIu64,
		      optarg, least, most);
	if (!good)
		usage(cli, "--budget %s: not a number of entries", optarg);
}

static void parse_threads(struct cli *cli, const char *word)
{
	uint64_t threads;

	if (!parse_number(word, MMUSCOPE_THREADS_MAX, &threads) || !threads)
		usage(cli, "--threads %s: a number from 1 to %d", word,
		      MMUSCOPE_THREADS_MAX);
	cli->opt.threads = threads;
}

/* Options of shares and windows. */
static void take_held(struct cli *cli, int option)
{
	switch (option) {
	case MODE:
		parse_mode(cli, optarg);
		break;
	case PAGE:
		parse_page(cli, optarg);
		break;
	case NODE:
		parse_node(cli, optarg);
		break;
	case CONTIGUOUS:
		cli->opt.contiguous = true;
		break;
	case MEMTYPE:
		parse_memtype(cli, optarg);
		break;
	case READ_ONLY:
		cli->opt.read_only = true;
		break;
	case ONCE:
		cli->opt.once = true;
		break;
	case WIDTH:
		parse_width(cli, optarg);
		break;
	case SHARED:
		cli->opt.shared = true;
		break;
	case UNLISTED:
		cli->opt.unlisted = true;
		break;
	case YES:
		cli->opt.yes = true;
		break;
	case GROUP:
		cli->opt.group = optarg;
	}
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
		cli->opt.arch = parse_arch(cli, optarg);
		break;
	case KERNEL:
		cli->opt.kernel = true;
		break;
	case USER:
		cli->opt.user = true;
		break;
	case SUMMARY:
		cli->opt.summary = true;
		break;
	case SCAN:
		cli->opt.scan = true;
		break;
	case FLAT:
		cli->opt.flat = true;
		break;
	case COUNT:
		cli->opt.count = true;
		break;
	case OUTSIDE:
		cli->opt.outside = true;
		break;
	case MAX_HOLD:
	case BUDGET:
		take_pace(cli, option);
		break;
	case THREADS:
		parse_threads(cli, optarg);
		break;
	case ALL:
		cli->opt.all = true;
		break;
	case SORT:
		ranking_sort(cli, optarg);
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
	default:
		take_held(cli, option);
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
	case MODE:
	case PAGE:
	case NODE:
	case CONTIGUOUS:
		return TAKES_CREATE;
	case MEMTYPE:
		return TAKES_MEMTYPE;
	case READ_ONLY:
		return TAKES_READ_ONLY;
	case ONCE:
		return TAKES_ONCE;
	case WIDTH:
		return TAKES_WIDTH;
	case SHARED:
	case UNLISTED:
		return TAKES_WINDOW;
	case YES:
		return TAKES_YES;
	case GROUP:
		return TAKES_GROUP;
	case KERNEL:
		return TAKES_KERNEL;
	case USER:
		return TAKES_USER;
	case SUMMARY:
		return TAKES_SUMMARY;
	case SCAN:
		return TAKES_SCAN;
	case FLAT:
	case COUNT:
		return TAKES_PHYS;
	case OUTSIDE:
		return TAKES_OUTSIDE;
	case MAX_HOLD:
	case BUDGET:
	case THREADS:
		return TAKES_PACE;
	case ALL:
	case SORT:
		return TAKES_ALL;
	default:
		return 0;
	}
}

void want(const struct cli *cli, int argc, int least, int most)
{
	if (argc >= least && argc <= most)
		return;
	if (*cli->command->args)
		usage(cli, "it wants %s", cli->command->args);
	usage(cli, "it wants no argument");
}

static uint32_t own_arch(void)
{
	struct utsname name;

	return !uname(&name) && !strcmp(name.machine, "aarch64") ?
		MMUSCOPE_ARCH_ARM64 : MMUSCOPE_ARCH_X86_64;
}

int options_parse(struct cli *cli, int argc, char **argv)
{
	int option;

	cli->opt.level = MMUSCOPE_LEVEL_PTE;
	cli->opt.arch = own_arch();
	cli->opt.mode = 0600;
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
