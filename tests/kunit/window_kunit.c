// SPDX-License-Identifier: GPL-2.0-only
/* Which windows there can be, and what is accessed through one. */
#include "compat.h"
#include "suites.h"
#include "../../src/module/mmio.c"
#include "../../src/module/window.c"

#define PHYS	0xfe000000ULL

static void arguments(struct kunit *test)
{
	static const struct {
		struct mmuscope_mmio_open args;
		int err;
	} rows[] = {
		{ { .phys = PHYS, .bytes = PAGE_SIZE }, 0 },
		{ { .phys = PHYS, .bytes = PAGE_SIZE, .reserved = 1 }, -EINVAL },
		{ { .phys = PHYS, .bytes = PAGE_SIZE, .name = "a b" }, -EINVAL },
		{ { .phys = PHYS, .bytes = 0 }, -EINVAL },
		{ { .phys = PHYS, .bytes = 4 }, -EINVAL },
		{ { .phys = PHYS + 4, .bytes = PAGE_SIZE }, -EINVAL },
		{ { .phys = PHYS + 4, .bytes = 4,
		    .flags = MMUSCOPE_MMIO_ACCESS }, 0 },
		{ { .phys = PHYS, .bytes = PAGE_SIZE, .flags =
		    MMUSCOPE_MMIO_ACCESS | MMUSCOPE_MMIO_MAP }, -EINVAL },
		{ { .phys = PHYS, .bytes = PAGE_SIZE, .flags =
		    MMUSCOPE_MMIO_ACCESS | MMUSCOPE_MMIO_INHERIT }, -EINVAL },
		{ { .phys = PHYS, .bytes = PAGE_SIZE,
		    .memtype = MMUSCOPE_MEMTYPE_WC }, 0 },
		{ { .phys = PHYS, .bytes = PAGE_SIZE,
		    .memtype = MMUSCOPE_MEMTYPE_UC }, 0 },
		{ { .phys = PHYS, .bytes = PAGE_SIZE,
		    .memtype = MMUSCOPE_MEMTYPE_WB }, -EOPNOTSUPP },
		{ { .phys = PHYS, .bytes = PAGE_SIZE,
		    .memtype = MMUSCOPE_NR_MEMTYPES }, -EINVAL },
	};
	struct mmuscope_mmio_open args = rows[0].args;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, open_check(&rows[i].args),
				    rows[i].err, "row %u", i);
	for (i = 0; i < 64; i++) {
		args.flags = 1ULL << i;
		KUNIT_EXPECT_EQ_MSG(test, open_check(&args),
				    OPEN_FLAGS >> i & 1 ? 0 : -EINVAL,
				    "bit %u", i);
	}
}

static void addresses(struct kunit *test)
{
	struct mmuscope_mmio_open args = {};
	struct mmuscope_info info = {};
	u64 limit;

	mmuscope_arch_info(&info);
	limit = 1ULL << info.pa_bits;
	args.phys = limit - PAGE_SIZE;
	args.bytes = PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, open_address(&args), 0);
	args.bytes++;
	KUNIT_EXPECT_EQ(test, open_address(&args), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, args.why, (u32)MMUSCOPE_MMIO_WHY_ADDRESS);
	KUNIT_EXPECT_EQ(test, args.conflict_start, limit);
	args.phys = limit + PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, open_address(&args), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, args.conflict_start, limit + PAGE_SIZE);
	args.phys = PAGE_SIZE;
	args.bytes = -PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, open_address(&args), -EOVERFLOW);
}

static void accesses(struct kunit *test)
{
	static const struct {
		struct mmuscope_mmio_access args;
		int err;
	} rows[] = {
		{ { .width = 4 }, 0 },
		{ { .width = 4, .flags = 2 }, -EINVAL },
		{ { .width = 4, .reserved = 1 }, -EINVAL },
		{ { .width = 0 }, -EINVAL },
		{ { .width = 3 }, -EINVAL },
		{ { .width = 16 }, -EINVAL },
		{ { .width = 4, .offset = 2 }, -EINVAL },
		{ { .width = 8, .offset = 4 }, -EINVAL },
		{ { .width = 8, .offset = 0 }, 0 },
		{ { .width = 4, .flags = MMUSCOPE_MMIO_WRITE,
		    .value = U32_MAX }, 0 },
		{ { .width = 4, .flags = MMUSCOPE_MMIO_WRITE,
		    .value = 1ULL << 32 }, -EINVAL },
		{ { .width = 4, .value = 1ULL << 32 }, 0 },
		{ { .width = 8, .flags = MMUSCOPE_MMIO_WRITE, .offset = 8,
		    .value = U64_MAX }, 0 },
		{ { .width = 4, .offset = 0xf8 }, 0 },
		{ { .width = 4, .offset = 0xfc }, -ERANGE },
		{ { .width = 4, .offset = -4ULL }, -ERANGE },
		{ { .width = 1, .offset = 0xfb }, 0 },
		{ { .width = 1, .offset = 0xfc }, -ERANGE },
		{ { .width = 2, .offset = 0 }, -EACCES },
	};
	struct window window = {
		.held.told = { .phys = PHYS, .bytes = 0xfc },
		.widths = MMUSCOPE_WIDTHS & ~2,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, access_check(&window, &rows[i].args),
				    rows[i].err, "row %u", i);
	window.held.told.flags = MMUSCOPE_MMIO_READONLY;
	KUNIT_EXPECT_EQ(test, access_check(&window, &rows[0].args), 0);
	KUNIT_EXPECT_EQ(test, access_check(&window, &rows[9].args), -EACCES);
	/* Where the register stands counts, not only where in the window. */
	window.held.told.phys += 4;
	KUNIT_EXPECT_EQ(test, access_check(&window, &rows[8].args), -EINVAL);
}

/* As many bytes as asked for, there and nowhere else, while it is there. */
static void widths(struct kunit *test)
{
	const u64 value = 0x8877665544332211ULL;
	u8 *regs = kunit_kzalloc(test, 64, GFP_KERNEL);
	struct mmuscope_claim claim = { .start = PHYS };
	struct window window = {
		.held.told = { .phys = PHYS + 16, .bytes = 32 },
		.claim = &claim,
	};
	struct mmuscope_mmio_access args = { .offset = 8 };
	unsigned int i;

	KUNIT_ASSERT_TRUE(test, regs);
	claim.base = (void __iomem *)regs;
	for (args.width = 1; args.width <= 8; args.width *= 2) {
		memset(regs, 0xa5, 64);
		args.flags = MMUSCOPE_MMIO_WRITE;
		args.value = value;
		KUNIT_EXPECT_EQ(test, access(&window, &args), 0);
		for (i = 0; i < 64; i++)
			KUNIT_EXPECT_EQ_MSG(test, regs[i],
					    i >= 24 && i < 24 + args.width ?
					    0x11 * (i - 23) : 0xa5,
					    "width %u byte %u", args.width, i);
		args.flags = 0;
		args.value = 0;
		KUNIT_EXPECT_EQ(test, access(&window, &args), 0);
		KUNIT_EXPECT_EQ(test, args.value,
				value & (U64_MAX >> (64 - 8 * args.width)));
	}
	claim.base = NULL;
	KUNIT_EXPECT_EQ(test, access(&window, &args), -ENODEV);
}

static void mappings(struct kunit *test)
{
	static const struct {
		u64 flags;
		unsigned long pages, pgoff, vm;
		int err;
	} rows[] = {
		{ 0, 4, 0, VM_MAYSHARE, 0 },
		{ 0, 1, 3, VM_MAYSHARE, 0 },
		{ 0, 5, 0, VM_MAYSHARE, -ENXIO },
		{ 0, 1, 4, VM_MAYSHARE, -ENXIO },
		{ 0, 1, ULONG_MAX, VM_MAYSHARE, -ENXIO },
		{ 0, 4, 0, 0, -EINVAL },
		{ MMUSCOPE_MMIO_ACCESS, 4, 0, VM_MAYSHARE, -EACCES },
	};
	struct mmuscope_claim claim = { .base = (void __iomem *)1 };
	struct window window = {
		.held.told.bytes = 4 * PAGE_SIZE,
		.claim = &claim,
	};
	struct vm_area_struct vma = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		window.held.told.flags = rows[i].flags;
		vma.vm_end = rows[i].pages * PAGE_SIZE;
		vma.vm_pgoff = rows[i].pgoff;
		vm_flags_init(&vma, rows[i].vm);
		KUNIT_EXPECT_EQ_MSG(test, mmap_check(&window, &vma),
				    rows[i].err, "row %u", i);
	}
	claim.base = NULL;
	window.held.told.flags = 0;
	vma.vm_pgoff = 0;
	vm_flags_init(&vma, VM_MAYSHARE);
	KUNIT_EXPECT_EQ(test, mmap_check(&window, &vma), -ENODEV);
	KUNIT_EXPECT_EQ(test, window_may_split(&vma, 0), -EINVAL);
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(arguments),
	KUNIT_CASE(addresses),
	KUNIT_CASE(accesses),
	KUNIT_CASE(widths),
	KUNIT_CASE(mappings),
	{}
};

struct kunit_suite window_suite = {
	.name = "window",
	.test_cases = window_cases,
};
