// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who maps a frame for all the time that one asks is told, however many
 * processes are forked, exit, map and unmap it meanwhile. who_churn [SECONDS]
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "memory.h"
#include "tap.h"
#include "who.h"

enum { STAY = 4, CHURN = 2, PAGES = 64 };

static struct span anon, shared;
static int memfd;
static pid_t stay[STAY + CHURN + 1];
static unsigned long queries, mappers, scans, busy, missing, changed, most;

static void child(unsigned int *seed)
{
	void *p = mmap(NULL, PAGES * 4096, PROT_READ, MAP_SHARED, memfd, 0);
	int page = rand_r(seed) % PAGES;

	if (p != MAP_FAILED)
		(void)*(volatile char *)(p + page * 4096);
	if (rand_r(seed) % 2)
		munmap(p, PAGES * 4096);
	if (rand_r(seed) % 4)
		*(volatile char *)span_at(anon, page * 4096) = 1;
	_exit(0);
}

static void churn(unsigned int seed)
{
	pid_t pid[4];

	for (;;) {
		for (int i = 0; i < 4; i++) {
			rand_r(&seed);
			pid[i] = fork();
			if (!pid[i])
				child(&seed);
		}
		for (int i = 0; i < 4; i++)
			if (pid[i] > 0)
				waitpid(pid[i], NULL, 0);
	}
}

static void start(void)
{
	stay[0] = getpid();
	for (int i = 1; i <= STAY + CHURN; i++) {
		stay[i] = fork();
		if (stay[i])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		memory_peek(shared);
		if (i > STAY)
			churn(i);
		for (;;)
			pause();
	}
	usleep(200000);
}

static void ask(int device, struct span span, int page, uint64_t flags)
{
	unsigned long addr = span.start + page * 4096;
	uint64_t pfn = frames_behind(getpid(), addr);
	struct who who;
	int err = who_ask(&who, device, pfn, flags, 4096);

	if (err)
		tap_bail("mappers of %lx: %s", pfn, strerror(-err));
	queries++;
	scans += who.method == MMUSCOPE_METHOD_SCAN;
	mappers += who.nr;
	most = who.nr > most ? who.nr : most;
	changed += !!(who.status & ~MMUSCOPE_MAPPERS_BUSY);
	busy += !!(who.status & MMUSCOPE_MAPPERS_BUSY);
	for (int i = 0; i <= STAY + CHURN && !who.status; i++) {
		if (who_has(&who, stay[i], addr, 4096))
			continue;
		if (missing++ < 5)
			tap_note("%d at %lx is missing among %zu, method %u", stay[i], addr,
				 who.nr, who.method);
	}
	who_free(&who);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 8);
	int device = device_open();
	unsigned int seed = 1;

	memfd = memfd_create("churn", 0);
	if (ftruncate(memfd, PAGES * 4096))
		tap_bail("ftruncate: %m");
	shared = memory_map(PAGES * 4096, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memfd);
	memory_touch(shared, 4096);
	anon = memory_touched(memory_small(PAGES * 4096));
	start();
	while (time(NULL) < end || queries < 64) {
		uint64_t flags = rand_r(&seed) % 16 ? 0 : MMUSCOPE_MAPPERS_SCAN;

		ask(device, rand_r(&seed) % 2 ? anon : shared, rand_r(&seed) % PAGES, flags);
	}
	for (int i = 1; i <= STAY + CHURN; i++)
		kill(stay[i], SIGKILL);
	tap_note("%lu queries, %lu of them scans, %lu mappers, at most %lu; "
		 "%lu busy, %lu changed, %lu missing",
		 queries, scans, mappers, most, busy, changed, missing);
	tap_ok(queries >= 64 && scans && !missing, "who is there all the time is told");
	tap_ok(!changed && busy * 10 < queries, "and that is all, as it says");
	return tap_done();
}
