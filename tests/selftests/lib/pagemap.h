/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PAGEMAP_H
#define PAGEMAP_H

#include <stdint.h>
#include <sys/types.h>

/* /proc/<PID>/pagemap, one entry per page: the oracle of maps. */
#define PM_PFN(e)		((e) & ((1ULL << 55) - 1))
#define PM_SWAP_TYPE(e)		((e) & 31)
#define PM_SWAP_OFFSET(e)	(PM_PFN(e) >> 5)
#define PM_SOFT_DIRTY		(1ULL << 55)
#define PM_EXCLUSIVE		(1ULL << 56)
#define PM_UFFD_WP		(1ULL << 57)
#define PM_FILE			(1ULL << 61)
#define PM_SWAP			(1ULL << 62)
#define PM_PRESENT		(1ULL << 63)

/* The entries of [start, end): to be freed; NULL when it cannot be read. */
uint64_t *pagemap_read(pid_t pid, unsigned long start, unsigned long end);

#endif
