// SPDX-License-Identifier: GPL-2.0-only
/*
 * The vsyscall page lies outside all VMAs. Where the kernel maps it
 * (vsyscall=emulate) it is shown, readable, with a frame of the kernel's
 * image; elsewhere maps does not speak of it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "maps.h"
#include "tap.h"
#include "tables.h"
#include "text.h"

#define VSYSCALL 0xffffffffff600000UL

/* Is it inside a "Kernel ..." line of /proc/iomem? */
static bool of_the_kernel(unsigned long phys)
{
	unsigned long start, end;
	bool inside = false;
	char *text, *line;

	text_slurp("/proc/iomem", &text);
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 &&
		    strstr(line, " : Kernel ") && phys >= start && phys <= end)
			inside = true;
	text_free(text);
	return inside;
}

static bool mapped(void)
{
	bool found;
	char *text;

	if (text_proc(getpid(), "maps", &text) < 0)
		tap_bail("cannot read /proc/self/maps");
	found = strstr(text, "[vsyscall]");
	text_free(text);
	return found;
}

static void shown(const struct maps *m)
{
	const struct extent *e = maps_at(m, VSYSCALL);
	const struct vma *v = &m->vma[m->vmas - 1];
	struct tables t;

	tap_ok(v->start == VSYSCALL && strstr(v->line, " r-xp ") &&
	       strstr(v->line, "[vsyscall]") && v->count == 1,
	       "its line is the last");
	tap_ok(e && extent_is(e, "pte ram r--u"), "PERM is r--u, whatever the line says");
	tap_ok(e && of_the_kernel(e->value), "its frame belongs to the kernel's image");
	tap_ok(!tables_read(&t, getpid()) && !t.wrong[0] && t.entries &&
	       t.entry[t.entries - 1].e.start == VSYSCALL, "pagetable ends with it");
	tables_free(&t);
}

int main(void)
{
	struct maps m;

	if (maps_read(&m, getpid()))
		tap_bail("cannot read maps");
	tap_ok(!m.wrong[0], "maps is well formed %s", m.wrong);
	if (mapped())
		shown(&m);
	else
		tap_ok(!maps_at(&m, VSYSCALL), "not mapped and not shown");
	maps_free(&m);
	return tap_done();
}
