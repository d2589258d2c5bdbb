// SPDX-License-Identifier: GPL-2.0-only
/*
 * A share lives as long as a descriptor or a mapping of it, and not longer:
 * however its users go, in whichever order. Made and given up hundreds of times,
 * shares leave nothing behind.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "meminfo.h"
#include "memory.h"
#include "peer.h"
#include "share.h"
#include "tap.h"

#define RW (PROT_READ | PROT_WRITE)
#define NAME "mortal"

enum { ROUNDS = 300 };

static void by_exit(struct peer *p) { peer_exit(p); }
static void by_sigkill(struct peer *p) { peer_kill(p); }

static void by_exec(struct peer *p)
{
	peer_exec(p);
	tap_ok(holdings_gone(), "the program that was executed has none of it");
	peer_kill(p);
}

static void by_unmapping(struct peer *p)
{
	peer_unmap(p);
	peer_close(p);
	tap_ok(holdings_gone(), "who gave it up has none of it");
	peer_exit(p);
}

static const struct end {
	const char *name;
	void (*go)(struct peer *p);
} ends[] = {
	{ "exit", by_exit },
	{ "SIGKILL", by_sigkill },
	{ "exec", by_exec },
	{ "munmap and close", by_unmapping },
};

enum { ENDS = sizeof(ends) / sizeof(*ends) };

static void start(struct peer *p, unsigned int shift)
{
	struct mmuscope_share_create ask = share_ask(4 * MB, shift);

	strcpy(ask.name, NAME);
	peer_start(p);
	if (peer_create(p, &ask) || peer_map(p, RW) < 0 || peer_write(p, 0, 1234) ||
	    peer_write(p, MB - 1, 4321))
		tap_bail("no share");
}

static void alone(const struct end *e, unsigned int shift)
{
	struct mmuscope_holding h[2];
	struct peer p;

	start(&p, shift);
	tap_ok(holdings(h, 2, 0) == 1 && h[0].pid == (unsigned int)p.pid && h[0].files == 1,
	       "%s, page shift %u: it is there", e->name, shift);
	e->go(&p);
	tap_ok(holdings_gone(), "%s, page shift %u: it is gone", e->name, shift);
}

/* Who made it goes first; the other keeps it, with or without a descriptor. */
static void maker_first(const struct end *e, bool close_it)
{
	struct peer maker, other;

	start(&maker, close_it ? LARGE_SHIFT : 0);
	peer_start(&other);
	peer_pass(&maker, &other);
	if (peer_map(&other, RW) < 0)
		tap_bail("cannot map");
	if (close_it)
		peer_close(&other);
	if (e->go == by_exec)
		peer_exec(&maker);
	peer_kill(&maker);
	tap_ok(peer_read(&other, 0) == 1234 && peer_read(&other, MB - 1) == 4321 &&
	       !peer_write(&other, 1, 1) && peer_read(&other, 1) == 1,
	       "%s of who made it, the other %s: it goes on", e->name,
	       close_it ? "maps it" : "has it open");
	peer_exit(&other);
	tap_ok(holdings_gone(), "and is gone with the last");
}

/* Only a descriptor, and that on its way in a socket, is enough. */
static void in_flight(void)
{
	struct mmuscope_holding h[2];
	struct peer p, other;
	bool there;

	start(&p, 0);
	peer_start(&other);
	peer_pass(&p, &other);
	peer_kill(&p);
	there = holdings(h, 2, 0) == 1 && !h[0].end && h[0].files == 1 && !h[0].opener;
	tap_ok(there && peer_map(&other, RW) > 0 && peer_read(&other, 0) == 1234,
	       "a descriptor alone keeps it, and what is in it");
	peer_kill(&other);
	tap_ok(holdings_gone(), "and it is gone with that");
}

static void once(int i)
{
	struct mmuscope_share_create ask = share_ask(2 * MB, i % 3 ? 0 : LARGE_SHIFT);
	volatile unsigned int *words;
	struct peer p;
	int fd;

	/* Not a power of two: what is too much has to go back. */
	if (i % 15 == 5)
		ask.bytes = 1280 * KB;
	ask.flags = i % 5 ? 0 : MMUSCOPE_SHARE_CONTIGUOUS;
	ask.memtype = i % 3 != 1 || !ARCH_UNCACHED ? 0 : MMUSCOPE_MEMTYPE_WC;
	if (i % 50 == 0) {
		start(&p, 0);
		peer_kill(&p);
		holdings_gone();
	}
	fd = share_create(&ask);
	words = share_words(fd, ask.bytes);
	close(fd);
	for (size_t j = 0; j < ask.bytes / 4; j += 1024)
		words[j] = j;
	munmap((void *)words, ask.bytes);
}

static void many(void)
{
	long free_before, slab_before, free_after = 0, slab_after = 0;

	for (int i = 0; i < 60; i++)
		once(i);
	holdings_gone();
	free_before = meminfo_free();
	slab_before = meminfo("SUnreclaim");
	for (int i = 0; i < ROUNDS; i++)
		once(i);
	for (int tries = 0; tries < 50; tries++) {
		free_after = meminfo_free();
		slab_after = meminfo("SUnreclaim");
		if (free_before - free_after < 1000 && slab_after - slab_before < 512)
			break;
		usleep(50000);
	}
	tap_note("%d shares of 2 MB: %ld kB less are free, slab grew by %ld kB", ROUNDS,
		 free_before - free_after, slab_after - slab_before);
	tap_ok(free_before - free_after < 1000, "free memory does not shrink");
	tap_ok(slab_after - slab_before < 512, "slab does not grow");
}

int main(void)
{
	for (int i = 0; i < ENDS; i++) {
		alone(&ends[i], 0);
		alone(&ends[i], LARGE_SHIFT);
	}
	maker_first(&ends[1], false);
	maker_first(&ends[1], true);
	maker_first(&ends[2], false);
	in_flight();
	many();
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
