// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers against the module itself: it is removed and loaded 200 times, or ten
 * times for each second that is asked for, while they enter the pid directory, list
 * it and read. race_module [SECONDS]
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "maps.h"
#include "module.h"
#include "tap.h"
#include "text.h"

enum { READERS = 2 };

static struct {
	unsigned long reads, missing, broken;
} *board;

static void list(void)
{
	DIR *dir = opendir(MMUSCOPE "/pid");

	while (dir && readdir(dir))
		;
	if (dir)
		closedir(dir);
}

static void __attribute__((noreturn)) reader(unsigned int seed)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		struct maps m;

		if (maps_read(&m, getppid())) {
			__atomic_add_fetch(&board->missing, 1, __ATOMIC_RELAXED);
		} else {
			__atomic_add_fetch(&board->reads, 1, __ATOMIC_RELAXED);
			__atomic_add_fetch(&board->broken, !!m.wrong[0], __ATOMIC_RELAXED);
		}
		maps_free(&m);
		if (!(rand_r(&seed) % 4))
			list();
		usleep(rand_r(&seed) % 20000);
	}
}

/* Readers are in the way most of the time: a cycle takes several attempts. */
static int cycle(unsigned long *refused)
{
	int err;

	for (int i = 0; i < 2000; i++) {
		err = module_remove(false);
		if (!err)
			return module_load();
		if (err != -EAGAIN && err != -EBUSY)
			return err;
		(*refused)++;
		usleep(500);
	}
	return err;
}

int main(int argc, char **argv)
{
	int due = 10 * (argc > 1 ? atoi(argv[1]) : 20);
	unsigned long refused = 0;
	pid_t pid[READERS];
	int err = 0, cycles;

	board = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < READERS; i++) {
		pid[i] = fork();
		if (!pid[i])
			reader(i);
	}
	for (cycles = 0; cycles < due && !err; cycles++) {
		err = cycle(&refused);
		usleep(2000);
	}
	for (int i = 0; i < READERS; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	tap_note("%d cycles, %lu times refused; %lu reads, %lu times not there", cycles,
		 refused, board->reads, board->missing);
	tap_ok(!err && cycles == due, "removed and loaded: %s", strerror(-err));
	tap_ok(board->reads > 50 && board->missing && !board->broken,
	       "read meanwhile, %lu broken", board->broken);
	tap_ok(!access(MMUSCOPE "/status", R_OK), "loaded at the end");
	return tap_done();
}
