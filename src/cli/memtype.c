// SPDX-License-Identifier: MIT
/*
 * Frames that are mapped with conflicting memory types. Almost all is mapped
 * write-back, so what is not is remembered, and in a second pass compared with
 * all that is mapped.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit.h"

/*
 * What MTRRs may still turn into write-combining, they rarely do. Tags change
 * nothing of how memory is cached, nor does the kind of device memory.
 */
static uint32_t class_of(uint32_t memtype)
{
	switch (memtype) {
	case MMUSCOPE_MEMTYPE_UC_MINUS:
		return MMUSCOPE_MEMTYPE_UC;
	case MMUSCOPE_MEMTYPE_TAGGED:
		return MMUSCOPE_MEMTYPE_WB;
	case MMUSCOPE_MEMTYPE_DEVICE_NGNRE:
	case MMUSCOPE_MEMTYPE_DEVICE_NGRE:
	case MMUSCOPE_MEMTYPE_DEVICE_GRE:
		return MMUSCOPE_MEMTYPE_DEVICE_NGNRNE;
	default:
		return memtype;
	}
}

static bool has_frames(const struct mmuscope_extent *ext)
{
	return ext->backing == MMUSCOPE_BACKING_RAM ||
	       ext->backing == MMUSCOPE_BACKING_MMIO ||
	       ext->backing == MMUSCOPE_BACKING_DEVICE;
}

static uint64_t frame_bytes(const struct mmuscope_extent *ext)
{
	return ext->flags & MMUSCOPE_FLAG_REPEAT ?
		(uint64_t)sysconf(_SC_PAGESIZE) : ext->end - ext->start;
}

int claims_add(struct claims *claims, pid_t pid,
	       const struct mmuscope_extent *ext)
{
	struct claim *more = claims->claim;

	if (!has_frames(ext) || class_of(ext->memtype) <= MMUSCOPE_MEMTYPE_WB)
		return 0;
	/* The size doubles at each power of two. */
	if (!(claims->nr & (claims->nr - 1)))
		more = reallocarray(more, claims->nr ? 2 * claims->nr : 1,
				    sizeof(*more));
	if (!more)
		return -ENOMEM;
	claims->claim = more;
	if (claims->longest < frame_bytes(ext))
		claims->longest = frame_bytes(ext);
	more[claims->nr++] = (struct claim) {
		.pid = pid, .start = ext->start, .bytes = frame_bytes(ext),
		.phys = ext->value, .memtype = ext->memtype,
	};
	return 0;
}

static int by_phys(const void *a, const void *b)
{
	const struct claim *one = a, *other = b;

	return (one->phys > other->phys) - (one->phys < other->phys);
}

void claims_sort(struct claims *claims)
{
	if (claims->nr)
		qsort(claims->claim, claims->nr, sizeof(*claims->claim),
		      by_phys);
}

/* Of two that are both unusual, the pair is told once. */
static bool contradicts(const struct claim *claim,
			const struct mmuscope_extent *ext)
{
	uint32_t one = class_of(claim->memtype), other = class_of(ext->memtype);

	return claim->phys + claim->bytes > ext->value && one != other &&
	       (other == MMUSCOPE_MEMTYPE_WB || one < other);
}

/* The first that can reach up to @phys. */
static size_t first_near(const struct claims *claims, uint64_t phys)
{
	size_t low = 0, high = claims->nr, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (claims->claim[middle].phys + claims->longest <= phys)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct claim *claims_conflict(struct claims *claims,
			      const struct mmuscope_extent *ext)
{
	uint64_t end = ext->value + frame_bytes(ext);
	size_t i;

	if (!has_frames(ext) || !ext->memtype)
		return NULL;
	i = first_near(claims, ext->value);
	for (; i < claims->nr && claims->claim[i].phys < end; i++)
		if (!claims->claim[i].told &&
		    contradicts(&claims->claim[i], ext))
			return &claims->claim[i];
	return NULL;
}

static bool still_maps(struct cli *cli, pid_t pid, uint64_t addr, uint64_t phys,
		       uint32_t memtype)
{
	struct mmuscope_translation trans;
	struct mmuscope_target *target;
	int err = audit_target(cli, pid, &target);

	if (err)
		return false;
	err = mmuscope_translate(target, &addr, 1, &trans);
	mmuscope_target_close(target);
	return !err && trans.phys == phys && trans.leaf.memtype == memtype;
}

/* The first physical address that both map. */
static uint64_t common_phys(const struct claim *claim,
			    const struct mmuscope_extent *ext)
{
	return claim->phys > ext->value ? claim->phys : ext->value;
}

bool conflict_holds(struct cli *cli, const struct claim *claim, pid_t pid,
		    const struct mmuscope_extent *ext)
{
	uint64_t phys = common_phys(claim, ext);

	return still_maps(cli, claim->pid, claim->start + phys - claim->phys,
			  phys, claim->memtype) &&
	       still_maps(cli, pid, ext->start + phys - ext->value, phys,
			  ext->memtype);
}

void conflict_sentence(const struct claim *claim, pid_t pid,
		       const struct mmuscope_extent *ext, char *sentence,
		       size_t size)
{
	uint64_t phys = common_phys(claim, ext);
	char who[32] = "the kernel";

	if (pid)
		snprintf(who, sizeof(who), "pid %d", pid);
	snprintf(sentence, size,
		 "physical address %" PRIx64 " is %s here and %s for %s at %"
		 PRIx64, phys, mmuscope_memtype_name(claim->memtype),
		 mmuscope_memtype_name(ext->memtype), who,
		 (uint64_t)(ext->start + phys - ext->value));
}
