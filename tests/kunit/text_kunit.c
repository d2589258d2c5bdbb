// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines that people and scripts read, character by character. The words
 * are spelled out here: names.h must not change them by accident.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/seq_file.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/text.c"

#define ROOM	512

static char room[ROOM];

static struct seq_file new_seq(void)
{
	memset(room, 0, sizeof(room));
	return (struct seq_file) { .buf = room, .size = sizeof(room) - 1 };
}

static const char *extent_line(const struct mmuscope_extent *ext, bool hidden)
{
	struct seq_file m = new_seq();

	mmuscope_text_extent(&m, ext, hidden);
	return room;
}

/* The last column of a line about @ext. */
static const char *last_column(const struct mmuscope_extent *ext)
{
	char *end;

	extent_line(ext, false);
	end = strchr(room, '\n');
	if (!end || end[1])
		return "not one line";
	*end = '\0';
	end = strrchr(room, ' ');
	return end ? end + 1 : "not a column";
}

static const struct mmuscope_extent ram = {
	.start = 0x7f2c4a000000,
	.end = 0x7f2c4a200000,
	.value = 0x123400000,
	.flags = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ |
		 MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_USER |
		 MMUSCOPE_FLAG_ACCESSED | MMUSCOPE_FLAG_DIRTY |
		 MMUSCOPE_FLAG_ANON | MMUSCOPE_FLAG_THP,
	.raw = 0x80000001234000e7,
	.level = MMUSCOPE_LEVEL_PMD,
	.backing = MMUSCOPE_BACKING_RAM,
	.memtype = MMUSCOPE_MEMTYPE_WB,
	.order = 9,
};

static void whole_lines(struct kunit *test)
{
	const struct mmuscope_extent swap = {
		.start = 0x1000, .end = 0x4000, .value = 0x1a2b,
		.level = MMUSCOPE_LEVEL_PTE,
		.backing = MMUSCOPE_BACKING_SWAP,
		.softleaf = MMUSCOPE_SOFTLEAF_SWAP, .swap_type = 12,
	};
	const struct mmuscope_extent none = {
		.start = 0, .end = 1ULL << 39, .level = MMUSCOPE_LEVEL_PGD,
		.backing = MMUSCOPE_BACKING_NONE,
	};

	KUNIT_EXPECT_STREQ(test, extent_line(&ram, false),
			   "  7f2c4a000000-7f2c4a200000 pmd ram:123400000   rw-u "
			   "accessed,dirty,anon,thp\n");
	KUNIT_EXPECT_STREQ(test, extent_line(&ram, true),
			   "  7f2c4a000000-7f2c4a200000 pmd ram:-           rw-u "
			   "accessed,dirty,anon,thp\n");
	KUNIT_EXPECT_STREQ(test, extent_line(&swap, false),
			   "  1000-4000 pte swap:12:1a2b    ---- -\n");
	KUNIT_EXPECT_STREQ(test, extent_line(&swap, true),
			   "  1000-4000 pte swap:-          ---- -\n");
	KUNIT_EXPECT_STREQ(test, extent_line(&none, false),
			   "  0-8000000000 pgd none            ---- -\n");
	KUNIT_EXPECT_STREQ(test, extent_line(&none, true),
			   "  0-8000000000 pgd none            ---- -\n");
}

/* A long value pushes the columns, it never runs into them. */
static void long_values(struct kunit *test)
{
	struct mmuscope_extent ext = ram;

	ext.value = 0xffffffffff000;
	ext.backing = MMUSCOPE_BACKING_MIGRATION;
	KUNIT_EXPECT_STREQ(test, extent_line(&ext, false),
			   "  7f2c4a000000-7f2c4a200000 pmd migration:ffffffffff000 rw-u "
			   "accessed,dirty,anon,thp\n");
}

static void backings(struct kunit *test)
{
	static const struct {
		u32 backing, marker;
		const char *shown, *hidden;
	} rows[] = {
		{ MMUSCOPE_BACKING_NONE, 0, " none ", " none " },
		{ MMUSCOPE_BACKING_RAM, 0, " ram:123400000 ", " ram:- " },
		{ MMUSCOPE_BACKING_MMIO, 0, " mmio:123400000 ", " mmio:- " },
		{ MMUSCOPE_BACKING_SWAP, 0, " swap:0:123400000 ", " swap:- " },
		{ MMUSCOPE_BACKING_MIGRATION, 0, " migration:123400000 ",
		  " migration:- " },
		{ MMUSCOPE_BACKING_DEVICE, 0, " device:123400000 ",
		  " device:- " },
		{ MMUSCOPE_BACKING_POISON, 0, " poison:123400000 ",
		  " poison:- " },
		{ MMUSCOPE_BACKING_TABLE, 0, " table:123400000 ", " table:- " },
		{ MMUSCOPE_BACKING_MARKER, MMUSCOPE_MARKER_UFFD_WP,
		  " marker:uffd-wp ", " marker:uffd-wp " },
		{ MMUSCOPE_BACKING_MARKER, MMUSCOPE_MARKER_POISONED,
		  " marker:poisoned ", " marker:poisoned " },
		{ MMUSCOPE_BACKING_MARKER, MMUSCOPE_MARKER_GUARD,
		  " marker:guard ", " marker:guard " },
		{ MMUSCOPE_BACKING_MARKER, 7, " marker:uffd-wp+poisoned+guard ",
		  " marker:uffd-wp+poisoned+guard " },
	};
	struct mmuscope_extent ext = ram;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ext.backing = rows[i].backing;
		ext.marker = rows[i].marker;
		KUNIT_EXPECT_TRUE_MSG(test, strstr(extent_line(&ext, false),
						   rows[i].shown),
				      "%s", room);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(extent_line(&ext, true),
						   rows[i].hidden),
				      "%s", room);
	}
}

static void levels_and_perms(struct kunit *test)
{
	static const char * const levels[] = { "pgd", "p4d", "pud", "pmd",
					       "pte" };
	struct mmuscope_extent ext = { .end = 1 };
	char due[64];
	u64 bits;

	for (ext.level = 0; ext.level < 5; ext.level++) {
		snprintf(due, sizeof(due), "  0-1 %s none            ---- -\n",
			 levels[ext.level]);
		KUNIT_EXPECT_STREQ(test, extent_line(&ext, false), due);
	}
	ext.level = MMUSCOPE_LEVEL_PTE;
	for (bits = 0; bits < 16; bits++) {
		ext.flags = (bits & 1 ? MMUSCOPE_FLAG_READ : 0) |
			    (bits & 2 ? MMUSCOPE_FLAG_WRITE : 0) |
			    (bits & 4 ? MMUSCOPE_FLAG_EXEC : 0) |
			    (bits & 8 ? MMUSCOPE_FLAG_USER : 0);
		snprintf(due, sizeof(due),
			 "  0-1 pte none            %c%c%c%c -\n",
			 bits & 1 ? 'r' : '-', bits & 2 ? 'w' : '-',
			 bits & 4 ? 'x' : '-', bits & 8 ? 'u' : '-');
		KUNIT_EXPECT_STREQ(test, extent_line(&ext, false), due);
	}
}

static void flag_words(struct kunit *test)
{
	static const struct {
		u64 flag;
		const char *word;
	} rows[] = {
		{ MMUSCOPE_FLAG_ACCESSED, "accessed" },
		{ MMUSCOPE_FLAG_DIRTY, "dirty" },
		{ MMUSCOPE_FLAG_SOFT_DIRTY, "soft-dirty" },
		{ MMUSCOPE_FLAG_UFFD_WP, "uffd-wp" },
		{ MMUSCOPE_FLAG_GLOBAL, "global" },
		{ MMUSCOPE_FLAG_SPECIAL, "special" },
		{ MMUSCOPE_FLAG_PROT_NONE, "prot-none" },
		{ MMUSCOPE_FLAG_NUMA_HINT, "numa-hint" },
		{ MMUSCOPE_FLAG_BAD, "bad" },
		{ MMUSCOPE_FLAG_ANON, "anon" },
		{ MMUSCOPE_FLAG_FILE, "file" },
		{ MMUSCOPE_FLAG_SHMEM, "shmem" },
		{ MMUSCOPE_FLAG_KSM, "ksm" },
		{ MMUSCOPE_FLAG_SWAPCACHE, "swapcache" },
		{ MMUSCOPE_FLAG_HUGETLB, "hugetlb" },
		{ MMUSCOPE_FLAG_THP, "thp" },
		{ MMUSCOPE_FLAG_ZERO, "zero" },
		{ MMUSCOPE_FLAG_SHARED, "shared" },
		{ MMUSCOPE_FLAG_CACHED, "cached" },
		{ MMUSCOPE_FLAG_SWAPPED, "swapped" },
		{ MMUSCOPE_FLAG_PRESENT, "-" },
		{ MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE |
		  MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_USER, "-" },
		{ 0, "-" },
	};
	struct mmuscope_extent ext = { .level = MMUSCOPE_LEVEL_PTE };
	unsigned int i;
	u64 all = 0;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ext.flags = rows[i].flag;
		all |= rows[i].flag;
		KUNIT_EXPECT_STREQ(test, last_column(&ext), rows[i].word);
	}
	/* All at once: in one order, a comma between them. */
	ext.flags = all;
	KUNIT_EXPECT_STREQ(test, last_column(&ext),
			   "accessed,dirty,soft-dirty,uffd-wp,global,special,prot-none,"
			   "numa-hint,bad,anon,file,shmem,ksm,swapcache,hugetlb,thp,zero,"
			   "shared,cached,swapped");
}

static struct kunit_case text_cases[] = {
	KUNIT_CASE(whole_lines),
	KUNIT_CASE(long_values),
	KUNIT_CASE(backings),
	KUNIT_CASE(levels_and_perms),
	KUNIT_CASE(flag_words),
	{}
};

struct kunit_suite text_suite = {
	.name = "text",
	.test_cases = text_cases,
};
