/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of internal.h, which includes it, that is about what is handed out. */
#ifndef _MMUSCOPE_HOLDING_H
#define _MMUSCOPE_HOLDING_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mmuscope.h>
#include <linux/mutex.h>
#include <linux/uidgid.h>

struct page;
struct pid;
struct resource;
struct user_struct;

/* inode.c */

struct inode *mmuscope_inode_new(u64 size);
void mmuscope_inode_put(struct inode *inode);
struct file *mmuscope_inode_file(struct inode *inode, const char *name,
				 int flags, const struct file_operations *fops,
				 void *private);

/* holding.c */

/**
 * struct mmuscope_held - what a share and a window have in common
 * @told: what lists tell of it; filled in by its owner, but for id, since and
 *	opener, before it is listed; but for its name constant then
 * @inode: its own
 * @opener: who made it
 * @uid: likewise
 * @files: open files of it
 * @list: among all, under the lock of holding.c
 */
struct mmuscope_held {
	struct mmuscope_holding told;
	struct inode *inode;
	struct pid *opener;
	kuid_t uid;
	atomic_t files;
	struct list_head list;
};

int mmuscope_held_add(struct mmuscope_held *held);
void mmuscope_held_del(struct mmuscope_held *held);
struct file *mmuscope_held_file(struct mmuscope_held *held, int flags,
				const struct file_operations *fops,
				void *private);
unsigned int mmuscope_holdings(struct mmuscope_holdings *args,
			       struct mmuscope_holding *vec, unsigned int max,
			       bool all);
void mmuscope_held_unname(struct mmuscope_held *held);
int mmuscope_map_file(struct file *file, u64 bytes, bool readonly, u64 *addr);
bool mmuscope_name_ok(const char *name, bool path);

/* pages.c */

/**
 * struct mmuscope_pages - frames, and what they are charged to
 * @page: the first struct page of each page
 * @nr: how many there are
 * @order: of each
 * @memtype: enum mmuscope_memtype
 * @typed: they may have another type than WB
 * @user: whose locked memory they are, or NULL
 */
struct mmuscope_pages {
	struct page **page;
	unsigned long nr;
	unsigned int order;
	u32 memtype;
	bool typed;
	struct user_struct *user;
};

void mmuscope_pages_init(void);
int mmuscope_pages_check(const struct mmuscope_pages *pages, int node,
			 bool contiguous);
int mmuscope_pages_alloc(struct mmuscope_pages *pages, int node,
			 bool contiguous);
void mmuscope_pages_free(struct mmuscope_pages *pages);
int mmuscope_pages_list(struct mmuscope_pages *pages);
void mmuscope_pages_unlist(struct mmuscope_pages *pages);
struct mmuscope_pages *mmuscope_pages_of(u64 pfn, pgoff_t *index);
struct page *mmuscope_pages_at(const struct mmuscope_pages *pages,
			       pgoff_t index);
bool mmuscope_pages_pinned(const struct mmuscope_pages *pages);

/* mapping.c */

/**
 * struct mmuscope_share - pages that processes share
 * @held: who made it and who maps it
 * @pages: its frames
 * @ref: open files, and its name if that is to keep it
 * @named: among those that can be opened, under the lock of names.c; empty
 *	without a name
 * @lock: of what follows
 * @seals: MMUSCOPE_SEAL_*
 * @writers: mappings that can be written through, or made so
 * @rcu: to free it
 */
struct mmuscope_share {
	struct mmuscope_held held;
	struct mmuscope_pages pages;
	struct kref ref;
	struct list_head named;
	struct mutex lock;	/* of what follows */
	u64 seals;
	unsigned long writers;
	struct rcu_head rcu;
};

bool mmuscope_share_may_write(const struct mmuscope_share *share);
int mmuscope_share_seal(struct mmuscope_share *share, u64 seals);
int mmuscope_share_mmap(struct file *file, struct vm_area_struct *vma);
unsigned long mmuscope_share_area(struct file *file, unsigned long addr,
				  unsigned long len, unsigned long pgoff,
				  unsigned long flags);

/* names.c */

void mmuscope_share_put(struct mmuscope_share *share);
void mmuscope_share_told(const struct mmuscope_share *share,
			 struct mmuscope_holding *told);
bool mmuscope_name_taken(const char *name);
int mmuscope_name_add(struct mmuscope_share *share);
void mmuscope_name_del(struct mmuscope_share *share);
struct mmuscope_share *mmuscope_name_get(const char *name);

/**
 * struct mmuscope_place - where a frame stands in a share
 * @id: number of the share
 * @inode: its inode
 * @index: of the frame there, in pages
 */
struct mmuscope_place {
	u64 id;
	struct inode *inode;
	pgoff_t index;
};

bool mmuscope_share_of(u64 pfn, struct mmuscope_place *place);

/* share.c */

int mmuscope_share_create(void __user *uarg);
int mmuscope_share_open(void __user *uarg);
int mmuscope_share_remove(void __user *uarg);

/* resource.c */

int mmuscope_mmio_refuse(struct mmuscope_mmio_open *args,
			 enum mmuscope_mmio_why why, u64 start, u64 end);
int mmuscope_resource_check_ram(struct mmuscope_mmio_open *args);
int mmuscope_resource_check_busy(struct mmuscope_mmio_open *args);

/* claim.c */

/**
 * struct mmuscope_claim - a physical range that no driver gets
 * @list: among all
 * @start: its first address
 * @end: its end
 * @memtype: enum mmuscope_memtype that was asked for
 * @got: and that it is
 * @shared: several windows may have a part
 * @unlisted: the kernel knows of nothing there
 * @parts: how many windows have a part
 * @base: where the kernel maps it; NULL when it is gone
 * @pieces: of which resources it takes what
 */
struct mmuscope_claim {
	struct list_head list;
	u64 start;
	u64 end;
	u32 memtype;
	u32 got;
	bool shared;
	bool unlisted;
	unsigned int parts;
	void __iomem *base;
	struct list_head pieces;
};

struct mmuscope_claim *mmuscope_claim_get(struct mmuscope_mmio_open *args);
void mmuscope_claim_put(struct mmuscope_claim *claim);
void mmuscope_claim_revoke(u64 start, u64 end);

/* window.c */

int mmuscope_window_open(struct mmuscope_mmio_open *args, u32 widths,
			 void __user *uarg);
void mmuscope_window_revoke(u64 start, u64 end);

/* grant.c */

/* All widths of access, in bytes. */
#define MMUSCOPE_WIDTHS	(1 | 2 | 4 | 8)

int mmuscope_mmio_grant(void __user *uarg);
int mmuscope_mmio_grants(void __user *uarg);
void mmuscope_grant_revoke(u64 start, u64 end);
u32 mmuscope_grant_find(u64 phys, u64 bytes, bool write);

/* mmio.c */

int mmuscope_mmio_open(void __user *uarg);

/* pci.c */

#ifdef CONFIG_PCI
int mmuscope_pci_init(void);
void mmuscope_pci_exit(void);
bool mmuscope_pci_window(const struct resource *res);
bool mmuscope_pci_driven(const struct resource *res);
#else
static inline int mmuscope_pci_init(void)
{
	return 0;
}

static inline void mmuscope_pci_exit(void)
{
}

static inline bool mmuscope_pci_window(const struct resource *res)
{
	return false;
}

static inline bool mmuscope_pci_driven(const struct resource *res)
{
	return false;
}
#endif

#endif
