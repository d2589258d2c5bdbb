// SPDX-License-Identifier: MIT
#include "internal.h"

/* A signal ends a call early; the next goes on behind what is done. */
int mmuscope_translate(struct mmuscope_target *target, const uint64_t *addrs,
		       size_t nr, struct mmuscope_translation *ret)
{
	struct mmuscope_translate args = {
		.size = sizeof(args), .vec_size = sizeof(*ret),
	};
	size_t done;
	int err;

	for (done = 0; done < nr; done++)
		ret[done].addr = addrs[done];
	for (done = 0; done < nr; done += args.nr) {
		args.vec = (uintptr_t)(ret + done);
		args.vec_len = nr - done;
		err = mmuscope_ioctl(target->fd, MMUSCOPE_IOC_TRANSLATE, &args);
		if (err)
			return err;
	}
	return 0;
}
