// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which line of /proc/swaps a swap type stands for: certain where only one can
 * be it, else a guess that is said to be one. The files are made up.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"
#include "tap.h"

#define HEAD "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

static char path[64] = "/tmp/mmuscope-swaps-XXXXXX";

static void swaps(const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		tap_bail("cannot write %s", path);
}

/* @name: what is to be found; NULL for nothing. */
static void area(const char *what, uint32_t type, uint64_t offset,
		 const char *name, int guess)
{
	struct mmuscope_swap_area is = {};
	int err = mmuscope_swap_area_in(path, type, offset, &is);

	if (!name)
		tap_ok(err == -ENOENT, "%s: none", what);
	else
		tap_ok(!err && !strcmp(is.name, name) && is.guess == guess,
		       "%s: %s%s", what, name, guess ? " (guess)" : "");
	if (!err)
		tap_note("%s%s", is.name, is.guess ? " (guess)" : "");
}

static void long_name(void)
{
	char text[600] = HEAD, name[300];

	memset(name, 'x', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = 0;
	strcat(strcat(text, name), " partition\t100\t0\t-2\n");
	swaps(text);
	name[255] = 0;
	area("a name that is too long is cut", 0, 1, name, 0);
}

int main(void)
{
	const unsigned long kb = sysconf(_SC_PAGESIZE) / 1024;
	char text[600];
	int fd = mkstemp(path);

	if (fd < 0)
		tap_bail("cannot create %s", path);
	close(fd);

	swaps(HEAD);
	area("no area", 0, 1, NULL, 0);

	snprintf(text, sizeof(text), HEAD
		 "/dev/one                                partition\t%lu\t\t0\t\t-2\n",
		 100 * kb);
	swaps(text);
	area("one area", 0, 1, "/dev/one", 0);
	area("one area, the others are off", 3, 1, "/dev/one", 0);
	area("last slot", 0, 100, "/dev/one", 0);
	area("past the last slot", 0, 101, NULL, 0);

	snprintf(text, sizeof(text), HEAD
		 "/dev/one  partition\t%lu\t\t0\t\t-2\n"
		 "/a\\040b\\134c\\011d\\012\\040(deleted) file\t\t%lu\t\t0\t\t5\n"
		 "/dev/three\\ partition\t%lu\t\t0\t\t100\n",
		 100 * kb, 1000 * kb, 10000000 * kb);
	swaps(text);
	area("type 0 can only be the first", 0, 1, "/dev/one", 0);
	area("type 1", 1, 1, "/a b\\c\td\n (deleted)", 1);
	area("type 1, too far for the first", 1, 101, "/a b\\c\td\n (deleted)", 0);
	area("type 1, too far for both", 1, 1001, NULL, 0);
	area("type 2", 2, 1, "/dev/three\\", 1);
	area("type 2, too far for the first", 2, 1000, "/dev/three\\", 1);
	area("type 2, too far for two", 2, 1001, "/dev/three\\", 0);
	area("a type beyond the lines", 5, 1, "/dev/three\\", 1);
	area("the largest type", UINT32_MAX, 1, "/dev/three\\", 1);

	snprintf(text, sizeof(text), HEAD
		 "/dev/one  partition\t%lu\t\t0\t\t-2\n"
		 "/dev/small  partition\t%lu\t\t0\t\t-2\n", 100 * kb, 10 * kb);
	swaps(text);
	area("the likeliest is too small", 1, 50, "/dev/one", 0);

	swaps(HEAD "rubbish\n/dev/two partition\t4000\t0\t-2\n");
	area("a line that cannot be read has its place", 0, 1, NULL, 0);
	area("and the next one its own", 1, 1, "/dev/two", 0);
	long_name();

	unlink(path);
	tap_ok(mmuscope_swap_area_in(path, 0, 1, &(struct mmuscope_swap_area){})
	       == -ENOENT, "no such file");
	return tap_done();
}
