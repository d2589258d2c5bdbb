// SPDX-License-Identifier: GPL-2.0-only
/* What is told of a VMA, before it becomes a line. */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/mm.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/vma.c"

static struct vm_area_struct *new_area(struct kunit *test)
{
	struct vm_area_struct *area;

	area = kunit_kzalloc(test, sizeof(*area), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, area);
	area->vm_mm = kunit_kzalloc(test, sizeof(*area->vm_mm), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, area->vm_mm);
	area->vm_start = 0x400000;
	area->vm_end = 0x500000;
	area->vm_pgoff = 0x400;
	return area;
}

static void promise(struct kunit *test)
{
	static const struct {
		unsigned long vm_flags;
		u64 flags;
	} rows[] = {
		{ 0, 0 },
		{ VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC, 0 },
		{ VM_READ, MMUSCOPE_VMA_READ },
		{ VM_WRITE, MMUSCOPE_VMA_WRITE },
		{ VM_EXEC, MMUSCOPE_VMA_EXEC },
		{ VM_MAYSHARE, MMUSCOPE_VMA_SHARED },
		{ VM_PFNMAP, MMUSCOPE_VMA_PFNMAP },
		{ VM_IO, MMUSCOPE_VMA_PFNMAP },
		{ VM_LOCKED, MMUSCOPE_VMA_LOCKED },
		{ VM_GROWSDOWN, MMUSCOPE_VMA_GROWSDOWN },
		{ VM_HUGETLB, MMUSCOPE_VMA_HUGETLB },
		{ VM_UFFD_MISSING, MMUSCOPE_VMA_UFFD_MISSING },
		{ VM_UFFD_WP, MMUSCOPE_VMA_UFFD_WP },
		{ VM_UFFD_MINOR, MMUSCOPE_VMA_UFFD_MINOR },
	};
	static const struct vm_operations_struct ops;
	struct vm_area_struct *area = new_area(test);
	struct mmuscope_vma vma;
	unsigned int i;

	vma = mmuscope_vma_promise(area);
	KUNIT_EXPECT_EQ(test, vma.flags, MMUSCOPE_VMA_ANON);
	area->vm_ops = &ops;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		vm_flags_init(area, rows[i].vm_flags);
		vma = mmuscope_vma_promise(area);
		KUNIT_EXPECT_EQ_MSG(test, vma.flags, rows[i].flags, "row %u",
				    i);
		KUNIT_EXPECT_EQ(test, vma.start, 0x400000ull);
		KUNIT_EXPECT_EQ(test, vma.end, 0x500000ull);
		KUNIT_EXPECT_EQ(test, vma.offset, 0ull);	/* no file */
		KUNIT_EXPECT_EQ(test, vma.ino, 0ull);
		KUNIT_EXPECT_EQ(test, vma.file_size, 0ull);
	}
}

static void file(struct kunit *test)
{
	static const struct file_operations fops;
	struct vm_area_struct *area = new_area(test);
	struct mmuscope_vma vma;
	struct inode *inode;
	char name[16];

	area->vm_file = anon_inode_getfile("kunit", &fops, NULL, O_RDONLY);
	KUNIT_ASSERT_FALSE(test, IS_ERR(area->vm_file));
	inode = file_inode(area->vm_file);
	i_size_write(area->vm_file->f_mapping->host, 12345);
	vma = mmuscope_vma_promise(area);
	i_size_write(area->vm_file->f_mapping->host, 0);
	KUNIT_EXPECT_EQ(test, vma.flags,
			MMUSCOPE_VMA_FILE | MMUSCOPE_VMA_DRIVER |
			MMUSCOPE_VMA_ANON);
	KUNIT_EXPECT_EQ(test, vma.file_size, 12345ull);
	KUNIT_EXPECT_EQ(test, vma.offset, 0x400000ull);
	KUNIT_EXPECT_EQ(test, vma.ino, (u64)inode->i_ino);
	KUNIT_EXPECT_EQ(test, vma.dev_major, MAJOR(inode->i_sb->s_dev));
	KUNIT_EXPECT_EQ(test, vma.dev_minor, MINOR(inode->i_sb->s_dev));
	/* The file has the name, even where the heap would be. */
	area->vm_mm->start_brk = area->vm_start;
	area->vm_mm->brk = area->vm_end;
	mmuscope_vma_name(area, name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, name, "");
	fput(area->vm_file);
}

static const char *long_name(struct vm_area_struct *area)
{
	return "[quite a long name]";
}

static void names(struct kunit *test)
{
	static const struct vm_operations_struct ops = { .name = long_name };
	struct vm_area_struct *area = new_area(test);
	struct mm_struct *mm = area->vm_mm;
	char name[12];

	mm->start_brk = 0x500001;
	mm->brk = 0x600000;
	mm->start_stack = 0x700000;
	mmuscope_vma_name(area, name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, name, "");
	mm->start_brk = 0x500000;
	mmuscope_vma_name(area, name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, name, "[heap]");
	mm->start_brk = 0x200000;
	mm->brk = 0x3fffff;
	mmuscope_vma_name(area, name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, name, "");
	mm->brk = 0x400000;
	mmuscope_vma_name(area, name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, name, "[heap]");
	mm->brk = 0;
	mm->start_stack = 0x4ffff0;
	mmuscope_vma_name(area, name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, name, "[stack]");
	area->vm_ops = &ops;
	mmuscope_vma_name(area, name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, name, "[quite a lo");
}

static struct kunit_case vma_cases[] = {
	KUNIT_CASE(promise),
	KUNIT_CASE(file),
	KUNIT_CASE(names),
	{}
};

struct kunit_suite vma_suite = {
	.name = "vma",
	.test_cases = vma_cases,
};
