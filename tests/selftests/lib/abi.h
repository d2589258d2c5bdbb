/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ABI as it was released: sizes and offsets of every structure, numbers of
 * the commands. Nothing here ever changes; what is new is added.
 */
#ifndef ABI_H
#define ABI_H

#include <linux/mmuscope.h>
#include <stddef.h>

#include "tap.h"

#define SIZE(type, size) \
	{ #type, sizeof(struct mmuscope_##type), size, 0, 0 }
#define FIELD(type, field, offset, size) \
	{ #type "." #field, sizeof(((struct mmuscope_##type *)0)->field), size, \
	  offsetof(struct mmuscope_##type, field), offset }
#define NUMBER(name, number) \
	{ #name, name, number, 0, 0 }

static const struct {
	const char *name;
	unsigned long long is, was;
	size_t offset, offset_was;
} abi[] = {
	NUMBER(MMUSCOPE_IOC_INFO, 0xc040c100),
	NUMBER(MMUSCOPE_IOC_TARGET, 0xc010c101),
	NUMBER(MMUSCOPE_IOC_SCAN, 0xc0c0c110),
	NUMBER(MMUSCOPE_IOC_TRANSLATE, 0xc030c111),
	NUMBER(MMUSCOPE_IOC_SUMMARY, 0xc220c112),
	NUMBER(MMUSCOPE_IOC_SHARE_CREATE, 0xc078c102),
	NUMBER(MMUSCOPE_IOC_SHARE_OPEN, 0xc060c103),
	NUMBER(MMUSCOPE_IOC_SHARE_REMOVE, 0xc050c104),
	NUMBER(MMUSCOPE_IOC_HOLDINGS, 0xc048c105),
	NUMBER(MMUSCOPE_IOC_SHARE_INFO, 0xc078c120),
	NUMBER(MMUSCOPE_IOC_SHARE_SEAL, 0xc010c121),
	NUMBER(MMUSCOPE_IOC_SHARE_PHYS, 0xc030c122),
	NUMBER(MMUSCOPE_SCAN_FLAGS, 0x7ff003fff),
	NUMBER(MMUSCOPE_CAT_BACKING(0), 1ULL << 48),
	NUMBER(MMUSCOPE_CAT_LEVEL(0), 1ULL << 58),
	NUMBER(MMUSCOPE_NR_LEVELS, 5),
	NUMBER(MMUSCOPE_LEVEL_PTE, 4),
	NUMBER(MMUSCOPE_BACKING_TABLE, 8),
	NUMBER(MMUSCOPE_SOFTLEAF_MARKER, 9),
	NUMBER(MMUSCOPE_MEMTYPE_UC, 6),
	NUMBER(MMUSCOPE_FLAG_BAD, 1 << 13),
	NUMBER(MMUSCOPE_FLAG_SWAPPED, 1ULL << 34),
	NUMBER(MMUSCOPE_VMA_UFFD_MINOR, 1 << 13),
	NUMBER(MMUSCOPE_VMA_DRIVER, 1 << 14),
	NUMBER(MMUSCOPE_TOUCH_HIT, 0),
	NUMBER(MMUSCOPE_TOUCH_RETRY, 18),
	NUMBER(MMUSCOPE_TARGET_PAGEMAP, 1),
	NUMBER(MMUSCOPE_RIGHT_KERNEL, 4),
	NUMBER(MMUSCOPE_SHARE_READONLY, 1 << 4),
	NUMBER(MMUSCOPE_SEAL_FUTURE_WRITE, 1 << 2),
	NUMBER(MMUSCOPE_HOLDING_MMIO, 2),

	SIZE(extent, 72),
	FIELD(extent, start, 0, 8),
	FIELD(extent, end, 8, 8),
	FIELD(extent, value, 16, 8),
	FIELD(extent, flags, 24, 8),
	FIELD(extent, raw, 32, 8),
	FIELD(extent, level, 40, 4),
	FIELD(extent, backing, 44, 4),
	FIELD(extent, softleaf, 48, 4),
	FIELD(extent, marker, 52, 4),
	FIELD(extent, swap_type, 56, 4),
	FIELD(extent, order, 60, 4),
	FIELD(extent, memtype, 64, 4),
	FIELD(extent, pkey, 68, 4),

	SIZE(vma, 72),
	FIELD(vma, start, 0, 8),
	FIELD(vma, end, 8, 8),
	FIELD(vma, flags, 16, 8),
	FIELD(vma, offset, 24, 8),
	FIELD(vma, ino, 32, 8),
	FIELD(vma, file_size, 40, 8),
	FIELD(vma, first, 48, 8),
	FIELD(vma, dev_major, 56, 4),
	FIELD(vma, dev_minor, 60, 4),
	FIELD(vma, name, 64, 4),
	FIELD(vma, name_len, 68, 4),

	SIZE(info, 64),
	FIELD(info, size, 0, 8),
	FIELD(info, abi, 8, 4),
	FIELD(info, arch, 12, 4),
	FIELD(info, page_shift, 16, 4),
	FIELD(info, levels, 20, 4),
	FIELD(info, va_bits, 24, 4),
	FIELD(info, pa_bits, 28, 4),
	FIELD(info, features, 32, 8),
	FIELD(info, rights, 40, 8),
	FIELD(info, pat, 48, 8),
	FIELD(info, phys_mask, 56, 8),

	SIZE(bind, 16),
	FIELD(bind, size, 0, 8),
	FIELD(bind, kind, 8, 4),
	FIELD(bind, id, 12, 4),

	SIZE(scan, 192),
	FIELD(scan, size, 0, 8),
	FIELD(scan, flags, 8, 8),
	FIELD(scan, start, 16, 8),
	FIELD(scan, end, 24, 8),
	FIELD(scan, walk_end, 32, 8),
	FIELD(scan, vec, 40, 8),
	FIELD(scan, vec_len, 48, 8),
	FIELD(scan, vec_size, 56, 8),
	FIELD(scan, vma, 64, 8),
	FIELD(scan, vma_len, 72, 8),
	FIELD(scan, vma_size, 80, 8),
	FIELD(scan, names, 88, 8),
	FIELD(scan, names_len, 96, 8),
	FIELD(scan, inverted, 104, 8),
	FIELD(scan, mask, 112, 8),
	FIELD(scan, anyof, 120, 8),
	FIELD(scan, return_mask, 128, 8),
	FIELD(scan, nr, 136, 8),
	FIELD(scan, nr_vma, 144, 8),
	FIELD(scan, status, 152, 8),
	FIELD(scan, entries, 160, 8),
	FIELD(scan, holds, 168, 8),
	FIELD(scan, longest, 176, 8),
	FIELD(scan, longest_ns, 184, 8),

	SIZE(step, 32),
	FIELD(step, table, 0, 8),
	FIELD(step, raw, 8, 8),
	FIELD(step, flags, 16, 8),
	FIELD(step, level, 24, 4),
	FIELD(step, index, 28, 4),

	SIZE(translation, 696),
	FIELD(translation, addr, 0, 8),
	FIELD(translation, phys, 8, 8),
	FIELD(translation, leaf, 16, 72),
	FIELD(translation, vma, 88, 72),
	FIELD(translation, step, 160, 256),
	FIELD(translation, nr_steps, 416, 4),
	FIELD(translation, touch_read, 420, 4),
	FIELD(translation, touch_write, 424, 4),
	FIELD(translation, touch_exec, 428, 4),
	FIELD(translation, reserved, 432, 8),
	FIELD(translation, name, 440, 256),

	SIZE(translate, 48),
	FIELD(translate, size, 0, 8),
	FIELD(translate, flags, 8, 8),
	FIELD(translate, vec, 16, 8),
	FIELD(translate, vec_len, 24, 8),
	FIELD(translate, vec_size, 32, 8),
	FIELD(translate, nr, 40, 8),

	SIZE(tables, 16),
	FIELD(tables, pages, 0, 8),
	FIELD(tables, filled, 8, 8),

	SIZE(summary, 544),
	FIELD(summary, size, 0, 8),
	FIELD(summary, flags, 8, 8),
	FIELD(summary, mapped, 16, 8),
	FIELD(summary, rss, 24, 8),
	FIELD(summary, anon, 32, 8),
	FIELD(summary, file, 40, 8),
	FIELD(summary, shmem, 48, 8),
	FIELD(summary, ksm, 56, 8),
	FIELD(summary, shared, 64, 8),
	FIELD(summary, unshared, 72, 8),
	FIELD(summary, dirty, 80, 8),
	FIELD(summary, accessed, 88, 8),
	FIELD(summary, soft_dirty, 96, 8),
	FIELD(summary, anon_huge, 104, 8),
	FIELD(summary, shmem_pmd, 112, 8),
	FIELD(summary, file_pmd, 120, 8),
	FIELD(summary, hugetlb, 128, 8),
	FIELD(summary, zero, 136, 8),
	FIELD(summary, special, 144, 8),
	FIELD(summary, swap, 152, 8),
	FIELD(summary, backing, 160, 128),
	FIELD(summary, leaf, 288, 64),
	FIELD(summary, tables, 352, 128),
	FIELD(summary, pgtables, 480, 8),
	FIELD(summary, extents, 488, 8),
	FIELD(summary, longest_run, 496, 8),
	FIELD(summary, status, 504, 8),
	FIELD(summary, entries, 512, 8),
	FIELD(summary, holds, 520, 8),
	FIELD(summary, longest, 528, 8),
	FIELD(summary, longest_ns, 536, 8),

	SIZE(share_create, 120),
	FIELD(share_create, size, 0, 8),
	FIELD(share_create, flags, 8, 8),
	FIELD(share_create, bytes, 16, 8),
	FIELD(share_create, page_shift, 24, 4),
	FIELD(share_create, memtype, 28, 4),
	FIELD(share_create, node, 32, 4),
	FIELD(share_create, mode, 36, 4),
	FIELD(share_create, name, 40, 64),
	FIELD(share_create, addr, 104, 8),
	FIELD(share_create, id, 112, 8),

	SIZE(share_open, 96),
	FIELD(share_open, size, 0, 8),
	FIELD(share_open, flags, 8, 8),
	FIELD(share_open, name, 16, 64),
	FIELD(share_open, addr, 80, 8),
	FIELD(share_open, bytes, 88, 8),

	SIZE(share_remove, 80),
	FIELD(share_remove, size, 0, 8),
	FIELD(share_remove, flags, 8, 8),
	FIELD(share_remove, name, 16, 64),

	SIZE(share_info, 120),
	FIELD(share_info, size, 0, 8),
	FIELD(share_info, flags, 8, 8),
	FIELD(share_info, bytes, 16, 8),
	FIELD(share_info, id, 24, 8),
	FIELD(share_info, seals, 32, 8),
	FIELD(share_info, page_shift, 40, 4),
	FIELD(share_info, memtype, 44, 4),
	FIELD(share_info, node, 48, 4),
	FIELD(share_info, mode, 52, 4),
	FIELD(share_info, name, 56, 64),

	SIZE(share_seal, 16),
	FIELD(share_seal, size, 0, 8),
	FIELD(share_seal, seals, 8, 8),

	SIZE(share_phys, 48),
	FIELD(share_phys, size, 0, 8),
	FIELD(share_phys, flags, 8, 8),
	FIELD(share_phys, first, 16, 8),
	FIELD(share_phys, vec, 24, 8),
	FIELD(share_phys, vec_len, 32, 8),
	FIELD(share_phys, nr, 40, 8),

	SIZE(holding, 176),
	FIELD(holding, id, 0, 8),
	FIELD(holding, kind, 8, 4),
	FIELD(holding, memtype, 12, 4),
	FIELD(holding, phys, 16, 8),
	FIELD(holding, bytes, 24, 8),
	FIELD(holding, flags, 32, 8),
	FIELD(holding, since, 40, 8),
	FIELD(holding, start, 48, 8),
	FIELD(holding, end, 56, 8),
	FIELD(holding, offset, 64, 8),
	FIELD(holding, opener, 72, 4),
	FIELD(holding, opener_uid, 76, 4),
	FIELD(holding, pid, 80, 4),
	FIELD(holding, mode, 84, 4),
	FIELD(holding, files, 88, 4),
	FIELD(holding, page_shift, 92, 4),
	FIELD(holding, name, 96, 64),
	FIELD(holding, comm, 160, 16),

	SIZE(holdings, 72),
	FIELD(holdings, size, 0, 8),
	FIELD(holdings, flags, 8, 8),
	FIELD(holdings, kind, 16, 4),
	FIELD(holdings, reserved, 20, 4),
	FIELD(holdings, id, 24, 8),
	FIELD(holdings, skip, 32, 8),
	FIELD(holdings, vec, 40, 8),
	FIELD(holdings, vec_len, 48, 8),
	FIELD(holdings, vec_size, 56, 8),
	FIELD(holdings, nr, 64, 8),
};

static inline void abi_check(void)
{
	size_t bad = 0, nr = sizeof(abi) / sizeof(*abi);

	for (size_t i = 0; i < nr; i++) {
		if (abi[i].is == abi[i].was && abi[i].offset == abi[i].offset_was)
			continue;
		bad++;
		tap_note("%s: %llu at %zu, was %llu at %zu", abi[i].name, abi[i].is,
			 abi[i].offset, abi[i].was, abi[i].offset_was);
	}
	tap_ok(!bad, "%zu sizes, offsets and numbers as released, %zu-bit", nr,
	       sizeof(long) * 8);
}

#endif
