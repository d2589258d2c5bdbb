// SPDX-License-Identifier: GPL-2.0-only
/*
 * A share with a name: who may open it is as with a file of that owner and mode,
 * who may remove it too; a name is there once, goes with the last user unless it
 * is to be kept, and is free again as soon as it is removed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "memory.h"
#include "share.h"
#include "tap.h"

#define NAME "scratch"

static int device;

static int named(unsigned long cmd, const char *name, uint64_t flags)
{
	struct mmuscope_share_open args = { .flags = flags };
	int ret;

	/* REMOVE has the beginning of it. */
	args.size = cmd == MMUSCOPE_IOC_SHARE_OPEN ? sizeof(args) :
		    sizeof(struct mmuscope_share_remove);
	memcpy(args.name, name, strnlen(name, sizeof(args.name) - 1));
	ret = device_ioctl(device, cmd, &args);
	if (ret > 0)
		close(ret);
	return ret;
}

static int opened(const char *name, uint64_t flags)
{
	return named(MMUSCOPE_IOC_SHARE_OPEN, name, flags);
}

static int removed(const char *name)
{
	return named(MMUSCOPE_IOC_SHARE_REMOVE, name, 0);
}

static const struct caller {
	const char *name;
	unsigned int uid, gid;
} callers[] = {
	{ "root", 0, 0 }, { "owner", 1000, 1000 }, { "of the group", 2000, 1000 },
	{ "other", 3000, 3000 },
};

enum { CALLERS = sizeof(callers) / sizeof(*callers) };

static bool become(const struct caller *c)
{
	return !setgroups(0, NULL) && !setresgid(c->gid, c->gid, c->gid) &&
	       !setresuid(c->uid, c->uid, c->uid);
}

/* What somebody says of it, from 0 to 97. */
static int play(const struct caller *c, int (*body)(void))
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		_exit(become(c) ? body() : 99);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Bit 0: cannot read, 1: cannot write, 2 and 3: nor the file. */
static int rights(void)
{
	int r = opened(NAME, MMUSCOPE_SHARE_READONLY), w = opened(NAME, 0);
	int fr = open("/tmp/" NAME, O_RDONLY), fw = open("/tmp/" NAME, O_RDWR);

	if ((r < 0 && r != -EACCES) || (w < 0 && w != -EACCES))
		return 98;
	return (r < 0) | (w < 0) << 1 | (fr < 0) << 2 | (fw < 0) << 3;
}

static unsigned int mode;

static int make_both(void)
{
	int fd = share_keep(NAME, 64 * KB, mode);
	int file = open("/tmp/" NAME, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	return fchmod(file, mode) || fd < 0;
}

static int remove_it(void)
{
	int err = removed(NAME);

	return err && err != -EACCES ? 98 : !!err;
}

/* Opened for reading and for both; a file of that mode is the oracle. */
static void modes(void)
{
	unsigned long cases = 0, bad = 0, denied = 0;
	int said;

	/* Read and write, for each of the three; a choice, but all of each. */
	for (unsigned int rw = 0; rw < 64; rw += 3) {
		mode = (rw >> 4) << 7 | (rw >> 2 & 3) << 4 | (rw & 3) << 1;
		if (play(&callers[1], make_both))
			tap_bail("cannot make a share of mode %o", mode);
		for (int i = 0; i < CALLERS; i++) {
			said = play(&callers[i], rights);
			cases++;
			denied += !!said;
			if ((said & 3) == said >> 2)
				continue;
			bad++;
			tap_note("mode %o, %s: %d", mode, callers[i].name, said);
		}
		unlink("/tmp/" NAME);
		if (removed(NAME))
			tap_bail("cannot remove");
	}
	tap_ok(!bad && cases == 22 * CALLERS && denied > 22,
	       "opened as a file is: %lu cases, %lu denied", cases, denied);
}

static void removers(void)
{
	static const int due[CALLERS] = { 0, 0, 1, 1 };

	for (int i = CALLERS - 1; i >= 0; i--) {
		mode = 0666;
		play(&callers[1], make_both);
		unlink("/tmp/" NAME);
		tap_ok(play(&callers[i], remove_it) == due[i], "removed by %s: %s",
		       callers[i].name, due[i] ? "EACCES" : "goes");
		removed(NAME);
	}
}

/* One name, one share; gone with the last user, or not. */
static void once(void)
{
	struct mmuscope_share_create ask = share_ask(64 * KB, 0);
	struct mmuscope_share_info info;
	int a, b, c;

	strcpy(ask.name, NAME);
	a = share_create(&ask);
	tap_ok(share_create(&ask) == -EEXIST, "the name is taken: EEXIST");
	b = share_open(NAME, 0);
	close(a);
	tap_ok(b > 0 && share_create(&ask) == -EEXIST, "as long as somebody has it");
	close(b);
	tap_ok(opened(NAME, 0) == -ENOENT, "and not longer: ENOENT");
	ask.flags = MMUSCOPE_SHARE_KEEP;
	a = share_create(&ask);
	*share_words(a, 64 * KB) = 42;
	munmap((void *)share_words(a, 64 * KB), 64 * KB);
	close(a);
	a = share_open(NAME, 0);
	tap_ok(a > 0 && *share_words(a, 64 * KB) == 42, "kept, it is there without users");
	tap_ok(!removed(NAME) && opened(NAME, 0) == -ENOENT, "removed, it is not found");
	tap_ok(removed(NAME) == -ENOENT, "nor removed again");
	b = share_create(&ask);
	c = share_open(NAME, 0);
	tap_ok(b > 0 && share_info(b).id == share_info(c).id &&
	       share_info(b).id != share_info(a).id && *share_words(c, 64 * KB) == 0,
	       "its name is free at once, for another one");
	info = share_info(a);
	tap_ok(!info.name[0] && !(info.flags & MMUSCOPE_SHARE_KEEP) &&
	       *share_words(a, 64 * KB) == 42, "who has the old one goes on");
	close(a);
	close(b);
	close(c);
	tap_ok(!removed(NAME), "and the other goes too");
}

static void told(void)
{
	struct mmuscope_share_create ask = share_ask(6 * MB, LARGE_SHIFT);
	struct mmuscope_share_info info;
	int fd;

	ask.flags = MMUSCOPE_SHARE_KEEP | MMUSCOPE_SHARE_READONLY_OTHERS;
	ask.mode = 0642;
	memset(ask.name, 'n', sizeof(ask.name) - 1);
	fd = share_create(&ask);
	share_seal(fd, MMUSCOPE_SEAL_FUTURE_WRITE);
	info = share_info(fd);
	tap_ok(info.flags == ask.flags && info.bytes == 6 * MB && info.mode == 0642 &&
	       info.page_shift == LARGE_SHIFT && info.memtype == MMUSCOPE_MEMTYPE_WB &&
	       info.seals == MMUSCOPE_SEAL_FUTURE_WRITE && !strcmp(info.name, ask.name),
	       "INFO says what it is");
	close(fd);
	fd = share_open(ask.name, MMUSCOPE_SHARE_READONLY);
	tap_ok(share_info(fd).flags == (ask.flags | MMUSCOPE_SHARE_READONLY),
	       "and that this descriptor is read-only");
	tap_ok(share_map_error(fd, NULL, 6 * MB, PROT_WRITE, MAP_SHARED, 0) == EACCES,
	       "which cannot be mapped writable: EACCES");
	close(fd);
	removed(ask.name);
}

/* Mapped by the call itself. */
static void mapped_at_once(void)
{
	struct mmuscope_share_create ask = share_ask(4 * MB, LARGE_SHIFT);
	struct mmuscope_share_open args = { .size = sizeof(args), .name = NAME };
	volatile unsigned int *a, *b, *c;
	int fd, again;

	strcpy(ask.name, NAME);
	ask.flags = MMUSCOPE_SHARE_MAP;
	fd = device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &ask);
	a = (void *)ask.addr;
	args.flags = MMUSCOPE_SHARE_MAP;
	again = device_ioctl(device, MMUSCOPE_IOC_SHARE_OPEN, &args);
	b = (void *)args.addr;
	a[0] = 11;
	b[MB - 1] = 12;
	tap_ok(fd > 0 && again > 0 && b[0] == 11 && a[MB - 1] == 12 && args.bytes == 4 * MB,
	       "MAP: mapped by CREATE and by OPEN");
	close(again);
	args.flags = MMUSCOPE_SHARE_MAP | MMUSCOPE_SHARE_READONLY;
	again = device_ioctl(device, MMUSCOPE_IOC_SHARE_OPEN, &args);
	c = (void *)args.addr;
	tap_ok(again > 0 && c[0] == 11 && mprotect((void *)c, 4 * MB, PROT_WRITE) &&
	       errno == EACCES, "MAP: read only");
	munmap((void *)a, 4 * MB);
	munmap((void *)b, 4 * MB);
	munmap((void *)c, 4 * MB);
	close(again);
	args.flags = 0;
	again = device_ioctl(device, MMUSCOPE_IOC_SHARE_OPEN, &args);
	tap_ok(again > 0 && !args.addr, "without MAP there is no address");
	close(again);
	close(fd);
}

int main(void)
{
	chmod("/tmp", 0777);
	chmod("/dev/mmuscope", 0666);
	umask(0);
	device = device_open();
	modes();
	removers();
	once();
	told();
	mapped_at_once();
	tap_ok(opened("nobody", 0) == -ENOENT, "no such share: ENOENT");
	chmod("/dev/mmuscope", 0600);
	return tap_done();
}
