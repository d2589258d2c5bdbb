// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of a share: which there can be, and what a touch finds. They are of
 * frames (VM_PFNMAP), so that nobody migrates, reclaims or counts what is behind
 * them; each pins its file, and that the share.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include "internal.h"

#define SEALED_WRITE	(MMUSCOPE_SEAL_WRITE | MMUSCOPE_SEAL_FUTURE_WRITE)

static unsigned long page_size_of(const struct mmuscope_share *share)
{
	return PAGE_SIZE << share->pages.order;
}

/**
 * mmuscope_share_may_write - may the caller, as far as he has the rights?
 * @share: the share
 */
bool mmuscope_share_may_write(const struct mmuscope_share *share)
{
	return !(share->held.told.flags & MMUSCOPE_SHARE_READONLY_OTHERS) ||
	       share->held.opener == task_tgid(current);
}

/**
 * mmuscope_share_seal - seal a share for good
 * @share: the share
 * @seals: MMUSCOPE_SEAL_* to add
 *
 * Return: 0, -EPERM if it is sealed against that, or -EBUSY if it can be written
 * through a mapping, or by whoever has pinned a page of one.
 */
int mmuscope_share_seal(struct mmuscope_share *share, u64 seals)
{
	int err = 0;

	mutex_lock(&share->lock);
	if (share->seals & MMUSCOPE_SEAL_SEAL)
		err = -EPERM;
	else if ((seals & MMUSCOPE_SEAL_WRITE) &&
		 (share->writers || mmuscope_pages_pinned(&share->pages)))
		err = -EBUSY;
	else
		share->seals |= seals;
	mutex_unlock(&share->lock);
	return err;
}

static void share_vma_open(struct vm_area_struct *vma)
{
	struct mmuscope_share *share = vma->vm_file->private_data;

	mutex_lock(&share->lock);
	share->writers += !!(vma->vm_flags & VM_MAYWRITE);
	mutex_unlock(&share->lock);
}

static void share_vma_close(struct vm_area_struct *vma)
{
	struct mmuscope_share *share = vma->vm_file->private_data;

	mutex_lock(&share->lock);
	share->writers -= !!(vma->vm_flags & VM_MAYWRITE);
	mutex_unlock(&share->lock);
}

/* A large page is mapped as one leaf, or not at all. */
static int share_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	const struct mmuscope_share *share = vma->vm_file->private_data;

	return IS_ALIGNED(addr, page_size_of(share)) ? 0 : -EINVAL;
}

static int share_mremap(struct vm_area_struct *vma)
{
	return share_may_split(vma, vma->vm_start);
}

/*
 * Another thread may have put the leaf there meanwhile, which is all right, but
 * never a table: the VMA has no entries of small pages.
 */
static vm_fault_t fault_huge(struct vm_fault *vmf, struct page *page)
{
	unsigned long start = vmf->address & PMD_MASK;
	struct vm_area_struct *vma = vmf->vma;
	pmd_t pmd = pmdp_get_lockless(vmf->pmd);

	if (start < vma->vm_start || start + PMD_SIZE > vma->vm_end)
		return VM_FAULT_SIGBUS;
	if (!pmd_none(pmd) && !pmd_leaf(pmd))
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn_pmd(vmf, page_to_pfn(page),
				  vmf->flags & FAULT_FLAG_WRITE);
}

static vm_fault_t share_fault(struct vm_fault *vmf)
{
	const struct mmuscope_share *share = vmf->vma->vm_file->private_data;
	const struct mmuscope_pages *pages = &share->pages;

	if (pages->order)
		return fault_huge(vmf, pages->page[vmf->pgoff >> pages->order]);
	return vmf_insert_pfn(vmf->vma, vmf->address,
			      page_to_pfn(pages->page[vmf->pgoff]));
}

/* For ptrace and /proc/PID/mem, which come here as GUP takes no frames. */
static int share_access(struct vm_area_struct *vma, unsigned long addr,
			void *buf, int len, int write)
{
	const struct mmuscope_share *share = vma->vm_file->private_data;
	struct page *page;
	void *at;

	if (write && !(vma->vm_flags & VM_WRITE))
		return -EACCES;
	page = mmuscope_pages_at(&share->pages, linear_page_index(vma, addr));
	at = page_address(page) + offset_in_page(addr);
	len = min_t(int, len, PAGE_SIZE - offset_in_page(addr));
	if (write)
		memcpy(at, buf, len);
	else
		memcpy(buf, at, len);
	return len;
}

static const struct vm_operations_struct share_vm_ops = {
	.open = share_vma_open,
	.close = share_vma_close,
	.may_split = share_may_split,
	.mremap = share_mremap,
	.fault = share_fault,
	.access = share_access,
};

static int mmap_check(const struct mmuscope_share *share,
		      struct vm_area_struct *vma)
{
	unsigned long end = vma->vm_pgoff + vma_pages(vma);

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (end < vma->vm_pgoff ||
	    end > share->pages.nr << share->pages.order)
		return -ENXIO;
	if (!IS_ALIGNED(vma->vm_start | vma->vm_end, page_size_of(share)) ||
	    !IS_ALIGNED(vma->vm_pgoff, 1UL << share->pages.order))
		return -EINVAL;
	return 0;
}

/*
 * Counts a mapping that can be written through, or takes the right away. VM_IO
 * keeps madvise(MADV_DOFORK) from undoing VM_DONTCOPY.
 */
static int mmap_writer(struct mmuscope_share *share,
		       struct vm_area_struct *vma)
{
	int err = 0;

	if (!(vma->vm_flags & VM_MAYWRITE))
		return 0;
	mutex_lock(&share->lock);
	if (!mmuscope_share_may_write(share))
		err = -EACCES;
	else if (share->seals & SEALED_WRITE)
		err = -EPERM;
	else
		share->writers++;
	mutex_unlock(&share->lock);
	if (err && (vma->vm_flags & VM_WRITE))
		return err;
	if (err)
		vm_flags_clear(vma, VM_MAYWRITE);
	else if (share->held.told.flags & MMUSCOPE_SHARE_READONLY_OTHERS)
		vm_flags_set(vma, VM_DONTCOPY | VM_IO);
	return 0;
}

static pgprot_t memtype_prot(pgprot_t prot, u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_WC:
		return pgprot_writecombine(prot);
	case MMUSCOPE_MEMTYPE_UC_MINUS:
		return pgprot_noncached(prot);
	default:
		return prot;
	}
}

/**
 * mmuscope_share_mmap - map a part of a share
 * @file: of the share
 * @vma: what is to be
 *
 * Return: 0; -EINVAL if it is private or a large page would not be whole; -ENXIO
 * beyond the end; -EACCES or -EPERM if it is not to be written.
 */
int mmuscope_share_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct mmuscope_share *share = file->private_data;
	int err;

	err = mmap_check(share, vma);
	if (!err)
		err = mmap_writer(share, vma);
	if (err)
		return err;
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = memtype_prot(vma->vm_page_prot,
					 share->pages.memtype);
	vma->vm_ops = &share_vm_ops;
	return 0;
}

/**
 * mmuscope_share_area - where a share can be mapped
 * @file: of the share
 * @addr: where the caller would like it
 * @len: bytes
 * @pgoff: from where in the share
 * @flags: MAP_*
 *
 * Return: an address, which is aligned for large pages unless the caller insists
 * on another; or a negative errno.
 */
unsigned long mmuscope_share_area(struct file *file, unsigned long addr,
				  unsigned long len, unsigned long pgoff,
				  unsigned long flags)
{
	unsigned long size = page_size_of(file->private_data);

	addr = thp_get_unmapped_area(file, addr, len, pgoff, flags);
	if (IS_ERR_VALUE(addr) || IS_ALIGNED(addr, size) ||
	    (flags & MAP_FIXED))
		return addr;
	/* It goes by the caller's wish, and does not align for a 32-bit one. */
	addr = thp_get_unmapped_area(file, 0, len + size - PAGE_SIZE, pgoff,
				     flags);
	return IS_ERR_VALUE(addr) ? addr : round_up(addr, size);
}
