// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may open a window, and to what.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/security.h>
#include "internal.h"

#define OPEN_FLAGS (MMUSCOPE_MMIO_MAP | MMUSCOPE_MMIO_READONLY | \
		    MMUSCOPE_MMIO_SHARED | MMUSCOPE_MMIO_INHERIT | \
		    MMUSCOPE_MMIO_ACCESS | MMUSCOPE_MMIO_UNLISTED)

static int open_check(const struct mmuscope_mmio_open *args)
{
	if ((args->flags & ~OPEN_FLAGS) || args->reserved || !args->bytes ||
	    !mmuscope_name_ok(args->name, true))
		return -EINVAL;
	if (args->flags & MMUSCOPE_MMIO_ACCESS) {
		if (args->flags & (MMUSCOPE_MMIO_MAP | MMUSCOPE_MMIO_INHERIT))
			return -EINVAL;
	} else if (!PAGE_ALIGNED(args->phys | args->bytes)) {
		return -EINVAL;
	}
	if (args->memtype >= MMUSCOPE_NR_MEMTYPES)
		return -EINVAL;
	return mmuscope_arch_window_memtype(args->memtype) ? 0 : -EOPNOTSUPP;
}

/* Decided once: who is given the descriptor has the rights of who opened it. */
static int open_rights(struct mmuscope_mmio_open *args, u32 *widths)
{
	if (security_locked_down(LOCKDOWN_DEV_MEM))
		return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_LOCKDOWN, 0,
					    0);
	*widths = MMUSCOPE_WIDTHS;
	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_RAWIO))
		return 0;
	*widths = mmuscope_grant_find(args->phys, args->bytes,
				      !(args->flags & MMUSCOPE_MMIO_READONLY));
	if (!*widths ||
	    (*widths != MMUSCOPE_WIDTHS &&
	     !(args->flags & MMUSCOPE_MMIO_ACCESS)))
		return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_RIGHTS, 0,
					    0);
	return 0;
}

static int open_address(struct mmuscope_mmio_open *args)
{
	struct mmuscope_info info = {};
	u64 limit;

	mmuscope_arch_info(&info);
	limit = 1ULL << info.pa_bits;
	if (args->phys < limit && args->bytes <= limit - args->phys)
		return 0;
	return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_ADDRESS,
				    max(args->phys, limit), U64_MAX);
}

/* What the caller has where answers go is none. */
static void open_clear(struct mmuscope_mmio_open *args)
{
	args->addr = 0;
	args->id = 0;
	args->why = MMUSCOPE_MMIO_WHY_NONE;
	args->got = MMUSCOPE_MEMTYPE_NONE;
	args->conflict_start = 0;
	args->conflict_end = 0;
}

/**
 * mmuscope_mmio_open - hand out a window
 * @uarg: struct mmuscope_mmio_open
 *
 * Who may not is told nothing of what is where.
 *
 * Return: a descriptor or a negative errno.
 */
int mmuscope_mmio_open(void __user *uarg)
{
	struct mmuscope_mmio_open args;
	u32 widths;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = open_check(&args);
	if (err)
		return err;
	open_clear(&args);
	err = open_rights(&args, &widths);
	if (!err)
		err = open_address(&args);
	if (!err)
		err = mmuscope_resource_check_ram(&args);
	if (!err)
		err = mmuscope_window_open(&args, widths, uarg);
	if (err < 0 && args.why && mmuscope_copy_out(uarg, &args, sizeof(args)))
		return -EFAULT;
	return err;
}
