// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two processes that map the same gigabyte of a hugetlb file share the table
 * of its pages: pagetable shows the one table in both, maps calls its pages
 * shared, and both agree with pagemap; after one of them unmapped a part it has a
 * table of its own.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "maps.h"
#include "story.h"
#include "tables.h"
#include "tap.h"

static int file;

static struct span built(void)
{
	struct span span = memory_map(GB, GB, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_NORESERVE, file);

	memory_touch(span_part(span, 0, 8 * MB), 2 * MB);
	return span;
}

static void unmap_half(struct span span)
{
	munmap(span_at(span, GB / 2), GB / 2);
}

/* The address of the table that maps the span's 2M pages; 0 if there is none. */
static unsigned long table_of(const struct target *t)
{
	unsigned long phys = 0;
	struct tables tables;

	if (tables_read(&tables, t->pid))
		tap_bail("cannot read pagetable");
	for (size_t i = 0; i < tables.entries; i++) {
		const struct extent *e = &tables.entry[i].e;

		if (e->level == PUD && e->start == t->span.start && e->backing == TABLE)
			phys = e->value;
	}
	tables_free(&tables);
	return phys;
}

static unsigned long shared(const struct target *t)
{
	unsigned long pages;
	struct maps maps;

	if (maps_read(&maps, t->pid))
		tap_bail("cannot read maps");
	pages = maps_count(&maps, t->span.start, t->span.end, "pmd ram +hugetlb +shared");
	maps_free(&maps);
	return pages * 4096;
}

int main(void)
{
	struct target a, b;

	file = memfd_create("shared", MFD_HUGETLB);
	if (file < 0 || ftruncate(file, GB))
		tap_bail("no hugetlb file: %m");
	if (!target_start(&a, built, NULL) || !target_start(&b, built, unmap_half))
		tap_bail("%s%s", a.why, b.why);
	tap_note("tables at %lx and %lx", table_of(&a), table_of(&b));
	tap_ok(table_of(&a) && table_of(&a) == table_of(&b), "one table for both");
	tap_ok(shared(&a) == 8 * MB && shared(&b) == 8 * MB, "what is there is shared");
	story_process("one process", a.pid);
	story_process("the other", b.pid);
	target_step(&b);
	tap_ok(table_of(&a) != table_of(&b), "no longer after munmap of a part");
	tap_ok(!shared(&a), "nor are the pages shared");
	story_process("the one that kept it", a.pid);
	story_process("the one that unmapped", b.pid);
	target_stop(&a);
	target_stop(&b);
	return tap_done();
}
