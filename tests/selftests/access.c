// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may look at whom is what the kernel's ptrace check says: open() of each
 * file ends as open() of /proc/PID/pagemap does, for readers with and without
 * capabilities, for targets of every kind, and whatever Yama is set to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capless.h"
#include "tap.h"
#include "target.h"
#include "text.h"

#define YAMA "/proc/sys/kernel/yama/ptrace_scope"

static struct span capless(void)
{
	capless_become();
	return target_idle();
}

static struct span undumpable(void)
{
	struct span span = capless();

	prctl(PR_SET_DUMPABLE, 0);
	return span;
}

static struct span nobody(void)
{
	struct span span = target_idle();

	if (setgid(1000) || setuid(1000))
		target_cannot("setuid: %m");
	return span;
}

static struct kind {
	const char *name;
	target_build build;
	struct target t;
} kinds[] = {
	{ "with capabilities", target_idle, {} },
	{ "without capabilities", capless, {} },
	{ "undumpable", undumpable, {} },
	{ "of another user", nobody, {} },
	{ "PID 1", NULL, { .pid = 1 } },
};

static int open_errno(int fd)
{
	if (fd < 0)
		return -fd;
	close(fd);
	return 0;
}

static const char *reader;
static unsigned int allowed, denied;

static void compare_all(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		pid_t pid = kinds[i].t.pid;
		int want = open_errno(text_open_proc(pid, "pagemap"));
		int maps = open_errno(text_open(pid, "maps"));
		int tables = open_errno(text_open(pid, "pagetable"));
		int summary = open_errno(text_open(pid, "summary"));

		allowed += !want;
		denied += want == EACCES;
		tap_ok(maps == want && tables == want && summary == want,
		       "reader %s, target %s: %s", reader, kinds[i].name,
		       want ? strerror(want) : "allowed");
		if (maps != want || tables != want || summary != want)
			tap_note("maps %d pagetable %d summary %d", maps, tables, summary);
	}
}

static void as_user(void)
{
	int dir = text_open(kinds[3].t.pid, ""), err = 0;
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (setgid(1000) || setuid(1000))
			_exit(100);
		err = openat(dir, "maps", O_RDONLY) < 0 ? errno : 0;
		_exit(err);
	}
	close(dir);
	waitpid(pid, &status, 0);
	tap_ok(WEXITSTATUS(status) == EACCES, "another user with the directory's fd: %s",
	       strerror(WEXITSTATUS(status)));
}

int main(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].build && !target_start(&kinds[i].t, kinds[i].build, NULL))
			tap_bail("%s: %s", kinds[i].name, kinds[i].t.why);

	reader = "with capabilities";
	compare_all();
	reader = "without capabilities";
	capless_run(compare_all);
	tap_ok(allowed >= 6 && denied >= 3, "%u allowed, %u denied", allowed, denied);
	as_user();

	if (text_write(YAMA, "2")) {
		tap_skip("with Yama", "this kernel has no Yama");
	} else {
		reader = "under ptrace_scope 2";
		capless_run(compare_all);
		text_write(YAMA, "0");
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].build)
			target_stop(&kinds[i].t);
	return tap_done();
}
