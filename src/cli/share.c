// SPDX-License-Identifier: MIT
/* share: pages that several processes map, by a name. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli.h"

/* What share map dumps if it is not told. */
#define DUMP 256

struct hint {
	int err;
	const char *what;
};

static const struct hint create_hints[] = {
	{ -EEXIST, "a share of that name is there; 'mmuscope share rm' removes it" },
	{ -EDQUOT, "RLIMIT_MEMLOCK is reached; 'ulimit -l' raises it" },
	{ -ENOSPC, "share_max_mb is reached: /sys/module/mmuscope/parameters/share_max_mb" },
	{ -ENOMEM, "there is no such memory free; try without --contiguous, --page or --node" },
	{ -EINVAL, "a name is of letters, digits and '._-', a size of pages; or no such node" },
	{ -EOPNOTSUPP, "this machine has no such memory type for such pages" },
	{ -ENAMETOOLONG, "the name is too long" },
	{ 0, NULL }
};

static const struct hint open_hints[] = {
	{ -ENOENT, "no such share; 'mmuscope share list' tells which there are" },
	{ -EACCES, "its mode forbids it, or it is for others to read only" },
	{ -EPERM, "it is sealed" },
	{ -EINVAL, "no such name" },
	{ -ENAMETOOLONG, "no such share: the name is too long" },
	{ 0, NULL }
};

static const struct hint remove_hints[] = {
	{ -ENOENT, "no such share; 'mmuscope share list' tells which there are" },
	{ -EACCES, "only its owner may, or CAP_FOWNER" },
	{ 0, NULL }
};

static void fail(struct cli *cli, const char *name, int err,
		 const struct hint *hints)
{
	while (hints->err && hints->err != err)
		hints++;
	failed(cli, name, err, hints->what);
}

void share_failed(struct cli *cli, const char *name, int err)
{
	fail(cli, name, err, open_hints);
}

static bool begin(struct cli *cli)
{
	output_begin(cli);
	return device_open(cli);
}

void share_create_run(struct cli *cli, int argc, char **argv)
{
	struct mmuscope_share_options options = {
		.flags = MMUSCOPE_SHARE_KEEP,
		.page_shift = cli->opt.page_shift,
		.memtype = cli->opt.memtype,
		.mode = cli->opt.mode,
		.on_node = cli->opt.on_node,
		.node = cli->opt.node,
	};
	struct mmuscope_share_info info;
	int fd, err;

	want(cli, argc, 2, 2);
	options.name = argv[0];
	if (!parse_size(argv[1], &options.bytes) || !options.bytes)
		usage(cli, "%s: not a size, as 4096, 64K or 2M", argv[1]);
	if (cli->opt.contiguous)
		options.flags |= MMUSCOPE_SHARE_CONTIGUOUS;
	if (!begin(cli))
		return;
	fd = mmuscope_share_create(cli->device, &options, NULL);
	err = fd < 0 ? fd : mmuscope_share_info(fd, &info);
	if (err)
		fail(cli, argv[0], err, create_hints);
	else if (cli->opt.json)
		json_number("id", info.id);
	if (fd >= 0)
		close(fd);
}

void share_rm_run(struct cli *cli, int argc, char **argv)
{
	int i, err;

	want(cli, argc, 1, argc);
	if (!begin(cli))
		return;
	for (i = 0; i < argc; i++) {
		err = mmuscope_share_remove(cli->device, argv[i]);
		if (err)
			fail(cli, argv[i], err, remove_hints);
	}
}

/* Opens and maps it; false with a complaint. */
static bool open_share(struct cli *cli, const char *name, bool readonly,
		       struct mapping *ret)
{
	uint64_t flags = readonly ? MMUSCOPE_SHARE_READONLY : 0;
	struct mmuscope_share_info info;
	int err;

	*ret = (struct mapping) {
		.name = name, .width = cli->opt.width ? cli->opt.width : 1,
	};
	ret->fd = mmuscope_share_open(cli->device, name, flags, &ret->addr);
	err = ret->fd < 0 ? ret->fd : mmuscope_share_info(ret->fd, &info);
	if (err) {
		share_failed(cli, name, err);
		return false;
	}
	ret->bytes = info.bytes;
	return true;
}

static void close_share(const struct mapping *mapping)
{
	munmap(mapping->addr, mapping->bytes);
	close(mapping->fd);
}

/* Are there @count values from @offset on? Else a complaint. */
static bool has(struct cli *cli, const struct mapping *mapping,
		uint64_t offset, uint64_t count)
{
	if (offset < mapping->bytes &&
	    count <= (mapping->bytes - offset) / mapping->width)
		return true;
	complain(cli, STATUS_FAILED, "%s: it ends at %" PRIx64, mapping->name,
		 mapping->bytes);
	return false;
}

void share_map_run(struct cli *cli, int argc, char **argv)
{
	struct mapping mapping;
	uint64_t count = 0;

	want(cli, argc, 1, 2);
	if (argc > 1)
		count = parse_count(cli, argv[1]);
	if (!begin(cli) ||
	    !open_share(cli, argv[0], cli->opt.read_only, &mapping))
		return;
	if (!count)
		count = DUMP / mapping.width;
	if (has(cli, &mapping, 0, count))
		mapping_show(cli, &mapping, 0, count);
	close_share(&mapping);
}

/* Wrong words exit. */
static uint64_t parse_offset(const struct cli *cli, const char *word)
{
	unsigned int width = cli->opt.width ? cli->opt.width : 1;
	uint64_t offset;

	if (!parse_hex(word, &offset))
		usage(cli, "%s: not a hexadecimal offset", word);
	if (offset % width)
		usage(cli, "%s: not a multiple of %u, as --width wants", word,
		      width);
	return offset;
}

void share_peek_run(struct cli *cli, int argc, char **argv)
{
	uint64_t offset, count = 1;
	struct mapping mapping;

	want(cli, argc, 2, 3);
	offset = parse_offset(cli, argv[1]);
	if (argc > 2)
		count = parse_count(cli, argv[2]);
	if (!begin(cli) || !open_share(cli, argv[0], true, &mapping))
		return;
	if (has(cli, &mapping, offset, count))
		mapping_peek(cli, &mapping, offset, count, argc > 2);
	close_share(&mapping);
}

void share_poke_run(struct cli *cli, int argc, char **argv)
{
	struct mapping mapping;
	uint64_t offset, value;

	want(cli, argc, 3, 3);
	offset = parse_offset(cli, argv[1]);
	value = parse_value(cli, argv[2], cli->opt.width ? cli->opt.width : 1);
	if (!begin(cli) || !open_share(cli, argv[0], false, &mapping))
		return;
	if (has(cli, &mapping, offset, 1))
		mapping_poke(&mapping, offset, value);
	close_share(&mapping);
}
