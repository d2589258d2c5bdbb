// SPDX-License-Identifier: GPL-2.0-only
/*
 * PHYS call by call: the same ranges whatever the array, those that overlap what
 * was asked for and no other, counts that add up, and bad arguments.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arguments.h"
#include "capless.h"
#include "device.h"
#include "physical.h"
#include "tap.h"

static struct physical all;

static bool same(const struct physical *a, const struct physical *b)
{
	return a->nr == b->nr && !memcmp(a->range, b->range, a->nr * sizeof(*a->range));
}

static void arrays(void)
{
	static const size_t sizes[] = { 224, 232, 4096 };
	const struct mmuscope_phys ask = {};
	unsigned int good = 0, bad = 0;
	unsigned long calls = 0;
	struct physical p;

	for (size_t len = 1; len < 70; len += len < 8 ? 1 : 13) {
		for (size_t i = 0; i < 3; i++) {
			bool ok = !physical_read(&p, device, &ask, len, sizes[i]) &&
				  same(&p, &all);

			good += ok;
			bad += !ok;
			calls += p.calls;
			physical_free(&p);
		}
	}
	tap_ok(good && !bad, "%u arrays, %lu calls: the same %zu ranges", good + bad, calls,
	       all.nr);
}

/* Those of all that overlap the range. */
static bool as_filtered(const struct physical *p, const struct mmuscope_phys *ask)
{
	size_t nr = 0;

	for (size_t i = 0; i < all.nr; i++) {
		if (all.range[i].end <= ask->start || all.range[i].start >= ask->end)
			continue;
		if (nr == p->nr || memcmp(&p->range[nr], &all.range[i], sizeof(*p->range)))
			return false;
		nr++;
	}
	return nr == p->nr;
}

static void ranges(void)
{
	unsigned int good = 0, bad = 0;
	struct physical p;

	for (size_t i = 0; i < all.nr; i++) {
		for (int k = -1; k < 2; k++) {
			struct mmuscope_phys ask = {
				.start = all.range[i].start + k * !!all.range[i].start,
				.end = all.range[i].end - !!k,
			};
			bool ok = !physical_read(&p, device, &ask, 3, 0) &&
				  as_filtered(&p, &ask);

			good += ok;
			bad += !ok;
			physical_free(&p);
		}
	}
	tap_ok(good && !bad, "%u parts: what overlaps them, %u are wrong", good + bad, bad);
}

static bool adds_up(const struct mmuscope_phys_range *r)
{
	unsigned long long sum = 0;

	for (int i = 0; i < 16; i++)
		sum += r->frames[i];
	return sum == (r->kind == MMUSCOPE_PHYS_ZONE ? (r->end - r->start) / 4096 : 0);
}

static void counts(void)
{
	const struct mmuscope_phys ask = { .flags = MMUSCOPE_PHYS_COUNT };
	unsigned long long kinds[16] = {};
	unsigned int bad = 0;
	struct physical p;

	if (physical_read(&p, device, &ask, 64, 0))
		tap_bail("PHYS with COUNT");
	for (size_t i = 0; i < p.nr; i++) {
		bad += !adds_up(&p.range[i]);
		for (int k = 0; k < 16; k++)
			kinds[k] += p.range[i].frames[k];
		memset(p.range[i].frames, 0, sizeof(p.range[i].frames));
	}
	tap_ok(!bad && same(&p, &all), "counts add up, and nothing else differs");
	tap_note("%llu free, %llu anon, %llu shmem, %llu slab, %llu tables, %llu changed",
		 kinds[MMUSCOPE_FRAME_FREE], kinds[MMUSCOPE_FRAME_ANON],
		 kinds[MMUSCOPE_FRAME_SHMEM], kinds[MMUSCOPE_FRAME_SLAB],
		 kinds[MMUSCOPE_FRAME_TABLE], kinds[MMUSCOPE_FRAME_NONE]);
	tap_ok(kinds[MMUSCOPE_FRAME_FREE] && kinds[MMUSCOPE_FRAME_ANON] &&
	       kinds[MMUSCOPE_FRAME_SLAB] && kinds[MMUSCOPE_FRAME_TABLE] &&
	       kinds[MMUSCOPE_FRAME_RESERVED] && kinds[MMUSCOPE_FRAME_HUGETLB],
	       "frames are of many kinds");
	physical_free(&p);
}

static void arguments(void)
{
	static unsigned char vec[8 * 224];
	const struct mmuscope_phys good = {
		.size = sizeof(good), .vec = (uintptr_t)vec, .vec_len = 8, .vec_size = 224,
	};
	const struct command PHYS = { "PHYS", &device, MMUSCOPE_IOC_PHYS, sizeof(good),
				      .good = &good };
	const struct change none = {};
	static const struct change bad_ones[] = {
		{ AT(phys, start), 1ULL << 63 }, { AT(phys, end), ~0ULL },
		{ AT(phys, end), 1ULL << 56 }, { AT(phys, vec_len), 0 },
		{ AT(phys, vec_size), 0 }, { AT(phys, vec_size), 216 },
		{ AT(phys, vec_size), 228 }, { AT(phys, vec_size), 8192 },
	};

	arguments_prepare();
	sizes(&PHYS);
	pointers(&PHYS);
	bits(&PHYS, "flags", AT(phys, flags), MMUSCOPE_PHYS_COUNT);
	for (size_t i = 0; i < sizeof(bad_ones) / sizeof(*bad_ones); i++)
		changed(&PHYS, "field", bad_ones[i], none, -EINVAL);
	changed(&PHYS, "empty", (struct change){ AT(phys, start), 4096 },
		(struct change){ AT(phys, end), 4096 }, -EINVAL);
	changed(&PHYS, "vec unaligned", (struct change){ AT(phys, vec), good.vec + 4 }, none,
		-EINVAL);
	changed(&PHYS, "vec unmapped", (struct change){ AT(phys, vec), unmapped }, none,
		-EFAULT);
	changed(&PHYS, "vec read-only", (struct change){ AT(phys, vec), readonly }, none,
		-EFAULT);
	result("PHYS", 60);
}

/* In memory that a process without capabilities shares with its parent. */
static struct told {
	int err;
	size_t nr;
} *told;

static void ask_handed(void)
{
	const struct mmuscope_phys ask = {};
	struct physical p;

	told->err = physical_read(&p, device, &ask, 64, 0);
	told->nr = p.nr;
}

static void ask_own(void)
{
	int handed = device;

	device = device_open();
	ask_handed();
	close(device);
	device = handed;
}

static void rights(void)
{
	capless_run(ask_own);
	tap_ok(told->err == -EPERM && !told->nr, "without CAP_SYS_ADMIN: EPERM");
	capless_run(ask_handed);
	tap_ok(!told->err && told->nr == all.nr,
	       "a device that was opened with it and handed over tells all");
}

int main(void)
{
	const struct mmuscope_phys ask = {};

	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		    -1, 0);
	device = device_open();
	if (physical_read(&all, device, &ask, 512, 0))
		tap_bail("PHYS");
	arrays();
	ranges();
	counts();
	rights();
	arguments();
	physical_free(&all);
	return tap_done();
}
