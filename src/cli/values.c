// SPDX-License-Identifier: MIT
/* Words of the command line that stand for numbers. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const char * const arches[] = {
	[MMUSCOPE_ARCH_X86_64]	= "x86_64",
	[MMUSCOPE_ARCH_ARM64]	= "arm64",
};

#define NR_ARCHES (sizeof(arches) / sizeof(*arches))

const char *arch_name(unsigned int arch)
{
	return arch < NR_ARCHES && arches[arch] ? arches[arch] : "unknown";
}

unsigned int parse_arch(const struct cli *cli, const char *word)
{
	unsigned int i;

	for (i = 0; i < NR_ARCHES; i++)
		if (arches[i] && !strcmp(word, arches[i]))
			return i;
	usage(cli, "--arch %s: x86_64 or arm64", word);
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

bool parse_number(const char *word, uint64_t max, uint64_t *ret)
{
	char *end;

	if (!isdigit((unsigned char)*word))
		return false;
	errno = 0;
	*ret = strtoull(word, &end, 10);
	return !*end && !errno && *ret <= max;
}

bool parse_size(const char *word, uint64_t *ret)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;
	int shift;

	if (!isdigit((unsigned char)*word))
		return false;
	errno = 0;
	*ret = strtoull(word, &end, 10);
	if (errno)
		return false;
	if (!*end)
		return true;
	unit = strchr(units, toupper((unsigned char)*end));
	if (!unit || end[1])
		return false;
	shift = 10 * (unit - units + 1);
	if (*ret > UINT64_MAX >> shift)
		return false;
	*ret <<= shift;
	return true;
}

uint64_t parse_count(const struct cli *cli, const char *word)
{
	uint64_t count;

	if (!parse_number(word, UINT64_MAX, &count) || !count)
		usage(cli, "%s: not a number of values", word);
	return count;
}

uint64_t parse_value(const struct cli *cli, const char *word,
		     unsigned int width)
{
	uint64_t value;

	if (!parse_hex(word, &value))
		usage(cli, "%s: not a hexadecimal value", word);
	if (width < 8 && value >> (8 * width))
		usage(cli, "%s: too wide for --width %u", word, 8 * width);
	return value;
}

/* Returns 0 if there is none. */
static uint64_t category(const char *word)
{
	uint64_t flag = mmuscope_flag_by_name(word);
	int n = mmuscope_backing_by_name(word);

	if (flag & MMUSCOPE_SCAN_FLAGS)
		return flag;
	if (n >= 0 && n != MMUSCOPE_BACKING_TABLE)
		return MMUSCOPE_CAT_BACKING(n);
	n = mmuscope_level_by_name(word);
	return n >= 0 ? MMUSCOPE_CAT_LEVEL(n) : 0;
}

uint64_t parse_words(const struct cli *cli, char *words)
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
