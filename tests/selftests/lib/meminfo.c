// SPDX-License-Identifier: GPL-2.0-only
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "meminfo.h"
#include "tap.h"
#include "text.h"

long meminfo(const char *field)
{
	long kb;
	char *text;

	if (text_slurp("/proc/meminfo", &text) < 0)
		tap_bail("cannot read meminfo");
	kb = text_field(text, field);
	text_free(text);
	return kb;
}

/* The numbers behind each occurrence of this in a text, added up. */
static long sum(const char *text, const char *field)
{
	long n = 0;

	for (const char *at = text; (at = strstr(at, field)); n += atol(at))
		at += strlen(field);
	return n;
}

long meminfo_free(void)
{
	char *text;
	long pages;

	/*
	 * Both from one file, which has a zone's free pages before what its processors
	 * keep: what they give back meanwhile (since v6.7 on their own, 100 MB at times)
	 * is not counted twice, as it would be with MemFree, read later.
	 */
	if (text_slurp("/proc/zoneinfo", &text) < 0)
		tap_bail("cannot read zoneinfo");
	pages = sum(text, "pages free") + sum(text, " count:");
	text_free(text);
	return pages * 4;
}

void meminfo_shrink(void)
{
	static glob_t caches;

	if (!caches.gl_pathc)
		glob("/sys/kernel/slab/*/shrink", GLOB_NOSORT, NULL, &caches);
	for (size_t i = 0; i < caches.gl_pathc; i++)
		text_write(caches.gl_pathv[i], "1");
}
