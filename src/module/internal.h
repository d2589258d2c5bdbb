/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the module ask of each other, in the order data flows. */
#ifndef _MMUSCOPE_INTERNAL_H
#define _MMUSCOPE_INTERNAL_H

#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/mmuscope.h>
#include <linux/mutex.h>
#include <linux/page-flags.h>
#include <linux/path.h>

struct cred;
struct dentry;
struct file;
struct page;
struct pid;
struct seq_file;
struct vfsmount;

#include "level.h"

#define MMUSCOPE_VERSION	"0.1.0"

/* target.c */

/**
 * struct mmuscope_target - the address space that a reader looks at
 * @kind: whose
 * @pid: the process, or NULL if the target follows the address space alone
 * @mm: its address space when the target was opened; held by mm_count, so that
 *	it stays itself but does not keep its memory; NULL for the kernel's half
 */
struct mmuscope_target {
	enum mmuscope_target_kind kind;
	struct pid *pid;
	struct mm_struct *mm;
};

int mmuscope_target_init(void);
void mmuscope_target_exit(void);
int mmuscope_target_open(struct mmuscope_target *target, struct pid *pid);
void mmuscope_target_close(struct mmuscope_target *target);
int mmuscope_target_from_pagemap(struct mmuscope_target *target, int fd);
int mmuscope_target_kernel(struct mmuscope_target *target,
			   enum mmuscope_target_kind kind);
int mmuscope_target_copy(struct mmuscope_target *target,
			 const struct mmuscope_target *from);
bool mmuscope_may_see_kernel(void);
bool mmuscope_target_takes_pagemap(void);
struct mm_struct *mmuscope_target_get(const struct mmuscope_target *target);
bool mmuscope_may_see_frames(const struct file *file);
struct file *mmuscope_proc_open(const char *name, const struct cred *cred);

/* arch_*.c */

u64 mmuscope_arch_flags(u64 raw, enum mmuscope_level level, bool table, unsigned int in);
u32 mmuscope_arch_memtype(u64 raw, enum mmuscope_level level);
u32 mmuscope_arch_pkey(u64 raw);
u64 mmuscope_arch_untagged(u64 addr);
u64 mmuscope_arch_reads(void);
bool mmuscope_arch_exec_reads(void);
pgd_t *mmuscope_arch_user_pgd(pgd_t *pgdp);
bool mmuscope_arch_gate(struct mm_struct *mm, struct mmuscope_vma *vma);
const u64 *mmuscope_arch_kernel_root(const struct mm_struct *mm, bool user);
unsigned long mmuscope_arch_kernel_start(void);
const char *mmuscope_arch_area(unsigned long addr, struct mmuscope_vma *vma);
bool mmuscope_arch_pti(void);
void mmuscope_arch_info(struct mmuscope_info *info);

/* arch_memtype_*.c */

void mmuscope_arch_init(void);
u64 mmuscope_arch_pat(void);
u32 mmuscope_arch_pat_type(unsigned int index);
bool mmuscope_arch_has_memtype(u32 memtype);
int mmuscope_arch_set_memtype(struct page **pages, int nr, u32 memtype);
u32 mmuscope_arch_kernel_memtype(const void __iomem *addr);
u32 mmuscope_arch_window_memtype(u32 memtype);
void __iomem *mmuscope_arch_ioremap(u64 phys, u64 bytes, u32 memtype);
pgprot_t mmuscope_arch_pgprot(pgprot_t prot, u32 memtype);

/* entry.c */

/* Where an entry stands: what its VMA says that matters to its meaning. */
#define MMUSCOPE_IN_HUGETLB	BIT(0)
#define MMUSCOPE_IN_ANON	BIT(1)  /* no file behind it */
#define MMUSCOPE_IN_ACCESSIBLE	BIT(2)  /* some access is allowed */
#define MMUSCOPE_IN_PFNMAP	BIT(3)  /* no struct page is used */
#define MMUSCOPE_IN_KERNEL	BIT(4)  /* no struct page is even looked at */
#define MMUSCOPE_IN_PLAIN	BIT(5)  /* the allocator's pages, and no others */

/* The bits of flags that each level above a leaf can take away. */
#define MMUSCOPE_PERM (MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE | \
		       MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_USER)

void mmuscope_entry_table(struct mmuscope_extent *ext, u64 raw, unsigned int in);
void mmuscope_entry_leaf(struct mmuscope_extent *leaf, u64 raw,
			 unsigned int in);
unsigned long mmuscope_entry_hole(struct address_space *mapping, pgoff_t index,
				  unsigned long max, u64 *flags);

#include "totals.h"
#include "batch.h"

/* walk.c */

/* What a walk is to tell; bits of mmuscope_walk.want. */
#define MMUSCOPE_WANT_VALUE	BIT(0)  /* frame numbers and raw entries */
#define MMUSCOPE_WANT_PAGE	BIT(1)  /* what the struct page tells */
#define MMUSCOPE_WANT_CACHE	BIT(2)  /* and the page cache of what is not mapped */
#define MMUSCOPE_WANT_TABLES	BIT(3)  /* every entry, tables too */
#define MMUSCOPE_WANT_OUTSIDE	BIT(4)  /* what is between VMAs, not in them */

/**
 * struct mmuscope_cost - what a walk cost
 * @entries: entries read
 * @holds: how often mmap_lock was taken
 * @longest: entries read in the longest hold
 * @longest_ns: the longest hold, in nanoseconds
 * @changed: the address space changed between two holds
 */
struct mmuscope_cost {
	u64 entries;
	u64 holds;
	u64 longest;
	u64 longest_ns;
	bool changed;
};

/**
 * struct mmuscope_walk - one pass over [@addr, @end) of a target
 * @mm: the address space; the caller holds mm_users for the time of each call
 * @kind: which half of it; MMUSCOPE_TARGET_PID: the process'
 * @addr: next address to look at, page aligned: all there is to resume
 * @start: where it began, to tell whether it came on; 0 without @budget
 * @end: end of the range
 * @want: MMUSCOPE_WANT_*
 * @max_hold: the most entries to read in a hold
 * @budget: how many to read in all, but for those of one step
 * @keep: the bits in which present leaves that are visited as one must be alike
 * @stops: a signal for the caller ends a call early
 * @batch: where the extents go
 * @cost: so far
 * @tables: so far, by level
 * @path: where the entries that are passed go, for a walk of one page; or NULL
 *
 * The rest belongs to walk.c, visit.c and raw.c.
 */
struct mmuscope_walk {
	struct mm_struct *mm;
	enum mmuscope_target_kind kind;
	unsigned long addr;
	unsigned long start;
	unsigned long end;
	unsigned int want;
	unsigned int max_hold;
	u64 budget;
	u64 keep;
	bool stops;
	struct mmuscope_batch *batch;
	struct mmuscope_cost cost;
	struct mmuscope_tables tables[MMUSCOPE_NR_LEVELS];
	struct mmuscope_translation *path;

	struct mmuscope_vma last;
	struct address_space *mapping;
	unsigned long hugetlb_size;
	pgoff_t pgoff;
	unsigned int in;
	unsigned int hold;
	unsigned int step_max;
	unsigned int tries;
	u64 perm;
	u64 ram;
	u64 ram_mask;
	u64 seen[MMUSCOPE_NR_LEVELS];
	u64 table_bits[MMUSCOPE_NR_LEVELS];
	u64 table_flags[MMUSCOPE_NR_LEVELS];
	unsigned long nr_mapped;
	int nr_vmas;
};

void mmuscope_walk_init(struct mmuscope_walk *walk,
			struct mmuscope_batch *batch, unsigned int want);
int mmuscope_walk(struct mmuscope_walk *walk);

bool mmuscope_hold_is_full(const struct mmuscope_walk *walk);
bool mmuscope_walk_is_over(const struct mmuscope_walk *walk);
bool mmuscope_hold_is_over(const struct mmuscope_walk *walk);

/* descent.c */

int mmuscope_descend(struct mmuscope_walk *walk, unsigned long end);

/* kernel.c */

/* The kernel's own half, or what user mode's tables have of it. */
static inline bool mmuscope_is_kernel(enum mmuscope_target_kind kind)
{
	return kind == MMUSCOPE_TARGET_KERNEL ||
	       kind == MMUSCOPE_TARGET_KERNEL_USER;
}

int mmuscope_kernel_walk(struct mmuscope_walk *walk);
int mmuscope_walk_on(struct mmuscope_walk *walk);

/* visit.c */

enum mmuscope_kind {
	MMUSCOPE_KIND_NONE,
	MMUSCOPE_KIND_LEAF,
	MMUSCOPE_KIND_TABLE,
	MMUSCOPE_KIND_BAD,
};

/**
 * struct mmuscope_entry - one slot of a table, read once
 * @level: its level
 * @kind: what its value is
 * @raw: its value
 * @slot: where it stands
 * @next: first address after what it maps of the range
 * @repeats: all entries up to there map what it maps
 * @more: how many that follow are visited with it
 */
struct mmuscope_entry {
	enum mmuscope_level level;
	enum mmuscope_kind kind;
	u64 raw;
	const void *slot;
	unsigned long next;
	bool repeats;
	unsigned int more;
};

int mmuscope_visit(struct mmuscope_walk *walk,
		   const struct mmuscope_entry *entry);
void mmuscope_visit_count(struct mmuscope_walk *walk, const struct mmuscope_entry *entry);

/* ram.c */

u64 mmuscope_ram_block(unsigned long pfn);
bool mmuscope_ram_look(struct mmuscope_walk *walk, u64 raw);

/* A walk stays in one part of memory mostly. */
static inline bool mmuscope_is_ram(struct mmuscope_walk *walk, u64 raw)
{
	return !((raw ^ walk->ram) & walk->ram_mask) || mmuscope_ram_look(walk, raw);
}

/* summary.c */

int mmuscope_summarise(struct mmuscope_summary *sum,
		       struct mmuscope_batch *batch, struct mm_struct *mm,
		       enum mmuscope_target_kind kind, bool frames);

/* touch.c */

/* The ways to touch a page. */
enum mmuscope_access {
	MMUSCOPE_ACCESS_READ,
	MMUSCOPE_ACCESS_WRITE,
	MMUSCOPE_ACCESS_EXEC,
};

enum mmuscope_touch mmuscope_touch(const struct mmuscope_translation *trans,
				   enum mmuscope_access access);
enum mmuscope_touch mmuscope_touch_kernel(const struct mmuscope_translation *trans,
					  enum mmuscope_access access,
					  bool user);

/* translate.c */

int mmuscope_translate_one(struct mmuscope_translation *trans,
			   struct mmuscope_batch *batch, struct mm_struct *mm,
			   enum mmuscope_target_kind kind, bool frames);

/* text.c */

void mmuscope_text_vma(struct seq_file *m,
		       const struct mmuscope_vma_slot *slot);
void mmuscope_text_extent(struct seq_file *m, const struct mmuscope_extent *ext,
			  bool hidden);
void mmuscope_text_entry(struct seq_file *m, const struct mmuscope_extent *ext,
			 unsigned int depth, bool hidden);
void mmuscope_text_summary(struct seq_file *m,
			   const struct mmuscope_summary *sum, bool frames);
const char *mmuscope_text_memtype(enum mmuscope_memtype memtype);
void mmuscope_text_holding(struct seq_file *m,
			   const struct mmuscope_holding *holding, bool first,
			   bool hidden);
void mmuscope_text_phys(struct seq_file *m,
			const struct mmuscope_phys_range *range);

/* listing.c */

extern const struct file_operations mmuscope_maps_fops;
extern const struct file_operations mmuscope_pagetable_fops;
extern const struct file_operations mmuscope_summary_fops;
extern const struct file_operations mmuscope_kernel_maps_fops;
extern const struct file_operations mmuscope_kernel_pagetable_fops;
extern const struct file_operations mmuscope_kernel_summary_fops;

/* handle.c */

/**
 * struct mmuscope_handle - a target handed out as a descriptor
 * @target: whose memory
 * @frames: who opened it may see frame numbers
 * @lock: one call at a time has the use of what follows
 * @batch: for the walk
 * @path: room for the path of a file, PATH_MAX bytes
 * @words: room for the blocks of a raw scan, once there has been one
 * @trans: room for a translation
 * @sum: room for a summary
 */
struct mmuscope_handle {
	struct mmuscope_target target;
	bool frames;
	struct mutex lock;	/* one call at a time */
	struct mmuscope_batch batch;
	char *path;
	u64 *words;
	struct mmuscope_translation trans;
	struct mmuscope_summary sum;
};

int mmuscope_handle_open(const struct mmuscope_bind *bind);

/* scan.c */

int mmuscope_scan(struct mmuscope_handle *handle, struct mm_struct *mm,
		  void __user *uarg);

#include "holding.h"
#include "frame.h"

/* device.c */

int mmuscope_copy_in(void *args, size_t size, size_t first,
		     const void __user *uarg);
int mmuscope_copy_out(void __user *uarg, const void *args, size_t size);
int mmuscope_copy_element(void __user *to, u64 size, const void *from,
			  size_t known);
bool mmuscope_array_ok(u64 vec, u64 len, u64 elem, size_t known);
int mmuscope_device_init(void);
void mmuscope_device_exit(void);

/* pidfs.c */

void mmuscope_pidfs_exit(void);
struct vfsmount *mmuscope_pidfs_automount(struct dentry *dentry, void *data);

/* debugfs.c */

void mmuscope_debugfs_init(void);
void mmuscope_debugfs_exit(void);

#endif
