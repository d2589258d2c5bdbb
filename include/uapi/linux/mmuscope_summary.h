/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* A target's memory in numbers; <linux/mmuscope.h> includes this. */
#ifndef _UAPI_LINUX_MMUSCOPE_SUMMARY_H
#define _UAPI_LINUX_MMUSCOPE_SUMMARY_H

#include <linux/mmuscope_ioctl.h>

/**
 * struct mmuscope_tables - the tables of one level
 * @pages: tables met
 * @filled: entries in use in them, as far as they lie inside a VMA
 */
struct mmuscope_tables {
	__u64 pages;
	__u64 filled;
};

/**
 * struct mmuscope_summary - a whole address space in numbers
 * @size: sizeof(struct mmuscope_summary)
 * @flags: 0
 * @mapped: out: all VMAs; like all below in bytes where nothing else is said
 * @rss: out: resident as smaps counts it: without hugetlb, the zero pages and
 *	what has no struct page
 * @anon: out: of @rss, anonymous memory
 * @file: out: of @rss, pages of files
 * @shmem: out: of @rss, shared memory
 * @ksm: out: of @rss, merged by KSM; 0 if the caller may not see frames
 * @shared: out: of @rss, mapped more than once
 * @unshared: out: of @rss, mapped once
 * @dirty: out: of @rss, by the entry's bit
 * @accessed: out: likewise
 * @soft_dirty: out: likewise
 * @anon_huge: out: of @anon, mapped by pmd leaves
 * @shmem_pmd: out: of @shmem, mapped by pmd leaves
 * @file_pmd: out: of @file, mapped by pmd leaves
 * @hugetlb: out: present pages of hugetlb
 * @zero: out: mapped to the zero page or the huge one
 * @special: out: RAM without a struct page in use
 * @swap: out: as smaps counts it, with unmapped shared memory in swap
 * @backing: out: by enum mmuscope_backing
 * @leaf: out: present, by the level of the leaf
 * @tables: out: by level
 * @pgtables: out: what the kernel itself counts, tables set aside among them
 * @extents: out: number of extents
 * @longest_run: out: longest run of RAM, contiguous both ways; 0 if the caller
 *	may not see frames
 * @status: out: MMUSCOPE_SCAN_*
 * @entries: out: entries read
 * @holds: out: how often the address space was held
 * @longest: out: entries read in the longest hold
 * @longest_ns: out: the longest hold, in nanoseconds
 * @pss: out: of @rss, each page divided by how often it is mapped, as smaps_rollup has
 *	it (smaps_account(), fs/proc/task_mmu.c); rounded down once, as the next four
 * @pss_anon: out: of @pss, anonymous memory
 * @pss_file: out: of @pss, pages of files
 * @pss_shmem: out: of @pss, shared memory
 * @pss_dirty: out: of @pss, dirty by the entry's bit or the page's
 */
struct mmuscope_summary {
	__u64 size;
	__u64 flags;
	__u64 mapped;
	__u64 rss;
	__u64 anon;
	__u64 file;
	__u64 shmem;
	__u64 ksm;
	__u64 shared;
	__u64 unshared;
	__u64 dirty;
	__u64 accessed;
	__u64 soft_dirty;
	__u64 anon_huge;
	__u64 shmem_pmd;
	__u64 file_pmd;
	__u64 hugetlb;
	__u64 zero;
	__u64 special;
	__u64 swap;
	__u64 backing[16];
	__u64 leaf[8];
	struct mmuscope_tables tables[8];
	__u64 pgtables;
	__u64 extents;
	__u64 longest_run;
	__u64 status;
	__u64 entries;
	__u64 holds;
	__u64 longest;
	__u64 longest_ns;
	__u64 pss;
	__u64 pss_anon;
	__u64 pss_file;
	__u64 pss_shmem;
	__u64 pss_dirty;
};

/* Of what MMUSCOPE_IOC_TARGET returns. */
#define MMUSCOPE_IOC_SUMMARY	_IOWR(MMUSCOPE_IOC_TYPE, 0x12, struct mmuscope_summary)

#endif /* _UAPI_LINUX_MMUSCOPE_SUMMARY_H */
