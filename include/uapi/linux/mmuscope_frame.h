/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Frames, who maps them, and physical memory; <linux/mmuscope.h> includes this. */
#ifndef _UAPI_LINUX_MMUSCOPE_FRAME_H
#define _UAPI_LINUX_MMUSCOPE_FRAME_H

#include <linux/mmuscope_ioctl.h>

/*
 * All of this takes CAP_SYS_ADMIN, in the initial user namespace, of who opened
 * /dev/mmuscope, as /proc/kpageflags does; EPERM else.
 */

/**
 * enum mmuscope_frame_kind - what a frame is used for
 * @MMUSCOPE_FRAME_NONE: there is no memory that the kernel manages
 * @MMUSCOPE_FRAME_OFFLINE: memory that is offline, or that a hypervisor took
 * @MMUSCOPE_FRAME_FREE: free, with the page allocator
 * @MMUSCOPE_FRAME_SLAB: of the kernel's small objects
 * @MMUSCOPE_FRAME_TABLE: a page table
 * @MMUSCOPE_FRAME_HUGETLB: a page of hugetlb, in use or not
 * @MMUSCOPE_FRAME_ANON: anonymous memory of processes
 * @MMUSCOPE_FRAME_FILE: page cache of a file
 * @MMUSCOPE_FRAME_SHMEM: shared memory and tmpfs
 * @MMUSCOPE_FRAME_KSM: anonymous memory merged by KSM
 * @MMUSCOPE_FRAME_ZERO: the zero page, or part of the huge one
 * @MMUSCOPE_FRAME_RESERVED: reserved: firmware, the kernel's image, a hole
 * @MMUSCOPE_FRAME_POISON: hardware error
 * @MMUSCOPE_FRAME_DEVICE: memory of a device (ZONE_DEVICE)
 * @MMUSCOPE_FRAME_SHARE: of a share of mmuscope
 * @MMUSCOPE_FRAME_KERNEL: the kernel's own, for what cannot be told
 */
enum mmuscope_frame_kind {
	MMUSCOPE_FRAME_NONE,
	MMUSCOPE_FRAME_OFFLINE,
	MMUSCOPE_FRAME_FREE,
	MMUSCOPE_FRAME_SLAB,
	MMUSCOPE_FRAME_TABLE,
	MMUSCOPE_FRAME_HUGETLB,
	MMUSCOPE_FRAME_ANON,
	MMUSCOPE_FRAME_FILE,
	MMUSCOPE_FRAME_SHMEM,
	MMUSCOPE_FRAME_KSM,
	MMUSCOPE_FRAME_ZERO,
	MMUSCOPE_FRAME_RESERVED,
	MMUSCOPE_FRAME_POISON,
	MMUSCOPE_FRAME_DEVICE,
	MMUSCOPE_FRAME_SHARE,
	MMUSCOPE_FRAME_KERNEL,
	MMUSCOPE_NR_FRAME_KINDS,
};

enum mmuscope_zone {
	MMUSCOPE_ZONE_NONE,
	MMUSCOPE_ZONE_DMA,
	MMUSCOPE_ZONE_DMA32,
	MMUSCOPE_ZONE_NORMAL,
	MMUSCOPE_ZONE_HIGHMEM,
	MMUSCOPE_ZONE_MOVABLE,
	MMUSCOPE_ZONE_DEVICE,
	MMUSCOPE_NR_ZONES,
};

/**
 * enum mmuscope_lru - the list that decides when a folio is reclaimed
 * @MMUSCOPE_LRU_NONE: it is on none
 * @MMUSCOPE_LRU_INACTIVE: inactive
 * @MMUSCOPE_LRU_ACTIVE: active
 * @MMUSCOPE_LRU_UNEVICTABLE: never reclaimed
 * @MMUSCOPE_LRU_GENERATION: by generation, mmuscope_frame.generation
 */
enum mmuscope_lru {
	MMUSCOPE_LRU_NONE,
	MMUSCOPE_LRU_INACTIVE,
	MMUSCOPE_LRU_ACTIVE,
	MMUSCOPE_LRU_UNEVICTABLE,
	MMUSCOPE_LRU_GENERATION,
	MMUSCOPE_NR_LRUS,
};

/*
 * What is to be known of a frame's numbers; bits of mmuscope_frame.flags.
 *
 * CHANGED: freed or put to another use while it was looked at: only pfn, section,
 * node and zone are told. FOLIO_COUNT: mapcount is of the whole folio. PINS_MAYBE:
 * pins is what the references suggest. WORKINGSET: was in use when reclaimed last.
 * KIND_MAYBE: kind is what it looks like, as nothing marks the huge zero page.
 */
#define MMUSCOPE_FRAME_CHANGED		(1ULL << 0)
#define MMUSCOPE_FRAME_FOLIO_COUNT	(1ULL << 1)
#define MMUSCOPE_FRAME_PINS_MAYBE	(1ULL << 2)
#define MMUSCOPE_FRAME_WORKINGSET	(1ULL << 3)
#define MMUSCOPE_FRAME_KIND_MAYBE	(1ULL << 4)

/**
 * struct mmuscope_frame - what is known of a frame
 * @pfn: its number: what to look at, or out
 * @head: out: number of the first frame of its folio
 * @kpf: out: bits by the numbers of <linux/kernel-page-flags.h>, KPF_*
 * @flags: out: MMUSCOPE_FRAME_* that qualify what follows
 * @memcg: out: inode number of the memory cgroup that it is charged to, 0: none
 * @ino: out: inode number of the file in whose page cache it is
 * @index: out: its place there, in bytes; of anonymous memory the address that
 *	it was first mapped at, or in a private mapping of a file the place in
 *	the file
 * @section: out: number of its memory section
 * @share: out: number of the share that it is of, 0: none
 * @refcount: out: references to the folio
 * @mapcount: out: how often it is mapped by processes
 * @pins: out: how often it is pinned for devices; -1: cannot be told
 * @kind: out: enum mmuscope_frame_kind
 * @order: out: log2 of the frames of its folio
 * @node: out: NUMA node
 * @zone: out: enum mmuscope_zone
 * @dev_major: out: device of the file
 * @dev_minor: out: likewise
 * @lru: out: enum mmuscope_lru
 * @generation: out: index of the generation, modulo the number that there are
 */
struct mmuscope_frame {
	__u64 pfn;
	__u64 head;
	__u64 kpf;
	__u64 flags;
	__u64 memcg;
	__u64 ino;
	__u64 index;
	__u64 section;
	__u64 share;
	__s64 refcount;
	__s64 mapcount;
	__s64 pins;
	__u32 kind;
	__u32 order;
	__s32 node;
	__u32 zone;
	__u32 dev_major;
	__u32 dev_minor;
	__u32 lru;
	__u32 generation;
};

/* bits of mmuscope_frames.flags */
#define MMUSCOPE_FRAMES_ARRAY	(1ULL << 0)  /* @vec holds the numbers */

/**
 * struct mmuscope_frames - what is in frames
 * @size: sizeof(struct mmuscope_frames)
 * @flags: MMUSCOPE_FRAMES_ARRAY: look at the frames that the elements name by
 *	pfn; without it at those from @pfn on
 * @pfn: first frame; 0 with ARRAY
 * @vec: address of an array of struct mmuscope_frame
 * @vec_len: elements, at least 1
 * @vec_size: size of one element
 * @nr: out: elements done; fewer than @vec_len after a signal
 */
struct mmuscope_frames {
	__u64 size;
	__u64 flags;
	__u64 pfn;
	__u64 vec;
	__u64 vec_len;
	__u64 vec_size;
	__u64 nr;
};

/**
 * struct mmuscope_mapper - a process that maps a frame, and where
 * @start: first virtual address that the leaf maps
 * @addr: address of the frame itself
 * @bytes: what the leaf maps
 * @flags: MMUSCOPE_FLAG_*, as in an extent
 * @pid: the process, 0 if it cannot be told to the caller
 * @level: enum mmuscope_level of the leaf
 * @comm: name of the process
 */
struct mmuscope_mapper {
	__u64 start;
	__u64 addr;
	__u64 bytes;
	__u64 flags;
	__u32 pid;
	__u32 level;
	char comm[16];
};

/**
 * enum mmuscope_method - how mappers are found
 * @MMUSCOPE_METHOD_NONE: not at all, it is free, or a table or the slab's; of the
 *	latter a driver can map a frame by number, which only a scan meets
 * @MMUSCOPE_METHOD_ANON: through the anonymous reverse map
 * @MMUSCOPE_METHOD_FILE: through the file's, hugetlb and shared memory too
 * @MMUSCOPE_METHOD_HOLDING: through the share or the window that it belongs to
 * @MMUSCOPE_METHOD_SCAN: by a scan of all processes
 */
enum mmuscope_method {
	MMUSCOPE_METHOD_NONE,
	MMUSCOPE_METHOD_ANON,
	MMUSCOPE_METHOD_FILE,
	MMUSCOPE_METHOD_HOLDING,
	MMUSCOPE_METHOD_SCAN,
	MMUSCOPE_NR_METHODS,
};

/* bits of mmuscope_mappers.flags */
#define MMUSCOPE_MAPPERS_SCAN	(1ULL << 0)  /* scan, whatever else there is */

/*
 * Why an answer may not be all; bits of mmuscope_mappers.status.
 *
 * CHANGED: the frame was put to another use meanwhile. BUSY: the reverse map was
 * locked. MORE: too many to remember. SHIFTED: VMAs came or went between two
 * calls; with room for all there is no second one.
 */
#define MMUSCOPE_MAPPERS_CHANGED	(1ULL << 0)
#define MMUSCOPE_MAPPERS_BUSY		(1ULL << 1)
#define MMUSCOPE_MAPPERS_MORE		(1ULL << 2)
#define MMUSCOPE_MAPPERS_SHIFTED	(1ULL << 3)

/**
 * struct mmuscope_mappers - who maps a frame
 * @size: sizeof(struct mmuscope_mappers)
 * @flags: MMUSCOPE_MAPPERS_SCAN
 * @pfn: the frame
 * @cursor: 0 to begin; out: what to go on with, 0 at the end. Two numbers of the
 *	module's own
 * @vec: address of an array of struct mmuscope_mapper
 * @vec_len: room there, in elements, at least 1
 * @vec_size: size of one element
 * @nr: out: elements told
 * @method: out: enum mmuscope_method
 * @reserved: 0
 * @status: out: MMUSCOPE_MAPPERS_*; 0: that is all
 * @looked: out: VMAs and, with METHOD_SCAN, processes that were looked at;
 *	otherwise processes count where an address space has more than one
 *
 * Told is who maps the frame, at one address, for the time of the call; who
 * begins or ends meanwhile may be told or not. The reverse map knows who maps it
 * as a page: a driver can map by number what is also of a file, and that only a
 * scan meets. A scan ends each call after a bounded amount of work.
 */
struct mmuscope_mappers {
	__u64 size;
	__u64 flags;
	__u64 pfn;
	__u64 cursor[2];
	__u64 vec;
	__u64 vec_len;
	__u64 vec_size;
	__u64 nr;
	__u32 method;
	__u32 reserved;
	__u64 status;
	__u64 looked;
};

/**
 * enum mmuscope_phys_kind - what a physical range is
 * @MMUSCOPE_PHYS_HOLE: nothing is known to be there
 * @MMUSCOPE_PHYS_RESOURCE: what /proc/iomem calls by @name, other than RAM
 * @MMUSCOPE_PHYS_RAM: RAM that the kernel manages
 * @MMUSCOPE_PHYS_ZONE: within RAM, what is of one node and zone, or offline
 * @MMUSCOPE_PHYS_KERNEL: within RAM, a part of the kernel's image or such; in
 *	the zone that it begins in
 */
enum mmuscope_phys_kind {
	MMUSCOPE_PHYS_HOLE,
	MMUSCOPE_PHYS_RESOURCE,
	MMUSCOPE_PHYS_RAM,
	MMUSCOPE_PHYS_ZONE,
	MMUSCOPE_PHYS_KERNEL,
	MMUSCOPE_NR_PHYS_KINDS,
};

/**
 * struct mmuscope_phys_range - a range of physical addresses
 * @start: first address, in bytes
 * @end: end, exclusive
 * @frames: with PHYS_ZONE and MMUSCOPE_PHYS_COUNT: frames by enum
 *	mmuscope_frame_kind; as FRAME_NONE those that changed while looked at
 * @kind: enum mmuscope_phys_kind
 * @depth: how many ranges it lies in
 * @node: of PHYS_ZONE, NUMA node; -1 if it is offline, and of all others
 * @zone: of PHYS_ZONE, enum mmuscope_zone
 * @name: name in /proc/iomem; "" for none
 */
struct mmuscope_phys_range {
	__u64 start;
	__u64 end;
	__u64 frames[16];
	__u32 kind;
	__u32 depth;
	__s32 node;
	__u32 zone;
	char name[64];
};

/* bits of mmuscope_phys.flags */
#define MMUSCOPE_PHYS_COUNT	(1ULL << 0)  /* look at every frame */

/**
 * struct mmuscope_phys - what physical memory is made of
 * @size: sizeof(struct mmuscope_phys)
 * @flags: MMUSCOPE_PHYS_COUNT
 * @start: first address
 * @end: end, exclusive; 0 for the end of the physical address space
 * @first: 0 to begin; out: what to go on with, 0 at the end
 * @vec: address of an array of struct mmuscope_phys_range
 * @vec_len: room there, in elements, at least 1
 * @vec_size: size of one element
 * @nr: out: elements told
 *
 * Ranges that overlap [@start, @end), whole, each followed by those that lie in
 * it. A range that comes or goes between two calls may be told twice or not.
 */
struct mmuscope_phys {
	__u64 size;
	__u64 flags;
	__u64 start;
	__u64 end;
	__u64 first;
	__u64 vec;
	__u64 vec_len;
	__u64 vec_size;
	__u64 nr;
};

/* Of /dev/mmuscope. */
#define MMUSCOPE_IOC_FRAMES	_IOWR(MMUSCOPE_IOC_TYPE, 0x09, struct mmuscope_frames)
#define MMUSCOPE_IOC_MAPPERS	_IOWR(MMUSCOPE_IOC_TYPE, 0x0a, struct mmuscope_mappers)
#define MMUSCOPE_IOC_PHYS	_IOWR(MMUSCOPE_IOC_TYPE, 0x0b, struct mmuscope_phys)

#endif /* _UAPI_LINUX_MMUSCOPE_FRAME_H */
