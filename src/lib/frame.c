// SPDX-License-Identifier: MIT
#include "internal.h"

/* A signal ends a call early; the next goes on behind what is done. */
static int look(struct mmuscope *mmuscope, struct mmuscope_frames *args,
		size_t nr, struct mmuscope_frame *ret)
{
	size_t done;
	int err;

	args->size = sizeof(*args);
	args->vec_size = sizeof(*ret);
	for (done = 0; done < nr; done += args->nr) {
		args->vec = (uintptr_t)(ret + done);
		args->vec_len = nr - done;
		err = mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_FRAMES, args);
		if (err)
			return err;
		if (!args->flags)
			args->pfn += args->nr;
	}
	return 0;
}

int mmuscope_frames(struct mmuscope *mmuscope, uint64_t pfn, size_t nr,
		    struct mmuscope_frame *ret)
{
	struct mmuscope_frames args = { .pfn = pfn };

	return look(mmuscope, &args, nr, ret);
}

int mmuscope_frames_by_pfn(struct mmuscope *mmuscope, const uint64_t *pfns,
			   size_t nr, struct mmuscope_frame *ret)
{
	struct mmuscope_frames args = { .flags = MMUSCOPE_FRAMES_ARRAY };
	size_t i;

	for (i = 0; i < nr; i++)
		ret[i].pfn = pfns[i];
	return look(mmuscope, &args, nr, ret);
}
