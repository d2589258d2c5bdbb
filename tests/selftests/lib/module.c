// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"
#include "text.h"

int module_insert(const char *path, const char *options)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, options, 0))
		err = -errno;
	close(fd);
	return err;
}

int module_delete(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

int module_load(void)
{
	return module_insert("/lib/mmuscope.ko", "");
}

int module_unload(void)
{
	return module_delete("mmuscope");
}

int module_remove(bool patient)
{
	int err = 0;

	/* Killed readers may still be on their way out. */
	for (int i = 0; i < (patient ? 200 : 1); i++) {
		umount(MMUSCOPE "/pid");
		err = module_unload();
		if (err != -EAGAIN && err != -EBUSY)
			return err;
		usleep(10000);
	}
	return err;
}
