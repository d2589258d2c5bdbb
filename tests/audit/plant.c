// SPDX-License-Identifier: GPL-2.0-only
/*
 * Plants in page tables what audit is to find, and takes it away again. In the
 * kernel's half when it is loaded; in the tables of who writes "CODE ADDRESS" to
 * its parameter, until "undo 0".
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pgtable.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

static unsigned long hole;
module_param(hole, ulong, 0);
MODULE_PARM_DESC(hole, "a physical address where nothing is, for two pages");

/* An entry as it was. */
struct plant {
	pte_t *ptep;
	pte_t was;
};

static struct plant plants[8];
static unsigned int nr_plants;

static void *write_exec, *user, *combining;
static void __iomem *beyond;
static struct page *page;

static int plant(pte_t *ptep, pte_t pte)
{
	if (nr_plants == ARRAY_SIZE(plants))
		return -ENOSPC;
	plants[nr_plants++] = (struct plant) { .ptep = ptep, .was = *ptep };
	set_pte(ptep, pte);
	return 0;
}

/* Those from the n-th on. */
static void undo(unsigned int n)
{
	while (nr_plants > n) {
		nr_plants--;
		set_pte(plants[nr_plants].ptep, plants[nr_plants].was);
	}
}

/* NULL if no page of the smallest size is there. */
static pte_t *find_pte(unsigned long addr)
{
	pmd_t *pmd;
	pud_t *pud;
	p4d_t *p4d;
	pgd_t *pgd;

	pgd = pgd_offset(current->mm, addr);
	if (pgd_none(*pgd))
		return NULL;
	p4d = p4d_offset(pgd, addr);
	if (p4d_none(*p4d))
		return NULL;
	pud = pud_offset(p4d, addr);
	if (pud_none(*pud) || pud_leaf(*pud))
		return NULL;
	pmd = pmd_offset(pud, addr);
	if (pmd_none(*pmd) || pmd_leaf(*pmd))
		return NULL;
	return pte_offset_kernel(pmd, addr);
}

static int plant_user(const char *code, unsigned long addr)
{
	pte_t *ptep = find_pte(addr);

	if (!ptep)
		return -ENOENT;
	if (!strcmp(code, "outside") && pte_none(*ptep))
		return plant(ptep, mk_pte(ZERO_PAGE(addr), PAGE_READONLY));
	if (!pte_present(*ptep))
		return -ENOENT;
	if (!strcmp(code, "writable"))
		return plant(ptep, pte_mkwrite(*ptep));
	if (!strcmp(code, "executable"))
		return plant(ptep, pte_mkexec(*ptep));
	if (!strcmp(code, "uncached"))
		return plant(ptep, pte_set_flags(*ptep, _PAGE_PCD));
	if (!strcmp(code, "beyond"))
		return plant(ptep, pfn_pte(PHYS_PFN(hole) + 1, PAGE_READONLY));
	return -EINVAL;
}

static unsigned int nr_kernel;

static int set_plant(const char *word, const struct kernel_param *param)
{
	unsigned long addr;
	char code[16];
	int err = 0;

	if (sscanf(word, "%15s %lx", code, &addr) != 2)
		return -EINVAL;
	mmap_write_lock(current->mm);
	if (!strcmp(code, "undo"))
		undo(nr_kernel);
	else
		err = plant_user(code, addr);
	mmap_write_unlock(current->mm);
	return err;
}

/* What is to be found in the kernel's half. */
static int get_plant(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "WX-KERNEL %lx\nUSER-IN-KERNEL %lx\n"
			  "MEMTYPE-CONFLICT %lx\nBEYOND-MEMORY %lx\n",
			  (unsigned long)write_exec, (unsigned long)user,
			  (unsigned long)combining, (unsigned long)beyond);
}

static const struct kernel_param_ops plant_ops = {
	.set = set_plant,
	.get = get_plant,
};
module_param_cb(plant, &plant_ops, NULL, 0600);
MODULE_PARM_DESC(plant, "CODE ADDRESS");

static pte_t *kernel_pte(void *addr)
{
	unsigned int level;

	return lookup_address((unsigned long)addr, &level);
}

static void plant_exit(void)
{
	undo(0);
	if (beyond)
		iounmap(beyond);
	vunmap(combining);
	vfree(user);
	vfree(write_exec);
	if (page)
		__free_page(page);
}

static int __init plant_init(void)
{
	pte_t *ptep;

	write_exec = vmalloc(PAGE_SIZE);
	user = vmalloc(PAGE_SIZE);
	page = alloc_page(GFP_KERNEL);
	if (page)
		combining = vmap(&page, 1, VM_MAP,
				 pgprot_writecombine(PAGE_KERNEL));
	beyond = ioremap(hole, PAGE_SIZE);
	if (!write_exec || !user || !combining || !beyond) {
		plant_exit();
		return -ENOMEM;
	}
	ptep = kernel_pte(write_exec);
	plant(ptep, pte_mkexec(*ptep));
	ptep = kernel_pte(user);
	plant(ptep, pte_set_flags(*ptep, _PAGE_USER));
	nr_kernel = nr_plants;
	return 0;
}

module_init(plant_init);
module_exit(plant_exit);
MODULE_DESCRIPTION("what mmuscope audit is to find");
MODULE_LICENSE("GPL");
