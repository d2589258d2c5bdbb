/* SPDX-License-Identifier: MIT */
/* What scan.c and fetch.c have in common: a scan, and what is to be told of it. */
#ifndef MMUSCOPE_SCANNER_H
#define MMUSCOPE_SCANNER_H

#include "internal.h"

/**
 * struct mmuscope_scanner - a scan under way
 * @fd: the target
 * @ask: what each call asks
 * @next: where the next call starts
 * @over: there is none
 * @joins: calls end amid extents, whose parts are joined here
 * @any_value: whatever their values are
 * @repeats: ptes of one and the same frame make one extent
 * @cost: of all calls together
 * @nr: extents to tell of what there is
 * @done: how many of them have been told
 * @at: index of the VMA that they are at
 * @found: what was told last
 * @told: an extent of @found.vma has been told
 * @raw: entries come as they are, and are decoded here; NULL: they do not
 * @of: the VMA that these @nr are of, then
 * @of_name: its name
 * @kept: a VMA whose last extent may go on, when the next call is made
 * @kept_name: its name
 * @last: that extent, if entries are decoded by the module
 * @open: there is one
 * @alone: it does not go on, and is to be told
 * @threads: how many are to fetch, if there is more than one call
 * @crew: those who do
 * @call: the last call
 * @own: that, as long as nobody else fetches
 */
struct mmuscope_scanner {
	int fd;
	struct mmuscope_scan ask;
	uint64_t next;
	bool over;
	bool joins;
	bool any_value;
	bool repeats;
	struct mmuscope_scan cost;
	uint64_t nr;
	uint64_t done;
	uint64_t at;
	struct mmuscope_found found;
	bool told;
	struct mmuscope_raw *raw;
	const struct mmuscope_vma *of;
	const char *of_name;
	struct mmuscope_vma kept;
	char kept_name[4097];
	struct mmuscope_extent last;
	bool open;
	bool alone;
	unsigned int threads;
	struct mmuscope_crew *crew;
	struct mmuscope_call *call;
	struct mmuscope_call own;
};

static inline const char *name_of(const struct mmuscope_scanner *scanner,
				  const struct mmuscope_vma *vma)
{
	return vma->name_len ? scanner->call->names + vma->name : "";
}

/* A VMA that a call starts in the middle of is told again. */
static inline bool is_same(const struct mmuscope_vma *a, const struct mmuscope_vma *b)
{
	return a->start == b->start && a->end == b->end &&
	       a->flags == b->flags && a->offset == b->offset &&
	       a->ino == b->ino && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor;
}

bool mmuscope_scanner_hold_back(struct mmuscope_scanner *scanner);
int mmuscope_scanner_more(struct mmuscope_scanner *scanner);

#endif
