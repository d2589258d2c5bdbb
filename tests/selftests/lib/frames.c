// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "frames.h"
#include "pagemap.h"
#include "tap.h"

#define WORDS 4096

int frames_range(int device, uint64_t pfn, struct mmuscope_frame *frame, size_t nr)
{
	struct mmuscope_frames args = {
		.size = sizeof(args),
		.pfn = pfn,
		.vec = (uintptr_t)frame,
		.vec_len = nr,
		.vec_size = sizeof(*frame),
	};
	int err;

	memset(frame, 0xa5, nr * sizeof(*frame));
	err = device_ioctl(device, MMUSCOPE_IOC_FRAMES, &args);
	if (!err && args.nr != nr)
		tap_bail("%llu frames of %zu", args.nr, nr);
	return err;
}

struct mmuscope_frame frames_one(int device, uint64_t pfn)
{
	struct mmuscope_frame frame;
	int err = frames_range(device, pfn, &frame, 1);

	if (err)
		tap_bail("frame %lx: %s", pfn, strerror(-err));
	return frame;
}

static int open_kpage(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		tap_bail("%s: %m", name);
	return fd;
}

static ssize_t read_words(int *fd, const char *name, uint64_t pfn, uint64_t *words,
			  size_t nr)
{
	ssize_t n;

	if (*fd < 0)
		*fd = open_kpage(name);
	n = pread(*fd, words, nr * 8, pfn * 8);
	if (n < 0)
		tap_bail("%s: %m", name);
	return n / 8;
}

size_t frames_kpage(uint64_t pfn, struct kpage *kpage, size_t nr)
{
	static int flags = -1, count = -1, cgroup = -1;
	static uint64_t f[WORDS], c[WORDS], g[WORDS];
	size_t n;

	nr = nr < WORDS ? nr : WORDS;
	n = read_words(&flags, "/proc/kpageflags", pfn, f, nr);
	read_words(&count, "/proc/kpagecount", pfn, c, nr);
	read_words(&cgroup, "/proc/kpagecgroup", pfn, g, nr);
	for (size_t i = 0; i < n; i++)
		kpage[i] = (struct kpage) { f[i], c[i], g[i] };
	return n;
}

uint64_t frames_behind(int pid, unsigned long addr)
{
	uint64_t *entry = pagemap_read(pid, addr & -4096UL, (addr & -4096UL) + 4096);
	uint64_t pfn = entry && *entry & PM_PRESENT ? PM_PFN(*entry) : 0;

	free(entry);
	return pfn;
}

/* What each kind has for certain, and what it cannot have. */
static const struct {
	uint64_t has, lacks;
} signs[MMUSCOPE_NR_FRAME_KINDS] = {
	[MMUSCOPE_FRAME_NONE] = { KPF(NOPAGE), ~KPF(NOPAGE) },
	[MMUSCOPE_FRAME_FREE] = { 0, KPF(ANON) | KPF(MMAP) | KPF(LRU) | KPF(SLAB) |
				     KPF(PGTABLE) | KPF(HUGE) | KPF(SWAPCACHE) },
	[MMUSCOPE_FRAME_SLAB] = { KPF(SLAB), KPF(ANON) | KPF(MMAP) | KPF(LRU) | KPF(BUDDY) },
	[MMUSCOPE_FRAME_TABLE] = { KPF(PGTABLE), KPF(ANON) | KPF(MMAP) | KPF(LRU) | KPF(BUDDY) },
	[MMUSCOPE_FRAME_HUGETLB] = { KPF(HUGE), KPF(SLAB) | KPF(BUDDY) | KPF(LRU) },
	[MMUSCOPE_FRAME_ANON] = { KPF(ANON) | KPF(UPTODATE),
				  KPF(SLAB) | KPF(BUDDY) | KPF(PGTABLE) },
	[MMUSCOPE_FRAME_KSM] = { KPF(ANON) | KPF(KSM), KPF(SLAB) | KPF(BUDDY) },
	[MMUSCOPE_FRAME_FILE] = { 0, KPF(ANON) | KPF(SLAB) | KPF(BUDDY) | KPF(SWAPBACKED) },
	[MMUSCOPE_FRAME_SHMEM] = { KPF(SWAPBACKED), KPF(ANON) | KPF(SLAB) | KPF(BUDDY) },
	[MMUSCOPE_FRAME_ZERO] = { KPF(ZERO_PAGE), KPF(ANON) | KPF(LRU) | KPF(BUDDY) },
	[MMUSCOPE_FRAME_RESERVED] = { KPF(RESERVED), KPF(ANON) | KPF(LRU) | KPF(BUDDY) },
	[MMUSCOPE_FRAME_KERNEL] = { 0, KPF(ANON) | KPF(SLAB) | KPF(BUDDY) | KPF(PGTABLE) },
};

static bool is_file(unsigned int kind)
{
	return kind == MMUSCOPE_FRAME_FILE || kind == MMUSCOPE_FRAME_SHMEM ||
	       kind == MMUSCOPE_FRAME_HUGETLB;
}

const char *frames_wrong(const struct mmuscope_frame *f)
{
	uint64_t kpf = f->kpf;

	/* A tail has its folio's use, but flags of its own. */
	if (kpf & KPF(COMPOUND_TAIL))
		kpf |= signs[f->kind].has & (KPF(SWAPBACKED) | KPF(UPTODATE));
	if (f->flags & MMUSCOPE_FRAME_CHANGED)
		return f->kpf || f->kind || f->refcount || f->ino || f->order ?
		       "changed, but told" : NULL;
	if ((kpf & signs[f->kind].has) != signs[f->kind].has || kpf & signs[f->kind].lacks)
		return "flags";
	if (f->kind == MMUSCOPE_FRAME_FREE &&
	    (f->refcount || f->mapcount || f->memcg || f->ino || f->index))
		return "free, but used";
	if (f->kind == MMUSCOPE_FRAME_KERNEL && !f->refcount &&
	    kpf & (KPF(LRU) | KPF(SWAPBACKED) | KPF(UPTODATE)))
		return "nobody's, but flags";
	if (f->ino && !is_file(f->kind))
		return "a file";
	if (f->pfn < f->head || f->pfn >= f->head + (1ULL << f->order) ||
	    f->head & ((1ULL << f->order) - 1))
		return "its folio";
	if (f->mapcount < 0 || f->refcount < 0 || f->lru >= MMUSCOPE_NR_LRUS)
		return "its counts";
	return NULL;
}
