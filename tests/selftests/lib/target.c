// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "tap.h"
#include "target.h"
#include "text.h"

struct message {
	struct span span;
	char why[120];
};

static int child_reply;

static void reply(struct message *msg)
{
	if (write(child_reply, msg, sizeof(*msg)) != sizeof(*msg))
		_exit(1);
}

void target_cannot(const char *fmt, ...)
{
	struct message msg = {};
	va_list args;

	va_start(args, fmt);
	vsnprintf(msg.why, sizeof(msg.why), fmt, args);
	va_end(args);
	reply(&msg);
	_exit(0);
}

struct span target_idle(void)
{
	return memory_touched(memory_small(1 << 20));
}

static void __attribute__((noreturn))
child(int from, target_build build, target_act step)
{
	struct message msg = {};
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	msg.span = build();
	reply(&msg);
	while (read(from, &byte, 1) == 1) {
		if (step)
			step(msg.span);
		reply(&msg);
	}
	_exit(0);
}

static bool wait_reply(struct target *t)
{
	struct message msg;

	if (read(t->from, &msg, sizeof(msg)) != sizeof(msg))
		return false;
	t->span = msg.span;
	snprintf(t->why, sizeof(t->why), "%s", msg.why);
	return true;
}

bool target_start(struct target *t, target_build build, target_act step)
{
	int to[2], from[2];

	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
		tap_bail("no pipe: %m");
	t->pid = fork();
	if (t->pid < 0)
		tap_bail("no child: %m");
	if (!t->pid) {
		close(to[1]);
		close(from[0]);
		child_reply = from[1];
		child(to[0], build, step);
	}
	close(to[0]);
	close(from[1]);
	t->to = to[1];
	t->from = from[0];
	if (!wait_reply(t))
		tap_bail("the target died while it built its memory");
	if (t->why[0])
		target_stop(t);
	else
		process_wait_asleep(t->pid);
	return !t->why[0];
}

bool target_start_as(struct target *t, pid_t pid)
{
	char last[16];

	for (int tries = 0; tries < 20; tries++) {
		snprintf(last, sizeof(last), "%d", pid - 1);
		if (text_write("/proc/sys/kernel/ns_last_pid", last))
			tap_bail("cannot choose the next PID");
		target_start(t, target_idle, NULL);
		if (t->pid == pid)
			return true;
		target_stop(t);
	}
	return false;
}

bool target_step(struct target *t)
{
	if (write(t->to, "s", 1) != 1 || !wait_reply(t))
		tap_bail("the target died in its step");
	if (!t->why[0])
		process_wait_asleep(t->pid);
	return !t->why[0];
}

void target_stop(struct target *t)
{
	close(t->to);
	close(t->from);
	kill(t->pid, SIGKILL);
	waitpid(t->pid, NULL, 0);
}
