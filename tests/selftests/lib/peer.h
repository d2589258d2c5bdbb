/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PEER_H
#define PEER_H

#include <linux/mmuscope.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A process that has one share open and one mapping of it, and does as it is
 * told. What it answers is 0 or more, or -errno.
 */
struct peer {
	pid_t pid;
	int socket;
};

void peer_start(struct peer *p);

/* SIGKILL, and wait. */
void peer_kill(struct peer *p);

/* Let it exit, close and unmap by itself, and wait. */
void peer_exit(struct peer *p);

/* Let it execute another program, and wait until it does. */
void peer_exec(struct peer *p);

long peer_become(struct peer *p, unsigned int uid);

/* Ways to come by a share; peer_steal() is pidfd_getfd(2). */
long peer_create(struct peer *p, const struct mmuscope_share_create *ask);
long peer_open(struct peer *p, const char *name, uint64_t flags);
long peer_pass(struct peer *from, struct peer *to);
long peer_steal(struct peer *from, struct peer *to);
long peer_close(struct peer *p);

/* Remove a share, or seal the one that is open. */
long peer_remove(struct peer *p, const char *name);
long peer_seal(struct peer *p, uint64_t seals);

/* Map all of it: the address. */
long peer_map(struct peer *p, int prot);
long peer_unmap(struct peer *p);

/* The words of the mapping. */
long peer_read(struct peer *p, uint64_t word);
long peer_write(struct peer *p, uint64_t word, unsigned int value);

#endif
