// SPDX-License-Identifier: GPL-2.0-only
/*
 * A handle says ESRCH after its process exited or executed another program, also
 * when somebody else keeps the memory; one that was bound by pagemap follows the
 * memory. Neither ever shows another process.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "process.h"
#include "tap.h"
#include "target.h"
#include "text.h"

/* Both ways to bind, to the same memory. */
struct handles {
	int pid, pagemap;
};

static volatile pid_t *sharer;	/* shared with the target */

static struct handles bind_both(pid_t pid)
{
	int device = device_open(), fd = text_open_proc(pid, "pagemap");
	struct handles h;

	h.pid = device_bind(device, MMUSCOPE_TARGET_PID, pid);
	h.pagemap = device_bind(device, MMUSCOPE_TARGET_PAGEMAP, fd);
	close(device);
	close(fd);
	if (h.pid < 0 || h.pagemap < 0)
		tap_bail("no handle of %d: %s, %s", pid, strerror(-h.pid),
			 strerror(-h.pagemap));
	return h;
}

static void close_both(const struct handles *h)
{
	close(h->pid);
	close(h->pagemap);
}

/* Every command the same: 0 or -errno, -1 if they differ. */
static int state(int fd)
{
	struct mmuscope_summary sum = { .size = sizeof(sum) };
	struct mmuscope_translation t;
	struct mmuscope_scan ask = device_ask(0, 0);
	struct room room = { .extents = 4096 };
	struct scan s;
	int scan = device_scan(&s, fd, &ask, &room);
	int translate = device_translate(fd, 0x400000, &t);
	int summary = device_ioctl(fd, MMUSCOPE_IOC_SUMMARY, &sum);

	device_scan_free(&s);
	return scan == translate && scan == summary ? scan : -1;
}

static bool maps(int fd, unsigned long addr)
{
	struct mmuscope_translation t;

	return !device_translate(fd, addr, &t) && t.leaf.end;
}

static void execute(struct span span)
{
	(void)span;
	execl("/bin/busybox", "sleep", "1000", NULL);
}

static void leave(struct span span)
{
	(void)span;
	_exit(0);
}

static int __attribute__((noreturn)) wait_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		pause();
}

static struct span shared_memory(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct span span = target_idle();

	*sharer = clone(wait_for_ever, stack + sizeof(stack), CLONE_VM | CLONE_PARENT | SIGCHLD,
			NULL);
	if (*sharer < 0)
		target_cannot("clone: %m");
	return span;
}

/* Let the target take its step, after which it does not answer. */
static void go(struct target *t)
{
	if (write(t->to, "s", 1) != 1)
		tap_bail("the target does not listen");
}

static bool becomes(int fd, int want)
{
	for (int i = 0; i < 500; i++) {
		if (state(fd) == want)
			return true;
		usleep(10000);
	}
	return false;
}

static void alone(const char *name, target_act act)
{
	struct target t;
	struct handles h;

	target_start(&t, target_idle, act);
	h = bind_both(t.pid);
	tap_ok(!state(h.pid) && !state(h.pagemap), "%s: both answer before", name);
	go(&t);
	/* A zombie: nobody has waited for it yet. */
	tap_ok(becomes(h.pid, -ESRCH), "%s: ESRCH by pid", name);
	tap_ok(becomes(h.pagemap, -ESRCH), "%s: ESRCH by pagemap", name);
	target_stop(&t);
	tap_ok(state(h.pid) == -ESRCH && state(h.pagemap) == -ESRCH, "%s: and so it stays",
	       name);
	close_both(&h);
}

static void kept(const char *name, target_act act)
{
	struct handles h, others;
	struct target t;

	if (!target_start(&t, shared_memory, act))
		tap_bail("%s", t.why);
	h = bind_both(t.pid);
	others = bind_both(*sharer);
	tap_ok(!state(h.pid) && !state(others.pid), "%s, memory kept: both answer", name);
	go(&t);
	tap_ok(becomes(h.pid, -ESRCH), "%s, memory kept: ESRCH by pid", name);
	tap_ok(!state(h.pagemap) && maps(h.pagemap, t.span.start),
	       "%s, memory kept: pagemap follows it", name);
	tap_ok(!state(others.pid) && maps(others.pid, t.span.start),
	       "%s, memory kept: who keeps it answers", name);
	kill(*sharer, SIGKILL);
	waitpid(*sharer, NULL, 0);
	tap_ok(becomes(h.pagemap, -ESRCH) && state(others.pid) == -ESRCH,
	       "%s, memory gone: ESRCH by pagemap too", name);
	target_stop(&t);
	close_both(&h);
	close_both(&others);
}

static volatile bool may_exec;

/* Stands in the child of vfork() until it may execute. */
static struct span vforked(void)
{
	return target_idle();
}

static void vfork_once(struct span span)
{
	(void)span;
	may_exec = false;
	if (!vfork()) {
		*sharer = getpid();
		while (*sharer > 0)
			usleep(1000);
		execl("/bin/busybox", "sleep", "1000", NULL);
		_exit(127);
	}
}

static void of_vfork(void)
{
	struct handles child, parent;
	struct target t;
	pid_t pid;

	*sharer = 0;
	target_start(&t, vforked, vfork_once);
	parent = bind_both(t.pid);
	go(&t);
	while (!(pid = *sharer))
		usleep(1000);
	child = bind_both(pid);
	tap_ok(maps(child.pid, t.span.start) && !state(parent.pid),
	       "vfork: the child has its parent's memory");
	*sharer = -1;
	tap_ok(becomes(child.pid, -ESRCH), "vfork: ESRCH when the child executes");
	tap_ok(!state(child.pagemap) && maps(child.pagemap, t.span.start) &&
	       !state(parent.pid), "vfork: the parent keeps the memory");
	kill(pid, SIGKILL);
	target_stop(&t);
	close_both(&child);
	close_both(&parent);
}

static void fork_and_map(struct span span)
{
	pid_t pid = fork();

	if (pid) {
		*sharer = pid;
		return;
	}
	munmap(span_at(span, 0), span.end - span.start);
	wait_for_ever(NULL);
}

static void of_fork(void)
{
	struct handles parent, child;
	struct target t;
	pid_t pid;

	target_start(&t, target_idle, fork_and_map);
	parent = bind_both(t.pid);
	target_step(&t);
	pid = *sharer;
	process_wait_asleep(pid);
	child = bind_both(pid);
	tap_ok(maps(parent.pid, t.span.start) && maps(parent.pagemap, t.span.start) &&
	       !maps(child.pid, t.span.start) && !maps(child.pagemap, t.span.start),
	       "fork: each has its own memory");
	kill(pid, SIGKILL);
	tap_ok(becomes(child.pid, -ESRCH) && !state(parent.pid), "fork: one goes, one stays");
	target_stop(&t);
	close_both(&parent);
	close_both(&child);
}

static void reused(void)
{
	struct target old, new;
	struct handles h, again;

	target_start(&old, target_idle, NULL);
	h = bind_both(old.pid);
	target_stop(&old);
	if (!target_start_as(&new, old.pid))
		tap_bail("PID %d does not come again", old.pid);
	again = bind_both(new.pid);
	tap_ok(state(h.pid) == -ESRCH && state(h.pagemap) == -ESRCH,
	       "PID %d again: the old handles say ESRCH", new.pid);
	tap_ok(!state(again.pid) && maps(again.pid, new.span.start),
	       "PID %d again: new handles show the new process", new.pid);
	target_stop(&new);
	close_both(&h);
	close_both(&again);
}

/* Calls without end on a handle, until the process is gone. */
static void *call_on(void *arg)
{
	const struct handles *h = arg;
	struct mmuscope_translation t;
	long calls = 0;

	while (state(h->pid) != -ESRCH || state(h->pagemap) != -ESRCH)
		calls++;
	return (void *)(calls + (device_translate(h->pid, 0, &t) == -ESRCH));
}

static void dies_meanwhile(void)
{
	unsigned long calls = 0;
	struct handles h;
	struct target t;
	pthread_t thread[2];
	void *ret;

	for (int i = 0; i < 15; i++) {
		target_start(&t, target_idle, NULL);
		h = bind_both(t.pid);
		for (int j = 0; j < 2; j++)
			pthread_create(&thread[j], NULL, call_on, &h);
		usleep(1000 * (i % 8));
		target_stop(&t);
		for (int j = 0; j < 2; j++) {
			pthread_join(thread[j], &ret);
			calls += (long)ret;
		}
		close_both(&h);
	}
	tap_ok(calls >= 30, "the last user goes during calls: %lu rounds of calls", calls);
}

int main(void)
{
	sharer = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	alone("exit", leave);
	alone("exec", execute);
	kept("exit", leave);
	kept("exec", execute);
	of_vfork();
	of_fork();
	reused();
	dies_meanwhile();
	return tap_done();
}
