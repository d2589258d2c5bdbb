// SPDX-License-Identifier: GPL-2.0-only
/* Whether the kernel has complained, by the patterns that the guest has. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "tap.h"

enum { MAX_PATTERNS = 64 };

static regex_t pattern[MAX_PATTERNS];
static unsigned int nr_patterns;
static int kmsg;

void splat_init(void)
{
	FILE *file = fopen("/lib/splats", "r");
	char line[300];

	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || nr_patterns == MAX_PATTERNS)
			continue;
		if (!regcomp(&pattern[nr_patterns], line, REG_EXTENDED | REG_NOSUB))
			nr_patterns++;
	}
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (!file || kmsg < 0)
		tap_bail("cannot watch the kernel's log: %m");
	fclose(file);
	lseek(kmsg, 0, SEEK_END);
}

static bool is_splat(const char *text)
{
	for (unsigned int i = 0; i < nr_patterns; i++)
		if (!regexec(&pattern[i], text, 0, NULL, 0))
			return true;
	return false;
}

bool splat_seen(void)
{
	char record[1024], line[1024];

	for (;;) {
		ssize_t len = read(kmsg, record, sizeof(record) - 1);

		if (len < 0 && errno == EPIPE)
			continue;	/* fell behind: the rest is still there */
		if (len <= 0)
			return false;
		record[len] = '\0';
		/* As a line looks on the console, behind its time. */
		snprintf(line, sizeof(line), "] %s", strchrnul(record, ';') + 1);
		line[strcspn(line, "\n")] = '\0';
		if (!is_splat(line))
			continue;
		snprintf(board->splat, sizeof(board->splat), "%.250s", line + 2);
		return true;
	}
}
