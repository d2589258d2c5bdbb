// SPDX-License-Identifier: GPL-2.0-only
/* The calls that programs are made of: a new ioctl is one more entry here. */
#define _GNU_SOURCE
#include <linux/mmuscope.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "memory.h"

/* Where answers usually go. */
enum { VEC = 0x2000, VMAS = 0x80000, STRINGS = 0xc0000 };

#define MEMBER(s, m)	offsetof(struct s, m), sizeof(((struct s *)0)->m)
#define ARG(s, m, kind, like) { #m, MEMBER(s, m), kind, like }
#define OTHER(name, kind, like) { name, AT_NONE, 8, kind, like }

/* What each ioctl has: on which descriptor, where its structure is, its size. */
#define HEAD(s, of) \
	OTHER("fd", KIND_FD, of), OTHER("at", KIND_OUT, 0), \
	ARG(s, size, KIND_SIZE, sizeof(struct s)), \
	{ "tail", AT_TAIL, 8, KIND_ZERO, 0 }
#define ELEMENT(kind) { "element", AT_ELEMENT, 8, kind, 0 }
#define ARRAY(s, element) \
	ARG(s, vec, KIND_OUT, VEC), ARG(s, vec_len, KIND_COUNT, 16), \
	ARG(s, vec_size, KIND_SIZE, sizeof(struct element))
#define IOCTL(n, s) .run = run_ioctl, .cmd = n, .size = sizeof(struct s)
#define OUT(s, m) .out = offsetof(struct s, m)
#define PLACE(s, a) .place = offsetof(struct s, a), .bytes = offsetof(struct s, bytes)

#define SCAN_FLAGS	0x7
#define SHARE_FLAGS	0x1f
#define MMIO_FLAGS	0x3f
#define CATEGORIES	0xffff00fff007ffffULL
#define ENTRY_FLAGS	(MMUSCOPE_SCAN_FLAGS & (MMUSCOPE_FLAG_ANON - 1))
#define MAP_FLAGS	(MAP_SHARED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | \
			 MAP_LOCKED | MAP_NORESERVE)

const char * const names[] = {
	"", "f0", "f1", "f2", ".", "..", "a/b", "a b", "\303\251",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

const unsigned int nr_names = sizeof(names) / sizeof(*names);

const struct type types[] = {
	{
		"info", IOCTL(MMUSCOPE_IOC_INFO, mmuscope_info),
		.gives = RES_NONE, .weight = 1,
		.arg = { HEAD(mmuscope_info, RES_DEVICE) },
	}, {
		"target", IOCTL(MMUSCOPE_IOC_TARGET, mmuscope_bind),
		.gives = RES_TARGET, .weight = 12,
		.arg = {
			HEAD(mmuscope_bind, RES_DEVICE),
			ARG(mmuscope_bind, kind, KIND_ENUM, 5),
			ARG(mmuscope_bind, id, KIND_PID, 0),
		},
	}, {
		"scan", IOCTL(MMUSCOPE_IOC_SCAN, mmuscope_scan),
		.gives = RES_NONE, .weight = 20, OUT(mmuscope_scan, walk_end),
		.arg = {
			HEAD(mmuscope_scan, RES_TARGET),
			ARG(mmuscope_scan, flags, KIND_FLAGS, SCAN_FLAGS),
			ARG(mmuscope_scan, start, KIND_ADDR, 0),
			ARG(mmuscope_scan, end, KIND_ADDR, 0),
			ARRAY(mmuscope_scan, mmuscope_extent),
			ARG(mmuscope_scan, vma, KIND_OUT, VMAS),
			ARG(mmuscope_scan, vma_len, KIND_COUNT, 16),
			ARG(mmuscope_scan, vma_size, KIND_SIZE,
			    sizeof(struct mmuscope_vma)),
			ARG(mmuscope_scan, names, KIND_OUT, STRINGS),
			ARG(mmuscope_scan, names_len, KIND_COUNT, 4096),
			ARG(mmuscope_scan, inverted, KIND_FLAGS, CATEGORIES),
			ARG(mmuscope_scan, mask, KIND_FLAGS, CATEGORIES),
			ARG(mmuscope_scan, anyof, KIND_FLAGS, CATEGORIES),
			ARG(mmuscope_scan, return_mask, KIND_FLAGS,
			    MMUSCOPE_SCAN_FLAGS),
			ARG(mmuscope_scan, max_hold, KIND_ENUM, 2100),
			ARG(mmuscope_scan, budget, KIND_COUNT, 0),
		},
	}, {
		"scan_raw", IOCTL(MMUSCOPE_IOC_SCAN, mmuscope_scan),
		.gives = RES_NONE, .weight = 10, OUT(mmuscope_scan, walk_end),
		.arg = {
			HEAD(mmuscope_scan, RES_TARGET),
			ARG(mmuscope_scan, flags, KIND_NUMBER,
			    MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_RAW),
			ARG(mmuscope_scan, start, KIND_ADDR, 0),
			ARG(mmuscope_scan, end, KIND_ADDR, 0),
			ARG(mmuscope_scan, vec, KIND_OUT, VEC),
			ARG(mmuscope_scan, vec_len, KIND_COUNT, MMUSCOPE_RAW_ROOM),
			ARG(mmuscope_scan, vec_size, KIND_SIZE, sizeof(uint64_t)),
			ARG(mmuscope_scan, vma, KIND_OUT, VMAS),
			ARG(mmuscope_scan, vma_len, KIND_COUNT, 16),
			ARG(mmuscope_scan, vma_size, KIND_SIZE,
			    sizeof(struct mmuscope_vma)),
			ARG(mmuscope_scan, return_mask, KIND_FLAGS, ENTRY_FLAGS),
			ARG(mmuscope_scan, max_hold, KIND_ENUM, 2100),
			ARG(mmuscope_scan, budget, KIND_COUNT, 0),
		},
	}, {
		"translate", IOCTL(MMUSCOPE_IOC_TRANSLATE, mmuscope_translate),
		.gives = RES_NONE, .weight = 10,
		.arg = {
			HEAD(mmuscope_translate, RES_TARGET),
			ARG(mmuscope_translate, flags, KIND_ZERO, 0),
			ARRAY(mmuscope_translate, mmuscope_translation),
			ELEMENT(KIND_ADDR),
		},
	}, {
		"summary", IOCTL(MMUSCOPE_IOC_SUMMARY, mmuscope_summary),
		.gives = RES_NONE, .weight = 4,
		.arg = {
			HEAD(mmuscope_summary, RES_TARGET),
			ARG(mmuscope_summary, flags, KIND_ZERO, 0),
		},
	}, {
		"share_create",
		IOCTL(MMUSCOPE_IOC_SHARE_CREATE, mmuscope_share_create),
		.gives = RES_SHARE, .weight = 14,
		PLACE(mmuscope_share_create, addr),
		OUT(mmuscope_share_create, id),
		.arg = {
			HEAD(mmuscope_share_create, RES_DEVICE),
			ARG(mmuscope_share_create, flags, KIND_FLAGS, SHARE_FLAGS),
			ARG(mmuscope_share_create, bytes, KIND_BYTES, PAGE),
			ARG(mmuscope_share_create, page_shift, KIND_ENUM, 22),
			ARG(mmuscope_share_create, memtype, KIND_ENUM, 7),
			ARG(mmuscope_share_create, node, KIND_NUMBER, -1U),
			ARG(mmuscope_share_create, mode, KIND_FLAGS, 0777),
			ARG(mmuscope_share_create, name, KIND_NAME, 0),
		},
	}, {
		"share_open", IOCTL(MMUSCOPE_IOC_SHARE_OPEN, mmuscope_share_open),
		.gives = RES_SHARE, .weight = 6, PLACE(mmuscope_share_open, addr),
		.arg = {
			HEAD(mmuscope_share_open, RES_DEVICE),
			ARG(mmuscope_share_open, flags, KIND_FLAGS, SHARE_FLAGS),
			ARG(mmuscope_share_open, name, KIND_NAME, 1),
		},
	}, {
		"share_remove",
		IOCTL(MMUSCOPE_IOC_SHARE_REMOVE, mmuscope_share_remove),
		.gives = RES_NONE, .weight = 4,
		.arg = {
			HEAD(mmuscope_share_remove, RES_DEVICE),
			ARG(mmuscope_share_remove, flags, KIND_ZERO, 0),
			ARG(mmuscope_share_remove, name, KIND_NAME, 1),
		},
	}, {
		"share_info", IOCTL(MMUSCOPE_IOC_SHARE_INFO, mmuscope_share_info),
		.gives = RES_NONE, .weight = 2,
		.arg = { HEAD(mmuscope_share_info, RES_SHARE) },
	}, {
		"share_seal", IOCTL(MMUSCOPE_IOC_SHARE_SEAL, mmuscope_share_seal),
		.gives = RES_NONE, .weight = 6,
		.arg = {
			HEAD(mmuscope_share_seal, RES_SHARE),
			ARG(mmuscope_share_seal, seals, KIND_FLAGS, 7),
		},
	}, {
		"share_phys", IOCTL(MMUSCOPE_IOC_SHARE_PHYS, mmuscope_share_phys),
		.gives = RES_NONE, .weight = 4,
		.arg = {
			HEAD(mmuscope_share_phys, RES_SHARE),
			ARG(mmuscope_share_phys, flags, KIND_ZERO, 0),
			ARG(mmuscope_share_phys, first, KIND_NUMBER, 0),
			ARG(mmuscope_share_phys, vec, KIND_OUT, VEC),
			ARG(mmuscope_share_phys, vec_len, KIND_COUNT, 16),
		},
	}, {
		"holdings", IOCTL(MMUSCOPE_IOC_HOLDINGS, mmuscope_holdings),
		.gives = RES_NONE, .weight = 6, OUT(mmuscope_holdings, id),
		.arg = {
			HEAD(mmuscope_holdings, RES_DEVICE),
			ARG(mmuscope_holdings, flags, KIND_ZERO, 0),
			ARG(mmuscope_holdings, kind, KIND_ENUM, 3),
			ARG(mmuscope_holdings, reserved, KIND_ZERO, 0),
			ARG(mmuscope_holdings, id, KIND_RESUME, 0),
			ARG(mmuscope_holdings, skip, KIND_RESUME, 0),
			ARRAY(mmuscope_holdings, mmuscope_holding),
		},
	}, {
		"mmio_open", IOCTL(MMUSCOPE_IOC_MMIO_OPEN, mmuscope_mmio_open),
		.gives = RES_WINDOW, .weight = 12, PLACE(mmuscope_mmio_open, addr),
		OUT(mmuscope_mmio_open, conflict_start),
		.arg = {
			HEAD(mmuscope_mmio_open, RES_DEVICE),
			ARG(mmuscope_mmio_open, flags, KIND_FLAGS, MMIO_FLAGS),
			ARG(mmuscope_mmio_open, phys, KIND_PHYS, 0),
			ARG(mmuscope_mmio_open, bytes, KIND_BYTES, PAGE),
			ARG(mmuscope_mmio_open, memtype, KIND_ENUM, 7),
			ARG(mmuscope_mmio_open, reserved, KIND_ZERO, 0),
			ARG(mmuscope_mmio_open, name, KIND_NAME, 0),
		},
	}, {
		"mmio_access",
		IOCTL(MMUSCOPE_IOC_MMIO_ACCESS, mmuscope_mmio_access),
		.gives = RES_NONE, .weight = 6,
		.arg = {
			HEAD(mmuscope_mmio_access, RES_WINDOW),
			ARG(mmuscope_mmio_access, flags, KIND_FLAGS, 1),
			ARG(mmuscope_mmio_access, offset, KIND_NUMBER, 0),
			ARG(mmuscope_mmio_access, width, KIND_ENUM, 9),
			ARG(mmuscope_mmio_access, reserved, KIND_ZERO, 0),
			ARG(mmuscope_mmio_access, value, KIND_NUMBER, 0),
		},
	}, {
		"mmio_grant", IOCTL(MMUSCOPE_IOC_MMIO_GRANT, mmuscope_mmio_grant),
		.gives = RES_NONE, .weight = 5,
		.arg = {
			HEAD(mmuscope_mmio_grant, RES_DEVICE),
			ARG(mmuscope_mmio_grant, flags, KIND_FLAGS, 3),
			ARG(mmuscope_mmio_grant, phys, KIND_PHYS, 0),
			ARG(mmuscope_mmio_grant, bytes, KIND_BYTES, PAGE),
			ARG(mmuscope_mmio_grant, gid, KIND_NUMBER, FUZZ_GROUP),
			ARG(mmuscope_mmio_grant, widths, KIND_FLAGS, 0xf),
		},
	}, {
		"mmio_grants",
		IOCTL(MMUSCOPE_IOC_MMIO_GRANTS, mmuscope_mmio_grants),
		.gives = RES_NONE, .weight = 2,
		.arg = {
			HEAD(mmuscope_mmio_grants, RES_DEVICE),
			ARG(mmuscope_mmio_grants, flags, KIND_ZERO, 0),
			ARRAY(mmuscope_mmio_grants, mmuscope_mmio_grant),
		},
	}, {
		"frames", IOCTL(MMUSCOPE_IOC_FRAMES, mmuscope_frames),
		.gives = RES_NONE, .weight = 8,
		.arg = {
			HEAD(mmuscope_frames, RES_DEVICE),
			ARG(mmuscope_frames, flags, KIND_FLAGS, 1),
			ARG(mmuscope_frames, pfn, KIND_PFN, 0),
			ARRAY(mmuscope_frames, mmuscope_frame),
			ELEMENT(KIND_PFN),
		},
	}, {
		"mappers", IOCTL(MMUSCOPE_IOC_MAPPERS, mmuscope_mappers),
		.gives = RES_NONE, .weight = 10, OUT(mmuscope_mappers, cursor),
		.arg = {
			HEAD(mmuscope_mappers, RES_DEVICE),
			ARG(mmuscope_mappers, flags, KIND_FLAGS, 1),
			ARG(mmuscope_mappers, pfn, KIND_PFN, 0),
			ARG(mmuscope_mappers, cursor[0], KIND_RESUME, 0),
			ARG(mmuscope_mappers, cursor[1], KIND_RESUME, 0),
			ARRAY(mmuscope_mappers, mmuscope_mapper),
			ARG(mmuscope_mappers, reserved, KIND_ZERO, 0),
		},
	}, {
		"phys", IOCTL(MMUSCOPE_IOC_PHYS, mmuscope_phys),
		.gives = RES_NONE, .weight = 5, OUT(mmuscope_phys, first),
		.arg = {
			HEAD(mmuscope_phys, RES_DEVICE),
			ARG(mmuscope_phys, flags, KIND_FLAGS, 1),
			ARG(mmuscope_phys, start, KIND_PHYS, 0),
			ARG(mmuscope_phys, end, KIND_PHYS, 0),
			ARG(mmuscope_phys, first, KIND_RESUME, 0),
			ARRAY(mmuscope_phys, mmuscope_phys_range),
		},
	}, {
		"ioctl", run_command, .gives = RES_NONE, .weight = 2,
		.arg = {
			OTHER("fd", KIND_FD, RES_TARGET),
			OTHER("cmd", KIND_NUMBER, MMUSCOPE_IOC_INFO),
			OTHER("at", KIND_OUT, 0),
		},
	}, {
		"open", run_open, .gives = RES_FILE, .weight = 16,
		.arg = {
			OTHER("file", KIND_ENUM, 20),
			OTHER("pid", KIND_PID, 0),
			OTHER("flags", KIND_FLAGS, 0212003),
		},
	}, {
		"read", run_read, .gives = RES_NONE, .weight = 12,
		.arg = {
			OTHER("fd", KIND_FD, RES_FILE), OTHER("at", KIND_OUT, VEC),
			OTHER("bytes", KIND_COUNT, 4096),
		},
	}, {
		"seek", run_seek, .gives = RES_NONE, .weight = 4,
		.arg = {
			OTHER("fd", KIND_FD, RES_FILE),
			OTHER("offset", KIND_NUMBER, 0), OTHER("whence", KIND_ENUM, 3),
		},
	}, {
		"list", run_list, .gives = RES_NONE, .weight = 2,
		.arg = {
			OTHER("fd", KIND_FD, RES_FILE), OTHER("at", KIND_OUT, VEC),
			OTHER("bytes", KIND_COUNT, 4096),
		},
	}, {
		"close", run_close, .gives = RES_NONE, .weight = 5,
		.arg = { OTHER("fd", KIND_FD, RES_NONE) },
	}, {
		"dup", run_dup, .gives = RES_FILE, .weight = 1,
		.arg = { OTHER("fd", KIND_FD, RES_NONE) },
	}, {
		"as", run_as, .gives = RES_NONE, .weight = 4,
		.arg = {
			OTHER("uid", KIND_NUMBER, 0),
			OTHER("caps", KIND_FLAGS, -1ULL),
		},
	}, {
		"fork", run_fork, .gives = RES_NONE, .weight = 2,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_BYTES, PAGE),
			OTHER("what", KIND_FLAGS, 0xf),
		},
	}, {
		"mmap", run_mmap, .gives = RES_NONE, .weight = 14,
		.arg = {
			OTHER("fd", KIND_FD, RES_SHARE), OTHER("addr", KIND_ADDR, 0),
			OTHER("bytes", KIND_BYTES, PAGE),
			OTHER("prot", KIND_FLAGS, 7),
			OTHER("flags", KIND_FLAGS, MAP_FLAGS),
			OTHER("offset", KIND_BYTES, 0),
		},
	}, {
		"munmap", run_munmap, .gives = RES_NONE, .weight = 6,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_BYTES, PAGE),
		},
	}, {
		"mprotect", run_mprotect, .gives = RES_NONE, .weight = 4,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_BYTES, PAGE),
			OTHER("prot", KIND_FLAGS, 7),
		},
	}, {
		"mremap", run_mremap, .gives = RES_NONE, .weight = 5,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_BYTES, PAGE),
			OTHER("new_bytes", KIND_BYTES, PAGE),
			OTHER("flags", KIND_FLAGS, 7), OTHER("to", KIND_ADDR, 0),
		},
	}, {
		"madvise", run_madvise, .gives = RES_NONE, .weight = 5,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_BYTES, PAGE),
			OTHER("advice", KIND_ENUM, MADV_COLLAPSE + 1),
		},
	}, {
		"remap", run_remap, .gives = RES_NONE, .weight = 2,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_BYTES, PAGE),
			OTHER("page", KIND_NUMBER, 0),
		},
	}, {
		"touch", run_touch, .gives = RES_NONE, .weight = 10,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_BYTES, PAGE),
			OTHER("write", KIND_FLAGS, 1),
		},
	}, {
		"peek", run_peek, .gives = RES_NONE, .weight = 3,
		.arg = {
			OTHER("addr", KIND_ADDR, 0), OTHER("bytes", KIND_COUNT, 8),
			OTHER("write", KIND_FLAGS, 1),
		},
	},
};

const unsigned int nr_types = sizeof(types) / sizeof(*types);

unsigned int type_args(const struct type *type)
{
	unsigned int nr = 0;

	while (nr < MAX_ARGS && type->arg[nr].name)
		nr++;
	return nr;
}

/* What an argument is if the text of a program does not say. */
struct value type_usual(const struct arg_type *arg)
{
	struct value value = { .base = BASE_NUMBER };

	switch (arg->kind) {
	case KIND_OUT:
		value.base = BASE_BUFFER;
		value.n = arg->like;
		break;
	case KIND_ADDR:
		if (arg->offset == AT_NONE)
			value.base = BASE_ARENA;
		break;
	case KIND_SIZE:
	case KIND_COUNT:
	case KIND_BYTES:
	case KIND_NAME:
	case KIND_NUMBER:
		value.n = arg->like;
		break;
	}
	return value;
}
