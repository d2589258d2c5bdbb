// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "extent.h"
#include "internal.h"

/**
 * struct mmuscope_scanner - a scan under way
 * @fd: the target
 * @ask: what each call asks
 * @next: where the next call starts
 * @over: there is none
 * @joins: calls end amid extents, whose parts are joined here
 * @any_value: whatever their values are
 * @repeats: ptes of one and the same frame make one extent
 * @cost: of all calls together
 * @nr: extents to tell of what there is
 * @done: how many of them have been told
 * @at: index of the VMA that they are at
 * @found: what was told last
 * @told: an extent of @found.vma has been told
 * @raw: entries come as they are, and are decoded here; NULL: they do not
 * @of: the VMA that these @nr are of, then
 * @of_name: its name
 * @kept: a VMA whose last extent may go on, when the next call is made
 * @kept_name: its name
 * @last: that extent, if entries are decoded by the module
 * @open: there is one
 * @alone: it does not go on, and is to be told
 * @call: the last call
 */
struct mmuscope_scanner {
	int fd;
	struct mmuscope_scan ask;
	uint64_t next;
	bool over;
	bool joins;
	bool any_value;
	bool repeats;
	struct mmuscope_scan cost;
	uint64_t nr;
	uint64_t done;
	uint64_t at;
	struct mmuscope_found found;
	bool told;
	struct mmuscope_raw *raw;
	const struct mmuscope_vma *of;
	const char *of_name;
	struct mmuscope_vma kept;
	char kept_name[4097];
	struct mmuscope_extent last;
	bool open;
	bool alone;
	struct mmuscope_call call;
};

static void set_ask(struct mmuscope_scanner *scanner,
		    const struct mmuscope_scan_options *options)
{
	scanner->ask = (struct mmuscope_scan) {
		.size = sizeof(scanner->ask),
		.flags = (options->no_values ? 0 : MMUSCOPE_SCAN_VALUES) |
			 (options->outside ? MMUSCOPE_SCAN_OUTSIDE : 0),
		.start = options->start,
		.end = options->end,
		.inverted = options->inverted,
		.mask = options->mask,
		.anyof = options->anyof,
		.return_mask = MMUSCOPE_SCAN_FLAGS & ~options->ignore,
		.max_hold = options->max_hold,
		.budget = options->budget,
	};
	scanner->cost = (struct mmuscope_scan) {
		.size = sizeof(scanner->cost),
		.start = options->start,
		.end = options->end,
		.walk_end = options->start,
	};
}

/* Parts can be joined by who knows whether their values are told. */
static void set_joins(struct mmuscope_scanner *scanner,
		      const struct mmuscope_target *target,
		      const struct mmuscope_scan_options *options)
{
	const struct mmuscope_info *info = &target->info;

	scanner->joins = info->abi && options->budget;
	scanner->any_value = options->no_values ||
			     !(info->rights & MMUSCOPE_RIGHT_FRAMES);
	scanner->repeats = target->kind == MMUSCOPE_TARGET_KERNEL ||
			   target->kind == MMUSCOPE_TARGET_KERNEL_USER;
}

/* What is not told is decoded by the module. */
static void set_raw(struct mmuscope_scanner *scanner,
		    const struct mmuscope_info *info,
		    const struct mmuscope_scan_options *options)
{
	scanner->raw = mmuscope_raw_can(info, options) ?
		malloc(sizeof(*scanner->raw)) : NULL;
	if (!scanner->raw)
		return;
	scanner->raw->info = *info;
	mmuscope_raw_start(scanner->raw, &scanner->call);
	scanner->raw->open = false;
	scanner->raw->nr = 0;
	scanner->ask.flags |= MMUSCOPE_SCAN_RAW;
}

int mmuscope_scan_begin(struct mmuscope_target *target,
			const struct mmuscope_scan_options *options,
			struct mmuscope_scanner **ret)
{
	static const struct mmuscope_scan_options everything;
	struct mmuscope_scanner *scanner = malloc(sizeof(*scanner));

	if (!scanner)
		return -ENOMEM;
	if (!options)
		options = &everything;
	memset(scanner, 0, offsetof(struct mmuscope_scanner, call));
	scanner->call.args = (struct mmuscope_scan) {};
	scanner->fd = target->fd;
	scanner->next = options->start;
	set_ask(scanner, options);
	set_joins(scanner, target, options);
	set_raw(scanner, &target->info, options);
	*ret = scanner;
	return 0;
}

static void add_cost(struct mmuscope_scan *sum, const struct mmuscope_scan *args)
{
	sum->end = args->end;
	sum->walk_end = args->walk_end;
	sum->status |= args->status;
	sum->entries += args->entries;
	sum->holds += args->holds;
	if (sum->longest < args->longest)
		sum->longest = args->longest;
	if (sum->longest_ns < args->longest_ns)
		sum->longest_ns = args->longest_ns;
}

static const char *name_of(const struct mmuscope_scanner *scanner,
			   const struct mmuscope_vma *vma)
{
	return vma->name_len ? scanner->call.names + vma->name : "";
}

/* The module may have been exchanged for one that does not know, or the rights. */
static void drop_raw(struct mmuscope_scanner *scanner)
{
	free(scanner->raw);
	scanner->raw = NULL;
	scanner->ask.flags &= ~MMUSCOPE_SCAN_RAW;
}

/* Fetches what comes next. Asked for what end there is, a call puts it there. */
static int refill(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_scan *args = &scanner->call.args;
	int err;

	err = mmuscope_call(scanner->fd, &scanner->ask, scanner->next, &scanner->call);
	if (err)
		return err;
	scanner->ask.end = args->end;
	scanner->next = args->walk_end;
	scanner->over = args->walk_end >= args->end;
	add_cost(&scanner->cost, args);
	return 0;
}

/* A VMA that a call starts in the middle of is told again. */
static int is_same(const struct mmuscope_vma *a, const struct mmuscope_vma *b)
{
	return a->start == b->start && a->end == b->end &&
	       a->flags == b->flags && a->offset == b->offset &&
	       a->ino == b->ino && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor;
}

static void keep_vma(struct mmuscope_scanner *scanner, const struct mmuscope_vma *vma)
{
	scanner->kept = *vma;
	strcpy(scanner->kept_name, name_of(scanner, vma));
}

static bool is_kept(const struct mmuscope_scanner *scanner)
{
	return scanner->call.args.nr_vma && is_same(&scanner->kept, scanner->call.vma);
}

/* The extent that is still open is of the VMA that the call ended in. */
static int refill_raw(struct mmuscope_scanner *scanner)
{
	struct mmuscope_raw *raw = scanner->raw;
	uint64_t nr = scanner->call.args.nr_vma;
	int err;

	if (raw->open && nr)
		keep_vma(scanner, &scanner->call.vma[nr - 1]);
	err = refill(scanner);
	if (err)
		return err;
	mmuscope_raw_start(raw, &scanner->call);
	if (raw->open && !is_kept(scanner)) {
		raw->open = false;
		raw->nr = 1;
		scanner->of = &scanner->kept;
		scanner->of_name = scanner->kept_name;
	}
	return 0;
}

/* 1 with extents to tell, 0 at the end, or a negative errno. */
static int more_raw(struct mmuscope_scanner *scanner)
{
	struct mmuscope_raw *raw = scanner->raw;
	int err;

	do {
		scanner->of = &scanner->call.vma[raw->at];
		if (!mmuscope_raw_fill(raw)) {
			if (scanner->over)
				return 0;
			err = refill_raw(scanner);
			if (err)
				return err;
		} else {
			scanner->of_name = name_of(scanner, scanner->of);
		}
	} while (!raw->nr);
	scanner->nr = raw->nr;
	return 1;
}

/* What ends where a call did may go on in the next: its last extent waits for that. */
static bool hold_back(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_call *call = &scanner->call;
	const struct mmuscope_vma *vma = call->vma + call->args.nr_vma - 1;

	if (!scanner->joins || scanner->raw || scanner->over ||
	    scanner->done + 1 < scanner->nr ||
	    call->extent[scanner->done].end != call->args.walk_end)
		return false;
	while (vma > call->vma && vma->first > scanner->done)
		vma--;
	keep_vma(scanner, vma);
	scanner->last = call->extent[scanner->done++];
	scanner->open = true;
	return true;
}

/* Joins the last extent of the call before with the first of this one, if they are one. */
static bool join(struct mmuscope_scanner *scanner)
{
	struct mmuscope_extent *first = scanner->call.extent;
	struct mmuscope_extent a = scanner->last, b = *first;

	if (!scanner->nr || !is_kept(scanner))
		return false;
	if (scanner->repeats && !scanner->any_value && mmuscope_repeats(&a, &b)) {
		a.flags |= MMUSCOPE_FLAG_REPEAT;
		b.flags |= MMUSCOPE_FLAG_REPEAT;
	}
	if (!mmuscope_continues(&a, &b, scanner->any_value))
		return false;
	a.end = b.end;
	*first = a;
	return true;
}

static int more(struct mmuscope_scanner *scanner)
{
	int err;

	scanner->done = 0;
	scanner->nr = 0;
	if (scanner->raw) {
		err = more_raw(scanner);
		if (scanner->told || (err != -EPERM && err != -EINVAL))
			return err;
		drop_raw(scanner);
	}
	if (scanner->over)
		return 0;
	err = refill(scanner);
	if (err)
		return err;
	scanner->at = 0;
	scanner->nr = scanner->call.args.nr;
	scanner->alone = scanner->open && !join(scanner);
	scanner->open = false;
	return 1;
}

static void tell_vma(struct mmuscope_scanner *scanner,
		     const struct mmuscope_vma *vma, const char *name)
{
	struct mmuscope_found *found = &scanner->found;

	found->first_in_vma = !scanner->told || !is_same(&found->vma, vma);
	found->vma = *vma;
	found->name = name;
	scanner->told = true;
}

static void tell(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_vma *vma = scanner->call.vma;
	uint64_t at = scanner->at;

	while (at + 1 < scanner->call.args.nr_vma && vma[at + 1].first <= scanner->done)
		at++;
	scanner->at = at;
	tell_vma(scanner, &vma[at], name_of(scanner, &vma[at]));
	scanner->found.extent = scanner->call.extent[scanner->done++];
}

/* All that is there at a time is of one VMA. */
static void tell_raw(struct mmuscope_scanner *scanner)
{
	if (scanner->done)
		scanner->found.first_in_vma = 0;
	else
		tell_vma(scanner, scanner->of, scanner->of_name);
	scanner->found.extent = scanner->raw->extent[scanner->done++];
}

/* What was held back, and did not go on. */
static void tell_alone(struct mmuscope_scanner *scanner)
{
	scanner->alone = false;
	tell_vma(scanner, &scanner->kept, scanner->kept_name);
	scanner->found.extent = scanner->last;
}

int mmuscope_scan_next(struct mmuscope_scanner *scanner,
		       const struct mmuscope_found **ret)
{
	int err;

	while (!scanner->alone &&
	       (scanner->done == scanner->nr || hold_back(scanner))) {
		err = more(scanner);
		if (err <= 0)
			return err;
	}
	if (scanner->alone)
		tell_alone(scanner);
	else if (scanner->raw)
		tell_raw(scanner);
	else
		tell(scanner);
	*ret = &scanner->found;
	return 1;
}

void mmuscope_scan_cost(const struct mmuscope_scanner *scanner,
			struct mmuscope_scan *ret)
{
	*ret = scanner->cost;
}

void mmuscope_scan_end(struct mmuscope_scanner *scanner)
{
	if (scanner)
		free(scanner->raw);
	free(scanner);
}
