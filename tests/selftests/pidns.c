// SPDX-License-Identifier: GPL-2.0-only
/*
 * In another PID namespace the numbers are the reader's, whoever looked first,
 * and processes of the outer namespace do not exist.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "maps.h"
#include "tap.h"
#include "text.h"

/* What the process inside found out; shared with it. */
static struct {
	char link[32];
	int one_is_me, summary_pid, outer_errno, names, ready;
} *seen;

static pid_t outer;		/* a number that only the outer one has */
static unsigned long mark;	/* an address that only the inner one maps */

static int count_names(void)
{
	DIR *dir = opendir(MMUSCOPE "/pid");
	struct dirent *d;
	int n = 0;

	while (dir && (d = readdir(dir)))
		n += atoi(d->d_name) > 0;
	if (dir)
		closedir(dir);
	return n;
}

static bool maps_mark(pid_t pid)
{
	struct maps m;
	bool found = !maps_read(&m, pid) && maps_at(&m, mark);

	maps_free(&m);
	return found;
}

static int __attribute__((noreturn)) inside(void *arg)
{
	char *text;

	(void)arg;
	mmap((void *)mark, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (readlink(MMUSCOPE "/pid/self", seen->link, sizeof(seen->link) - 1) < 0)
		strcpy(seen->link, "?");
	seen->one_is_me = maps_mark(1);
	if (text_pid(1, "summary", &text) > 0)
		seen->summary_pid = text_field(text, "Pid");
	text_free(text);
	seen->outer_errno = -text_open(outer, "maps");
	seen->names = count_names();
	seen->ready = 1;
	for (;;)
		pause();
}

static pid_t start_inside(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid;

	memset(seen, 0, sizeof(*seen));
	pid = clone(inside, stack + sizeof(stack), CLONE_NEWPID | SIGCHLD, NULL);
	if (pid < 0)
		tap_bail("no PID namespace: %m");
	for (int i = 0; i < 500 && !seen->ready; i++)
		usleep(10000);
	if (!seen->ready)
		tap_bail("the process inside does not answer");
	return pid;
}

static void look_from_both(const char *order)
{
	pid_t pid = start_inside();

	tap_ok(!strcmp(seen->link, "1"), "%s: self is 1 inside", order);
	tap_ok(seen->one_is_me, "%s: 1 is the reader inside", order);
	tap_ok(seen->summary_pid == 1, "%s: and says so", order);
	tap_ok(seen->outer_errno == ENOENT, "%s: outer processes: %s", order,
	       strerror(seen->outer_errno));
	tap_ok(seen->names == 1, "%s: %d process listed inside", order, seen->names);
	tap_ok(maps_mark(pid), "%s: outside it has the outer number", order);
	tap_ok(!maps_mark(1), "%s: outside 1 is PID 1", order);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	int fd;

	seen = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	mark = (unsigned long)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap((void *)mark, 4096);
	outer = getpid();

	umount(MMUSCOPE "/pid");
	look_from_both("inner first");
	umount(MMUSCOPE "/pid");
	tap_ok(count_names() > 1 && !maps_mark(1), "looked at outside first");
	/* Held open, the outer meaning of 1 stays in the kernel's cache. */
	fd = text_open(1, "maps");
	look_from_both("outer first");
	close(fd);
	return tap_done();
}
