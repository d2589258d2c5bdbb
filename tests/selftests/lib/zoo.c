// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "tap.h"
#include "zoo.h"

static void __attribute__((noreturn)) become(int in, int out)
{
	char path[256] = "";

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, 0);
	dup2(out, 1);
	if (readlink("/proc/self/exe", path, sizeof(path) - 8) > 0)
		execl(strcat(dirname(path), "/zoo"), "zoo", NULL);
	_exit(127);
}

void zoo_start(struct zoo *zoo)
{
	int in[2], out[2];
	char line[200] = "";

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		tap_bail("no pipe: %m");
	zoo->pid = fork();
	if (!zoo->pid)
		become(in[0], out[1]);
	close(in[0]);
	close(out[1]);
	zoo->in = fdopen(in[1], "w");
	zoo->out = fdopen(out[0], "r");
	while (strcmp(line, "ready\n"))
		if (!fgets(line, sizeof(line), zoo->out))
			tap_bail("the zoo did not get ready");
	process_wait_asleep(zoo->pid);
}

void zoo_stop(struct zoo *zoo)
{
	fclose(zoo->in);
	fclose(zoo->out);
	kill(zoo->pid, SIGKILL);
	waitpid(zoo->pid, NULL, 0);
}
