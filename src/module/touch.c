// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a touch of an address would do, told from its translation alone: the
 * order of the questions is the fault handler's (do_user_addr_fault(),
 * arch/x86/mm/fault.c, do_page_fault(), arch/arm64/mm/fault.c, and
 * handle_pte_fault(), mm/memory.c, v6.1). Protection keys are left out, as in PERM,
 * and so are faults that only set a bit that the processor does not set itself.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include "internal.h"

static const struct {
	u64 vma;
	u64 mmu;
} needs[] = {
	[MMUSCOPE_ACCESS_READ] = {
		0, /* mmuscope_arch_reads() */
		MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_USER },
	[MMUSCOPE_ACCESS_WRITE] = {
		MMUSCOPE_VMA_WRITE,
		MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_USER },
	[MMUSCOPE_ACCESS_EXEC] = {
		MMUSCOPE_VMA_EXEC,
		MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_USER },
};

static bool promises(const struct mmuscope_translation *t,
		     enum mmuscope_access access)
{
	u64 vma = access == MMUSCOPE_ACCESS_READ ? mmuscope_arch_reads() :
						   needs[access].vma;

	return t->vma.flags & vma;
}

/* What the kernel does with each softleaf that is not a marker. */
static const enum mmuscope_touch softleaf_touch[MMUSCOPE_NR_SOFTLEAVES] = {
	[MMUSCOPE_SOFTLEAF_NONE] = MMUSCOPE_TOUCH_RETRY,
	[MMUSCOPE_SOFTLEAF_SWAP] = MMUSCOPE_TOUCH_SWAP,
	[MMUSCOPE_SOFTLEAF_MIGRATION_READ] = MMUSCOPE_TOUCH_MIGRATION,
	[MMUSCOPE_SOFTLEAF_MIGRATION_READ_EXCLUSIVE] = MMUSCOPE_TOUCH_MIGRATION,
	[MMUSCOPE_SOFTLEAF_MIGRATION_WRITE] = MMUSCOPE_TOUCH_MIGRATION,
	[MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_READ] = MMUSCOPE_TOUCH_DEVICE,
	[MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_WRITE] = MMUSCOPE_TOUCH_DEVICE,
	[MMUSCOPE_SOFTLEAF_DEVICE_EXCLUSIVE] = MMUSCOPE_TOUCH_DEVICE,
	[MMUSCOPE_SOFTLEAF_HWPOISON] = MMUSCOPE_TOUCH_POISON,
	[MMUSCOPE_SOFTLEAF_MARKER] = MMUSCOPE_TOUCH_RETRY,
};

static enum mmuscope_touch touch_present(const struct mmuscope_translation *t,
					 enum mmuscope_access access)
{
	u64 flags = t->leaf.flags;

	if ((flags & needs[access].mmu) == needs[access].mmu)
		return MMUSCOPE_TOUCH_HIT;
	if (flags & MMUSCOPE_FLAG_NUMA_HINT)
		return MMUSCOPE_TOUCH_NUMA;
	if (access != MMUSCOPE_ACCESS_WRITE)
		return t->vma.flags & MMUSCOPE_VMA_PFNMAP ?
			MMUSCOPE_TOUCH_DRIVER : MMUSCOPE_TOUCH_RETRY;
	if ((flags & MMUSCOPE_FLAG_UFFD_WP) &&
	    (t->vma.flags & MMUSCOPE_VMA_UFFD_WP))
		return MMUSCOPE_TOUCH_UFFD;
	return t->vma.flags & MMUSCOPE_VMA_SHARED ? MMUSCOPE_TOUCH_NOTIFY :
						    MMUSCOPE_TOUCH_COW;
}

/* The page of the file that belongs to the address is beyond its end. */
static bool is_past_eof(const struct mmuscope_translation *t)
{
	u64 at = t->leaf.start - t->vma.start + t->vma.offset;

	return (t->vma.flags & MMUSCOPE_VMA_FILE) && at >= t->vma.file_size;
}

static enum mmuscope_touch touch_file(const struct mmuscope_translation *t)
{
	if (is_past_eof(t))
		return MMUSCOPE_TOUCH_EOF;
	if ((t->leaf.flags & (MMUSCOPE_FLAG_CACHED | MMUSCOPE_FLAG_SWAPPED)) &&
	    (t->vma.flags & MMUSCOPE_VMA_UFFD_MINOR))
		return MMUSCOPE_TOUCH_UFFD;
	if (t->leaf.flags & MMUSCOPE_FLAG_CACHED)
		return MMUSCOPE_TOUCH_FILE;
	if (t->leaf.flags & MMUSCOPE_FLAG_SWAPPED)
		return MMUSCOPE_TOUCH_SWAP;
	if (t->vma.flags & MMUSCOPE_VMA_UFFD_MISSING)
		return MMUSCOPE_TOUCH_UFFD;
	return t->vma.flags & MMUSCOPE_VMA_SHMEM ? MMUSCOPE_TOUCH_ZERO :
						   MMUSCOPE_TOUCH_FILE;
}

/* Not looked at is whether hugetlb has the page in its cache. */
static enum mmuscope_touch touch_hugetlb(const struct mmuscope_translation *t)
{
	const u64 uffd = MMUSCOPE_VMA_UFFD_MISSING | MMUSCOPE_VMA_UFFD_MINOR;

	if (is_past_eof(t))
		return MMUSCOPE_TOUCH_EOF;
	return t->vma.flags & uffd ? MMUSCOPE_TOUCH_UFFD :
				     MMUSCOPE_TOUCH_HUGETLB;
}

static enum mmuscope_touch touch_none(const struct mmuscope_translation *t)
{
	const u64 driver = MMUSCOPE_VMA_PFNMAP | MMUSCOPE_VMA_DRIVER;
	u64 vma = t->vma.flags;

	if (vma & MMUSCOPE_VMA_HUGETLB)
		return touch_hugetlb(t);
	if (vma & MMUSCOPE_VMA_ANON)
		return vma & MMUSCOPE_VMA_UFFD_MISSING ? MMUSCOPE_TOUCH_UFFD :
							 MMUSCOPE_TOUCH_ZERO;
	if ((vma & MMUSCOPE_VMA_FILE) && !(vma & driver))
		return touch_file(t);
	return MMUSCOPE_TOUCH_DRIVER;
}

static enum mmuscope_touch touch_marker(const struct mmuscope_translation *t,
					enum mmuscope_access access)
{
	if (t->leaf.marker & MMUSCOPE_MARKER_GUARD)
		return MMUSCOPE_TOUCH_GUARD;
	if (t->leaf.marker & MMUSCOPE_MARKER_POISONED)
		return MMUSCOPE_TOUCH_POISON;
	/* A uffd-wp marker: nothing there, and writes are to be told. */
	if (access == MMUSCOPE_ACCESS_WRITE &&
	    (t->vma.flags & MMUSCOPE_VMA_UFFD_WP))
		return MMUSCOPE_TOUCH_UFFD;
	return touch_none(t);
}

static enum mmuscope_touch touch_absent(const struct mmuscope_translation *t,
					enum mmuscope_access access)
{
	if (t->leaf.backing == MMUSCOPE_BACKING_MARKER)
		return touch_marker(t, access);
	if (t->leaf.backing == MMUSCOPE_BACKING_NONE)
		return touch_none(t);
	return softleaf_touch[t->leaf.softleaf];
}

/*
 * Where only what is present is refused, anything else is got first, as for a
 * read, and that may end it.
 */
static enum mmuscope_touch touch_no_exec(const struct mmuscope_translation *t)
{
	enum mmuscope_touch touch;

	if (!mmuscope_arch_exec_reads() ||
	    (t->leaf.flags & MMUSCOPE_FLAG_PRESENT) ||
	    !promises(t, MMUSCOPE_ACCESS_READ))
		return MMUSCOPE_TOUCH_FORBIDDEN;
	touch = touch_absent(t, MMUSCOPE_ACCESS_READ);
	switch (touch) {
	case MMUSCOPE_TOUCH_EOF:
	case MMUSCOPE_TOUCH_POISON:
	case MMUSCOPE_TOUCH_UFFD:
		return touch;
	default:
		return MMUSCOPE_TOUCH_FORBIDDEN;
	}
}

/**
 * mmuscope_touch_kernel - what a touch of the kernel's half would do
 * @trans: the address, translated
 * @access: how it is touched
 * @user: by user mode, else by the kernel
 *
 * Nobody comes to help there: what does not go through is an oops, or a SIGSEGV.
 */
enum mmuscope_touch mmuscope_touch_kernel(const struct mmuscope_translation *trans,
					  enum mmuscope_access access,
					  bool user)
{
	u64 need = needs[access].mmu;

	if (!user)
		need &= ~MMUSCOPE_FLAG_USER;
	if (!(trans->leaf.flags & MMUSCOPE_FLAG_PRESENT))
		return MMUSCOPE_TOUCH_NO_VMA;
	return (trans->leaf.flags & need) == need ? MMUSCOPE_TOUCH_HIT :
						    MMUSCOPE_TOUCH_FORBIDDEN;
}

/**
 * mmuscope_touch - what a touch by the process would do
 * @trans: the address, translated
 * @access: how it is touched
 */
enum mmuscope_touch mmuscope_touch(const struct mmuscope_translation *trans,
				   enum mmuscope_access access)
{
	const struct mmuscope_extent *leaf = &trans->leaf;

	if (!leaf->end)
		return MMUSCOPE_TOUCH_NO_VMA;
	if (!promises(trans, access))
		return access == MMUSCOPE_ACCESS_EXEC ?
			touch_no_exec(trans) : MMUSCOPE_TOUCH_FORBIDDEN;
	if (leaf->flags & MMUSCOPE_FLAG_PRESENT)
		return touch_present(trans, access);
	return touch_absent(trans, access);
}
