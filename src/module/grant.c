// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an administrator lets a group open without CAP_SYS_RAWIO: exact ranges.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include "internal.h"

#define GRANT_MAX	64

struct grant {
	u64 phys;
	u64 bytes;
	u64 flags;
	u32 widths;
	kgid_t gid;
};

static DEFINE_MUTEX(grant_lock);	/* of what follows */
static struct grant grants[GRANT_MAX];
static unsigned int nr_grants;

static int grant_check(const struct mmuscope_mmio_grant *args)
{
	if (args->flags & ~(MMUSCOPE_GRANT_REMOVE | MMUSCOPE_GRANT_READONLY))
		return -EINVAL;
	if (!args->bytes || args->phys + args->bytes <= args->phys)
		return -EINVAL;
	return args->widths & ~MMUSCOPE_WIDTHS ? -EINVAL : 0;
}

static int grant_rights(void)
{
	if (!ns_capable(&init_user_ns, CAP_SYS_RAWIO) ||
	    !ns_capable(&init_user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	return security_locked_down(LOCKDOWN_DEV_MEM);
}

static struct grant *grant_of(const struct grant *like)
{
	unsigned int i;

	for (i = 0; i < nr_grants; i++)
		if (grants[i].phys == like->phys &&
		    grants[i].bytes == like->bytes &&
		    gid_eq(grants[i].gid, like->gid))
			return &grants[i];
	return NULL;
}

static int grant_add(const struct grant *new)
{
	int err = 0;

	mutex_lock(&grant_lock);
	if (grant_of(new))
		err = -EEXIST;
	else if (nr_grants == GRANT_MAX)
		err = -ENOSPC;
	else
		grants[nr_grants++] = *new;
	mutex_unlock(&grant_lock);
	return err;
}

/* The last one fills the gap. */
static int grant_remove(const struct grant *old)
{
	struct grant *grant;

	mutex_lock(&grant_lock);
	grant = grant_of(old);
	if (grant)
		*grant = grants[--nr_grants];
	mutex_unlock(&grant_lock);
	return grant ? 0 : -ENOENT;
}

/**
 * mmuscope_mmio_grant - let a group open a window, or no longer
 * @uarg: struct mmuscope_mmio_grant
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_mmio_grant(void __user *uarg)
{
	struct mmuscope_mmio_grant args;
	struct grant grant;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = grant_check(&args);
	if (!err)
		err = grant_rights();
	if (err)
		return err;
	grant = (struct grant) {
		.phys = args.phys,
		.bytes = args.bytes,
		.flags = args.flags & MMUSCOPE_GRANT_READONLY,
		.widths = args.widths ?: MMUSCOPE_WIDTHS,
		.gid = make_kgid(current_user_ns(), args.gid),
	};
	if (!gid_valid(grant.gid))
		return -EINVAL;
	return args.flags & MMUSCOPE_GRANT_REMOVE ? grant_remove(&grant) :
						    grant_add(&grant);
}

static void grant_tell(struct mmuscope_mmio_grant *to,
		       const struct grant *grant)
{
	*to = (struct mmuscope_mmio_grant) {
		.size = sizeof(*to),
		.flags = grant->flags,
		.phys = grant->phys,
		.bytes = grant->bytes,
		.gid = from_kgid_munged(current_user_ns(), grant->gid),
		.widths = grant->widths,
	};
}

static int grants_check(const struct mmuscope_mmio_grants *args)
{
	if (args->flags || args->vec % 8 || args->vec_size % 8 ||
	    args->vec_size < sizeof(struct mmuscope_mmio_grant) ||
	    args->vec_size > PAGE_SIZE)
		return -EINVAL;
	return ns_capable(&init_user_ns, CAP_SYS_RAWIO) ? 0 : -EPERM;
}

static int grants_copy(struct mmuscope_mmio_grants *args)
{
	void __user *vec = u64_to_user_ptr(args->vec);
	struct mmuscope_mmio_grant *told;
	unsigned int i;
	int err = 0;

	told = kcalloc(GRANT_MAX, sizeof(*told), GFP_KERNEL_ACCOUNT);
	if (!told)
		return -ENOMEM;
	mutex_lock(&grant_lock);
	args->nr = nr_grants;
	for (i = 0; i < nr_grants; i++)
		grant_tell(&told[i], &grants[i]);
	mutex_unlock(&grant_lock);
	for (i = 0; !err && i < min(args->nr, args->vec_len); i++)
		err = mmuscope_copy_element(vec + i * args->vec_size,
					    args->vec_size, &told[i],
					    sizeof(*told));
	kfree(told);
	return err;
}

/**
 * mmuscope_mmio_grants - tell what is granted
 * @uarg: struct mmuscope_mmio_grants
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_mmio_grants(void __user *uarg)
{
	struct mmuscope_mmio_grants args;
	int err;

	err = mmuscope_copy_in(&args, sizeof(args), sizeof(args), uarg);
	if (!err)
		err = grants_check(&args);
	if (!err)
		err = grants_copy(&args);
	return err ?: mmuscope_copy_out(uarg, &args, sizeof(args));
}

/**
 * mmuscope_grant_revoke - take back what was granted of addresses that cease to be
 * @start: the range
 * @end: its end
 */
void mmuscope_grant_revoke(u64 start, u64 end)
{
	unsigned int i = 0;

	mutex_lock(&grant_lock);
	while (i < nr_grants)
		if (grants[i].phys < end &&
		    start < grants[i].phys + grants[i].bytes)
			grants[i] = grants[--nr_grants];
		else
			i++;
	mutex_unlock(&grant_lock);
}

/**
 * mmuscope_grant_find - what the caller's groups may do with a range
 * @phys: where it begins
 * @bytes: its size
 * @write: not only read it
 *
 * Several groups add up, but what is granted to be read adds nothing to what
 * may be written.
 *
 * Return: widths of access, 1 | 2 | 4 | 8; 0 without a grant of exactly this.
 */
u32 mmuscope_grant_find(u64 phys, u64 bytes, bool write)
{
	u32 widths = 0;
	unsigned int i;

	mutex_lock(&grant_lock);
	for (i = 0; i < nr_grants; i++) {
		if (grants[i].phys != phys || grants[i].bytes != bytes ||
		    (write && (grants[i].flags & MMUSCOPE_GRANT_READONLY)) ||
		    !in_group_p(grants[i].gid))
			continue;
		widths |= grants[i].widths;
	}
	mutex_unlock(&grant_lock);
	return widths;
}
