// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "fault.h"
#include "tap.h"
#include "text.h"

#define DEBUGFS "/sys/kernel/debug/"

/* Nothing here allocates or copies that often. */
enum { MOST = 20000 };

static int nth = -1, kmsg = -1;

/* All allocations, large or small, whoever may wait; each says that it failed. */
static const struct {
	const char *file, *value;
} settings[] = {
	{ DEBUGFS "failslab/ignore-gfp-wait", "N" },
	{ DEBUGFS "failslab/verbose", "1" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ DEBUGFS "fail_page_alloc/min-order", "0" },
	{ DEBUGFS "fail_page_alloc/verbose", "1" },
	{ DEBUGFS "fail_usercopy/verbose", "1" },
};

bool fault_ready(void)
{
	nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth < 0)
		return false;
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0)
		tap_bail("/dev/kmsg: %m");
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		if (text_write(settings[i].file, settings[i].value))
			tap_bail("cannot set %s", settings[i].file);
	/* No page of this program is to be allocated on the way. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		tap_bail("mlockall: %m");
	return true;
}

/* While a count is left, the copy of the new one may be what fails. */
static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	for (int i = 0; i < 3; i++)
		if (pwrite(nth, text, len, 0) == len)
			return;
	tap_bail("fail-nth: %m");
}

/* Whether the count was used up; it ends here in any case. */
static bool disarm(void)
{
	char text[16];
	ssize_t len = pread(nth, text, sizeof(text), 0);

	arm(0);
	return len > 0 && text[0] == '0';
}

/*
 * What has failed, by the kernel's log: the error that is due. An allocation that
 * asks for no warning (__GFP_NOWARN) is not told of.
 */
static int error_due(void)
{
	char record[1024];
	int due = -ENOMEM;

	for (;;) {
		ssize_t len = read(kmsg, record, sizeof(record) - 1);

		if (len < 0 && errno == EPIPE)
			continue;	/* fell behind: the rest is still there */
		if (len <= 0)
			return due;
		record[len] = '\0';
		if (!strstr(record, "forcing a failure"))
			continue;
		due = strstr(record, "name fail_usercopy,") ? -EFAULT : -ENOMEM;
	}
}

int fault_call(void *arg)
{
	static _Alignas(8) unsigned char args[1024];
	const struct fault_call *call = arg;

	memcpy(args, call->args, *(const uint64_t *)call->args);
	return device_ioctl(*call->fd, call->cmd, args);
}

void fault_close(int fd, void *arg)
{
	(void)arg;
	close(fd);
}

static int run(const struct fault *f, unsigned int n, bool *fired)
{
	int ret;

	if (f->before)
		f->before(f->arg);
	lseek(kmsg, 0, SEEK_END);
	if (n)
		arm(n);
	ret = f->act(f->arg);
	*fired = n && disarm();
	if (ret >= 0 && f->undo)
		f->undo(ret, f->arg);
	return ret;
}

void fault_sweep(const struct fault *f)
{
	unsigned int n, failed = 0, wrong = 0;
	bool fired, none;
	int ret = run(f, 0, &none);

	if (ret < 0) {
		tap_skip(f->name, "%s", strerror(-ret));
		return;
	}
	for (n = 1; n < MOST; n++) {
		int due, again = 0;

		ret = run(f, n, &fired);
		due = error_due();
		if (fired && !f->slow)
			again = run(f, 0, &none);
		failed += ret < 0;
		if ((ret >= 0 || (fired && ret == due)) && again >= 0) {
			if (fired)
				continue;
			break;
		}
		wrong++;
		tap_note("%s: fault %u: %s, due is %s; then %s", f->name, n,
			 strerror(ret < 0 ? -ret : 0), strerror(-due),
			 strerror(again < 0 ? -again : 0));
		if (!fired || wrong > 20)
			break;
	}
	tap_ok(!wrong && n > 1 && n < MOST, "%s: %u faults, %u of them errors", f->name,
	       n - 1, failed);
}

void fault_sweep_all(const struct fault *faults, size_t nr)
{
	if (!fault_ready()) {
		tap_skip("faults", "this kernel cannot inject any");
		return;
	}
	for (size_t i = 0; i < nr; i++)
		fault_sweep(&faults[i]);
}
