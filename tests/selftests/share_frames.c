// SPDX-License-Identifier: GPL-2.0-only
/*
 * The frames of a share: they are zero, and what PHYS says is what SCAN sees, in
 * one piece if that was asked for, with the memory type that was asked for. They
 * do not move.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "device.h"
#include "memory.h"
#include "share.h"
#include "tap.h"
#include "text.h"

enum { MAX = 4096 };

static uint64_t phys[MAX];

static const struct kind {
	const char *name;
	uint64_t bytes, flags;
	unsigned int shift, memtype;
} kinds[] = {
	{ "small", 1 * MB, 0, 12, MMUSCOPE_MEMTYPE_WB },
	{ "contiguous", 1 * MB + 4096, MMUSCOPE_SHARE_CONTIGUOUS, 12, MMUSCOPE_MEMTYPE_WB },
	{ "contiguous, the largest", 4 * MB, MMUSCOPE_SHARE_CONTIGUOUS, 12,
	  MMUSCOPE_MEMTYPE_WB },
	{ "2M", 8 * MB, 0, 21, MMUSCOPE_MEMTYPE_WB },
	{ "2M contiguous", 2 * MB, MMUSCOPE_SHARE_CONTIGUOUS, 21, MMUSCOPE_MEMTYPE_WB },
	{ "WC", 1 * MB, 0, 12, MMUSCOPE_MEMTYPE_WC },
	{ "WC contiguous", 1 * MB + 4096, MMUSCOPE_SHARE_CONTIGUOUS, 12, MMUSCOPE_MEMTYPE_WC },
	{ "UC-", 1 * MB, 0, 12, MMUSCOPE_MEMTYPE_UC_MINUS },
};

static int made(const struct kind *k)
{
	struct mmuscope_share_create ask = share_ask(k->bytes, k->shift);
	int fd;

	ask.flags = k->flags;
	ask.memtype = k->memtype;
	fd = share_create(&ask);
	if (fd < 0)
		tap_bail("%s: no share: %s", k->name, strerror(-fd));
	if (share_phys(fd, phys, k->bytes >> k->shift))
		tap_bail("%s: no frames", k->name);
	return fd;
}

/* Each extent of the mapping is a run of what PHYS told. */
static bool seen(const struct kind *k, uintptr_t at)
{
	struct mmuscope_scan ask = device_ask(at, at + k->bytes);
	int handle = device_target(getpid());
	uint64_t next = at, page = 1ULL << k->shift;
	struct scan s;
	bool ok = !device_scan(&s, handle, &ask, &device_roomy);

	for (size_t i = 0; ok && i < s.extents; i++) {
		const struct mmuscope_extent *e = &s.extent[i];

		ok = e->start == next && e->backing == MMUSCOPE_BACKING_RAM &&
		     e->memtype == k->memtype &&
		     e->level == (k->shift == 12 ? MMUSCOPE_LEVEL_PTE : MMUSCOPE_LEVEL_PMD);
		for (next = e->start; ok && next < e->end; next += page)
			ok = phys[(next - at) / page] == e->value + next - e->start;
		next = e->end;
	}
	ok &= next == at + k->bytes && (!k->flags || s.extents == 1);
	device_scan_free(&s);
	close(handle);
	return ok;
}

static bool is_zero(const volatile unsigned int *words, uint64_t bytes)
{
	for (uint64_t i = 0; i < bytes / 4; i++)
		if (words[i])
			return false;
	return true;
}

static void frames(const struct kind *k)
{
	uint64_t page = 1ULL << k->shift;
	volatile unsigned int *words;
	bool aligned = true, piece = true, zero = true;
	int fd;

	/* The second time they have been used before. */
	for (int i = 0; i < 2; i++) {
		fd = made(k);
		words = share_words(fd, k->bytes);
		zero &= is_zero(words, k->bytes);
		memset((void *)words, 0xff, k->bytes);
		for (uint64_t j = 0; j < k->bytes / page; j++) {
			aligned &= phys[j] && phys[j] % page == 0;
			piece &= phys[j] == phys[0] + j * page;
		}
		if (i)
			break;
		munmap((void *)words, k->bytes);
		close(fd);
		holdings_gone();
	}
	tap_ok(zero, "%s: zero", k->name);
	tap_ok(aligned && (piece || !k->flags), "%s: told as they are", k->name);
	text_write("/proc/sys/vm/compact_memory", "1");
	tap_ok(seen(k, (uintptr_t)words), "%s: seen as they are told, after compaction", k->name);
	munmap((void *)words, k->bytes);
	close(fd);
}

/* PHYS in parts. */
static void parts(void)
{
	struct mmuscope_share_phys args = { .size = sizeof(args) };
	uint64_t vec[300];
	size_t got = 0;
	bool ok = true;
	int fd = made(&kinds[0]);

	args.vec_len = 100;
	args.vec = (uintptr_t)vec;
	for (args.first = 0; args.first < 256; args.first += args.nr) {
		memset(vec, 0, sizeof(vec));
		ok &= !device_ioctl(fd, MMUSCOPE_IOC_SHARE_PHYS, &args) && !vec[args.nr];
		ok &= args.nr == (args.first < 200 ? 100 : 56) &&
		      !memcmp(vec, phys + args.first, 8 * args.nr);
		got += args.nr;
	}
	tap_ok(ok && got == 256, "told in parts");
	close(fd);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (ARCH_UNCACHED || kinds[i].memtype <= MMUSCOPE_MEMTYPE_WB)
			frames(&kinds[i]);
		else
			tap_skip(kinds[i].name, "RAM is write-back on this processor");
	parts();
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
