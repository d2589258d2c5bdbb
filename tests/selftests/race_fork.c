// SPDX-License-Identifier: GPL-2.0-only
/* Readers of all processes against a storm of fork and exit. */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "race.h"

static void child(unsigned int *seed)
{
	struct span span = race_map(seed, MAP_PRIVATE);

	if (span.start)
		memory_touch(span, 4096);
	/* A grandchild that is left behind exits on its own. */
	if (!race_random(seed, 3) && !fork())
		usleep(race_random(seed, 5000));
	_exit(0);
}

static void churn(unsigned int *seed)
{
	pid_t pid[3];

	for (int i = 0; i < 3; i++) {
		race_random(seed, 10);
		pid[i] = fork();
		if (!pid[i])
			child(seed);
	}
	for (int i = 0; i < 3; i++)
		if (pid[i] > 0)
			waitpid(pid[i], NULL, 0);
}

int main(int argc, char **argv)
{
	static const struct race race = { "fork and exit", churn, 2, true };

	return race_main(&race, argc, argv);
}
