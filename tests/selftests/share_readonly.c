// SPDX-License-Identifier: GPL-2.0-only
/*
 * READONLY_OTHERS: only the process that made the share writes to it, whatever
 * others come by; a child is another, and does not inherit what can be written.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "peer.h"
#include "share.h"
#include "tap.h"

#define RW (PROT_READ | PROT_WRITE)
#define SIZE (2 * MB)
#define NAME "lectern"

static struct mmuscope_share_create ask(unsigned int shift)
{
	struct mmuscope_share_create ask = share_ask(SIZE, shift);

	ask.flags = MMUSCOPE_SHARE_READONLY_OTHERS;
	ask.mode = 0666;
	strcpy(ask.name, NAME);
	return ask;
}

static void others(unsigned int shift)
{
	struct mmuscope_share_create a = ask(shift);
	struct peer maker, other;

	peer_start(&maker);
	peer_start(&other);
	if (peer_create(&maker, &a) || peer_map(&maker, RW) < 0 || peer_write(&maker, 5, 55))
		tap_bail("no share");
	tap_ok(peer_open(&other, NAME, 0) == -EACCES, "opened by another: EACCES");
	tap_ok(!peer_open(&other, NAME, MMUSCOPE_SHARE_READONLY), "for reading: goes");
	tap_ok(peer_map(&other, RW) == -EACCES && peer_map(&other, PROT_READ) > 0 &&
	       peer_read(&other, 5) == 55, "and is read");
	/* The descriptor of its maker can be written, but not by this one. */
	tap_ok(!peer_pass(&maker, &other) && peer_map(&other, RW) == -EACCES &&
	       peer_map(&other, PROT_WRITE) == -EACCES, "mapped by its maker's descriptor: EACCES");
	tap_ok(peer_map(&other, PROT_READ) > 0 && peer_read(&other, 5) == 55,
	       "for reading: goes");
	tap_ok(peer_seal(&other, MMUSCOPE_SEAL_WRITE) == -EPERM, "sealed by another: EPERM");
	tap_ok(!peer_open(&maker, NAME, 0) && peer_map(&maker, RW) > 0 &&
	       !peer_write(&maker, 5, 56) && peer_read(&other, 5) == 56,
	       "its maker may open and write it");
	peer_exit(&other);
	/* Its maker gone, nobody writes. */
	peer_start(&other);
	peer_pass(&maker, &other);
	peer_kill(&maker);
	tap_ok(peer_map(&other, RW) == -EACCES && peer_map(&other, PROT_READ) > 0 &&
	       peer_read(&other, 5) == 56, "its maker dead: EACCES");
	peer_exit(&other);
	tap_ok(holdings_gone(), "nothing is left");
}

/* 0, or which of the expectations a child did not meet. */
static int in_child(int fd, unsigned int *writable, unsigned int *readable)
{
	unsigned char there;

	if (!mincore(writable, 4096, &there) || errno != ENOMEM)
		return 1;
	if (*readable != 7)
		return 2;
	if (!mprotect(readable, SIZE, RW) || errno != EACCES)
		return 3;
	if (share_map_error(fd, NULL, SIZE, RW, MAP_SHARED, 0) != EACCES)
		return 4;
	if (share_map_error(fd, NULL, SIZE, PROT_READ, MAP_SHARED, 0))
		return 5;
	return 0;
}

static void child(void)
{
	struct mmuscope_share_create a = ask(0);
	int fd = share_create(&a), readonly = share_open(NAME, MMUSCOPE_SHARE_READONLY), status;
	unsigned int *writable = (void *)share_words(fd, SIZE);
	unsigned int *readable = share_map(readonly, SIZE, PROT_READ);
	pid_t pid;

	writable[0] = 7;
	tap_ok(madvise(writable, SIZE, MADV_DOFORK) && errno == EINVAL,
	       "inheritance cannot be asked for: EINVAL");
	mprotect(writable, SIZE, PROT_READ);
	pid = fork();
	if (!pid)
		_exit(in_child(fd, writable, readable));
	waitpid(pid, &status, 0);
	tap_ok(!status, "a child has the mappings that only read: %d", WEXITSTATUS(status));
	mprotect(writable, SIZE, RW);
	writable[1] = 8;
	tap_ok(readable[1] == 8, "its parent goes on");
	munmap(writable, SIZE);
	munmap(readable, SIZE);
	close(fd);
	close(readonly);
}

static void *map_in_thread(void *fd)
{
	return (void *)(long)share_map_error(*(int *)fd, NULL, SIZE, RW, MAP_SHARED, 0);
}

static void thread(void)
{
	struct mmuscope_share_create a = ask(0);
	int fd = share_create(&a);
	pthread_t thread;
	void *err;

	pthread_create(&thread, NULL, map_in_thread, &fd);
	pthread_join(thread, &err);
	tap_ok(!err, "a thread of its maker maps it writable");
	close(fd);
}

int main(void)
{
	others(0);
	others(LARGE_SHIFT);
	child();
	thread();
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
