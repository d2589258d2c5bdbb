// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every name of the one table, and no other, goes both ways; every flag of the
 * ABI has one. What has an empty name has none.
 */
#include <linux/kernel-page-flags.h>
#include <string.h>
#include <mmuscope.h>
#include <mmuscope/frame_names.h>
#include <mmuscope/names.h>

#include "tap.h"

#define NR(table)	(sizeof(table) / sizeof((table)[0]))

static void flags(void)
{
	uint64_t all = 0, twice = 0, flag;
	bool there = true, back = true;
	unsigned int n;

	for (n = 0; (flag = mmuscope_flag_nth(n)); n++) {
		const char *name = mmuscope_flag_name(flag);

		there &= name && *name && flag == mmuscope_flag_names[n].flag;
		back &= name && mmuscope_flag_by_name(name) == flag;
		twice |= all & flag;
		all |= flag;
	}
	tap_ok(n == NR(mmuscope_flag_names), "as many flags as in the table");
	tap_ok(there, "each has a name, in the table's order");
	tap_ok(back, "each name has its flag");
	tap_ok(!twice && all == (MMUSCOPE_SCAN_FLAGS | MMUSCOPE_FLAG_REPEAT),
	       "each flag of the ABI once");
	tap_ok((MMUSCOPE_SAID_FLAGS & ~all) == 0, "said flags are flags");
	tap_ok(!mmuscope_flag_nth(n + 1) && !mmuscope_flag_nth(-1U),
	       "none beyond the last");
	tap_ok(!mmuscope_flag_name(0) && !mmuscope_flag_name(~all) &&
	       !mmuscope_flag_name(MMUSCOPE_FLAG_DIRTY | MMUSCOPE_FLAG_KSM),
	       "no name for none, for an unknown one and for two at once");
	tap_ok(!mmuscope_flag_by_name("") && !mmuscope_flag_by_name("dirt") &&
	       !mmuscope_flag_by_name("Dirty"), "no flag by another name");
}

static void markers(void)
{
	const uint32_t all[] = { MMUSCOPE_MARKER_UFFD_WP,
		MMUSCOPE_MARKER_POISONED, MMUSCOPE_MARKER_GUARD };
	static const char * const names[] = { "uffd-wp", "poisoned", "guard" };

	for (size_t i = 0; i < NR(all); i++)
		tap_ok(!strcmp(mmuscope_marker_name(all[i]), names[i]),
		       "marker %s", names[i]);
	tap_ok(!mmuscope_marker_name(0) && !mmuscope_marker_name(3) &&
	       !mmuscope_marker_name(8), "no other marker");
}

/* @all: the bits that have a name, one each. */
static void bits(const char *what, const char *(*name)(uint64_t flag),
		 const struct mmuscope_name *table, size_t nr, uint64_t all)
{
	uint64_t seen = 0;
	bool there = true;

	for (size_t i = 0; i < nr; i++) {
		const char *is = name(table[i].flag);

		there &= is && *is && !strcmp(is, table[i].name) &&
			 !(seen & table[i].flag);
		seen |= table[i].flag;
	}
	tap_ok(there && seen == all, "each %s has a name", what);
	tap_ok(!name(0) && !name(all) && !name(1ULL << 63), "no other %s", what);
}

static void held(void)
{
	static const struct mmuscope_name seals[] = {
		{ MMUSCOPE_SEAL_SEAL,		"seal" },
		{ MMUSCOPE_SEAL_WRITE,		"write" },
		{ MMUSCOPE_SEAL_FUTURE_WRITE,	"future-write" },
	};

	bits("flag of a share", mmuscope_share_flag_name, mmuscope_share_names,
	     NR(mmuscope_share_names), MMUSCOPE_SHARE_KEEP |
	     MMUSCOPE_SHARE_CONTIGUOUS | MMUSCOPE_SHARE_READONLY_OTHERS |
	     MMUSCOPE_SHARE_READONLY);
	bits("flag of a window", mmuscope_mmio_flag_name, mmuscope_mmio_names,
	     NR(mmuscope_mmio_names), MMUSCOPE_MMIO_READONLY |
	     MMUSCOPE_MMIO_SHARED | MMUSCOPE_MMIO_INHERIT |
	     MMUSCOPE_MMIO_ACCESS | MMUSCOPE_MMIO_UNLISTED);
	bits("seal", mmuscope_seal_name, seals, NR(seals), MMUSCOPE_SEAL_SEAL |
	     MMUSCOPE_SEAL_WRITE | MMUSCOPE_SEAL_FUTURE_WRITE);
}

/* Each number of <linux/kernel-page-flags.h> that user space has, and more. */
static void kpf(void)
{
	bool there = true, once = true;
	uint64_t all = 0;

	for (size_t i = 0; i < NR(mmuscope_kpf_names); i++) {
		uint64_t bit = mmuscope_kpf_names[i].flag;
		const char *name = mmuscope_kpf_name(bit);

		there &= name && !strcmp(name, mmuscope_kpf_names[i].name);
		once &= !(all & bit) && !(bit & (bit - 1));
		all |= bit;
	}
	tap_ok(there && once && (all & 0x7ffffff) == 0x7ffffff, "each flag of a frame");
	tap_ok(!strcmp(mmuscope_kpf_name(1ULL << KPF_KSM), "ksm") &&
	       !strcmp(mmuscope_kpf_name(1ULL << KPF_PGTABLE), "pgtable") &&
	       !strcmp(mmuscope_kpf_name(1ULL << KPF_BUDDY), "buddy"), "by its number");
	tap_ok(!mmuscope_kpf_name(0) && !mmuscope_kpf_name(3) &&
	       !mmuscope_kpf_name(1ULL << 63), "no other flag of a frame");
}

/* The numbers in a row that has no end of its own but the ABI's. */
static const char *level(unsigned int n) { return mmuscope_level_name(n); }
static const char *backing(unsigned int n) { return mmuscope_backing_name(n); }
static const char *softleaf(unsigned int n) { return mmuscope_softleaf_name(n); }
static const char *memtype(unsigned int n) { return mmuscope_memtype_name(n); }
static const char *kind(unsigned int n) { return mmuscope_frame_kind_name(n); }
static const char *zone(unsigned int n) { return mmuscope_zone_name(n); }
static const char *lru(unsigned int n) { return mmuscope_lru_name(n); }
static const char *method(unsigned int n) { return mmuscope_method_name(n); }

static void row(const char *what, const char * const *table, unsigned int nr,
		const char *(*name)(unsigned int), int (*by_name)(const char *))
{
	bool there = true, back = true;

	for (unsigned int i = 0; i < nr; i++) {
		const char *is = name(i);

		there &= *table[i] ? is && !strcmp(is, table[i]) : !is;
		if (is && by_name)
			back &= by_name(is) == (int)i;
	}
	tap_ok(there, "each %s by number", what);
	tap_ok(!name(nr) && !name(-1U), "no other %s", what);
	if (by_name) {
		tap_ok(back, "each %s by name", what);
		tap_ok(by_name("") == -1 && by_name("ramp") == -1 &&
		       by_name("pt") == -1, "no %s by another name", what);
	}
}

int main(void)
{
	flags();
	markers();
	held();
	kpf();
	row("level", mmuscope_level_names, MMUSCOPE_NR_LEVELS, level,
	    mmuscope_level_by_name);
	row("backing", mmuscope_backing_names, MMUSCOPE_NR_BACKINGS, backing,
	    mmuscope_backing_by_name);
	row("memory type", mmuscope_memtype_names, MMUSCOPE_NR_MEMTYPES,
	    memtype, mmuscope_memtype_by_name);
	row("kind of frame", mmuscope_frame_kind_names, MMUSCOPE_NR_FRAME_KINDS,
	    kind, NULL);
	row("zone", mmuscope_zone_names, MMUSCOPE_NR_ZONES, zone, NULL);
	row("LRU list", mmuscope_lru_names, MMUSCOPE_NR_LRUS, lru, NULL);
	row("method", mmuscope_method_names, MMUSCOPE_NR_METHODS, method, NULL);
	row("softleaf", mmuscope_softleaf_names, MMUSCOPE_NR_SOFTLEAVES,
	    softleaf, NULL);
	return tap_done();
}
