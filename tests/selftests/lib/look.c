// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "look.h"
#include "maps.h"
#include "tap.h"

static bool sound(struct maps *m, pid_t pid)
{
	int err = maps_read(m, pid);

	if (err) {
		tap_note("maps of %d: %s", pid, strerror(-err));
		return false;
	}
	maps_complete(m);
	maps_same_vmas(m, pid);
	if (m->wrong[0])
		tap_note("maps of %d: %s", pid, m->wrong);
	return !m->wrong[0];
}

/* Say what is there instead. */
static void complain(const struct maps *m, struct span span, const char *pattern)
{
	for (unsigned long at = span.start; at < span.end; at += 4096) {
		const struct extent *e = maps_at(m, at);

		if (e && extent_is(e, pattern))
			continue;
		tap_note("%lx: wanted '%s', is %s %s:%lx %s %s", at, pattern,
			 e ? level_name(e->level) : "-",
			 e ? backing_name(e->backing) : "nothing",
			 e ? extent_value_at(e, at) : 0, e ? e->perm : "-",
			 e ? e->flags : "-");
		return;
	}
}

bool look(const struct target *t, const char *name, size_t offset, size_t size,
	  const char *pattern)
{
	struct span span = span_part(t->span, offset, size);
	struct maps m;
	bool ok = sound(&m, t->pid);

	if (ok && maps_count(&m, span.start, span.end, pattern) != size / 4096) {
		complain(&m, span, pattern);
		ok = false;
	}
	tap_ok(ok, "%s", name);
	maps_free(&m);
	return ok;
}

long look_count(const struct target *t, const char *pattern)
{
	struct maps m;
	long pages = -1;

	if (sound(&m, t->pid))
		pages = maps_count(&m, t->span.start, t->span.end, pattern);
	maps_free(&m);
	return pages;
}
