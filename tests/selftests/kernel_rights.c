// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may look at the kernel's half: who has CAP_SYS_ADMIN and is told addresses
 * by /proc/kallsyms, whatever kptr_restrict is. INFO says so beforehand, the
 * files in debugfs hold to it, and a handle that was handed on works.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "capless.h"
#include "device.h"
#include "kernel.h"
#include "tap.h"
#include "text.h"

#define KPTR "/proc/sys/kernel/kptr_restrict"

static int device;

/* Become a user who keeps these capabilities. */
static void user_with(unsigned int caps)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};

	if (!caps) {
		capless_become();
		return;
	}
	prctl(PR_SET_KEEPCAPS, 1);
	if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
		_exit(99);
	data[0].effective = data[0].permitted = caps & 1U << CAP_SYS_ADMIN;
	data[1].effective = data[1].permitted = caps & 1U ?
		1U << (CAP_SYSLOG - 32) : 0;
	if (syscall(SYS_capset, &head, data))
		_exit(99);
}

static bool told_by_kallsyms(void)
{
	return kernel_symbol(ARCH_TEXT);
}

static unsigned long long rights(void)
{
	struct mmuscope_info info = { .size = sizeof(info) };

	if (device_ioctl(device, MMUSCOPE_IOC_INFO, &info))
		_exit(98);
	return info.rights;
}

/* In a process of its own: 0 if all agree. */
static int agrees(unsigned int caps, bool drop)
{
	bool due, may;
	int fd, file;

	if (drop)
		user_with(caps);
	due = told_by_kallsyms() && (!drop || caps & 1U << CAP_SYS_ADMIN);
	fd = device_bind(device, MMUSCOPE_TARGET_KERNEL, 0);
	may = fd >= 0;
	if (may != due || (!may && fd != -EPERM))
		return 1;
	if (!!(rights() & MMUSCOPE_RIGHT_KERNEL) != may)
		return 2;
	/* Others than root do not get through debugfs' root directory. */
	if (getuid())
		return 0;
	file = open(MMUSCOPE "/kernel/maps", O_RDONLY);
	if (may ? file < 0 : file >= 0 || errno != EPERM)
		return 3;
	return 0;
}

static void who(const char *name, unsigned int caps, bool drop)
{
	for (int restrict_to = 0; restrict_to <= 2; restrict_to++) {
		char word[2] = { '0' + restrict_to };
		int status = 0;
		pid_t pid;

		text_write(KPTR, word);
		pid = fork();
		if (!pid)
			_exit(agrees(caps, drop));
		waitpid(pid, &status, 0);
		tap_ok(!status, "%s, kptr_restrict %d: %d", name, restrict_to,
		       WEXITSTATUS(status));
	}
	text_write(KPTR, "0");
}

static int handed_on;

static void uses_handle(void)
{
	struct mmuscope_translation t;

	if (device_translate(handed_on, kernel_section(".text"), &t))
		_exit(1);
}

static void user_tables(void)
{
	struct mmuscope_info info = { .size = sizeof(info) };
	bool pti;
	int fd;

	device_ioctl(device, MMUSCOPE_IOC_INFO, &info);
	pti = info.features & MMUSCOPE_FEATURE_PTI;
	fd = device_bind(device, MMUSCOPE_TARGET_KERNEL_USER, 0);
	tap_ok(pti ? fd >= 0 : fd == -EOPNOTSUPP, "user mode's tables %s",
	       pti ? "are there" : "are the kernel's");
}

int main(void)
{
	const unsigned int admin = 1U << CAP_SYS_ADMIN, syslog = 1;

	device = device_open();
	who("root", 0, false);
	who("root without capabilities", 0, true);
	who("CAP_SYS_ADMIN alone", admin, true);
	who("CAP_SYSLOG alone", syslog, true);
	who("both", admin | syslog, true);
	handed_on = device_bind(device, MMUSCOPE_TARGET_KERNEL, 0);
	capless_run(uses_handle);
	tap_ok(handed_on >= 0, "a handle works for whom it was handed to");
	user_tables();
	return tap_done();
}
