// SPDX-License-Identifier: GPL-2.0-only
/*
 * The library's answers agree with each other: what the scan tells of a page
 * is what it translates to, and the summary is the sum of what the scan tells.
 */
#include <mmuscope.h>
#include <stdlib.h>
#include <unistd.h>

#include "arch.h"
#include "tap.h"
#include "zoo.h"

#define MAX	10000

static struct mmuscope_extent extent[MAX];
static uint64_t addr[MAX];
static size_t nr, vmas;
static uint64_t mapped;

static void scan(struct mmuscope_target *target)
{
	const struct mmuscope_found *f;
	struct mmuscope_scanner *scanner;

	if (mmuscope_scan_begin(target, NULL, &scanner))
		tap_bail("cannot scan");
	while (nr < MAX && mmuscope_scan_next(scanner, &f) > 0) {
		extent[nr] = f->extent;
		addr[nr++] = f->extent.start + 123;
		vmas += f->first_in_vma;
		if (f->first_in_vma)
			mapped += f->vma.end - f->vma.start;
	}
	mmuscope_scan_end(scanner);
}

static bool alike(const struct mmuscope_extent *e,
		  const struct mmuscope_translation *t)
{
	return t->leaf.level == e->level && t->leaf.backing == e->backing &&
	       t->leaf.value == e->value && t->leaf.flags == e->flags &&
	       t->leaf.raw == e->raw;
}

static void translations(struct mmuscope_target *target)
{
	struct mmuscope_translation *t = calloc(nr, sizeof(*t));
	size_t same = 0, phys = 0, present = 0, i;

	if (mmuscope_translate(target, addr, nr, t))
		tap_bail("cannot translate");
	for (i = 0; i < nr; i++) {
		bool is = extent[i].flags & MMUSCOPE_FLAG_PRESENT;

		if (alike(&extent[i], &t[i]))
			same++;
		else
			tap_note("%llx: %llx, scanned %llx", t[i].addr,
				 t[i].leaf.flags, extent[i].flags);
		phys += t[i].addr == addr[i] &&
			t[i].phys == (is ? extent[i].value + 123 : 0);
		present += is;
	}
	tap_note("%zu extents, %zu present", nr, present);
	tap_ok(nr > 40 && same == nr, "each extent's first page");
	tap_ok(present > 20 && phys == nr, "each physical address");
	free(t);
}

static void decoded(void)
{
	size_t same = 0, present = 0;

	for (size_t i = 0; i < nr; i++) {
		const uint64_t mask = (MMUSCOPE_FLAG_ANON - 1) &
			~(uint64_t)(MMUSCOPE_SAID_FLAGS | MMUSCOPE_FLAG_ZERO);
		struct mmuscope_decoded d;
		uint64_t size = 1ULL << (12 + 9 * (MMUSCOPE_LEVEL_PTE -
						   extent[i].level));

		if (!(extent[i].flags & MMUSCOPE_FLAG_PRESENT))
			continue;
		/* How others are spelt only the kernel's release knows there. */
		if (ARCH_ARM64 && !ARCH_VALID(extent[i].raw))
			continue;
		present++;
		same += !mmuscope_entry_decode(ARCH,
					       (enum mmuscope_level)extent[i].level,
					       extent[i].raw, &d) &&
			!d.table && !((d.flags ^ extent[i].flags) & mask) &&
			d.phys == extent[i].value - extent[i].start % size &&
			d.pkey == extent[i].pkey;
	}
	tap_note("%zu of %zu raw entries", same, present);
	tap_ok(present > 20 && same == present,
	       "decoded without the module, raw entries say the same");
}

static void summary(struct mmuscope_target *target)
{
	struct mmuscope_summary sum;
	uint64_t bytes[16] = {}, all = 0;
	bool same = true;

	if (mmuscope_summary(target, &sum))
		tap_bail("cannot sum up");
	for (size_t i = 0; i < nr; i++)
		bytes[extent[i].backing] += extent[i].end - extent[i].start;
	for (int i = 0; i < 16; i++) {
		same &= bytes[i] == sum.backing[i];
		all += sum.backing[i];
	}
	tap_ok(sum.mapped == mapped && all == mapped && vmas > 20,
	       "summary: all VMAs");
	tap_ok(same, "summary: each backing");
	tap_ok(sum.extents == nr, "summary: as many extents");
}

int main(void)
{
	struct mmuscope_target *target;
	struct mmuscope *mmuscope;
	struct mmuscope_info info;
	struct zoo zoo;

	if (mmuscope_open(&mmuscope))
		tap_bail("cannot open the device");
	tap_ok(!mmuscope_get_info(mmuscope, &info) && info.abi == MMUSCOPE_ABI &&
	       info.arch == ARCH && info.page_shift == 12 &&
	       (info.rights & MMUSCOPE_RIGHT_FRAMES), "info");
	zoo_start(&zoo);
	if (mmuscope_target_by_pid(mmuscope, zoo.pid, &target))
		tap_bail("no target");
	mmuscope_close(mmuscope);
	scan(target);
	translations(target);
	decoded();
	summary(target);
	mmuscope_target_close(target);
	zoo_stop(&zoo);
	return tap_done();
}
