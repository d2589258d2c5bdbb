// SPDX-License-Identifier: GPL-2.0-only
#include <linux/build_bug.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/fixmap.h>
#include <uapi/asm/vsyscall.h>
#include <mmuscope/entry_x86.h>
#include "internal.h"

static_assert(X86_ENTRY_PRESENT == _PAGE_PRESENT);
static_assert(X86_ENTRY_RW == _PAGE_RW);
static_assert(X86_ENTRY_USER == _PAGE_USER);
static_assert(X86_ENTRY_PWT == _PAGE_PWT);
static_assert(X86_ENTRY_PCD == _PAGE_PCD);
static_assert(X86_ENTRY_ACCESSED == _PAGE_ACCESSED);
static_assert(X86_ENTRY_DIRTY == _PAGE_DIRTY);
static_assert(X86_ENTRY_PSE == _PAGE_PSE);
static_assert(X86_ENTRY_PAT == _PAGE_PAT);
static_assert(X86_ENTRY_GLOBAL == _PAGE_GLOBAL);
static_assert(X86_ENTRY_PROT_NONE == _PAGE_PROTNONE);
static_assert(X86_ENTRY_SPECIAL == _PAGE_SPECIAL);
static_assert(X86_ENTRY_PAT_LARGE == _PAGE_PAT_LARGE);
static_assert(X86_ENTRY_PKEY_SHIFT == _PAGE_BIT_PKEY_BIT0);
static_assert(X86_ENTRY_NX == _PAGE_NX);
/* Where the kernel does without one of these, its macro is 0. */
static_assert(!_PAGE_UFFD_WP || X86_ENTRY_UFFD_WP == _PAGE_UFFD_WP);
static_assert(!_PAGE_SOFT_DIRTY || X86_ENTRY_SOFT_DIRTY == _PAGE_SOFT_DIRTY);
#ifdef _PAGE_SAVED_DIRTY
static_assert(X86_ENTRY_SAVED_DIRTY == _PAGE_SAVED_DIRTY);
#endif

#ifdef CONFIG_KASAN
#define SHADOW_START	KASAN_SHADOW_START
#define SHADOW_END	KASAN_SHADOW_END
#else
#define SHADOW_START	0UL
#define SHADOW_END	0UL
#endif

/**
 * mmuscope_arch_flags - what the bits of a present entry say
 * @raw: the entry
 * @level: its level
 * @table: it points to a table
 * @in: MMUSCOPE_IN_*
 *
 * Return: MMUSCOPE_FLAG_*.
 */
u64 mmuscope_arch_flags(u64 raw, enum mmuscope_level level, bool table,
			unsigned int in)
{
	u32 where = table ? MMUSCOPE_TABLE_AT(level) : MMUSCOPE_LEAF_AT(level);
	const struct mmuscope_prot_row *row;
	u64 flags = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mmuscope_prot_rows_x86); i++) {
		row = &mmuscope_prot_rows_x86[i];
		if ((row->where & where) && (raw & row->mask) == row->value)
			flags |= row->flags;
	}
	return flags;
}

/**
 * mmuscope_arch_memtype - the memory type that a present leaf selects
 * @raw: the entry
 * @level: its level
 *
 * Return: enum mmuscope_memtype.
 */
u32 mmuscope_arch_memtype(u64 raw, enum mmuscope_level level)
{
	return mmuscope_arch_pat_type(mmuscope_pat_index_x86(raw, level));
}

/**
 * mmuscope_arch_pkey - the protection key of a present user leaf
 * @raw: the entry
 */
u32 mmuscope_arch_pkey(u64 raw)
{
	return (raw & X86_ENTRY_PKEY_MASK) >> X86_ENTRY_PKEY_SHIFT;
}

/**
 * mmuscope_arch_untagged - an address without the tag that the hardware ignores
 * @addr: the address, in which there is none
 */
u64 mmuscope_arch_untagged(u64 addr)
{
	return addr;
}

/**
 * mmuscope_arch_reads - which promises of a VMA let it be read
 *
 * A read is refused only where every access is (access_error(),
 * arch/x86/mm/fault.c, v6.1 to v7.2).
 *
 * Return: MMUSCOPE_VMA_*, one of which is enough.
 */
u64 mmuscope_arch_reads(void)
{
	return MMUSCOPE_VMA_READ | MMUSCOPE_VMA_WRITE | MMUSCOPE_VMA_EXEC;
}

/**
 * mmuscope_arch_exec_reads - is what may not be executed got first, as if read?
 *
 * Without VM_EXEC only what is present is refused at once (access_error()).
 */
bool mmuscope_arch_exec_reads(void)
{
	return true;
}

/**
 * mmuscope_arch_pti - does user mode run on tables of its own?
 */
bool mmuscope_arch_pti(void)
{
	return boot_cpu_has(X86_FEATURE_PTI);
}

/**
 * mmuscope_arch_user_pgd - the slot that user mode runs on
 * @pgdp: slot in the table that mm->pgd points to
 *
 * With page table isolation the kernel's copy has NX in every user slot, to
 * catch a return to user mode on the wrong table (arch/x86/mm/pti.c, v6.1); the
 * user's copy tells what user mode may do.
 */
pgd_t *mmuscope_arch_user_pgd(pgd_t *pgdp)
{
	if (mmuscope_arch_pti())
		return kernel_to_user_pgdp(pgdp);
	return pgdp;
}

/**
 * mmuscope_arch_gate - the user page that lies outside all VMAs
 * @mm: the address space
 * @vma: filled in as /proc/PID/maps prints it
 *
 * vsyscall=emulate maps it, and 64-bit processes are told of it; its tables are
 * never freed (arch/x86/entry/vsyscall/vsyscall_64.c, v6.1).
 *
 * Return: whether it is mapped.
 */
bool mmuscope_arch_gate(struct mm_struct *mm, struct mmuscope_vma *vma)
{
	unsigned int level;
	pte_t *ptep;

	if (!mm_has_vsyscall(mm))
		return false;
	ptep = lookup_address(VSYSCALL_ADDR, &level);
	if (!ptep || !(pte_flags(*ptep) & _PAGE_USER))
		return false;
	*vma = (struct mmuscope_vma) {
		.start = VSYSCALL_ADDR,
		.end = VSYSCALL_ADDR + PAGE_SIZE,
		.flags = MMUSCOPE_VMA_READ | MMUSCOPE_VMA_EXEC |
			 MMUSCOPE_VMA_PFNMAP,
	};
	return true;
}

/**
 * mmuscope_arch_kernel_root - the table that the kernel's half begins at
 * @mm: the caller's
 * @user: as user mode has it
 *
 * All of a process' roots have it in common, but for the LDT under isolation.
 */
const u64 *mmuscope_arch_kernel_root(const struct mm_struct *mm, bool user)
{
	pgd_t *pgd = mm->pgd;

	return (const u64 *)(user ? kernel_to_user_pgdp(pgd) : pgd);
}

/**
 * mmuscope_arch_va_bits - bits of an address that the root and all below look at
 */
unsigned int mmuscope_arch_va_bits(void)
{
	return __VIRTUAL_MASK_SHIFT + 1;
}

/**
 * mmuscope_arch_kernel_start - first address of the kernel's half
 */
unsigned long mmuscope_arch_kernel_start(void)
{
	return -1UL << __VIRTUAL_MASK_SHIFT;
}

/**
 * mmuscope_arch_area - the part of the kernel's half that an address lies in
 * @addr: the address
 * @vma: its range is filled in; between two areas, the gap's
 *
 * By ascending address (Documentation/x86/x86_64/mm.rst, v6.1). An area is as
 * large as it may become, but ends where the next one begins, as some are put at
 * random places.
 *
 * Return: its name, empty for a gap.
 */
const char *mmuscope_arch_area(unsigned long addr, struct mmuscope_vma *vma)
{
	const unsigned long memmap = (MAXMEM >> PAGE_SHIFT) * sizeof(struct page);
	const struct {
		unsigned long start, end;
		const char *name;
	} areas[] = {
		{ LDT_BASE_ADDR, LDT_END_ADDR, "[LDT remap]" },
		{ PAGE_OFFSET, PAGE_OFFSET + MAXMEM, "[direct map]" },
		{ VMALLOC_START, VMALLOC_END + 1, "[vmalloc]" },
		{ VMEMMAP_START, VMEMMAP_START + memmap, "[vmemmap]" },
		{ SHADOW_START, SHADOW_END, "[KASAN shadow]" },
		{ CPU_ENTRY_AREA_BASE, CPU_ENTRY_AREA_BASE + P4D_SIZE,
		  "[cpu entry area]" },
		{ ESPFIX_BASE_ADDR, ESPFIX_BASE_ADDR + P4D_SIZE, "[espfix]" },
		{ EFI_VA_END, EFI_VA_START, "[EFI]" },
		{ __START_KERNEL_map, MODULES_VADDR, "[kernel]" },
		{ MODULES_VADDR, MODULES_END, "[modules]" },
		{ FIXADDR_START, FIXADDR_TOP, "[fixmap]" },
	};
	const char *name = "";
	unsigned int i;

	*vma = (struct mmuscope_vma) {
		.start = mmuscope_arch_kernel_start(), .end = PAGE_MASK,
	};
	for (i = 0; i < ARRAY_SIZE(areas); i++) {
		if (areas[i].start == areas[i].end)
			continue;
		if (addr < areas[i].start) {
			vma->end = min_t(u64, vma->end, areas[i].start);
			break;
		}
		name = addr < areas[i].end ? areas[i].name : "";
		vma->start = *name ? areas[i].start : areas[i].end;
		vma->end = *name ? areas[i].end : PAGE_MASK;
	}
	return name;
}

/**
 * mmuscope_arch_info - what the processor and its kernel are
 * @info: the machine's part is filled in
 */
void mmuscope_arch_info(struct mmuscope_info *info)
{
	info->arch = MMUSCOPE_ARCH_X86_64;
	info->levels = pgtable_l5_enabled() ? 5 : 4;
	info->va_bits = mmuscope_arch_va_bits();
	info->pa_bits = boot_cpu_data.x86_phys_bits;
	info->pat = mmuscope_arch_pat();
	info->phys_mask = PHYSICAL_PAGE_MASK;
	if (mmuscope_arch_pti())
		info->features |= MMUSCOPE_FEATURE_PTI;
}
