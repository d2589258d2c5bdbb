/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Windows to device registers; <linux/mmuscope.h> includes this. */
#ifndef _UAPI_LINUX_MMUSCOPE_MMIO_H
#define _UAPI_LINUX_MMUSCOPE_MMIO_H

#include <linux/mmuscope_ioctl.h>
#include <linux/mmuscope_share.h>

/*
 * A window is a physical range that is not RAM, handed out as a descriptor to
 * map with mmap(2), MAP_SHARED, or to access with MMUSCOPE_IOC_MMIO_ACCESS. The
 * range is claimed, as a driver claims it, while the descriptor or a mapping
 * exists: no driver and no other window gets it then. A mapping is all or
 * nothing (a part cannot be unmapped), cannot grow, be executed or be private,
 * and is gone in a child. When the PCI device behind it is removed, mappings are
 * taken away first: a touch is SIGBUS, an access ENODEV.
 */

/* How a window is opened; bits of mmuscope_mmio_open.flags. */
#define MMUSCOPE_MMIO_MAP	(1ULL << 0)  /* map it into the caller too */
#define MMUSCOPE_MMIO_READONLY	(1ULL << 1)  /* neither write nor map writable */
#define MMUSCOPE_MMIO_SHARED	(1ULL << 2)  /* with windows that say so too */
#define MMUSCOPE_MMIO_INHERIT	(1ULL << 3)  /* a child keeps the mappings */
#define MMUSCOPE_MMIO_ACCESS	(1ULL << 4)  /* for single accesses, no mmap */
#define MMUSCOPE_MMIO_UNLISTED	(1ULL << 5)  /* what the kernel knows nothing of */

/**
 * enum mmuscope_mmio_why - why a window is refused
 * @MMUSCOPE_MMIO_WHY_NONE: it is not, or for what the errno says
 * @MMUSCOPE_MMIO_WHY_RAM: it holds RAM (EACCES)
 * @MMUSCOPE_MMIO_WHY_BUSY: a driver holds some of it (EBUSY)
 * @MMUSCOPE_MMIO_WHY_WINDOW: another window holds some of it (EBUSY)
 * @MMUSCOPE_MMIO_WHY_HOLE: nothing is known to be in some of it, or with
 *	UNLISTED something is (ENXIO)
 * @MMUSCOPE_MMIO_WHY_ADDRESS: it wraps, or is past the bits that a physical
 *	address has (EOVERFLOW)
 * @MMUSCOPE_MMIO_WHY_LOCKDOWN: the kernel is locked down (EPERM)
 * @MMUSCOPE_MMIO_WHY_RIGHTS: no CAP_SYS_RAWIO, and no grant (EPERM)
 */
enum mmuscope_mmio_why {
	MMUSCOPE_MMIO_WHY_NONE,
	MMUSCOPE_MMIO_WHY_RAM,
	MMUSCOPE_MMIO_WHY_BUSY,
	MMUSCOPE_MMIO_WHY_WINDOW,
	MMUSCOPE_MMIO_WHY_HOLE,
	MMUSCOPE_MMIO_WHY_ADDRESS,
	MMUSCOPE_MMIO_WHY_LOCKDOWN,
	MMUSCOPE_MMIO_WHY_RIGHTS,
};

/**
 * struct mmuscope_mmio_open - a new window
 * @size: sizeof(struct mmuscope_mmio_open)
 * @flags: MMUSCOPE_MMIO_*
 * @phys: physical address of its first byte; page aligned, unless ACCESS
 * @bytes: its size, not 0; a multiple of the page size, unless ACCESS
 * @memtype: enum mmuscope_memtype; 0 is UC_MINUS on x86_64, where WC and UC can
 *	be asked for too; EOPNOTSUPP for others. On arm64 0 and UC_MINUS are
 *	DEVICE_NGNRE, UC is DEVICE_NGNRNE and WC is NC, which can be asked for
 *	by these names too.
 * @reserved: 0
 * @name: what to call it in lists and in /proc/PID/maps, ended by a 0; "" for
 *	its address. Printable, without spaces.
 * @addr: out: with MAP, where it is mapped
 * @id: out: number of the window, never used again
 * @why: out, with an error too: enum mmuscope_mmio_why
 * @got: out: enum mmuscope_memtype that the kernel gave
 * @conflict_start: out, with an error too: where the range begins that @why
 *	speaks of
 * @conflict_end: out: its end, exclusive
 *
 * The call returns a descriptor, close-on-exec. It takes CAP_SYS_RAWIO in the
 * initial user namespace and a kernel that is not locked down, or instead of the
 * former a grant of exactly this range. SHARED: the range may lie within that of
 * another window that says so too and has the same memory type.
 */
struct mmuscope_mmio_open {
	__u64 size;
	__u64 flags;
	__u64 phys;
	__u64 bytes;
	__u32 memtype;
	__u32 reserved;
	char name[MMUSCOPE_SHARE_NAME_SIZE];
	__u64 addr;
	__u64 id;
	__u32 why;
	__u32 got;
	__u64 conflict_start;
	__u64 conflict_end;
};

/* bits of mmuscope_mmio_access.flags */
#define MMUSCOPE_MMIO_WRITE	(1ULL << 0)

/**
 * struct mmuscope_mmio_access - one access to a register, of exactly that width
 * @size: sizeof(struct mmuscope_mmio_access)
 * @flags: MMUSCOPE_MMIO_WRITE, or 0 to read
 * @offset: in the window, a multiple of @width
 * @width: 1, 2, 4 or 8 bytes
 * @reserved: 0
 * @value: what to write, nothing above @width; out: what was read
 *
 * EINVAL: no such width, unaligned, or a value that is too wide. ERANGE: outside
 * the window. EACCES: read-only, or the grant does not have this width. ENODEV:
 * the device is gone. EPERM: the kernel has been locked down since.
 */
struct mmuscope_mmio_access {
	__u64 size;
	__u64 flags;
	__u64 offset;
	__u32 width;
	__u32 reserved;
	__u64 value;
};

/* bits of mmuscope_mmio_grant.flags */
#define MMUSCOPE_GRANT_REMOVE	(1ULL << 0)  /* take it back */
#define MMUSCOPE_GRANT_READONLY	(1ULL << 1)  /* neither write nor map writable */

/**
 * struct mmuscope_mmio_grant - let a group open a window without CAP_SYS_RAWIO
 * @size: sizeof(struct mmuscope_mmio_grant)
 * @flags: MMUSCOPE_GRANT_*
 * @phys: physical address of its first byte
 * @bytes: its size, not 0
 * @gid: the group, of the caller's user namespace
 * @widths: widths of access that it is for, 1 | 2 | 4 | 8; 0 for all
 *
 * Takes CAP_SYS_RAWIO and CAP_SYS_ADMIN in the initial user namespace and a
 * kernel that is not locked down. A grant of less than whole pages, or of some
 * widths only, opens windows with MMUSCOPE_MMIO_ACCESS only. Taking it back does
 * not close windows. It ends when the PCI device behind it is removed. EEXIST: it
 * is there; ENOENT: it is not; ENOSPC: too many.
 */
struct mmuscope_mmio_grant {
	__u64 size;
	__u64 flags;
	__u64 phys;
	__u64 bytes;
	__u32 gid;
	__u32 widths;
};

/**
 * struct mmuscope_mmio_grants - what is granted
 * @size: sizeof(struct mmuscope_mmio_grants)
 * @flags: 0
 * @vec: address of an array of struct mmuscope_mmio_grant
 * @vec_len: room there, in elements; 0 to ask how many there are
 * @vec_size: size of one element
 * @nr: out: how many grants there are; the first @vec_len of them are told
 *
 * Takes CAP_SYS_RAWIO in the initial user namespace.
 */
struct mmuscope_mmio_grants {
	__u64 size;
	__u64 flags;
	__u64 vec;
	__u64 vec_len;
	__u64 vec_size;
	__u64 nr;
};

/* Of /dev/mmuscope. */
#define MMUSCOPE_IOC_MMIO_OPEN	_IOWR(MMUSCOPE_IOC_TYPE, 0x06, struct mmuscope_mmio_open)
#define MMUSCOPE_IOC_MMIO_GRANT	_IOWR(MMUSCOPE_IOC_TYPE, 0x07, struct mmuscope_mmio_grant)
#define MMUSCOPE_IOC_MMIO_GRANTS _IOWR(MMUSCOPE_IOC_TYPE, 0x08, struct mmuscope_mmio_grants)
/* Of what MMIO_OPEN returns. */
#define MMUSCOPE_IOC_MMIO_ACCESS _IOWR(MMUSCOPE_IOC_TYPE, 0x30, struct mmuscope_mmio_access)

#endif /* _UAPI_LINUX_MMUSCOPE_MMIO_H */
