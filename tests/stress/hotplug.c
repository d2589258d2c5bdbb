// SPDX-License-Identifier: GPL-2.0-only
/* Processors, memory and modules that come and go. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "module.h"
#include "stress.h"
#include "tap.h"
#include "text.h"

#define CPU "/sys/devices/system/cpu/cpu1/online"
#define MEMORY "/sys/devices/system/memory/"
#define STORM "/t/storm.ko"
#define ROUNDS "/sys/module/storm/parameters/rounds"

enum { PATIENCE = 20, LOADED_MS = 300, PLUGGED_MS = 5000 };

static int processor(unsigned int *seed)
{
	static const int due[] = { EBUSY, 0 };
	int err = text_write(CPU, "0");

	usleep(stress_random(seed, 200000));
	if (!err)
		err = text_write(CPU, "1");
	usleep(stress_random(seed, 500000));
	return err ? stress_due("processor 1", err, due) : 2;
}

static void end_processor(void)
{
	text_write(CPU, "1");
}

static void nothing(int signal)
{
	(void)signal;
}

/* Who waits for ever for a page that cannot move is told to stop. */
static void begin_blocks(void)
{
	struct sigaction act = { .sa_handler = nothing };

	sigaction(SIGALRM, &act, NULL);
}

static int write_patiently(const char *path, const char *word)
{
	int err;

	alarm(PATIENCE);
	err = text_write(path, word);
	alarm(0);
	return err;
}

/* A part of memory loses all its users, and comes back. */
static int block(unsigned int *seed)
{
	static const int due[] = { EBUSY, EAGAIN, EINTR, EINVAL, ENOENT, 0 };
	static glob_t blocks;
	const char *path;
	int err;

	usleep(stress_random(seed, 500000));
	if (!blocks.gl_pathc)
		glob(MEMORY "memory*/state", 0, NULL, &blocks);
	path = blocks.gl_pathv[stress_random(seed, blocks.gl_pathc)];
	err = write_patiently(path, "offline");
	if (err)
		return stress_due(path, err, due);
	usleep(stress_random(seed, 50000));
	err = text_write(path, "online");
	return err ? stress_due(path, err, due) : 2;
}

static int lock = -1;

/* There is one module of that name. */
static void begin_modules(void)
{
	lock = open(STORM, O_RDONLY | O_CLOEXEC);
	if (lock < 0)
		tap_bail(STORM ": %m");
}

/* How many rounds it did meanwhile, or -errno. */
static int load(const char *options, unsigned int microseconds)
{
	int err, rounds;

	flock(lock, LOCK_EX);
	err = module_insert(STORM, options);
	if (!err) {
		usleep(microseconds);
		rounds = text_number(ROUNDS);
		err = module_delete("storm");
	}
	flock(lock, LOCK_UN);
	if (err)
		stress_wrong("storm.ko %s: %s", options, strerror(-err));
	return err ?: rounds;
}

static int module(unsigned int *seed)
{
	static const char * const options[] = { "", "kind=vmalloc", "kind=attributes" };
	int ret = load(options[stress_random(seed, 3)],
		       stress_random(seed, LOADED_MS * 1000));

	usleep(stress_random(seed, 100000));
	return ret < 0 ? ret : 1;
}

/* Plugged in, perhaps put to use at once, and removed. */
static int plug(unsigned int *seed)
{
	char options[100];

	snprintf(options, sizeof(options), "kind=hotremove start=%#lx bytes=%#lx",
		 HOT_START, HOT_BYTES);
	text_write(MEMORY "auto_online_blocks",
		   stress_random(seed, 2) ? "online_movable" : "offline");
	usleep(stress_random(seed, 100000));
	return load(options, PLUGGED_MS * 1000);
}

const struct kind hotplug_kinds[] = {
	{ "processor goes and comes", 1, NULL, end_processor, processor },
	{ "memory goes offline and comes back", 1, begin_blocks, NULL, block },
	{ "module comes and goes", 1, begin_modules, NULL, module },
	{ "memory is plugged in and removed", 1, begin_modules, NULL, plug },
	{}
};
