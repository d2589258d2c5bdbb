// SPDX-License-Identifier: MIT
/* What is handed out, share by share and window by window. */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

#define HOLDINGS 64	/* what one call fetches */

/**
 * struct mmuscope_lister - a list under way
 * @fd: the device
 * @args: the last call
 * @over: there is no next one
 * @done: elements of the last call that have been told
 * @holding: what it found
 */
struct mmuscope_lister {
	int fd;
	struct mmuscope_holdings args;
	int over;
	uint64_t done;
	struct mmuscope_holding holding[HOLDINGS];
};

int mmuscope_list_begin(struct mmuscope *mmuscope, unsigned int kind,
			struct mmuscope_lister **ret)
{
	struct mmuscope_lister *lister = calloc(1, sizeof(*lister));

	if (!lister)
		return -ENOMEM;
	lister->fd = mmuscope->fd;
	lister->args = (struct mmuscope_holdings) {
		.size = sizeof(lister->args),
		.kind = kind,
		.vec = (uintptr_t)lister->holding,
		.vec_len = HOLDINGS,
		.vec_size = sizeof(lister->holding[0]),
	};
	*ret = lister;
	return 0;
}

/* A failed call leaves where to go on as it was. */
static int refill(struct mmuscope_lister *lister)
{
	struct mmuscope_holdings args = lister->args;
	int err = mmuscope_ioctl(lister->fd, MMUSCOPE_IOC_HOLDINGS, &args);

	if (err)
		return err;
	lister->args = args;
	lister->over = !args.id;
	lister->done = 0;
	return 0;
}

int mmuscope_list_next(struct mmuscope_lister *lister,
		       const struct mmuscope_holding **ret)
{
	int err;

	while (lister->done == lister->args.nr) {
		if (lister->over)
			return 0;
		err = refill(lister);
		if (err)
			return err;
	}
	*ret = &lister->holding[lister->done++];
	return 1;
}

void mmuscope_list_end(struct mmuscope_lister *lister)
{
	free(lister);
}
