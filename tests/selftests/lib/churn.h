/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CHURN_H
#define CHURN_H

#include <stdbool.h>

#include "memory.h"

/*
 * What a process does with its memory, one operation or a few, to be done again
 * and again while others read: what they work on stays from one call to the next.
 */
int churn_random(unsigned int *seed, int below);

/* mmap, munmap, mremap, mprotect. */
void churn_map(unsigned int *seed);

/* Unmapping of parts, mremap, a heap that shrinks, fork. */
void churn_unmap(unsigned int *seed);

/* MADV_DONTNEED: pages and whole huge pages vanish and return. */
void churn_drop(unsigned int *seed);

/* Paging out and coming back, private and shared. */
void churn_swap(unsigned int *seed);

/* Fork and exit; some children are left behind. */
void churn_fork(unsigned int *seed);

/* Exec, of threads too, and by children after vfork. */
void churn_exec(unsigned int *seed);

/*
 * Huge pages that are split, by MADV_DONTNEED and mprotect of a part, by fork and
 * COW; and collapsed, by MADV_COLLAPSE and by khugepaged, if it is told to.
 */
void churn_thp(unsigned int *seed);

/*
 * Pages of hugetlb, private and shared, with tables that processes share in
 * @file, as churn_hugetlb_file() makes it.
 */
int churn_hugetlb_file(void);
void churn_hugetlb(unsigned int *seed, int file);

/*
 * The life of a process, which may end at any time, that makes, finds, maps,
 * seals and removes the same few shares as the others. churn_share_end() removes
 * what is left of them all and waits until it has gone.
 */
void churn_share(unsigned int *seed);
bool churn_share_end(void);

#endif
