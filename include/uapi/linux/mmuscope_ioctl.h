/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* What can be asked of /dev/mmuscope; <linux/mmuscope.h> includes this. */
#ifndef _UAPI_LINUX_MMUSCOPE_IOCTL_H
#define _UAPI_LINUX_MMUSCOPE_IOCTL_H

#include <linux/ioctl.h>
#include <linux/mmuscope.h>

/*
 * The device. Every structure starts with its size, which the caller sets: one
 * that is smaller than the first version is refused with EINVAL, one that is
 * larger than the module knows with E2BIG unless the rest is 0. What is marked
 * "out" is not looked at. Flags and bits that the module does not know are
 * refused with EINVAL, commands with ENOTTY.
 */
#define MMUSCOPE_IOC_TYPE	0xC1
#define MMUSCOPE_ABI		1

enum mmuscope_arch {
	MMUSCOPE_ARCH_X86_64 = 1,
	MMUSCOPE_ARCH_ARM64 = 2,
};

/* What the module can do; bits of mmuscope_info.features. */
#define MMUSCOPE_FEATURE_PAGEMAP_TARGET	(1ULL << 0)
#define MMUSCOPE_FEATURE_PTI		(1ULL << 1)  /* tables are isolated */
#define MMUSCOPE_FEATURE_RAW		(1ULL << 2)  /* MMUSCOPE_SCAN_RAW */

/* What the caller may do; bits of mmuscope_info.rights. */
#define MMUSCOPE_RIGHT_FRAMES	(1ULL << 0)  /* see frames and raw entries */
#define MMUSCOPE_RIGHT_OTHERS	(1ULL << 1)  /* trace others' processes */
#define MMUSCOPE_RIGHT_KERNEL	(1ULL << 2)  /* see the kernel's half */

/**
 * struct mmuscope_info - what module, machine and caller are
 * @size: sizeof(struct mmuscope_info)
 * @abi: out: MMUSCOPE_ABI of the module
 * @arch: out: enum mmuscope_arch
 * @page_shift: out: log2 of the bytes of a page
 * @levels: out: levels of a page table in use
 * @va_bits: out: bits of a virtual address that are translated
 * @pa_bits: out: bits of a physical address
 * @features: out: MMUSCOPE_FEATURE_*
 * @rights: out: MMUSCOPE_RIGHT_*
 * @pat: out: on x86_64 the PAT, on arm64 MAIR_EL1, as the register has it
 * @phys_mask: out: the bits of an entry that can be physical address
 */
struct mmuscope_info {
	__u64 size;
	__u32 abi;
	__u32 arch;
	__u32 page_shift;
	__u32 levels;
	__u32 va_bits;
	__u32 pa_bits;
	__u64 features;
	__u64 rights;
	__u64 pat;
	__u64 phys_mask;
};

enum mmuscope_target_kind {
	MMUSCOPE_TARGET_PID,
	MMUSCOPE_TARGET_PAGEMAP,
	MMUSCOPE_TARGET_KERNEL,		/* the kernel's half */
	MMUSCOPE_TARGET_KERNEL_USER,	/* what of it user mode's tables have */
	MMUSCOPE_TARGET_COPY,		/* what another target is */
};

/**
 * struct mmuscope_bind - whose memory to look at
 * @size: sizeof(struct mmuscope_bind)
 * @kind: enum mmuscope_target_kind
 * @id: a PID of the caller's namespace, 0 for the caller; or a descriptor of
 *	/proc/PID/pagemap; 0 for the kernel's half; or a descriptor of a target
 *
 * The call returns a descriptor, close-on-exec, for the commands below. It is
 * bound to the address space that the process has now and does not keep its
 * memory. Bound by PID it says ESRCH after the process, or the thread that the
 * number names, has exited or executed another program; bound by pagemap it
 * follows the address space. The kernel's half takes MMUSCOPE_RIGHT_KERNEL, else
 * EPERM, and once the kernel is locked down each command says that too; user
 * mode's tables of it are there only with MMUSCOPE_FEATURE_PTI, else EOPNOTSUPP.
 *
 * A descriptor serves one call at a time; a copy shows the same, whoever copies it. EBADF
 * without a descriptor, EINVAL of something else, EPERM of the kernel's half likewise.
 */
struct mmuscope_bind {
	__u64 size;
	__u32 kind;
	__s32 id;
};

/* What a scan is to do besides; bits of mmuscope_scan.flags. */
#define MMUSCOPE_SCAN_VALUES	(1ULL << 0)  /* tell frames, slots, raw entries */
#define MMUSCOPE_SCAN_OUTSIDE	(1ULL << 1)  /* what is in no VMA, and only that */
#define MMUSCOPE_SCAN_RAW	(1ULL << 2)  /* entries as they are, not extents */

/* What else a scan did; bits of mmuscope_scan.status. */
#define MMUSCOPE_SCAN_CHANGED	(1ULL << 0)  /* memory changed between holds */

/**
 * struct mmuscope_scan - what a range of a target maps to
 * @size: sizeof(struct mmuscope_scan)
 * @flags: MMUSCOPE_SCAN_*; without VALUES extents merge as if frames and slots
 *	followed each other, and so they do for a caller who may not know them
 * @start: first address, page aligned; 0 for the beginning of the kernel's half
 *	too, which is put here then
 * @end: end of the range, exclusive, page aligned, at most the end of what the
 *	process can have, resp. one page before 2^64; 0 for that, which is put
 *	here then
 * @walk_end: out: where to go on; @end if the scan is complete
 * @vec: address of an array of struct mmuscope_extent
 * @vec_len: room there, in elements, at least 1
 * @vec_size: size of one element
 * @vma: address of an array of struct mmuscope_vma, or 0
 * @vma_len: room there, in elements; 0 without @vma
 * @vma_size: size of one element; 0 without @vma
 * @names: address for the names of these VMAs, or 0
 * @names_len: room there, in bytes, below 4 GiB; 0 without @names. A VMA whose
 *	name does not fit ends the scan before it; ENAMETOOLONG if it is the
 *	first. 4096 bytes are enough for any: a path that is longer is "..."
 * @inverted: categories to flip before the tests
 * @mask: categories that must all be set
 * @anyof: categories of which one must be set, if not 0
 * @return_mask: MMUSCOPE_FLAG_* to report; others neither show nor split
 *	extents. What only a struct page tells is not looked for unless asked,
 *	and never in the kernel's half. MMUSCOPE_FLAG_REPEAT, which says how to
 *	read a value, comes with the values, and cannot be asked for.
 * @nr: out: elements of @vec
 * @nr_vma: out: elements of @vma
 * @status: out: MMUSCOPE_SCAN_*
 * @entries: out: entries read
 * @holds: out: how often the address space was held
 * @longest: out: entries read in the longest hold
 * @longest_ns: out: the longest hold, in nanoseconds
 * @max_hold: most entries to read in a hold, 0 for MMUSCOPE_HOLD_MAX; from
 *	MMUSCOPE_HOLD_MIN, twice that if FLAG_CACHED or FLAG_SWAPPED is asked for
 * @budget: entries after which a call ends with success, 0 for no bound; it reads fewer
 *	more than @max_hold can be least, if no entry changes meanwhile, and gets on
 *
 * Categories are MMUSCOPE_FLAG_*, MMUSCOPE_CAT_BACKING() and MMUSCOPE_CAT_LEVEL(). A
 * full array, or a signal, ends the scan with success; the next call goes on at
 * @walk_end. Extents are maximal, however often that happens; only one that a signal or
 * @budget cut short goes on in the next call. A VMA that a call starts in the middle of
 * is told again. In the kernel's half areas take the place of VMAs; nothing but range and
 * name is told of them, and no lock keeps the tables: what is told is what was read.
 *
 * With OUTSIDE a scan tells what the tables of a process have between its VMAs;
 * nothing is present there if all is well. One VMA stands for all of that, from 0
 * to the end of the address space, without flags and name; a vsyscall page is no
 * part of it. It takes MMUSCOPE_RIGHT_FRAMES when the target is bound, else EPERM,
 * for it takes mmap_lock for writing, and who waits for that, or for it to let go,
 * cannot fault or map meanwhile; it holds it as briefly as any scan. EINVAL for the
 * kernel's half, which has no VMAs.
 *
 * With RAW @vec is an array of __u64, MMUSCOPE_RAW_ROOM of them at least, @vec_size
 * is 8, and @nr and @first of a VMA count these: blocks as <linux/mmuscope_raw.h>
 * has them, to be decoded by who called. It is told with VALUES, of a process, where
 * MMUSCOPE_FEATURE_RAW says so; only flags that stand in an entry can be asked for,
 * and nothing filtered by. Else EINVAL. It takes MMUSCOPE_RIGHT_FRAMES when the target
 * is bound, else EPERM.
 */
struct mmuscope_scan {
	__u64 size;
	__u64 flags;
	__u64 start;
	__u64 end;
	__u64 walk_end;
	__u64 vec;
	__u64 vec_len;
	__u64 vec_size;
	__u64 vma;
	__u64 vma_len;
	__u64 vma_size;
	__u64 names;
	__u64 names_len;
	__u64 inverted;
	__u64 mask;
	__u64 anyof;
	__u64 return_mask;
	__u64 nr;
	__u64 nr_vma;
	__u64 status;
	__u64 entries;
	__u64 holds;
	__u64 longest;
	__u64 longest_ns;
	__u64 max_hold;
	__u64 budget;
};

#define MMUSCOPE_HOLD_MIN	517	/* what one step may take */
#define MMUSCOPE_HOLD_MAX	2048

/* What mmuscope_scan.return_mask may hold. */
#define MMUSCOPE_SCAN_FLAGS	0x00000007ff03bfffULL

/**
 * struct mmuscope_step - one table on the way down
 * @table: physical address of the table, 0 if the caller may not know
 * @raw: the entry, likewise
 * @flags: MMUSCOPE_FLAG_* of this entry alone
 * @level: enum mmuscope_level
 * @index: of the entry in its table
 */
struct mmuscope_step {
	__u64 table;
	__u64 raw;
	__u64 flags;
	__u32 level;
	__u32 index;
};

/**
 * enum mmuscope_touch - what a touch by the process would do
 * @MMUSCOPE_TOUCH_HIT: go through without a fault
 * @MMUSCOPE_TOUCH_NO_VMA: SIGSEGV, nothing is there
 * @MMUSCOPE_TOUCH_FORBIDDEN: SIGSEGV, the VMA forbids it
 * @MMUSCOPE_TOUCH_GUARD: SIGSEGV, a guard marker is there
 * @MMUSCOPE_TOUCH_STACK: the stack grows, if its limit allows
 * @MMUSCOPE_TOUCH_ZERO: zeroed memory, or for a read the zero page; told also
 *	of shared memory in swap to a caller who may not see frames
 * @MMUSCOPE_TOUCH_FILE: the file's page is mapped, from the page cache if it is
 *	there; a write to a private mapping copies it
 * @MMUSCOPE_TOUCH_EOF: SIGBUS, the file ends before
 * @MMUSCOPE_TOUCH_COW: copy on write; of a page that nobody else has the kernel
 *	may keep the frame
 * @MMUSCOPE_TOUCH_NOTIFY: the shared page becomes writable
 * @MMUSCOPE_TOUCH_SWAP: swap-in; whether it needs the disk cannot be known
 * @MMUSCOPE_TOUCH_MIGRATION: wait for the migration
 * @MMUSCOPE_TOUCH_POISON: SIGBUS, hardware error or lost swap
 * @MMUSCOPE_TOUCH_DEVICE: the device gives the page back
 * @MMUSCOPE_TOUCH_NUMA: NUMA balancing takes note, perhaps moves the page
 * @MMUSCOPE_TOUCH_UFFD: who holds the userfaultfd decides
 * @MMUSCOPE_TOUCH_HUGETLB: a huge page, or SIGBUS if there is none
 * @MMUSCOPE_TOUCH_DRIVER: who made the mapping decides
 * @MMUSCOPE_TOUCH_RETRY: a fault that finds the entry on its way elsewhere
 */
enum mmuscope_touch {
	MMUSCOPE_TOUCH_HIT,
	MMUSCOPE_TOUCH_NO_VMA,
	MMUSCOPE_TOUCH_FORBIDDEN,
	MMUSCOPE_TOUCH_GUARD,
	MMUSCOPE_TOUCH_STACK,
	MMUSCOPE_TOUCH_ZERO,
	MMUSCOPE_TOUCH_FILE,
	MMUSCOPE_TOUCH_EOF,
	MMUSCOPE_TOUCH_COW,
	MMUSCOPE_TOUCH_NOTIFY,
	MMUSCOPE_TOUCH_SWAP,
	MMUSCOPE_TOUCH_MIGRATION,
	MMUSCOPE_TOUCH_POISON,
	MMUSCOPE_TOUCH_DEVICE,
	MMUSCOPE_TOUCH_NUMA,
	MMUSCOPE_TOUCH_UFFD,
	MMUSCOPE_TOUCH_HUGETLB,
	MMUSCOPE_TOUCH_DRIVER,
	MMUSCOPE_TOUCH_RETRY,
	MMUSCOPE_NR_TOUCHES,
};

/**
 * struct mmuscope_translation - one address, level by level
 * @addr: the address; on arm64 a tag in it is dropped
 * @phys: out: physical address of that byte; 0 if @leaf maps none or the caller
 *	may not know
 * @leaf: out: the page that @addr lies in, as a scan would tell it; @leaf.end is
 *	0 if no VMA covers it
 * @vma: out: its VMA; without one all 0
 * @step: out: the tables on the way down
 * @nr_steps: out: how many; the last is where the walk ended
 * @touch_read: out: enum mmuscope_touch; in the kernel's half by the kernel, resp.
 *	by user mode on its tables: HIT, FORBIDDEN, or NO_VMA with nothing mapped
 * @touch_write: out: likewise
 * @touch_exec: out: likewise
 * @name: out: name of the VMA, ended by a 0; a path that is too long is "..."
 */
struct mmuscope_translation {
	__u64 addr;
	__u64 phys;
	struct mmuscope_extent leaf;
	struct mmuscope_vma vma;
	struct mmuscope_step step[8];
	__u32 nr_steps;
	__u32 touch_read;
	__u32 touch_write;
	__u32 touch_exec;
	__u64 reserved;
	char name[256];
};

/**
 * struct mmuscope_translate - what addresses of a target translate to
 * @size: sizeof(struct mmuscope_translate)
 * @flags: 0
 * @vec: address of an array of struct mmuscope_translation
 * @vec_len: elements, at least 1
 * @vec_size: size of one element
 * @nr: out: elements done, from the first on; fewer than @vec_len after a
 *	signal
 */
struct mmuscope_translate {
	__u64 size;
	__u64 flags;
	__u64 vec;
	__u64 vec_len;
	__u64 vec_size;
	__u64 nr;
};

/* Of /dev/mmuscope. */
#define MMUSCOPE_IOC_INFO	_IOWR(MMUSCOPE_IOC_TYPE, 0x00, struct mmuscope_info)
#define MMUSCOPE_IOC_TARGET	_IOWR(MMUSCOPE_IOC_TYPE, 0x01, struct mmuscope_bind)
/* Of what MMUSCOPE_IOC_TARGET returns. */
#define MMUSCOPE_IOC_SCAN	_IOWR(MMUSCOPE_IOC_TYPE, 0x10, struct mmuscope_scan)
#define MMUSCOPE_IOC_TRANSLATE	_IOWR(MMUSCOPE_IOC_TYPE, 0x11, struct mmuscope_translate)

#endif /* _UAPI_LINUX_MMUSCOPE_IOCTL_H */
