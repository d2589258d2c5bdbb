// SPDX-License-Identifier: GPL-2.0-only
/* Processes one after another, by ascending PID, and whose memory is whose. */
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include "internal.h"

/**
 * mmuscope_process_next - the next process
 * @nr: least PID, in the initial namespace; becomes that of the process
 *
 * Return: its leading thread, to be released with put_task_struct(), or NULL if
 * there is none.
 */
struct task_struct *mmuscope_process_next(u64 *nr)
{
	struct task_struct *task = NULL;
	struct pid *pid;

	if (*nr > PID_MAX_LIMIT)
		return NULL;
	rcu_read_lock();
	while (!task) {
		pid = find_ge_pid(*nr, &init_pid_ns);
		if (!pid)
			break;
		*nr = pid_nr(pid);
		task = pid_task(pid, PIDTYPE_TGID);
		*nr += !task;
	}
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

/**
 * mmuscope_process_mm - the memory of a process
 * @task: one of its threads; any can be the last to have it
 *
 * Return: the mm, to be released with mmput(), or NULL.
 */
struct mm_struct *mmuscope_process_mm(struct task_struct *task)
{
	struct mm_struct *mm = NULL;
	struct task_struct *thread;

	rcu_read_lock();
	for_each_thread(task, thread) {
		mm = get_task_mm(thread);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/* How many threads of the process use that memory. Under RCU. */
static int threads_using(struct task_struct *task, const struct mm_struct *mm)
{
	struct task_struct *thread;
	int nr = 0;

	for_each_thread(task, thread)
		nr += READ_ONCE(thread->mm) == mm &&
		      !(thread->flags & PF_KTHREAD);
	return nr;
}

static bool is_using(struct task_struct *task, const struct mm_struct *mm)
{
	int nr;

	rcu_read_lock();
	nr = threads_using(task, mm);
	rcu_read_unlock();
	return nr;
}

/* The process that has the memory for itself, or NULL if that is not sure. */
static struct task_struct *only_owner(const struct mm_struct *mm)
{
	int users = atomic_read(&mm->mm_users);
	struct task_struct *owner;
	int nr = 0;

	rcu_read_lock();
	owner = mm_owner(mm);
	smp_rmb();	/* a thread that ends must not make room for a sharer */
	if (owner)
		nr = threads_using(owner, mm) + 1;
	smp_rmb();	/* and one that comes must be among the users */
	if (nr >= users && nr >= atomic_read(&mm->mm_users))
		owner = get_task_struct(owner->group_leader);
	else
		owner = NULL;
	rcu_read_unlock();
	return owner;
}

/**
 * mmuscope_process_sharing - the next process that has a given memory
 * @mm: the memory; the caller has one of mm_users
 * @nr: least PID, in the initial namespace; becomes that of the process
 * @looked: goes up by the processes that were looked at
 *
 * More than one process can have it (CLONE_VM without CLONE_THREAD, vfork()).
 * All processes are looked at only if more use it than one is known to.
 *
 * Return: its leading thread, to be released with put_task_struct(), or NULL if
 * there is none.
 */
struct task_struct *mmuscope_process_sharing(const struct mm_struct *mm,
					     u64 *nr, u64 *looked)
{
	struct task_struct *task = only_owner(mm);

	if (task) {
		if (task_pid_nr(task) >= *nr) {
			*nr = task_pid_nr(task);
			return task;
		}
		put_task_struct(task);
		return NULL;
	}
	for (; (task = mmuscope_process_next(nr)); ++*nr) {
		++*looked;
		if (is_using(task, mm))
			return task;
		put_task_struct(task);
		cond_resched();
		if (fatal_signal_pending(current))
			return NULL;
	}
	return NULL;
}
