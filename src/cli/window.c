// SPDX-License-Identifier: MIT
/* Opens windows, and says why they are refused. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char *whose(const struct mmuscope_mmio_result *result, char *text,
			 size_t size)
{
	char holder[200];

	if (mmuscope_mmio_holder(result->start, result->end, holder,
				 sizeof(holder)))
		return "busy: 'cat /proc/iomem' as root tells who has it";
	snprintf(text, size, "busy: held by %s", holder);
	return text;
}

static const char *hint_of(int err)
{
	switch (err) {
	case -EOPNOTSUPP:
		return "this machine has no such memory type for registers";
	case -EINVAL:
		return "not whole pages, or no such memory type for it";
	case -ENODEV:
		return "the device is gone";
	default:
		return NULL;
	}
}

/* NULL: what the errno says. */
static const char *why(const struct cli *cli, int err,
		       const struct mmuscope_mmio_result *result, char *text,
		       size_t size)
{
	switch (result->why) {
	case MMUSCOPE_MMIO_WHY_RAM:
		return "it is RAM, which a window is not for: mmuscope share hands out pages";
	case MMUSCOPE_MMIO_WHY_BUSY:
		return whose(result, text, size);
	case MMUSCOPE_MMIO_WHY_WINDOW:
		return "busy: another window has it (mmuscope mmio list); with --shared both can";
	case MMUSCOPE_MMIO_WHY_HOLE:
		return cli->opt.unlisted ?
		       "the kernel knows what is there: do without --unlisted" :
		       "the kernel knows of nothing there: see /proc/iomem, or say --unlisted";
	case MMUSCOPE_MMIO_WHY_ADDRESS:
		snprintf(text, size, "beyond the %u bits of a physical address",
			 cli->info.pa_bits);
		return text;
	case MMUSCOPE_MMIO_WHY_LOCKDOWN:
		return "the kernel is locked down, which forbids it: see mmuscope doctor";
	case MMUSCOPE_MMIO_WHY_RIGHTS:
		return "it takes CAP_SYS_RAWIO, or a grant of this range (mmuscope mmio grant)";
	default:
		return hint_of(err);
	}
}

/* Told is the range that is in the way, else the one that was asked for. */
static void refused(struct cli *cli,
		    const struct mmuscope_mmio_options *asked,
		    const struct mmuscope_mmio_result *result, int err)
{
	uint64_t start = asked->phys, end = asked->phys + asked->bytes;
	char range[48], text[256];

	if (result->end && result->why != MMUSCOPE_MMIO_WHY_ADDRESS) {
		start = result->start;
		end = result->end;
	}
	snprintf(range, sizeof(range), "%" PRIx64 "-%" PRIx64, start, end);
	failed(cli, range, err, why(cli, err, result, text, sizeof(text)));
}

static uint64_t window_flags(const struct cli *cli)
{
	return (cli->opt.shared ? MMUSCOPE_MMIO_SHARED : 0) |
	       (cli->opt.unlisted ? MMUSCOPE_MMIO_UNLISTED : 0) |
	       (cli->opt.read_only ? MMUSCOPE_MMIO_READONLY : 0);
}

static void tell(const struct mmuscope_mmio_options *options,
		 const struct mmuscope_mmio_result *result,
		 struct window *ret)
{
	ret->start = options->phys;
	ret->bytes = options->bytes;
	ret->addr = result->addr;
}

bool window_map(struct cli *cli, const struct place *place, uint64_t bytes,
		struct window *ret)
{
	uint64_t mask = (UINT64_C(1) << cli->info.page_shift) - 1;
	bool named = place->end > place->start;
	uint64_t start = named ? place->start : place->at;
	uint64_t end = named ? place->end : place->at + bytes;
	struct mmuscope_mmio_options options = {
		.phys = start & ~mask,
		.bytes = ((end + mask) & ~mask) - (start & ~mask),
		.name = place->name,
		.flags = window_flags(cli),
		.memtype = cli->opt.memtype,
		.map = true,
	};
	struct mmuscope_mmio_result result;

	ret->fd = mmuscope_mmio_open(cli->device, &options, &result);
	if (ret->fd < 0) {
		refused(cli, &options, &result, ret->fd);
		return false;
	}
	tell(&options, &result, ret);
	return true;
}

/*
 * First what is to be accessed alone, so that no more is claimed than needed.
 * To who may not, all of a range that he may have been granted.
 */
bool window_access(struct cli *cli, const struct place *place, uint64_t bytes,
		   struct window *ret)
{
	struct mmuscope_mmio_options options = {
		.phys = place->at,
		.bytes = bytes,
		.name = place->name,
		.flags = window_flags(cli) | MMUSCOPE_MMIO_ACCESS,
	};
	struct mmuscope_mmio_result result;

	ret->fd = mmuscope_mmio_open(cli->device, &options, &result);
	if (ret->fd == -EPERM && result.why == MMUSCOPE_MMIO_WHY_RIGHTS &&
	    place->end > place->start) {
		options.phys = place->start;
		options.bytes = place->end - place->start;
		ret->fd = mmuscope_mmio_open(cli->device, &options, &result);
	}
	if (ret->fd < 0) {
		refused(cli, &options, &result, ret->fd);
		return false;
	}
	tell(&options, &result, ret);
	return true;
}
