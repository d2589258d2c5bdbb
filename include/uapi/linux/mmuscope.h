/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What mmuscope says about memory: the one currency that its files, its device
 * and its library deal in is struct mmuscope_extent.
 */
#ifndef _UAPI_LINUX_MMUSCOPE_H
#define _UAPI_LINUX_MMUSCOPE_H

#include <linux/types.h>

/**
 * enum mmuscope_level - depth of a page table, from the root down
 *
 * Folded levels do not occur: with 4-level paging on x86_64 a walk meets pgd,
 * pud, pmd and pte.
 */
enum mmuscope_level {
	MMUSCOPE_LEVEL_PGD,
	MMUSCOPE_LEVEL_P4D,
	MMUSCOPE_LEVEL_PUD,
	MMUSCOPE_LEVEL_PMD,
	MMUSCOPE_LEVEL_PTE,
	MMUSCOPE_NR_LEVELS,
};

/**
 * enum mmuscope_backing - what stands behind an entry
 * @MMUSCOPE_BACKING_NONE: nothing is mapped now: never touched, or dropped since
 * @MMUSCOPE_BACKING_RAM: memory that the kernel manages
 * @MMUSCOPE_BACKING_MMIO: a physical range that is not RAM
 * @MMUSCOPE_BACKING_SWAP: a slot of a swap area
 * @MMUSCOPE_BACKING_MIGRATION: a frame on its way to another place
 * @MMUSCOPE_BACKING_DEVICE: memory of a device (ZONE_DEVICE, device-private)
 * @MMUSCOPE_BACKING_POISON: a frame with a hardware error
 * @MMUSCOPE_BACKING_MARKER: no memory, but a note of the kernel's for later
 * @MMUSCOPE_BACKING_TABLE: the next table (only where entries are listed)
 */
enum mmuscope_backing {
	MMUSCOPE_BACKING_NONE,
	MMUSCOPE_BACKING_RAM,
	MMUSCOPE_BACKING_MMIO,
	MMUSCOPE_BACKING_SWAP,
	MMUSCOPE_BACKING_MIGRATION,
	MMUSCOPE_BACKING_DEVICE,
	MMUSCOPE_BACKING_POISON,
	MMUSCOPE_BACKING_MARKER,
	MMUSCOPE_BACKING_TABLE,
	MMUSCOPE_NR_BACKINGS,
};

/**
 * enum mmuscope_softleaf - the kind of a non-present leaf
 *
 * Portable names for the types of include/linux/leafops.h (v7.2) and
 * include/linux/swapops.h (older); their numbers differ between releases.
 */
enum mmuscope_softleaf {
	MMUSCOPE_SOFTLEAF_NONE,
	MMUSCOPE_SOFTLEAF_SWAP,
	MMUSCOPE_SOFTLEAF_MIGRATION_READ,
	MMUSCOPE_SOFTLEAF_MIGRATION_READ_EXCLUSIVE,
	MMUSCOPE_SOFTLEAF_MIGRATION_WRITE,
	MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_READ,
	MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_WRITE,
	MMUSCOPE_SOFTLEAF_DEVICE_EXCLUSIVE,
	MMUSCOPE_SOFTLEAF_HWPOISON,
	MMUSCOPE_SOFTLEAF_MARKER,
	MMUSCOPE_NR_SOFTLEAVES,
};

/* What a marker says; more than one can be set. */
#define MMUSCOPE_MARKER_UFFD_WP		(1U << 0)
#define MMUSCOPE_MARKER_POISONED	(1U << 1)
#define MMUSCOPE_MARKER_GUARD		(1U << 2)

/**
 * enum mmuscope_memtype - how the processor caches a mapping
 *
 * As the entry selects it: on x86_64 through the PAT, MTRRs are not looked at; on
 * arm64 through MAIR_EL1, where memory is WB, WT, NC (normal, not cached) or TAGGED
 * (WB with allocation tags), and registers have one of the four kinds of device
 * memory.
 */
enum mmuscope_memtype {
	MMUSCOPE_MEMTYPE_NONE,
	MMUSCOPE_MEMTYPE_WB,
	MMUSCOPE_MEMTYPE_WT,
	MMUSCOPE_MEMTYPE_WP,
	MMUSCOPE_MEMTYPE_WC,
	MMUSCOPE_MEMTYPE_UC_MINUS,
	MMUSCOPE_MEMTYPE_UC,
	MMUSCOPE_MEMTYPE_NC,
	MMUSCOPE_MEMTYPE_DEVICE_NGNRNE,
	MMUSCOPE_MEMTYPE_DEVICE_NGNRE,
	MMUSCOPE_MEMTYPE_DEVICE_NGRE,
	MMUSCOPE_MEMTYPE_DEVICE_GRE,
	MMUSCOPE_MEMTYPE_TAGGED,
	MMUSCOPE_NR_MEMTYPES,
};

/* Flags that stand in the entry. */
#define MMUSCOPE_FLAG_PRESENT		(1ULL << 0)  /* present to the kernel */
#define MMUSCOPE_FLAG_READ		(1ULL << 1)  /* the MMU lets it be read */
#define MMUSCOPE_FLAG_WRITE		(1ULL << 2)
#define MMUSCOPE_FLAG_EXEC		(1ULL << 3)
#define MMUSCOPE_FLAG_USER		(1ULL << 4)  /* from user mode */
#define MMUSCOPE_FLAG_ACCESSED		(1ULL << 5)
#define MMUSCOPE_FLAG_DIRTY		(1ULL << 6)
#define MMUSCOPE_FLAG_SOFT_DIRTY	(1ULL << 7)
#define MMUSCOPE_FLAG_UFFD_WP		(1ULL << 8)
#define MMUSCOPE_FLAG_GLOBAL		(1ULL << 9)
#define MMUSCOPE_FLAG_SPECIAL		(1ULL << 10) /* no struct page is used */
#define MMUSCOPE_FLAG_PROT_NONE		(1ULL << 11) /* present, no access */
#define MMUSCOPE_FLAG_NUMA_HINT		(1ULL << 12) /* likewise, to catch a touch */
#define MMUSCOPE_FLAG_BAD		(1ULL << 13) /* not a value of this level */
#define MMUSCOPE_FLAG_REPEAT		(1ULL << 14) /* each page is the same frame */
#define MMUSCOPE_FLAG_CONT		(1ULL << 15) /* one TLB entry may do for many */
#define MMUSCOPE_FLAG_GUARDED		(1ULL << 16) /* branches must find a mark */
#define MMUSCOPE_FLAG_NON_SHAREABLE	(1ULL << 17) /* not coherent between CPUs */
/* Flags that the VMA or the struct page behind the entry tells. */
#define MMUSCOPE_FLAG_ANON		(1ULL << 24)
#define MMUSCOPE_FLAG_FILE		(1ULL << 25)
#define MMUSCOPE_FLAG_SHMEM		(1ULL << 26)
#define MMUSCOPE_FLAG_KSM		(1ULL << 27)
#define MMUSCOPE_FLAG_SWAPCACHE		(1ULL << 28)
#define MMUSCOPE_FLAG_HUGETLB		(1ULL << 29)
#define MMUSCOPE_FLAG_THP		(1ULL << 30) /* part of a large folio */
#define MMUSCOPE_FLAG_ZERO		(1ULL << 31) /* the zero page, or the huge one */
#define MMUSCOPE_FLAG_SHARED		(1ULL << 32) /* mapped more than once */
#define MMUSCOPE_FLAG_CACHED		(1ULL << 33) /* unmapped, in the page cache */
#define MMUSCOPE_FLAG_SWAPPED		(1ULL << 34) /* unmapped, shmem in swap */

/*
 * The word that a filter looks at: the flags above, and one bit for the backing
 * and one for the level of a leaf.
 */
#define MMUSCOPE_CAT_BACKING(backing)	(1ULL << (48 + (backing)))
#define MMUSCOPE_CAT_LEVEL(level)	(1ULL << (58 + (level)))

/**
 * struct mmuscope_extent - a run of leaves that are alike and adjacent
 * @start: first virtual address, in bytes
 * @end: first virtual address after the extent
 * @value: physical address in bytes of the first byte, or with
 *	MMUSCOPE_BACKING_SWAP the offset of the first page in its swap area,
 *	in pages; 0 where @backing has neither or the caller may not know
 * @flags: MMUSCOPE_FLAG_*; READ, WRITE, EXEC and USER are what the MMU enforces
 *	over all levels, protection keys and SMAP left out
 * @raw: the first leaf's entry as the hardware sees it, 0 if the caller may not
 *	know
 * @level: enum mmuscope_level, where the walk ended
 * @backing: enum mmuscope_backing
 * @softleaf: enum mmuscope_softleaf
 * @marker: MMUSCOPE_MARKER_*
 * @swap_type: number of the swap area
 * @order: log2 of the pages in the folio behind a present leaf
 * @memtype: enum mmuscope_memtype
 * @pkey: protection key of a present user leaf
 *
 * Extents are maximal and never cross a VMA. In a run of present leaves the
 * frames are consecutive, in a run of swap entries the offsets are. In the
 * kernel's half areas of the address space stand for VMAs, and a run of ptes that
 * map one and the same frame is an extent too, with MMUSCOPE_FLAG_REPEAT.
 */
struct mmuscope_extent {
	__u64 start;
	__u64 end;
	__u64 value;
	__u64 flags;
	__u64 raw;
	__u32 level;
	__u32 backing;
	__u32 softleaf;
	__u32 marker;
	__u32 swap_type;
	__u32 order;
	__u32 memtype;
	__u32 pkey;
};

/* What a VMA promises; bits of mmuscope_vma.flags. */
#define MMUSCOPE_VMA_READ		(1ULL << 0)
#define MMUSCOPE_VMA_WRITE		(1ULL << 1)
#define MMUSCOPE_VMA_EXEC		(1ULL << 2)
#define MMUSCOPE_VMA_SHARED		(1ULL << 3)
#define MMUSCOPE_VMA_ANON		(1ULL << 4)  /* faults give zeroed memory */
#define MMUSCOPE_VMA_FILE		(1ULL << 5)  /* there is a file */
#define MMUSCOPE_VMA_SHMEM		(1ULL << 6)  /* of tmpfs or shared memory */
#define MMUSCOPE_VMA_HUGETLB		(1ULL << 7)
#define MMUSCOPE_VMA_PFNMAP		(1ULL << 8)  /* a driver maps frames */
#define MMUSCOPE_VMA_LOCKED		(1ULL << 9)
#define MMUSCOPE_VMA_GROWSDOWN		(1ULL << 10)
#define MMUSCOPE_VMA_UFFD_MISSING	(1ULL << 11)
#define MMUSCOPE_VMA_UFFD_WP		(1ULL << 12)
#define MMUSCOPE_VMA_UFFD_MINOR		(1ULL << 13)
#define MMUSCOPE_VMA_DRIVER		(1ULL << 14) /* a driver's file */

/**
 * struct mmuscope_vma - a VMA that a walk met
 * @start: first virtual address, in bytes
 * @end: first virtual address after it
 * @flags: MMUSCOPE_VMA_*
 * @offset: of @start in the file, in bytes; 0 without a file
 * @ino: inode number of the file
 * @file_size: of the file, in bytes
 * @first: index of the first extent that was found in it
 * @dev_major: device of the file
 * @dev_minor: likewise
 * @name: where its name starts among the names
 * @name_len: length of the name, without the 0 that ends it; 0 for none
 */
struct mmuscope_vma {
	__u64 start;
	__u64 end;
	__u64 flags;
	__u64 offset;
	__u64 ino;
	__u64 file_size;
	__u64 first;
	__u32 dev_major;
	__u32 dev_minor;
	__u32 name;
	__u32 name_len;
};

#include <linux/mmuscope_frame.h>
#include <linux/mmuscope_ioctl.h>
#include <linux/mmuscope_mmio.h>
#include <linux/mmuscope_raw.h>
#include <linux/mmuscope_share.h>
#include <linux/mmuscope_summary.h>

#endif /* _UAPI_LINUX_MMUSCOPE_H */
