// SPDX-License-Identifier: GPL-2.0-only
/* How memory is cached: what the PAT says, and what the kernel can ask for. */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <asm/cpufeature.h>
#include <asm/memtype.h>
#include <asm/msr.h>
#include <asm/set_memory.h>
#include <mmuscope/memtype_x86.h>
#include "internal.h"

/* What the PAT holds after reset, and what a processor without one does. */
#define PAT_AT_RESET	0x0007040600070406ULL

static u64 pat = PAT_AT_RESET;

/**
 * mmuscope_arch_init - ask the processor what the bits select
 */
void mmuscope_arch_init(void)
{
	if (boot_cpu_has(X86_FEATURE_PAT))
		rdmsrq(MSR_IA32_CR_PAT, pat);
}

/**
 * mmuscope_arch_pat - the register that says it, as it is
 */
u64 mmuscope_arch_pat(void)
{
	return pat;
}

/**
 * mmuscope_arch_pat_type - what a field of the PAT holds
 * @index: of the field, below 8
 *
 * Return: enum mmuscope_memtype.
 */
u32 mmuscope_arch_pat_type(unsigned int index)
{
	return mmuscope_pat_type_x86(pat, index);
}

/**
 * mmuscope_arch_has_memtype - can RAM be cached like that?
 * @memtype: enum mmuscope_memtype
 */
bool mmuscope_arch_has_memtype(u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_WB:
		return true;
	case MMUSCOPE_MEMTYPE_WC:
	case MMUSCOPE_MEMTYPE_UC_MINUS:
		return pat_enabled();
	default:
		return false;
	}
}

/**
 * mmuscope_arch_set_memtype - how pages are cached from now on
 * @pages: small pages of RAM, of nobody else
 * @nr: how many there are
 * @memtype: enum mmuscope_memtype, of which there is one for RAM
 *
 * The kernel's own mapping of them gets that type too, and splits for it; all
 * that are made afterwards get it. The pages are to be WB again before they are
 * freed.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno, with which some may have the type.
 */
int mmuscope_arch_set_memtype(struct page **pages, int nr, u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_WB:
		return set_pages_array_wb(pages, nr);
	case MMUSCOPE_MEMTYPE_WC:
		return set_pages_array_wc(pages, nr);
	default:
		return set_pages_array_uc(pages, nr);
	}
}

/**
 * mmuscope_arch_kernel_memtype - how the kernel itself maps an address
 * @addr: what ioremap() gave
 *
 * Return: enum mmuscope_memtype.
 */
u32 mmuscope_arch_kernel_memtype(const void __iomem *addr)
{
	unsigned int level;
	pte_t *ptep = lookup_address((__force unsigned long)addr, &level);

	if (!ptep)
		return MMUSCOPE_MEMTYPE_NONE;
	return mmuscope_arch_memtype(pte_val(*ptep), MMUSCOPE_LEVEL_PTE -
				     (level - PG_LEVEL_4K));
}

/**
 * mmuscope_arch_window_memtype - the type that a window is to have
 * @memtype: enum mmuscope_memtype that was asked for; 0 for what registers want
 *
 * Return: enum mmuscope_memtype, 0 if a window cannot have it.
 */
u32 mmuscope_arch_window_memtype(u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_NONE:
		return MMUSCOPE_MEMTYPE_UC_MINUS;
	case MMUSCOPE_MEMTYPE_WC:
	case MMUSCOPE_MEMTYPE_UC_MINUS:
	case MMUSCOPE_MEMTYPE_UC:
		return memtype;
	default:
		return MMUSCOPE_MEMTYPE_NONE;
	}
}

/**
 * mmuscope_arch_ioremap - map device registers for the kernel
 * @phys: the range
 * @bytes: its size
 * @memtype: what mmuscope_arch_window_memtype() gave
 *
 * This sets the memory type for all mappings of the range
 * (arch/x86/mm/pat/memtype.c, v6.1). If somebody maps it already, that one's type
 * stays.
 *
 * Return: where they are, or NULL.
 */
void __iomem *mmuscope_arch_ioremap(u64 phys, u64 bytes, u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_WC:
		return ioremap_wc(phys, bytes);
	case MMUSCOPE_MEMTYPE_UC:
		return ioremap_uc(phys, bytes);
	default:
		return ioremap(phys, bytes);
	}
}

/**
 * mmuscope_arch_pgprot - map device registers with a memory type
 * @prot: protection of a mapping
 * @memtype: enum mmuscope_memtype
 *
 * Return: @prot with that type; registers are not encrypted as RAM may be.
 */
pgprot_t mmuscope_arch_pgprot(pgprot_t prot, u32 memtype)
{
	static const enum page_cache_mode modes[MMUSCOPE_NR_MEMTYPES] = {
		[MMUSCOPE_MEMTYPE_NONE] = _PAGE_CACHE_MODE_UC_MINUS,
		[MMUSCOPE_MEMTYPE_WB] = _PAGE_CACHE_MODE_WB,
		[MMUSCOPE_MEMTYPE_WT] = _PAGE_CACHE_MODE_WT,
		[MMUSCOPE_MEMTYPE_WP] = _PAGE_CACHE_MODE_WP,
		[MMUSCOPE_MEMTYPE_WC] = _PAGE_CACHE_MODE_WC,
		[MMUSCOPE_MEMTYPE_UC_MINUS] = _PAGE_CACHE_MODE_UC_MINUS,
		[MMUSCOPE_MEMTYPE_UC] = _PAGE_CACHE_MODE_UC,
	};

	return pgprot_decrypted(__pgprot((pgprot_val(prot) & ~_PAGE_CACHE_MASK) |
					 cachemode2protval(modes[memtype])));
}
