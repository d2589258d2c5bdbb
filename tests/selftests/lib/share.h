/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SHARE_H
#define SHARE_H

#include <linux/mmuscope.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LARGE_SHIFT 21

/* An argument of CREATE: pages of that size on any node, mode 0600, no name. */
struct mmuscope_share_create share_ask(uint64_t bytes, unsigned int page_shift);

/* The calls: a descriptor or -errno; the device is opened for each. */
int share_create(const struct mmuscope_share_create *ask);
int share_open(const char *name, uint64_t flags);
int share_remove(const char *name);

/* A share as share_ask() has it; the test ends if there is none. */
int share_new(uint64_t bytes, unsigned int page_shift);

/* A kept one of that name. */
int share_keep(const char *name, uint64_t bytes, unsigned int mode);

int share_seal(int fd, uint64_t seals);
struct mmuscope_share_info share_info(int fd);

/* Physical addresses of the first @nr pages: 0 or -errno. */
int share_phys(int fd, uint64_t *phys, size_t nr);

/* mmap(2), MAP_SHARED: an address, or MAP_FAILED. */
void *share_map(int fd, size_t bytes, int prot);

/* The same; the test ends if it fails. */
volatile unsigned int *share_words(int fd, size_t bytes);

/* errno of mmap(2), 0 if it would work. */
int share_map_error(int fd, void *at, size_t bytes, int prot, int flags, off_t offset);

/* What HOLDINGS tells: elements, at most @max, or -errno. */
int holdings(struct mmuscope_holding *h, size_t max, unsigned int kind);

/* No share is left; waits a while for those who are on their way out. */
bool holdings_gone(void);

#endif
