// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every VMA of processes that know nothing of this test agrees with pagemap:
 * of PID 1 and of a busybox that sleeps.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"
#include "story.h"
#include "tap.h"
#include "text.h"

static pid_t busybox(void)
{
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/busybox", "sleep", "1000", NULL);
		_exit(127);
	}
	/* Until it sleeps it still maps and faults. */
	usleep(100000);
	process_wait_asleep(pid);
	return pid;
}

int main(void)
{
	pid_t pid = busybox();

	story_process("busybox", pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	story_process("PID 1", 1);
	return tap_done();
}
