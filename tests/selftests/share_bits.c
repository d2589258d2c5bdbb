// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bit that is changed in one process changes in the other, whichever way the
 * other came by the share: and translate shows the same frame in both. Pages of
 * both sizes and all memory types.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "device.h"
#include "memory.h"
#include "peer.h"
#include "share.h"
#include "tap.h"

#define RW (PROT_READ | PROT_WRITE)
#define NAME "between"

static const struct kind {
	const char *name;
	uint64_t bytes, flags;
	unsigned int shift, memtype;
} kinds[] = {
	{ "small pages", 256 * KB, 0, 0, 0 },
	{ "one page", 4 * KB, 0, 12, MMUSCOPE_MEMTYPE_WB },
	{ "contiguous", 100 * KB, MMUSCOPE_SHARE_CONTIGUOUS, 0, 0 },
	{ "2M pages", 6 * MB, 0, LARGE_SHIFT, 0 },
	{ "a contiguous 2M page", 2 * MB, MMUSCOPE_SHARE_CONTIGUOUS, LARGE_SHIFT, 0 },
	{ "WC", 64 * KB, 0, 0, MMUSCOPE_MEMTYPE_WC },
	{ "UC-", 64 * KB, 0, 0, MMUSCOPE_MEMTYPE_UC_MINUS },
};

static long by_scm_rights(struct peer *from, struct peer *to) { return peer_pass(from, to); }
static long by_pidfd_getfd(struct peer *from, struct peer *to) { return peer_steal(from, to); }

static long by_name(struct peer *from, struct peer *to)
{
	(void)from;
	return peer_open(to, NAME, 0);
}

static const struct way {
	const char *name;
	long (*go)(struct peer *from, struct peer *to);
} ways[] = {
	{ "SCM_RIGHTS", by_scm_rights },
	{ "pidfd_getfd", by_pidfd_getfd },
	{ "its name", by_name },
};

static struct mmuscope_share_create ask_for(const struct kind *k)
{
	struct mmuscope_share_create ask = share_ask(k->bytes, k->shift);

	ask.flags = k->flags;
	ask.memtype = k->memtype;
	strcpy(ask.name, NAME);
	return ask;
}

static struct mmuscope_translation translated(pid_t pid, unsigned long addr)
{
	struct mmuscope_translation t;
	int handle = device_target(pid), err = device_translate(handle, addr, &t);

	close(handle);
	if (err)
		tap_bail("cannot translate: %s", strerror(-err));
	return t;
}

/* It is mapped as the share is: by a leaf of that level and type. */
static bool is_leaf(const struct mmuscope_translation *t, const struct kind *k)
{
	bool large = k->shift == LARGE_SHIFT;

	return t->leaf.backing == MMUSCOPE_BACKING_RAM && t->phys &&
	       t->leaf.level == (large ? MMUSCOPE_LEVEL_PMD : MMUSCOPE_LEVEL_PTE) &&
	       t->leaf.memtype == (k->memtype ?: MMUSCOPE_MEMTYPE_WB) &&
	       !strncmp(t->name, "mmuscope:share:" NAME, 15 + sizeof(NAME) - 1);
}

/* Every page of it: a word set by one is read by the other and shown by translate. */
static bool shared(struct peer *a, unsigned long at_a, struct peer *b, unsigned long at_b,
		   const struct kind *k)
{
	size_t page = k->shift == LARGE_SHIFT ? 2 * MB : 4 * KB;
	struct mmuscope_translation ta, tb;

	for (size_t i = 0; i < k->bytes; i += page) {
		size_t word = (i + 4 * (i / page % 1000)) / 4;

		if (peer_read(a, word) || peer_read(b, word) ||
		    peer_write(a, word, 1U << 31 | i / page) ||
		    peer_read(b, word) != (1L << 31 | (long)(i / page)) ||
		    peer_write(b, word, 5) || peer_read(a, word) != 5)
			return false;
		ta = translated(a->pid, at_a + 4 * word);
		tb = translated(b->pid, at_b + 4 * word);
		if (ta.phys != tb.phys || !is_leaf(&ta, k) || !is_leaf(&tb, k)) {
			tap_note("at %zx: %llx and %llx, level %u and %u", i, ta.phys, tb.phys,
				 ta.leaf.level, tb.leaf.level);
			return false;
		}
	}
	return true;
}

static void between(const struct kind *k, const struct way *w)
{
	struct mmuscope_share_create ask = ask_for(k);
	struct peer a, b;
	long at_a, at_b;

	peer_start(&a);
	peer_start(&b);
	if (peer_create(&a, &ask) || w->go(&a, &b))
		tap_bail("%s: %s: no share", k->name, w->name);
	at_a = peer_map(&a, RW);
	at_b = peer_map(&b, RW);
	tap_ok(at_a > 0 && at_b > 0 && shared(&a, at_a, &b, at_b, k), "%s, by %s", k->name,
	       w->name);
	peer_exit(&a);
	peer_kill(&b);
}

/* The mapping itself is inherited, whether it was touched before or not. */
static void parent_and_child(const struct kind *k)
{
	struct mmuscope_share_create ask = ask_for(k);
	struct mmuscope_translation t;
	volatile unsigned int *words;
	size_t last = k->bytes / 4 - 1;
	int fd = share_create(&ask), status;
	bool ok;
	pid_t pid;

	words = share_words(fd, k->bytes);
	close(fd);
	words[0] = 1;
	pid = fork();
	if (!pid) {
		ok = words[0] == 1;
		t = translated(getpid(), (uintptr_t)words);
		ok &= t.phys == translated(getppid(), (uintptr_t)words).phys && is_leaf(&t, k);
		words[0] |= 1U << 30;
		words[last] = 77;
		_exit(!ok);
	}
	waitpid(pid, &status, 0);
	t = translated(getpid(), (uintptr_t)words);
	tap_ok(!status && words[0] == (1 | 1U << 30) && words[last] == 77 && is_leaf(&t, k),
	       "%s, by fork", k->name);
	munmap((void *)words, k->bytes);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!ARCH_UNCACHED && kinds[i].memtype > MMUSCOPE_MEMTYPE_WB) {
			tap_skip(kinds[i].name, "RAM is write-back on this processor");
			continue;
		}
		for (size_t j = 0; j < sizeof(ways) / sizeof(*ways); j++)
			between(&kinds[i], &ways[j]);
		parent_and_child(&kinds[i]);
	}
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
