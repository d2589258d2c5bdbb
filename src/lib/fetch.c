// SPDX-License-Identifier: MIT
/* What a scan fetches from the module, call by call, and what of the calls is one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "extent.h"
#include "scanner.h"

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

/* The module may have been exchanged for one that does not know, or the rights. */
static void drop_raw(struct mmuscope_scanner *scanner)
{
	free(scanner->raw);
	scanner->raw = NULL;
	scanner->ask.flags &= ~MMUSCOPE_SCAN_RAW;
}

/* The first call is made here: most processes take no other. */
static int fetch(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_scan *ask = &scanner->ask;
	uint64_t size = scanner->next - ask->start;
	int err = 0;

	if (!scanner->crew && scanner->threads && size)
		err = mmuscope_crew_begin(scanner->fd, ask, scanner->threads,
					  scanner->next, size, &scanner->crew);
	if (err)
		return err;
	if (scanner->crew)
		return mmuscope_crew_next(scanner->crew, &scanner->call);
	return mmuscope_call(scanner->fd, ask, scanner->next, scanner->call);
}

/* Fetches what comes next. Asked for what end there is, a call puts it there. */
static int refill(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_scan *args;
	int err;

	err = fetch(scanner);
	if (err)
		return err;
	args = &scanner->call->args;
	scanner->ask.end = args->end;
	scanner->next = args->walk_end;
	scanner->over = args->walk_end >= args->end;
	add_cost(&scanner->cost, args);
	return 0;
}

static void keep_vma(struct mmuscope_scanner *scanner, const struct mmuscope_vma *vma)
{
	scanner->kept = *vma;
	strcpy(scanner->kept_name, name_of(scanner, vma));
}

static bool is_kept(const struct mmuscope_scanner *scanner)
{
	return scanner->call->args.nr_vma && is_same(&scanner->kept, scanner->call->vma);
}

/* The extent that is still open is of the VMA that the call ended in. */
static int refill_raw(struct mmuscope_scanner *scanner)
{
	struct mmuscope_raw *raw = scanner->raw;
	uint64_t nr = scanner->call->args.nr_vma;
	int err;

	if (raw->open && nr)
		keep_vma(scanner, &scanner->call->vma[nr - 1]);
	err = refill(scanner);
	if (err)
		return err;
	mmuscope_raw_start(raw, scanner->call);
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
		scanner->of = &scanner->call->vma[raw->at];
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
bool mmuscope_scanner_hold_back(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_call *call = scanner->call;
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
	struct mmuscope_extent *first = scanner->call->extent;
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

/* 1 with what is to be told next, or nothing yet; 0 at the end, or a negative errno. */
int mmuscope_scanner_more(struct mmuscope_scanner *scanner)
{
	int err;

	scanner->done = 0;
	scanner->nr = 0;
	if (scanner->raw) {
		err = more_raw(scanner);
		if (scanner->told || scanner->crew || (err != -EPERM && err != -EINVAL))
			return err;
		drop_raw(scanner);
	}
	if (scanner->over)
		return 0;
	err = refill(scanner);
	if (err)
		return err;
	scanner->at = 0;
	scanner->nr = scanner->call->args.nr;
	scanner->alone = scanner->open && !join(scanner);
	scanner->open = false;
	return 1;
}
