// SPDX-License-Identifier: MIT
/*
 * phys: what debugfs' physical prints, with the devices that sysfs tells of and,
 * if wanted, what the frames are used for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static void device_word(const struct mmuscope_phys_device *device, char *word,
			size_t size)
{
	if (device->resource < 0)
		snprintf(word, size, "part");
	else if (device->resource < 6)
		snprintf(word, size, "BAR %" PRId32, device->resource);
	else if (device->resource == 6)
		snprintf(word, size, "ROM");
	else
		snprintf(word, size, "resource %" PRId32, device->resource);
}

static void text_device(const struct mmuscope_phys_range *range)
{
	struct mmuscope_phys_device device;
	char word[32];

	if (mmuscope_phys_device(range, &device))
		return;
	device_word(&device, word, sizeof(word));
	printf(" (%s of %04" PRIx32 ":%04" PRIx32 ", %s%s)", word, device.vendor,
	       device.device, *device.driver ? "driver " : "no driver",
	       device.driver);
}

static void text_counts(const struct mmuscope_phys_range *range)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < MMUSCOPE_NR_FRAME_KINDS; i++) {
		if (!range->frames[i])
			continue;
		printf("%c%s:%" PRIu64, any ? ',' : ' ', mmuscope_frame_kind_name(i),
		       (uint64_t)range->frames[i]);
		any = true;
	}
}

static void text_range(const struct mmuscope_phys_range *range,
		       unsigned int depth)
{
	bool hole = range->kind == MMUSCOPE_PHYS_HOLE;

	if (hole)
		colour(COLOUR_DIM);
	printf("%*s%" PRIx64 "-%" PRIx64 " %s", 2 * (int)depth, "",
	       (uint64_t)range->start, (uint64_t)range->end,
	       mmuscope_phys_kind_name(range->kind));
	if (range->kind == MMUSCOPE_PHYS_ZONE && range->node < 0)
		fputs(" offline", stdout);
	else if (range->kind == MMUSCOPE_PHYS_ZONE)
		printf(" node:%" PRId32 " %s", range->node,
		       mmuscope_zone_name(range->zone));
	if (*range->name)
		putchar(' ');
	text_escaped(range->name, "\n\\");
	text_device(range);
	text_counts(range);
	if (hole)
		colour(COLOUR_NONE);
	putchar('\n');
}

static void json_device(const struct mmuscope_phys_range *range)
{
	struct mmuscope_phys_device device;

	if (mmuscope_phys_device(range, &device))
		return;
	json_object("device");
	json_hex("vendor", device.vendor);
	json_hex("device", device.device);
	if (device.resource >= 0)
		json_number("resource", device.resource);
	if (*device.driver)
		json_string("driver", device.driver);
	json_end();
}

static void json_counts(const struct mmuscope_phys_range *range)
{
	unsigned int i;

	json_object("frames");
	for (i = 0; i < MMUSCOPE_NR_FRAME_KINDS; i++)
		if (range->frames[i])
			json_number(mmuscope_frame_kind_name(i), range->frames[i]);
	json_end();
}

static void json_range(const struct cli *cli,
		       const struct mmuscope_phys_range *range)
{
	json_object(NULL);
	json_hex("start", range->start);
	json_hex("end", range->end);
	json_string("kind", mmuscope_phys_kind_name(range->kind));
	json_number("depth", range->depth);
	if (*range->name)
		json_string("name", range->name);
	if (range->kind == MMUSCOPE_PHYS_ZONE && range->node >= 0) {
		json_number("node", range->node);
		json_string("zone", mmuscope_zone_name(range->zone));
	}
	json_device(range);
	if (range->kind == MMUSCOPE_PHYS_ZONE && cli->opt.count)
		json_counts(range);
	json_end();
}

static void put_range(const struct cli *cli,
		      const struct mmuscope_phys_range *range)
{
	if (cli->opt.json)
		json_range(cli, range);
	else
		text_range(range, cli->opt.flat ? 0 : range->depth);
}

/* The ranges that the last one lies in; more than the module ever opens. */
#define DEPTH 24

/**
 * struct flat - the same addresses, each told once, by the innermost range
 * @range: the ranges that the last one lies in
 * @nr: how many
 * @at: told of up to here
 */
struct flat {
	struct mmuscope_phys_range range[DEPTH];
	unsigned int nr;
	uint64_t at;
};

/* Tells of the innermost range up to @end, as far as it was asked for. */
static void flat_piece(const struct cli *cli, struct flat *flat, uint64_t end)
{
	struct mmuscope_phys_range piece = flat->range[flat->nr - 1];
	uint64_t limit = cli->opt.end ? cli->opt.end : UINT64_MAX;

	if (flat->at > piece.start)
		piece.start = flat->at;
	if (end < piece.end)
		piece.end = end;
	flat->at = piece.end;
	if (piece.start < cli->opt.start)
		piece.start = cli->opt.start;
	if (piece.end > limit)
		piece.end = limit;
	if (piece.start < piece.end)
		put_range(cli, &piece);
}

/* Leaves the ranges that end at @start or before. */
static void flat_leave(const struct cli *cli, struct flat *flat, uint64_t start)
{
	while (flat->nr && flat->range[flat->nr - 1].end <= start) {
		if (flat->at < flat->range[flat->nr - 1].end)
			flat_piece(cli, flat, UINT64_MAX);
		flat->nr--;
	}
}

static void flat_range(const struct cli *cli, struct flat *flat,
		       const struct mmuscope_phys_range *range)
{
	flat_leave(cli, flat, range->start);
	if (flat->nr && flat->at < range->start)
		flat_piece(cli, flat, range->start);
	if (flat->nr < DEPTH)
		flat->range[flat->nr++] = *range;
	flat->at = range->start;
}

static int each_range(const struct cli *cli,
		      struct mmuscope_phys_reader *reader)
{
	const struct mmuscope_phys_range *range;
	struct flat flat = { .nr = 0 };
	int got = 0;

	while (!interrupted()) {
		got = mmuscope_phys_next(reader, &range);
		if (got <= 0)
			break;
		if (cli->opt.flat)
			flat_range(cli, &flat, range);
		else
			put_range(cli, range);
	}
	if (!got)
		flat_leave(cli, &flat, UINT64_MAX);
	return got;
}

static int tell_ranges(struct cli *cli)
{
	uint64_t flags = cli->opt.count ? MMUSCOPE_PHYS_COUNT : 0;
	struct mmuscope_phys_reader *reader;
	int err;

	err = mmuscope_phys_begin(cli->device, cli->opt.start, cli->opt.end,
				  flags, &reader);
	if (err)
		return err;
	if (cli->opt.json)
		json_array("ranges");
	err = each_range(cli, reader);
	if (cli->opt.json)
		json_end();
	mmuscope_phys_end(reader);
	return err;
}

/* In the kernel's half, at the address of the very byte. */
static void put_kernel(const struct cli *cli, const struct mmuscope_found *found,
		       uint64_t phys)
{
	const struct mmuscope_extent *ext = &found->extent;
	uint64_t addr = ext->start + phys - ext->value;
	char perm[5];

	if (cli->opt.json) {
		json_object(NULL);
		json_hex("address", addr);
		json_string("level", mmuscope_level_name(ext->level));
		json_perm(ext->flags);
		json_flags(ext->flags);
		json_string("name", found->name);
		json_end();
		return;
	}
	perm_word(ext->flags, perm);
	printf("  kernel %" PRIx64 " %s %s ", addr,
	       mmuscope_level_name(ext->level), perm);
	text_flags(cli, ext);
	printf(" %s\n", found->name);
}

static bool maps_phys(const struct cli *cli, const struct mmuscope_extent *ext,
		      uint64_t phys)
{
	uint64_t bytes = ext->flags & MMUSCOPE_FLAG_REPEAT ?
			 1ULL << cli->info.page_shift : ext->end - ext->start;

	return ext->value <= phys && phys - ext->value < bytes;
}

/* There is no reverse map of what the kernel maps. */
static int scan_kernel(struct cli *cli, struct mmuscope_target *target,
		       uint64_t phys)
{
	const struct mmuscope_scan_options options = {
		.mask = MMUSCOPE_FLAG_PRESENT,
		.ignore = MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_DIRTY,
	};
	const struct mmuscope_found *found;
	struct mmuscope_scanner *scanner;
	int got;

	got = mmuscope_scan_begin(target, &options, &scanner);
	if (got)
		return got;
	while (!interrupted()) {
		got = mmuscope_scan_next(scanner, &found);
		if (got <= 0)
			break;
		if (maps_phys(cli, &found->extent, phys))
			put_kernel(cli, found, phys);
	}
	mmuscope_scan_end(scanner);
	return got;
}

static void tell_kernel(struct cli *cli, uint64_t phys)
{
	struct mmuscope_target *target;
	int err;

	if (!(cli->info.rights & MMUSCOPE_RIGHT_KERNEL)) {
		if (cli->opt.json)
			json_null("kernel");
		else
			puts("  kernel - (where, you may not know)");
		return;
	}
	if (cli->opt.json)
		json_array("kernel");
	err = mmuscope_target_kernel(cli->device, 0, &target);
	if (!err) {
		err = scan_kernel(cli, target, phys);
		mmuscope_target_close(target);
	}
	if (cli->opt.json)
		json_end();
	if (err)
		complain(cli, STATUS_FAILED, "the kernel's half: %s",
			 explain(err));
}

/* What is there, and who maps it. */
static int tell_address(struct cli *cli, uint64_t phys)
{
	struct mmuscope_frame frame;
	int err;

	err = mmuscope_frames(cli->device, phys >> cli->info.page_shift, 1,
			      &frame);
	if (!err)
		err = who_tell(cli, &frame);
	if (!err && !interrupted())
		tell_kernel(cli, phys);
	return err;
}

void phys_run(struct cli *cli, int argc, char **argv)
{
	int err;

	if (argc > 1)
		usage(cli, "%s: one address at a time", argv[1]);
	if (argc && cli->opt.end)
		usage(cli, "%s: --range names the addresses already", argv[0]);
	if (argc && (!parse_hex(argv[0], &cli->opt.start) ||
		     cli->opt.start == UINT64_MAX))
		usage(cli, "%s: not a hexadecimal address", argv[0]);
	if (argc)
		cli->opt.end = cli->opt.start + 1;
	if (cli->opt.flat && cli->opt.count)
		usage(cli, "--count is of whole zones, --flat tells of parts");
	output_begin(cli);
	if (!device_open(cli))
		return;
	err = tell_ranges(cli);
	if (!err && argc)
		err = tell_address(cli, cli->opt.start);
	if (err < 0)
		device_failed(cli, err);
}
