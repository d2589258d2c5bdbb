// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is handed out to be mapped, shares and windows alike: who made it, and
 * who maps it. The VMAs are found through the inode that each has of its own.
 */
#include <linux/ctype.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include "internal.h"

static DEFINE_MUTEX(holding_lock);	/* of what follows */
static LIST_HEAD(holdings);		/* by ascending id */
static u64 holding_id;

/**
 * mmuscope_held_add - give it an inode and a number, and list it
 * @held: whose told is filled in but for id, since and opener; bytes among it
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_held_add(struct mmuscope_held *held)
{
	held->inode = mmuscope_inode_new(held->told.bytes);
	if (IS_ERR(held->inode))
		return PTR_ERR(held->inode);
	held->opener = get_pid(task_tgid(current));
	held->uid = current_uid();
	held->told.since = ktime_get_boottime_ns();
	atomic_set(&held->files, 0);
	mutex_lock(&holding_lock);
	held->told.id = ++holding_id;
	list_add_tail(&held->list, &holdings);
	mutex_unlock(&holding_lock);
	return 0;
}

/**
 * mmuscope_held_del - undo mmuscope_held_add()
 * @held: what no list is to tell any more
 */
void mmuscope_held_del(struct mmuscope_held *held)
{
	mutex_lock(&holding_lock);
	list_del(&held->list);
	mutex_unlock(&holding_lock);
	put_pid(held->opener);
	mmuscope_inode_put(held->inode);
}

/**
 * mmuscope_held_unname - it has no name any more, which could have kept it
 * @held: what has been told of with a name
 */
void mmuscope_held_unname(struct mmuscope_held *held)
{
	mutex_lock(&holding_lock);
	memset(held->told.name, 0, sizeof(held->told.name));
	held->told.flags &= ~MMUSCOPE_SHARE_KEEP;
	mutex_unlock(&holding_lock);
}

/**
 * mmuscope_held_file - open it
 * @held: what; the caller owns it
 * @flags: O_RDONLY or O_RDWR
 * @fops: operations of the file; ->release is to decrement @held->files
 * @private: private_data of the file
 *
 * Return: the file or an ERR_PTR(), with which nothing is changed.
 */
struct file *mmuscope_held_file(struct mmuscope_held *held, int flags,
				const struct file_operations *fops,
				void *private)
{
	static const char * const kinds[] = {
		[MMUSCOPE_HOLDING_SHARE] = "share",
		[MMUSCOPE_HOLDING_MMIO] = "mmio",
	};
	char name[MMUSCOPE_SHARE_NAME_SIZE + 16];
	struct file *file;

	mutex_lock(&holding_lock);
	if (held->told.name[0])
		snprintf(name, sizeof(name), "mmuscope:%s:%s",
			 kinds[held->told.kind], held->told.name);
	else
		snprintf(name, sizeof(name), "mmuscope:%s:#%llu",
			 kinds[held->told.kind], held->told.id);
	mutex_unlock(&holding_lock);
	file = mmuscope_inode_file(held->inode, name, flags, fops, private);
	if (!IS_ERR(file))
		atomic_inc(&held->files);
	return file;
}

static pid_t pid_seen(struct pid *pid)
{
	return pid_nr_ns(pid, task_active_pid_ns(current));
}

/* Under RCU. The owner of an address space is one process of those that share it. */
static void tell_process(struct mmuscope_holding *to, struct task_struct *task)
{
	if (!task)
		return;
	to->pid = pid_seen(task_tgid(task));
	if (to->pid)
		get_task_comm(to->comm, task);
}

static void tell_mapping(struct mmuscope_holding *to,
			 const struct vm_area_struct *vma)
{
	to->start = vma->vm_start;
	to->end = vma->vm_end;
	to->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	rcu_read_lock();
	tell_process(to, mm_owner(vma->vm_mm));
	rcu_read_unlock();
}

static void tell_held(struct mmuscope_holding *to, struct mmuscope_held *held)
{
	struct task_struct *task;

	*to = held->told;
	to->files = atomic_read(&held->files);
	to->opener_uid = from_kuid_munged(current_user_ns(), held->uid);
	rcu_read_lock();
	/* After it is gone, its number may be somebody else's. */
	task = pid_task(held->opener, PIDTYPE_TGID);
	if (task)
		to->opener = pid_seen(held->opener);
	if (to->opener)
		get_task_comm(to->comm, task);
	rcu_read_unlock();
}

/*
 * One element for each VMA from the @skip-th on. The order of the tree is by
 * place in the object; VMAs that come or go between two calls shift it. Where
 * others have their mappings is theirs, however they came by the share: without
 * @all only those of the caller are told.
 */
static unsigned int tell(struct mmuscope_held *held, u64 skip,
			 struct mmuscope_holding *vec, unsigned int max,
			 bool all)
{
	struct address_space *mapping = held->inode->i_mapping;
	struct vm_area_struct *vma;
	struct rb_node *node;
	unsigned int nr = 0;
	u64 seen = 0;

	i_mmap_lock_read(mapping);
	for (node = rb_first_cached(&mapping->i_mmap); node && nr < max;
	     node = rb_next(node)) {
		vma = rb_entry(node, struct vm_area_struct, shared.rb);
		cond_resched();
		if ((!all && vma->vm_mm != current->mm) || seen++ < skip)
			continue;
		tell_held(&vec[nr], held);
		memset(vec[nr].comm, 0, sizeof(vec[nr].comm));
		tell_mapping(&vec[nr++], vma);
	}
	i_mmap_unlock_read(mapping);
	if (!seen && !skip)
		tell_held(&vec[nr++], held);
	return nr;
}

/**
 * mmuscope_holdings - what is handed out
 * @args: kind, id and skip: what to tell and where to begin; the latter two
 *	become where to go on, 0 at the end
 * @vec: where it goes
 * @max: elements there
 * @all: tell of what others made too, and where others map it
 *
 * Return: elements filled; if they are @max, there may be more.
 */
unsigned int mmuscope_holdings(struct mmuscope_holdings *args,
			       struct mmuscope_holding *vec, unsigned int max,
			       bool all)
{
	struct mmuscope_held *held;
	unsigned int nr = 0;
	unsigned int more;
	u64 skip;

	mutex_lock(&holding_lock);
	list_for_each_entry(held, &holdings, list) {
		if (held->told.id < args->id ||
		    (args->kind && held->told.kind != args->kind) ||
		    (!all && !uid_eq(held->uid, current_uid())))
			continue;
		skip = held->told.id == args->id ? args->skip : 0;
		more = tell(held, skip, vec + nr, max - nr, all);
		nr += more;
		if (nr == max) {
			args->id = held->told.id;
			args->skip = skip + more;
			break;
		}
	}
	if (nr < max) {
		args->id = 0;
		args->skip = 0;
	}
	mutex_unlock(&holding_lock);
	return nr;
}

/**
 * mmuscope_map_file - map all of a file into the caller
 * @file: the file
 * @bytes: its size
 * @readonly: not to be written
 * @addr: where it is now
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_map_file(struct file *file, u64 bytes, bool readonly, u64 *addr)
{
	unsigned long prot = readonly ? PROT_READ : PROT_READ | PROT_WRITE;

	*addr = vm_mmap(file, 0, bytes, prot, MAP_SHARED, 0);
	return IS_ERR_VALUE((unsigned long)*addr) ? (long)*addr : 0;
}

/**
 * mmuscope_name_ok - may it be called that?
 * @name: what a caller put into MMUSCOPE_SHARE_NAME_SIZE bytes
 * @path: any printable character will do but space, as for a device's name;
 *	else letters, digits and "._-", but neither "." nor ".."
 */
bool mmuscope_name_ok(const char *name, bool path)
{
	size_t len = strnlen(name, MMUSCOPE_SHARE_NAME_SIZE);
	size_t i;

	if (len == MMUSCOPE_SHARE_NAME_SIZE)
		return false;
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (i = 0; i < len; i++)
		if (path ? !isascii(name[i]) || !isgraph(name[i]) :
			   !isascii(name[i]) || (!isalnum(name[i]) &&
			   !strchr("._-", name[i])))
			return false;
	return true;
}
