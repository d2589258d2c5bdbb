// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pidfd gives the pagemap of its process and of no other, also if the process
 * goes and its number is another's while the library looks. The module is
 * played by ioctl() below, bad luck by open().
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <mmuscope.h>

#include "internal.h"
#include "tap.h"

static char bound[64];		/* what pagemap the module was shown */
static int kind = -1;
static pid_t unlucky;		/* who goes when his pagemap is opened */

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int open(const char *path, int flags, ...)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/%d/pagemap", unlucky);
	if (unlucky && !strcmp(path, name)) {
		reap(unlucky);
		path = "/proc/self/pagemap";
	}
	return syscall(SYS_openat, AT_FDCWD, path, flags, 0);
}

int ioctl(int fd, unsigned long request, ...)
{
	struct mmuscope_bind *bind;
	char path[64];
	va_list list;

	va_start(list, request);
	bind = va_arg(list, struct mmuscope_bind *);
	va_end(list);
	if (fd != 42 || request != MMUSCOPE_IOC_TARGET ||
	    bind->size != sizeof(*bind)) {
		errno = ENOTTY;
		return -1;
	}
	kind = bind->kind;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", bind->id);
	memset(bound, 0, sizeof(bound));
	if (readlink(path, bound, sizeof(bound) - 1) < 0)
		strcpy(bound, "nothing");
	return dup(0);
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (!pid) {
		pause();
		_exit(0);
	}
	return pid;
}

static int target(int pidfd)
{
	struct mmuscope mmuscope = { .fd = 42 };
	struct mmuscope_target *t;
	int err;

	kind = -1;
	err = mmuscope_target_by_pidfd(&mmuscope, pidfd, &t);
	if (!err)
		mmuscope_target_close(t);
	return err;
}

static int lowest_fd(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

int main(void)
{
	pid_t pid = child();
	int pidfd = syscall(SYS_pidfd_open, pid, 0), low, err;
	char name[64];

	if (pidfd < 0)
		tap_bail("no pidfd");
	low = lowest_fd();
	snprintf(name, sizeof(name), "/proc/%d/pagemap", pid);
	err = target(pidfd);
	tap_ok(!err && kind == MMUSCOPE_TARGET_PAGEMAP && !strcmp(bound, name),
	       "the pagemap of the process");
	tap_note("%s", bound);

	unlucky = pid;
	tap_ok(target(pidfd) == -ESRCH && kind == -1,
	       "it goes, and its number is another's: ESRCH");
	tap_ok(target(pidfd) == -ESRCH && kind == -1, "it is gone: ESRCH");
	tap_ok(target(0) == -EINVAL && kind == -1, "no pidfd: EINVAL");
	tap_ok(target(999) == -EBADF && kind == -1, "no descriptor: EBADF");
	tap_ok(target(-1) == -EBADF && kind == -1, "no descriptor at all: EBADF");
	tap_ok(lowest_fd() == low, "no descriptor is left open");
	return tap_done();
}
