// SPDX-License-Identifier: GPL-2.0-only
/* How memory is cached: what MAIR_EL1 says, and what the kernel can ask for. */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <asm/sysreg.h>
#include "internal.h"

/*
 * Of the two halves of a field the upper is the outer cache's: Arm Architecture
 * Reference Manual, "MAIR_EL1, Memory Attribute Indirection Register".
 */
#define MAIR_TAGGED	0xf0

static u64 mair;

/**
 * mmuscope_arch_init - ask the processor what the bits select
 */
void mmuscope_arch_init(void)
{
	mair = read_sysreg(mair_el1);
}

/**
 * mmuscope_arch_pat - the register that says it, as it is
 */
u64 mmuscope_arch_pat(void)
{
	return mair;
}

/* The four bits of one side of normal memory; those of both sides agree here. */
static u32 normal_type(unsigned int bits)
{
	if (bits == 4)
		return MMUSCOPE_MEMTYPE_NC;
	return bits & 4 ? MMUSCOPE_MEMTYPE_WB : MMUSCOPE_MEMTYPE_WT;
}

/**
 * mmuscope_arch_pat_type - what a field of MAIR_EL1 holds
 * @index: of the field, below 8
 *
 * Return: enum mmuscope_memtype.
 */
u32 mmuscope_arch_pat_type(unsigned int index)
{
	static const enum mmuscope_memtype device[] = {
		MMUSCOPE_MEMTYPE_DEVICE_NGNRNE, MMUSCOPE_MEMTYPE_DEVICE_NGNRE,
		MMUSCOPE_MEMTYPE_DEVICE_NGRE, MMUSCOPE_MEMTYPE_DEVICE_GRE,
	};
	unsigned int attr = (mair >> 8 * index) & 0xff;
	unsigned int outer = attr >> 4, inner = attr & 15;

	if (attr == MAIR_TAGGED)
		return MMUSCOPE_MEMTYPE_TAGGED;
	if (!outer)
		return inner & 3 ? MMUSCOPE_MEMTYPE_NONE : device[inner >> 2];
	if (!inner || normal_type(outer) != normal_type(inner))
		return MMUSCOPE_MEMTYPE_NONE;
	return normal_type(inner);
}

/**
 * mmuscope_arch_has_memtype - can RAM be cached like that?
 * @memtype: enum mmuscope_memtype
 *
 * The kernel's own mapping of it cannot be changed, and two types for the same
 * memory are none that the architecture promises anything of.
 */
bool mmuscope_arch_has_memtype(u32 memtype)
{
	return memtype == MMUSCOPE_MEMTYPE_WB;
}

/**
 * mmuscope_arch_set_memtype - how pages are cached from now on
 * @pages: small pages of RAM, of nobody else
 * @nr: how many there are
 * @memtype: enum mmuscope_memtype, of which there is one for RAM
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_arch_set_memtype(struct page **pages, int nr, u32 memtype)
{
	return mmuscope_arch_has_memtype(memtype) ? 0 : -EOPNOTSUPP;
}

/* The leaf of the kernel's own tables, which the caller keeps there; or 0. */
static u64 kernel_leaf(unsigned long addr)
{
	pgd_t *root = (pgd_t *)mmuscope_arch_kernel_root(NULL, false);
	pgd_t *pgdp = pgd_offset_pgd(root, addr);
	p4d_t *p4dp;
	pud_t *pudp;
	pmd_t *pmdp;

	if (addr < mmuscope_arch_kernel_start() || pgd_none(pgdp_get(pgdp)))
		return 0;
	p4dp = p4d_offset(pgdp, addr);
	if (p4d_none(p4dp_get(p4dp)))
		return 0;
	pudp = pud_offset(p4dp, addr);
	if (pud_none(pudp_get(pudp)) || pud_leaf(pudp_get(pudp)))
		return pud_val(pudp_get(pudp));
	pmdp = pmd_offset(pudp, addr);
	if (pmd_none(pmdp_get_lockless(pmdp)) ||
	    pmd_leaf(pmdp_get_lockless(pmdp)))
		return pmd_val(pmdp_get_lockless(pmdp));
	return pte_val(ptep_get(pte_offset_kernel(pmdp, addr)));
}

/**
 * mmuscope_arch_kernel_memtype - how the kernel itself maps an address
 * @addr: what ioremap() gave
 *
 * Return: enum mmuscope_memtype.
 */
u32 mmuscope_arch_kernel_memtype(const void __iomem *addr)
{
	u64 raw = kernel_leaf((__force unsigned long)addr);

	return raw ? mmuscope_arch_memtype(raw, MMUSCOPE_LEVEL_PTE) :
		     MMUSCOPE_MEMTYPE_NONE;
}

/**
 * mmuscope_arch_window_memtype - the type that a window is to have
 * @memtype: enum mmuscope_memtype that was asked for; 0 for what registers want
 *
 * The kernel's words are understood as its functions do: ioremap_wc(), ioremap()
 * and ioremap_np().
 *
 * Return: enum mmuscope_memtype, 0 if a window cannot have it.
 */
u32 mmuscope_arch_window_memtype(u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_NONE:
	case MMUSCOPE_MEMTYPE_UC_MINUS:
	case MMUSCOPE_MEMTYPE_DEVICE_NGNRE:
		return MMUSCOPE_MEMTYPE_DEVICE_NGNRE;
	case MMUSCOPE_MEMTYPE_UC:
	case MMUSCOPE_MEMTYPE_DEVICE_NGNRNE:
		return MMUSCOPE_MEMTYPE_DEVICE_NGNRNE;
	case MMUSCOPE_MEMTYPE_WC:
	case MMUSCOPE_MEMTYPE_NC:
		return MMUSCOPE_MEMTYPE_NC;
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
 * Return: where they are, or NULL.
 */
void __iomem *mmuscope_arch_ioremap(u64 phys, u64 bytes, u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_NC:
		return ioremap_wc(phys, bytes);
	case MMUSCOPE_MEMTYPE_DEVICE_NGNRNE:
		return ioremap_np(phys, bytes);
	default:
		return ioremap(phys, bytes);
	}
}

/**
 * mmuscope_arch_pgprot - map device registers with a memory type
 * @prot: protection of a mapping
 * @memtype: enum mmuscope_memtype that a window can have
 *
 * Return: @prot with that type.
 */
pgprot_t mmuscope_arch_pgprot(pgprot_t prot, u32 memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_NC:
		return pgprot_writecombine(prot);
	case MMUSCOPE_MEMTYPE_DEVICE_NGNRNE:
		return pgprot_noncached(prot);
	default:
		return pgprot_device(prot);
	}
}
