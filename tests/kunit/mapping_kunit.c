// SPDX-License-Identifier: GPL-2.0-only
/* Which mappings of a share there can be, and who may write through them. */
#include "compat.h"
#include "suites.h"
#include "../../src/module/mapping.c"

#define LARGE	(PMD_SHIFT - PAGE_SHIFT)
#define AT	0x7f0000000000UL

#define WRITER	(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_SHARED | \
		 VM_MAYSHARE)
#define READER	(WRITER & ~VM_WRITE)
#define NEVER	(READER & ~(VM_MAYWRITE | VM_SHARED))

static struct mmuscope_share new_share(unsigned long nr, unsigned int order)
{
	return (struct mmuscope_share) {
		.pages.nr = nr,
		.pages.order = order,
		.held.opener = task_tgid(current),
	};
}

static void places(struct kunit *test)
{
	static const struct {
		unsigned int order;
		unsigned long start, pages, pgoff, flags;
		int err;
	} rows[] = {
		{ 0, AT, 8, 0, WRITER, 0 },
		{ 0, AT, 1, 7, WRITER, 0 },
		{ 0, AT, 8, 0, READER, 0 },
		{ 0, AT, 8, 0, NEVER, 0 },
		{ 0, AT, 8, 0, WRITER & ~(VM_SHARED | VM_MAYSHARE), -EINVAL },
		{ 0, AT, 9, 0, WRITER, -ENXIO },
		{ 0, AT, 1, 8, WRITER, -ENXIO },
		{ 0, AT, 8, 1, WRITER, -ENXIO },
		{ 0, AT, 2, ULONG_MAX, WRITER, -ENXIO },
		{ 0, AT, 1, ULONG_MAX, WRITER, -ENXIO },
		{ LARGE, AT, 512, 0, WRITER, 0 },
		{ LARGE, AT, 4096, 0, WRITER, 0 },
		{ LARGE, AT, 512, 3584, WRITER, 0 },
		{ LARGE, AT, 512, 4096, WRITER, -ENXIO },
		{ LARGE, AT, 1, 0, WRITER, -EINVAL },
		{ LARGE, AT, 511, 0, WRITER, -EINVAL },
		{ LARGE, AT, 513, 0, WRITER, -EINVAL },
		{ LARGE, AT, 512, 1, WRITER, -EINVAL },
		{ LARGE, AT, 512, 256, WRITER, -EINVAL },
		{ LARGE, AT + PAGE_SIZE, 512, 0, WRITER, -EINVAL },
		{ LARGE, AT + PMD_SIZE / 2, 512, 256, WRITER, -EINVAL },
	};
	struct vm_area_struct vma = {};
	struct mmuscope_share share;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		share = new_share(8, rows[i].order);
		vma.vm_start = rows[i].start;
		vma.vm_end = rows[i].start + rows[i].pages * PAGE_SIZE;
		vma.vm_pgoff = rows[i].pgoff;
		vm_flags_init(&vma, rows[i].flags);
		KUNIT_EXPECT_EQ_MSG(test, mmap_check(&share, &vma), rows[i].err,
				    "row %u", i);
	}
}

#define OTHERS	MMUSCOPE_SHARE_READONLY_OTHERS
#define ALONE	(VM_DONTCOPY | VM_IO)

static void writers(struct kunit *test)
{
	static const struct {
		u64 flags, seals;
		bool maker;
		unsigned long vm, after;
		unsigned int writers;
		int err;
	} rows[] = {
		{ 0, 0, false, WRITER, WRITER, 1, 0 },
		{ 0, 0, false, READER, READER, 1, 0 },
		{ 0, 0, false, NEVER, NEVER, 0, 0 },
		{ 0, MMUSCOPE_SEAL_SEAL, false, WRITER, WRITER, 1, 0 },
		{ 0, MMUSCOPE_SEAL_WRITE, true, WRITER, WRITER, 0, -EPERM },
		{ 0, MMUSCOPE_SEAL_FUTURE_WRITE, true, WRITER, WRITER, 0, -EPERM },
		{ 0, MMUSCOPE_SEAL_WRITE, true, READER, READER & ~VM_MAYWRITE, 0, 0 },
		{ 0, MMUSCOPE_SEAL_WRITE, true, NEVER, NEVER, 0, 0 },
		{ OTHERS, 0, true, WRITER, WRITER | ALONE, 1, 0 },
		{ OTHERS, 0, true, READER, READER | ALONE, 1, 0 },
		{ OTHERS, 0, true, NEVER, NEVER, 0, 0 },
		{ OTHERS, 0, false, WRITER, WRITER, 0, -EACCES },
		{ OTHERS, 0, false, READER, READER & ~VM_MAYWRITE, 0, 0 },
		{ OTHERS, MMUSCOPE_SEAL_WRITE, true, WRITER, WRITER, 0, -EPERM },
		{ OTHERS, MMUSCOPE_SEAL_WRITE, true, READER, READER & ~VM_MAYWRITE,
		  0, 0 },
		{ OTHERS, MMUSCOPE_SEAL_WRITE, false, WRITER, WRITER, 0, -EACCES },
	};
	struct mm_struct *mm = kunit_kzalloc(test, sizeof(*mm), GFP_KERNEL);
	struct vm_area_struct vma = { .vm_mm = mm };
	struct mmuscope_share share;
	unsigned int i;

	/* Flags are changed under this lock only, as ->mmap() is called. */
	KUNIT_ASSERT_TRUE(test, mm);
	init_rwsem(&mm->mmap_lock);
	down_write(&mm->mmap_lock);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		share = new_share(8, 0);
		mutex_init(&share.lock);
		share.held.told.flags = rows[i].flags;
		share.seals = rows[i].seals;
		if (!rows[i].maker)
			share.held.opener = NULL;
		vm_flags_init(&vma, rows[i].vm);
		KUNIT_EXPECT_EQ_MSG(test, mmap_writer(&share, &vma), rows[i].err,
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, vma.vm_flags, rows[i].after, "row %u",
				    i);
		KUNIT_EXPECT_EQ_MSG(test, share.writers,
				    (unsigned long)rows[i].writers, "row %u", i);
	}
	up_write(&mm->mmap_lock);
}

static void seals(struct kunit *test)
{
	const u64 seal = MMUSCOPE_SEAL_SEAL, write = MMUSCOPE_SEAL_WRITE;
	const u64 future = MMUSCOPE_SEAL_FUTURE_WRITE;
	const struct {
		u64 before, add, after;
		unsigned int writers;
		int err;
	} rows[] = {
		{ 0, 0, 0, 0, 0 },
		{ 0, write, write, 0, 0 },
		{ 0, write, 0, 1, -EBUSY },
		{ 0, write | future, 0, 1, -EBUSY },
		{ 0, future, future, 1, 0 },
		{ future, write, future | write, 0, 0 },
		{ write, future, future | write, 0, 0 },
		{ 0, seal | future, seal | future, 3, 0 },
		{ seal, seal, seal, 0, -EPERM },
		{ seal, write, seal, 0, -EPERM },
		{ seal | write, write, seal | write, 1, -EPERM },
	};
	struct mmuscope_share share;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		share = new_share(8, 0);
		mutex_init(&share.lock);
		share.seals = rows[i].before;
		share.writers = rows[i].writers;
		KUNIT_EXPECT_EQ_MSG(test, rows[i].err,
				    mmuscope_share_seal(&share, rows[i].add),
				    "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, share.seals, rows[i].after, "row %u",
				    i);
	}
}

static struct kunit_case mapping_cases[] = {
	KUNIT_CASE(places),
	KUNIT_CASE(writers),
	KUNIT_CASE(seals),
	{}
};

struct kunit_suite mapping_suite = {
	.name = "mapping",
	.test_cases = mapping_cases,
};
