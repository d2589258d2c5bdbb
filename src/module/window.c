// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: physical ranges that are not RAM, handed out to be mapped or accessed.
 *
 * Pages are mapped when they are touched, under the lock and only while the claim
 * is there. So when it is to go, all that is mapped can be found and taken away:
 * a VMA is not among those of its inode yet while it is set up.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/security.h>
#include <linux/slab.h>
#include "internal.h"

/*
 * A window is what its one file has. @list is among all, and @claim has a base,
 * under mmio_lock.
 */
struct window {
	struct mmuscope_held held;
	struct mmuscope_claim *claim;
	u32 widths;
	struct list_head list;
};

/*
 * For reading: nobody takes a claim away. It is taken under mmap_lock, which
 * therefore nobody takes who holds it.
 */
static DECLARE_RWSEM(mmio_lock);
static LIST_HEAD(windows);

static u64 reg_read(const void __iomem *reg, u32 width)
{
	switch (width) {
	case 1:
		return readb(reg);
	case 2:
		return readw(reg);
	case 4:
		return readl(reg);
	default:
		return readq(reg);
	}
}

static void reg_write(void __iomem *reg, u32 width, u64 value)
{
	switch (width) {
	case 1:
		writeb(value, reg);
		break;
	case 2:
		writew(value, reg);
		break;
	case 4:
		writel(value, reg);
		break;
	default:
		writeq(value, reg);
	}
}

static int access_check(const struct window *window,
			const struct mmuscope_mmio_access *args)
{
	const struct mmuscope_holding *told = &window->held.told;
	bool write = args->flags & MMUSCOPE_MMIO_WRITE;

	if ((args->flags & ~MMUSCOPE_MMIO_WRITE) || args->reserved)
		return -EINVAL;
	if (!is_power_of_2(args->width) || (args->width & ~MMUSCOPE_WIDTHS) ||
	    (told->phys | args->offset) % args->width)
		return -EINVAL;
	if (write && args->width < 8 && args->value >> 8 * args->width)
		return -EINVAL;
	if (args->offset >= told->bytes ||
	    told->bytes - args->offset < args->width)
		return -ERANGE;
	if (!(window->widths & args->width) ||
	    (write && (told->flags & MMUSCOPE_MMIO_READONLY)))
		return -EACCES;
	return security_locked_down(LOCKDOWN_DEV_MEM);
}

static int access(struct window *window, struct mmuscope_mmio_access *args)
{
	const struct mmuscope_claim *claim = window->claim;
	void __iomem *reg;
	int err = 0;

	down_read(&mmio_lock);
	if (claim->base) {
		reg = claim->base + (window->held.told.phys - claim->start) +
		      args->offset;
		if (args->flags & MMUSCOPE_MMIO_WRITE)
			reg_write(reg, args->width, args->value);
		else
			args->value = reg_read(reg, args->width);
	} else {
		err = -ENODEV;
	}
	up_read(&mmio_lock);
	return err;
}

static int ioc_access(struct window *window, void __user *uarg)
{
	struct mmuscope_mmio_access args;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = access_check(window, &args);
	if (!err)
		err = access(window, &args);
	return err ?: mmuscope_copy_out(uarg, &args, sizeof(args));
}

static long window_ioctl(struct file *file, unsigned int cmd,
			 unsigned long arg)
{
	if (_IOC_TYPE(cmd) != MMUSCOPE_IOC_TYPE)
		return -ENOTTY;
	switch (_IOC_NR(cmd)) {
	case _IOC_NR(MMUSCOPE_IOC_MMIO_ACCESS):
		return ioc_access(file->private_data, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

static vm_fault_t window_fault(struct vm_fault *vmf)
{
	struct window *window = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&mmio_lock);
	if (window->claim->base)
		ret = vmf_insert_pfn(vmf->vma, vmf->address,
				     PHYS_PFN(window->held.told.phys) +
				     vmf->pgoff);
	up_read(&mmio_lock);
	return ret;
}

static int window_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	return -EINVAL;
}

static const struct vm_operations_struct window_vm_ops = {
	.fault = window_fault,
	.may_split = window_may_split,
};

static bool window_alive(const struct window *window)
{
	bool alive;

	down_read(&mmio_lock);
	alive = window->claim->base;
	up_read(&mmio_lock);
	return alive;
}

static int mmap_check(const struct window *window,
		      struct vm_area_struct *vma)
{
	const struct mmuscope_holding *told = &window->held.told;
	u64 pages = told->bytes >> PAGE_SHIFT;

	if (told->flags & MMUSCOPE_MMIO_ACCESS)
		return -EACCES;
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_pgoff > pages || pages - vma->vm_pgoff < vma_pages(vma))
		return -ENXIO;
	if (!window_alive(window))
		return -ENODEV;
	return security_locked_down(LOCKDOWN_DEV_MEM);
}

static int window_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct window *window = file->private_data;
	int err;

	err = mmap_check(window, vma);
	if (err)
		return err;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	if (!(window->held.told.flags & MMUSCOPE_MMIO_INHERIT))
		vm_flags_set(vma, VM_DONTCOPY);
	vma->vm_page_prot = mmuscope_arch_pgprot(vma->vm_page_prot,
						 window->claim->got);
	vma->vm_private_data = window;
	vma->vm_ops = &window_vm_ops;
	return 0;
}

/* All that is to be undone of a window; what maps it is gone. */
static void window_free(struct window *window)
{
	down_write(&mmio_lock);
	list_del(&window->list);
	mmuscope_claim_put(window->claim);
	up_write(&mmio_lock);
	mmuscope_held_del(&window->held);
	kfree(window);
}

static int window_release(struct inode *inode, struct file *file)
{
	struct window *window = file->private_data;

	atomic_dec(&window->held.files);
	window_free(window);
	return 0;
}

static const struct file_operations window_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = window_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = window_mmap,
	.release = window_release,
};

static struct mmuscope_claim *open_claim(struct mmuscope_mmio_open *args)
{
	struct mmuscope_claim *claim;

	pci_lock_rescan_remove();
	down_write(&mmio_lock);
	claim = mmuscope_claim_get(args);
	up_write(&mmio_lock);
	pci_unlock_rescan_remove();
	return claim;
}

static int window_list(struct window *window, struct mmuscope_mmio_open *args)
{
	struct mmuscope_holding *told = &window->held.told;
	int err;

	*told = (struct mmuscope_holding) {
		.kind = MMUSCOPE_HOLDING_MMIO,
		.memtype = window->claim->got,
		.phys = args->phys,
		.bytes = args->bytes,
		.flags = args->flags & ~MMUSCOPE_MMIO_MAP,
	};
	if (args->name[0])
		strscpy(told->name, args->name, sizeof(told->name));
	else
		snprintf(told->name, sizeof(told->name), "%llx", args->phys);
	err = mmuscope_held_add(&window->held);
	if (err)
		return err;
	args->id = told->id;
	args->got = told->memtype;
	down_write(&mmio_lock);
	list_add(&window->list, &windows);
	up_write(&mmio_lock);
	return 0;
}

static struct window *window_new(struct mmuscope_mmio_open *args, u32 widths)
{
	struct window *window;
	int err;

	window = kzalloc(sizeof(*window), GFP_KERNEL_ACCOUNT);
	if (!window)
		return ERR_PTR(-ENOMEM);
	window->widths = widths;
	window->claim = open_claim(args);
	if (IS_ERR(window->claim)) {
		err = PTR_ERR(window->claim);
		goto err_free;
	}
	err = window_list(window, args);
	if (err)
		goto err_put;
	return window;

err_put:
	down_write(&mmio_lock);
	mmuscope_claim_put(window->claim);
	up_write(&mmio_lock);
err_free:
	kfree(window);
	return ERR_PTR(err);
}

/* The descriptor, and the mapping, once nothing can fail any more. */
static int install(struct file *file, struct mmuscope_mmio_open *args,
		   void __user *uarg)
{
	bool map = args->flags & MMUSCOPE_MMIO_MAP;
	int fd = get_unused_fd_flags(O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return fd;
	if (map)
		err = mmuscope_map_file(file, args->bytes,
					args->flags & MMUSCOPE_MMIO_READONLY,
					&args->addr);
	if (err)
		goto err_fd;
	err = mmuscope_copy_out(uarg, args, sizeof(*args));
	if (err)
		goto err_map;
	fd_install(fd, file);
	return fd;

err_map:
	if (map)
		vm_munmap(args->addr, args->bytes);
err_fd:
	put_unused_fd(fd);
	return err;
}

/**
 * mmuscope_window_open - hand out a window
 * @args: what was asked for and may be; what there is to tell of it
 * @widths: of access that it is for
 * @uarg: where @args goes when nothing can fail any more
 *
 * Return: a descriptor or a negative errno.
 */
int mmuscope_window_open(struct mmuscope_mmio_open *args, u32 widths,
			 void __user *uarg)
{
	bool readonly = args->flags & MMUSCOPE_MMIO_READONLY;
	struct window *window;
	struct file *file;
	int fd;

	window = window_new(args, widths);
	if (IS_ERR(window))
		return PTR_ERR(window);
	file = mmuscope_held_file(&window->held, readonly ? O_RDONLY : O_RDWR,
				  &window_fops, window);
	if (IS_ERR(file)) {
		window_free(window);
		return PTR_ERR(file);
	}
	fd = install(file, args, uarg);
	if (fd < 0)
		fput(file);
	return fd;
}

/**
 * mmuscope_window_revoke - take away all windows into a range, which ceases to be
 * @start: the range
 * @end: its end
 *
 * First the mappings, then what they lead to.
 */
void mmuscope_window_revoke(u64 start, u64 end)
{
	struct window *window;

	down_write(&mmio_lock);
	list_for_each_entry(window, &windows, list)
		if (window->claim->start < end && start < window->claim->end)
			unmap_mapping_range(window->held.inode->i_mapping, 0, 0,
					    1);
	mmuscope_claim_revoke(start, end);
	up_write(&mmio_lock);
}
