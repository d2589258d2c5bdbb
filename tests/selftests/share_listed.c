// SPDX-License-Identifier: GPL-2.0-only
/*
 * HOLDINGS and debugfs' mappings say who has what, where and since when: to who
 * may know all of all, to others of what they made; in one call or in many.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "memory.h"
#include "peer.h"
#include "share.h"
#include "tap.h"
#include "text.h"

#define RW (PROT_READ | PROT_WRITE)
#define MAPPINGS MMUSCOPE "/mappings"

enum { MANY = 60, MAX = 256 };

static struct mmuscope_holding h[MAX];

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void one(void)
{
	uint64_t before = now();
	int fd = share_keep("listed", 64 * KB, 0640), again = dup(fd);
	struct mmuscope_share_info info = share_info(fd);
	char *p = mmap(NULL, 8192, RW, MAP_SHARED, fd, 12288);
	char *text, line[200];

	tap_ok(holdings(h, MAX, 0) == 1 && h[0].id == info.id &&
	       h[0].kind == MMUSCOPE_HOLDING_SHARE && h[0].bytes == 64 * KB && !h[0].phys &&
	       h[0].flags == MMUSCOPE_SHARE_KEEP && h[0].mode == 0640 && h[0].files == 1 &&
	       h[0].page_shift == 12 && h[0].memtype == MMUSCOPE_MEMTYPE_WB &&
	       !strcmp(h[0].name, "listed"), "what it is");
	tap_ok(h[0].start == (uintptr_t)p && h[0].end == (uintptr_t)p + 8192 &&
	       h[0].offset == 12288, "where it is mapped");
	tap_ok(h[0].pid == (unsigned int)getpid() && h[0].opener == h[0].pid &&
	       !h[0].opener_uid && !strcmp(h[0].comm, "share_listed"), "by whom");
	tap_ok(h[0].since > before && h[0].since < now(), "since when");
	text_slurp(MAPPINGS, &text);
	snprintf(line, sizeof(line),
		 "share %llu name listed size 65536 page 4096 memtype wb mode 0640 uid 0 "
		 "opener %d files 1 since %llu.%03llu flags keep\n"
		 "  %lx-%lx offset 3000 pid %d comm share_listed\n", info.id, getpid(),
		 h[0].since / 1000000000, h[0].since / 1000000 % 1000, (uintptr_t)p,
		 (uintptr_t)p + 8192, getpid());
	if (!tap_ok(text && !strcmp(text, line), "mappings says the same"))
		tap_note("%s", text);
	text_free(text);
	munmap(p, 8192);
	close(fd);
	close(again);
	tap_ok(holdings(h, MAX, 0) == 1 && !h[0].end && !h[0].pid && !h[0].files &&
	       h[0].opener == (unsigned int)getpid() && !strcmp(h[0].comm, "share_listed"),
	       "kept, without users");
	tap_ok(!holdings(h, MAX, MMUSCOPE_HOLDING_MMIO), "it is no window");
	share_remove("listed");
	tap_ok(!holdings(h, MAX, 0), "removed, it is not listed");
}

/* All of it again, in calls with room for @room elements each. */
static bool in_parts(size_t room, int due, size_t size)
{
	struct mmuscope_holdings args = { .size = sizeof(args), .vec_len = room,
					  .vec_size = size };
	char *vec = malloc(room * size);
	int device = device_open(), got = 0;
	bool ok = true;

	args.vec = (uintptr_t)vec;
	do {
		memset(vec, 0xa5, room * size);
		if (device_ioctl(device, MMUSCOPE_IOC_HOLDINGS, &args) || args.nr > room)
			ok = false;
		for (size_t i = 0; ok && i < args.nr; i++, got++)
			ok = got < due && !memcmp(vec + i * size, &h[got], sizeof(*h)) &&
			     (size == sizeof(*h) || !vec[(i + 1) * size - 1]);
	} while (ok && args.id);
	free(vec);
	close(device);
	return ok && got == due;
}

static unsigned long lines(const char *text, const char *start)
{
	unsigned long nr = 0;

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		nr += !strncmp(at, start, strlen(start));
		if (!*at)
			break;
	}
	return nr;
}

/* Shares with no mapping, one, and more than a page of the kernel has room for. */
static void many(void)
{
	static const size_t rooms[] = { 1, 2, 3, 7, 22, 23, 24, 100 };
	int fd[4], nr;
	bool ok = true;
	char *text;

	for (int i = 0; i < 4; i++) {
		fd[i] = share_new(64 * KB, 0);
		for (int j = 0; j < (i == 1 ? 1 : i == 2 ? MANY : 0); j++)
			share_words(fd[i], 4096);
	}
	nr = holdings(h, MAX, 0);
	tap_ok(nr == MANY + 3 && !h[0].end && h[1].end && h[2].end && h[1].id != h[2].id &&
	       h[MANY + 1].end && h[2].id == h[MANY + 1].id && !h[MANY + 2].end,
	       "%d mappings, and shares without", MANY + 1);
	for (size_t i = 0; i < sizeof(rooms) / sizeof(*rooms); i++)
		ok &= in_parts(rooms[i], nr, sizeof(*h)) && in_parts(rooms[i], nr, sizeof(*h) + 64);
	tap_ok(ok, "in parts they are the same");
	text_slurp(MAPPINGS, &text);
	tap_ok(lines(text, "share ") == 4 && lines(text, "  ") == MANY + 1 &&
	       lines(text, "") == MANY + 6, "mappings has each share once, each mapping once");
	text_free(text);
	text_read(open(MAPPINGS, O_RDONLY | O_CLOEXEC), 1, &text);
	tap_ok(lines(text, "share ") == 4 && lines(text, "  ") == MANY + 1,
	       "read byte by byte, too");
	text_free(text);
	for (int i = 0; i < nr; i++)
		munmap((void *)h[i].start, h[i].end - h[i].start);
	for (int i = 0; i < 4; i++)
		close(fd[i]);
}

static void in_a_child(void)
{
	struct mmuscope_share_create ask = share_ask(64 * KB, 0);
	struct peer a, b;
	int nr;

	peer_start(&a);
	peer_start(&b);
	peer_create(&a, &ask);
	peer_map(&a, RW);
	peer_pass(&a, &b);
	peer_map(&b, PROT_READ);
	nr = holdings(h, MAX, MMUSCOPE_HOLDING_SHARE);
	tap_ok(nr == 2 && h[0].id == h[1].id && h[0].pid + h[1].pid == 0U + a.pid + b.pid &&
	       h[0].pid != h[1].pid && h[0].opener == (unsigned int)a.pid, "mapped by two");
	peer_kill(&a);
	nr = holdings(h, MAX, 0);
	tap_ok(nr == 1 && h[0].pid == (unsigned int)b.pid && !h[0].opener,
	       "who made it is gone, and so is its number");
	peer_exit(&b);
}

static bool sees_his(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(setresuid(1000, 1000, 1000) || holdings(h, MAX, 0) != 1 ||
		      strcmp(h[0].name, "his") || h[0].end || h[0].pid);
	waitpid(pid, &status, 0);
	return !status;
}

/* Others' are not told of to who may not know. */
static void by_user(void)
{
	int fd = share_new(64 * KB, 0);
	struct mmuscope_share_create ask = share_ask(64 * KB, 0);
	struct peer user;

	chmod("/dev/mmuscope", 0666);
	strcpy(ask.name, "his");
	peer_start(&user);
	peer_become(&user, 1000);
	peer_create(&user, &ask);
	peer_map(&user, RW);
	tap_ok(holdings(h, MAX, 0) == 2 && h[1].opener_uid == 1000, "root is told of both");
	tap_ok(sees_his(), "a user of his own, not of another's mapping of it");
	chmod("/dev/mmuscope", 0600);
	peer_exit(&user);
	close(fd);
}

int main(void)
{
	one();
	many();
	in_a_child();
	by_user();
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
