// SPDX-License-Identifier: MIT
/*
 * /proc/swaps lists the areas by ascending type, but without their types, and
 * skips those that are off (swap_start(), mm/swapfile.c, v6.1 to v7.2): the
 * area of a line has the line's number for its type, or a larger one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/* A line of /proc/swaps. */
struct area {
	const char *name;
	uint64_t pages;
};

static int octal(const char *s)
{
	int n = 0, i;

	for (i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '7')
			return -1;
		n = n * 8 + s[i] - '0';
	}
	return n;
}

/* As far as it has room; the kernel writes a blank as \040. */
static void copy_name(char *to, size_t size, const char *from)
{
	size_t n = 0;

	while (*from && n + 1 < size) {
		if (*from == '\\' && octal(from + 1) >= 0) {
			to[n++] = octal(from + 1);
			from += 4;
		} else {
			to[n++] = *from++;
		}
	}
	to[n] = 0;
}

/* Cuts the line up; its sizes are in kB, whatever a page is. */
static int parse_area(char *line, struct area *ret)
{
	unsigned long long kb;
	char *rest = strpbrk(line, " \t");

	if (!rest || sscanf(rest, "%*s %llu", &kb) != 1)
		return -EINVAL;
	*rest = 0;
	ret->name = line;
	ret->pages = kb * 1024 / sysconf(_SC_PAGESIZE);
	return 0;
}

/*
 * Of the lines that could be it the last is the likeliest, as it is the area
 * itself while no area below it is off. Slots count from 1, for the first page
 * is the header, so the last has the number of the pages that /proc/swaps says.
 */
static int find_area(FILE *file, uint32_t swap_type, uint64_t offset,
		     struct mmuscope_swap_area *ret)
{
	unsigned int could_be = 0;
	uint64_t n;
	struct area area;
	char *line = NULL;
	size_t size = 0;

	/* One line more: the first is the heading. */
	for (n = 0; n <= swap_type + 1ULL; n++) {
		if (getline(&line, &size, file) < 0)
			break;
		if (!n || parse_area(line, &area) || offset > area.pages)
			continue;
		copy_name(ret->name, sizeof(ret->name), area.name);
		could_be++;
	}
	free(line);
	ret->guess = could_be > 1;
	if (ferror(file))
		return -EIO;
	return could_be ? 0 : -ENOENT;
}

int mmuscope_swap_area_in(const char *path, uint32_t swap_type,
			  uint64_t offset, struct mmuscope_swap_area *ret)
{
	FILE *file = fopen(path, "re");
	int err;

	if (!file)
		return -errno;
	err = find_area(file, swap_type, offset, ret);
	fclose(file);
	return err;
}

int mmuscope_swap_area(uint32_t swap_type, uint64_t offset,
		       struct mmuscope_swap_area *ret)
{
	return mmuscope_swap_area_in("/proc/swaps", swap_type, offset, ret);
}
