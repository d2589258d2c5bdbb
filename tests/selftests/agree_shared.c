// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared memory agrees with pagemap: MAP_SHARED|MAP_ANONYMOUS, a memfd mapped
 * twice, a huge page of shmem, and shmem that was paged out.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "story.h"
#include "tap.h"
#include "text.h"

#define SHMEM_ENABLED "/sys/kernel/mm/transparent_hugepage/shmem_enabled"

static struct span anonymous(void)
{
	return memory_touched(memory_map(4 * MB, 2 * MB, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1));
}

static struct span twice(void)
{
	int fd = memfd_create("twice", 0);
	struct span first;

	if (fd < 0 || ftruncate(fd, 2 * MB))
		target_cannot("memfd: %m");
	first = memory_map(2 * MB, 2 * MB, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	memory_touch(first, 4096);
	memory_peek(memory_map(2 * MB, 2 * MB, PROT_READ, MAP_SHARED, fd));
	return first;
}

static struct span huge(void)
{
	struct span span = memory_map(4 * MB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1);

	memory_advise(span, MADV_HUGEPAGE);
	return memory_touched(span);
}

static void page_out(struct span span)
{
	memory_pageout(span);
}

static void set_shmem_enabled(const char *word)
{
	if (text_write(SHMEM_ENABLED, word))
		tap_bail("cannot write %s to " SHMEM_ENABLED, word);
}

int main(void)
{
	static const struct story stories[] = {
		{ "shared anonymous", anonymous, NULL, "pte ram rw-u +shmem !anon", 1024 },
		{ "memfd mapped twice", twice, NULL, "pte ram rw-u +shmem +shared", 512 },
		/* swapped shmem leaves the table: none */
		{ "paged out", anonymous, page_out, "none", 512 },
	};
	static const struct story huge_story = {
		"huge page", huge, NULL, "pmd ram rw-u +shmem +thp !anon", 1024
	};

	story_agrees(stories, sizeof(stories) / sizeof(*stories));
	set_shmem_enabled("advise");
	story_agrees(&huge_story, 1);
	set_shmem_enabled("never");
	return tap_done();
}
