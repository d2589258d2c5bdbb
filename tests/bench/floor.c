// SPDX-License-Identifier: GPL-2.0-only
/*
 * The floor: the least that can be done with the page tables of a range, which
 * is to load every entry and to see whether it is 0. Who writes "START END" to the
 * parameter has them counted in its own tables, with mmap_lock held throughout:
 * this is to compare with, not to imitate.
 */
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/module.h>
#include <linux/pgtable.h>

static unsigned long found;

static void count_ptes(pmd_t *pmdp, unsigned long addr, unsigned long end)
{
	const u64 *slot = (const u64 *)pte_offset_kernel(pmdp, addr);
	unsigned long nr = 0;

	for (; addr < end; addr += PAGE_SIZE)
		nr += READ_ONCE(*slot++) != 0;
	found += nr;
}

static void count_pmds(pud_t *pudp, unsigned long addr, unsigned long end)
{
	pmd_t *pmdp = pmd_offset(pudp, addr);
	unsigned long next;

	for (; addr < end; addr = next, pmdp++) {
		pmd_t pmd = READ_ONCE(*pmdp);

		next = pmd_addr_end(addr, end);
		if (pmd_none(pmd))
			continue;
		if (!pmd_present(pmd) || pmd_leaf(pmd))
			found++;
		else
			count_ptes(&pmd, addr, next);
	}
}

static void count_puds(p4d_t *p4dp, unsigned long addr, unsigned long end)
{
	pud_t *pudp = pud_offset(p4dp, addr);
	unsigned long next;

	for (; addr < end; addr = next, pudp++) {
		pud_t pud = READ_ONCE(*pudp);

		next = pud_addr_end(addr, end);
		if (!pud_none(pud))
			count_pmds(pudp, addr, next);
	}
}

static void count_range(struct mm_struct *mm, unsigned long addr,
			unsigned long end)
{
	unsigned long next;
	p4d_t *p4dp;
	pgd_t *pgdp;

	for (; addr < end; addr = next) {
		pgdp = pgd_offset(mm, addr);
		next = p4d_addr_end(addr, end);
		if (pgd_none(*pgdp))
			continue;
		p4dp = p4d_offset(pgdp, addr);
		if (!p4d_none(*p4dp))
			count_puds(p4dp, addr, next);
	}
}

static int count_set(const char *text, const struct kernel_param *param)
{
	unsigned long start, end;

	if (sscanf(text, "%lx %lx", &start, &end) != 2)
		return -EINVAL;
	found = 0;
	mmap_read_lock(current->mm);
	count_range(current->mm, start, end);
	mmap_read_unlock(current->mm);
	return 0;
}

static int count_get(char *text, const struct kernel_param *param)
{
	return sysfs_emit(text, "%lu\n", found);
}

static const struct kernel_param_ops count_ops = {
	.set = count_set,
	.get = count_get,
};

module_param_cb(count, &count_ops, NULL, 0600);
MODULE_PARM_DESC(count, "START END: entries in use there; what was found last");

MODULE_DESCRIPTION("loads every entry of a range, and nothing else");
MODULE_LICENSE("GPL");
