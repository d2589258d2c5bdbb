// SPDX-License-Identifier: GPL-2.0-only
/*
 * Targets by PID, by pidfd and by pagemap show the same process, and ESRCH
 * once it has exited or executed another program, also in the middle of a scan;
 * and what is no process, no pidfd and no pagemap is none.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mmuscope.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"
#include "tap.h"
#include "target.h"

#define WAYS	3

static const char * const way[WAYS] = { "PID", "pidfd", "pagemap" };
static struct mmuscope *mmuscope;

/* More than the library fetches at a time. */
static struct span many_extents(void)
{
	struct span span = memory_small(16 * MB);

	memory_touch(span, 8192);
	return span;
}

static void execute(struct span span)
{
	(void)span;
	execl("/bin/busybox", "sleep", "1000", NULL);
}

static int open_pagemap(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void bind_all(pid_t pid, int pidfd, struct mmuscope_target *target[WAYS])
{
	int pagemap = open_pagemap(pid);

	if (pagemap < 0 ||
	    mmuscope_target_by_pid(mmuscope, pid, &target[0]) ||
	    mmuscope_target_by_pidfd(mmuscope, pidfd, &target[1]) ||
	    mmuscope_target_by_pagemap(mmuscope, pagemap, &target[2]))
		tap_bail("no target");
	close(pagemap);
}

/* How often the address is met, or -errno. */
static int meets(struct mmuscope_target *target, unsigned long addr)
{
	const struct mmuscope_found *f;
	struct mmuscope_scanner *scanner;
	int ret, n = 0;

	ret = mmuscope_scan_begin(target, NULL, &scanner);
	if (ret)
		return ret;
	while ((ret = mmuscope_scan_next(scanner, &f)) > 0)
		n += f->extent.start <= addr && addr < f->extent.end &&
		     f->extent.backing == MMUSCOPE_BACKING_RAM;
	mmuscope_scan_end(scanner);
	return ret ? ret : n;
}

static int rest(struct mmuscope_scanner *scanner)
{
	const struct mmuscope_found *f;
	int ret;

	do
		ret = mmuscope_scan_next(scanner, &f);
	while (ret > 0);
	return ret;
}

/* exec never answers through the pipe: its end is close-on-exec. */
static void vanish(struct target *t, bool by_exec)
{
	char byte;

	if (!by_exec)
		target_stop(t);
	else if (write(t->to, "s", 1) != 1 || read(t->from, &byte, 1) != 0)
		tap_bail("the target did not exec");
}

static void goes(const char *how, bool by_exec)
{
	struct mmuscope_scanner *scanner[WAYS];
	struct mmuscope_target *target[WAYS];
	const struct mmuscope_found *f;
	struct mmuscope_translation trans;
	struct mmuscope_summary sum;
	struct target t;
	uint64_t addr;
	int pidfd, i;

	if (!target_start(&t, many_extents, by_exec ? execute : NULL))
		tap_bail("%s", t.why);
	addr = t.span.start;
	pidfd = syscall(SYS_pidfd_open, t.pid, 0);
	bind_all(t.pid, pidfd, target);
	for (i = 0; i < WAYS; i++) {
		tap_ok(meets(target[i], addr) == 1, "by %s: the process", way[i]);
		if (mmuscope_scan_begin(target[i], NULL, &scanner[i]) ||
		    mmuscope_scan_next(scanner[i], &f) != 1)
			tap_bail("cannot begin to scan");
	}
	vanish(&t, by_exec);
	for (i = 0; i < WAYS; i++) {
		tap_ok(rest(scanner[i]) == -ESRCH && rest(scanner[i]) == -ESRCH,
		       "%s, by %s: the scan under way", how, way[i]);
		tap_ok(meets(target[i], addr) == -ESRCH &&
		       mmuscope_translate(target[i], &addr, 1, &trans) == -ESRCH &&
		       mmuscope_summary(target[i], &sum) == -ESRCH,
		       "%s, by %s: scan, translate, summary", how, way[i]);
		mmuscope_scan_end(scanner[i]);
		mmuscope_target_close(target[i]);
	}
	if (by_exec) {
		tap_ok(!mmuscope_target_by_pidfd(mmuscope, pidfd, &target[0]),
		       "exec: the pidfd gives the new program");
		tap_ok(meets(target[0], addr) == 0, "exec: it has other memory");
		mmuscope_target_close(target[0]);
		target_stop(&t);
	}
	tap_ok(mmuscope_target_by_pidfd(mmuscope, pidfd, &target[0]) == -ESRCH &&
	       mmuscope_target_by_pid(mmuscope, t.pid, &target[0]) == -ESRCH,
	       "%s: no new target after the end", how);
	close(pidfd);
}

static void not_one(void)
{
	struct mmuscope_target *target = NULL;

	tap_ok(mmuscope_target_by_pid(mmuscope, -1, &target) == -EINVAL &&
	       mmuscope_target_by_pid(mmuscope, 1 << 23, &target) == -ESRCH,
	       "no PID");
	tap_ok(mmuscope_target_by_pid(mmuscope, 2, &target) == -ESRCH,
	       "a kernel thread has no memory");
	tap_ok(mmuscope_target_by_pagemap(mmuscope, 0, &target) == -EINVAL &&
	       mmuscope_target_by_pagemap(mmuscope, -1, &target) == -EBADF,
	       "no pagemap");
	tap_ok(mmuscope_target_by_pidfd(mmuscope, 0, &target) == -EINVAL &&
	       mmuscope_target_by_pidfd(mmuscope, -1, &target) == -EBADF,
	       "no pidfd");
	tap_ok(!target, "an error leaves ret alone");
}

int main(void)
{
	if (mmuscope_open(&mmuscope))
		tap_bail("cannot open the device");
	goes("exit", false);
	goes("exec", true);
	not_one();
	mmuscope_close(mmuscope);
	return tap_done();
}
