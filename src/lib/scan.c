// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>

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
 * @cost: of all calls together
 * @done: extents of the last call that have been told
 * @at: index of the VMA that they are at
 * @found: what was told last
 * @told: an extent of @found.vma has been told
 * @extent: what the last call found
 * @vma: likewise
 * @names: likewise
 */
struct mmuscope_scanner {
	int fd;
	struct mmuscope_scan args;
	uint64_t next;
	int over;
	struct mmuscope_scan cost;
	uint64_t done;
	uint64_t at;
	struct mmuscope_found found;
	int told;
	struct mmuscope_extent extent[EXTENTS];
	struct mmuscope_vma vma[VMAS];
	char names[NAMES];
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
	scanner->done = 0;
	scanner->told = 0;
	set_args(scanner, options ? options : &everything);
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
	scanner->done = 0;
	scanner->at = 0;
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

static void tell(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_vma *vma = scanner->vma;
	struct mmuscope_found *found = &scanner->found;
	uint64_t at = scanner->at;

	while (at + 1 < scanner->args.nr_vma && vma[at + 1].first <= scanner->done)
		at++;
	scanner->at = at;
	found->first_in_vma = !scanner->told || !is_same(&found->vma, &vma[at]);
	found->extent = scanner->extent[scanner->done++];
	found->vma = vma[at];
	found->name = vma[at].name_len ? scanner->names + vma[at].name : "";
	scanner->told = 1;
}

int mmuscope_scan_next(struct mmuscope_scanner *scanner,
		       const struct mmuscope_found **ret)
{
	int err;

	while (scanner->done == scanner->args.nr) {
		if (scanner->over)
			return 0;
		err = refill(scanner);
		if (err)
			return err;
	}
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
	free(scanner);
}
