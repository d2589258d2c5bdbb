// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "maps.h"
#include "reading.h"
#include "tables.h"
#include "text.h"

const char * const reading_names[READING_FILES] = { "maps", "pagetable", "summary" };

static void broken(struct reading *r, const char *wrong)
{
	snprintf(r->wrong, sizeof(r->wrong), "%s", wrong);
}

static void take_maps(struct reading *r, char *text)
{
	struct maps m;

	maps_parse(&m, text);
	broken(r, m.wrong);
	r->units = m.extents;
	maps_free(&m);
}

static void take_tables(struct reading *r, char *text, int levels)
{
	struct tables t;

	tables_parse(&t, text, levels);
	broken(r, t.wrong);
	r->units = t.entries;
	tables_free(&t);
}

/* The backings of a summary add up whatever the target does. */
static void take_summary(struct reading *r, char *text)
{
	static const char * const backings[] = {
		"Ram", "Mmio", "SwapEntries", "Migration", "Device", "Poison",
		"Marker", "None",
	};
	long sum = 0;

	for (size_t i = 0; i < sizeof(backings) / sizeof(*backings); i++)
		sum += text_field(text, backings[i]);
	if (sum != text_field(text, "Size"))
		broken(r, "backings do not add up to Size");
	if (text_field(text, "Anonymous") + text_field(text, "File") +
	    text_field(text, "Shmem") != text_field(text, "Rss"))
		broken(r, "kinds do not add up to Rss");
	if (text_field(text, "LongestHold") > 2560)
		broken(r, "mmap_lock was held for too many entries");
	text_free(text);
}

int reading_take(struct reading *r, pid_t pid, enum reading_file file, int levels)
{
	char *text;
	ssize_t n = text_pid(pid, reading_names[file], &text);

	memset(r, 0, sizeof(*r));
	if (n < 0)
		return n;
	if (file == READING_MAPS)
		take_maps(r, text);
	else if (file == READING_PAGETABLE)
		take_tables(r, text, levels);
	else
		take_summary(r, text);
	return 0;
}
