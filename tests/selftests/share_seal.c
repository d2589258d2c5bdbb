// SPDX-License-Identifier: GPL-2.0-only
/*
 * Seals, as those of memfd_create(2): WRITE when nobody can write any more, or
 * FUTURE_WRITE while those who map it go on; nothing takes a seal away.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include "memory.h"
#include "share.h"
#include "tap.h"

#define RW (PROT_READ | PROT_WRITE)
#define SIZE (4 * MB)
#define NAME "sealed"

static const struct kind {
	const char *name;
	unsigned int shift;
} kinds[] = { { "small", 0 }, { "2M", LARGE_SHIFT } };

static int share_of(const struct kind *k)
{
	struct mmuscope_share_create ask = share_ask(SIZE, k->shift);

	strcpy(ask.name, NAME);
	return share_create(&ask);
}

static int map_error(int fd, int prot)
{
	return share_map_error(fd, NULL, SIZE, prot, MAP_SHARED, 0);
}

/* A read-only mapping that can become writable counts; one that cannot does not. */
static void of_write(const struct kind *k)
{
	int fd = share_of(k), readonly = share_open(NAME, MMUSCOPE_SHARE_READONLY), err;
	volatile unsigned int *words = share_words(fd, SIZE);
	void *p, *q;

	words[0] = 3;
	tap_ok(share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EBUSY, "%s: mapped writable: EBUSY",
	       k->name);
	mprotect((void *)words, SIZE, PROT_READ);
	tap_ok(share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EBUSY, "%s: made read only: EBUSY",
	       k->name);
	munmap((void *)words, SIZE);
	p = share_map(fd, SIZE, PROT_READ);
	tap_ok(share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EBUSY,
	       "%s: can be made writable: EBUSY", k->name);
	munmap(p, SIZE);
	p = share_map(readonly, SIZE, PROT_READ);
	tap_ok(share_seal(readonly, MMUSCOPE_SEAL_WRITE) == -EPERM,
	       "%s: by a read-only descriptor: EPERM", k->name);
	err = share_seal(fd, MMUSCOPE_SEAL_WRITE);
	tap_ok(!err, "%s: mapped by a read-only descriptor: sealed", k->name);
	tap_ok(map_error(fd, RW) == EPERM && map_error(fd, PROT_WRITE) == EPERM,
	       "%s: mapped writable now: EPERM", k->name);
	q = share_map(fd, SIZE, PROT_READ);
	tap_ok(q != MAP_FAILED && *(unsigned int *)q == 3 && mprotect(q, SIZE, RW) &&
	       errno == EACCES, "%s: mapped read only, and so it stays: EACCES", k->name);
	tap_ok(share_info(fd).seals == MMUSCOPE_SEAL_WRITE && !share_seal(fd, 0) &&
	       share_info(fd).seals == MMUSCOPE_SEAL_WRITE, "%s: the seal stays", k->name);
	munmap(p, SIZE);
	munmap(q, SIZE);
	close(fd);
	fd = share_open(NAME, 0);
	tap_ok(fd > 0 && map_error(fd, RW) == EPERM, "%s: for who opens it, too", k->name);
	close(fd);
	close(readonly);
}

static void of_future_write(const struct kind *k)
{
	int fd = share_of(k);
	volatile unsigned int *words = share_words(fd, SIZE), *seen;
	int err = share_seal(fd, MMUSCOPE_SEAL_FUTURE_WRITE);

	words[7] = 9;
	seen = share_map(fd, SIZE, PROT_READ);
	tap_ok(!err && seen[7] == 9 && map_error(fd, RW) == EPERM,
	       "%s: FUTURE_WRITE: who maps it writable goes on, nobody else: EPERM", k->name);
	mprotect((void *)words, SIZE, PROT_READ);
	err = mprotect((void *)words, SIZE, RW);
	words[8] = 10;
	tap_ok(!err && seen[8] == 10, "%s: FUTURE_WRITE: he may change his mind", k->name);
	tap_ok(share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EBUSY, "%s: not WRITE while he does",
	       k->name);
	munmap((void *)words, SIZE);
	tap_ok(!share_seal(fd, MMUSCOPE_SEAL_WRITE), "%s: WRITE afterwards", k->name);
	munmap((void *)seen, SIZE);
	close(fd);
}

static void of_seal(void)
{
	int fd = share_new(SIZE, 0);

	tap_ok(!share_seal(fd, MMUSCOPE_SEAL_SEAL), "SEAL");
	tap_ok(share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EPERM &&
	       share_seal(fd, MMUSCOPE_SEAL_FUTURE_WRITE) == -EPERM &&
	       share_seal(fd, MMUSCOPE_SEAL_SEAL) == -EPERM, "no seals any more: EPERM");
	tap_ok(!map_error(fd, RW), "but it can be written");
	close(fd);
}

/* Every way a mapping comes and goes is counted. */
static void counted(const struct kind *k)
{
	int fd = share_of(k), status;
	char *p = (char *)share_words(fd, SIZE), *room;
	pid_t pid;

	room = (char *)memory_map(2 * SIZE, 2 * MB, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
				  -1).start;
	munmap(room, 2 * SIZE);
	munmap(p, 2 * MB);
	p += 2 * MB;
	tap_ok(share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EBUSY, "%s: half unmapped: EBUSY", k->name);
	p = mremap(p, 2 * MB, 2 * MB, MREMAP_MAYMOVE | MREMAP_FIXED, room);
	tap_ok(p == room && share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EBUSY, "%s: moved: EBUSY",
	       k->name);
	/* A move that is refused must not count. */
	if (k->shift)
		mremap(p, 2 * MB, 2 * MB, MREMAP_MAYMOVE | MREMAP_FIXED, room + SIZE + 4096);
	pid = fork();
	if (!pid) {
		munmap(p, 2 * MB);
		_exit(share_seal(fd, MMUSCOPE_SEAL_WRITE) != -EBUSY);
	}
	waitpid(pid, &status, 0);
	tap_ok(!status, "%s: unmapped by a child: EBUSY", k->name);
	munmap(p, 2 * MB);
	tap_ok(!share_seal(fd, MMUSCOPE_SEAL_WRITE), "%s: unmapped by all: sealed", k->name);
	close(fd);
}

/* GUP-fast takes a 2M page of v6.1; who holds it might be writing. */
static void pinned(void)
{
	struct iovec iov = { .iov_len = 4096 };
	int fd = share_of(&kinds[1]), pipefd[2];
	char *p = (char *)share_words(fd, SIZE), buf[4096] = "";

	strcpy(p + 2 * MB + 8192, "pinned");
	iov.iov_base = p + 2 * MB + 8192;
	if (pipe(pipefd) || vmsplice(pipefd[1], &iov, 1, 0) != 4096) {
		tap_skip("a page in a pipe", "%m");
		munmap(p, SIZE);
		close(fd);
		return;
	}
	munmap(p, SIZE);
	tap_ok(share_seal(fd, MMUSCOPE_SEAL_WRITE) == -EBUSY, "a page is in a pipe: EBUSY");
	close(fd);
	tap_ok(holdings_gone(), "the share goes");
	tap_ok(read(pipefd[0], buf, 4096) == 4096 && !strcmp(buf, "pinned"),
	       "the page does not, until it is read");
	close(pipefd[0]);
	close(pipefd[1]);
}

int main(void)
{
	for (int i = 0; i < 2; i++) {
		of_write(&kinds[i]);
		of_future_write(&kinds[i]);
		counted(&kinds[i]);
	}
	of_seal();
	pinned();
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
