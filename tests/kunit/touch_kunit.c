// SPDX-License-Identifier: GPL-2.0-only
/* What a touch would do, for each kind of leaf in each kind of VMA. */
#include "compat.h"
#include "suites.h"
#include "../../src/module/touch.c"

#define R	MMUSCOPE_VMA_READ
#define W	MMUSCOPE_VMA_WRITE
#define X	MMUSCOPE_VMA_EXEC
#define SHARED	MMUSCOPE_VMA_SHARED
#define ANON	MMUSCOPE_VMA_ANON
#define FILE	MMUSCOPE_VMA_FILE
#define SHMEM	(MMUSCOPE_VMA_FILE | MMUSCOPE_VMA_SHMEM)
#define HUGETLB	(MMUSCOPE_VMA_FILE | MMUSCOPE_VMA_HUGETLB)
#define PFNMAP	MMUSCOPE_VMA_PFNMAP
#define MISSING	MMUSCOPE_VMA_UFFD_MISSING
#define WP	MMUSCOPE_VMA_UFFD_WP
#define UFFD_MINOR	MMUSCOPE_VMA_UFFD_MINOR

#define HERE	(MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ | \
		 MMUSCOPE_FLAG_USER)
#define HERE_W	(HERE | MMUSCOPE_FLAG_WRITE)
#define HERE_X	(HERE | MMUSCOPE_FLAG_EXEC)
#define CLOSED	MMUSCOPE_FLAG_PRESENT
#define NONE	MMUSCOPE_BACKING_NONE
#define RAM	MMUSCOPE_BACKING_RAM
#define MARKER	MMUSCOPE_BACKING_MARKER

#define T(r, w, x) { MMUSCOPE_TOUCH_##r, MMUSCOPE_TOUCH_##w, MMUSCOPE_TOUCH_##x }

#define BASE	0x7f0000000000ULL

struct row {
	u64 vma;
	u64 flags;
	u32 backing;
	u32 what;	/* softleaf, or the marker */
	enum mmuscope_touch touch[3];
};

/* The page is the third of its VMA, and all but the last are in the file. */
static struct mmuscope_translation leaf_of(const struct row *row)
{
	struct mmuscope_translation t = {
		.vma = {
			.start = BASE,
			.end = BASE + 0x10000,
			.flags = row->vma,
			.offset = 0x5000,
			.file_size = 0x14000,
		},
		.leaf = {
			.start = BASE + 0x2000,
			.end = BASE + 0x3000,
			.flags = row->flags,
			.backing = row->backing,
			.level = MMUSCOPE_LEVEL_PTE,
		},
	};

	if (row->backing == MARKER) {
		t.leaf.softleaf = MMUSCOPE_SOFTLEAF_MARKER;
		t.leaf.marker = row->what;
	} else {
		t.leaf.softleaf = row->what;
	}
	return t;
}

static void expect(struct kunit *test, const struct row *row, unsigned int nr,
		   const struct mmuscope_translation *t)
{
	enum mmuscope_access access;
	enum mmuscope_touch due;

	for (access = 0; access < 3; access++) {
		due = row->touch[access];
		/* On some processors that is refused before anything is got. */
		if (access == MMUSCOPE_ACCESS_EXEC &&
		    !(t->vma.flags & MMUSCOPE_VMA_EXEC) && t->leaf.end &&
		    !mmuscope_arch_exec_reads())
			due = MMUSCOPE_TOUCH_FORBIDDEN;
		KUNIT_EXPECT_EQ_MSG(test, mmuscope_touch(t, access), due,
				    "row %u, access %u", nr, access);
	}
}

static void all_rows(struct kunit *test, const struct row *rows,
		     unsigned int nr)
{
	struct mmuscope_translation t;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		t = leaf_of(&rows[i]);
		expect(test, &rows[i], i, &t);
	}
}

static void nothing(struct kunit *test)
{
	static const struct row row = { .touch = T(NO_VMA, NO_VMA, NO_VMA) };
	struct mmuscope_translation t = {};

	expect(test, &row, 0, &t);
	/* Whatever else stands there. */
	t = leaf_of(&(struct row){ R | W | X, HERE_W, RAM });
	t.leaf.end = 0;
	expect(test, &row, 1, &t);
}

static void present(struct kunit *test)
{
	static const struct row rows[] = {
		{ R | W | ANON, HERE_W, RAM, 0, T(HIT, HIT, FORBIDDEN) },
		{ R | W | X | ANON, HERE_W | HERE_X, RAM, 0, T(HIT, HIT, HIT) },
		{ R | ANON, HERE, RAM, 0, T(HIT, FORBIDDEN, FORBIDDEN) },
		{ W | ANON, HERE_W, RAM, 0, T(HIT, HIT, FORBIDDEN) },
		{ X | FILE, HERE_X, RAM, 0, T(HIT, FORBIDDEN, HIT) },
		{ 0, CLOSED, RAM, 0, T(FORBIDDEN, FORBIDDEN, FORBIDDEN) },
		{ 0, HERE_W, RAM, 0, T(FORBIDDEN, FORBIDDEN, FORBIDDEN) },
		/* What the VMA forbids the entry cannot allow. */
		{ R | ANON, HERE_W | HERE_X, RAM, 0,
		  T(HIT, FORBIDDEN, FORBIDDEN) },
		/* Write-protected for one reason or another. */
		{ R | W | ANON, HERE, RAM, 0, T(HIT, COW, FORBIDDEN) },
		{ R | W | FILE, HERE, RAM, 0, T(HIT, COW, FORBIDDEN) },
		{ R | W | FILE | SHARED, HERE, RAM, 0,
		  T(HIT, NOTIFY, FORBIDDEN) },
		{ R | W | ANON | WP, HERE | MMUSCOPE_FLAG_UFFD_WP, RAM, 0,
		  T(HIT, UFFD, FORBIDDEN) },
		{ R | W | ANON, HERE | MMUSCOPE_FLAG_UFFD_WP, RAM, 0,
		  T(HIT, COW, FORBIDDEN) },
		{ R | W | ANON | WP, HERE, RAM, 0, T(HIT, COW, FORBIDDEN) },
		/* Only user mode's own bit counts. */
		{ R | W | ANON, HERE_W & ~MMUSCOPE_FLAG_USER, RAM, 0,
		  T(RETRY, COW, FORBIDDEN) },
		{ R | W | X | ANON, CLOSED | MMUSCOPE_FLAG_NUMA_HINT, RAM, 0,
		  T(NUMA, NUMA, NUMA) },
		{ R | W | X | ANON, HERE_W, RAM, 0, T(HIT, HIT, RETRY) },
		{ R | W | SHARED | PFNMAP, HERE_W, MMUSCOPE_BACKING_MMIO, 0,
		  T(HIT, HIT, FORBIDDEN) },
	};

	all_rows(test, rows, ARRAY_SIZE(rows));
}

static void absent(struct kunit *test)
{
	static const struct row rows[] = {
		{ R | W | ANON, 0, NONE, 0, T(ZERO, ZERO, FORBIDDEN) },
		{ R | W | X | ANON, 0, NONE, 0, T(ZERO, ZERO, ZERO) },
		{ 0, 0, NONE, 0, T(FORBIDDEN, FORBIDDEN, FORBIDDEN) },
		{ ANON, 0, NONE, 0, T(FORBIDDEN, FORBIDDEN, FORBIDDEN) },
		{ R | ANON, 0, NONE, 0, T(ZERO, FORBIDDEN, FORBIDDEN) },
		/* /dev/zero is anonymous memory, and has no end. */
		{ R | W | ANON | FILE, 0, NONE, 0, T(ZERO, ZERO, FORBIDDEN) },
		{ R | W | ANON | MISSING, 0, NONE, 0, T(UFFD, UFFD, UFFD) },
		{ R | W | ANON | WP, 0, NONE, 0, T(ZERO, ZERO, FORBIDDEN) },
		{ R | W | FILE, 0, NONE, 0, T(FILE, FILE, FORBIDDEN) },
		{ R | X | FILE, 0, NONE, 0, T(FILE, FORBIDDEN, FILE) },
		{ R | W | FILE, MMUSCOPE_FLAG_CACHED, NONE, 0,
		  T(FILE, FILE, FORBIDDEN) },
		{ R | W | SHMEM, 0, NONE, 0, T(ZERO, ZERO, FORBIDDEN) },
		{ R | W | SHMEM, MMUSCOPE_FLAG_CACHED, NONE, 0,
		  T(FILE, FILE, FORBIDDEN) },
		{ R | W | SHMEM, MMUSCOPE_FLAG_SWAPPED, NONE, 0,
		  T(SWAP, SWAP, FORBIDDEN) },
		{ R | W | SHMEM | MISSING, 0, NONE, 0, T(UFFD, UFFD, UFFD) },
		{ R | W | SHMEM | MISSING, MMUSCOPE_FLAG_CACHED, NONE, 0,
		  T(FILE, FILE, FORBIDDEN) },
		{ R | W | SHMEM | UFFD_MINOR, MMUSCOPE_FLAG_CACHED, NONE, 0,
		  T(UFFD, UFFD, UFFD) },
		{ R | W | SHMEM | UFFD_MINOR, 0, NONE, 0, T(ZERO, ZERO, FORBIDDEN) },
		{ R | W | HUGETLB, 0, NONE, 0, T(HUGETLB, HUGETLB, FORBIDDEN) },
		{ R | W | HUGETLB | MISSING, 0, NONE, 0, T(UFFD, UFFD, UFFD) },
		{ R | W, 0, NONE, 0, T(DRIVER, DRIVER, FORBIDDEN) },
		{ R | W | PFNMAP, 0, NONE, 0, T(DRIVER, DRIVER, FORBIDDEN) },
		{ R | W | FILE | PFNMAP, 0, NONE, 0,
		  T(DRIVER, DRIVER, FORBIDDEN) },
		{ R | X, 0, NONE, 0, T(DRIVER, FORBIDDEN, DRIVER) },
		{ R | W | FILE | MMUSCOPE_VMA_DRIVER, 0, NONE, 0,
		  T(DRIVER, DRIVER, FORBIDDEN) },
		{ R | W | FILE | ANON | MMUSCOPE_VMA_DRIVER, 0, NONE, 0,
		  T(ZERO, ZERO, FORBIDDEN) },
	};

	all_rows(test, rows, ARRAY_SIZE(rows));
}

static void softleaves(struct kunit *test)
{
	static const struct row rows[] = {
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_SWAP,
		  MMUSCOPE_SOFTLEAF_SWAP, T(SWAP, SWAP, SWAP) },
		{ R | ANON, 0, MMUSCOPE_BACKING_SWAP,
		  MMUSCOPE_SOFTLEAF_SWAP, T(SWAP, FORBIDDEN, FORBIDDEN) },
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_MIGRATION,
		  MMUSCOPE_SOFTLEAF_MIGRATION_READ,
		  T(MIGRATION, MIGRATION, MIGRATION) },
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_MIGRATION,
		  MMUSCOPE_SOFTLEAF_MIGRATION_READ_EXCLUSIVE,
		  T(MIGRATION, MIGRATION, MIGRATION) },
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_MIGRATION,
		  MMUSCOPE_SOFTLEAF_MIGRATION_WRITE,
		  T(MIGRATION, MIGRATION, MIGRATION) },
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_DEVICE,
		  MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_READ,
		  T(DEVICE, DEVICE, DEVICE) },
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_DEVICE,
		  MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_WRITE,
		  T(DEVICE, DEVICE, DEVICE) },
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_DEVICE,
		  MMUSCOPE_SOFTLEAF_DEVICE_EXCLUSIVE,
		  T(DEVICE, DEVICE, DEVICE) },
		{ R | W | X | ANON, 0, MMUSCOPE_BACKING_POISON,
		  MMUSCOPE_SOFTLEAF_HWPOISON, T(POISON, POISON, POISON) },
		/* What has to be got first can fail before that is noticed. */
		{ R | W | ANON, 0, MMUSCOPE_BACKING_POISON,
		  MMUSCOPE_SOFTLEAF_HWPOISON, T(POISON, POISON, POISON) },
		{ 0, 0, MMUSCOPE_BACKING_POISON, MMUSCOPE_SOFTLEAF_HWPOISON,
		  T(FORBIDDEN, FORBIDDEN, FORBIDDEN) },
	};

	all_rows(test, rows, ARRAY_SIZE(rows));
}

static void markers(struct kunit *test)
{
	static const struct row rows[] = {
		{ R | W | X | ANON, 0, MARKER, MMUSCOPE_MARKER_GUARD,
		  T(GUARD, GUARD, GUARD) },
		{ R | W | X | ANON, 0, MARKER, MMUSCOPE_MARKER_POISONED,
		  T(POISON, POISON, POISON) },
		{ R | W | SHMEM | WP, 0, MARKER, MMUSCOPE_MARKER_UFFD_WP,
		  T(ZERO, UFFD, FORBIDDEN) },
		{ R | W | SHMEM, 0, MARKER, MMUSCOPE_MARKER_UFFD_WP,
		  T(ZERO, ZERO, FORBIDDEN) },
		{ R | W | HUGETLB | WP, 0, MARKER, MMUSCOPE_MARKER_UFFD_WP,
		  T(HUGETLB, UFFD, FORBIDDEN) },
		{ R | W | SHMEM | WP, 0, MARKER,
		  MMUSCOPE_MARKER_UFFD_WP | MMUSCOPE_MARKER_POISONED,
		  T(POISON, POISON, POISON) },
		{ R | ANON, 0, MARKER, MMUSCOPE_MARKER_GUARD,
		  T(GUARD, FORBIDDEN, FORBIDDEN) },
	};

	all_rows(test, rows, ARRAY_SIZE(rows));
}

/* The page is at 0x7000 of the file: it is there if the file is longer. */
static void end_of_file(struct kunit *test)
{
	static const struct {
		u64 vma;
		enum mmuscope_touch inside;
	} kinds[] = {
		{ R | W | FILE, MMUSCOPE_TOUCH_FILE },
		{ R | W | SHMEM, MMUSCOPE_TOUCH_ZERO },
		{ R | W | HUGETLB, MMUSCOPE_TOUCH_HUGETLB },
		{ R | W | SHMEM | MISSING, MMUSCOPE_TOUCH_UFFD },
	};
	static const struct {
		u64 size;
		bool inside;
	} rows[] = {
		{ 0, false }, { 0x6fff, false }, { 0x7000, false },
		{ 0x7001, true }, { 0x8000, true }, { ~0ULL, true },
	};
	struct mmuscope_translation t;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		t = leaf_of(&(struct row){ kinds[i].vma, 0, NONE });
		for (j = 0; j < ARRAY_SIZE(rows); j++) {
			t.vma.file_size = rows[j].size;
			KUNIT_EXPECT_EQ_MSG(test,
					    mmuscope_touch(&t, MMUSCOPE_ACCESS_READ),
					    rows[j].inside ? kinds[i].inside :
					    MMUSCOPE_TOUCH_EOF,
					    "kind %u, size %llx", i, rows[j].size);
		}
	}
	/* What is mapped all the same can be used. */
	t = leaf_of(&(struct row){ R | W | FILE, HERE_W, RAM });
	t.vma.file_size = 0;
	KUNIT_EXPECT_EQ(test, mmuscope_touch(&t, MMUSCOPE_ACCESS_WRITE),
			MMUSCOPE_TOUCH_HIT);
}

static struct kunit_case touch_cases[] = {
	KUNIT_CASE(nothing),
	KUNIT_CASE(present),
	KUNIT_CASE(absent),
	KUNIT_CASE(softleaves),
	KUNIT_CASE(markers),
	KUNIT_CASE(end_of_file),
	{}
};

struct kunit_suite touch_suite = {
	.name = "touch",
	.test_cases = touch_cases,
};
