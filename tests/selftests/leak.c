// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading leaves nothing behind: no memory after hundreds of reads, whole
 * or broken off, and no process or address space that cannot go.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "meminfo.h"
#include "tap.h"
#include "target.h"
#include "text.h"

enum { ROUNDS = 200, LIVES = 100 };

static const char * const files[] = { "maps", "pagetable", "summary" };

/* Live objects of a slab cache. */
static long objects(const char *cache)
{
	long n;
	char *text;

	if (text_slurp("/proc/slabinfo", &text) < 0)
		return -1;
	n = text_field(text, cache);
	text_free(text);
	return n;
}

static struct span built(void)
{
	struct span span = memory_small(256 * KB);

	memory_touch(span, 8192);
	return span;
}

static void read_all(pid_t pid, int round)
{
	char *text, byte;
	int fd;

	for (int i = 0; i < 3; i++) {
		text_pid(pid, files[i], &text);
		text_free(text);
		/* Broken off, or opened in vain. */
		fd = text_open(pid, files[i]);
		if (round % 2 && read(fd, &byte, 1) != 1)
			tap_bail("cannot read %s", files[i]);
		close(fd);
	}
}

/* By how much unreclaimable slab grows, and available memory shrinks, in kB. */
static void cost_of_reads(pid_t pid, long *slab, long *available)
{
	meminfo_shrink();
	*slab = -meminfo("SUnreclaim");
	*available = meminfo("MemAvailable");
	for (int i = 0; i < ROUNDS; i++)
		read_all(pid, i);
	meminfo_shrink();
	*slab += meminfo("SUnreclaim");
	*available -= meminfo("MemAvailable");
	tap_note("%d reads: slab grew by %ld kB, available memory shrank by %ld kB",
		 ROUNDS * 6, *slab, *available);
}

/* What is lost is lost every time; what the kernel keeps for itself is not. */
static void memory_after_reads(void)
{
	long slab, available, least_slab = LONG_MAX, least_available = LONG_MAX;
	struct target t;

	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	for (int i = 0; i < 20; i++)
		read_all(t.pid, i);
	for (int i = 0; i < 3 && (least_slab >= 256 || least_available >= 4096); i++) {
		cost_of_reads(t.pid, &slab, &available);
		least_slab = slab < least_slab ? slab : least_slab;
		least_available = available < least_available ? available : least_available;
	}
	tap_ok(least_slab < 256, "slab does not grow");
	tap_ok(least_available < 4096, "available memory does not shrink");
	target_stop(&t);
}

/* A process that is read until it has gone. */
static void one_life(int round)
{
	int fds[3];
	struct target t;
	char byte;

	target_start(&t, target_idle, NULL);
	for (int i = 0; i < 3; i++)
		fds[i] = text_open(t.pid, files[i]);
	if (round % 2 && read(fds[round % 3], &byte, 1) != 1)
		tap_bail("cannot read");
	target_stop(&t);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}

static void processes_after_reads(void)
{
	static const char * const caches[] = { "mm_struct", "task_struct", "pid" };
	long before[3], grown[3];
	bool ok = true;

	for (int i = 0; i < 20; i++)
		one_life(i);
	meminfo_shrink();
	for (int i = 0; i < 3; i++)
		before[i] = objects(caches[i]);
	for (int i = 0; i < LIVES; i++)
		one_life(i);
	/* What RCU frees takes a moment. */
	for (int tries = 0; tries < 20; tries++) {
		ok = true;
		meminfo_shrink();
		for (int i = 0; i < 3; i++) {
			grown[i] = objects(caches[i]) - before[i];
			ok &= before[i] > 0 && grown[i] < LIVES / 2;
		}
		if (ok)
			break;
		usleep(100000);
	}
	tap_note("%d processes: %ld mm_struct, %ld task_struct, %ld pid more", LIVES,
		 grown[0], grown[1], grown[2]);
	tap_ok(ok, "no process stays");
}

int main(void)
{
	memory_after_reads();
	processes_after_reads();
	return tap_done();
}
