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

long meminfo_free(void)
{
	static const char count[] = "count:";
	char *text, *at;
	long pages = 0;

	if (text_slurp("/proc/zoneinfo", &text) < 0)
		tap_bail("cannot read zoneinfo");
	for (at = text; (at = strstr(at, count)); at += sizeof(count) - 1)
		pages += atol(at + sizeof(count) - 1);
	text_free(text);
	return meminfo("MemFree") + pages * 4;
}

void meminfo_shrink(void)
{
	static glob_t caches;

	if (!caches.gl_pathc)
		glob("/sys/kernel/slab/*/shrink", GLOB_NOSORT, NULL, &caches);
	for (size_t i = 0; i < caches.gl_pathc; i++)
		text_write(caches.gl_pathv[i], "1");
}
