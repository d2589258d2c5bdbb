// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw entries, worked out by hand from the tables of the Intel SDM (volume 3,
 * "Paging") and asm/pgtable-invert.h, and of the Arm ARM ("VMSAv8-64 translation
 * table format descriptors"), are decoded to what they say.
 */
#include <errno.h>
#include <string.h>
#include <mmuscope.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define PRESENT	MMUSCOPE_FLAG_PRESENT
#define RW	(MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE)
#define RX	(MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_EXEC)
#define RWX	(RX | MMUSCOPE_FLAG_WRITE)
#define USER	MMUSCOPE_FLAG_USER
#define AD	(MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_DIRTY)

#define PGD	MMUSCOPE_LEVEL_PGD
#define P4D	MMUSCOPE_LEVEL_P4D
#define PUD	MMUSCOPE_LEVEL_PUD
#define PMD	MMUSCOPE_LEVEL_PMD
#define PTE	MMUSCOPE_LEVEL_PTE

struct entry {
	const char *name;
	enum mmuscope_level level;
	uint64_t raw;
	int err;
	struct mmuscope_decoded is;
};

static const struct entry x86_64[] = {
	{ "data page", PTE, 0x8000000123456067, 0,
	  { PRESENT | RW | USER | AD, 0x123456000, 0, 0, 0 } },
	{ "code page", PTE, 0x123456025, 0,
	  { PRESENT | RX | USER | MMUSCOPE_FLAG_ACCESSED, 0x123456000, 0, 0, 0 } },
	{ "kernel's page, global", PTE, 0x8000000001234163, 0,
	  { PRESENT | RW | AD | MMUSCOPE_FLAG_GLOBAL, 0x1234000, 0, 0, 0 } },
	{ "highest frame", PTE, 0x000ffffffffff001, 0,
	  { PRESENT | RX, 0xffffffffff000, 0, 0, 0 } },
	{ "bits 52 to 57 are no address", PTE, 0x03f0000000001001, 0,
	  { PRESENT | RX, 0x1000, 0, 0, 0 } },
	{ "dirty, and write-protected since", PTE, 0x8400000000001005, 0,
	  { PRESENT | MMUSCOPE_FLAG_READ | USER | MMUSCOPE_FLAG_DIRTY, 0x1000, 0, 0, 0 } },
	{ "special, write protected by uffd, soft-dirty", PTE, 0x1e05, 0,
	  { PRESENT | RX | USER | MMUSCOPE_FLAG_SPECIAL | MMUSCOPE_FLAG_UFFD_WP |
	    MMUSCOPE_FLAG_SOFT_DIRTY, 0x1000, 0, 0, 0 } },
	{ "PWT", PTE, 0x1009, 0, { PRESENT | RX, 0x1000, 1, 0, 0 } },
	{ "PCD", PTE, 0x1011, 0, { PRESENT | RX, 0x1000, 2, 0, 0 } },
	{ "PAT of a pte is bit 7", PTE, 0x1081, 0,
	  { PRESENT | RX, 0x1000, 4, 0, 0 } },
	{ "PAT, PCD and PWT", PTE, 0x1099, 0,
	  { PRESENT | RX, 0x1000, 7, 0, 0 } },
	{ "protection key", PTE, 0x7800000000001007, 0,
	  { PRESENT | RWX | USER, 0x1000, 0, 15, 0 } },
	{ "PROT_NONE, inverted", PTE, 0x800ffffedcba9160, 0,
	  { PRESENT | MMUSCOPE_FLAG_PROT_NONE | AD, 0x123456000, 0, 0, 0 } },
	{ "swap entry", PTE, 0x07fffffffffff600, -EINVAL, {} },
	{ "nothing", PTE, 0, -EINVAL, {} },

	{ "2M page", PMD, 0x80000001234000e7, 0,
	  { PRESENT | RW | USER | AD, 0x123400000, 0, 0, 0 } },
	{ "2M page, PAT is bit 12", PMD, 0x1234010e7, 0,
	  { PRESENT | RWX | USER | AD, 0x123400000, 4, 0, 0 } },
	{ "2M page, PROT_NONE, inverted from bit 21 on", PMD,
	  0x800ffffedca001e0, 0,
	  { PRESENT | MMUSCOPE_FLAG_PROT_NONE | AD, 0x123400000, 0, 0, 0 } },
	{ "2M page in a split: PSE alone", PMD, 0x000ffffedca000e0, 0,
	  { PRESENT | AD, 0x123400000, 0, 0, 0 } },
	{ "bit 9 is special in a pte only", PMD, 0x1234002e7, 0,
	  { PRESENT | RWX | USER | AD, 0x123400000, 0, 0, 0 } },
	{ "table of ptes", PMD, 0x123456067, 0,
	  { PRESENT | RWX | USER | MMUSCOPE_FLAG_ACCESSED, 0x123456000, 0, 0, 1 } },
	{ "no table of ptes", PMD, 0x123456066, -EINVAL, {} },

	{ "1G page", PUD, 0x80000001400000e7, 0,
	  { PRESENT | RW | USER | AD, 0x140000000, 0, 0, 0 } },
	{ "1G page, what is below 1G is no address", PUD, 0x17fe01083, 0,
	  { PRESENT | RWX, 0x140000000, 4, 0, 0 } },
	{ "table of pmds", PUD, 0x123456067, 0,
	  { PRESENT | RWX | USER | MMUSCOPE_FLAG_ACCESSED, 0x123456000, 0, 0, 1 } },

	{ "table of p4ds", PGD, 0x8000000123456067, 0,
	  { PRESENT | RW | USER | MMUSCOPE_FLAG_ACCESSED, 0x123456000, 0, 0, 1 } },
	{ "PSE in a p4d", P4D, 0x1234560e7, 0,
	  { PRESENT | RWX | USER | MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_BAD,
	    0x123456000, 0, 0, 1 } },
	{ "no p4d", P4D, 0xfffffffffffffffe, -EINVAL, {} },
};

static const struct entry arm64[] = {
	{ "arm64: data page, dirty", PTE, 0x00e8000083e1af43, 0,
	  { PRESENT | RW | USER | AD, 0x83e1a000, 0, 0, 0 } },
	{ "arm64: writable and clean", PTE, 0x0068000083e1afc3, 0,
	  { PRESENT | RW | USER | MMUSCOPE_FLAG_ACCESSED, 0x83e1a000, 0, 0, 0 } },
	{ "arm64: read-only", PTE, 0x0060000083e1afc3, 0,
	  { PRESENT | MMUSCOPE_FLAG_READ | USER | MMUSCOPE_FLAG_ACCESSED,
	    0x83e1a000, 0, 0, 0 } },
	{ "arm64: code page", PTE, 0x0020000083e1afc3, 0,
	  { PRESENT | RX | USER | MMUSCOPE_FLAG_ACCESSED, 0x83e1a000, 0, 0, 0 } },
	{ "arm64: kernel's code, global", PTE, 0x0040000041000783, 0,
	  { PRESENT | RX | MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_GLOBAL,
	    0x41000000, 0, 0, 0 } },
	{ "arm64: user's code is not the kernel's", PTE, 0x0040000083e1afc3, 0,
	  { PRESENT | MMUSCOPE_FLAG_READ | USER | MMUSCOPE_FLAG_ACCESSED,
	    0x83e1a000, 0, 0, 0 } },
	{ "arm64: block of device memory", PMD, 0x0078000040000711, 0,
	  { PRESENT | RW | AD | MMUSCOPE_FLAG_GLOBAL | MMUSCOPE_FLAG_CONT,
	    0x40000000, 4, 0, 0 } },
	{ "arm64: to be executed only", PTE, 0x0020000083e1af83, 0,
	  { PRESENT | MMUSCOPE_FLAG_EXEC | USER | MMUSCOPE_FLAG_ACCESSED,
	    0x83e1a000, 0, 0, 0 } },
	{ "arm64: guarded code", PTE, 0x0024000083e1afc3, 0,
	  { PRESENT | RX | USER | MMUSCOPE_FLAG_ACCESSED |
	    MMUSCOPE_FLAG_GUARDED, 0x83e1a000, 0, 0, 0 } },
	{ "arm64: not shareable", PTE, 0x0060000083e1acc3, 0,
	  { PRESENT | MMUSCOPE_FLAG_READ | USER | MMUSCOPE_FLAG_ACCESSED |
	    MMUSCOPE_FLAG_NON_SHAREABLE, 0x83e1a000, 0, 0, 0 } },
	{ "arm64: special", PTE, 0x01e8000009000f4f, 0,
	  { PRESENT | RW | USER | AD | MMUSCOPE_FLAG_SPECIAL,
	    0x9000000, 3, 0, 0 } },
	{ "arm64: table", PMD, 0x83e1a003, 0,
	  { PRESENT | RWX | USER, 0x83e1a000, 0, 0, 1 } },
	{ "arm64: table, limited but for the kernel", PUD, 0x7000000083e1a003, 0,
	  { PRESENT | RX, 0x83e1a000, 0, 0, 1 } },
	{ "arm64: table, limited", PUD, 0x7800000083e1a003, 0,
	  { PRESENT | MMUSCOPE_FLAG_READ, 0x83e1a000, 0, 0, 1 } },
	{ "arm64: highest frame", PTE, 0x0060fffffffff383, 0,
	  { PRESENT | MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_GLOBAL,
	    0xfffffffff000, 0, 0, 0 } },
	{ "arm64: not valid", PTE, 0x04e8000083e1af42, -EINVAL, {} },
	{ "arm64: reserved, no page", PTE, 0x83e1a001, -EINVAL, {} },
	{ "arm64: reserved, no block", PGD, 0x40000001, -EINVAL, {} },
};

static int decode(enum mmuscope_arch arch, enum mmuscope_level level,
		  uint64_t raw, struct mmuscope_decoded *d)
{
	memset(d, 0x55, sizeof(*d));
	return mmuscope_entry_decode(arch, level, raw, d);
}

static bool equal(const struct mmuscope_decoded *a,
		  const struct mmuscope_decoded *b)
{
	return a->flags == b->flags && a->phys == b->phys &&
	       a->pat_index == b->pat_index && a->pkey == b->pkey &&
	       a->table == b->table;
}

static void decode_all(enum mmuscope_arch arch, const struct entry *entry,
		       size_t nr)
{
	struct mmuscope_decoded d;

	for (size_t i = 0; i < nr; i++) {
		int err = decode(arch, entry[i].level, entry[i].raw, &d);

		tap_ok(err == entry[i].err && (err || equal(&d, &entry[i].is)),
		       "%s", entry[i].name);
		if (!err)
			tap_note("flags %llx phys %llx pat %u pkey %u table %d",
				 (unsigned long long)d.flags,
				 (unsigned long long)d.phys, d.pat_index,
				 d.pkey, d.table);
	}
}

int main(void)
{
	struct mmuscope_decoded d, untouched;

	decode_all(MMUSCOPE_ARCH_X86_64, x86_64, COUNT(x86_64));
	decode_all(MMUSCOPE_ARCH_ARM64, arm64, COUNT(arm64));
	memset(&untouched, 0x55, sizeof(untouched));
	tap_ok(decode(MMUSCOPE_ARCH_X86_64, MMUSCOPE_NR_LEVELS, 1, &d) == -EINVAL,
	       "no such level");
	tap_ok(decode(MMUSCOPE_ARCH_X86_64, (enum mmuscope_level)-1, 1, &d) == -EINVAL,
	       "a level below all");
	tap_ok(decode((enum mmuscope_arch)3, PTE, 1, &d) == -EOPNOTSUPP,
	       "unknown architecture");
	tap_ok(!memcmp(&d, &untouched, sizeof(d)), "an error leaves ret alone");
	return tap_done();
}
