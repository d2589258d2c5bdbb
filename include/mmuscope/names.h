/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The one table of names. src/module/text.c and the library's names.c include
 * it, and the tests of names; nothing else may.
 */
#ifndef _MMUSCOPE_NAMES_H
#define _MMUSCOPE_NAMES_H

#include <linux/mmuscope.h>

struct mmuscope_name {
	__u64 flag;
	const char *name;
};

/*
 * In the order of printing. The flags that LEVEL, BACKING and PERM of a line
 * say already come last and are not printed there.
 */
static const struct mmuscope_name mmuscope_flag_names[] = {
	{ MMUSCOPE_FLAG_ACCESSED,	"accessed" },
	{ MMUSCOPE_FLAG_DIRTY,		"dirty" },
	{ MMUSCOPE_FLAG_SOFT_DIRTY,	"soft-dirty" },
	{ MMUSCOPE_FLAG_UFFD_WP,	"uffd-wp" },
	{ MMUSCOPE_FLAG_GLOBAL,		"global" },
	{ MMUSCOPE_FLAG_SPECIAL,	"special" },
	{ MMUSCOPE_FLAG_PROT_NONE,	"prot-none" },
	{ MMUSCOPE_FLAG_NUMA_HINT,	"numa-hint" },
	{ MMUSCOPE_FLAG_BAD,		"bad" },
	{ MMUSCOPE_FLAG_REPEAT,		"repeat" },
	{ MMUSCOPE_FLAG_CONT,		"cont" },
	{ MMUSCOPE_FLAG_GUARDED,	"guarded" },
	{ MMUSCOPE_FLAG_NON_SHAREABLE,	"non-shareable" },
	{ MMUSCOPE_FLAG_ANON,		"anon" },
	{ MMUSCOPE_FLAG_FILE,		"file" },
	{ MMUSCOPE_FLAG_SHMEM,		"shmem" },
	{ MMUSCOPE_FLAG_KSM,		"ksm" },
	{ MMUSCOPE_FLAG_SWAPCACHE,	"swapcache" },
	{ MMUSCOPE_FLAG_HUGETLB,	"hugetlb" },
	{ MMUSCOPE_FLAG_THP,		"thp" },
	{ MMUSCOPE_FLAG_ZERO,		"zero" },
	{ MMUSCOPE_FLAG_SHARED,		"shared" },
	{ MMUSCOPE_FLAG_CACHED,		"cached" },
	{ MMUSCOPE_FLAG_SWAPPED,	"swapped" },
	{ MMUSCOPE_FLAG_PRESENT,	"present" },
	{ MMUSCOPE_FLAG_READ,		"read" },
	{ MMUSCOPE_FLAG_WRITE,		"write" },
	{ MMUSCOPE_FLAG_EXEC,		"exec" },
	{ MMUSCOPE_FLAG_USER,		"user" },
};

static const struct mmuscope_name mmuscope_marker_names[] = {
	{ MMUSCOPE_MARKER_UFFD_WP,	"uffd-wp" },
	{ MMUSCOPE_MARKER_POISONED,	"poisoned" },
	{ MMUSCOPE_MARKER_GUARD,	"guard" },
};

/* Of a share, and of a window: how it is, not what the call is to do besides. */
static const struct mmuscope_name mmuscope_share_names[] = {
	{ MMUSCOPE_SHARE_KEEP,		"keep" },
	{ MMUSCOPE_SHARE_CONTIGUOUS,	"contiguous" },
	{ MMUSCOPE_SHARE_READONLY_OTHERS, "readonly-others" },
	{ MMUSCOPE_SHARE_READONLY,	"readonly" },
};

static const struct mmuscope_name mmuscope_mmio_names[] = {
	{ MMUSCOPE_MMIO_READONLY,	"readonly" },
	{ MMUSCOPE_MMIO_SHARED,		"shared" },
	{ MMUSCOPE_MMIO_INHERIT,	"inherit" },
	{ MMUSCOPE_MMIO_ACCESS,		"access" },
	{ MMUSCOPE_MMIO_UNLISTED,	"unlisted" },
};

static const char * const mmuscope_level_names[MMUSCOPE_NR_LEVELS] = {
	[MMUSCOPE_LEVEL_PGD]	= "pgd",
	[MMUSCOPE_LEVEL_P4D]	= "p4d",
	[MMUSCOPE_LEVEL_PUD]	= "pud",
	[MMUSCOPE_LEVEL_PMD]	= "pmd",
	[MMUSCOPE_LEVEL_PTE]	= "pte",
};

static const char * const mmuscope_backing_names[MMUSCOPE_NR_BACKINGS] = {
	[MMUSCOPE_BACKING_NONE]		= "none",
	[MMUSCOPE_BACKING_RAM]		= "ram",
	[MMUSCOPE_BACKING_MMIO]		= "mmio",
	[MMUSCOPE_BACKING_SWAP]		= "swap",
	[MMUSCOPE_BACKING_MIGRATION]	= "migration",
	[MMUSCOPE_BACKING_DEVICE]	= "device",
	[MMUSCOPE_BACKING_POISON]	= "poison",
	[MMUSCOPE_BACKING_MARKER]	= "marker",
	[MMUSCOPE_BACKING_TABLE]	= "table",
};

/* What a softleaf adds to its backing; empty where the backing says it all. */
static const char * const mmuscope_softleaf_names[MMUSCOPE_NR_SOFTLEAVES] = {
	[MMUSCOPE_SOFTLEAF_NONE]			= "",
	[MMUSCOPE_SOFTLEAF_SWAP]			= "",
	[MMUSCOPE_SOFTLEAF_MIGRATION_READ]		= "read",
	[MMUSCOPE_SOFTLEAF_MIGRATION_READ_EXCLUSIVE]	= "read-exclusive",
	[MMUSCOPE_SOFTLEAF_MIGRATION_WRITE]		= "write",
	[MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_READ]		= "private-read",
	[MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_WRITE]	= "private-write",
	[MMUSCOPE_SOFTLEAF_DEVICE_EXCLUSIVE]		= "exclusive",
	[MMUSCOPE_SOFTLEAF_HWPOISON]			= "",
	[MMUSCOPE_SOFTLEAF_MARKER]			= "",
};

static const char * const mmuscope_memtype_names[MMUSCOPE_NR_MEMTYPES] = {
	[MMUSCOPE_MEMTYPE_NONE]		= "",
	[MMUSCOPE_MEMTYPE_WB]		= "wb",
	[MMUSCOPE_MEMTYPE_WT]		= "wt",
	[MMUSCOPE_MEMTYPE_WP]		= "wp",
	[MMUSCOPE_MEMTYPE_WC]		= "wc",
	[MMUSCOPE_MEMTYPE_UC_MINUS]	= "uc-",
	[MMUSCOPE_MEMTYPE_UC]		= "uc",
	[MMUSCOPE_MEMTYPE_NC]		= "nc",
	[MMUSCOPE_MEMTYPE_DEVICE_NGNRNE] = "device-ngnrne",
	[MMUSCOPE_MEMTYPE_DEVICE_NGNRE]	= "device-ngnre",
	[MMUSCOPE_MEMTYPE_DEVICE_NGRE]	= "device-ngre",
	[MMUSCOPE_MEMTYPE_DEVICE_GRE]	= "device-gre",
	[MMUSCOPE_MEMTYPE_TAGGED]	= "tagged",
};

/* As in /proc/zoneinfo. */
static const char * const mmuscope_zone_names[MMUSCOPE_NR_ZONES] = {
	[MMUSCOPE_ZONE_NONE]	= "",
	[MMUSCOPE_ZONE_DMA]	= "DMA",
	[MMUSCOPE_ZONE_DMA32]	= "DMA32",
	[MMUSCOPE_ZONE_NORMAL]	= "Normal",
	[MMUSCOPE_ZONE_HIGHMEM]	= "HighMem",
	[MMUSCOPE_ZONE_MOVABLE]	= "Movable",
	[MMUSCOPE_ZONE_DEVICE]	= "Device",
};

static const char * const mmuscope_phys_kind_names[MMUSCOPE_NR_PHYS_KINDS] = {
	[MMUSCOPE_PHYS_HOLE]		= "hole",
	[MMUSCOPE_PHYS_RESOURCE]	= "resource",
	[MMUSCOPE_PHYS_RAM]		= "ram",
	[MMUSCOPE_PHYS_ZONE]		= "zone",
	[MMUSCOPE_PHYS_KERNEL]		= "kernel",
};

#endif
