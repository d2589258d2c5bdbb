// SPDX-License-Identifier: GPL-2.0-only
/*
 * After fork() parent and child share pages, read-only, until one of them
 * writes: both agree with pagemap before and after, small and huge.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agreement.h"
#include "story.h"
#include "tap.h"

static pid_t *child_pid;	/* shared with the target */

static void fork_child(struct span span, size_t written)
{
	char byte;
	int done[2];
	pid_t pid;

	if (pipe(done))
		target_cannot("pipe: %m");
	pid = fork();
	if (pid) {
		*child_pid = pid;
		if (read(done[0], &byte, 1) != 1)
			target_cannot("the child died");
		return;
	}
	memory_touch(span_part(span, 0, written), 4096);
	if (write(done[1], "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static struct span small(void)
{
	return memory_touched(memory_small(2 * MB));
}

static struct span huge(void)
{
	return memory_huge(4 * MB);
}

static void fork_only(struct span span)
{
	fork_child(span, 0);
}

static void fork_and_write(struct span span)
{
	fork_child(span, MB);
}

struct family {
	const char *name;
	target_build build;
	target_act act;
	const char *pattern;	/* of pages both share ... */
	unsigned long pages;
	const char *copied;	/* ... and of pages the child copied */
	unsigned long copies;
};

static bool member(const char *name, const char *who, pid_t pid, struct span span,
		   const char *pattern, unsigned long pages)
{
	struct agreement a;
	unsigned long seen;
	int err = agreement_check(&a, pid);
	bool ok;

	seen = maps_count(&a.maps, span.start, span.end, pattern);
	tap_note("%s, %s: %lu pages agree, %lu differ, %lu are '%s'", name, who,
		 a.agree, a.differ, seen, pattern);
	if (a.first[0])
		tap_note("first difference: %s", a.first);
	ok = !err && a.agree && !a.differ && seen >= pages;
	agreement_free(&a);
	return ok;
}

static void tell(const struct family *f)
{
	struct target t;
	bool ok;

	if (!target_start(&t, f->build, f->act)) {
		tap_skip(f->name, "%s", t.why);
		return;
	}
	target_step(&t);
	ok = member(f->name, "parent", t.pid, t.span, f->pattern, f->pages);
	ok &= member(f->name, "child", *child_pid, t.span, f->pattern, f->pages);
	ok &= member(f->name, "child's copies", *child_pid, t.span, f->copied, f->copies);
	tap_ok(ok, "%s", f->name);
	kill(*child_pid, SIGKILL);
	target_stop(&t);
}

int main(void)
{
	static const struct family families[] = {
		{ "small pages", small, fork_only, "pte ram r--u +anon +shared", 512,
		  "pte ram rw-u", 0 },
		{ "small pages, half copied", small, fork_and_write,
		  "pte ram r--u +anon +shared", 256, "pte ram rw-u +anon !shared", 256 },
		{ "huge pages", huge, fork_only, "pmd ram r--u +anon +shared", 1024,
		  "pte ram rw-u", 0 },
		{ "huge pages, one split", huge, fork_and_write,
		  "ram r--u +anon +shared", 512, "pte ram rw-u +anon !shared", 256 },
	};

	child_pid = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		tell(&families[i]);
	return tap_done();
}
