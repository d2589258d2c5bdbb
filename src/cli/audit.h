/* SPDX-License-Identifier: MIT */
/* What the files of audit ask of each other. */
#ifndef _AUDIT_H
#define _AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli.h"

enum finding {
	WX_KERNEL,
	WX_USER,
	USER_IN_KERNEL,
	EXEC_ANON,
	MEMTYPE_CONFLICT,
	VMA_DISAGREES,
	OUTSIDE_VMA,
	BEYOND_MEMORY,
	WRITABLE_ZERO,
	NR_FINDINGS,
};

/* finding.c */

extern const char * const finding_names[NR_FINDINGS];

/* Where an extent was found. */
enum where {
	IN_KERNEL,
	IN_VMA,
	IN_NO_VMA,
};

unsigned int find_wrong(const struct mmuscope_found *found, enum where where);
void finding_sentence(enum finding finding, const struct mmuscope_found *found,
		      char *sentence, size_t size);

/* memtype.c */

/**
 * struct claim - a mapping that is not cached as usual
 * @pid: whose, 0 for the kernel's half
 * @start: its first address
 * @bytes: its size
 * @phys: what it maps
 * @memtype: how
 * @told: a conflict of it has been told
 */
struct claim {
	pid_t pid;
	uint64_t start;
	uint64_t bytes;
	uint64_t phys;
	uint32_t memtype;
	bool told;
};

/**
 * struct claims - all of them
 * @claim: by their phys once they are sorted
 * @nr: how many
 * @longest: the most bytes of one
 */
struct claims {
	struct claim *claim;
	size_t nr;
	uint64_t longest;
};

int claims_add(struct claims *claims, pid_t pid,
	       const struct mmuscope_extent *ext);
void claims_sort(struct claims *claims);
/* The first that is not told yet and that @ext contradicts, or NULL. */
struct claim *claims_conflict(struct claims *claims,
			      const struct mmuscope_extent *ext);
/* Both are still as they were, and really of the same frame. */
bool conflict_holds(struct cli *cli, const struct claim *claim, pid_t pid,
		    const struct mmuscope_extent *ext);
void conflict_sentence(const struct claim *claim, pid_t pid,
		       const struct mmuscope_extent *ext, char *sentence,
		       size_t size);

/* audit.c */

/* The kernel's half for pid 0. */
int audit_target(struct cli *cli, pid_t pid, struct mmuscope_target **ret);

#endif
