// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

/* What one call fetches: room for all mappers of nearly any frame. */
#define MAPPERS	1024

/**
 * struct mmuscope_finder - a search under way
 * @fd: the device
 * @args: the last call
 * @how: of all calls together
 * @done: mappers of the last call that have been told
 * @over: there is no next call
 * @mapper: what the last call found
 */
struct mmuscope_finder {
	int fd;
	struct mmuscope_mappers args;
	struct mmuscope_mappers how;
	uint64_t done;
	int over;
	struct mmuscope_mapper mapper[MAPPERS];
};

int mmuscope_find_begin(struct mmuscope *mmuscope, uint64_t pfn,
			uint64_t flags, struct mmuscope_finder **ret)
{
	struct mmuscope_finder *finder = calloc(1, sizeof(*finder));

	if (!finder)
		return -ENOMEM;
	finder->fd = mmuscope->fd;
	finder->args = (struct mmuscope_mappers) {
		.size = sizeof(finder->args),
		.flags = flags,
		.pfn = pfn,
		.vec = (uintptr_t)finder->mapper,
		.vec_len = MAPPERS,
		.vec_size = sizeof(finder->mapper[0]),
	};
	*ret = finder;
	return 0;
}

static int fetch(struct mmuscope_finder *finder)
{
	struct mmuscope_mappers args = finder->args;
	int err = mmuscope_ioctl(finder->fd, MMUSCOPE_IOC_MAPPERS, &args);

	if (err)
		return err;
	finder->args = args;
	finder->done = 0;
	finder->over = !args.cursor[0] && !args.cursor[1];
	finder->how.method = args.method;
	finder->how.status |= args.status;
	finder->how.looked += args.looked;
	finder->how.nr += args.nr;
	return 0;
}

int mmuscope_find_next(struct mmuscope_finder *finder,
		       const struct mmuscope_mapper **ret)
{
	int err;

	while (finder->done == finder->args.nr) {
		if (finder->over)
			return 0;
		err = fetch(finder);
		if (err)
			return err;
	}
	*ret = &finder->mapper[finder->done++];
	return 1;
}

void mmuscope_find_how(const struct mmuscope_finder *finder,
		       struct mmuscope_mappers *ret)
{
	*ret = finder->how;
}

void mmuscope_find_end(struct mmuscope_finder *finder)
{
	free(finder);
}
