// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every bad argument of SCAN has its errno and leaves nothing behind: neither
 * the arrays nor the structure were written to.
 */
#include <errno.h>
#include <stdint.h>

#include "arguments.h"
#include "device.h"
#include "tap.h"

static void scan_ranges(void)
{
	unsigned long end;
	struct mmuscope_scan a = scan;
	const struct {
		const char *what;
		uint64_t start, end;
	} rows[] = {
		{ "start unaligned", 1, 0x10000 },
		{ "start unaligned", 0x1008, 0x10000 },
		{ "start unaligned", 0xfff, 0x10000 },
		{ "end unaligned", 0x1000, 0x10001 },
		{ "end unaligned", 0x1000, 0x10fff },
		{ "end unaligned", 0, 1 },
		{ "reversed", 0x2000, 0x1000 },
		{ "equal", 0x2000, 0x2000 },
		{ "high start, end 0", ~0xfffULL, 0 },
		{ "all", 0, ~0xfffULL },
		{ "all", 0, ~0ULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		changed(&SCAN, rows[i].what, (struct change){ AT(scan, start), rows[i].start },
			(struct change){ AT(scan, end), rows[i].end }, -EINVAL);
	a.end = 0;
	if (device_ioctl(handle, MMUSCOPE_IOC_SCAN, &a))
		tap_bail("cannot scan");
	end = a.end;
	changed(&SCAN, "the last page", (struct change){ AT(scan, start), end - 4096 },
		(struct change){ AT(scan, end), end }, 0);
	/* Where one page of the kernel's half belongs to all, they only are empty. */
	changed(&SCAN, "the kernel's", (struct change){ AT(scan, start), KERNEL },
		(struct change){ AT(scan, end), KERNEL + 4096 }, end < KERNEL ? -EINVAL : 0);
	changed(&SCAN, "not canonical", (struct change){ AT(scan, start), BIT(62) },
		(struct change){ AT(scan, end), BIT(62) + 4096 }, end < KERNEL ? -EINVAL : 0);
	changed(&SCAN, "past the end", (struct change){ AT(scan, end), end + 4096 },
		(struct change){}, -EINVAL);
	changed(&SCAN, "from the end", (struct change){ AT(scan, start), end },
		(struct change){ AT(scan, end), 0 }, -EINVAL);
	result("SCAN: ranges", 16);
}

static void scan_arrays(void)
{
	const uintptr_t extents = (uintptr_t)out.extents;
	const struct {
		const char *what;
		size_t at;
		uint64_t to;
		int want;
	} rows[] = {
		{ "vec null", AT(scan, vec), 0, -EFAULT },
		{ "vec unmapped", AT(scan, vec), unmapped, -EFAULT },
		{ "vec read-only", AT(scan, vec), readonly, -EFAULT },
		{ "vec of the kernel", AT(scan, vec), KERNEL, -EFAULT },
		{ "vec not canonical", AT(scan, vec), BIT(63), -EFAULT },
		{ "vec at the top", AT(scan, vec), ~7ULL, -EFAULT },
		{ "vec unaligned", AT(scan, vec), extents + 1, -EINVAL },
		{ "vec unaligned", AT(scan, vec), extents + 4, -EINVAL },
		{ "vec_len", AT(scan, vec_len), 0, -EINVAL },
		{ "vec_size", AT(scan, vec_size), 0, -EINVAL },
		{ "vec_size", AT(scan, vec_size), 8, -EINVAL },
		{ "vec_size", AT(scan, vec_size), sizeof(struct mmuscope_extent) - 8, -EINVAL },
		{ "vec_size", AT(scan, vec_size), sizeof(struct mmuscope_extent) + 1, -EINVAL },
		{ "vec_size", AT(scan, vec_size), sizeof(struct mmuscope_extent) + 4, -EINVAL },
		{ "vec_size", AT(scan, vec_size), 4104, -EINVAL },
		{ "vec_size", AT(scan, vec_size), BIT(32) + 96, -EINVAL },
		{ "vec_size", AT(scan, vec_size), ~7ULL, -EINVAL },
		{ "no vma", AT(scan, vma), 0, -EINVAL },
		{ "vma unmapped", AT(scan, vma), unmapped, -EFAULT },
		{ "vma read-only", AT(scan, vma), readonly, -EFAULT },
		{ "vma of the kernel", AT(scan, vma), KERNEL, -EFAULT },
		{ "vma unaligned", AT(scan, vma), (uintptr_t)out.vmas + 2, -EINVAL },
		{ "vma_len", AT(scan, vma_len), 0, -EINVAL },
		{ "vma_size", AT(scan, vma_size), 0, -EINVAL },
		{ "vma_size", AT(scan, vma_size), sizeof(struct mmuscope_vma) - 8, -EINVAL },
		{ "vma_size", AT(scan, vma_size), sizeof(struct mmuscope_vma) + 7, -EINVAL },
		{ "vma_size", AT(scan, vma_size), 4104, -EINVAL },
		{ "no names", AT(scan, names), 0, -EINVAL },
		{ "names unmapped", AT(scan, names), unmapped, -EFAULT },
		{ "names read-only", AT(scan, names), readonly, -EFAULT },
		{ "names of the kernel", AT(scan, names), KERNEL, -EFAULT },
		{ "names_len", AT(scan, names_len), 0, -EINVAL },
		{ "names_len", AT(scan, names_len), BIT(32), -EINVAL },
		{ "names_len", AT(scan, names_len), ~0ULL, -EINVAL },
		{ "names_len", AT(scan, names_len), 1, -ENAMETOOLONG },
		/* More room than there can be is no lie that we would notice. */
		{ "vec_len", AT(scan, vec_len), ~0ULL, 0 },
		{ "vma_len", AT(scan, vma_len), ~0ULL, 0 },
	};
	struct mmuscope_scan good = scan;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		changed(&SCAN, rows[i].what, (struct change){ rows[i].at, rows[i].to },
			(struct change){}, rows[i].want);
	/* Larger elements are copied one by one. */
	changed(&SCAN, "vec read-only",
		(struct change){ AT(scan, vec_size), sizeof(struct mmuscope_extent) + 8 },
		(struct change){ AT(scan, vec), readonly }, -EFAULT);
	/* Without names, without VMAs. */
	scan.names = scan.names_len = 0;
	changed(&SCAN, "no names", (struct change){ AT(scan, vec_len), 100 },
		(struct change){}, 0);
	changed(&SCAN, "names without vma", (struct change){ AT(scan, vma), 0 },
		(struct change){ AT(scan, vma_len), 0 }, -EINVAL);
	scan.vma = scan.vma_len = scan.vma_size = 0;
	changed(&SCAN, "no vma", (struct change){ AT(scan, vec_len), 100 },
		(struct change){}, 0);
	changed(&SCAN, "vma_len without vma", (struct change){ AT(scan, vma_len), 1 },
		(struct change){}, -EINVAL);
	changed(&SCAN, "vma_size without vma", (struct change){ AT(scan, vma_size), 72 },
		(struct change){}, -EINVAL);
	changed(&SCAN, "names without vma", (struct change){ AT(scan, names), good.names },
		(struct change){ AT(scan, names_len), good.names_len }, -EINVAL);
	changed(&SCAN, "names_len without vma", (struct change){ AT(scan, names_len), 1 },
		(struct change){}, -EINVAL);
	scan = good;
	result("SCAN: arrays", 40);
}

static void scan_words(void)
{
	uint64_t known = MMUSCOPE_SCAN_FLAGS | 0x1fULL << 58 | 0xffULL << 48;

	bits(&SCAN, "flags", AT(scan, flags),
	     MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_OUTSIDE);
	bits(&SCAN, "inverted", AT(scan, inverted), known);
	bits(&SCAN, "mask", AT(scan, mask), known);
	bits(&SCAN, "anyof", AT(scan, anyof), known);
	bits(&SCAN, "return_mask", AT(scan, return_mask), MMUSCOPE_SCAN_FLAGS);
	changed(&SCAN, "all known", (struct change){ AT(scan, inverted), known },
		(struct change){ AT(scan, anyof), known }, 0);
	changed(&SCAN, "outside", (struct change){ AT(scan, flags), MMUSCOPE_SCAN_OUTSIDE },
		(struct change){ AT(scan, mask), known }, 0);
	changed(&SCAN, "outside, and unknown",
		(struct change){ AT(scan, flags), MMUSCOPE_SCAN_OUTSIDE | BIT(2) },
		(struct change){}, -EINVAL);
	changed(&SCAN, "all known", (struct change){ AT(scan, mask), known },
		(struct change){ AT(scan, return_mask), MMUSCOPE_SCAN_FLAGS }, 0);
	result("SCAN: unknown bits", 171);
}

/* What a step may take is twice as much where the page cache is looked into. */
static void scan_bounds(void)
{
	const struct {
		uint64_t flag, hold;
		int want;
	} rows[] = {
		{ 0, 0, 0 }, { 0, 517, 0 }, { 0, 2048, 0 },
		{ 0, 1, -EINVAL }, { 0, 516, -EINVAL }, { 0, 2049, -EINVAL },
		{ 0, BIT(32) + 600, -EINVAL }, { 0, ~0ULL, -EINVAL },
		{ MMUSCOPE_FLAG_CACHED, 517, -EINVAL },
		{ MMUSCOPE_FLAG_CACHED, 1033, -EINVAL },
		{ MMUSCOPE_FLAG_CACHED, 1034, 0 },
		{ MMUSCOPE_FLAG_SWAPPED, 1033, -EINVAL },
		{ MMUSCOPE_FLAG_SWAPPED, 2048, 0 },
		{ MMUSCOPE_FLAG_SWAPPED, 2049, -EINVAL },
		{ MMUSCOPE_FLAG_SHARED, 517, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		changed(&SCAN, "max_hold", (struct change){ AT(scan, max_hold), rows[i].hold },
			(struct change){ AT(scan, return_mask), rows[i].flag }, rows[i].want);
	changed(&SCAN, "budget", (struct change){ AT(scan, budget), 1 }, (struct change){}, 0);
	changed(&SCAN, "budget", (struct change){ AT(scan, budget), ~0ULL },
		(struct change){}, 0);
	result("SCAN: bounds", 17);
}

static void scan_others(void)
{
	sizes(&SCAN);
	pointers(&SCAN);
	result("SCAN: sizes and addresses", 30);
}

int main(void)
{
	arguments_prepare();
	scan_ranges();
	scan_arrays();
	scan_words();
	scan_bounds();
	scan_others();
	return tap_done();
}
