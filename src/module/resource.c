// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel's tree of resources has to say against a window. */
#include <linux/errno.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include "internal.h"

/**
 * mmuscope_mmio_refuse - tell a caller why not
 * @args: where it is told
 * @why: the reason
 * @start: what range it speaks of
 * @end: its end
 *
 * Return: the errno for it.
 */
int mmuscope_mmio_refuse(struct mmuscope_mmio_open *args,
			 enum mmuscope_mmio_why why, u64 start, u64 end)
{
	static const int errnos[] = {
		[MMUSCOPE_MMIO_WHY_RAM] = -EACCES,
		[MMUSCOPE_MMIO_WHY_BUSY] = -EBUSY,
		[MMUSCOPE_MMIO_WHY_WINDOW] = -EBUSY,
		[MMUSCOPE_MMIO_WHY_HOLE] = -ENXIO,
		[MMUSCOPE_MMIO_WHY_ADDRESS] = -EOVERFLOW,
		[MMUSCOPE_MMIO_WHY_LOCKDOWN] = -EPERM,
		[MMUSCOPE_MMIO_WHY_RIGHTS] = -EPERM,
	};

	args->why = why;
	args->conflict_start = start;
	args->conflict_end = end;
	return errnos[why];
}

struct search {
	u64 start;
	u64 end;
	struct resource found;
};

static int search_one(struct resource *res, void *arg)
{
	struct search *search = arg;

	if (res->end < search->start || res->start >= search->end)
		return 0;
	search->found = *res;
	return 1;
}

/* Of what is found the kernel tells only what lies in the range it is asked for. */
static bool search(struct search *search, unsigned long flags)
{
	return walk_iomem_res_desc(IORES_DESC_NONE, IORESOURCE_MEM | flags, 0,
				   iomem_resource.end, search, search_one) == 1;
}

/*
 * Struct pages stand for RAM, but for those that the firmware's holes in it have.
 * Memory of devices that has them is not online.
 */
static bool is_memory(unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	return page ? !PageReserved(page) : pfn_valid(pfn);
}

/**
 * mmuscope_resource_check_ram - see that there is no RAM in a range
 * @args: the range; the reason if there is
 *
 * Of the pages that it touches, as more than that cannot be mapped. RAM that is
 * added later does not get what is claimed.
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_resource_check_ram(struct mmuscope_mmio_open *args)
{
	struct search ram = {
		.start = ALIGN_DOWN(args->phys, PAGE_SIZE),
		.end = ALIGN(args->phys + args->bytes, PAGE_SIZE),
	};
	u64 phys;

	if (search(&ram, IORESOURCE_SYSTEM_RAM))
		return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_RAM,
					    ram.found.start, ram.found.end + 1);
	for (phys = ram.start; phys < ram.end; phys += PAGE_SIZE) {
		if (is_memory(PHYS_PFN(phys)))
			return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_RAM,
						    phys, phys + PAGE_SIZE);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/**
 * mmuscope_resource_check_busy - see that nobody has a part of a range
 * @args: the range; the reason if a driver has, or the kernel keeps it for one
 *
 * Return: 0 or -EBUSY.
 */
int mmuscope_resource_check_busy(struct mmuscope_mmio_open *args)
{
	struct search busy = {
		.start = args->phys,
		.end = args->phys + args->bytes,
	};

	if (!search(&busy, IORESOURCE_BUSY) &&
	    !search(&busy, IORESOURCE_EXCLUSIVE))
		return 0;
	return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_BUSY,
				    busy.found.start, busy.found.end + 1);
}
