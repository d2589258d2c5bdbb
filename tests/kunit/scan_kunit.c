// SPDX-License-Identifier: GPL-2.0-only
/* Which arguments of SCAN are good, and what a call makes of them. */
#include "compat.h"
#include "suites.h"
#include "../../src/module/scan.c"

#define AT(field)	offsetof(struct mmuscope_scan, field)
#define VEC		0x10000ULL
#define TASK_END	0x7ffffffff000UL

/* Nothing is copied here; device.c, where these are, is no part of this. */
int mmuscope_copy_in(void *args, size_t size, size_t first,
		     const void __user *uarg)
{
	return -EFAULT;
}

int mmuscope_copy_out(void __user *uarg, const void *args, size_t size)
{
	return -EFAULT;
}

static struct {
	u64 to;
	u64 size;
	unsigned int nr;
	struct mmuscope_vma vma;
} copied;

int mmuscope_copy_element(void __user *to, u64 size, const void *from,
			  size_t known)
{
	copied.to = (unsigned long)to;
	copied.size = size;
	copied.nr++;
	if (known == sizeof(copied.vma))
		copied.vma = *(const struct mmuscope_vma *)from;
	return 0;
}

static const struct mmuscope_scan good = {
	.size = sizeof(good),
	.start = 0x1000,
	.end = 0x2000,
	.vec = VEC,
	.vec_len = 1,
	.vec_size = sizeof(struct mmuscope_extent),
};

static const struct mmuscope_scan full = {
	.size = sizeof(full),
	.vec = VEC,
	.vec_len = 10,
	.vec_size = sizeof(struct mmuscope_extent) + 8,
	.vma = VEC,
	.vma_len = 10,
	.vma_size = sizeof(struct mmuscope_vma) + 16,
	.names = VEC + 1,
	.names_len = 100,
};

static struct mm_struct *new_mm(struct kunit *test)
{
	struct mm_struct *mm = kunit_kzalloc(test, sizeof(*mm), GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, mm);
	mm->task_size = TASK_END;
	return mm;
}

static int check_with(const struct mmuscope_scan *base, struct mm_struct *mm,
		      size_t at, u64 to)
{
	struct mmuscope_scan args = *base;

	*(u64 *)((char *)&args + at) = to;
	return check_args(&args, mm, false);
}

static void ranges(struct kunit *test)
{
	struct mm_struct *mm = new_mm(test);
	const u64 limit = target_end(mm);
	const struct {
		u64 start, end;
		int err;
	} rows[] = {
		{ 0, 0x1000, 0 },
		{ 0x1000, 0x2000, 0 },
		{ 0, limit, 0 },
		{ limit - PAGE_SIZE, limit, 0 },
		{ 0, 0, 0 },
		{ limit - PAGE_SIZE, 0, 0 },
		{ limit, 0, -EINVAL },
		{ limit + PAGE_SIZE, 0, -EINVAL },
		{ 1, 0x2000, -EINVAL },
		{ 0x1800, 0x2000, -EINVAL },
		{ 0x1000, 0x2001, -EINVAL },
		{ 0x1000, 0x2fff, -EINVAL },
		{ 0x2000, 0x1000, -EINVAL },
		{ 0x2000, 0x2000, -EINVAL },
		{ 0, limit + PAGE_SIZE, -EINVAL },
		{ 0, limit + 1, -EINVAL },
		{ 0, ~0ULL, -EINVAL },
		{ 0, PAGE_MASK, -EINVAL },
		{ PAGE_MASK, 0, -EINVAL },
	};
	struct mmuscope_scan args;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		args = good;
		args.start = rows[i].start;
		args.end = rows[i].end;
		KUNIT_EXPECT_EQ_MSG(test, check_args(&args, mm, false), rows[i].err,
				    "row %u", i);
		if (!rows[i].err)
			KUNIT_EXPECT_EQ(test, args.end, rows[i].end ?: limit);
	}
}

static void kernel_ranges(struct kunit *test)
{
	const u64 first = mmuscope_arch_kernel_start();
	const struct {
		u64 start, end;
		int err;
	} rows[] = {
		{ 0, 0, 0 },
		{ first, PAGE_MASK, 0 },
		{ first + PAGE_SIZE, 0, 0 },
		{ 0, first + PAGE_SIZE, 0 },
		{ first - PAGE_SIZE, 0, -EINVAL },
		{ PAGE_SIZE, 0, -EINVAL },
		{ 0, first, -EINVAL },
		{ first, PAGE_MASK + 1, -EINVAL },
		{ PAGE_MASK, 0, -EINVAL },
	};
	struct mmuscope_scan args;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		args = good;
		args.start = rows[i].start;
		args.end = rows[i].end;
		KUNIT_EXPECT_EQ_MSG(test, check_args(&args, NULL, true),
				    rows[i].err, "row %u", i);
		if (rows[i].err)
			continue;
		KUNIT_EXPECT_EQ(test, args.start, rows[i].start ?: first);
		KUNIT_EXPECT_EQ(test, args.end, rows[i].end ?: PAGE_MASK);
	}
}

static void end_of_target(struct kunit *test)
{
	struct mm_struct *mm = new_mm(test);
	struct mmuscope_vma gate;

	if (mmuscope_arch_gate(mm, &gate)) {
		KUNIT_EXPECT_EQ(test, target_end(mm), gate.end);
		return;
	}
	KUNIT_EXPECT_EQ(test, target_end(mm), TASK_END);
	/* A 32-bit process ends in the middle of a page. */
	mm->task_size = 0xffffe001;
	KUNIT_EXPECT_EQ(test, target_end(mm), 0xfffff000UL);
}

static void unknown_bits(struct kunit *test)
{
	static const struct {
		size_t at;
		u64 known;
	} rows[] = {
		{ AT(flags), MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_OUTSIDE },
		{ AT(inverted), 0x7cff0007ff03bfff },
		{ AT(mask), 0x7cff0007ff03bfff },
		{ AT(anyof), 0x7cff0007ff03bfff },
		{ AT(return_mask), 0x7ff03bfff },
	};
	struct mm_struct *mm = new_mm(test);
	unsigned int i, bit;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ(test, check_with(&good, mm, rows[i].at,
						 rows[i].known), 0);
		for (bit = 0; bit < 64; bit++)
			KUNIT_EXPECT_EQ_MSG(test,
					    check_with(&good, mm, rows[i].at, BIT_ULL(bit)),
					    rows[i].known >> bit & 1 ? 0 : -EINVAL,
					    "row %u bit %u", i, bit);
	}
}

/* There is nothing outside of VMAs where there are none. */
static void kernel_bits(struct kunit *test)
{
	struct mmuscope_scan args;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		args = good;
		args.start = 0;
		args.end = 0;
		args.flags = BIT_ULL(bit);
		KUNIT_EXPECT_EQ_MSG(test, check_args(&args, NULL, true),
				    args.flags == MMUSCOPE_SCAN_VALUES ? 0 :
				    -EINVAL, "bit %u", bit);
	}
}

static void arrays(struct kunit *test)
{
	const size_t ext = sizeof(struct mmuscope_extent);
	const size_t vma = sizeof(struct mmuscope_vma);
	const struct {
		const struct mmuscope_scan *base;
		size_t at;
		u64 to;
		int err;
	} rows[] = {
		{ &good, AT(vec), 0, 0 },	/* -EFAULT, when it is used */
		{ &good, AT(vec), VEC + 1, -EINVAL },
		{ &good, AT(vec), VEC + 4, -EINVAL },
		{ &good, AT(vec_len), 0, -EINVAL },
		{ &good, AT(vec_len), ~0ULL, 0 },
		{ &good, AT(vec_size), 0, -EINVAL },
		{ &good, AT(vec_size), ext - 8, -EINVAL },
		{ &good, AT(vec_size), ext + 4, -EINVAL },
		{ &good, AT(vec_size), ext + 8, 0 },
		{ &good, AT(vec_size), PAGE_SIZE, 0 },
		{ &good, AT(vec_size), PAGE_SIZE + 8, -EINVAL },
		{ &good, AT(vma), VEC, -EINVAL },
		{ &good, AT(vma_len), 1, -EINVAL },
		{ &good, AT(vma_size), vma, -EINVAL },
		{ &good, AT(names), VEC, -EINVAL },
		{ &good, AT(names_len), 1, -EINVAL },
		{ &full, AT(flags), 0, 0 },
		{ &full, AT(vma), 0, -EINVAL },
		{ &full, AT(vma), VEC + 4, -EINVAL },
		{ &full, AT(vma_len), 0, -EINVAL },
		{ &full, AT(vma_len), ~0ULL, 0 },
		{ &full, AT(vma_size), 0, -EINVAL },
		{ &full, AT(vma_size), vma - 8, -EINVAL },
		{ &full, AT(vma_size), vma + 1, -EINVAL },
		{ &full, AT(vma_size), PAGE_SIZE + 8, -EINVAL },
		{ &full, AT(names), 0, -EINVAL },
		{ &full, AT(names_len), 0, -EINVAL },
		{ &full, AT(names_len), 1, 0 },
		{ &full, AT(names_len), U32_MAX, 0 },
		{ &full, AT(names_len), 1ULL << 32, -EINVAL },
	};
	struct mm_struct *mm = new_mm(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, check_with(rows[i].base, mm,
						     rows[i].at, rows[i].to),
				    rows[i].err, "row %u", i);
}

static struct scan *new_scan(struct kunit *test,
			     const struct mmuscope_scan *args)
{
	struct scan *scan = kunit_kzalloc(test, sizeof(*scan), GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, scan);
	scan->handle = kunit_kzalloc(test, sizeof(*scan->handle), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, scan->handle);
	scan->args = *args;
	return scan;
}

/* What costs something, or is not for everybody, only if it is asked for. */
static void wants(struct kunit *test)
{
	static const struct {
		bool frames;
		size_t at;
		u64 to;
		unsigned int want;
	} rows[] = {
		{ true, AT(flags), 0, 0 },
		{ false, AT(flags), MMUSCOPE_SCAN_VALUES, 0 },
		{ true, AT(flags), MMUSCOPE_SCAN_VALUES, MMUSCOPE_WANT_VALUE },
		{ true, AT(flags), MMUSCOPE_SCAN_OUTSIDE,
		  MMUSCOPE_WANT_OUTSIDE },
		{ true, AT(return_mask), 0x3fff, 0 },
		{ true, AT(mask), MMUSCOPE_CAT_LEVEL(4), 0 },
		{ true, AT(anyof), MMUSCOPE_CAT_BACKING(3), 0 },
		{ true, AT(return_mask), MMUSCOPE_FLAG_ANON,
		  MMUSCOPE_WANT_PAGE },
		{ false, AT(inverted), MMUSCOPE_FLAG_SHARED,
		  MMUSCOPE_WANT_PAGE },
		{ true, AT(inverted), MMUSCOPE_FLAG_SWAPPED,
		  MMUSCOPE_WANT_CACHE },
		{ true, AT(return_mask), MMUSCOPE_FLAG_CACHED,
		  MMUSCOPE_WANT_CACHE },
		{ false, AT(return_mask), MMUSCOPE_FLAG_CACHED, 0 },
		{ true, AT(mask), MMUSCOPE_FLAG_THP, MMUSCOPE_WANT_PAGE },
		{ true, AT(anyof), MMUSCOPE_FLAG_ZERO, MMUSCOPE_WANT_PAGE },
	};
	struct mm_struct *mm = new_mm(test);
	struct scan *scan;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		scan = new_scan(test, &good);
		scan->handle->frames = rows[i].frames;
		scan->args.nr = 7;
		scan->args.nr_vma = 7;
		scan->args.status = 7;
		*(u64 *)((char *)&scan->args + rows[i].at) = rows[i].to;
		scan_init(scan, mm);
		KUNIT_EXPECT_EQ_MSG(test, scan->walk.want, rows[i].want,
				    "row %u", i);
		KUNIT_EXPECT_EQ(test, scan->handle->batch.any_value,
				!(rows[i].want & MMUSCOPE_WANT_VALUE));
		KUNIT_EXPECT_EQ(test, scan->args.nr, 0ull);
		KUNIT_EXPECT_EQ(test, scan->args.nr_vma, 0ull);
		KUNIT_EXPECT_EQ(test, scan->args.status, 0ull);
		KUNIT_EXPECT_EQ(test, scan->walk.addr, 0x1000ul);
		KUNIT_EXPECT_EQ(test, scan->walk.end, 0x2000ul);
	}
}

#include "scan_bounds.h"
/* A VMA is told once in a call, and where its first extent is. */
static void vmas(struct kunit *test)
{
	struct mmuscope_vma_slot slot = { .vma = { .start = 0x1000 }, .first = 3 };
	struct scan *scan = new_scan(test, &full);

	scan->args.names = 0;
	scan->args.names_len = 0;
	scan->args.nr = 20;
	KUNIT_EXPECT_EQ(test, put_vma(scan, &slot), 0);
	KUNIT_EXPECT_EQ(test, copied.to, VEC);
	KUNIT_EXPECT_EQ(test, copied.size, full.vma_size);
	KUNIT_EXPECT_EQ(test, copied.vma.first, 23ull);
	KUNIT_EXPECT_EQ(test, copied.vma.start, 0x1000ull);
	KUNIT_EXPECT_EQ(test, scan->args.nr_vma, 1ull);

	copied.nr = 0;
	slot.continued = true;
	KUNIT_EXPECT_EQ(test, put_vma(scan, &slot), 0);
	KUNIT_EXPECT_EQ(test, copied.nr, 0u);

	slot.continued = false;
	KUNIT_EXPECT_EQ(test, put_vma(scan, &slot), 0);
	KUNIT_EXPECT_EQ(test, copied.to, VEC + full.vma_size);
	KUNIT_EXPECT_EQ(test, scan->args.nr_vma, 2ull);

	scan->args.nr_vma = full.vma_len;
	copied.nr = 0;
	KUNIT_EXPECT_EQ(test, put_vma(scan, &slot), 1);
	KUNIT_EXPECT_EQ(test, copied.nr, 0u);

	/* The first of a call, though the call before ended in it. */
	scan->args.nr_vma = 0;
	slot.continued = true;
	KUNIT_EXPECT_EQ(test, put_vma(scan, &slot), 0);
	KUNIT_EXPECT_EQ(test, copied.nr, 1u);
}

static void long_name(struct kunit *test)
{
	struct mmuscope_vma_slot slot = { .name = "[heap]" };
	struct scan *scan = new_scan(test, &full);

	scan->args.names_len = 6;
	KUNIT_EXPECT_EQ(test, put_vma(scan, &slot), -ENAMETOOLONG);
	/* Behind others it waits for the next call. */
	scan->args.names_len = 16;
	scan->named = 10;
	scan->args.nr_vma = 1;
	KUNIT_EXPECT_EQ(test, put_vma(scan, &slot), 1);
	KUNIT_EXPECT_EQ(test, scan->args.nr_vma, 1ull);
	KUNIT_EXPECT_EQ(test, scan->named, 10ull);
}

static struct kunit_case scan_cases[] = {
	KUNIT_CASE(ranges),
	KUNIT_CASE(kernel_ranges),
	KUNIT_CASE(end_of_target),
	KUNIT_CASE(unknown_bits),
	KUNIT_CASE(kernel_bits),
	KUNIT_CASE(arrays),
	KUNIT_CASE(bounds),
	KUNIT_CASE(wants),
	KUNIT_CASE(vmas),
	KUNIT_CASE(long_name),
	{}
};

struct kunit_suite scan_suite = {
	.name = "scan",
	.test_cases = scan_cases,
};
