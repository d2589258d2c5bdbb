// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may look at whom is procfs' question: opening PID/pagemap on a proc mount
 * of our own, under the caller's credentials, runs the kernel's ptrace check
 * (proc_mem_open(), fs/proc/base.c, v6.1 to v7.2). The mount is private, so no
 * bind mount can put another file in that place.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/security.h>
#include <linux/string.h>
#include "internal.h"

static struct vfsmount *proc_mnt;

/* By which a file is known to be pagemap; NULL if this kernel does not let us. */
static const struct file_operations *pagemap_fops;

/*
 * pagemap keeps the address space it was opened on in private_data
 * (pagemap_open(), fs/proc/task_mmu.c, v6.1 to v7.2). That is not promised to
 * anybody, so it is tried on ourselves first.
 */
static void learn_pagemap(void)
{
	struct file *file = file_open_root_mnt(proc_mnt, "self/pagemap",
					       O_RDONLY, 0);

	if (IS_ERR(file))
		return;
	if (current->mm && file->private_data == current->mm)
		pagemap_fops = file->f_op;
	fput(file);
}

/**
 * mmuscope_target_init - mount procfs for ourselves
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_target_init(void)
{
	struct file_system_type *type = get_fs_type("proc");

	if (!type)
		return -ENODEV;
	proc_mnt = kern_mount(type);
	module_put(type->owner);
	if (IS_ERR(proc_mnt))
		return PTR_ERR(proc_mnt);
	learn_pagemap();
	return 0;
}

void mmuscope_target_exit(void)
{
	kern_unmount(proc_mnt);
}

/**
 * mmuscope_proc_open - open a file of our own procfs for reading
 * @name: its path there
 * @cred: by whose credentials
 *
 * Return: the file or ERR_PTR().
 */
struct file *mmuscope_proc_open(const char *name, const struct cred *cred)
{
	const struct cred *old = override_creds(cred);
	struct file *file = file_open_root_mnt(proc_mnt, name, O_RDONLY, 0);

	revert_creds(old);
	return file;
}

/* Returns 0 if the caller may look at the process, else a negative errno. */
static int ask_procfs(struct pid *pid)
{
	char name[32];
	struct file *file;
	pid_t nr = pid_nr_ns(pid, proc_pid_ns(proc_mnt->mnt_sb));

	if (!nr)
		return -ESRCH;
	snprintf(name, sizeof(name), "%d/pagemap", nr);
	file = file_open_root_mnt(proc_mnt, name, O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file) == -ENOENT ? -ESRCH : PTR_ERR(file);
	fput(file);
	return 0;
}

static bool task_has_mm(struct pid *pid, const struct mm_struct *mm)
{
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	bool has = false;

	if (task) {
		task_lock(task);
		has = task->mm == mm;
		task_unlock(task);
		put_task_struct(task);
	}
	return has;
}

/* The memory of the process, held by mm_users, or NULL. */
static struct mm_struct *pid_mm(struct pid *pid)
{
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	struct mm_struct *mm = NULL;

	if (task) {
		mm = get_task_mm(task);
		put_task_struct(task);
	}
	return mm;
}

/**
 * mmuscope_target_open - bind a target to the address space of a process
 * @target: filled in
 * @pid: the process
 *
 * Takes the memory first, asks then, and sees last that the process still has
 * it: an exec in between cannot get memory looked at that was not asked about.
 *
 * Context: the caller's credentials decide; may sleep.
 * Return: 0, -ESRCH if it is gone or has no memory of its own (kernel threads,
 * zombies), or what procfs says, -EACCES if the caller may not look.
 */
int mmuscope_target_open(struct mmuscope_target *target, struct pid *pid)
{
	struct mm_struct *mm = pid_mm(pid);
	int err = ask_procfs(pid);

	if (!mm)
		return err ?: -ESRCH;
	if (!err && !task_has_mm(pid, mm))
		err = -ESRCH;
	if (!err) {
		mmgrab(mm);
		target->mm = mm;
		target->pid = get_pid(pid);
	}
	mmput(mm);
	return err;
}

/**
 * mmuscope_target_takes_pagemap - can a target be bound by pagemap?
 */
bool mmuscope_target_takes_pagemap(void)
{
	return pagemap_fops;
}

/**
 * mmuscope_target_from_pagemap - bind a target to what pagemap was opened on
 * @target: filled in
 * @fd: the caller's descriptor of some /proc/PID/pagemap
 *
 * Whoever has that file open was allowed to open it, or was handed it by
 * somebody who was.
 *
 * Return: 0, -EBADF, -EINVAL if it is another file, -ESRCH if it was opened on a
 * process without memory, -EOPNOTSUPP if this kernel does not let us.
 */
int mmuscope_target_from_pagemap(struct mmuscope_target *target, int fd)
{
	struct file *file;
	int err = 0;

	if (!pagemap_fops)
		return -EOPNOTSUPP;
	file = fget(fd);
	if (!file)
		return -EBADF;
	if (file->f_op != pagemap_fops)
		err = -EINVAL;
	else if (!file->private_data)
		err = -ESRCH;
	if (!err) {
		target->pid = NULL;
		target->mm = file->private_data;
		mmgrab(target->mm);
	}
	fput(file);
	return err;
}

/*
 * Whether kptr_restrict lets the caller see kernel addresses. The file of symbols
 * would be the one to ask, but it cannot be read inside the kernel (it has no
 * ->read_iter, v6.1). So the kernel prints one, which is zeros where
 * kptr_restrict hides them (restricted_pointer(), lib/vsprintf.c), and the
 * capability that the file asks for is asked for besides.
 */
static bool sees_addresses(void)
{
	char word[2 * sizeof(void *) + 4];

	if (!ns_capable_noaudit(&init_user_ns, CAP_SYSLOG))
		return false;
	snprintf(word, sizeof(word), "%pK", &proc_mnt);
	return word[strspn(word, "0")];
}

/**
 * mmuscope_may_see_kernel - may the caller see the kernel's half?
 *
 * What it maps is as much as /proc/kcore tells, and addresses besides.
 */
bool mmuscope_may_see_kernel(void)
{
	return ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN) &&
	       sees_addresses() && !security_locked_down(LOCKDOWN_KCORE);
}

/**
 * mmuscope_target_kernel - bind a target to the kernel's half
 * @target: filled in
 * @kind: MMUSCOPE_TARGET_KERNEL or MMUSCOPE_TARGET_KERNEL_USER
 *
 * Context: the caller's credentials decide.
 * Return: 0, -EPERM, or -EOPNOTSUPP if user mode has no tables of its own.
 */
int mmuscope_target_kernel(struct mmuscope_target *target,
			   enum mmuscope_target_kind kind)
{
	if (!mmuscope_may_see_kernel())
		return -EPERM;
	if (kind == MMUSCOPE_TARGET_KERNEL_USER && !mmuscope_arch_pti())
		return -EOPNOTSUPP;
	*target = (struct mmuscope_target) { .kind = kind };
	return 0;
}

/**
 * mmuscope_target_copy - bind a target to what another is bound to
 * @target: filled in
 * @from: the other
 *
 * Whoever has that one may look already, but for the kernel's half once the kernel
 * is locked down.
 *
 * Return: 0 or -EPERM.
 */
int mmuscope_target_copy(struct mmuscope_target *target,
			 const struct mmuscope_target *from)
{
	if (mmuscope_is_kernel(from->kind) && security_locked_down(LOCKDOWN_KCORE))
		return -EPERM;
	*target = *from;
	get_pid(target->pid);
	if (target->mm)
		mmgrab(target->mm);
	return 0;
}

/**
 * mmuscope_target_close - let go of a target
 * @target: the target
 */
void mmuscope_target_close(struct mmuscope_target *target)
{
	put_pid(target->pid);
	if (target->mm)
		mmdrop(target->mm);
}

/*
 * The kernel's half hangs on every process' tables; the caller's are those that
 * it runs on. The kernel may have been locked down since the target was bound.
 */
static struct mm_struct *get_kernel(void)
{
	if (security_locked_down(LOCKDOWN_KCORE))
		return ERR_PTR(-EPERM);
	if (!current->mm)
		return ERR_PTR(-ESRCH);
	mmget(current->mm);
	return current->mm;
}

/**
 * mmuscope_target_get - get at the memory of a target for one walk
 * @target: the target
 *
 * Return: the mm, to be released with mmput(), or ERR_PTR(-ESRCH) after the
 * process has exited or executed another program, also when somebody else still
 * keeps the old memory. For the kernel's half the caller's, or ERR_PTR(-EPERM)
 * once the kernel is locked down.
 */
struct mm_struct *mmuscope_target_get(const struct mmuscope_target *target)
{
	if (mmuscope_is_kernel(target->kind))
		return get_kernel();
	if (!mmget_not_zero(target->mm))
		return ERR_PTR(-ESRCH);
	if (target->pid && !task_has_mm(target->pid, target->mm)) {
		mmput(target->mm);
		return ERR_PTR(-ESRCH);
	}
	return target->mm;
}

/**
 * mmuscope_may_see_frames - may the opener see frame numbers and raw entries?
 * @file: what was opened
 *
 * As /proc/PID/pagemap decides it (pagemap_read(), fs/proc/task_mmu.c, v6.1).
 */
bool mmuscope_may_see_frames(const struct file *file)
{
	return file_ns_capable(file, &init_user_ns, CAP_SYS_ADMIN);
}
