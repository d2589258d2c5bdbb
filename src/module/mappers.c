// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who maps a frame. The reverse map, or a scan of all processes where there is
 * none, tells where it may be mapped; that it is, and how, is what a walk of
 * that one page finds, after all locks of the reverse map are dropped.
 */
#include <linux/err.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/once.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/siphash.h>
#include <linux/uaccess.h>
#include "internal.h"

/* What one call of a scan does at the most: entries read, processes met. */
#define SCAN_ENTRIES	(1 << 20)
#define SCAN_PROCESSES	1024

/*
 * The cursor: the method in the top byte of the first number. Below it stands,
 * of a scan, the PID to go on with, and the second number is the address; of a
 * reverse map, a hash of the places and which of them to go on with, and the
 * second number is the least PID to be told of it.
 */
#define CURSOR_METHOD	56
#define CURSOR_HASH	28
#define CURSOR_MASK	((1ULL << CURSOR_HASH) - 1)

/**
 * struct query - one call
 * @args: what is asked and answered; @nr tells how far it is
 * @rmap: where the frame may be mapped
 * @one: for a walk of one page
 * @leaf: what it finds
 * @slot: where
 * @batch: for a scan
 * @entries: what that read
 * @full: the caller's array is
 */
struct query {
	struct mmuscope_mappers args;
	struct mmuscope_rmap rmap;
	struct mmuscope_batch one;
	struct mmuscope_extent leaf;
	struct mmuscope_vma_slot slot;
	struct mmuscope_batch batch;
	u64 entries;
	bool full;
};

static int check_args(const struct mmuscope_mappers *args)
{
	u64 method = args->cursor[0] >> CURSOR_METHOD;

	if (args->flags & ~MMUSCOPE_MAPPERS_SCAN || args->reserved ||
	    args->pfn > PHYS_PFN(U64_MAX))
		return -EINVAL;
	if (args->cursor[0] | args->cursor[1] ?
	    !method || method >= MMUSCOPE_NR_METHODS : 0)
		return -EINVAL;
	return mmuscope_array_ok(args->vec, args->vec_len, args->vec_size,
				 sizeof(struct mmuscope_mapper)) ? 0 : -EINVAL;
}

/* Something is done in each call, whatever is pending. */
static bool is_enough(const struct query *query)
{
	return query->full || query->entries >= SCAN_ENTRIES ||
	       query->args.looked >= SCAN_PROCESSES ||
	       (query->entries && signal_pending(current));
}

/* Returns 1 if the page at that address is the frame, filled into @mapper. */
static int look_there(struct query *query, struct mm_struct *mm,
		      unsigned long addr, struct mmuscope_mapper *mapper)
{
	const struct mmuscope_extent *leaf = &query->leaf;
	struct mmuscope_walk walk;
	u64 size;
	int err;

	mmuscope_walk_init(&walk, &query->one,
			   MMUSCOPE_WANT_VALUE | MMUSCOPE_WANT_PAGE);
	walk.mm = mm;
	walk.addr = addr;
	walk.end = addr + PAGE_SIZE;
	err = mmuscope_walk(&walk);
	if (!err && query->one.nr && (leaf->flags & MMUSCOPE_FLAG_PRESENT) &&
	    leaf->value == PFN_PHYS(query->args.pfn)) {
		size = 1ULL << mmuscope_level_shift(leaf->level);
		*mapper = (struct mmuscope_mapper) {
			.start = addr & -size,
			.addr = addr,
			.bytes = size,
			.flags = leaf->flags,
			.level = leaf->level,
		};
		err = 1;
	}
	mmuscope_batch_empty(&query->one);
	return err == -ESRCH ? 0 : err;
}

static int put_mapper(struct query *query, struct mmuscope_mapper *mapper,
		      struct task_struct *task)
{
	struct mmuscope_mappers *args = &query->args;
	void __user *to = u64_to_user_ptr(args->vec + args->nr * args->vec_size);

	rcu_read_lock();
	mapper->pid = task_tgid_nr_ns(task, task_active_pid_ns(current));
	rcu_read_unlock();
	if (mapper->pid)
		get_task_comm(mapper->comm, task);
	args->nr++;
	query->full = args->nr == args->vec_len;
	return mmuscope_copy_element(to, args->vec_size, mapper,
				     sizeof(*mapper));
}

/* Tells the processes that have @mm, from PID *@nr on; moves that on. */
static int put_sharing(struct query *query, struct mm_struct *mm,
		       const struct mmuscope_mapper *mapper, u64 *nr)
{
	struct mmuscope_mapper told;
	struct task_struct *task;
	int err = 0;

	while (!err && !query->full) {
		task = mmuscope_process_sharing(mm, nr, &query->args.looked);
		if (!task)
			break;
		told = *mapper;
		err = put_mapper(query, &told, task);
		put_task_struct(task);
		++*nr;
	}
	return fatal_signal_pending(current) ? -EINTR : err;
}

static int put_place(struct query *query, const struct mmuscope_mapping *place,
		     u64 *nr)
{
	struct mmuscope_mapper mapper;
	int err;

	if (!mmget_not_zero(place->mm))
		return 0;
	err = look_there(query, place->mm, place->addr, &mapper);
	if (err > 0)
		err = put_sharing(query, place->mm, &mapper, nr);
	mmput(place->mm);
	return err;
}

/* With a key: a part of it is told, and addresses of the kernel's are none's to know. */
static u32 hash_places(const struct mmuscope_rmap *rmap)
{
	const struct mmuscope_mapping *place = rmap->place;
	const struct mmuscope_mapping *end = place + rmap->nr;
	static siphash_key_t key;
	u64 hash = rmap->nr;

	get_random_once(&key, sizeof(key));
	for (; place < end; place++)
		hash = siphash_3u64((uintptr_t)place->mm, place->addr, hash, &key);
	return hash & CURSOR_MASK;
}

/*
 * The places come in the order of the reverse map's tree. VMAs that come or go
 * between two calls shift it, so then that is said.
 */
static int put_places(struct query *query)
{
	struct mmuscope_mappers *args = &query->args;
	const struct mmuscope_rmap *rmap = &query->rmap;
	u64 at = args->cursor[0] & CURSOR_MASK, nr = args->cursor[1];
	u64 hash = hash_places(rmap);
	int err;

	if (args->cursor[0] &&
	    (args->cursor[0] >> CURSOR_HASH & CURSOR_MASK) != hash)
		args->status |= MMUSCOPE_MAPPERS_SHIFTED;
	for (; at < rmap->nr; at++, nr = 0) {
		err = put_place(query, &rmap->place[at], &nr);
		if (err)
			return err;
		if (query->full || signal_pending(current))
			break;
		cond_resched();
	}
	if (!query->full) {
		at++;
		nr = 0;
	}
	if (at < rmap->nr) {
		args->cursor[0] = (u64)rmap->method << CURSOR_METHOD |
				  hash << CURSOR_HASH | at;
		args->cursor[1] = nr;
	} else {
		args->cursor[0] = 0;
		args->cursor[1] = 0;
	}
	return 0;
}

/* All pages that the batch has of the frame; moves *@addr behind the last told. */
static int put_hits(struct query *query, struct task_struct *task,
		    struct mm_struct *mm, const struct mmuscope_batch *batch,
		    unsigned long *addr)
{
	u64 phys = PFN_PHYS(query->args.pfn);
	const struct mmuscope_extent *ext;
	struct mmuscope_mapper mapper;
	unsigned int i;
	int err;

	for (i = 0; i < batch->nr && !query->full; i++) {
		ext = &batch->ext[i];
		if (phys < ext->value || phys - ext->value >= ext->end - ext->start)
			continue;
		*addr = ext->start + (phys - ext->value);
		err = look_there(query, mm, *addr, &mapper);
		if (err > 0)
			err = put_mapper(query, &mapper, task);
		if (err)
			return err;
		*addr += PAGE_SIZE;
	}
	return 0;
}

/* Goes on at *@addr, which becomes 0 at the end of the address space. */
static int scan_mm(struct query *query, struct task_struct *task,
		   struct mm_struct *mm, unsigned long *addr)
{
	static const struct mmuscope_filter present = {
		.mask = MMUSCOPE_FLAG_PRESENT,
	};
	struct mmuscope_walk walk;
	int err = 0;

	mmuscope_walk_init(&walk, &query->batch, MMUSCOPE_WANT_VALUE);
	query->batch.filter = &present;
	walk.mm = mm;
	walk.addr = *addr;
	walk.stops = true;
	while (!err && walk.addr < walk.end && !is_enough(query)) {
		mmuscope_batch_empty(&query->batch);
		query->entries -= walk.cost.entries;
		err = mmuscope_walk(&walk);
		query->entries += walk.cost.entries;
		*addr = walk.addr;
		if (!err)
			err = put_hits(query, task, mm, &query->batch, addr);
		if (!query->full)
			*addr = walk.addr;
	}
	mmuscope_batch_empty(&query->batch);
	if (err == -ESRCH || (!err && *addr >= walk.end))
		*addr = 0;
	return err == -ESRCH ? 0 : err;
}

static int scan_process(struct query *query, struct task_struct *task,
			unsigned long *addr)
{
	struct mm_struct *mm = mmuscope_process_mm(task);
	int err;

	if (!mm) {
		*addr = 0;
		return 0;
	}
	err = scan_mm(query, task, mm, addr);
	mmput(mm);
	return err;
}

static int scan_all(struct query *query)
{
	struct mmuscope_mappers *args = &query->args;
	u64 from = args->cursor[0] & CURSOR_MASK, nr = from;
	unsigned long addr = args->cursor[1] & PAGE_MASK;
	struct task_struct *task = NULL;
	int err = 0;

	while (!err && !is_enough(query) && (task = mmuscope_process_next(&nr))) {
		if (nr != from)
			addr = 0;
		args->looked += !addr;
		err = scan_process(query, task, &addr);
		put_task_struct(task);
		nr += !addr;
		from = nr;
		cond_resched();
	}
	args->cursor[0] = task ? (u64)MMUSCOPE_METHOD_SCAN << CURSOR_METHOD | nr : 0;
	args->cursor[1] = task ? addr : 0;
	return err;
}

static int scan(struct query *query)
{
	int err = mmuscope_batch_alloc(&query->batch);

	if (err)
		return err;
	query->args.method = MMUSCOPE_METHOD_SCAN;
	err = scan_all(query);
	mmuscope_batch_free(&query->batch);
	return err;
}

static bool same_use(const struct mmuscope_frame *a,
		     const struct mmuscope_frame *b)
{
	return !((a->flags | b->flags) & MMUSCOPE_FRAME_CHANGED) &&
	       a->kind == b->kind && a->head == b->head && a->ino == b->ino &&
	       a->index == b->index;
}

/* A cursor of another method is of another use of the frame. */
static int find_how(struct query *query)
{
	struct mmuscope_mappers *args = &query->args;
	u32 method = args->cursor[0] >> CURSOR_METHOD;
	int err;

	if ((args->flags & MMUSCOPE_MAPPERS_SCAN) ||
	    method == MMUSCOPE_METHOD_SCAN)
		return scan(query);
	err = mmuscope_rmap_get(&query->rmap, args->pfn);
	if (err)
		return err;
	if (query->rmap.method == MMUSCOPE_METHOD_SCAN && !method)
		return scan(query);
	args->method = query->rmap.method;
	args->looked = query->rmap.nr;
	args->status = query->rmap.status;
	if (method && method != args->method) {
		args->status |= MMUSCOPE_MAPPERS_CHANGED;
		query->rmap.nr = 0;
	}
	return put_places(query);
}

static int find(struct query *query)
{
	struct mmuscope_frame before, after;
	int err;

	mmuscope_frame_look(&before, query->args.pfn);
	err = find_how(query);
	mmuscope_frame_look(&after, query->args.pfn);
	if (!same_use(&before, &after))
		query->args.status |= MMUSCOPE_MAPPERS_CHANGED;
	return err;
}

/**
 * mmuscope_mappers - MMUSCOPE_IOC_MAPPERS
 * @uarg: the caller's struct mmuscope_mappers
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_mappers(void __user *uarg)
{
	struct query query = {};
	struct mmuscope_mappers *args = &query.args;
	int err;

	err = mmuscope_copy_in(args, sizeof(*args), sizeof(*args), uarg);
	if (!err)
		err = check_args(args);
	if (err)
		return err;
	args->nr = 0;
	args->method = 0;
	args->status = 0;
	args->looked = 0;
	query.one = (struct mmuscope_batch) {
		.ext = &query.leaf,
		.max = 1,
		.vma = &query.slot,
		.max_vma = 1,
	};
	err = find(&query);
	mmuscope_rmap_put(&query.rmap);
	return err ?: mmuscope_copy_out(uarg, args, sizeof(*args));
}
