// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "scanner.h"

static bool is_kernel(const struct mmuscope_target *target)
{
	return target->kind == MMUSCOPE_TARGET_KERNEL ||
	       target->kind == MMUSCOPE_TARGET_KERNEL_USER;
}

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

/*
 * Who waits for others is to get a part soon, and all are to get some: that many
 * entries take a millisecond or less.
 */
#define PART_ENTRIES	16384

/* Nothing of the kernel's half, or outside of VMAs, is so much. */
static int set_threads(struct mmuscope_scanner *scanner,
		       const struct mmuscope_target *target,
		       const struct mmuscope_scan_options *options)
{
	if (options->threads > MMUSCOPE_THREADS_MAX)
		return -EINVAL;
	if (options->threads < 2 || options->outside || !target->info.abi ||
	    is_kernel(target))
		return 0;
	scanner->threads = options->threads;
	if (!scanner->ask.budget || scanner->ask.budget > PART_ENTRIES)
		scanner->ask.budget = PART_ENTRIES;
	return 0;
}

/* Parts can be joined by who knows whether their values are told. */
static void set_joins(struct mmuscope_scanner *scanner,
		      const struct mmuscope_target *target,
		      const struct mmuscope_scan_options *options)
{
	const struct mmuscope_info *info = &target->info;

	scanner->joins = info->abi && scanner->ask.budget;
	scanner->any_value = options->no_values ||
			     !(info->rights & MMUSCOPE_RIGHT_FRAMES);
	scanner->repeats = is_kernel(target);
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
	mmuscope_raw_start(scanner->raw, scanner->call);
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
	int err;

	if (!scanner)
		return -ENOMEM;
	if (!options)
		options = &everything;
	memset(scanner, 0, offsetof(struct mmuscope_scanner, own));
	scanner->own.args = (struct mmuscope_scan) {};
	scanner->call = &scanner->own;
	scanner->fd = target->fd;
	scanner->next = options->start;
	set_ask(scanner, options);
	err = set_threads(scanner, target, options);
	if (err) {
		free(scanner);
		return err;
	}
	set_joins(scanner, target, options);
	set_raw(scanner, &target->info, options);
	*ret = scanner;
	return 0;
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
	const struct mmuscope_vma *vma = scanner->call->vma;
	uint64_t at = scanner->at;

	while (at + 1 < scanner->call->args.nr_vma && vma[at + 1].first <= scanner->done)
		at++;
	scanner->at = at;
	tell_vma(scanner, &vma[at], name_of(scanner, &vma[at]));
	scanner->found.extent = scanner->call->extent[scanner->done++];
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
	       (scanner->done == scanner->nr || mmuscope_scanner_hold_back(scanner))) {
		err = mmuscope_scanner_more(scanner);
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
	if (!scanner)
		return;
	mmuscope_crew_end(scanner->crew);
	free(scanner->raw);
	free(scanner);
}
