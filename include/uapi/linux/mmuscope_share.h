/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Pages to share; <linux/mmuscope.h> includes this. */
#ifndef _UAPI_LINUX_MMUSCOPE_SHARE_H
#define _UAPI_LINUX_MMUSCOPE_SHARE_H

#include <linux/mmuscope_ioctl.h>

/*
 * A share is pages that mmuscope allocates, zeroed, and hands out as a
 * descriptor to map with mmap(2), MAP_SHARED. Whoever has the descriptor, or may
 * open the share by its name, maps the same frames; they do not move and are
 * never swapped. They are freed when the last descriptor and the last mapping
 * are gone. A share is not resized and not executed. Its mappings are of frames
 * (VM_PFNMAP): they do not count in Rss, and /proc/PID/pagemap leaves them out.
 */

#define MMUSCOPE_SHARE_NAME_SIZE	64

/* How a share is; bits of mmuscope_share_create.flags and so on. */
#define MMUSCOPE_SHARE_MAP		(1ULL << 0)  /* map it into the caller too */
#define MMUSCOPE_SHARE_KEEP		(1ULL << 1)  /* until it is removed */
#define MMUSCOPE_SHARE_CONTIGUOUS	(1ULL << 2)  /* physically, one piece */
#define MMUSCOPE_SHARE_READONLY_OTHERS	(1ULL << 3)  /* only its creator writes */
#define MMUSCOPE_SHARE_READONLY		(1ULL << 4)  /* this descriptor */

/* What can be sealed for good; bits of mmuscope_share_seal.seals. */
#define MMUSCOPE_SEAL_SEAL		(1ULL << 0)  /* further seals */
#define MMUSCOPE_SEAL_WRITE		(1ULL << 1)  /* writing */
#define MMUSCOPE_SEAL_FUTURE_WRITE	(1ULL << 2)  /* new writable mappings */

/**
 * struct mmuscope_share_create - a new share
 * @size: sizeof(struct mmuscope_share_create)
 * @flags: MMUSCOPE_SHARE_MAP, KEEP (with a name), CONTIGUOUS, READONLY_OTHERS
 * @bytes: how much, a multiple of 1 << @page_shift, not 0
 * @page_shift: log2 of the page size: 12 (or what a page is), or that of a pmd
 *	leaf, 21; 0 is the smallest
 * @memtype: enum mmuscope_memtype, WB, WC or UC_MINUS; 0 is WB. Others than WB
 *	only with small pages and where the architecture allows, else
 *	EOPNOTSUPP
 * @node: NUMA node that the frames are to be on, -1 for any
 * @mode: permissions of a named share, as of a file (0777)
 * @name: name, ended by a 0; "" for none. Letters, digits and "._-", and not
 *	"." or "..", which the command keeps for itself
 * @addr: out: with MAP, where it is mapped
 * @id: out: number of the share, never used again
 *
 * The call returns a descriptor, close-on-exec. Owner and group are the caller's.
 * Errors: EEXIST: a share of that name is there. EDQUOT: RLIMIT_MEMLOCK of the
 * user is reached (CAP_IPC_LOCK lifts it). ENOSPC: so is the ceiling of the
 * module (parameter share_max_mb). ENOMEM: there is no such memory. EINVAL: no
 * such node or size. EOPNOTSUPP: no such memory type, or several large pages
 * that are to be contiguous. READONLY_OTHERS: only the process that makes the share can
 * map it writable, and a child does not inherit its mappings.
 */
struct mmuscope_share_create {
	__u64 size;
	__u64 flags;
	__u64 bytes;
	__u32 page_shift;
	__u32 memtype;
	__s32 node;
	__u32 mode;
	char name[MMUSCOPE_SHARE_NAME_SIZE];
	__u64 addr;
	__u64 id;
};

/**
 * struct mmuscope_share_open - a share, by its name
 * @size: sizeof(struct mmuscope_share_open)
 * @flags: MMUSCOPE_SHARE_MAP, READONLY
 * @name: its name, ended by a 0
 * @addr: out: with MAP, where it is mapped
 * @bytes: out: its size
 *
 * The call returns a descriptor, close-on-exec. Errors: ENOENT, EACCES: its mode,
 * or that it is for others to read only, says no.
 */
struct mmuscope_share_open {
	__u64 size;
	__u64 flags;
	char name[MMUSCOPE_SHARE_NAME_SIZE];
	__u64 addr;
	__u64 bytes;
};

/**
 * struct mmuscope_share_remove - take a share's name away
 * @size: sizeof(struct mmuscope_share_remove)
 * @flags: 0
 * @name: its name, ended by a 0
 *
 * Nobody can open it any more; who has it goes on, and the last to leave frees
 * it. Errors: ENOENT, EACCES: only its owner may, or CAP_FOWNER.
 */
struct mmuscope_share_remove {
	__u64 size;
	__u64 flags;
	char name[MMUSCOPE_SHARE_NAME_SIZE];
};

/**
 * struct mmuscope_share_info - what a share is
 * @size: sizeof(struct mmuscope_share_info)
 * @flags: out: MMUSCOPE_SHARE_* without MAP; READONLY of this descriptor
 * @bytes: out: its size
 * @id: out: its number
 * @seals: out: MMUSCOPE_SEAL_*
 * @page_shift: out: log2 of its page size
 * @memtype: out: enum mmuscope_memtype
 * @node: out: NUMA node of its first frame
 * @mode: out: its permissions
 * @name: out: its name
 */
struct mmuscope_share_info {
	__u64 size;
	__u64 flags;
	__u64 bytes;
	__u64 id;
	__u64 seals;
	__u32 page_shift;
	__u32 memtype;
	__s32 node;
	__u32 mode;
	char name[MMUSCOPE_SHARE_NAME_SIZE];
};

/**
 * struct mmuscope_share_seal - seal a share for good
 * @size: sizeof(struct mmuscope_share_seal)
 * @seals: MMUSCOPE_SEAL_* to add
 *
 * As fcntl(2) F_ADD_SEALS: EPERM if it is sealed against seals or the descriptor
 * is read-only, EBUSY for WRITE while a mapping could be written through.
 */
struct mmuscope_share_seal {
	__u64 size;
	__u64 seals;
};

/**
 * struct mmuscope_share_phys - the frames of a share
 * @size: sizeof(struct mmuscope_share_phys)
 * @flags: 0
 * @first: index of the first page to tell, in pages of 1 << page_shift
 * @vec: address of an array of __u64, where physical addresses go, in bytes
 * @vec_len: room there, in elements, at least 1
 * @nr: out: elements told; fewer than @vec_len at the end of the share
 *
 * EPERM unless who opened the descriptor had CAP_SYS_ADMIN in the initial user
 * namespace; EINVAL beyond the end.
 */
struct mmuscope_share_phys {
	__u64 size;
	__u64 flags;
	__u64 first;
	__u64 vec;
	__u64 vec_len;
	__u64 nr;
};

enum mmuscope_holding_kind {
	MMUSCOPE_HOLDING_SHARE = 1,
	MMUSCOPE_HOLDING_MMIO = 2,
};

/**
 * struct mmuscope_holding - a share or window, and one mapping of it
 * @id: number of the share or window
 * @kind: enum mmuscope_holding_kind
 * @memtype: enum mmuscope_memtype
 * @phys: of a window its physical address; else 0
 * @bytes: size of the share or window
 * @flags: MMUSCOPE_SHARE_* or MMUSCOPE_MMIO_*
 * @since: when it was made, in nanoseconds of CLOCK_BOOTTIME
 * @start: where it is mapped; 0 if it is not
 * @end: end of the mapping
 * @offset: of @start in the share or window, in bytes
 * @opener: PID of who made it, 0 if it cannot be told to the caller
 * @opener_uid: user ID of who made it
 * @pid: PID of who maps it, 0 likewise
 * @mode: permissions of a named share
 * @files: open files of it, each kept by descriptors or mappings
 * @page_shift: log2 of the size of a share's pages
 * @name: of the share, "" for none; or how the window was named
 * @comm: name of the process @pid, or of @opener if it is not mapped
 */
struct mmuscope_holding {
	__u64 id;
	__u32 kind;
	__u32 memtype;
	__u64 phys;
	__u64 bytes;
	__u64 flags;
	__u64 since;
	__u64 start;
	__u64 end;
	__u64 offset;
	__u32 opener;
	__u32 opener_uid;
	__u32 pid;
	__u32 mode;
	__u32 files;
	__u32 page_shift;
	char name[MMUSCOPE_SHARE_NAME_SIZE];
	char comm[16];
};

/**
 * struct mmuscope_holdings - who holds what
 * @size: sizeof(struct mmuscope_holdings)
 * @flags: 0
 * @kind: enum mmuscope_holding_kind, or 0 for both
 * @reserved: 0
 * @id: where to begin, 0 for the first; out: where to go on, 0 at the end
 * @skip: mappings of @id to pass over; out: likewise
 * @vec: address of an array of struct mmuscope_holding
 * @vec_len: room there, in elements, at least 1
 * @vec_size: size of one element
 * @nr: out: elements told
 *
 * One element for each mapping of each share or window, or one without a
 * mapping. Who has no CAP_SYS_ADMIN in the initial user namespace is told of
 * what he himself has made, and of his own mappings of it.
 */
struct mmuscope_holdings {
	__u64 size;
	__u64 flags;
	__u32 kind;
	__u32 reserved;
	__u64 id;
	__u64 skip;
	__u64 vec;
	__u64 vec_len;
	__u64 vec_size;
	__u64 nr;
};

/* Of /dev/mmuscope. */
#define MMUSCOPE_IOC_SHARE_CREATE _IOWR(MMUSCOPE_IOC_TYPE, 0x02, struct mmuscope_share_create)
#define MMUSCOPE_IOC_SHARE_OPEN	_IOWR(MMUSCOPE_IOC_TYPE, 0x03, struct mmuscope_share_open)
#define MMUSCOPE_IOC_SHARE_REMOVE _IOWR(MMUSCOPE_IOC_TYPE, 0x04, struct mmuscope_share_remove)
#define MMUSCOPE_IOC_HOLDINGS	_IOWR(MMUSCOPE_IOC_TYPE, 0x05, struct mmuscope_holdings)
/* Of what CREATE and OPEN return. */
#define MMUSCOPE_IOC_SHARE_INFO	_IOWR(MMUSCOPE_IOC_TYPE, 0x20, struct mmuscope_share_info)
#define MMUSCOPE_IOC_SHARE_SEAL	_IOWR(MMUSCOPE_IOC_TYPE, 0x21, struct mmuscope_share_seal)
#define MMUSCOPE_IOC_SHARE_PHYS	_IOWR(MMUSCOPE_IOC_TYPE, 0x22, struct mmuscope_share_phys)

#endif /* _UAPI_LINUX_MMUSCOPE_SHARE_H */
