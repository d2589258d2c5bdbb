// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static unsigned int results, failures;

/* One write per line, so that a child never inherits half of one. */
static void line(const char *head, const char *fmt, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	printf("%s%s\n", head, text);
	fflush(stdout);
}

bool tap_ok(bool ok, const char *fmt, ...)
{
	char head[32];
	va_list args;

	results++;
	failures += !ok;
	snprintf(head, sizeof(head), "%s %u ", ok ? "ok" : "not ok", results);
	va_start(args, fmt);
	line(head, fmt, args);
	va_end(args);
	return ok;
}

void tap_skip(const char *name, const char *fmt, ...)
{
	char head[256];
	va_list args;

	snprintf(head, sizeof(head), "ok %u %s # SKIP ", ++results, name);
	va_start(args, fmt);
	line(head, fmt, args);
	va_end(args);
}

void tap_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line("# ", fmt, args);
	va_end(args);
}

int tap_done(void)
{
	printf("1..%u\n", results);
	fflush(stdout);
	return failures || !results;
}

void tap_bail(const char *fmt, ...)
{
	char head[32];
	va_list args;

	results++;
	failures++;
	snprintf(head, sizeof(head), "not ok %u ", results);
	va_start(args, fmt);
	line(head, fmt, args);
	va_end(args);
	exit(tap_done());
}
