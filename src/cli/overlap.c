// SPDX-License-Identifier: MIT
/*
 * common: which frames processes have in common. Each is scanned once; what they
 * map, in the order of frames, is then swept through once.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

/* Flags that come and go with use; they are not to split what is in common. */
#define FLEETING	(MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_DIRTY | \
			 MMUSCOPE_FLAG_SOFT_DIRTY)

/**
 * struct piece - a run of frames that a process maps
 * @start: physical address, in bytes
 * @end: end, exclusive
 * @addr: virtual address of @start
 * @flags: MMUSCOPE_FLAG_*
 * @who: index of the process
 */
struct piece {
	uint64_t start;
	uint64_t end;
	uint64_t addr;
	uint64_t flags;
	unsigned int who;
};

struct pieces {
	struct piece *piece;
	size_t nr;
	size_t room;
};

/**
 * struct common - this run
 * @all: what the processes map
 * @now: what of it maps the place that the sweep is at
 * @told: pieces of what is to be told next, as it grows; their @start and @end
 *	are its own
 * @pid: of each process
 * @nr: how many there are
 * @pair: bytes that the processes i and j have in common, at i * @nr + j
 * @failed: there was no memory
 */
struct common {
	struct pieces all;
	struct pieces now;
	struct pieces told;
	pid_t *pid;
	unsigned int nr;
	uint64_t *pair;
	bool failed;
};

static void add(struct common *common, struct pieces *pieces,
		const struct piece *piece)
{
	size_t room = pieces->room ? pieces->room * 2 : 256;
	struct piece *more;

	if (pieces->nr == pieces->room) {
		more = realloc(pieces->piece, room * sizeof(*more));
		if (!more) {
			common->failed = true;
			return;
		}
		pieces->piece = more;
		pieces->room = room;
	}
	pieces->piece[pieces->nr++] = *piece;
}

static int collect(struct cli *cli, struct mmuscope_scanner *scanner,
		   struct common *common)
{
	const struct mmuscope_found *found;
	struct progress progress;
	int got = 0;

	progress_begin(&progress);
	while (!interrupted() && !common->failed) {
		got = mmuscope_scan_next(scanner, &found);
		if (got <= 0)
			break;
		add(common, &common->all, &(struct piece) {
			.start = found->extent.value,
			.end = found->extent.value + found->extent.end -
			       found->extent.start,
			.addr = found->extent.start,
			.flags = found->extent.flags,
			.who = common->nr - 1,
		});
		progress_step(&progress, cli, found->extent.end);
	}
	progress_end(&progress);
	return got < 0 ? got : 0;
}

static void common_one(struct cli *cli, struct mmuscope_target *target,
		       const struct process *process, void *arg)
{
	const struct mmuscope_scan_options options = {
		.start = cli->opt.start,
		.end = cli->opt.end,
		.mask = MMUSCOPE_FLAG_PRESENT,
		.ignore = FLEETING,
	};
	struct mmuscope_scanner *scanner;
	struct common *common = arg;
	pid_t *more;
	int err;

	more = realloc(common->pid, (common->nr + 1) * sizeof(*more));
	if (!more) {
		common->failed = true;
		return;
	}
	common->pid = more;
	common->pid[common->nr++] = process->pid;
	err = mmuscope_scan_begin(target, &options, &scanner);
	if (!err) {
		err = collect(cli, scanner, common);
		mmuscope_scan_end(scanner);
	}
	if (err)
		process_failed(cli, process, err);
}

static int by_start(const void *a, const void *b)
{
	const struct piece *one = a, *other = b;

	return (one->start > other->start) - (one->start < other->start);
}

static int by_who(const void *a, const void *b)
{
	const struct piece *one = a, *other = b;

	if (one->who != other->who)
		return one->who < other->who ? -1 : 1;
	return (one->addr > other->addr) - (one->addr < other->addr);
}

static bool is_common(const struct pieces *pieces)
{
	return pieces->nr && pieces->piece[0].who != pieces->piece[pieces->nr - 1].who;
}

static void count_pairs(struct common *common, const struct pieces *pieces,
			uint64_t bytes)
{
	const struct piece *piece = pieces->piece;
	size_t i, j;

	for (i = 0; i < pieces->nr; i++) {
		if (i && piece[i].who == piece[i - 1].who)
			continue;
		for (j = i + 1; j < pieces->nr; j++)
			if (piece[j].who != piece[j - 1].who)
				common->pair[piece[i].who * common->nr +
					     piece[j].who] += bytes;
	}
}

static void text_told(const struct cli *cli, const struct common *common)
{
	const struct piece *piece = common->told.piece;
	struct mmuscope_extent ext;
	char perm[5];
	size_t i;

	colour(COLOUR_HEADING);
	printf("%" PRIx64 "-%" PRIx64, piece->start, piece->end);
	colour(COLOUR_NONE);
	putchar('\n');
	for (i = 0; i < common->told.nr; i++) {
		ext = (struct mmuscope_extent) { .flags = piece[i].flags };
		perm_word(ext.flags, perm);
		printf("  %d %" PRIx64 "-%" PRIx64 " %s ", common->pid[piece[i].who],
		       piece[i].addr, piece[i].addr + piece->end - piece->start,
		       perm);
		text_flags(cli, &ext);
		putchar('\n');
	}
}

static void json_told(const struct common *common)
{
	const struct piece *piece = common->told.piece;
	size_t i;

	json_object(NULL);
	json_hex("phys", piece->start);
	json_number("bytes", piece->end - piece->start);
	json_array("mappers");
	for (i = 0; i < common->told.nr; i++) {
		json_object(NULL);
		json_number("pid", common->pid[piece[i].who]);
		json_hex("start", piece[i].addr);
		json_perm(piece[i].flags);
		json_flags(piece[i].flags);
		json_end();
	}
	json_end();
	json_end();
}

static void tell(const struct cli *cli, struct common *common)
{
	if (!common->told.nr)
		return;
	count_pairs(common, &common->told, common->told.piece->end -
					   common->told.piece->start);
	if (cli->opt.json)
		json_told(common);
	else
		text_told(cli, common);
	common->told.nr = 0;
}

/* Do the same processes go on where the last run ends? */
static bool goes_on(const struct common *common, uint64_t start)
{
	const struct piece *told = common->told.piece, *now = common->now.piece;
	size_t i;

	if (!common->told.nr || common->told.nr != common->now.nr ||
	    told->end != start)
		return false;
	for (i = 0; i < common->now.nr; i++)
		if (told[i].who != now[i].who || told[i].flags != now[i].flags ||
		    told[i].addr + (told->end - told->start) !=
		    now[i].addr + (start - now[i].start))
			return false;
	return true;
}

/* What all of @now maps: [start, end). */
static void run(const struct cli *cli, struct common *common, uint64_t start,
		uint64_t end)
{
	struct piece piece;
	size_t i;

	qsort(common->now.piece, common->now.nr, sizeof(piece), by_who);
	if (!is_common(&common->now))
		return;
	if (goes_on(common, start)) {
		common->told.piece->end = end;
		return;
	}
	tell(cli, common);
	for (i = 0; i < common->now.nr; i++) {
		piece = common->now.piece[i];
		piece.addr += start - piece.start;
		piece.start = start;
		piece.end = end;
		add(common, &common->told, &piece);
	}
}

/* Where a piece begins or ends next. */
static uint64_t next_bound(const struct common *common, size_t next)
{
	uint64_t bound = UINT64_MAX;
	size_t i;

	for (i = 0; i < common->now.nr; i++)
		if (common->now.piece[i].end < bound)
			bound = common->now.piece[i].end;
	if (next < common->all.nr && common->all.piece[next].start < bound)
		bound = common->all.piece[next].start;
	return bound;
}

static void drop_ended(struct pieces *pieces, uint64_t at)
{
	size_t i, nr = 0;

	for (i = 0; i < pieces->nr; i++)
		if (pieces->piece[i].end > at)
			pieces->piece[nr++] = pieces->piece[i];
	pieces->nr = nr;
}

static void sweep(const struct cli *cli, struct common *common)
{
	const struct pieces *all = &common->all;
	uint64_t at, end;
	size_t next = 0;

	qsort(all->piece, all->nr, sizeof(*all->piece), by_start);
	while ((next < all->nr || common->now.nr) && !common->failed &&
	       !interrupted()) {
		at = next_bound(common, next);
		drop_ended(&common->now, at);
		for (; next < all->nr && all->piece[next].start == at; next++)
			add(common, &common->now, &all->piece[next]);
		end = next_bound(common, next);
		if (common->now.nr > 1)
			run(cli, common, at, end);
	}
	tell(cli, common);
}

static void tell_pairs(const struct cli *cli, const struct common *common)
{
	unsigned int i, j;
	uint64_t bytes;

	for (i = 0; i < common->nr; i++) {
		for (j = i + 1; j < common->nr; j++) {
			bytes = common->pair[i * common->nr + j];
			if (!cli->opt.json) {
				printf("%d %d: %" PRIu64 " kB in common\n",
				       common->pid[i], common->pid[j], bytes >> 10);
				continue;
			}
			json_object(NULL);
			json_array("pids");
			json_number(NULL, common->pid[i]);
			json_number(NULL, common->pid[j]);
			json_end();
			json_number("bytes", bytes);
			json_end();
		}
	}
}

static void tell_all(struct cli *cli, struct common *common)
{
	common->pair = calloc((size_t)common->nr * common->nr + 1,
			      sizeof(*common->pair));
	common->failed |= !common->pair;
	if (cli->opt.json)
		json_array("extents");
	if (!common->failed)
		sweep(cli, common);
	if (cli->opt.json) {
		json_end();
		json_array("pairs");
	}
	if (!common->failed && !interrupted())
		tell_pairs(cli, common);
	if (cli->opt.json)
		json_end();
	if (common->failed)
		complain(cli, STATUS_FAILED, "%s", explain(-ENOMEM));
}

void common_run(struct cli *cli, int argc, char **argv)
{
	struct common common = { .nr = 0 };

	if (argc == 1 && !cli->opt.comm)
		usage(cli, "in common with which other process?");
	process_each(cli, argc, argv, common_one, &common);
	if (cli->device && frames_allowed(cli))
		tell_all(cli, &common);
	free(common.all.piece);
	free(common.now.piece);
	free(common.told.piece);
	free(common.pid);
	free(common.pair);
}
