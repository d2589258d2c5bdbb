/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of internal.h, which includes it, that is about frames. */
#ifndef _MMUSCOPE_FRAME_H
#define _MMUSCOPE_FRAME_H

#include <linux/mm_types.h>
#include <linux/mmuscope.h>
#include <linux/types.h>

struct cred;
struct file;
struct folio;
struct page;
struct task_struct;

/* snapshot.c */

/**
 * struct mmuscope_snapshot - a copy of the struct pages behind a frame
 * @page: the frame's own
 * @head: those of its folio's first two frames; one if there are no more
 * @index: of the frame in its folio
 */
struct mmuscope_snapshot {
	struct page page;
	struct page head[2];
	unsigned long index;
} __aligned(2 * sizeof(struct page));

struct folio *mmuscope_snapshot_take(struct mmuscope_snapshot *snap,
				     struct page *page);
bool mmuscope_snapshot_holds(struct mmuscope_snapshot *snap, struct page *page);
/* Each word is read once. */
static __always_inline struct mmuscope_looks mmuscope_page_looks(const struct page *page)
{
	return (struct mmuscope_looks) {
		.flags = READ_ONCE(flags_word(page->flags)),
		.mapping = (unsigned long)READ_ONCE(page->mapping),
		.tail = READ_ONCE(page->compound_info),
		.mapcount = atomic_read(&page->_mapcount),
	};
}

int mmuscope_snapshot_mapcount(const struct page *page, struct folio *folio);
struct address_space *mmuscope_folio_file(const struct folio *folio);

/* kpf.c */

u64 mmuscope_kpf(struct mmuscope_snapshot *snap, struct folio *folio,
		 struct page *page);

/* frame.c */

int mmuscope_frame_init(void);
void mmuscope_frame_exit(void);
void mmuscope_frame_look(struct mmuscope_frame *frame, u64 pfn);
int mmuscope_frames(void __user *uarg);

/* process.c */

struct task_struct *mmuscope_process_next(u64 *nr);
struct mm_struct *mmuscope_process_mm(struct task_struct *task);
struct task_struct *mmuscope_process_sharing(const struct mm_struct *mm,
					     u64 *nr, u64 *looked);

/* rmap.c */

/**
 * struct mmuscope_mapping - a place where a frame may be mapped
 * @mm: the address space, held by mm_count
 * @addr: where
 */
struct mmuscope_mapping {
	struct mm_struct *mm;
	unsigned long addr;
};

/**
 * struct mmuscope_rmap - where a frame may be mapped
 * @place: the places
 * @nr: how many there are
 * @max: room for how many
 * @met: how many were met, with those that have no room
 * @method: enum mmuscope_method
 * @status: MMUSCOPE_MAPPERS_*
 */
struct mmuscope_rmap {
	struct mmuscope_mapping *place;
	unsigned int nr;
	unsigned int max;
	u64 met;
	u32 method;
	u64 status;
};

int mmuscope_rmap_get(struct mmuscope_rmap *rmap, u64 pfn);
void mmuscope_rmap_put(struct mmuscope_rmap *rmap);

/* mappers.c */

int mmuscope_mappers(void __user *uarg);

/* iomem.c */

/**
 * struct mmuscope_iomem - /proc/iomem, open
 * @file: it
 * @pos: read up to here
 * @text: a page of its text
 * @at: where the next line starts there
 * @len: where the text ends
 */
struct mmuscope_iomem {
	struct file *file;
	loff_t pos;
	char *text;
	size_t at;
	size_t len;
};

int mmuscope_iomem_open(struct mmuscope_iomem *iomem, const struct cred *cred);
void mmuscope_iomem_close(struct mmuscope_iomem *iomem);
void mmuscope_iomem_rewind(struct mmuscope_iomem *iomem);
int mmuscope_iomem_next(struct mmuscope_iomem *iomem,
			struct mmuscope_phys_range *range);

/* phys.c */

struct mmuscope_phys_walk;

u64 mmuscope_phys_limit(void);
struct mmuscope_phys_walk *mmuscope_phys_begin(const struct cred *cred);
void mmuscope_phys_end(struct mmuscope_phys_walk *walk);
int mmuscope_phys_rewind(struct mmuscope_phys_walk *walk);
int mmuscope_phys_next(struct mmuscope_phys_walk *walk,
		       struct mmuscope_phys_range *range);

/* ranges.c */

int mmuscope_ranges(const struct cred *cred, void __user *uarg);

#endif
