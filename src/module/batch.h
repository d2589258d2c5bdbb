/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of internal.h that is about where a walk puts what it finds. */
#ifndef _MMUSCOPE_BATCH_H
#define _MMUSCOPE_BATCH_H

/* extent.c */

/**
 * struct mmuscope_filter - which leaves the caller wants, as PAGEMAP_SCAN has it
 * @inverted: categories to flip before the tests
 * @mask: categories that must all be set
 * @anyof: categories of which one must be set, if not 0
 * @ret: flags to report; others neither show nor split extents
 */
struct mmuscope_filter {
	u64 inverted;
	u64 mask;
	u64 anyof;
	u64 ret;
};

/**
 * struct mmuscope_vma_slot - a VMA in a batch
 * @vma: what is told of it
 * @path: of its file, referenced; empty without one. A file itself would be kept
 *	open, with its locks, for as long as somebody reads
 * @name: its name if it has no file, as /proc/PID/maps has it
 * @at: where the walk came into it
 * @first: index of its first extent in the batch
 * @continued: the same VMA ended the batch before
 */
struct mmuscope_vma_slot {
	struct mmuscope_vma vma;
	struct path path;
	char name[48];
	unsigned long at;
	unsigned int first;
	bool continued;
};

/**
 * struct mmuscope_batch - the bounded array that one walk fills
 * @ext: extents
 * @nr: how many there are
 * @max: room for how many
 * @vma: the VMAs they lie in, in the same order
 * @nr_vma: how many there are
 * @max_vma: room for how many
 * @filter: what to keep, or NULL for all
 * @any_value: frame numbers are hidden, so they must not split extents
 * @single: keep each leaf apart
 * @repeats: ptes of one and the same frame make one extent
 * @cut: the next leaf starts an extent, for it lies in another VMA
 * @word: blocks of entries, <linux/mmuscope_raw.h>, instead of @ext; @nr and @max
 *	are of words then
 * @last: the extent at their end, NULL if it ends otherwise
 * @totals: where extents go when they end; @ext has the last one only then, and @vma
 *	none
 * @like: MMUSCOPE_LIKES leaves that others may be like; NULL: each is looked at
 */
struct mmuscope_batch {
	struct mmuscope_extent *ext;
	unsigned int nr;
	unsigned int max;
	struct mmuscope_vma_slot *vma;
	unsigned int nr_vma;
	unsigned int max_vma;
	const struct mmuscope_filter *filter;
	bool any_value;
	bool single;
	bool repeats;
	bool cut;
	u64 *word;
	struct mmuscope_extent *last;
	struct mmuscope_totals *totals;
	struct mmuscope_like *like;
};

int mmuscope_batch_alloc(struct mmuscope_batch *batch);
void mmuscope_batch_free(struct mmuscope_batch *batch);
void mmuscope_batch_empty(struct mmuscope_batch *batch);
bool mmuscope_batch_full(const struct mmuscope_batch *batch);
int mmuscope_batch_add(struct mmuscope_batch *batch,
		       const struct mmuscope_extent *leaf);
bool mmuscope_filter_match(const struct mmuscope_filter *filter,
			   const struct mmuscope_extent *leaf);

/* vma.c */

struct mmuscope_walk;

struct mmuscope_vma mmuscope_vma_promise(const struct vm_area_struct *area);
void mmuscope_vma_name(struct vm_area_struct *area, char *name, size_t size);
int mmuscope_vma_enter(struct mmuscope_walk *walk,
		       const struct mmuscope_vma *vma,
		       struct mmuscope_vma_slot **slot);
int mmuscope_vma_walk(struct mmuscope_walk *walk, struct vm_area_struct *area);

/* raw.c */

/**
 * struct mmuscope_raw_rules - what can be told of an entry without decoding it
 * @frame: the bits of a present leaf that are its frame
 * @leaf: the bits that tell, by level, whether an entry is a present leaf
 * @is_leaf: what they are then; no level has a leaf whose @leaf is 0
 * @absent: the bits that are all 0 in an entry that is not present
 * @swap_type: the bits of such an entry that are its type
 * @swap_types: if they are less than that, as a number, it is of swap
 * @swap_step: what the entry for the next slot of an area is greater by
 */
struct mmuscope_raw_rules {
	u64 frame;
	u64 leaf[MMUSCOPE_NR_LEVELS];
	u64 is_leaf[MMUSCOPE_NR_LEVELS];
	u64 absent;
	u64 swap_type;
	u64 swap_types;
	u64 swap_step;
};

struct mmuscope_entry;

/* How many entries there are from that of @addr on, in its table and before @end. */
static inline unsigned int mmuscope_raw_left(unsigned long addr, unsigned long end,
					     const void *slot, unsigned int shift)
{
	unsigned long left = ((end - 1) >> shift) - (addr >> shift) + 1;

	return min_t(unsigned long, left,
		     (PAGE_SIZE - offset_in_page(slot)) / sizeof(u64));
}

void mmuscope_raw_init(void);
const struct mmuscope_raw_rules *mmuscope_raw_rules(void);
unsigned int mmuscope_raw_count(const u64 *slot, unsigned int nr, u64 raw);
unsigned int mmuscope_raw_run(struct mmuscope_walk *walk,
			      const struct mmuscope_entry *entry,
			      unsigned long end);
int mmuscope_raw_take(struct mmuscope_walk *walk, const void *slot,
		      enum mmuscope_level level, unsigned long end);

/* arch_raw_*.c */

bool mmuscope_arch_raw(struct mmuscope_raw_rules *rules);
u64 mmuscope_arch_spare(u64 asked);

#endif
