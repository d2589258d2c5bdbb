// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/path.h>
#include <linux/shmem_fs.h>
#include <linux/string.h>
#include "internal.h"

static const struct {
	unsigned long vm;
	u64 flag;
} promises[] = {
	{ VM_READ,		MMUSCOPE_VMA_READ },
	{ VM_WRITE,		MMUSCOPE_VMA_WRITE },
	{ VM_EXEC,		MMUSCOPE_VMA_EXEC },
	{ VM_MAYSHARE,		MMUSCOPE_VMA_SHARED },
	{ VM_PFNMAP | VM_IO,	MMUSCOPE_VMA_PFNMAP },
	{ VM_LOCKED,		MMUSCOPE_VMA_LOCKED },
	{ VM_GROWSDOWN,		MMUSCOPE_VMA_GROWSDOWN },
	{ VM_HUGETLB,		MMUSCOPE_VMA_HUGETLB },
	{ VM_UFFD_MISSING,	MMUSCOPE_VMA_UFFD_MISSING },
	{ VM_UFFD_WP,		MMUSCOPE_VMA_UFFD_WP },
	{ VM_UFFD_MINOR,	MMUSCOPE_VMA_UFFD_MINOR },
};

static void file_promise(struct mmuscope_vma *vma,
			 const struct vm_area_struct *area)
{
	const struct inode *inode = file_inode(area->vm_file);
	const struct inode *host = area->vm_file->f_mapping->host;

	vma->flags |= MMUSCOPE_VMA_FILE;
	if (!S_ISREG(host->i_mode) && !S_ISBLK(host->i_mode))
		vma->flags |= MMUSCOPE_VMA_DRIVER;
	if (shmem_mapping(area->vm_file->f_mapping))
		vma->flags |= MMUSCOPE_VMA_SHMEM;
	vma->offset = (u64)area->vm_pgoff << PAGE_SHIFT;
	vma->ino = inode->i_ino;
	vma->file_size = i_size_read(host);
	vma->dev_major = MAJOR(inode->i_sb->s_dev);
	vma->dev_minor = MINOR(inode->i_sb->s_dev);
}

/**
 * mmuscope_vma_promise - what is told of a VMA
 * @area: the VMA
 *
 * Context: mmap_lock is held.
 */
struct mmuscope_vma mmuscope_vma_promise(const struct vm_area_struct *area)
{
	struct mmuscope_vma vma = {
		.start = area->vm_start,
		.end = area->vm_end,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(promises); i++)
		if (area->vm_flags & promises[i].vm)
			vma.flags |= promises[i].flag;
	if (vma_is_anonymous((struct vm_area_struct *)area))
		vma.flags |= MMUSCOPE_VMA_ANON;
	if (area->vm_file)
		file_promise(&vma, area);
	return vma;
}

/**
 * mmuscope_vma_name - the name of a VMA without a file
 * @area: the VMA
 * @name: where to, empty if it has none
 * @size: room there, in bytes
 *
 * As /proc/PID/maps names it (show_map_vma(), fs/proc/task_mmu.c, v6.1).
 *
 * Context: mmap_lock is held.
 */
void mmuscope_vma_name(struct vm_area_struct *area, char *name, size_t size)
{
	const struct mm_struct *mm = area->vm_mm;
	const char *found = NULL;

	if (area->vm_file)
		found = "";
	else if (area->vm_ops && area->vm_ops->name)
		found = area->vm_ops->name(area);
	if (!found && area->vm_start <= mm->brk &&
	    area->vm_end >= mm->start_brk)
		found = "[heap]";
	if (!found && area->vm_start <= mm->start_stack &&
	    area->vm_end >= mm->start_stack)
		found = "[stack]";
	strscpy(name, found ?: "", size);
}

/* A file that grows meanwhile does not make it another VMA. */
static bool is_last(const struct mmuscope_walk *walk,
		    const struct mmuscope_vma *vma)
{
	const struct mmuscope_vma *last = &walk->last;

	return vma->start == last->start && vma->end == last->end &&
	       vma->flags == last->flags && vma->offset == last->offset &&
	       vma->ino == last->ino && vma->dev_major == last->dev_major &&
	       vma->dev_minor == last->dev_minor;
}

/**
 * mmuscope_vma_enter - take note of the VMA that a walk is in
 * @walk: the walk
 * @vma: the VMA
 * @slot: its slot of the batch, for path and name, if it is a new one
 *
 * It goes into the batch before its first extent does. If it is not the one that
 * the walk was in before, an extent ends there.
 *
 * Return: 1 with a new slot, 0 if the batch has it already, -ENOSPC.
 */
int mmuscope_vma_enter(struct mmuscope_walk *walk,
		       const struct mmuscope_vma *vma,
		       struct mmuscope_vma_slot **slot)
{
	struct mmuscope_batch *batch = walk->batch;
	bool last = is_last(walk, vma);

	if (last && (batch->nr_vma || batch->totals))
		return 0;
	if (mmuscope_batch_full(batch) || batch->nr_vma == batch->max_vma)
		return -ENOSPC;
	batch->cut |= !last;
	walk->last = *vma;
	if (batch->totals)
		return 0;
	*slot = &batch->vma[batch->nr_vma++];
	**slot = (struct mmuscope_vma_slot) {
		.vma = *vma,
		.at = walk->addr,
		.first = batch->nr,
		.continued = last,
	};
	return 1;
}

/*
 * Are all pages in it the allocator's, so that an entry alone tells what it maps?
 * A driver that hands out pages by faults may have them from anywhere.
 */
static bool is_plain(const struct vm_area_struct *area, const struct mmuscope_vma *vma)
{
	if (area->vm_flags & (VM_PFNMAP | VM_IO | VM_MIXEDMAP))
		return false;
	return vma->flags & MMUSCOPE_VMA_FILE ?
		!(vma->flags & MMUSCOPE_VMA_DRIVER) :
		!!(vma->flags & MMUSCOPE_VMA_ANON);
}

/**
 * mmuscope_vma_walk - take note of the VMA that a walk comes into
 * @walk: the walk
 * @area: the VMA
 *
 * Context: mmap_lock is held.
 * Return: 0 or -ENOSPC.
 */
int mmuscope_vma_walk(struct mmuscope_walk *walk, struct vm_area_struct *area)
{
	const struct mmuscope_vma vma = mmuscope_vma_promise(area);
	struct mmuscope_vma_slot *slot;
	int err = mmuscope_vma_enter(walk, &vma, &slot);

	if (err < 0)
		return err;
	if (err) {
		if (area->vm_file) {
			slot->path = area->vm_file->f_path;
			path_get(&slot->path);
		}
		mmuscope_vma_name(area, slot->name, sizeof(slot->name));
	}

	walk->in = 0;
	walk->hugetlb_size = 0;
	walk->mapping = NULL;
	walk->pgoff = area->vm_pgoff - (area->vm_start >> PAGE_SHIFT);
	if (is_vm_hugetlb_page(area)) {
		walk->in |= MMUSCOPE_IN_HUGETLB;
		walk->hugetlb_size = huge_page_size(hstate_vma(area));
	} else if (area->vm_file) {
		walk->mapping = area->vm_file->f_mapping;
	}
	if (vma_is_anonymous(area))
		walk->in |= MMUSCOPE_IN_ANON;
	if (vma_is_accessible(area))
		walk->in |= MMUSCOPE_IN_ACCESSIBLE;
	if (area->vm_flags & VM_PFNMAP)
		walk->in |= MMUSCOPE_IN_PFNMAP;
	if (is_plain(area, &vma))
		walk->in |= MMUSCOPE_IN_PLAIN;
	return 0;
}
