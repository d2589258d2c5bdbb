// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has no CAP_SYS_ADMIN reads no frame numbers, raw entries and swap slots,
 * and cannot infer them from where extents end. As with pagemap it is the
 * opener who counts, not who reads.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capless.h"
#include "maps.h"
#include "pagemap.h"
#include "tables.h"
#include "tap.h"
#include "target.h"
#include "text.h"

static struct target t;
static int theirs, pagemap;	/* opened without, resp. with capabilities */

/* Random frames, random swap slots, a huge page, and a shared page. */
static struct span built(void)
{
	struct span span = memory_anon(8 * MB);

	capless_become();
	memory_advise(span_part(span, 0, 4 * MB), MADV_NOHUGEPAGE);
	memory_scatter(span_part(span, 0, 2 * MB));
	memory_scatter(span_part(span, 2 * MB, MB));
	for (size_t at = 0; at < MB; at += 12 * KB)
		memory_advise(span_part(span, 2 * MB + at, 4 * KB), MADV_PAGEOUT);
	memory_pageout(span_part(span, 2 * MB, MB));
	memory_advise(span_part(span, 4 * MB, 4 * MB), MADV_HUGEPAGE);
	memory_touch(span_part(span, 4 * MB, 2 * MB), 4096);
	return span;
}

static size_t shown(const struct maps *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->extents; i++)
		n += m->extent[i].backing > NONE && m->extent[i].backing < MARKER &&
		     !m->extent[i].hidden;
	return n;
}

static void maps_hidden(void)
{
	const struct extent *ram, *swap;
	struct maps m;
	char *text;

	if (maps_read(&m, t.pid))
		tap_bail("cannot read maps without capabilities");
	maps_complete(&m);
	tap_ok(!m.wrong[0] && m.extents && !shown(&m), "maps: no frame, no slot %s",
	       m.wrong);
	ram = maps_at(&m, t.span.start);
	swap = maps_at(&m, t.span.start + 2 * MB);
	tap_ok(ram && ram->backing == RAM && ram->end - ram->start >= 2 * MB,
	       "maps: random frames are one extent");
	tap_ok(swap && swap->backing == SWAP && swap->end - swap->start >= MB / 2,
	       "maps: random slots are one extent");
	text_pid(t.pid, "summary", &text);
	tap_ok(text && text_field(text, "Extents") == (long)m.extents,
	       "summary: counts the extents that maps shows: %ld of %zu",
	       text ? text_field(text, "Extents") : -1, m.extents);
	text_free(text);
	maps_free(&m);
}

static void tables_hidden(void)
{
	struct tables tables;
	size_t raw = 0, values = 0;

	if (tables_read(&tables, t.pid))
		tap_bail("cannot read pagetable without capabilities");
	for (size_t i = 0; i < tables.entries; i++) {
		raw += !tables.entry[i].raw_hidden;
		values += !tables.entry[i].e.hidden && tables.entry[i].e.backing != MARKER;
	}
	tap_ok(!tables.wrong[0] && tables.entries && !raw && !values,
	       "pagetable: no raw entry, no address %s", tables.wrong);
	tables_free(&tables);
}

static void without(void)
{
	uint64_t *entry;

	maps_hidden();
	tables_hidden();
	theirs = text_open(t.pid, "maps");
	entry = pagemap_read(t.pid, t.span.start, t.span.start + 4096);
	tap_ok(entry && *entry & PM_PRESENT && !PM_PFN(*entry),
	       "pagemap hides them, too");
}

/* Who opened is gone; who reads has the right, or has not. */
static void read_by_another(int fd, const char *who, bool want)
{
	struct maps m;
	char *text;

	lseek(fd, 0, SEEK_SET);
	if (text_read(fd, 4096, &text) < 0)
		tap_bail("cannot read on: %m");
	maps_parse(&m, text);
	tap_ok(!m.wrong[0] && m.extents && !!shown(&m) == want, "%s: %s", who,
	       want ? "shown" : "hidden");
	maps_free(&m);
}

static void reads_root_s(void)
{
	uint64_t entry = 0;

	read_by_another(theirs, "opened with, read without", true);
	tap_ok(pread(pagemap, &entry, 8, t.span.start / 512) == 8 && PM_PFN(entry),
	       "as with pagemap");
}

/* Otherwise nothing would be hidden above. */
static void is_random(void)
{
	size_t ram = 0, swap = 0;
	struct maps m;

	if (maps_read(&m, t.pid))
		tap_bail("cannot read maps");
	for (size_t i = 0; i < m.extents; i++) {
		ram += m.extent[i].backing == RAM;
		swap += m.extent[i].backing == SWAP;
	}
	tap_note("with capabilities: %zu extents of ram, %zu of swap", ram, swap);
	tap_ok(ram > 100 && swap > 50, "there is something to hide");
	maps_free(&m);
}

int main(void)
{
	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	is_random();
	capless_run(without);
	read_by_another(theirs, "opened without, read with", false);
	close(theirs);
	theirs = text_open(t.pid, "maps");
	pagemap = text_open_proc(t.pid, "pagemap");
	read_by_another(theirs, "opened with, read with", true);
	capless_run(reads_root_s);
	target_stop(&t);
	return tap_done();
}
