// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that executes another program leaves its old memory to those who
 * share it (CLONE_VM, vfork). Its open files give ESRCH even though that memory
 * still lives; files of the sharer go on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "maps.h"
#include "tap.h"
#include "target.h"
#include "text.h"

static pid_t *sharer;	/* shared with the target */
static char stack[65536];

static int __attribute__((noreturn)) wait_for_ever(void *arg)
{
	(void)arg;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static struct span built(void)
{
	struct span span = memory_touched(memory_small(MB));

	*sharer = clone(wait_for_ever, stack + sizeof(stack), CLONE_VM, NULL);
	if (*sharer < 0)
		target_cannot("clone: %m");
	return span;
}

static void execute(struct span span)
{
	(void)span;
	execl("/bin/busybox", "sleep", "1000", NULL);
}

/* The pipe does not tell: the sharer has its end open, too. */
static void wait_for_exec(const struct target *t)
{
	bool done = false;
	char *comm;

	if (write(t->to, "s", 1) != 1)
		tap_bail("the target does not listen");
	for (int i = 0; i < 500 && !done; i++) {
		usleep(10000);
		text_proc(t->pid, "comm", &comm);
		done = comm && !strcmp(comm, "busybox\n");
		text_free(comm);
	}
	if (!done)
		tap_bail("the target does not exec");
}

static int first_byte(int fd)
{
	char byte;

	return pread(fd, &byte, 1, 0) == 1 ? 0 : errno;
}

int main(void)
{
	int mine, others, summary;
	struct target t;
	struct maps m;

	sharer = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!target_start(&t, built, execute))
		tap_bail("%s", t.why);
	mine = text_open(t.pid, "maps");
	summary = text_open(t.pid, "summary");
	others = text_open(*sharer, "maps");
	tap_ok(!first_byte(mine) && !first_byte(summary) && !first_byte(others),
	       "both can be read before");
	wait_for_exec(&t);
	tap_ok(first_byte(mine) == ESRCH, "maps of who executed: ESRCH");
	tap_ok(first_byte(summary) == ESRCH, "summary of who executed: ESRCH");
	tap_ok(!first_byte(others), "maps of who still shares it");
	tap_ok(!maps_read(&m, t.pid) && !maps_at(&m, t.span.start),
	       "opened anew: the new program");
	maps_free(&m);
	tap_ok(!maps_read(&m, *sharer) && maps_at(&m, t.span.start),
	       "the sharer's memory is the old one");
	maps_free(&m);
	kill(*sharer, SIGKILL);
	target_stop(&t);
	return tap_done();
}
