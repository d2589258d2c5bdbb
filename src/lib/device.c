// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"

/*
 * A caller's signal handler interrupts only the wait for another thread's call
 * on the same descriptor, of which nothing is left: try again.
 */
int mmuscope_ioctl(int fd, unsigned long request, void *arg)
{
	int ret;

	do
		ret = ioctl(fd, request, arg);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : ret;
}

int mmuscope_open(struct mmuscope **ret)
{
	struct mmuscope *mmuscope = malloc(sizeof(*mmuscope));
	int err;

	if (!mmuscope)
		return -ENOMEM;
	mmuscope->fd = open("/dev/mmuscope", O_RDONLY | O_CLOEXEC);
	if (mmuscope->fd < 0) {
		err = -errno;
		free(mmuscope);
		return err;
	}
	*ret = mmuscope;
	return 0;
}

void mmuscope_close(struct mmuscope *mmuscope)
{
	if (!mmuscope)
		return;
	close(mmuscope->fd);
	free(mmuscope);
}

int mmuscope_get_info(struct mmuscope *mmuscope, struct mmuscope_info *ret)
{
	*ret = (struct mmuscope_info) { .size = sizeof(*ret) };
	return mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_INFO, ret);
}
