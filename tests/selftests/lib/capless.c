// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capless.h"
#include "tap.h"

void capless_become(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = {};

	if (syscall(SYS_capset, &head, none))
		tap_bail("cannot drop capabilities: %m");
}

static int body(void *fn)
{
	capless_become();
	((void (*)(void))fn)();
	_exit(0);
}

void capless_run(void (*fn)(void))
{
	static char stack[1 << 18] __attribute__((aligned(16)));
	int status;
	pid_t pid;

	pid = clone(body, stack + sizeof(stack), CLONE_VM | CLONE_FILES | SIGCHLD,
		    (void *)fn);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		tap_bail("the process without capabilities died");
}
