// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is no process gets an honest errno: ENOENT for a name that is no PID
 * of a process, ESRCH for a kernel thread or a zombie, which have no memory.
 * self is the reader.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "text.h"

static const char * const files[] = { "maps", "pagetable", "summary" };

static int open_errno(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* Every file of the process answers to open() with @want. */
static void answers(const char *what, const char *name, int want)
{
	char path[512];
	bool ok = true;

	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), MMUSCOPE "/pid/%s/%s", name, files[i]);
		ok &= open_errno(path) == want;
	}
	if (!ok)
		tap_note("%s: %s, not %s", path, strerror(open_errno(path)), strerror(want));
	tap_ok(ok, "%s: %s", what, strerror(want));
}

static void no_numbers(void)
{
	static const char * const names[] = {
		"abc", "1x", "x1", "01", "001", "-1", "+1", " 1", "1 ", "0", "0x1",
		"1.0", "4194305", "2147483649", "4294967297", "18446744073709551617",
		"99999999999999999999999999999999", "Self", "selfish",
	};
	char longest[255], path[512];
	bool ok = true;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), MMUSCOPE "/pid/%s/maps", names[i]);
		if (open_errno(path) == ENOENT)
			continue;
		tap_note("'%s': %s", names[i], strerror(open_errno(path)));
		ok = false;
	}
	memset(longest, '1', sizeof(longest));
	snprintf(path, sizeof(path), MMUSCOPE "/pid/%.*s/maps", 250, longest);
	ok &= open_errno(path) == ENOENT;
	tap_ok(ok, "names that are no PID: ENOENT");
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid;
}

static void self(void)
{
	char link[32] = "", pid[32];
	char *text;

	snprintf(pid, sizeof(pid), "%d", getpid());
	tap_ok(readlink(MMUSCOPE "/pid/self", link, sizeof(link) - 1) > 0 &&
	       !strcmp(link, pid), "self links to the reader");
	tap_ok(text_slurp(MMUSCOPE "/pid/self/summary", &text) > 0 &&
	       text_field(text, "Pid") == getpid(), "self/summary is the reader's");
	text_free(text);
}

int main(void)
{
	char name[32];
	siginfo_t info;
	pid_t pid;

	pid = child();
	snprintf(name, sizeof(name), "%d", pid);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	answers("zombie", name, ESRCH);
	waitpid(pid, NULL, 0);
	answers("process that has gone", name, ENOENT);
	answers("kernel thread", "2", ESRCH);
	no_numbers();
	tap_ok(open_errno(MMUSCOPE "/pid/1/mem") == ENOENT, "unknown file: ENOENT");
	tap_ok(open_errno(MMUSCOPE "/pid/1/maps/x") == ENOTDIR, "file as directory: ENOTDIR");
	self();
	return tap_done();
}
