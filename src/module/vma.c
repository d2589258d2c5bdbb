// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
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
	if (area->vm_file->f_mapping->a_ops == &shmem_aops)
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
