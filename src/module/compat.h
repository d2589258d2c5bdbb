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

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "mmuscope needs Linux 6.1 or later."
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#error "mmuscope has been tried on Linux 6.1 only; later releases are to come."
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
static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}
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
#define automount_reference(mnt)	(mnt)
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
 * v6.2: the mapcount of one page of a folio, from copies of its struct page and
 * of the folio's first two (__page_mapcount(), mm/util.c, v6.1): pages of a file
 * count mappings of the whole folio themselves, hugetlb pages do not.
 */
static inline int snapshot_mapcount(struct page *page, struct page *head,
				    bool hugetlb)
{
	int count = atomic_read(&page->_mapcount) + 1;

	if (!PageHead(head) || (!PageAnon(head) && !hugetlb))
		return count;
	count += atomic_read(compound_mapcount_ptr(head)) + 1;
	return PageDoubleMap(head) ? count - 1 : count;
}

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
