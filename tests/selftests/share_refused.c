// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mapping of a share cannot be: private, executable, beyond the end,
 * larger than it was, or a part of a 2M page; and a share cannot be resized,
 * changed or opened again through /proc. Each has its errno.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"
#include "share.h"
#include "tap.h"

#define RW (PROT_READ | PROT_WRITE)

/* Where nothing is, 2M aligned, and more than is asked for. */
static char *room;

static int small, large;

static void is(const char *name, int got, int want)
{
	tap_ok(got == want, "%s: %s", name, want ? strerrorname_np(want) : "goes");
	if (got != want)
		tap_note("it is %s", strerror(got));
}

static int error_of(long ret)
{
	return ret == -1 ? errno : 0;
}

static void mappings(void)
{
	is("private", share_map_error(small, NULL, 4096, RW, MAP_PRIVATE, 0), EINVAL);
	is("private, read only",
	   share_map_error(small, NULL, 4096, PROT_READ, MAP_PRIVATE, 0), EINVAL);
	is("executable", share_map_error(small, NULL, 4096, PROT_READ | PROT_EXEC,
					 MAP_SHARED, 0), EPERM);
	is("behind the end", share_map_error(small, NULL, 4096, RW, MAP_SHARED, 64 * KB), ENXIO);
	is("over the end", share_map_error(small, NULL, 68 * KB, RW, MAP_SHARED, 0), ENXIO);
	is("far behind the end",
	   share_map_error(small, NULL, 8192, RW, MAP_SHARED, 1L << 62), ENXIO);
	is("the last page", share_map_error(small, NULL, 4096, RW, MAP_SHARED, 60 * KB), 0);
	is("all of it", share_map_error(small, NULL, 64 * KB, RW, MAP_SHARED, 0), 0);
	is("validated", share_map_error(small, NULL, 64 * KB, RW, MAP_SHARED_VALIDATE, 0), 0);
}

static void large_mappings(void)
{
	is("2M: half a page", share_map_error(large, NULL, MB, RW, MAP_SHARED, 0), EINVAL);
	is("2M: one and a half", share_map_error(large, NULL, 3 * MB, RW, MAP_SHARED, 0),
	   EINVAL);
	is("2M: from the middle",
	   share_map_error(large, NULL, 2 * MB, RW, MAP_SHARED, MB), EINVAL);
	is("2M: the second", share_map_error(large, NULL, 2 * MB, RW, MAP_SHARED, 2 * MB), 0);
	is("2M: both", share_map_error(large, NULL, 4 * MB, RW, MAP_SHARED, 0), 0);
	is("2M: behind the end",
	   share_map_error(large, NULL, 2 * MB, RW, MAP_SHARED, 4 * MB), ENXIO);
	is("2M: at an unaligned address", share_map_error(large, room + 4096, 2 * MB, RW,
							  MAP_SHARED | MAP_FIXED, 0), EINVAL);
	is("2M: at an aligned one",
	   share_map_error(large, room, 2 * MB, RW, MAP_SHARED | MAP_FIXED, 0), 0);
	is("2M: an unaligned wish",
	   share_map_error(large, room + 4096, 2 * MB, RW, MAP_SHARED, 0), 0);
}

/* Whatever was refused, the words are where they were. */
static bool sound(volatile unsigned int *words, size_t bytes)
{
	return words[0] == 1 && words[bytes / 4 - 1] == 2;
}

static void changes(void)
{
	volatile unsigned int *words = share_words(small, 64 * KB);
	char *p = (char *)words;

	words[0] = 1;
	words[16 * KB - 1] = 2;
	is("made executable", error_of(mprotect(p, 64 * KB, PROT_READ | PROT_EXEC)), EACCES);
	is("grown in place", error_of((long)mremap(p, 64 * KB, 128 * KB, 0)), EFAULT);
	is("grown", error_of((long)mremap(p, 64 * KB, 128 * KB, MREMAP_MAYMOVE)), EFAULT);
	is("doubled", error_of((long)mremap(p, 0, 64 * KB, MREMAP_MAYMOVE)), EFAULT);
	is("discarded", error_of(madvise(p, 64 * KB, MADV_DONTNEED)), EINVAL);
	is("punched", error_of(madvise(p, 64 * KB, MADV_REMOVE)), ENODEV);
	tap_ok(sound(words, 64 * KB), "and the pages are as they were");
	is("a page in the middle unmapped", error_of(munmap(p + 8192, 4096)), 0);
	is("moved", error_of((long)mremap(p, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED,
					  room + 4096)), 0);
	tap_ok(*(unsigned int *)(room + 4096) == 1 && words[16 * KB - 1] == 2,
	       "and the rest is there");
	munmap(room + 4096, 8192);
	munmap(p, 64 * KB);
}

static void large_changes(void)
{
	volatile unsigned int *words = share_words(large, 4 * MB);
	char *p = (char *)words;

	words[0] = 1;
	words[MB - 1] = 2;
	is("2M: the first half unmapped", error_of(munmap(p, MB)), EINVAL);
	is("2M: the middle unmapped", error_of(munmap(p + MB, 2 * MB)), EINVAL);
	is("2M: half protected", error_of(mprotect(p, 4096, PROT_READ)), EINVAL);
	is("2M: half moved", error_of((long)mremap(p, MB, MB, MREMAP_MAYMOVE | MREMAP_FIXED,
						   room)), EINVAL);
	is("2M: moved to an unaligned address",
	   error_of((long)mremap(p, 4 * MB, 4 * MB, MREMAP_MAYMOVE | MREMAP_FIXED,
				 room + 4096)), EINVAL);
	tap_ok(sound(words, 4 * MB), "and the pages are as they were");
	is("2M: moved to an aligned one",
	   error_of((long)mremap(p, 4 * MB, 4 * MB, MREMAP_MAYMOVE | MREMAP_FIXED, room)), 0);
	words = (void *)room;
	tap_ok(sound(words, 4 * MB), "and the pages are there");
	is("2M: one unmapped", error_of(munmap(room, 2 * MB)), 0);
	tap_ok(words[MB - 1] == 2, "and the other is there");
	is("2M: protected", error_of(mprotect(room + 2 * MB, 2 * MB, PROT_READ)), 0);
	is("2M: and not", error_of(mprotect(room + 2 * MB, 2 * MB, RW)), 0);
	words[MB - 1] = 3;
	tap_ok(words[MB - 1] == 3, "and it can be written");
	munmap(room + 2 * MB, 2 * MB);
}

static void files(void)
{
	char path[40];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", small);
	tap_ok(!fstat(small, &st) && st.st_size == 64 * KB, "its size is told");
	is("truncated", error_of(ftruncate(small, 4096)), EINVAL);
	is("extended", error_of(ftruncate(small, MB)), EINVAL);
	is("truncated by path", error_of(truncate(path, 4096)), EINVAL);
	is("allocated", error_of(fallocate(small, 0, 0, MB)), ENODEV);
	is("mode changed", error_of(fchmod(small, 0666)), EPERM);
	is("owner changed", error_of(fchown(small, 1000, 1000)), EPERM);
	is("read", error_of(read(small, path, 1)), EINVAL);
	is("written", error_of(write(small, path, 1)), EINVAL);
	is("opened again", error_of(open(path, O_RDWR)), ENXIO);
	tap_ok(fcntl(small, F_GETFD) == FD_CLOEXEC, "closed on exec");
}

int main(void)
{
	room = (char *)memory_map(16 * MB, 2 * MB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
				  -1).start;
	munmap(room, 16 * MB);
	small = share_new(64 * KB, 0);
	large = share_new(4 * MB, LARGE_SHIFT);
	mappings();
	large_mappings();
	changes();
	large_changes();
	files();
	close(small);
	close(large);
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
