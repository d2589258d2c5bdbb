// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of files agree with pagemap: mapped shared, private, private and
 * written to (COW).
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "story.h"
#include "tap.h"

#define RAMFS "/tmp/ramfs"

static struct span shared(void)
{
	return memory_touched(memory_map(MB, MB, PROT_READ | PROT_WRITE,
					 MAP_SHARED, memory_file(RAMFS, MB)));
}

static struct span private(void)
{
	struct span span = memory_map(MB, MB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE, memory_file(RAMFS, MB));

	memory_peek(span);
	return span;
}

static void write_half(struct span span)
{
	memory_touch(span, 8192);
}

/* The pages of tmpfs are shmem, not file. */
static struct span tmpfs(void)
{
	struct span span = memory_map(MB, MB, PROT_READ, MAP_PRIVATE,
				      memory_file("/tmp", MB));

	memory_peek(span);
	return span;
}

int main(void)
{
	static const struct story stories[] = {
		{ "shared", shared, NULL, "pte ram rw-u +file", 256 },
		{ "private", private, NULL, "pte ram r--u +file", 256 },
		{ "private, half written to", private, write_half,
		  "pte ram rw-u +anon !file", 128 },
		{ "of tmpfs", tmpfs, NULL, "pte ram r--u +shmem !file", 256 },
	};

	mkdir(RAMFS, 0700);
	if (mount("none", RAMFS, "ramfs", 0, NULL))
		tap_bail("cannot mount a ramfs: %m");
	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	umount(RAMFS);
	return tap_done();
}
