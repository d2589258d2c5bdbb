// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "told.h"

static void tell(struct told *told, const struct mmuscope_found *found)
{
	struct mmuscope_found *to;

	if (told->nr == told->room) {
		told->room = told->room * 2 + 1024;
		told->found = realloc(told->found, told->room * sizeof(*found));
		if (!told->found)
			tap_bail("no memory");
	}
	told->swapped += found->extent.backing == MMUSCOPE_BACKING_SWAP;
	to = &told->found[told->nr++];
	*to = *found;
	to->name = strdup(found->name);
	/* These are of its call. */
	to->vma.first = 0;
	to->vma.name = 0;
}

struct told told_scan(struct mmuscope_target *target,
		      const struct mmuscope_scan_options *options)
{
	const struct mmuscope_found *found;
	struct mmuscope_scanner *scanner;
	struct told told = {};
	int err;

	err = mmuscope_scan_begin(target, options, &scanner);
	if (err)
		tap_bail("cannot begin: %s", strerror(-err));
	while ((err = mmuscope_scan_next(scanner, &found)) == 1)
		tell(&told, found);
	if (err)
		tap_bail("scan: %s", strerror(-err));
	mmuscope_scan_cost(scanner, &told.cost);
	mmuscope_scan_end(scanner);
	return told;
}

void told_free(struct told *told)
{
	while (told->nr)
		free((char *)told->found[--told->nr].name);
	free(told->found);
}

static void say(const char *which, const struct mmuscope_extent *ext)
{
	tap_note("%s: %llx-%llx level %u flags %llx value %llx raw %llx", which,
		 ext->start, ext->end, ext->level, ext->flags, ext->value, ext->raw);
}

bool told_same(const struct told *a, const struct told *b, bool loud)
{
	size_t i;

	for (i = 0; i < a->nr && i < b->nr; i++) {
		const struct mmuscope_found *x = &a->found[i], *y = &b->found[i];

		if (!memcmp(&x->extent, &y->extent, sizeof(x->extent)) &&
		    !memcmp(&x->vma, &y->vma, sizeof(x->vma)) &&
		    x->first_in_vma == y->first_in_vma && !strcmp(x->name, y->name))
			continue;
		if (loud) {
			say("this", &x->extent);
			say("that", &y->extent);
		}
		return false;
	}
	if (loud && a->nr != b->nr)
		tap_note("%zu extents against %zu", a->nr, b->nr);
	return a->nr == b->nr;
}

bool told_agree(struct mmuscope_target *target,
		const struct mmuscope_scan_options *a,
		const struct mmuscope_scan_options *b, struct told *sum)
{
	bool still = false, ok = false;

	for (int i = 0; i < 20 && !ok && !still; i++) {
		struct told before = told_scan(target, b);
		struct told told = told_scan(target, a);
		struct told after = told_scan(target, b);

		ok = told_same(&told, &before, false) || told_same(&told, &after, false);
		still = told_same(&before, &after, false);
		if (!ok && still)
			told_same(&told, &before, true);
		sum->nr += told.nr;
		sum->swapped += told.swapped;
		sum->cost = told.cost;
		told_free(&before);
		told_free(&told);
		told_free(&after);
	}
	return ok;
}
