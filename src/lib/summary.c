// SPDX-License-Identifier: MIT
#include "internal.h"

int mmuscope_summary(struct mmuscope_target *target,
		     struct mmuscope_summary *ret)
{
	*ret = (struct mmuscope_summary) { .size = sizeof(*ret) };
	return mmuscope_ioctl(target->fd, MMUSCOPE_IOC_SUMMARY, ret);
}
