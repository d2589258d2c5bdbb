// SPDX-License-Identifier: GPL-2.0-only
/*
 * The claim to a physical range that is not RAM, made as a driver makes it, so
 * that no driver gets the range as long as it lasts. One window has it, or
 * several that say that they share. They come and go under the lock of window.c,
 * held for writing, and come under that of the PCI bus too, so that what a claim
 * lies in stays.
 */
#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "internal.h"

/*
 * A part of a claim that lies within one resource, or between two. The kernel
 * lets none be claimed that crosses the border of one.
 */
struct piece {
	struct list_head list;
	u64 start;
	u64 end;
	bool listed;
};

static LIST_HEAD(claims);

static struct resource *claim_try(u64 start, u64 end)
{
	return request_mem_region_exclusive(start, end - start, "mmuscope");
}

/*
 * The most of [start, end) that can be claimed in one piece: what fits does with
 * any smaller end too, so that the border is found by halving. Nothing that is
 * exported tells it.
 */
static struct resource *claim_most(u64 start, u64 end)
{
	struct resource *res = claim_try(start, end);
	u64 fits = start;
	u64 mid;

	if (res)
		return res;
	while (end - fits > 1) {
		mid = fits + (end - fits) / 2;
		res = claim_try(start, mid);
		if (!res) {
			end = mid;
			continue;
		}
		release_mem_region(start, mid - start);
		fits = mid;
	}
	return fits > start ? claim_try(start, fits) : NULL;
}

/*
 * A piece right under the root lies in nothing that is known, and what a bus
 * forwards is no device either.
 */
static bool is_listed(const struct resource *res)
{
	return res->parent != &iomem_resource &&
	       !mmuscope_pci_window(res->parent);
}

/* Registers belong to a driver even if it forgot to claim them. */
static int check_driven(const struct resource *res,
			struct mmuscope_mmio_open *args)
{
	if (!mmuscope_pci_driven(res->parent))
		return 0;
	return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_BUSY,
				    res->parent->start, res->parent->end + 1);
}

static int claim_piece(struct piece *piece, const struct mmuscope_claim *claim,
		       struct mmuscope_mmio_open *args)
{
	const struct resource *res = claim_most(piece->start, claim->end);

	if (!res)	/* since we looked */
		return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_BUSY,
					    claim->start, claim->end);
	piece->end = res->end + 1;
	piece->listed = is_listed(res);
	return check_driven(res, args);
}

static int claim_pieces(struct mmuscope_claim *claim,
			struct mmuscope_mmio_open *args)
{
	struct piece *piece;
	int err = 0;
	u64 at;

	for (at = claim->start; !err && at < claim->end; at = piece->end) {
		if (fatal_signal_pending(current))
			return -EINTR;
		piece = kzalloc(sizeof(*piece), GFP_KERNEL_ACCOUNT);
		if (!piece)
			return -ENOMEM;
		piece->start = at;
		err = claim_piece(piece, claim, args);
		if (piece->end)
			list_add_tail(&piece->list, &claim->pieces);
		else
			kfree(piece);
	}
	return err;
}

/*
 * By the addresses that were claimed: what the kernel moves, when it hands out
 * the addresses of a bus anew, it may have written into the resource itself.
 */
static void release_pieces(struct mmuscope_claim *claim)
{
	struct piece *piece, *next;

	list_for_each_entry_safe(piece, next, &claim->pieces, list) {
		release_mem_region(piece->start, piece->end - piece->start);
		kfree(piece);
	}
	INIT_LIST_HEAD(&claim->pieces);
}

/* A page that holds something is not a hole where it holds nothing. */
static bool is_hole(const struct mmuscope_claim *claim, u64 start, u64 end)
{
	if (PAGE_ALIGNED(claim->start) && PAGE_ALIGNED(claim->end)) {
		start = ALIGN(start, PAGE_SIZE);
		end = ALIGN_DOWN(end, PAGE_SIZE);
	}
	return start < end;
}

static int check_listed(const struct mmuscope_claim *claim,
			struct mmuscope_mmio_open *args)
{
	const struct piece *piece;
	u64 known = claim->start;

	list_for_each_entry(piece, &claim->pieces, list) {
		if (!piece->listed)
			continue;
		if (claim->unlisted)
			return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_HOLE,
						    piece->start, piece->end);
		if (is_hole(claim, known, piece->start))
			return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_HOLE,
						    known, piece->start);
		known = piece->end;
	}
	if (!claim->unlisted && is_hole(claim, known, claim->end))
		return mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_HOLE, known,
					    claim->end);
	return 0;
}

static int claim_map(struct mmuscope_claim *claim)
{
	u64 bytes = claim->end - claim->start;

	claim->base = mmuscope_arch_ioremap(claim->start, bytes, claim->memtype);
	if (!claim->base)
		return -ENOMEM;
	claim->got = mmuscope_arch_kernel_memtype(claim->base);
	return 0;
}

static int claim_make(struct mmuscope_claim *claim,
		      struct mmuscope_mmio_open *args)
{
	int err;

	err = mmuscope_resource_check_busy(args);
	if (err)
		return err;
	err = claim_pieces(claim, args);
	if (!err)
		err = check_listed(claim, args);
	if (!err)
		err = claim_map(claim);
	if (err)
		release_pieces(claim);
	return err;
}

static struct mmuscope_claim *claim_new(struct mmuscope_mmio_open *args)
{
	struct mmuscope_claim *claim;
	int err;

	claim = kzalloc(sizeof(*claim), GFP_KERNEL_ACCOUNT);
	if (!claim)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&claim->pieces);
	claim->start = args->phys;
	claim->end = args->phys + args->bytes;
	claim->memtype = mmuscope_arch_window_memtype(args->memtype);
	claim->shared = args->flags & MMUSCOPE_MMIO_SHARED;
	claim->unlisted = args->flags & MMUSCOPE_MMIO_UNLISTED;
	err = claim_make(claim, args);
	if (err) {
		kfree(claim);
		return ERR_PTR(err);
	}
	list_add(&claim->list, &claims);
	return claim;
}

/* Whether a window may have part in another's claim. */
static bool is_common(const struct mmuscope_claim *claim,
		      const struct mmuscope_mmio_open *args)
{
	return claim->shared && (args->flags & MMUSCOPE_MMIO_SHARED) &&
	       claim->unlisted == !!(args->flags & MMUSCOPE_MMIO_UNLISTED) &&
	       claim->memtype == mmuscope_arch_window_memtype(args->memtype) &&
	       claim->start <= args->phys &&
	       claim->end - args->phys >= args->bytes;
}

static bool overlaps(const struct mmuscope_claim *claim, u64 start, u64 end)
{
	return claim->start < end && start < claim->end;
}

/**
 * mmuscope_claim_get - claim what a window is to be of
 * @args: the range, and how; the reason if it cannot be had
 *
 * Return: the claim, of which the caller has a part, or an ERR_PTR().
 */
struct mmuscope_claim *mmuscope_claim_get(struct mmuscope_mmio_open *args)
{
	struct mmuscope_claim *claim;
	int err;

	list_for_each_entry(claim, &claims, list) {
		if (!overlaps(claim, args->phys, args->phys + args->bytes))
			continue;
		if (is_common(claim, args)) {
			claim->parts++;
			return claim;
		}
		err = mmuscope_mmio_refuse(args, MMUSCOPE_MMIO_WHY_WINDOW,
					   claim->start, claim->end);
		return ERR_PTR(err);
	}
	claim = claim_new(args);
	if (!IS_ERR(claim))
		claim->parts = 1;
	return claim;
}

static void claim_drop(struct mmuscope_claim *claim)
{
	list_del(&claim->list);
	iounmap(claim->base);
	claim->base = NULL;
	release_pieces(claim);
}

/**
 * mmuscope_claim_put - give up what mmuscope_claim_get() gave
 * @claim: the claim, of which the caller has no mapping any more
 */
void mmuscope_claim_put(struct mmuscope_claim *claim)
{
	if (--claim->parts)
		return;
	if (claim->base)
		claim_drop(claim);
	kfree(claim);
}

/**
 * mmuscope_claim_revoke - let go of what lies in a range
 * @start: the range
 * @end: its end
 *
 * Claims that lie partly in it go as a whole: their base is NULL then. There is
 * no mapping of them any more.
 */
void mmuscope_claim_revoke(u64 start, u64 end)
{
	struct mmuscope_claim *claim, *next;

	list_for_each_entry_safe(claim, next, &claims, list)
		if (overlaps(claim, start, end))
			claim_drop(claim);
}
