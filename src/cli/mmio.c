// SPDX-License-Identifier: MIT
/* mmio: registers of devices, each access of exactly the width that was said. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli.h"

/* No more values are read at once; a register is not to be read for nothing. */
#define MOST (UINT64_C(1) << 20)

static unsigned int width_of(const struct cli *cli)
{
	return cli->opt.width ? cli->opt.width : 4;
}

/* 0 without a word. */
static uint64_t count_of(const struct cli *cli, const char *word)
{
	uint64_t count = word ? parse_count(cli, word) : 0;

	if (count > MOST)
		usage(cli, "%s: at most %" PRIu64, word, MOST);
	return count;
}

/* The device, then the place; wrong words have been seen by now. */
static bool begin(struct cli *cli, char *word, struct place *ret)
{
	output_begin(cli);
	return device_open(cli) && place_find(cli, word, ret);
}

static bool is_aligned(struct cli *cli, const struct place *place)
{
	char at[24];

	if (!(place->at % width_of(cli)))
		return true;
	snprintf(at, sizeof(at), "%" PRIx64, place->at);
	failed(cli, at, -EINVAL, "unaligned: not a multiple of what --width says");
	return false;
}

void mmio_map_run(struct cli *cli, int argc, char **argv)
{
	struct mapping mapping;
	struct window window;
	struct place place;
	uint64_t count, bytes;

	want(cli, argc, 1, 2);
	count = count_of(cli, argv[1]);
	bytes = (count ? count : 1) * width_of(cli);
	if (!begin(cli, argv[0], &place) || !is_aligned(cli, &place) ||
	    !place_has(cli, &place, bytes) ||
	    !window_map(cli, &place, bytes, &window))
		return;
	mapping = (struct mapping) {
		.fd = window.fd,
		.addr = window.addr,
		.bytes = window.bytes,
		.at = window.start,
		.name = place.word,
		.width = width_of(cli),
	};
	mapping_show(cli, &mapping, place.at - window.start, count);
	munmap(window.addr, window.bytes);
	close(window.fd);
}

/* Reads on until the first that cannot be read. */
static int read_values(const struct window *window, uint64_t count,
		       struct values *values)
{
	uint64_t offset = values->at - window->start;
	int err = 0;

	while (values->nr < count && !interrupted()) {
		err = mmuscope_mmio_read(window->fd, offset, values->width,
					 &values->value[values->nr]);
		if (err)
			break;
		offset += values->width;
		values->nr++;
	}
	return err;
}

static const char *access_hint(int err)
{
	switch (err) {
	case -EACCES:
		return "the window or the grant does not let: read-only, or not of this --width";
	case -ENODEV:
		return "the device is gone";
	case -EPERM:
		return "the kernel is locked down, which forbids it";
	default:
		return NULL;
	}
}

static void peek(struct cli *cli, const struct place *place, uint64_t count,
		 bool dump)
{
	struct values values = { .at = place->at, .width = width_of(cli) };
	struct window window;
	int err;

	if (!window_access(cli, place, count * values.width, &window))
		return;
	if (values_begin(cli, &values, count)) {
		err = read_values(&window, count, &values);
		if (!err || values.nr)
			values_show(cli, &values, dump);
		if (err)
			failed(cli, place->word, err, access_hint(err));
		values_end(&values);
	}
	close(window.fd);
}

void mmio_peek_run(struct cli *cli, int argc, char **argv)
{
	struct place place;
	uint64_t count;

	want(cli, argc, 1, 2);
	count = count_of(cli, argv[1]);
	if (!count)
		count = 1;
	cli->opt.read_only = true;
	if (begin(cli, argv[0], &place) && is_aligned(cli, &place) &&
	    place_has(cli, &place, count * width_of(cli)))
		peek(cli, &place, count, argc > 1);
}

void mmio_poke_run(struct cli *cli, int argc, char **argv)
{
	struct window window;
	struct place place;
	uint64_t value;
	int err;

	want(cli, argc, 2, 2);
	value = parse_value(cli, argv[1], width_of(cli));
	if (isatty(STDIN_FILENO) && !cli->opt.yes)
		usage(cli, "it can stop the machine: --yes says that you mean it");
	if (!begin(cli, argv[0], &place) || !is_aligned(cli, &place) ||
	    !place_has(cli, &place, width_of(cli)) ||
	    !window_access(cli, &place, width_of(cli), &window))
		return;
	err = mmuscope_mmio_write(window.fd, place.at - window.start,
				  width_of(cli), value);
	if (err)
		failed(cli, place.word, err, access_hint(err));
	close(window.fd);
}
