// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many readers of one target at once all get the same text of its memory, and readers
 * killed at any moment leave nothing behind: the module can be removed.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "module.h"
#include "tap.h"
#include "target.h"
#include "text.h"

enum { READERS = 16, ROUNDS = 10, KILLED = 30 };

static struct span built(void)
{
	struct span span = memory_small(8 * MB);

	memory_touch(span, 8192);
	return span;
}

/* What shows the built memory; around it pages shared with us may change. */
static char *middle(char *text, unsigned long start)
{
	char line[32], *middle;

	snprintf(line, sizeof(line), "\n  %lx-", start);
	middle = text ? strstr(text, line) : NULL;
	if (middle)
		*strstr(middle, "[stack]") = '\0';
	return middle;
}

static int read_same(const struct target *t, const char *want)
{
	char *text, *seen;
	int same;

	for (int i = 0; i < ROUNDS; i++) {
		text_pid(t->pid, "maps", &text);
		seen = middle(text, t->span.start);
		same = seen && !strcmp(seen, want);
		text_free(text);
		if (!same)
			return 1;
	}
	return 0;
}

static void at_once(const struct target *t)
{
	int status, bad = 0;
	char *text, *want;

	text_pid(t->pid, "maps", &text);
	want = middle(text, t->span.start);
	if (!want)
		tap_bail("cannot read maps");
	for (int i = 0; i < READERS; i++)
		if (!fork())
			_exit(read_same(t, want));
	for (int i = 0; i < READERS; i++) {
		wait(&status);
		bad += status != 0;
	}
	tap_ok(!bad, "%d readers at once", READERS);
	text_free(text);
}

static void __attribute__((noreturn)) read_for_ever(pid_t pid, const char *file)
{
	char *text;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		text_pid(pid, file, &text);
		text_free(text);
	}
}

static void killed(pid_t target)
{
	unsigned int seed = 1;
	int by_signal = 0, status;

	for (int i = 0; i < KILLED; i++) {
		pid_t pid = fork();

		if (!pid)
			read_for_ever(target, i % 2 ? "maps" : "pagetable");
		usleep(1000 + rand_r(&seed) % 20000);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		by_signal += WIFSIGNALED(status);
	}
	tap_ok(by_signal == KILLED, "%d readers killed", by_signal);
}

int main(void)
{
	struct target t;
	int err;

	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	at_once(&t);
	killed(t.pid);
	target_stop(&t);
	err = module_remove(true);
	tap_ok(!err, "the module can be removed: %s", strerror(-err));
	err = err ?: module_load();
	tap_ok(!err, "and loaded again: %s", strerror(-err));
	return tap_done();
}
