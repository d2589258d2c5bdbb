// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers against a storm of exec: by the targets' children after vfork, and of
 * threads, which make exec wait for them.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "race.h"

static void *spin(void *arg)
{
	(void)arg;
	for (;;)
		usleep(100);
	return NULL;
}

static void execute(unsigned int *seed)
{
	pthread_t thread;

	if (race_random(seed, 2))
		pthread_create(&thread, NULL, spin, NULL);
	execl("/bin/busybox", "usleep", race_random(seed, 2) ? "0" : "3000", NULL);
	_exit(127);
}

static void churn(unsigned int *seed)
{
	pid_t pid = fork();
	int status = 0;

	if (!pid)
		execute(seed);
	race_random(seed, 10);
	waitpid(pid, &status, 0);
	pid = vfork();
	if (!pid) {
		execl("/bin/busybox", "true", NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
}

int main(int argc, char **argv)
{
	static const struct race race = { "exec", churn, 3, true };

	return race_main(&race, argc, argv);
}
