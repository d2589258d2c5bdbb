// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bitfield.h>
#include <linux/build_bug.h>
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/userfaultfd_k.h>
#include <asm/cpufeature.h>
#include <asm/fixmap.h>
#include <asm/mmu.h>
#include <asm/sysreg.h>
#include <mmuscope/entry_arm64.h>
#include "internal.h"

static_assert(ARM64_ENTRY_VALID == PTE_VALID);
static_assert(ARM64_ENTRY_VALID == PMD_SECT_VALID);
static_assert(ARM64_ENTRY_TABLE == PTE_TABLE_BIT);
static_assert(ARM64_ENTRY_TABLE == PMD_TABLE_BIT);
static_assert(ARM64_ENTRY_ATTR_MASK == PTE_ATTRINDX_MASK);
static_assert(ARM64_ENTRY_ATTR_MASK == PMD_ATTRINDX_MASK);
static_assert(7ULL << ARM64_ENTRY_ATTR_SHIFT == PTE_ATTRINDX(7));
static_assert(ARM64_ENTRY_USER == PTE_USER);
static_assert(ARM64_ENTRY_USER == PMD_SECT_USER);
static_assert(ARM64_ENTRY_RDONLY == PTE_RDONLY);
static_assert(ARM64_ENTRY_RDONLY == PMD_SECT_RDONLY);
static_assert(ARM64_ENTRY_SH_INNER == PTE_SHARED);
static_assert(ARM64_ENTRY_SH_INNER == PMD_SECT_S);
static_assert(ARM64_ENTRY_AF == PTE_AF);
static_assert(ARM64_ENTRY_AF == PMD_SECT_AF);
static_assert(ARM64_ENTRY_NG == PTE_NG);
static_assert(ARM64_ENTRY_NG == PMD_SECT_NG);
static_assert(ARM64_ENTRY_GP == PTE_GP);
static_assert(ARM64_ENTRY_DBM == PTE_DBM);
static_assert(ARM64_ENTRY_DBM == PTE_WRITE);
static_assert(ARM64_ENTRY_CONT == PTE_CONT);
static_assert(ARM64_ENTRY_CONT == PMD_SECT_CONT);
static_assert(ARM64_ENTRY_PXN == PTE_PXN);
static_assert(ARM64_ENTRY_PXN == PMD_SECT_PXN);
static_assert(ARM64_ENTRY_UXN == PTE_UXN);
static_assert(ARM64_ENTRY_UXN == PMD_SECT_UXN);
static_assert(ARM64_ENTRY_DIRTY == PTE_DIRTY);
static_assert(ARM64_ENTRY_SPECIAL == PTE_SPECIAL);
static_assert(ARM64_ENTRY_PXN_TABLE == PMD_TABLE_PXN);
static_assert(ARM64_ENTRY_PXN_TABLE == PUD_TABLE_PXN);
static_assert(ARM64_ENTRY_PXN_TABLE == P4D_TABLE_PXN);
static_assert(ARM64_ENTRY_UXN_TABLE == PMD_TABLE_UXN);
static_assert(ARM64_ENTRY_UXN_TABLE == PUD_TABLE_UXN);
static_assert(ARM64_ENTRY_UXN_TABLE == P4D_TABLE_UXN);
/* descent.c takes it that there is a pmd. */
static_assert(CONFIG_PGTABLE_LEVELS >= 3);

/* Where TTBR1_EL1 has the root: the ASID is above, CnP below. */
#define TTBR_ROOT		GENMASK_ULL(47, 6)
#define TTBR_ROOT_HIGH		GENMASK_ULL(5, 2)	/* bits 51 to 48 */

#ifdef CONFIG_KASAN_GENERIC
#define SHADOW_START	PAGE_END
#define SHADOW_END	KASAN_SHADOW_END
#else
#define SHADOW_START	0UL
#define SHADOW_END	0UL
#endif

static bool is_present(u64 raw, enum mmuscope_level level)
{
	return pte_present(__pte(raw)) ||
	       (level == MMUSCOPE_LEVEL_PMD && pmd_present(__pmd(raw)));
}

/*
 * What the hardware ignores and the kernel calls present is spelt differently
 * from release to release, and so is uffd-wp: the kernel's own inlines know.
 */
static u64 software_flags(u64 raw, enum mmuscope_level level, bool table)
{
	u64 flags = 0;

	if (table)
		return 0;
	if (is_present(raw, level))
		flags |= MMUSCOPE_FLAG_PRESENT;
	if (pte_uffd_wp(__pte(raw)))
		flags |= MMUSCOPE_FLAG_UFFD_WP;
	return flags;
}

/**
 * mmuscope_arch_flags - what the bits of a present entry say
 * @raw: the entry
 * @level: its level
 * @table: it points to a table
 * @in: MMUSCOPE_IN_*
 *
 * Return: MMUSCOPE_FLAG_*; 0 for a leaf that is not present.
 */
u64 mmuscope_arch_flags(u64 raw, enum mmuscope_level level, bool table,
			unsigned int in)
{
	u32 where = !table ? MMUSCOPE_LEAF_AT(level) :
		    in & MMUSCOPE_IN_KERNEL ? MMUSCOPE_KERNEL_TABLE_AT(level) :
					      MMUSCOPE_TABLE_AT(level);
	u64 flags = software_flags(raw, level, table);
	const struct mmuscope_prot_row *row;
	unsigned int i;

	if (!table && !(flags & MMUSCOPE_FLAG_PRESENT))
		return 0;
	for (i = 0; i < ARRAY_SIZE(mmuscope_prot_rows_arm64); i++) {
		row = &mmuscope_prot_rows_arm64[i];
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
	return mmuscope_arch_pat_type(FIELD_GET(ARM64_ENTRY_ATTR_MASK, raw));
}

/**
 * mmuscope_arch_pkey - the protection key of a present user leaf
 * @raw: the entry
 */
u32 mmuscope_arch_pkey(u64 raw)
{
	return 0;
}

/**
 * mmuscope_arch_untagged - an address without the tag that the hardware ignores
 * @addr: the address; one of the kernel's half is left alone
 */
u64 mmuscope_arch_untagged(u64 addr)
{
	return untagged_addr(addr);
}

/**
 * mmuscope_arch_reads - which promises of a VMA let it be read
 *
 * Whoever may write may read; whoever may execute may not where the processor
 * can tell the two apart (do_page_fault(), arch/arm64/mm/fault.c, v6.1).
 *
 * Return: MMUSCOPE_VMA_*, one of which is enough.
 */
u64 mmuscope_arch_reads(void)
{
	return MMUSCOPE_VMA_READ | MMUSCOPE_VMA_WRITE |
	       (cpus_have_cap(ARM64_HAS_EPAN) ? 0 : MMUSCOPE_VMA_EXEC);
}

/**
 * mmuscope_arch_exec_reads - is what may not be executed got first, as if read?
 */
bool mmuscope_arch_exec_reads(void)
{
	return false;
}

/**
 * mmuscope_arch_pti - does user mode run on tables of its own?
 */
bool mmuscope_arch_pti(void)
{
	return arm64_kernel_unmapped_at_el0();
}

/**
 * mmuscope_arch_user_pgd - the slot that user mode runs on
 * @pgdp: slot in the table that mm->pgd points to
 */
pgd_t *mmuscope_arch_user_pgd(pgd_t *pgdp)
{
	return pgdp;
}

/**
 * mmuscope_arch_gate - the user page that lies outside all VMAs
 * @mm: the address space
 * @vma: left alone
 *
 * Return: false, as there is none.
 */
bool mmuscope_arch_gate(struct mm_struct *mm, struct mmuscope_vma *vma)
{
	return false;
}

/**
 * mmuscope_arch_kernel_root - the table that the kernel's half begins at
 * @mm: any
 * @user: as user mode has it
 *
 * Isolated, user mode has a table of its own two pages before, which leads to
 * the way in (tramp_pg_dir, arch/arm64/kernel/vmlinux.lds.S, v6.1). A root that
 * lies in the kernel's image is in the direct map, too.
 */
const u64 *mmuscope_arch_kernel_root(const struct mm_struct *mm, bool user)
{
	u64 ttbr = read_sysreg(ttbr1_el1);
	u64 root = (ttbr & TTBR_ROOT) |
		   FIELD_GET(TTBR_ROOT_HIGH, ttbr) << 48;

	return __va(user ? root - TRAMP_SWAPPER_OFFSET : root);
}

/**
 * mmuscope_arch_va_bits - bits of an address that the root and all below look at
 */
unsigned int mmuscope_arch_va_bits(void)
{
	return vabits_actual;
}

/**
 * mmuscope_arch_kernel_start - first address of the kernel's half
 */
unsigned long mmuscope_arch_kernel_start(void)
{
	return _PAGE_OFFSET(vabits_actual);
}

/**
 * mmuscope_arch_area - the part of the kernel's half that an address lies in
 * @addr: the address
 * @vma: its range is filled in; between two areas, the gap's
 *
 * As ptdump has them (arch/arm64/mm/ptdump.c, v6.1), in an order that differs
 * between releases. The kernel's own image is in [vmalloc].
 *
 * Return: its name, empty for a gap.
 */
const char *mmuscope_arch_area(unsigned long addr, struct mmuscope_vma *vma)
{
	const struct {
		unsigned long start, end;
		const char *name;
	} areas[] = {
		{ mmuscope_arch_kernel_start(), PAGE_END, "[direct map]" },
		{ SHADOW_START, SHADOW_END, "[KASAN shadow]" },
		{ MODULES_VADDR, MODULES_END, "[modules]" },
		{ VMALLOC_START, VMALLOC_END, "[vmalloc]" },
		{ FIXADDR_START, FIXADDR_TOP, "[fixmap]" },
		{ PCI_IO_START, PCI_IO_END, "[PCI I/O]" },
		{ VMEMMAP_START, VMEMMAP_END, "[vmemmap]" },
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
		} else if (addr >= areas[i].end) {
			vma->start = max_t(u64, vma->start, areas[i].end);
		} else {
			name = areas[i].name;
			vma->start = areas[i].start;
			vma->end = areas[i].end;
			break;
		}
	}
	return name;
}

static unsigned int pa_bits(void)
{
	u64 mmfr0 = read_sanitised_ftr_reg(SYS_ID_AA64MMFR0_EL1);
	u32 range = cpuid_feature_extract_unsigned_field(mmfr0,
							 ID_AA64MMFR0_EL1_PARANGE_SHIFT);

	return min_t(u32, id_aa64mmfr0_parange_to_phys_shift(range),
		     PHYS_MASK_SHIFT);
}

/**
 * mmuscope_arch_info - what the processor and its kernel are
 * @info: the machine's part is filled in
 */
void mmuscope_arch_info(struct mmuscope_info *info)
{
	info->arch = MMUSCOPE_ARCH_ARM64;
	info->levels = 5 - mm_p4d_folded(current->active_mm) -
		       mm_pud_folded(current->active_mm);
	info->va_bits = mmuscope_arch_va_bits();
	info->pa_bits = pa_bits();
	info->pat = mmuscope_arch_pat();
	info->phys_mask = pte_val(pfn_pte(PHYS_PFN(PHYS_MASK), __pgprot(0)));
	if (mmuscope_arch_pti())
		info->features |= MMUSCOPE_FEATURE_PTI;
}
