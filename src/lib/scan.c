// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* What one call fetches. Any name has room in NAMES, so none is too long. */
#define EXTENTS	512
#define VMAS	128
#define NAMES	65536

/**
 * struct mmuscope_scanner - a scan under way
 * @fd: the target
 * @args: the last call
 * @next: where the next call starts
 * @over: there is none
 * @nr: extents to tell of what there is
 * @cost: of all calls together
 * @done: how many of them have been told
 * @at: index of the VMA that they are at
 * @found: what was told last
 * @told: an extent of @found.vma has been told
 * @extent: what the last call found
 * @vma: likewise
 * @names: likewise
 * @raw: entries come as they are, and are decoded here; NULL: they do not
 * @of: the VMA that these @nr are of, then
 * @of_name: its name
 * @kept: a VMA whose last extent may go on, when the next call is made
 * @kept_name: its name
 */
struct mmuscope_scanner {
	int fd;
	struct mmuscope_scan args;
	uint64_t next;
	int over;
	uint64_t nr;
	struct mmuscope_scan cost;
	uint64_t done;
	uint64_t at;
	struct mmuscope_found found;
	int told;
	struct mmuscope_extent extent[EXTENTS];
	struct mmuscope_vma vma[VMAS];
	char names[NAMES];
	struct mmuscope_raw *raw;
	const struct mmuscope_vma *of;
	const char *of_name;
	struct mmuscope_vma kept;
	char kept_name[4097];
};

static void set_args(struct mmuscope_scanner *scanner,
		     const struct mmuscope_scan_options *options)
{
	scanner->args = (struct mmuscope_scan) {
		.size = sizeof(scanner->args),
		.flags = (options->no_values ? 0 : MMUSCOPE_SCAN_VALUES) |
			 (options->outside ? MMUSCOPE_SCAN_OUTSIDE : 0),
		.start = options->start,
		.end = options->end,
		.vec = (uintptr_t)scanner->extent,
		.vec_len = EXTENTS,
		.vec_size = sizeof(scanner->extent[0]),
		.vma = (uintptr_t)scanner->vma,
		.vma_len = VMAS,
		.vma_size = sizeof(scanner->vma[0]),
		.names = (uintptr_t)scanner->names,
		.names_len = NAMES,
		.inverted = options->inverted,
		.mask = options->mask,
		.anyof = options->anyof,
		.return_mask = MMUSCOPE_SCAN_FLAGS & ~options->ignore,
	};
	scanner->cost = (struct mmuscope_scan) {
		.size = sizeof(scanner->cost),
		.start = options->start,
		.end = options->end,
		.walk_end = options->start,
	};
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
	mmuscope_raw_start(scanner->raw, &scanner->args, scanner->vma);
	scanner->raw->open = false;
	scanner->raw->nr = 0;
	scanner->args.flags |= MMUSCOPE_SCAN_RAW;
	scanner->args.vec = (uintptr_t)scanner->raw->words;
	scanner->args.vec_len = MMUSCOPE_RAW_WORDS;
	scanner->args.vec_size = sizeof(scanner->raw->words[0]);
}

int mmuscope_scan_begin(struct mmuscope_target *target,
			const struct mmuscope_scan_options *options,
			struct mmuscope_scanner **ret)
{
	static const struct mmuscope_scan_options everything;
	struct mmuscope_scanner *scanner = malloc(sizeof(*scanner));

	if (!scanner)
		return -ENOMEM;
	scanner->fd = target->fd;
	scanner->next = options ? options->start : 0;
	scanner->over = 0;
	scanner->nr = 0;
	scanner->done = 0;
	scanner->told = 0;
	set_args(scanner, options ? options : &everything);
	set_raw(scanner, &target->info, options ? options : &everything);
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
	return vma->name_len ? scanner->names + vma->name : "";
}

/* The module may have been exchanged for one that does not know, or the rights. */
static void drop_raw(struct mmuscope_scanner *scanner)
{
	free(scanner->raw);
	scanner->raw = NULL;
	scanner->args.flags &= ~MMUSCOPE_SCAN_RAW;
	scanner->args.vec = (uintptr_t)scanner->extent;
	scanner->args.vec_len = EXTENTS;
	scanner->args.vec_size = sizeof(scanner->extent[0]);
}

/* Fetches what comes next. Asked for what end there is, a call puts it there. */
static int refill(struct mmuscope_scanner *scanner)
{
	struct mmuscope_scan args = scanner->args;
	int err;

	args.start = scanner->next;
	err = mmuscope_ioctl(scanner->fd, MMUSCOPE_IOC_SCAN, &args);
	if (err)
		return err;
	scanner->args = args;
	scanner->next = args.walk_end;
	scanner->over = args.walk_end >= args.end;
	add_cost(&scanner->cost, &args);
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

/* The extent that is still open is of the VMA that the call ended in. */
static int refill_raw(struct mmuscope_scanner *scanner)
{
	struct mmuscope_raw *raw = scanner->raw;
	uint64_t nr = scanner->args.nr_vma;
	int err;

	if (raw->open && nr) {
		scanner->kept = scanner->vma[nr - 1];
		strcpy(scanner->kept_name, name_of(scanner, &scanner->kept));
	}
	err = refill(scanner);
	if (err)
		return err;
	mmuscope_raw_start(raw, &scanner->args, scanner->vma);
	if (raw->open && (!scanner->args.nr_vma ||
			  !is_same(&scanner->kept, scanner->vma))) {
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
		scanner->of = &scanner->vma[raw->at];
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
	scanner->nr = scanner->args.nr;
	return 1;
}

static void tell_vma(struct mmuscope_scanner *scanner,
		     const struct mmuscope_vma *vma, const char *name)
{
	struct mmuscope_found *found = &scanner->found;

	found->first_in_vma = !scanner->told || !is_same(&found->vma, vma);
	found->vma = *vma;
	found->name = name;
	scanner->told = 1;
}

static void tell(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_vma *vma = scanner->vma;
	uint64_t at = scanner->at;

	while (at + 1 < scanner->args.nr_vma && vma[at + 1].first <= scanner->done)
		at++;
	scanner->at = at;
	tell_vma(scanner, &vma[at], name_of(scanner, &vma[at]));
	scanner->found.extent = scanner->extent[scanner->done++];
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

int mmuscope_scan_next(struct mmuscope_scanner *scanner,
		       const struct mmuscope_found **ret)
{
	int err;

	while (scanner->done == scanner->nr) {
		err = more(scanner);
		if (err <= 0)
			return err;
	}
	if (scanner->raw)
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
