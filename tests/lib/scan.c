// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scan goes on from call to call: every extent once, with its own VMA and
 * name, a VMA announced once though it is told again, costs summed up, errors
 * and signals in between without a loss. The module is played by ioctl() below.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <mmuscope.h>

#include "internal.h"
#include "tap.h"

#define PAGE	4096UL
#define LIMIT	(10000 * PAGE)
#define MAX	8

/* What the next calls find: extents of a page each, in VMAs. */
static struct play {
	int err;		/* or this, and nothing is found */
	uint64_t from;		/* where the call must begin */
	unsigned int nr;	/* extents from there */
	unsigned int every;	/* that many to a VMA, from address 0 on */
	uint64_t walk_end;
	struct mmuscope_scan cost;
} play[MAX];

static unsigned int plays, played;
static struct mmuscope_scan asked;
static bool wrong;

static struct mmuscope_vma vma_of(const struct play *p, uint64_t addr)
{
	uint64_t size = p->every * PAGE;

	return (struct mmuscope_vma) {
		.start = addr / size * size,
		.end = addr / size * size + size,
	};
}

static void add_vma(const struct play *p, struct mmuscope_scan *args,
		    struct mmuscope_vma vma, uint64_t first)
{
	struct mmuscope_vma *to = (void *)(uintptr_t)args->vma;
	char *names = (void *)(uintptr_t)args->names;
	unsigned int len = 0;

	for (unsigned int i = 0; i < args->nr_vma; i++)
		len += to[i].name_len + 1;
	vma.first = first;
	vma.name = len;
	if (vma.start / (p->every * PAGE) % 2)
		vma.name_len = sprintf(names + len, "vma %llx",
				       (unsigned long long)vma.start);
	else
		names[len] = 0;
	to[args->nr_vma++] = vma;
}

static void fill(const struct play *p, struct mmuscope_scan *args)
{
	struct mmuscope_extent *ext = (void *)(uintptr_t)args->vec;
	uint64_t at = args->start, last = -1;

	args->nr = 0;
	args->nr_vma = 0;
	for (; args->nr < p->nr; args->nr++, at += PAGE) {
		struct mmuscope_vma vma = vma_of(p, at);

		if (vma.start != last)
			add_vma(p, args, vma, args->nr);
		last = vma.start;
		ext[args->nr] = (struct mmuscope_extent) {
			.start = at, .end = at + PAGE,
		};
	}
	args->walk_end = p->walk_end ? p->walk_end : at;
	args->status = p->cost.status;
	args->entries = p->cost.entries;
	args->holds = p->cost.holds;
	args->longest = p->cost.longest;
	args->longest_ns = p->cost.longest_ns;
}

int ioctl(int fd, unsigned long request, ...)
{
	struct play *p = &play[played];
	struct mmuscope_scan *args;
	va_list list;

	va_start(list, request);
	args = va_arg(list, struct mmuscope_scan *);
	va_end(list);
	asked = *args;
	wrong |= fd != 42 || request != MMUSCOPE_IOC_SCAN ||
		 args->size != sizeof(*args) || played >= plays ||
		 args->start != p->from || p->nr > args->vec_len;
	played++;
	if (p->err || wrong) {
		errno = p->err ? p->err : ENOTTY;
		return -1;
	}
	if (!args->end)
		args->end = LIMIT;
	fill(p, args);
	return 0;
}

static struct mmuscope_target target = { .fd = 42 };

static struct mmuscope_scanner *begin(const struct mmuscope_scan_options *options)
{
	struct mmuscope_scanner *scanner;

	played = 0;
	wrong = false;
	if (mmuscope_scan_begin(&target, options, &scanner))
		tap_bail("no memory");
	return scanner;
}

static void stage(const struct play *list, unsigned int nr)
{
	memset(play, 0, sizeof(play));
	memcpy(play, list, nr * sizeof(*list));
	plays = nr;
}

static bool name_fits(const struct mmuscope_found *f, unsigned int every)
{
	char name[32] = "";

	if (f->vma.start / (every * PAGE) % 2)
		sprintf(name, "vma %llx", (unsigned long long)f->vma.start);
	return !strcmp(f->name, name);
}

/* Every page from @at on is told once, each @every'th begins a VMA. */
static int follow(struct mmuscope_scanner *scanner, uint64_t *at,
		  unsigned int every, const char **why)
{
	const struct mmuscope_found *f;
	int ret;

	while ((ret = mmuscope_scan_next(scanner, &f)) > 0) {
		if (f->extent.start != *at)
			*why = "another extent";
		else if (f->vma.start != *at / (every * PAGE) * every * PAGE)
			*why = "another VMA";
		else if (!name_fits(f, every))
			*why = "another name";
		else if (f->first_in_vma != (*at == f->vma.start))
			*why = "VMA not announced, or twice";
		else
			*at += PAGE;
		if (**why)
			break;
	}
	return ret;
}

static void resumes(void)
{
	const struct play list[] = {
		{ .nr = 512, .every = 200, .from = 0, .cost = {
			.entries = 600, .holds = 2, .longest = 500, .longest_ns = 7 } },
		{ .err = EINTR, .from = 512 * PAGE },
		{ .nr = 0, .every = 200, .from = 512 * PAGE,
		  .walk_end = 512 * PAGE },
		{ .nr = 1, .every = 200, .from = 512 * PAGE, .cost = {
			.entries = 10, .holds = 1, .longest = 10, .longest_ns = 70,
			.status = MMUSCOPE_SCAN_CHANGED } },
		{ .nr = 88, .every = 200, .from = 513 * PAGE, .walk_end = LIMIT,
		  .cost = { .entries = 1, .holds = 1, .longest = 1 } },
	};
	struct mmuscope_scanner *s;
	const struct mmuscope_found *found;
	struct mmuscope_scan cost;
	const char *why = "";
	uint64_t at = 0;
	int ret;

	stage(list, 5);
	s = begin(NULL);
	ret = follow(s, &at, 200, &why);
	tap_ok(!ret && !wrong && !*why && at == 601 * PAGE,
	       "601 extents in four calls%s", why);
	tap_ok(!mmuscope_scan_next(s, &found) &&
	       played == 5, "after the end no call");
	mmuscope_scan_cost(s, &cost);
	tap_ok(cost.entries == 611 && cost.holds == 4, "entries and holds are sums");
	tap_ok(cost.longest == 500 && cost.longest_ns == 70,
	       "the longest are the longest");
	tap_ok(cost.status == MMUSCOPE_SCAN_CHANGED && cost.walk_end == LIMIT &&
	       cost.end == LIMIT, "status and end");
	mmuscope_scan_end(s);
}

static void fails(void)
{
	const struct play list[] = {
		{ .nr = 3, .every = 2, .from = 0 },
		{ .err = ESRCH, .from = 3 * PAGE },
		{ .nr = 5, .every = 2, .from = 3 * PAGE, .walk_end = LIMIT },
	};
	struct mmuscope_scanner *s;
	const char *why = "";
	uint64_t at = 0;

	stage(list, 3);
	s = begin(NULL);
	tap_ok(follow(s, &at, 2, &why) == -ESRCH && at == 3 * PAGE && !*why,
	       "an error comes after what was found before");
	tap_ok(follow(s, &at, 2, &why) == 0 && at == 8 * PAGE && !*why && !wrong,
	       "asked again, it goes on from there%s", why);
	mmuscope_scan_end(s);
}

static void options(void)
{
	const struct play list[] = { { .from = PAGE, .walk_end = 3 * PAGE } };
	const struct mmuscope_scan_options some = {
		.start = PAGE, .end = 3 * PAGE, .inverted = 1, .mask = 2,
		.anyof = 4, .ignore = MMUSCOPE_FLAG_DIRTY, .no_values = 1,
	};
	const struct mmuscope_found *f;
	struct mmuscope_scanner *s;

	stage(list, 1);
	s = begin(&some);
	tap_ok(!mmuscope_scan_next(s, &f) && asked.start == PAGE &&
	       asked.end == 3 * PAGE && asked.inverted == 1 && asked.mask == 2 &&
	       asked.anyof == 4 && !asked.flags && asked.return_mask ==
	       (MMUSCOPE_SCAN_FLAGS & ~MMUSCOPE_FLAG_DIRTY),
	       "options reach the module");
	mmuscope_scan_end(s);

	stage((const struct play[]) { { .walk_end = LIMIT } }, 1);
	s = begin(NULL);
	tap_ok(!mmuscope_scan_next(s, &f) && !asked.start && !asked.end &&
	       !asked.inverted && !asked.mask && !asked.anyof &&
	       asked.flags == MMUSCOPE_SCAN_VALUES &&
	       asked.return_mask == MMUSCOPE_SCAN_FLAGS, "none: everything");
	tap_ok(asked.vec_size == sizeof(struct mmuscope_extent) &&
	       asked.vma_size == sizeof(struct mmuscope_vma) &&
	       asked.names_len >= 4096, "arrays as the module wants them");
	mmuscope_scan_end(s);

	stage((const struct play[]) { { .walk_end = LIMIT } }, 1);
	s = begin(&(struct mmuscope_scan_options) { .outside = 1 });
	tap_ok(!mmuscope_scan_next(s, &f) && asked.flags ==
	       (MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_OUTSIDE), "outside of VMAs");
	mmuscope_scan_end(s);

	stage((const struct play[]) { { .err = EINVAL, .from = 3 * PAGE } }, 1);
	s = begin(&(struct mmuscope_scan_options) { .start = 3 * PAGE, .end = PAGE });
	tap_ok(mmuscope_scan_next(s, &f) == -EINVAL && played == 1,
	       "a reversed range is the module's to refuse");
	mmuscope_scan_end(s);
	mmuscope_scan_end(NULL);
}

int main(void)
{
	resumes();
	fails();
	options();
	return tap_done();
}
