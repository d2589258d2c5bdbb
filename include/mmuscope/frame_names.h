/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The names of what frames are: the part of the one table that is of no use to
 * who prints lines of maps. Included as names.h is, and by nobody else.
 */
#ifndef _MMUSCOPE_FRAME_NAMES_H
#define _MMUSCOPE_FRAME_NAMES_H

#include <mmuscope/names.h>

static const char * const mmuscope_frame_kind_names[MMUSCOPE_NR_FRAME_KINDS] = {
	[MMUSCOPE_FRAME_NONE]		= "none",
	[MMUSCOPE_FRAME_OFFLINE]	= "offline",
	[MMUSCOPE_FRAME_FREE]		= "free",
	[MMUSCOPE_FRAME_SLAB]		= "slab",
	[MMUSCOPE_FRAME_TABLE]		= "table",
	[MMUSCOPE_FRAME_HUGETLB]	= "hugetlb",
	[MMUSCOPE_FRAME_ANON]		= "anon",
	[MMUSCOPE_FRAME_FILE]		= "file",
	[MMUSCOPE_FRAME_SHMEM]		= "shmem",
	[MMUSCOPE_FRAME_KSM]		= "ksm",
	[MMUSCOPE_FRAME_ZERO]		= "zero",
	[MMUSCOPE_FRAME_RESERVED]	= "reserved",
	[MMUSCOPE_FRAME_POISON]		= "poison",
	[MMUSCOPE_FRAME_DEVICE]		= "device",
	[MMUSCOPE_FRAME_SHARE]		= "share",
	[MMUSCOPE_FRAME_KERNEL]		= "kernel",
};

/*
 * The names of the kernel's tools/vm/page-types.c, in its order. The numbers
 * from 32 on are in no header for user space.
 */
static const struct mmuscope_name mmuscope_kpf_names[] = {
	{ 1ULL << 0,	"locked" },
	{ 1ULL << 1,	"error" },
	{ 1ULL << 2,	"referenced" },
	{ 1ULL << 3,	"uptodate" },
	{ 1ULL << 4,	"dirty" },
	{ 1ULL << 5,	"lru" },
	{ 1ULL << 6,	"active" },
	{ 1ULL << 7,	"slab" },
	{ 1ULL << 8,	"writeback" },
	{ 1ULL << 9,	"reclaim" },
	{ 1ULL << 10,	"buddy" },
	{ 1ULL << 11,	"mmap" },
	{ 1ULL << 12,	"anonymous" },
	{ 1ULL << 13,	"swapcache" },
	{ 1ULL << 14,	"swapbacked" },
	{ 1ULL << 15,	"compound_head" },
	{ 1ULL << 16,	"compound_tail" },
	{ 1ULL << 17,	"huge" },
	{ 1ULL << 18,	"unevictable" },
	{ 1ULL << 19,	"hwpoison" },
	{ 1ULL << 20,	"nopage" },
	{ 1ULL << 21,	"ksm" },
	{ 1ULL << 22,	"thp" },
	{ 1ULL << 23,	"offline" },
	{ 1ULL << 24,	"zero_page" },
	{ 1ULL << 25,	"idle_page" },
	{ 1ULL << 26,	"pgtable" },
	{ 1ULL << 32,	"reserved" },
	{ 1ULL << 33,	"mlocked" },
	{ 1ULL << 34,	"mappedtodisk" },
	{ 1ULL << 35,	"private" },
	{ 1ULL << 36,	"private_2" },
	{ 1ULL << 37,	"owner_private" },
	{ 1ULL << 38,	"arch" },
	{ 1ULL << 39,	"uncached" },
	{ 1ULL << 40,	"softdirty" },
	{ 1ULL << 41,	"arch_2" },
};

static const char * const mmuscope_lru_names[MMUSCOPE_NR_LRUS] = {
	[MMUSCOPE_LRU_NONE]		= "",
	[MMUSCOPE_LRU_INACTIVE]		= "inactive",
	[MMUSCOPE_LRU_ACTIVE]		= "active",
	[MMUSCOPE_LRU_UNEVICTABLE]	= "unevictable",
	[MMUSCOPE_LRU_GENERATION]	= "generation",
};

static const char * const mmuscope_method_names[MMUSCOPE_NR_METHODS] = {
	[MMUSCOPE_METHOD_NONE]		= "none",
	[MMUSCOPE_METHOD_ANON]		= "anon",
	[MMUSCOPE_METHOD_FILE]		= "file",
	[MMUSCOPE_METHOD_HOLDING]	= "holding",
	[MMUSCOPE_METHOD_SCAN]		= "scan",
};

#endif
