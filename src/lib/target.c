// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

static int bind_target(struct mmuscope *mmuscope,
		       enum mmuscope_target_kind kind, int id,
		       struct mmuscope_target **ret)
{
	struct mmuscope_bind bind = {
		.size = sizeof(bind), .kind = kind, .id = id,
	};
	struct mmuscope_target *target = malloc(sizeof(*target));
	int fd;

	if (!target)
		return -ENOMEM;
	fd = mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_TARGET, &bind);
	if (fd < 0) {
		free(target);
		return fd;
	}
	target->fd = fd;
	target->kind = kind;
	/* A scan does without what it tells. */
	if (mmuscope_get_info(mmuscope, &target->info))
		target->info = (struct mmuscope_info) {};
	*ret = target;
	return 0;
}

int mmuscope_target_by_pid(struct mmuscope *mmuscope, pid_t pid,
			   struct mmuscope_target **ret)
{
	return bind_target(mmuscope, MMUSCOPE_TARGET_PID, pid, ret);
}

int mmuscope_target_by_pagemap(struct mmuscope *mmuscope, int fd,
			       struct mmuscope_target **ret)
{
	return bind_target(mmuscope, MMUSCOPE_TARGET_PAGEMAP, fd, ret);
}

int mmuscope_target_kernel(struct mmuscope *mmuscope, int user,
			   struct mmuscope_target **ret)
{
	return bind_target(mmuscope, user ? MMUSCOPE_TARGET_KERNEL_USER :
					    MMUSCOPE_TARGET_KERNEL, 0, ret);
}

/*
 * The number, in the PID namespace of /proc, of the process that a pidfd stands
 * for. The kernel says -1 once it has been reaped and 0 if it has no number
 * there (pidfd_show_fdinfo(), kernel/fork.c, v6.1).
 */
static int pidfd_pid(int pidfd, pid_t *ret)
{
	char path[64], line[64];
	int err = -EINVAL, pid;
	FILE *file;

	if (fcntl(pidfd, F_GETFD) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (err == -EINVAL && fgets(line, sizeof(line), file))
		if (sscanf(line, "Pid: %d", &pid) == 1)
			err = pid > 0 ? 0 : -ESRCH;
	fclose(file);
	if (!err)
		*ret = pid;
	return err;
}

static int open_pagemap(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	return errno == ENOENT ? -ESRCH : -errno;
}

/*
 * Why that cannot be another process: a number is free for others only after
 * its process has been reaped, and never comes back to it. That the pidfd still
 * has the number after the open says that nobody else had it at the open. Both
 * are asked of the same /proc, so its PID namespace does not matter.
 */
int mmuscope_target_by_pidfd(struct mmuscope *mmuscope, int pidfd,
			     struct mmuscope_target **ret)
{
	pid_t pid, again;
	int fd, err;

	err = pidfd_pid(pidfd, &pid);
	if (err)
		return err;
	fd = open_pagemap(pid);
	if (fd < 0)
		return fd;
	err = pidfd_pid(pidfd, &again);
	if (!err && again != pid)
		err = -ESRCH;
	if (!err)
		err = mmuscope_target_by_pagemap(mmuscope, fd, ret);
	close(fd);
	return err;
}

/* Another descriptor of what @fd is of, for calls beside those on that one. */
int mmuscope_target_copy(struct mmuscope *mmuscope, int fd)
{
	struct mmuscope_bind bind = {
		.size = sizeof(bind), .kind = MMUSCOPE_TARGET_COPY, .id = fd,
	};

	return mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_TARGET, &bind);
}

void mmuscope_target_close(struct mmuscope_target *target)
{
	if (!target)
		return;
	close(target->fd);
	free(target);
}
