/* SPDX-License-Identifier: MIT */
/*
 * libmmuscope: what memory of a process really maps to. See libmmuscope(3).
 *
 * Functions that return int return 0, or a positive count where one is named,
 * or a negative errno. Nothing is printed, nobody is made to exit, and there is
 * no global state: a handle is used by one thread at a time, different handles
 * at once. No thread is made but where one asks for it. What a function returns by
 * pointer comes last.
 */
#ifndef _MMUSCOPE_H
#define _MMUSCOPE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/mmuscope.h>

#ifdef __cplusplus
extern "C" {
#endif

struct mmuscope;		/* /dev/mmuscope, open */
struct mmuscope_target;		/* an address space to look at */
struct mmuscope_scanner;	/* a scan under way */
struct mmuscope_lister;		/* a list under way */
struct mmuscope_phys_reader;	/* physical memory being told */
struct mmuscope_finder;		/* a search for who maps a frame, under way */

/* device */

int mmuscope_open(struct mmuscope **ret);
void mmuscope_close(struct mmuscope *mmuscope);
int mmuscope_get_info(struct mmuscope *mmuscope, struct mmuscope_info *ret);

/* targets */

/* pid 0: the caller. The target stays usable after mmuscope_close(). */
int mmuscope_target_by_pid(struct mmuscope *mmuscope, pid_t pid,
			   struct mmuscope_target **ret);
/* The process that the pidfd stands for, whatever becomes of its number. */
int mmuscope_target_by_pidfd(struct mmuscope *mmuscope, int pidfd,
			     struct mmuscope_target **ret);
/* What an open /proc/PID/pagemap was opened on; the descriptor stays yours. */
int mmuscope_target_by_pagemap(struct mmuscope *mmuscope, int fd,
			       struct mmuscope_target **ret);
/* The kernel's half; @user: what of it user mode's tables have. */
int mmuscope_target_kernel(struct mmuscope *mmuscope, int user,
			   struct mmuscope_target **ret);
void mmuscope_target_close(struct mmuscope_target *target);

/* scans */

/* The most threads that a scan may have. */
#define MMUSCOPE_THREADS_MAX	64

/**
 * struct mmuscope_scan_options - what to scan for; all 0 is everything
 * @start: first address, page aligned
 * @end: end, exclusive; 0 for all there is
 * @inverted: as in struct mmuscope_scan
 * @mask: as in struct mmuscope_scan
 * @anyof: as in struct mmuscope_scan
 * @ignore: MMUSCOPE_FLAG_* that are not to show and not to split extents
 * @no_values: frames and slots are not to show and not to split extents
 * @outside: what is in no VMA, and only that; it keeps the process waiting
 * @max_hold: the most entries to read while the process waits, as in struct
 *	mmuscope_scan
 * @budget: how many entries to read before mmuscope_scan_next() asks anew, likewise
 * @threads: how many ask at once, if it is of a process and takes more than a call;
 *	0 and 1: none but the caller
 */
struct mmuscope_scan_options {
	uint64_t start;
	uint64_t end;
	uint64_t inverted;
	uint64_t mask;
	uint64_t anyof;
	uint64_t ignore;
	int no_values;
	int outside;
	uint64_t max_hold;
	uint64_t budget;
	unsigned int threads;
};

/**
 * struct mmuscope_found - what mmuscope_scan_next() found
 * @extent: the extent
 * @vma: the VMA that it lies in
 * @name: the VMA's name, "" for none; as the kernel has it, not escaped
 * @first_in_vma: the extent is the first that is told of this VMA
 */
struct mmuscope_found {
	struct mmuscope_extent extent;
	struct mmuscope_vma vma;
	const char *name;
	int first_in_vma;
};

/* @options may be NULL. */
int mmuscope_scan_begin(struct mmuscope_target *target,
			const struct mmuscope_scan_options *options,
			struct mmuscope_scanner **ret);
/*
 * 1 with an extent, 0 at the end, or a negative errno. What @ret points to
 * stays valid until the next call with this scanner.
 */
int mmuscope_scan_next(struct mmuscope_scanner *scanner,
		       const struct mmuscope_found **ret);
/* What it cost so far: status, entries, holds, longest, longest_ns, walk_end. */
void mmuscope_scan_cost(const struct mmuscope_scanner *scanner,
			struct mmuscope_scan *ret);
void mmuscope_scan_end(struct mmuscope_scanner *scanner);

/* questions */

/* Translates @nr addresses; @ret has room for as many. */
int mmuscope_translate(struct mmuscope_target *target, const uint64_t *addrs,
		       size_t nr, struct mmuscope_translation *ret);
int mmuscope_summary(struct mmuscope_target *target,
		     struct mmuscope_summary *ret);

/* shares and windows: what these functions return is a descriptor to map */

/**
 * struct mmuscope_share_options - how a new share is to be
 * @bytes: its size, a multiple of the page size
 * @name: its name, NULL for none
 * @flags: MMUSCOPE_SHARE_* but MAP
 * @page_shift: log2 of the page size, 0 for the smallest
 * @memtype: enum mmuscope_memtype; 0 is write-back
 * @mode: permissions of a named share
 * @on_node: frames are to be on @node; else on any
 * @node: NUMA node
 */
struct mmuscope_share_options {
	uint64_t bytes;
	const char *name;
	uint64_t flags;
	uint32_t page_shift;
	uint32_t memtype;
	uint32_t mode;
	int on_node;
	int node;
};

/* @addr: where it is mapped, writable if it can be; NULL: it is not. */
int mmuscope_share_create(struct mmuscope *mmuscope,
			  const struct mmuscope_share_options *options,
			  void **addr);
/* @flags: 0 or MMUSCOPE_SHARE_READONLY; @addr: likewise. */
int mmuscope_share_open(struct mmuscope *mmuscope, const char *name,
			uint64_t flags, void **addr);
/* Takes the name away; the last who has the share frees it. */
int mmuscope_share_remove(struct mmuscope *mmuscope, const char *name);
int mmuscope_share_info(int fd, struct mmuscope_share_info *ret);
/* @seals: MMUSCOPE_SEAL_*, for good. */
int mmuscope_share_seal(int fd, uint64_t seals);
/*
 * Where the @nr pages from the @first on are; @ret has room for as many.
 * Returns how many there are, fewer at the end of the share.
 */
int mmuscope_share_phys(int fd, uint64_t first, unsigned int nr, uint64_t *ret);

/**
 * struct mmuscope_mmio_options - how a new window is to be
 * @phys: physical address of its first byte
 * @bytes: its size
 * @name: what to call it in lists, NULL for its address
 * @flags: MMUSCOPE_MMIO_* but MAP
 * @memtype: enum mmuscope_memtype; 0 is what registers want
 * @map: map it, too
 */
struct mmuscope_mmio_options {
	uint64_t phys;
	uint64_t bytes;
	const char *name;
	uint64_t flags;
	uint32_t memtype;
	int map;
};

/**
 * struct mmuscope_mmio_result - what became of it
 * @addr: where it is mapped, NULL if it is not
 * @id: its number
 * @memtype: enum mmuscope_memtype that it really has
 * @why: enum mmuscope_mmio_why it is refused
 * @start: where the range begins that @why speaks of
 * @end: its end
 */
struct mmuscope_mmio_result {
	void *addr;
	uint64_t id;
	uint32_t memtype;
	uint32_t why;
	uint64_t start;
	uint64_t end;
};

/* @ret is filled in with an error too. */
int mmuscope_mmio_open(struct mmuscope *mmuscope,
		       const struct mmuscope_mmio_options *options,
		       struct mmuscope_mmio_result *ret);
/* One access of exactly @width bytes: 1, 2, 4 or 8. */
int mmuscope_mmio_read(int fd, uint64_t offset, unsigned int width,
		       uint64_t *ret);
int mmuscope_mmio_write(int fd, uint64_t offset, unsigned int width,
			uint64_t value);
/* grant->size need not be set. */
int mmuscope_mmio_grant(struct mmuscope *mmuscope,
			const struct mmuscope_mmio_grant *grant);
/* Returns how many there are; the first @room of them are in @ret. */
int mmuscope_mmio_grants(struct mmuscope *mmuscope, unsigned int room,
			 struct mmuscope_mmio_grant *ret);

/* @kind: enum mmuscope_holding_kind, 0 for all. */
int mmuscope_list_begin(struct mmuscope *mmuscope, unsigned int kind,
			struct mmuscope_lister **ret);
/* As mmuscope_scan_next(). */
int mmuscope_list_next(struct mmuscope_lister *lister,
		       const struct mmuscope_holding **ret);
void mmuscope_list_end(struct mmuscope_lister *lister);

/**
 * struct mmuscope_mmio_place - where something is in physical memory
 * @start: its first byte
 * @end: its end, exclusive; @start if only an address was named
 * @pci: address of the PCI device, "" if it was not named by that
 * @disabled: the PCI device does not answer: decoding of memory is off
 */
struct mmuscope_mmio_place {
	uint64_t start;
	uint64_t end;
	char pci[32];
	int disabled;
};

/*
 * @where: "ADDRESS", "ADDRESS-END", "0000:00:04.0:BAR", or a name of /proc/iomem.
 * -ENOENT: there is none; -ENOTUNIQ: there are several; -ENXIO: the BAR has no
 * address; -EOPNOTSUPP: it is of I/O ports; -EPERM: names need CAP_SYS_ADMIN.
 */
int mmuscope_mmio_find(const char *where, struct mmuscope_mmio_place *ret);
/* Who has this range, "PCI 0000:00:04.0 / e1000"; -ENOENT, -EPERM: likewise. */
int mmuscope_mmio_holder(uint64_t start, uint64_t end, char *ret, size_t size);
/* frames */

/* Looks at @nr frames from @pfn on; @ret has room for as many. */
int mmuscope_frames(struct mmuscope *mmuscope, uint64_t pfn, size_t nr,
		    struct mmuscope_frame *ret);
int mmuscope_frames_by_pfn(struct mmuscope *mmuscope, const uint64_t *pfns,
			   size_t nr, struct mmuscope_frame *ret);

/* Who maps a frame; @flags are MMUSCOPE_MAPPERS_SCAN or 0. */
int mmuscope_find_begin(struct mmuscope *mmuscope, uint64_t pfn,
			uint64_t flags, struct mmuscope_finder **ret);
/*
 * 1 with a mapper, 0 at the end, or a negative errno. What @ret points to stays
 * valid until the next call with this finder.
 */
int mmuscope_find_next(struct mmuscope_finder *finder,
		       const struct mmuscope_mapper **ret);
/* How it was found so far, and whether that is all: method, status, looked. */
void mmuscope_find_how(const struct mmuscope_finder *finder,
		       struct mmuscope_mappers *ret);
void mmuscope_find_end(struct mmuscope_finder *finder);

/* physical memory */

/* @flags: MMUSCOPE_PHYS_*; @end 0: to the end of what there can be. */
int mmuscope_phys_begin(struct mmuscope *mmuscope, uint64_t start, uint64_t end,
			uint64_t flags, struct mmuscope_phys_reader **ret);
/*
 * 1 with a range, 0 at the end, or a negative errno. What @ret points to stays
 * valid until the next call with this reader.
 */
int mmuscope_phys_next(struct mmuscope_phys_reader *reader,
		       const struct mmuscope_phys_range **ret);
void mmuscope_phys_end(struct mmuscope_phys_reader *reader);

/**
 * struct mmuscope_phys_device - the PCI device that a range belongs to
 * @vendor: its vendor
 * @device: which of the vendor's
 * @resource: its BAR, from 6 on its ROM and what else it has; -1: it does not say
 * @driver: its driver, "" for none
 */
struct mmuscope_phys_device {
	uint32_t vendor;
	uint32_t device;
	int32_t resource;
	char driver[64];
};

/* By the range's name, from sysfs; -ENOENT if it names none. */
int mmuscope_phys_device(const struct mmuscope_phys_range *range,
			 struct mmuscope_phys_device *ret);

/* names: NULL, or -1, for what has none */

const char *mmuscope_flag_name(uint64_t flag);
/* The n-th flag in the order of printing, 0 after the last. */
uint64_t mmuscope_flag_nth(unsigned int n);
const char *mmuscope_marker_name(uint32_t marker);
const char *mmuscope_share_flag_name(uint64_t flag);
const char *mmuscope_mmio_flag_name(uint64_t flag);
const char *mmuscope_seal_name(uint64_t seal);
const char *mmuscope_level_name(enum mmuscope_level level);
const char *mmuscope_backing_name(enum mmuscope_backing backing);
const char *mmuscope_softleaf_name(enum mmuscope_softleaf softleaf);
const char *mmuscope_memtype_name(enum mmuscope_memtype memtype);
/* Of one bit of struct mmuscope_frame.kpf. */
const char *mmuscope_kpf_name(uint64_t bit);
const char *mmuscope_frame_kind_name(enum mmuscope_frame_kind kind);
const char *mmuscope_zone_name(enum mmuscope_zone zone);
const char *mmuscope_lru_name(enum mmuscope_lru lru);
const char *mmuscope_method_name(enum mmuscope_method method);
const char *mmuscope_phys_kind_name(enum mmuscope_phys_kind kind);
/* 0 if no flag has that name. */
uint64_t mmuscope_flag_by_name(const char *name);
int mmuscope_level_by_name(const char *name);
int mmuscope_backing_by_name(const char *name);
int mmuscope_memtype_by_name(const char *name);

/* Flags that LEVEL, BACKING and PERM of a printed line say already. */
#define MMUSCOPE_SAID_FLAGS \
	(MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE | \
	 MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_USER)

/* raw entries, without the module */

/**
 * struct mmuscope_decoded - a raw present entry, by the tables of its processor
 * @flags: MMUSCOPE_FLAG_* of this entry alone
 * @phys: physical address it points to
 * @pat_index: the memory type's field: of the PAT on x86_64, of MAIR_EL1 on arm64
 * @pkey: protection key
 * @table: it points to a table, and has neither of the two above
 */
struct mmuscope_decoded {
	uint64_t flags;
	uint64_t phys;
	uint32_t pat_index;
	uint32_t pkey;
	int table;
};

/* -EINVAL if it is not present, or no such level; -EOPNOTSUPP: unknown arch. */
int mmuscope_entry_decode(enum mmuscope_arch arch, enum mmuscope_level level,
			  uint64_t raw, struct mmuscope_decoded *ret);

/* swap areas */

/**
 * struct mmuscope_swap_area - the area that a swap type stands for
 * @name: its path in /proc/swaps
 * @guess: the kernel does not say which it is; this is what its order suggests
 */
struct mmuscope_swap_area {
	char name[256];
	int guess;
};

/* -ENOENT if there is none that could be it. */
int mmuscope_swap_area(uint32_t swap_type, uint64_t offset,
		       struct mmuscope_swap_area *ret);

#ifdef __cplusplus
}
#endif

#endif
