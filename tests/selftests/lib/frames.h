/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FRAMES_H
#define FRAMES_H

#include <linux/mmuscope.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of <linux/kernel-page-flags.h>, also those that it does not show. */
enum {
	KPF_LOCKED, KPF_ERROR, KPF_REFERENCED, KPF_UPTODATE, KPF_DIRTY, KPF_LRU,
	KPF_ACTIVE, KPF_SLAB, KPF_WRITEBACK, KPF_RECLAIM, KPF_BUDDY, KPF_MMAP,
	KPF_ANON, KPF_SWAPCACHE, KPF_SWAPBACKED, KPF_COMPOUND_HEAD,
	KPF_COMPOUND_TAIL, KPF_HUGE, KPF_UNEVICTABLE, KPF_HWPOISON, KPF_NOPAGE,
	KPF_KSM, KPF_THP, KPF_OFFLINE, KPF_ZERO_PAGE, KPF_IDLE, KPF_PGTABLE,
	KPF_RESERVED = 32, KPF_MLOCKED,
};

#define KPF(name) (1ULL << KPF_ ## name)

/* The kernel's own word for each frame, from "kpageflags" and its like. */
struct kpage {
	uint64_t flags, count, cgroup;
};

/* FRAMES of @nr frames from @pfn on: 0 or -errno. */
int frames_range(int device, uint64_t pfn, struct mmuscope_frame *frame, size_t nr);

/* FRAMES of one. The test ends if that fails. */
struct mmuscope_frame frames_one(int device, uint64_t pfn);

/* How many frames were read; the test ends if there is no such file. */
size_t frames_kpage(uint64_t pfn, struct kpage *kpage, size_t nr);

/* The frame behind an address of a process; 0 if there is none. */
uint64_t frames_behind(int pid, unsigned long addr);

/* What in all that is told of a frame does not go together; NULL if it does. */
const char *frames_wrong(const struct mmuscope_frame *frame);

#endif
