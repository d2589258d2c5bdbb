// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target that goes while its file is open: after exit or exec the next read
 * that needs to look gives ESRCH, never the end of the file and never the new
 * program's memory; fork and munmap in between do no harm.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "maps.h"
#include "tap.h"
#include "target.h"
#include "text.h"

/* More lines than any buffer holds: every page is an extent of its own. */
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

static void unmap(struct span span)
{
	munmap(span_at(span, 0), span.end - span.start);
}

static void fork_once(struct span span)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	memory_touch(span_part(span, 0, MB), 4096);
}

/* Read on to the end: 0, or the errno it ended with. */
static int drain(int fd)
{
	char page[4096];
	ssize_t n;

	do
		n = read(fd, page, sizeof(page));
	while (n > 0);
	return n ? errno : 0;
}

static int open_first_byte(pid_t pid, const char *name)
{
	int fd = text_open(pid, name);
	char byte;

	if (fd < 0 || read(fd, &byte, 1) != 1)
		tap_bail("cannot begin to read %s of %d", name, pid);
	return fd;
}

/* exec never answers through the pipe: its end is close-on-exec. */
static void vanish(struct target *t, bool by_exec)
{
	char byte;

	if (!by_exec) {
		target_stop(t);
		return;
	}
	if (write(t->to, "s", 1) != 1 || read(t->from, &byte, 1) != 0)
		tap_bail("the target did not exec");
}

static void goes(const char *name, bool by_exec)
{
	int maps, tables, summary, again;
	struct target t;
	char byte;

	if (!target_start(&t, many_extents, by_exec ? execute : NULL))
		tap_bail("%s", t.why);
	maps = open_first_byte(t.pid, "maps");
	tables = open_first_byte(t.pid, "pagetable");
	summary = open_first_byte(t.pid, "summary");
	again = open_first_byte(t.pid, "maps");
	vanish(&t, by_exec);
	tap_ok(drain(maps) == ESRCH, "%s: maps ends with ESRCH", name);
	tap_ok(drain(tables) == ESRCH, "%s: pagetable ends with ESRCH", name);
	lseek(summary, 0, SEEK_SET);
	tap_ok(drain(summary) == ESRCH, "%s: summary read again is ESRCH", name);
	tap_ok(pread(again, &byte, 1, 0) < 0 && errno == ESRCH,
	       "%s: maps read again is ESRCH", name);
	close(maps);
	close(tables);
	close(summary);
	close(again);
	if (by_exec)
		target_stop(&t);
}

/* Half of it is read, then something happens to the target. */
static void stays(const char *name, target_act act)
{
	char *text, *all;
	struct maps m = {};
	struct target t;
	ssize_t n;
	int fd;

	if (!target_start(&t, many_extents, act))
		tap_bail("%s", t.why);
	all = mmap(NULL, MB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fd = text_open(t.pid, "maps");
	if (fd < 0 || read(fd, all, 3000) < 1000)
		tap_bail("cannot begin to read");
	target_step(&t);
	n = text_read(fd, 4096, &text);
	if (n > 0) {
		maps_parse(&m, strcat(all, text));
		m.text = NULL;
		tap_note("%zu extents in %zu VMAs", m.extents, m.vmas);
	}
	tap_ok(n > 0 && !m.wrong[0], "%s: well formed to the end %s", name, m.wrong);
	text_free(text);
	munmap(all, MB);
	maps_free(&m);
	close(fd);
	target_stop(&t);
}

int main(void)
{
	goes("exit", false);
	goes("exec", true);
	stays("unmap", unmap);
	stays("fork", fork_once);
	return tap_done();
}
