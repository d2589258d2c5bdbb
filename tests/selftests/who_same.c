// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who maps a frame is what pagemap says of all processes: by the reverse map,
 * by a scan, in one call and in many, for memory of every kind.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "tap.h"
#include "target.h"
#include "text.h"
#include "who.h"

#define ANON	MMUSCOPE_METHOD_ANON
#define FILE_	MMUSCOPE_METHOD_FILE
#define SCAN	MMUSCOPE_METHOD_SCAN
#define KSM	"/sys/kernel/mm/ksm/"

struct story {
	const char *name;
	target_build build;
	unsigned int method;
	size_t step;		/* from one frame to the next that is asked of */
	size_t mappers;		/* a frame has at least */
};

static int device;

static int done[2];

static int __attribute__((noreturn)) rest(void *unused)
{
	(void)unused;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(done[1], "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* Children that share what was built, and rest until their parent dies. */
static struct span forked(struct span span, int children)
{
	char byte;

	if (pipe(done))
		target_cannot("pipe: %m");
	while (children--) {
		if (!fork()) {
			memory_peek(span);
			rest(NULL);
		}
		if (read(done[0], &byte, 1) != 1)
			target_cannot("a child died");
	}
	return span;
}

static struct span small(void)
{
	return forked(memory_touched(memory_small(256 * KB)), 3);
}

static struct span alone(void)
{
	return memory_touched(memory_small(256 * KB));
}

static struct span huge(void)
{
	return forked(memory_huge(4 * MB), 2);
}

static struct span huge_split(void)
{
	struct span span = memory_huge(4 * MB);

	forked(span, 1);
	mprotect(span_at(span, 64 * KB), 64 * KB, PROT_READ);
	memory_touch(span_part(span, 2 * MB, MB), 4096);
	return span;
}

static struct span shmem(void)
{
	int fd = memfd_create("who", 0);
	struct span span;
	char *part;

	if (fd < 0 || ftruncate(fd, MB))
		target_cannot("memfd: %m");
	span = memory_map(MB, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	memory_touch(span, 4096);
	memory_peek(memory_map(MB, 4096, PROT_READ, MAP_PRIVATE, fd));
	/* The middle of it once more, from another page on. */
	part = mmap(NULL, 256 * KB, PROT_READ, MAP_SHARED, fd, 512 * KB);
	if (part == MAP_FAILED)
		target_cannot("mmap: %m");
	for (size_t at = 0; at < 256 * KB; at += 4096)
		(void)*(volatile char *)(part + at);
	return forked(span, 2);
}

static struct span file(void)
{
	int fd = open("/dev/ram0", O_RDONLY);
	struct span span;

	if (fd < 0)
		target_cannot("/dev/ram0: %m");
	span = memory_map(256 * KB, 4096, PROT_READ, MAP_PRIVATE, fd);
	memory_peek(span);
	return forked(span, 2);
}

/* Every other page is a copy of the process' own, found by the file's index. */
static struct span copied(void)
{
	int fd = memory_file("/tmp", 256 * KB);
	struct span span = memory_map(256 * KB, 4096, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE, fd);

	memory_touch(span, 8192);
	return forked(span, 2);
}

static struct span moved(void)
{
	struct span span = alone(), room = memory_small(MB);
	void *to = mremap(span_at(span, 0), 256 * KB, 256 * KB,
			  MREMAP_MAYMOVE | MREMAP_FIXED, span_at(room, 64 * KB));

	if (to == MAP_FAILED)
		target_cannot("mremap: %m");
	return span_part(room, 64 * KB, 256 * KB);
}

static struct span hugetlb(int flags)
{
	struct span span = memory_map(4 * MB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_HUGETLB | MAP_ANONYMOUS | flags, -1);

	memory_touch(span, 2 * MB);
	return forked(span, 2);
}

static struct span hugetlb_private(void)
{
	return hugetlb(MAP_PRIVATE);
}

static struct span hugetlb_shared(void)
{
	return hugetlb(MAP_SHARED);
}

/* A process, not a thread, that has the same memory. */
static struct span shared_mm(void)
{
	static char stack[16384];
	struct span span = forked(alone(), 1);

	if (clone(rest, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL) < 0)
		target_cannot("clone: %m");
	return span;
}

static struct span merged(void)
{
	struct span span = memory_small(256 * KB);

	memset(span_at(span, 0), 'w', 256 * KB);
	memory_advise(span, MADV_MERGEABLE);
	text_write(KSM "pages_to_scan", "10000");
	text_write(KSM "sleep_millisecs", "1");
	if (text_write(KSM "run", "1"))
		target_cannot("this kernel has no KSM");
	for (int i = 0; i < 100 && text_number(KSM "pages_sharing") < 63; i++)
		usleep(100000);
	text_write(KSM "run", "0");
	return forked(span, 1);
}

static struct span zero(void)
{
	struct span span = memory_small(64 * KB);

	memory_peek(span);
	return forked(span, 1);
}

static struct span huge_zero(void)
{
	struct span span = memory_anon(2 * MB);

	memory_advise(span, MADV_HUGEPAGE);
	memory_peek(span);
	return forked(span, 1);
}

static bool ask(const struct story *s, const struct census *census, uint64_t pfn,
		uint64_t flags, size_t room, unsigned long *mappers)
{
	struct who who;
	int err = who_ask(&who, device, pfn, flags, room);
	bool same;

	if (err)
		tap_bail("%s: mappers of %lx: %s", s->name, pfn, strerror(-err));
	same = census_same(census, pfn, &who);
	if (who.method != (flags ? SCAN : s->method) || who.status) {
		tap_note("frame %lx: method %u, status %lx", pfn, who.method, who.status);
		same = false;
	}
	if (who.nr < s->mappers) {
		tap_note("frame %lx: %zu mappers, %zu expected", pfn, who.nr, s->mappers);
		same = false;
	}
	*mappers += who.nr;
	who_free(&who);
	return same;
}

static void tell(const struct story *s)
{
	unsigned long frames = 0, mappers = 0, differ = 0;
	struct census census;
	struct target t;

	if (!target_start(&t, s->build, NULL)) {
		tap_skip(s->name, "%s", t.why);
		return;
	}
	census_take(&census);
	for (unsigned long at = t.span.start; at < t.span.end; at += s->step) {
		uint64_t pfn = frames_behind(t.pid, at);

		frames++;
		differ += !pfn || !ask(s, &census, pfn, 0, 4096, &mappers);
		differ += !ask(s, &census, pfn, 0, 1, &mappers);
		if (frames > 4)
			continue;
		differ += !ask(s, &census, pfn, MMUSCOPE_MAPPERS_SCAN, 4096, &mappers);
		differ += !ask(s, &census, pfn, MMUSCOPE_MAPPERS_SCAN, 1, &mappers);
	}
	tap_note("%s: %lu frames, %lu mappers told, %lu answers differ", s->name, frames,
		 mappers, differ);
	tap_ok(frames && !differ, "%s", s->name);
	census_free(&census);
	target_stop(&t);
}

int main(void)
{
	static const struct story stories[] = {
		{ "anonymous", alone, ANON, 4096, 1 },
		{ "shared by fork", small, ANON, 4096, 4 },
		{ "huge pages", huge, ANON, 124 * KB, 3 },
		{ "huge pages, split and copied", huge_split, ANON, 60 * KB, 1 },
		{ "shared memory, mapped more than once", shmem, FILE_, 28 * KB, 4 },
		{ "a file", file, FILE_, 16 * KB, 3 },
		{ "copies of a file's pages", copied, ANON, 8192, 3 },
		{ "moved", moved, ANON, 4096, 1 },
		{ "hugetlb, private", hugetlb_private, ANON, 508 * KB, 3 },
		{ "hugetlb, shared", hugetlb_shared, FILE_, 508 * KB, 3 },
		{ "processes with the same memory", shared_mm, ANON, 4096, 3 },
		{ "merged by KSM", merged, SCAN, 64 * KB, 100 },
		{ "the zero page", zero, SCAN, 32 * KB, 32 },
		{ "the huge zero page", huge_zero, SCAN, 1020 * KB, 2 },
	};

	device = device_open();
	for (size_t i = 0; i < sizeof(stories) / sizeof(*stories); i++)
		tell(&stories[i]);
	return tap_done();
}
