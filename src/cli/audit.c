// SPDX-License-Identifier: MIT
/*
 * audit: what no page table should say. One pass over all that is looked at finds
 * most of it; how memory is cached takes a second, which compares.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"

/* A run of extents, one behind the other, that are wrong in the same way. */
struct wrong {
	uint64_t start;
	uint64_t end;
	uint64_t vma;
	char sentence[128];
	char *name;
};

#define FIRST_MIB	(1ULL << 20)

/* Physical addresses where nothing is known to be. */
struct hole {
	uint64_t start;
	uint64_t end;
};

/**
 * struct audit - an audit under way
 * @list: the processes
 * @all: they were not named: one that is gone is no failure
 * @err: why one of them could not be looked at, for each
 * @kernel: likewise for the kernel's half
 * @pid: the process that is looked at now, 0 for the kernel's half
 * @where: what of it
 * @second: the second pass
 * @claims: what the first one found to be cached in an unusual way
 * @hole: where nothing is known to be
 * @nr_holes: how many
 * @wrong: what was found last of each kind, not told yet; end 0: nothing
 * @findings: told so far
 * @looked: processes looked at
 */
struct audit {
	struct process_list list;
	bool all;
	int *err;
	int kernel;
	pid_t pid;
	enum where where;
	bool second;
	struct claims claims;
	struct hole *hole;
	size_t nr_holes;
	struct wrong wrong[NR_FINDINGS];
	unsigned long findings;
	unsigned long looked;
};

int audit_target(struct cli *cli, pid_t pid, struct mmuscope_target **ret)
{
	if (!pid)
		return mmuscope_target_kernel(cli->device, 0, ret);
	return mmuscope_target_by_pid(cli->device, pid == getpid() ? 0 : pid,
				      ret);
}

/*
 * Of whole pages. The kernel of a PC maps the first MiB with its holes
 * (init_mem_mapping(), arch/x86/mm/init.c, v6.1), which is as old as the PC.
 */
static int add_hole(struct audit *audit, uint64_t start, uint64_t end)
{
	uint64_t page = sysconf(_SC_PAGESIZE);
	struct hole *more;

	start = (start + page - 1) & -page;
	end &= -page;
	if (start >= end || end <= FIRST_MIB)
		return 0;
	more = reallocarray(audit->hole, audit->nr_holes + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	audit->hole = more;
	more[audit->nr_holes++] = (struct hole) { .start = start, .end = end };
	return 0;
}

/* What lies beyond all that an address can say is a hole too. */
static int find_holes(struct cli *cli, struct audit *audit)
{
	const struct mmuscope_phys_range *range;
	struct mmuscope_phys_reader *reader;
	int got;

	got = mmuscope_phys_begin(cli->device, 0, 0, 0, &reader);
	if (got)
		return got;
	do {
		got = mmuscope_phys_next(reader, &range);
		if (got > 0 && range->kind == MMUSCOPE_PHYS_HOLE &&
		    !range->depth && add_hole(audit, range->start, range->end))
			got = -ENOMEM;
	} while (got > 0);
	mmuscope_phys_end(reader);
	return got ? got : add_hole(audit, 1ULL << cli->info.pa_bits, UINT64_MAX);
}

static bool is_beyond(const struct audit *audit,
		      const struct mmuscope_extent *ext)
{
	uint64_t end = ext->value + (ext->end - ext->start);
	size_t i;

	if (ext->backing != MMUSCOPE_BACKING_MMIO)
		return false;
	for (i = 0; i < audit->nr_holes; i++)
		if (ext->value < audit->hole[i].end &&
		    end > audit->hole[i].start)
			return true;
	return false;
}

static void text_wrong(const struct audit *audit, enum finding finding,
		       const struct wrong *wrong)
{
	colour(COLOUR_BAD);
	printf("%-16s", finding_names[finding]);
	colour(COLOUR_NONE);
	if (audit->pid)
		printf(" %d ", audit->pid);
	else
		fputs(" kernel ", stdout);
	printf("%" PRIx64 "-%" PRIx64 " %s", wrong->start, wrong->end,
	       wrong->sentence);
	if (wrong->name && *wrong->name)
		fputs(": ", stdout);
	text_escaped(wrong->name ? wrong->name : "", "\n\\");
	putchar('\n');
}

static void json_wrong(const struct audit *audit, enum finding finding,
		       const struct wrong *wrong)
{
	json_object(NULL);
	json_string("code", finding_names[finding]);
	if (audit->pid)
		json_number("pid", audit->pid);
	else
		json_null("pid");
	json_hex("start", wrong->start);
	json_hex("end", wrong->end);
	json_string("sentence", wrong->sentence);
	json_string("name", wrong->name ? wrong->name : "");
	json_end();
}

static void tell_wrong(struct cli *cli, struct audit *audit,
		       enum finding finding)
{
	struct wrong *wrong = &audit->wrong[finding];

	if (!wrong->end)
		return;
	audit->findings++;
	status_raise(cli, STATUS_FOUND);
	if (cli->opt.json)
		json_wrong(audit, finding, wrong);
	else
		text_wrong(audit, finding, wrong);
	free(wrong->name);
	*wrong = (struct wrong) { .end = 0 };
}

/* What goes on where the last one ended is the same finding. */
static void add_wrong(struct cli *cli, struct audit *audit,
		      enum finding finding, const struct mmuscope_found *found)
{
	struct wrong *wrong = &audit->wrong[finding];

	if (wrong->end == found->extent.start &&
	    wrong->vma == found->vma.start && finding != MEMTYPE_CONFLICT) {
		wrong->end = found->extent.end;
		return;
	}
	tell_wrong(cli, audit, finding);
	*wrong = (struct wrong) {
		.start = found->extent.start,
		.end = found->extent.end,
		.vma = found->vma.start,
		.name = strdup(found->name),
	};
	finding_sentence(finding, found, wrong->sentence,
			 sizeof(wrong->sentence));
}

/* It is told where it is unusual, whoever is looked at when it shows. */
static void compare(struct cli *cli, struct audit *audit,
		    const struct mmuscope_extent *ext)
{
	struct wrong *wrong = &audit->wrong[MEMTYPE_CONFLICT];
	pid_t pid = audit->pid;
	struct claim *claim;

	while ((claim = claims_conflict(&audit->claims, ext))) {
		claim->told = true;
		if (!conflict_holds(cli, claim, pid, ext))
			continue;
		*wrong = (struct wrong) {
			.start = claim->start,
			.end = claim->start + claim->bytes,
		};
		conflict_sentence(claim, pid, ext, wrong->sentence,
				  sizeof(wrong->sentence));
		audit->pid = claim->pid;
		tell_wrong(cli, audit, MEMTYPE_CONFLICT);
		audit->pid = pid;
	}
}

static int look_at(struct cli *cli, struct audit *audit,
		   const struct mmuscope_found *found)
{
	unsigned int wrong, i;

	if (audit->second) {
		compare(cli, audit, &found->extent);
		return 0;
	}
	wrong = find_wrong(found, audit->where);
	if (is_beyond(audit, &found->extent))
		wrong |= 1U << BEYOND_MEMORY;
	for (i = 0; i < NR_FINDINGS; i++)
		if (wrong & 1U << i)
			add_wrong(cli, audit, i, found);
	return claims_add(&audit->claims, audit->pid, &found->extent);
}

static int look_through(struct cli *cli, struct audit *audit,
			struct mmuscope_scanner *scanner)
{
	const struct mmuscope_found *found;
	unsigned int i;
	int got = 0;

	while (!interrupted()) {
		got = mmuscope_scan_next(scanner, &found);
		if (got > 0)
			got = look_at(cli, audit, found) ? -ENOMEM : 1;
		if (got <= 0)
			break;
	}
	for (i = 0; i < NR_FINDINGS; i++)
		tell_wrong(cli, audit, i);
	return got;
}

static int scan(struct cli *cli, struct audit *audit, pid_t pid, enum where where)
{
	const struct mmuscope_scan_options options = {
		.mask = MMUSCOPE_FLAG_PRESENT,
		/* Of these nothing is asked, and they would split extents. */
		.ignore = MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_DIRTY |
			  MMUSCOPE_FLAG_SOFT_DIRTY | MMUSCOPE_FLAG_SHARED,
		.outside = where == IN_NO_VMA,
	};
	struct mmuscope_scanner *scanner;
	struct mmuscope_target *target;
	int err;

	audit->pid = pid;
	audit->where = where;
	err = audit_target(cli, pid, &target);
	if (err)
		return err;
	err = mmuscope_scan_begin(target, &options, &scanner);
	if (!err) {
		err = look_through(cli, audit, scanner);
		mmuscope_scan_end(scanner);
	}
	mmuscope_target_close(target);
	return err;
}

static int scan_process(struct cli *cli, struct audit *audit, pid_t pid)
{
	int err = scan(cli, audit, pid, IN_VMA);

	if (!err && cli->opt.outside)
		err = scan(cli, audit, pid, IN_NO_VMA);
	return err;
}

/* What goes wrong the second time went wrong the first, or has gone since. */
static void pass(struct cli *cli, struct audit *audit)
{
	int i, err;

	if (audit->all) {
		err = scan(cli, audit, 0, IN_KERNEL);
		if (!audit->second)
			audit->kernel = err;
	}
	for (i = 0; i < audit->list.nr && !interrupted(); i++) {
		err = scan_process(cli, audit, audit->list.process[i].pid);
		if (audit->second)
			continue;
		audit->looked += !err;
		audit->err[i] = err;
	}
}

static void tell_errors(struct cli *cli, const struct audit *audit)
{
	int i;

	for (i = 0; i < audit->list.nr; i++) {
		/* Kernel threads, and what has exited since it was listed. */
		if (!audit->err[i] || (audit->all && audit->err[i] == -ESRCH))
			continue;
		if (cli->opt.json) {
			json_object(NULL);
			json_number("pid", audit->list.process[i].pid);
		}
		process_failed(cli, &audit->list.process[i], audit->err[i]);
		if (cli->opt.json)
			json_end();
	}
	if (audit->kernel == -EPERM)
		complain(cli, STATUS_NOT_PERMITTED,
			 "the kernel's half: Permission denied: see mmuscope doctor");
	else if (audit->kernel)
		complain(cli, STATUS_FAILED, "the kernel's half: %s",
			 explain(audit->kernel));
}

static void tell_total(struct cli *cli, const struct audit *audit)
{
	bool kernel = audit->all && !audit->kernel;

	if (cli->opt.json) {
		json_end();
		json_number("processes", audit->looked);
		json_bool("kernel", kernel);
		json_array("errors");
	} else if (!cli->opt.no_header) {
		printf("%lu finding%s in %lu process%s%s\n", audit->findings,
		       audit->findings == 1 ? "" : "s", audit->looked,
		       audit->looked == 1 ? "" : "es",
		       kernel ? " and the kernel's half" : "");
	}
	tell_errors(cli, audit);
	if (cli->opt.json)
		json_end();
}

static void look(struct cli *cli, struct audit *audit)
{
	int err = find_holes(cli, audit);

	audit->err = calloc(audit->list.nr, sizeof(*audit->err));
	if (!audit->err)
		err = -ENOMEM;
	if (err) {
		device_failed(cli, err);
		return;
	}
	if (cli->opt.json)
		json_array("findings");
	pass(cli, audit);
	if (audit->claims.nr && !interrupted()) {
		claims_sort(&audit->claims);
		audit->second = true;
		pass(cli, audit);
	}
	tell_total(cli, audit);
}

void audit_run(struct cli *cli, int argc, char **argv)
{
	struct audit audit = { .all = !argc && !cli->opt.comm };

	if (audit.all)
		process_all(&audit.list);
	else
		process_find(cli, &audit.list, argc, argv);
	output_begin(cli);
	if (device_open(cli))
		look(cli, &audit);
	free(audit.err);
	free(audit.hole);
	free(audit.claims.claim);
	free(audit.list.process);
}
