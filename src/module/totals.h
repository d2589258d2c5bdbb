/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of internal.h that is about what a page counts, and what all come to. */
#ifndef _MMUSCOPE_TOTALS_H
#define _MMUSCOPE_TOTALS_H

struct mmuscope_walk;

/* page.c */

/* Parts of pages are bytes in fixed point (PSS_SHIFT, fs/proc/task_mmu.c, v6.1). */
#define MMUSCOPE_PSS_SHIFT	12

/**
 * struct mmuscope_looks - what of a struct page decides what is told of its leaf
 * @flags: the word of flags, of which MMUSCOPE_LOOKS count
 * @mapping: the word of mapping, of which FOLIO_MAPPING_FLAGS count
 * @tail: the lowest bit of the word by which a tail finds its head
 * @mapcount: as it is stored
 *
 * Of pages that are folios by themselves: two that look the same are told the same.
 */
struct mmuscope_looks {
	unsigned long flags;
	unsigned long mapping;
	unsigned long tail;
	unsigned int mapcount;
};

#define MMUSCOPE_LOOKS	(BIT(PG_head) | BIT(PG_reserved) | BIT(PG_swapbacked) | \
			 BIT(PG_swapcache) | BIT(PG_dirty))

/**
 * struct mmuscope_part - what the memory that a leaf maps counts of a process
 * @pss: each page divided by how often it is mapped
 * @dirty: the entry or the page says so
 * @single: it is one page, not of a larger folio
 * @looks: of that page
 */
struct mmuscope_part {
	u64 pss;
	bool dirty;
	bool single;
	struct mmuscope_looks looks;
};

/**
 * struct mmuscope_pss - the parts of all leaves, and of some kinds of them
 * @all: all
 * @anon: of anonymous memory
 * @file: of pages of files
 * @shmem: of shared memory
 * @dirty: of what is dirty
 */
struct mmuscope_pss {
	u64 all;
	u64 anon;
	u64 file;
	u64 shmem;
	u64 dirty;
};

void mmuscope_entry_page(struct mmuscope_extent *leaf, struct mmuscope_part *part,
			 unsigned int in);
void mmuscope_pss_add(struct mmuscope_pss *pss, const struct mmuscope_part *part,
		      u64 flags);

/* alike.c */

#define MMUSCOPE_LIKES	4

/**
 * struct mmuscope_like - a leaf that was looked at, for those that are like it
 * @raw: the entry, 0 if there is none
 * @in: where it stood
 * @perm: what the tables above allow
 * @leaf: what was told of it
 * @part: what it counts
 */
struct mmuscope_like {
	u64 raw;
	unsigned int in;
	u64 perm;
	struct mmuscope_extent leaf;
	struct mmuscope_part part;
};

void mmuscope_alike_learn(struct mmuscope_walk *walk, const struct mmuscope_extent *leaf,
			  u64 raw, const struct mmuscope_part *part);
void mmuscope_alike_take(struct mmuscope_walk *walk, const void *slot,
			 unsigned long end);

/* totals.c */

/**
 * struct mmuscope_totals - what the extents of a batch come to
 * @sum: the sums
 * @pss: the parts of pages
 * @run: the last extents, if they are one run in memory, whatever their flags
 * @run.end: where it ends
 * @run.phys_end: where it ends in memory
 * @run.size: in bytes
 * @values: frame numbers are known
 */
struct mmuscope_totals {
	struct mmuscope_summary *sum;
	struct mmuscope_pss pss;
	struct mmuscope_run {
		u64 end;
		u64 phys_end;
		u64 size;
	} run;
	bool values;
};

void mmuscope_totals_add(struct mmuscope_totals *totals,
			 const struct mmuscope_extent *ext);
void mmuscope_totals_more(struct mmuscope_totals *totals,
			  const struct mmuscope_extent *ext, u64 nr, u64 size,
			  u64 longest);

#endif
