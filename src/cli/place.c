// SPDX-License-Identifier: MIT
/* Where in physical memory a word of the command line points to. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char *why_not(int err)
{
	switch (err) {
	case -ENOENT:
		return "no such address, BAR (as 0000:00:04.0:0) or name of /proc/iomem";
	case -ENOTUNIQ:
		return "there are several of this name: take an address out of /proc/iomem";
	case -ENXIO:
		return "this BAR has no address: lspci -v tells which have one";
	case -EOPNOTSUPP:
		return "this BAR is of I/O ports, not of memory";
	case -EPERM:
		return "names of /proc/iomem take CAP_SYS_ADMIN: say an address";
	case -EINVAL:
		return "it ends before it starts, or there";
	default:
		return NULL;
	}
}

/* Cuts "+OFFSET" off; a name may have a plus of its own. */
static uint64_t cut_offset(char *word)
{
	char *plus = strrchr(word, '+');
	uint64_t offset;

	if (!plus || plus == word || !parse_hex(plus + 1, &offset))
		return 0;
	*plus = '\0';
	return offset;
}

/* The module takes no blanks, and nothing that is too long. */
static void name_place(struct place *place)
{
	size_t i;

	if (place->end == place->start)
		return;
	snprintf(place->name, sizeof(place->name), "%s", place->word);
	for (i = 0; place->name[i]; i++)
		if (!isgraph((unsigned char)place->name[i]))
			place->name[i] = '_';
}

bool place_find(struct cli *cli, char *word, struct place *ret)
{
	struct mmuscope_mmio_place found;
	uint64_t offset = cut_offset(word);
	int err = mmuscope_mmio_find(word, &found);

	if (err) {
		failed(cli, word, err, why_not(err));
		return false;
	}
	*ret = (struct place) {
		.word = word, .start = found.start, .end = found.end,
		.at = found.start + offset, .disabled = found.disabled,
	};
	memcpy(ret->pci, found.pci, sizeof(ret->pci));
	name_place(ret);
	return true;
}

bool place_has(struct cli *cli, const struct place *place, uint64_t bytes)
{
	char hint[128];

	if (place->end > place->start &&
	    (place->at >= place->end || bytes > place->end - place->at)) {
		snprintf(hint, sizeof(hint), "it ends at offset %" PRIx64,
			 place->end - place->start);
		failed(cli, place->word, -ERANGE, hint);
		return false;
	}
	if (!place->disabled)
		return true;
	snprintf(hint, sizeof(hint),
		 "the device is off: echo 1 >/sys/bus/pci/devices/%s/enable",
		 place->pci);
	failed(cli, place->word, -ENXIO, hint);
	return false;
}
