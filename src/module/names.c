// SPDX-License-Identifier: GPL-2.0-only
/*
 * By which name a share is found, and how long it lives: whoever has it open
 * holds it, and so does its name if it is to be kept.
 */
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "internal.h"

/* Of the list and of the last reference: a share that is listed is there. */
static DEFINE_MUTEX(names_lock);
static LIST_HEAD(names);

/* With names_lock, which it gives back. */
static void share_release(struct kref *ref)
{
	struct mmuscope_share *share =
		container_of(ref, struct mmuscope_share, ref);

	list_del(&share->named);
	mutex_unlock(&names_lock);
	mmuscope_pages_unlist(&share->pages);
	mmuscope_held_del(&share->held);
	mmuscope_pages_free(&share->pages);
	kfree_rcu(share, rcu);
}

/**
 * mmuscope_share_put - give up a reference
 * @share: the share, which goes with the last
 */
void mmuscope_share_put(struct mmuscope_share *share)
{
	kref_put_mutex(&share->ref, share_release, &names_lock);
}

/**
 * mmuscope_share_told - what lists tell of a share
 * @share: the share
 * @told: is what they do
 */
void mmuscope_share_told(const struct mmuscope_share *share,
			 struct mmuscope_holding *told)
{
	mutex_lock(&names_lock);
	*told = share->held.told;
	mutex_unlock(&names_lock);
}

/* Under names_lock. */
static struct mmuscope_share *name_find(const char *name)
{
	struct mmuscope_share *share;

	list_for_each_entry(share, &names, named)
		if (!strcmp(share->held.told.name, name))
			return share;
	return NULL;
}

/**
 * mmuscope_name_taken - is there a share of that name?
 * @name: the name
 */
bool mmuscope_name_taken(const char *name)
{
	bool taken;

	mutex_lock(&names_lock);
	taken = name_find(name);
	mutex_unlock(&names_lock);
	return taken;
}

/**
 * mmuscope_name_add - let others find a share, if it has a name
 * @share: the share; who removes it may be faster than the caller from here on
 *
 * Return: 0 or -EEXIST.
 */
int mmuscope_name_add(struct mmuscope_share *share)
{
	const struct mmuscope_holding *told = &share->held.told;
	int err = 0;

	if (!told->name[0])
		return 0;
	mutex_lock(&names_lock);
	if (name_find(told->name)) {
		err = -EEXIST;
	} else {
		list_add_tail(&share->named, &names);
		if (told->flags & MMUSCOPE_SHARE_KEEP)
			kref_get(&share->ref);
	}
	mutex_unlock(&names_lock);
	return err;
}

/**
 * mmuscope_name_del - take a share's name away, if it has one
 * @share: the share, to which the caller has a reference
 */
void mmuscope_name_del(struct mmuscope_share *share)
{
	bool kept = false;

	mutex_lock(&names_lock);
	if (!list_empty(&share->named)) {
		kept = share->held.told.flags & MMUSCOPE_SHARE_KEEP;
		list_del_init(&share->named);
		mmuscope_held_unname(&share->held);
	}
	mutex_unlock(&names_lock);
	if (kept)
		mmuscope_share_put(share);
}

/**
 * mmuscope_name_get - find a share
 * @name: its name
 *
 * Return: the share, to which the caller has a reference now, or NULL.
 */
struct mmuscope_share *mmuscope_name_get(const char *name)
{
	struct mmuscope_share *share;

	mutex_lock(&names_lock);
	share = name_find(name);
	if (share)
		kref_get(&share->ref);
	mutex_unlock(&names_lock);
	return share;
}

/**
 * mmuscope_share_of - the share that a frame is of
 * @pfn: the frame
 * @place: where it stands there
 *
 * Context: under RCU, until the end of which @place->inode stays; does not sleep.
 * Return: whether it is of any.
 */
bool mmuscope_share_of(u64 pfn, struct mmuscope_place *place)
{
	const struct mmuscope_share *share;
	struct mmuscope_pages *pages;

	pages = mmuscope_pages_of(pfn, &place->index);
	if (!pages)
		return false;
	share = container_of(pages, struct mmuscope_share, pages);
	place->id = share->held.told.id;
	place->inode = share->held.inode;
	return true;
}
