// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "agreement.h"
#include "story.h"
#include "tap.h"

static bool agrees(struct agreement *a, const char *name, pid_t pid)
{
	int err = agreement_check(a, pid);

	if (err) {
		tap_note("%s: %s", name, strerror(-err));
		return false;
	}
	tap_note("%s: %lu pages agree, %lu differ", name, a->agree, a->differ);
	if (a->first[0])
		tap_note("first difference: %s", a->first);
	return a->agree && !a->differ;
}

static void tell(const struct story *s)
{
	struct agreement a;
	struct target t;
	unsigned long pages;
	bool ok;

	if (!target_start(&t, s->build, s->step)) {
		tap_skip(s->name, "%s", t.why);
		return;
	}
	if (s->step && !target_step(&t)) {
		tap_skip(s->name, "%s", t.why);
		target_stop(&t);
		return;
	}
	ok = agrees(&a, s->name, t.pid);
	pages = maps_count(&a.maps, t.span.start, t.span.end, s->pattern);
	if (pages < s->pages)
		tap_note("only %lu of %lu pages are '%s'", pages, s->pages,
			 s->pattern);
	tap_ok(ok && pages >= s->pages, "%s", s->name);
	agreement_free(&a);
	target_stop(&t);
}

void story_agrees(const struct story *story, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tell(&story[i]);
}

void story_process(const char *name, pid_t pid)
{
	struct agreement a;

	tap_ok(agrees(&a, name, pid), "%s", name);
	agreement_free(&a);
}
