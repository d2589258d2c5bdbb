// SPDX-License-Identifier: MIT
#include "internal.h"

/* Scans from @start on, else as @ask says; what fails leaves @call alone. */
int mmuscope_call(int fd, const struct mmuscope_scan *ask, uint64_t start,
		  struct mmuscope_call *call)
{
	struct mmuscope_scan args = *ask;
	int err;

	args.start = start;
	args.vec = (uintptr_t)&call->extent;
	args.vec_len = MMUSCOPE_CALL_EXTENTS;
	args.vec_size = sizeof(call->extent[0]);
	if (args.flags & MMUSCOPE_SCAN_RAW) {
		args.vec_len = MMUSCOPE_CALL_WORDS;
		args.vec_size = sizeof(call->words[0]);
	}
	args.vma = (uintptr_t)&call->vma;
	args.vma_len = MMUSCOPE_CALL_VMAS;
	args.vma_size = sizeof(call->vma[0]);
	args.names = (uintptr_t)&call->names;
	args.names_len = MMUSCOPE_CALL_NAMES;
	err = mmuscope_ioctl(fd, MMUSCOPE_IOC_SCAN, &args);
	if (!err)
		call->args = args;
	return err;
}
