// SPDX-License-Identifier: MIT
/* The kernel's own names for its addresses. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* "NAME" or "NAME+OFFSET". */
struct wanted {
	const char *name;
	size_t len;
	uint64_t offset;
};

static bool parse_wanted(const char *word, struct wanted *ret)
{
	const char *plus = strchr(word, '+');

	ret->name = word;
	ret->len = plus ? (size_t)(plus - word) : strlen(word);
	ret->offset = 0;
	return ret->len && (!plus || parse_hex(plus + 1, &ret->offset));
}

/* "ADDRESS TYPE NAME", and perhaps a module behind. */
static bool is_wanted(const char *line, const struct wanted *wanted,
		      uint64_t *addr)
{
	int name = 0;

	if (sscanf(line, "%" SCNx64 " %*c %n", addr, &name) < 1 || !name)
		return false;
	line += name;
	return !strncmp(line, wanted->name, wanted->len) &&
	       strchr(" \t\n", line[wanted->len]);
}

/* -ENOENT, -EPERM if addresses are hidden, -ENOTUNIQ if several have it. */
int symbol_find(const char *word, uint64_t *ret)
{
	unsigned int nr = 0;
	struct wanted wanted;
	size_t size = 0;
	char *line = NULL;
	uint64_t addr;
	FILE *file;

	if (!parse_wanted(word, &wanted))
		return -ENOENT;
	file = fopen("/proc/kallsyms", "re");
	if (!file)
		return -errno;
	while (getline(&line, &size, file) >= 0)
		if (is_wanted(line, &wanted, &addr) && !nr++)
			*ret = addr + wanted.offset;
	free(line);
	fclose(file);
	if (!nr)
		return -ENOENT;
	if (*ret == wanted.offset)
		return -EPERM;
	return nr == 1 ? 0 : -ENOTUNIQ;
}
