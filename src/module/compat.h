/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Teaches older kernels the words of v7.2, under the same names. The only file
 * that may test the version; each block is headed by the release that made it
 * needless.
 */
#ifndef _MMUSCOPE_COMPAT_H
#define _MMUSCOPE_COMPAT_H

#include <linux/version.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/swap.h>		/* swapops.h leans on it */

/*
 * What it reads has no promise to stay: it may be built where somebody has looked
 * through the kernel's source for it, and README says where it was tested.
 */
#if LINUX_VERSION_CODE >> 8 != KERNEL_VERSION(6, 1, 0) >> 8 && \
	LINUX_VERSION_CODE >> 8 != KERNEL_VERSION(6, 12, 0) >> 8 && \
	LINUX_VERSION_CODE >> 8 != KERNEL_VERSION(7, 2, 0) >> 8
#error "mmuscope knows Linux 6.1, 6.12 and 7.2 only: see Documentation/porting.rst."
#endif

/* Who maps a page of a large folio is not counted then (an option since v6.15). */
#ifdef CONFIG_NO_PAGE_MAPCOUNT
#error "mmuscope needs a kernel that counts mappings of pages: CONFIG_NO_PAGE_MAPCOUNT must be off."
#endif

/* v6.2 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define pmdp_get_lockless(pmdp)	READ_ONCE(*(pmdp))
#endif

/* v6.3: an inode's operations are told the mount's mapping of IDs */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#include <linux/cred.h>
#define SETATTR_ARGS	struct user_namespace *userns, \
			struct dentry *dentry, struct iattr *attr
#define nop_mnt_idmap	init_user_ns
#else
#define SETATTR_ARGS	struct mnt_idmap *idmap, \
			struct dentry *dentry, struct iattr *attr
#endif

/* v6.3: flags of a VMA are set by function */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_init(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags = flags;
}

static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}
#endif

/* v6.4: what a context of x86 is marked with are numbers of bits, not masks */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define mm_has_vsyscall(mm) \
	((mm)->context.flags & MM_CONTEXT_HAS_VSYSCALL)
#else
#define mm_has_vsyscall(mm) \
	test_bit(MM_CONTEXT_HAS_VSYSCALL, &(mm)->context.flags)
#endif

/* v6.4 counted MAX_ORDER in, v6.8 renamed it. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define MAX_PAGE_ORDER	(MAX_ORDER - 1)
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define MAX_PAGE_ORDER	MAX_ORDER
#endif

/* v6.5: a folio knows its memory cgroup */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define folio_memcg_check(folio)	page_memcg_check(&(folio)->page)
#endif

/* v6.7: the index of a hugetlb folio is in base pages, as that of others */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#include <linux/hugetlb.h>
static inline pgoff_t folio_first_index(struct folio *folio)
{
	return folio->index << (folio_test_hugetlb(folio) ? folio_order(folio) : 0);
}
#else
#define folio_first_index(folio)	((folio)->index)
#endif

/* Only where the kernel is built for generations of folios does a folio tell one. */
#ifndef CONFIG_LRU_GEN
#define folio_lru_gen(folio)	(-1)
#endif

/* v6.6: the accessors of the upper levels, and of an inode's times */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define pgdp_get(pgdp)	READ_ONCE(*(pgdp))
#define p4dp_get(p4dp)	READ_ONCE(*(p4dp))
#define pudp_get(pudp)	READ_ONCE(*(pudp))

#include <linux/fs.h>
static inline void simple_inode_init_ts(struct inode *inode)
{
	inode->i_atime = current_time(inode);
	inode->i_mtime = inode->i_atime;
	inode->i_ctime = inode->i_atime;
}
#endif

/* v6.17: the default dentry operations of a file system have a setter */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <linux/fs.h>
static inline void set_default_d_op(struct super_block *sb,
				    const struct dentry_operations *ops)
{
	sb->s_d_op = ops;
}
#endif

/*
 * v6.17: finish_automount() takes the one reference that it is given; before,
 * it wants a second one (fs/namespace.c, v6.1, BUG_ON).
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <linux/mount.h>
#define automount_reference(mnt)	mntget(mnt)
#else
#define automount_reference(mnt)	do { } while (0)
#endif

/*
 * v6.14: ->d_revalidate() is told the directory and the name, of which ours
 * looks at neither.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define D_REVALIDATE_ARGS	struct dentry *dentry, unsigned int flags
#else
#define D_REVALIDATE_ARGS	struct inode *dir, const struct qstr *name, \
				struct dentry *dentry, unsigned int flags
#endif

/* v6.17: frames are numbers, not pfn_t */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#include <linux/huge_mm.h>
#include <linux/pfn_t.h>
#define vmf_insert_pfn_pmd(vmf, pfn, write) \
	vmf_insert_pfn_pmd(vmf, __pfn_to_pfn_t(pfn, PFN_DEV), write)
#endif

/* Only with memory cgroups does an address space know whose it is. */
#ifdef CONFIG_MEMCG
#define mm_owner(mm)	rcu_dereference((mm)->owner)
#else
#define mm_owner(mm)	((struct task_struct *)NULL)
#endif

/* Only with PCI is there a lock against its devices coming and going. */
#ifndef CONFIG_PCI
static inline void pci_lock_rescan_remove(void)
{
}

static inline void pci_unlock_rescan_remove(void)
{
}
#endif

/*
 * v6.2: mappings of a whole folio count once. Before, pages of a file count them
 * themselves too, and anonymous ones if there are both kinds (__page_mapcount(),
 * mm/util.c, v6.1).
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static inline int folio_extra_mapcount(struct folio *folio)
{
	if (!folio_test_anon(folio) && !folio_test_hugetlb(folio))
		return 0;
	return folio_entire_mapcount(folio) - folio_test_double_map(folio);
}

#define PAGE_DOUBLE_MAP			BIT(PG_double_map)
#define folio_entire_mapcount_ptr(folio)	folio_mapcount_ptr(folio)
#else
#define folio_extra_mapcount(folio)	folio_entire_mapcount(folio)
#define PAGE_DOUBLE_MAP			0UL
#define folio_entire_mapcount_ptr(folio)	(&(folio)->_entire_mapcount)
#endif

/* v6.6: a large folio that processes map says so itself */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static inline bool folio_test_large_rmappable(struct folio *folio)
{
	return folio_test_lru(folio) || folio_test_anon(folio);
}
#endif

/* v6.10: /proc/kpageflags tells of each page what its folio has */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define kpf_word(page, folio)	((page)->flags)
#else
#define kpf_word(page, folio)	flags_word((folio)->flags)
#endif

/* v6.12: a page's type is told from its mapcount */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define page_mapcount_is_type(mapcount) \
	((int)(mapcount) - 1 < PAGE_MAPCOUNT_RESERVE)
#endif

/* v6.12: one flag of a page is gone, and another one has a wider meaning */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define KPF_GONE	{ KPF_ERROR,		PG_error },
#define KPF_OWNER_2	KPF_MAPPEDTODISK
#define PG_owner_2	PG_mappedtodisk
#else
#define KPF_GONE
#endif

/*
 * v6.12: a folio counts its mappings in one place. Before, all pages of a large
 * one are asked, whose head is at @head: the folio is a copy of the first two.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline bool copy_is_mapped(struct folio *folio, struct page *head)
{
	unsigned int order = folio_order(folio);
	unsigned long i;

	if (!order)
		return atomic_read(&folio->_mapcount) >= 0;
	if (folio_entire_mapcount(folio) > 0)
		return true;
	if (folio_test_hugetlb(folio) || order > MAX_PAGE_ORDER ||
	    page_to_pfn(head) & ((1UL << order) - 1))
		return false;
	for (i = 0; i < 1UL << order; i++)
		if (atomic_read(&head[i]._mapcount) >= 0)
			return true;
	return false;
}

/* How often each page is mapped, if that is known from the folio alone; or 0. */
static inline int folio_even_mapcount(struct folio *folio)
{
	return folio_ref_count(folio) == 1;
}

/* All that is in the copy is one page's count, as pagemap has it there. */
#define copy_mapcount(snap, folio)	mmuscope_snapshot_mapcount(&(snap)->page, folio)
#else
#define copy_is_mapped(folio, head)	folio_mapped(folio)
#define copy_mapcount(snap, folio)	folio_mapcount(folio)

static inline int folio_even_mapcount(struct folio *folio)
{
	int entire = folio_entire_mapcount(folio);

	return folio_mapcount(folio) == entire ? entire : 0;
}
#endif

/* v6.15: a device has a page for itself to write to, not to read only */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
#define make_device_exclusive_entry(pfn) \
	make_writable_device_exclusive_entry(pfn)
#endif

/* v6.16: whether unit tests run when they are told of can be said */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define kunit_suites_start(suites, nr) \
	__kunit_test_suites_init(suites, nr)
#else
#define kunit_suites_start(suites, nr) \
	__kunit_test_suites_init(suites, nr, true)
#endif

/* v6.16: the 64 bits of a model-specific register */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define rdmsrq(msr, value)	rdmsrl(msr, value)
#endif

/* v6.17: what ->mapping says besides is of the folio */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define FOLIO_MAPPING_ANON	PAGE_MAPPING_ANON
#define FOLIO_MAPPING_KSM	PAGE_MAPPING_KSM
#define FOLIO_MAPPING_FLAGS	PAGE_MAPPING_FLAGS
#endif

/* v6.18: the word of flags has a type of its own */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define flags_word(flags)	(flags)
#else
#define flags_word(flags)	((flags).f)
#endif

/* v7.0: flags of a VMA are a bitmap of their own */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define EMPTY_VMA_FLAGS	0
#endif

/* v7.1: the word by which a page finds its folio may be a mask */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 1, 0)
#define compound_info	compound_head
#endif

/* v6.18: a frame is enough to find its device */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#include <linux/memremap.h>
#define get_dev_pagemap(pfn)	get_dev_pagemap(pfn, NULL)
#endif

/* v6.19: a non-present leaf is a softleaf */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#include <linux/swapops.h>

typedef swp_entry_t softleaf_t;

enum softleaf_type {
	SOFTLEAF_NONE,
	SOFTLEAF_SWAP,
	SOFTLEAF_MIGRATION_READ,
	SOFTLEAF_MIGRATION_READ_EXCLUSIVE,
	SOFTLEAF_MIGRATION_WRITE,
	SOFTLEAF_DEVICE_PRIVATE_READ,
	SOFTLEAF_DEVICE_PRIVATE_WRITE,
	SOFTLEAF_DEVICE_EXCLUSIVE,
	SOFTLEAF_HWPOISON,
	SOFTLEAF_MARKER,
};

#define softleaf_from_pte(pte)	pte_to_swp_entry(pte)
#define softleaf_from_pmd(pmd)	pmd_to_swp_entry(pmd)
#define softleaf_has_pfn(entry)	is_pfn_swap_entry(entry)
#define softleaf_to_pfn(entry)	swp_offset_pfn(entry)

/* v6.6: a page that could not be swapped in is a marker, not a type */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define softleaf_is_poison_marker(entry)	is_swapin_error_entry(entry)
#else
#define is_swapin_error_entry(entry)		false
#define softleaf_is_poison_marker(entry) \
	(pte_marker_get(entry) & PTE_MARKER_POISONED)
#endif

static inline bool softleaf_is_uffd_wp_marker(softleaf_t entry)
{
	return is_pte_marker_entry(entry) &&
	       (pte_marker_get(entry) & PTE_MARKER_UFFD_WP);
}

/* v6.13: guard markers */
#ifdef PTE_MARKER_GUARD
#define softleaf_is_guard_marker(entry) \
	(pte_marker_get(entry) & PTE_MARKER_GUARD)
#else
#define softleaf_is_guard_marker(entry)		false
#endif

static inline enum softleaf_type softleaf_type(softleaf_t entry)
{
	if (is_readable_migration_entry(entry))
		return SOFTLEAF_MIGRATION_READ;
	if (is_readable_exclusive_migration_entry(entry))
		return SOFTLEAF_MIGRATION_READ_EXCLUSIVE;
	if (is_writable_migration_entry(entry))
		return SOFTLEAF_MIGRATION_WRITE;
	if (is_writable_device_private_entry(entry))
		return SOFTLEAF_DEVICE_PRIVATE_WRITE;
	if (is_device_private_entry(entry))
		return SOFTLEAF_DEVICE_PRIVATE_READ;
	if (is_device_exclusive_entry(entry))
		return SOFTLEAF_DEVICE_EXCLUSIVE;
	if (is_hwpoison_entry(entry))
		return SOFTLEAF_HWPOISON;
	if (is_pte_marker_entry(entry) || is_swapin_error_entry(entry))
		return SOFTLEAF_MARKER;
	if (!non_swap_entry(entry))
		return SOFTLEAF_SWAP;
	return SOFTLEAF_NONE;
}
#else
#include <linux/leafops.h>
#endif

#endif
