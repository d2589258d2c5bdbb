// SPDX-License-Identifier: MIT
/* swap: what of a process is swapped, by area, by VMA and run by run. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct swapped_vma {
	struct mmuscope_vma vma;
	char *name;
	uint64_t bytes;
	size_t first_run;
};

/* @last: the highest slot met, which tells which areas it cannot be. */
struct swapped_area {
	uint32_t type;
	uint64_t last;
	uint64_t bytes;
};

/**
 * struct swapped - all that is swapped
 * @unmapped: bytes of shared memory in swap that nothing maps: slot unknown
 */
struct swapped {
	struct mmuscope_extent *run;
	struct swapped_vma *vma;
	struct swapped_area *area;
	size_t nr_runs;
	size_t nr_vmas;
	size_t nr_areas;
	uint64_t bytes;
	uint64_t unmapped;
};

/* Room for one more element; the size doubles at each power of two. */
static void *grow(void *vec, size_t nr, size_t size)
{
	if (nr & (nr - 1))
		return vec;
	return reallocarray(vec, nr ? 2 * nr : 1, size);
}

static struct swapped_area *find_area(struct swapped *all, uint32_t type)
{
	void *more;
	size_t i;

	for (i = 0; i < all->nr_areas; i++)
		if (all->area[i].type == type)
			return &all->area[i];
	more = grow(all->area, all->nr_areas, sizeof(*all->area));
	if (!more)
		return NULL;
	all->area = more;
	all->area[all->nr_areas] = (struct swapped_area) { .type = type };
	return &all->area[all->nr_areas++];
}

static int add_area(const struct cli *cli, struct swapped *all,
		    const struct mmuscope_extent *run)
{
	uint64_t bytes = run->end - run->start;
	struct swapped_area *area;
	uint64_t last;

	all->bytes += bytes;
	if (run->backing != MMUSCOPE_BACKING_SWAP) {
		all->unmapped += bytes;
		return 0;
	}
	area = find_area(all, run->swap_type);
	if (!area)
		return -ENOMEM;
	last = run->value + (bytes >> cli->info.page_shift) - 1;
	if (area->last < last)
		area->last = last;
	area->bytes += bytes;
	return 0;
}

static int add_vma(struct swapped *all, const struct mmuscope_found *found)
{
	void *more = grow(all->vma, all->nr_vmas, sizeof(*all->vma));
	struct swapped_vma *vma;

	if (!more)
		return -ENOMEM;
	all->vma = more;
	vma = &all->vma[all->nr_vmas];
	*vma = (struct swapped_vma) {
		.vma = found->vma,
		.name = strdup(found->name),
		.first_run = all->nr_runs,
	};
	if (!vma->name)
		return -ENOMEM;
	all->nr_vmas++;
	return 0;
}

static int add_run(const struct cli *cli, struct swapped *all,
		   const struct mmuscope_found *found)
{
	const struct mmuscope_extent *run = &found->extent;
	void *more;
	int err;

	err = found->first_in_vma ? add_vma(all, found) : 0;
	if (err)
		return err;
	more = grow(all->run, all->nr_runs, sizeof(*all->run));
	if (!more)
		return -ENOMEM;
	all->run = more;
	all->run[all->nr_runs++] = *run;
	all->vma[all->nr_vmas - 1].bytes += run->end - run->start;
	return add_area(cli, all, run);
}

static int collect(const struct cli *cli, struct mmuscope_target *target,
		   struct swapped *all)
{
	const struct mmuscope_scan_options options = {
		.start = cli->opt.start,
		.end = cli->opt.end,
		.anyof = MMUSCOPE_CAT_BACKING(MMUSCOPE_BACKING_SWAP) |
			 MMUSCOPE_FLAG_SWAPPED,
	};
	const struct mmuscope_found *found;
	struct mmuscope_scanner *scanner;
	struct progress progress;
	int got;

	got = mmuscope_scan_begin(target, &options, &scanner);
	if (got)
		return got;
	progress_begin(&progress);
	while (!interrupted()) {
		got = mmuscope_scan_next(scanner, &found);
		if (got <= 0)
			break;
		got = add_run(cli, all, found);
		if (got)
			break;
		progress_step(&progress, cli, found->extent.end);
	}
	progress_end(&progress);
	mmuscope_scan_end(scanner);
	return got;
}

static void forget(struct swapped *all)
{
	size_t i;

	for (i = 0; i < all->nr_vmas; i++)
		free(all->vma[i].name);
	free(all->run);
	free(all->vma);
	free(all->area);
}

static void heading(const struct cli *cli, const char *words)
{
	if (cli->opt.no_header)
		return;
	colour(COLOUR_HEADING);
	fputs(words, stdout);
	colour(COLOUR_NONE);
	putchar('\n');
}

static void text_areas(const struct cli *cli, const struct swapped *all)
{
	struct mmuscope_swap_area area;
	size_t i;

	heading(cli, "     SIZE kB  AREA");
	for (i = 0; i < all->nr_areas; i++) {
		printf("%12" PRIu64 "  ", all->area[i].bytes >> 10);
		if (!may_see_frames(cli)) {
			puts("- (which, and where, you may not know)");
			continue;
		}
		printf("%" PRIu32 " ", all->area[i].type);
		if (mmuscope_swap_area(all->area[i].type, all->area[i].last,
				       &area)) {
			puts("(none of /proc/swaps)");
			continue;
		}
		text_escaped(area.name, "\n");
		puts(area.guess ? " (a guess)" : "");
	}
	if (all->unmapped)
		printf("%12" PRIu64 "  - (shared memory that nothing maps)\n",
		       all->unmapped >> 10);
	printf("%12" PRIu64 "  total\n", all->bytes >> 10);
}

static void text_swapped(const struct cli *cli, const struct swapped *all)
{
	size_t i;

	text_areas(cli, all);
	if (!all->nr_vmas)
		return;
	putchar('\n');
	heading(cli, "     SIZE kB  VMA");
	for (i = 0; i < all->nr_vmas; i++) {
		printf("%12" PRIu64 "  ", all->vma[i].bytes >> 10);
		text_vma(&all->vma[i].vma, all->vma[i].name);
		putchar('\n');
	}
	putchar('\n');
	heading(cli, "  RUN LEVEL BACKING PERM FLAGS");
	for (i = 0; i < all->nr_runs; i++)
		text_extent(cli, &all->run[i]);
}

static void json_areas(const struct cli *cli, const struct swapped *all)
{
	struct mmuscope_swap_area area;
	size_t i;

	json_array("areas");
	for (i = 0; may_see_frames(cli) && i < all->nr_areas; i++) {
		json_object(NULL);
		json_number("type", all->area[i].type);
		json_number("bytes", all->area[i].bytes);
		if (!mmuscope_swap_area(all->area[i].type, all->area[i].last,
					&area)) {
			json_string("name", area.name);
			json_bool("guess", area.guess);
		}
		json_end();
	}
	json_end();
}

static void json_swapped(const struct cli *cli, const struct swapped *all)
{
	size_t i, run, end;

	json_number("bytes", all->bytes);
	json_number("unmapped_shared", all->unmapped);
	json_areas(cli, all);
	json_array("vmas");
	for (i = 0; i < all->nr_vmas; i++) {
		json_object(NULL);
		json_vma(&all->vma[i].vma, all->vma[i].name);
		json_number("bytes", all->vma[i].bytes);
		json_array("extents");
		end = i + 1 < all->nr_vmas ? all->vma[i + 1].first_run :
					     all->nr_runs;
		for (run = all->vma[i].first_run; run < end; run++) {
			json_object(NULL);
			json_extent(cli, &all->run[run]);
			json_end();
		}
		json_end();
		json_end();
	}
	json_end();
}

static void swap_one(struct cli *cli, struct mmuscope_target *target,
		     const struct process *process, void *arg)
{
	struct swapped all = { .nr_runs = 0 };
	int err = collect(cli, target, &all);

	(void)arg;
	if (cli->opt.json)
		json_swapped(cli, &all);
	else
		text_swapped(cli, &all);
	if (err < 0)
		process_failed(cli, process, err);
	forget(&all);
}

void swap_run(struct cli *cli, int argc, char **argv)
{
	process_each(cli, argc, argv, swap_one, NULL);
}
