// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every frame of the machine: flags, mapcount and memory cgroup are those of
 * /proc/kpageflags, kpagecount and kpagecgroup. Frames move while one reads, so
 * the kernel is asked before and after, and a frame that it says two things of,
 * or that was caught moving, is looked at again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "memory.h"
#include "tap.h"
#include "text.h"

#define CHUNK 4096
#define TRIES 20
#define ORDER_2M 9

static int device;
static unsigned long equal, again, moving, differ, tails, kept;
static unsigned long kinds[MMUSCOPE_NR_FRAME_KINDS];
static uint64_t untrue;	/* flags that /proc/kpageflags has wrong */

/*
 * Until v6.5 kpagecgroup looks for the cgroup where a tail has none, and since v6.16
 * kpageflags says nothing of a hole (kpage_read(), fs/proc/page.c, v7.2).
 */
static bool same(const struct mmuscope_frame *f, const struct kpage *k)
{
	bool tail = f->kpf & KPF(COMPOUND_TAIL);
	uint64_t kpf = f->kpf;

	if (kpf == KPF(NOPAGE) && kernel_since(6, 16))
		kpf = 0;
	return !((kpf ^ k->flags) & ~untrue) && (uint64_t)f->mapcount == k->count &&
	       (f->memcg == k->cgroup || (tail && !k->cgroup));
}

static bool same_kpage(const struct kpage *a, const struct kpage *b)
{
	return a->flags == b->flags && a->count == b->count && a->cgroup == b->cgroup;
}

static void note(const struct mmuscope_frame *f, const struct kpage *k)
{
	if (differ++ < 10)
		tap_note("frame %llx, kind %u: kpf %llx mapcount %lld memcg %llu, "
			 "/proc has %lx %lu %lu",
			 f->pfn, f->kind, f->kpf, f->mapcount, f->memcg, k->flags,
			 k->count, k->cgroup);
}

static void look_again(uint64_t pfn)
{
	struct kpage before, after;
	struct mmuscope_frame f;

	for (int i = 0; i < TRIES; i++) {
		frames_kpage(pfn, &before, 1);
		f = frames_one(device, pfn);
		frames_kpage(pfn, &after, 1);
		if (same_kpage(&before, &after) && !(f.flags & MMUSCOPE_FRAME_CHANGED)) {
			again++;
			if (!same(&f, &before))
				note(&f, &before);
			return;
		}
	}
	moving++;
}

static void compare(uint64_t pfn, size_t nr, const struct mmuscope_frame *f,
		    const struct kpage *k)
{
	for (size_t i = 0; i < nr; i++) {
		kinds[f[i].kind]++;
		kept += f[i].kind == MMUSCOPE_FRAME_FREE && !(f[i].kpf & KPF(BUDDY));
		tails += !!(f[i].memcg && f[i].kpf & KPF(COMPOUND_TAIL));
		if (f[i].pfn == pfn + i && same(&f[i], &k[i]))
			equal++;
		else
			look_again(pfn + i);
	}
}

static uint64_t all(void)
{
	static struct mmuscope_frame frames[CHUNK];
	static struct kpage kpages[CHUNK];
	uint64_t pfn = 0;
	size_t nr;

	while ((nr = frames_kpage(pfn, kpages, CHUNK))) {
		if (frames_range(device, pfn, frames, nr))
			tap_bail("cannot look at frames");
		compare(pfn, nr, frames, kpages);
		pfn += nr;
	}
	return pfn;
}

/* Frames that processors keep free for themselves. */
static unsigned long kept_free(void)
{
	unsigned long nr, sum = 0;
	char *text, *at;

	if (text_slurp("/proc/zoneinfo", &text) < 0)
		tap_bail("no /proc/zoneinfo");
	for (at = text; (at = strstr(at, " count: ")); at++)
		if (sscanf(at, " count: %lu", &nr) == 1)
			sum += nr;
	text_free(text);
	return sum;
}

/* Something of each kind that takes making. */
static void make_kinds(void)
{
	struct span huge = memory_huge(8 * MB), zero = memory_anon(4 * MB);
	struct span hugetlb = memory_map(4 * MB, 2 * MB, PROT_READ | PROT_WRITE,
					 MAP_HUGETLB | MAP_ANONYMOUS | MAP_PRIVATE, -1);
	struct span shared = memory_map(MB, 4096, PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1);

	memory_touch(huge, 4096);
	memory_advise(zero, MADV_HUGEPAGE);
	memory_peek(zero);
	memory_touch(hugetlb, 2 * MB);
	memory_touch(memory_map(4 * MB, 2 * MB, PROT_READ | PROT_WRITE,
				MAP_HUGETLB | MAP_ANONYMOUS | MAP_SHARED, -1), 2 * MB);
	memory_touch(shared, 4096);
	mlock(span_at(shared, 0), MB);
	memory_file("/tmp", MB);
	memory_peek(memory_map(MB, 4096, PROT_READ, MAP_PRIVATE,
			       open("/dev/ram0", O_RDONLY)));
}

/* v6.12 says of every anonymous page that it is merged, so of ours that is none. */
static void learn_untrue(void)
{
	struct span page = memory_touched(memory_small(4096));
	struct kpage kpage;

	frames_kpage(frames_behind(getpid(), page.start), &kpage, 1);
	untrue = kpage.flags & KPF(KSM);
	if (untrue)
		tap_note("this kernel calls every anonymous page merged");
}

int main(void)
{
	unsigned long before, after;
	uint64_t nr;

	device = device_open();
	learn_untrue();
	make_kinds();
	before = kept_free();
	nr = all();
	after = kept_free();
	tap_note("%lu frames: %lu equal at once, %lu looked at again, "
		 "%lu of them differ, %lu moving; %lu tails with a cgroup",
		 nr, equal, again, differ, moving, tails);
	for (int i = 0; i < MMUSCOPE_NR_FRAME_KINDS; i++)
		if (kinds[i])
			tap_note("kind %d: %lu", i, kinds[i]);
	tap_note("%lu frames are kept free, zoneinfo says %lu and later %lu", kept, before,
		 after);
	tap_ok(kept && kept <= (before > after ? before : after) + 64,
	       "what is told to be kept free is");
	tap_ok(nr >= 65536 && !differ, "every frame as /proc has it");
	tap_ok(kinds[MMUSCOPE_FRAME_FREE] && kinds[MMUSCOPE_FRAME_SLAB] &&
	       kinds[MMUSCOPE_FRAME_TABLE] && kinds[MMUSCOPE_FRAME_HUGETLB] >= 1024 &&
	       kinds[MMUSCOPE_FRAME_ANON] >= 2048 && kinds[MMUSCOPE_FRAME_FILE] >= 256 &&
	       kinds[MMUSCOPE_FRAME_SHMEM] >= 512 && kinds[MMUSCOPE_FRAME_ZERO] == 513 &&
	       kinds[MMUSCOPE_FRAME_RESERVED], "frames of each kind");
	tap_ok(moving < 100, "few frames do not come to rest");
	return tap_done();
}
