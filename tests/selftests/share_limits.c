// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much can be shared: by a user (RLIMIT_MEMLOCK), by all together (the
 * module's parameter), by a memory cgroup, and in this machine. What does not go
 * is refused and leaves nothing behind, nobody is killed for it, and what was
 * given back can be had again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "meminfo.h"
#include "memory.h"
#include "share.h"
#include "tap.h"
#include "text.h"

#define CEILING "/sys/module/mmuscope/parameters/share_max_mb"
#define CGROUP "/tmp/cgroup"

static int device;
static long ceiling;		/* in MB */

static int create(uint64_t bytes, unsigned int shift, uint64_t flags)
{
	struct mmuscope_share_create ask = share_ask(bytes, shift);

	ask.flags = flags;
	return device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &ask);
}

static void is(const char *name, int got, int want)
{
	tap_ok(want ? got == -want : got > 0, "%s: %s", name,
	       want ? strerrorname_np(want) : "goes");
	if (want ? got != -want : got < 0)
		tap_note("it is %s", got > 0 ? "a descriptor" : strerror(-got));
	if (got > 0)
		close(got);
}

/* In a process of its own, as a user with 1 MB to lock. */
static void as_user(const char *what, void (*body)(void))
{
	struct rlimit limit = { MB, MB };
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		setrlimit(RLIMIT_MEMLOCK, &limit);
		if (setresgid(1000, 1000, 1000) || setresuid(1000, 1000, 1000))
			_exit(99);
		body();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	tap_ok(!status, "%s", what);
}

static void expect(bool ok)
{
	static int step;

	step++;
	if (!ok)
		_exit(step);
}

/* Page by page: up to the limit, not beyond, and again. */
static void fill_up(void)
{
	int a, b;

	expect(create(MB + 4096, 0, 0) == -EDQUOT);
	expect(create(1ULL << 40, 0, 0) == -EDQUOT);
	expect(create(2 * MB, LARGE_SHIFT, 0) == -EDQUOT);
	for (int i = 0; i < 20; i++) {
		a = create(MB - 4096, 0, 0);
		expect(a > 0);
		expect(create(8192, 0, 0) == -EDQUOT);
		b = create(4096, 0, 0);
		expect(b > 0);
		expect(create(4096, 0, 0) == -EDQUOT);
		expect(create(4096, 0, MMUSCOPE_SHARE_CONTIGUOUS) == -EDQUOT);
		close(a);
		close(b);
	}
	/* What contiguous pages have too much is given back, and not counted. */
	a = create(516 * KB, 0, MMUSCOPE_SHARE_CONTIGUOUS);
	expect(a > 0);
	expect(create(508 * KB, 0, 0) > 0);
	/* The rest goes with the process. */
}

/* More often than the limit has pages. */
static void above_the_ceiling(void)
{
	for (int i = 0; i < 300; i++)
		expect(create(4096, 0, 0) == -ENOSPC);
}

static void user_limit(void)
{
	as_user("a user fills RLIMIT_MEMLOCK, gets EDQUOT, and again", fill_up);
	as_user("another process of his can do the same", fill_up);
	is("more than that by CAP_IPC_LOCK", create(2 * MB, 0, 0), 0);
}

static void module_limit(void)
{
	long kb = meminfo("MemTotal");
	int a, b;

	ceiling = text_number(CEILING);
	tap_ok(ceiling > kb / 1024 / 4 - 64 && ceiling < kb / 1024 / 4 + 64,
	       "the ceiling is a quarter of RAM: %ld of %ld MB", ceiling, kb / 1024);
	is("beyond it", create((ceiling + 1) * MB, 0, 0), ENOSPC);
	is("far beyond it", create(1ULL << 62, 0, 0), ENOSPC);
	text_write(CEILING, "3");
	a = create(2 * MB, LARGE_SHIFT, 0);
	b = create(MB - 4096, 0, 0);
	is("two pages where one is left", create(8192, 0, 0), ENOSPC);
	is("a page where one is left", create(4096, 0, 0), 0);
	is("2M where 2M are in use", create(2 * MB, LARGE_SHIFT, 0), ENOSPC);
	close(a);
	is("where one went", create(2 * MB, LARGE_SHIFT, 0), 0);
	text_write(CEILING, "0");
	is("where nothing may be", create(4096, 0, 0), ENOSPC);
	as_user("nor for a user", above_the_ceiling);
	close(b);
	text_write(CEILING, "16");
	as_user("who was not charged for it", fill_up);
	text_write(CEILING, "18446744073709551614");
	is("what there cannot be", create(1ULL << 61, 0, 0), ENOMEM);
}

/* Each wants most of what there is: not both can have it, at least one of them. */
static void together(void)
{
	uint64_t most = (meminfo("MemAvailable") * KB / 4 * 3) & ~(2 * MB - 1);
	int status, got = 0, refused = 0;

	for (int i = 0; i < 2; i++)
		if (!fork()) {
			int fd = create(most, i ? LARGE_SHIFT : 0, 0);

			usleep(fd > 0 ? 100000 : 0);
			_exit(fd > 0 ? 0 : -fd);
		}
	while (wait(&status) > 0) {
		got += !status;
		refused += WIFEXITED(status) && WEXITSTATUS(status) == ENOMEM;
	}
	tap_ok(got + refused == 2, "%d of two get most of the memory, the rest ENOMEM", got);
}

/* With the ceiling out of the way. That nobody is killed is seen in the log. */
static void machine_limit(void)
{
	long before, after;

	before = meminfo_free();
	is("more memory than there is", create(meminfo("MemTotal") * KB + 64 * MB, 0, 0), ENOMEM);
	is("more than is free, in 2M pages",
	   create((meminfo("MemAvailable") * KB + 64 * MB) & ~(2 * MB - 1), LARGE_SHIFT, 0),
	   ENOMEM);
	together();
	is("a contiguous piece beyond the largest",
	   create(8 * MB, 0, MMUSCOPE_SHARE_CONTIGUOUS), EINVAL);
	for (int i = 0; i < 50; i++) {
		after = meminfo_free();
		if (after > before - 8 * 1024)
			break;
		usleep(20000);
	}
	tap_ok(after > before - 8 * 1024, "and it is free again: %ld, was %ld kB", after, before);
}

/* Killed while it allocates: it ends, and nothing is left. */
static void killed_meanwhile(void)
{
	size_t half = meminfo("MemAvailable") / 2 * KB & ~(MB - 1);
	int status, killed = 0;
	pid_t pid;

	for (int i = 0; i < 10; i++) {
		pid = fork();
		if (!pid) {
			create(half, 0, 0);
			_exit(0);
		}
		usleep(5000 * i);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		killed += WIFSIGNALED(status);
	}
	tap_ok(killed > 5 && holdings_gone(), "killed while it is made, %d times of 10", killed);
}

static bool in_cgroup(void)
{
	char pid[16];

	mkdir(CGROUP, 0700);
	if (mount("none", CGROUP, "cgroup2", 0, NULL) ||
	    text_write(CGROUP "/cgroup.subtree_control", "+memory") ||
	    mkdir(CGROUP "/few", 0700) ||
	    text_write(CGROUP "/few/memory.max", "16777216"))
		return false;
	snprintf(pid, sizeof(pid), "%d", getpid());
	return !text_write(CGROUP "/few/cgroup.procs", pid);
}

static long charged(void)
{
	return text_number(CGROUP "/few/memory.current") / 1024;
}

static void cgroup_limit(void)
{
	long before, with, after = -1;
	int fd;

	if (!in_cgroup()) {
		tap_skip("a memory cgroup", "%m");
		return;
	}
	before = charged();
	fd = create(8 * MB, 0, 0);
	with = charged();
	tap_ok(fd > 0 && with - before > 8000 && with - before < 9000,
	       "8 MB are charged to the memory cgroup: %ld kB", with - before);
	is("more than the memory cgroup may have", create(32 * MB, 0, 0), ENOMEM);
	is("in 2M pages", create(32 * MB, LARGE_SHIFT, 0), ENOMEM);
	close(fd);
	for (int i = 0; i < 100; i++) {
		after = charged();
		if (after < before + 1024)
			break;
		usleep(20000);
	}
	tap_ok(after < before + 1024, "and given back: %ld, was %ld kB", after, before);
}

static void nodes(void)
{
	static const int bad[] = { -2, 1, 63, 64, 1023, 1024, 1 << 20, 0x7fffffff };
	struct mmuscope_share_create ask = share_ask(64 * KB, 0);
	int fd, wrong = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ask.node = bad[i];
		wrong += device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &ask) != -EINVAL;
	}
	if (!access("/sys/devices/system/node/node1", F_OK))
		wrong--;
	tap_ok(!wrong, "no such node: EINVAL");
	ask.node = 0;
	fd = device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &ask);
	tap_ok(fd > 0 && share_info(fd).node == 0, "on node 0");
	close(fd);
}

int main(void)
{
	char text[24];

	device = device_open();
	user_limit();
	module_limit();
	machine_limit();
	killed_meanwhile();
	nodes();
	cgroup_limit();
	snprintf(text, sizeof(text), "%ld", ceiling);
	text_write(CEILING, text);
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
