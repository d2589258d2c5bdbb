// SPDX-License-Identifier: GPL-2.0-only
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/mm.h>
#include <linux/string.h>
#include "internal.h"

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
	struct inode *inode;

	if (area->vm_flags & VM_READ)
		vma.flags |= MMUSCOPE_VMA_READ;
	if (area->vm_flags & VM_WRITE)
		vma.flags |= MMUSCOPE_VMA_WRITE;
	if (area->vm_flags & VM_EXEC)
		vma.flags |= MMUSCOPE_VMA_EXEC;
	if (area->vm_flags & VM_MAYSHARE)
		vma.flags |= MMUSCOPE_VMA_SHARED;
	if (area->vm_file) {
		inode = file_inode(area->vm_file);
		vma.offset = (u64)area->vm_pgoff << PAGE_SHIFT;
		vma.ino = inode->i_ino;
		vma.dev_major = MAJOR(inode->i_sb->s_dev);
		vma.dev_minor = MINOR(inode->i_sb->s_dev);
	}
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
