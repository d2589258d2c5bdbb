// SPDX-License-Identifier: MIT
/* Words of the command line that are numbers. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

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
