// SPDX-License-Identifier: GPL-2.0-only
/*
 * All frames of the machine, again and again, while processes map, free, fork,
 * page out, collapse and split: what is told of a frame is always one thing, and
 * goes together. frame_race [SECONDS]
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

enum { CHUNK = 1024, CHURN = 3, HOT = 16, HOT_FRAMES = 256 };

static void child(struct span span)
{
	memory_touch(span_part(span, 0, MB), 4096);
	_exit(0);
}

static void churn(unsigned int seed)
{
	for (;;) {
		struct span span = memory_anon(4 * MB);
		int fd = memory_file("/tmp", 256 * KB);
		pid_t pid;

		madvise(span_at(span, 0), 4 * MB, rand_r(&seed) % 2 ? MADV_HUGEPAGE :
								      MADV_NOHUGEPAGE);
		memory_touch(span, 4096);
		pid = fork();
		if (!pid)
			child(span);
		madvise(span_at(span, MB), 64 * KB, MADV_DONTNEED);
		madvise(span_at(span, 2 * MB), 64 * KB, MADV_PAGEOUT);
		if (pid > 0)
			waitpid(pid, NULL, 0);
		madvise(span_at(span, 0), 4 * MB, MADV_COLLAPSE);
		munmap(span_at(span, 0), 4 * MB);
		close(fd);
	}
}

static struct span hot;

/* The same few frames get free and used again, as fast as can be. */
static void churn_hot(void)
{
	for (;;) {
		memory_touch(hot, 4096);
		madvise(span_at(hot, 0), HOT * 4096, MADV_DONTNEED);
	}
}

static unsigned long frames, changed, broken;

/* Returns how many frames of processes there are. */
static int judge(const struct mmuscope_frame *frame, int nr)
{
	int anon = 0;

	for (int i = 0; i < nr; i++) {
		const char *what = frames_wrong(&frame[i]);

		frames++;
		anon += frame[i].kind == MMUSCOPE_FRAME_ANON;
		changed += !!(frame[i].flags & MMUSCOPE_FRAME_CHANGED);
		if (what && broken++ < 10)
			tap_note("frame %llx, kind %u: %s: kpf %llx refs %lld maps %lld "
				 "order %u head %llx",
				 frame[i].pfn, frame[i].kind, what, frame[i].kpf,
				 frame[i].refcount, frame[i].mapcount, frame[i].order,
				 frame[i].head);
	}
	return anon;
}

static int look(int device, uint64_t pfn)
{
	static struct mmuscope_frame frame[CHUNK];

	if (frames_range(device, pfn, frame, CHUNK))
		tap_bail("cannot look at frames");
	return judge(frame, CHUNK);
}

/* At the frames that @pid had there of late, and at what they were. */
static void look_hot(int device, pid_t pid)
{
	static struct mmuscope_frame frame[HOT_FRAMES];
	static uint64_t pfn[HOT_FRAMES];
	static unsigned int nr;
	struct mmuscope_frames args = {
		.size = sizeof(args), .flags = MMUSCOPE_FRAMES_ARRAY,
		.vec = (uintptr_t)frame, .vec_len = HOT_FRAMES, .vec_size = sizeof(*frame),
	};

	for (unsigned long at = hot.start; at < hot.end; at += 4096) {
		uint64_t now = frames_behind(pid, at);

		if (now)
			pfn[nr++ % HOT_FRAMES] = now;
	}
	for (int i = 0; i < HOT_FRAMES; i++)
		frame[i].pfn = pfn[i];
	if (device_ioctl(device, MMUSCOPE_IOC_FRAMES, &args))
		tap_bail("cannot look at frames");
	judge(frame, HOT_FRAMES);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 8);
	int device = device_open();
	struct kpage last;
	pid_t pid[CHURN];
	uint64_t pfn = 0;

	hot = memory_small(HOT * 4096);
	for (int i = 0; i < CHURN; i++) {
		pid[i] = fork();
		if (pid[i])
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!i)
			churn_hot();
		churn(i);
	}
	while (time(NULL) < end || frames < 100000) {
		for (int i = 0; i < 200; i++)
			look_hot(device, pid[0]);
		/* Where something goes on it is worth to stay. */
		for (int i = 0; i < 20 && look(device, pfn); i++)
			;
		pfn = frames_kpage(pfn + CHUNK, &last, 1) ? pfn + CHUNK : 0;
	}
	for (int i = 0; i < CHURN; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	tap_note("%lu frames looked at, %lu changed meanwhile, %lu do not go together", frames,
		 changed, broken);
	tap_ok(frames >= 100000 && !broken, "what is told of a frame goes together");
	tap_ok(changed * 1000 < frames, "few frames do not come to rest");
	return tap_done();
}
