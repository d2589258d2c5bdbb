// SPDX-License-Identifier: GPL-2.0-only
/* The rarer words of an extent, and the lines that are not extents. */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/internal.h"

static char room[4096];

static struct seq_file new_seq(void)
{
	memset(room, 0, sizeof(room));
	return (struct seq_file) { .buf = room, .size = sizeof(room) - 1 };
}

/* All but the first three columns of a line about @ext, and its end. */
static const char *tail_of(const struct mmuscope_extent *ext)
{
	struct seq_file m = new_seq();

	mmuscope_text_extent(&m, ext, false);
	return strnstr(room, " ----", sizeof(room)) ?: "no such column";
}

static void softleaf_words(struct kunit *test)
{
	static const struct {
		u32 softleaf;
		const char *tail;
	} rows[] = {
		{ MMUSCOPE_SOFTLEAF_NONE, " ---- -\n" },
		{ MMUSCOPE_SOFTLEAF_SWAP, " ---- -\n" },
		{ MMUSCOPE_SOFTLEAF_MIGRATION_READ, " ---- read\n" },
		{ MMUSCOPE_SOFTLEAF_MIGRATION_READ_EXCLUSIVE,
		  " ---- read-exclusive\n" },
		{ MMUSCOPE_SOFTLEAF_MIGRATION_WRITE, " ---- write\n" },
		{ MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_READ,
		  " ---- private-read\n" },
		{ MMUSCOPE_SOFTLEAF_DEVICE_PRIVATE_WRITE,
		  " ---- private-write\n" },
		{ MMUSCOPE_SOFTLEAF_DEVICE_EXCLUSIVE, " ---- exclusive\n" },
		{ MMUSCOPE_SOFTLEAF_HWPOISON, " ---- -\n" },
		{ MMUSCOPE_SOFTLEAF_MARKER, " ---- -\n" },
	};
	struct mmuscope_extent ext = { .level = MMUSCOPE_LEVEL_PTE };
	unsigned int i;

	KUNIT_EXPECT_EQ(test, ARRAY_SIZE(rows),
			(size_t)MMUSCOPE_NR_SOFTLEAVES);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		ext.softleaf = rows[i].softleaf;
		KUNIT_EXPECT_STREQ(test, tail_of(&ext), rows[i].tail);
	}
}

static void memtype_words(struct kunit *test)
{
	static const char * const words[] = { "-", "-", "wt", "wp", "wc",
					      "uc-", "uc", "nc",
					      "device-ngnrne", "device-ngnre",
					      "device-ngre", "device-gre",
					      "tagged" };
	static const u32 types[] = {
		MMUSCOPE_MEMTYPE_NONE, MMUSCOPE_MEMTYPE_WB,
		MMUSCOPE_MEMTYPE_WT, MMUSCOPE_MEMTYPE_WP, MMUSCOPE_MEMTYPE_WC,
		MMUSCOPE_MEMTYPE_UC_MINUS, MMUSCOPE_MEMTYPE_UC,
		MMUSCOPE_MEMTYPE_NC, MMUSCOPE_MEMTYPE_DEVICE_NGNRNE,
		MMUSCOPE_MEMTYPE_DEVICE_NGNRE, MMUSCOPE_MEMTYPE_DEVICE_NGRE,
		MMUSCOPE_MEMTYPE_DEVICE_GRE, MMUSCOPE_MEMTYPE_TAGGED,
	};
	struct mmuscope_extent ext = { .level = MMUSCOPE_LEVEL_PTE };
	char due[32];
	unsigned int i;

	static_assert(ARRAY_SIZE(types) == MMUSCOPE_NR_MEMTYPES);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		ext.memtype = types[i];
		snprintf(due, sizeof(due), " ---- %s\n", words[i]);
		KUNIT_EXPECT_STREQ(test, tail_of(&ext), due);
	}
}

/* The order of a folio is told where the level does not tell it already. */
static void numbers(struct kunit *test)
{
	struct mmuscope_extent ext = { .level = MMUSCOPE_LEVEL_PTE };

	ext.order = 4;
	KUNIT_EXPECT_STREQ(test, tail_of(&ext), " ---- order:4\n");
	ext.order = 9;
	KUNIT_EXPECT_STREQ(test, tail_of(&ext), " ---- order:9\n");
	ext.level = MMUSCOPE_LEVEL_PMD;
	KUNIT_EXPECT_STREQ(test, tail_of(&ext), " ---- -\n");
	ext.order = 18;
	KUNIT_EXPECT_STREQ(test, tail_of(&ext), " ---- order:18\n");
	ext.level = MMUSCOPE_LEVEL_PUD;
	KUNIT_EXPECT_STREQ(test, tail_of(&ext), " ---- -\n");
	ext.pkey = 15;
	KUNIT_EXPECT_STREQ(test, tail_of(&ext), " ---- pkey:15\n");
	ext.order = 9;
	ext.flags = MMUSCOPE_FLAG_THP;
	ext.memtype = MMUSCOPE_MEMTYPE_WC;
	KUNIT_EXPECT_STREQ(test, tail_of(&ext),
			   " ---- thp,order:9,pkey:15,wc\n");
}

static void entry_lines(struct kunit *test)
{
	struct mmuscope_extent table = {
		.start = 0x7f8000000000, .end = 0x800000000000,
		.value = 0x12345000, .raw = 0x8000000012345067,
		.flags = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ |
			 MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_USER |
			 MMUSCOPE_FLAG_ACCESSED,
		.level = MMUSCOPE_LEVEL_PUD,
		.backing = MMUSCOPE_BACKING_TABLE,
	};
	struct mmuscope_extent pte = {
		.start = 0x7f2c4a007000, .end = 0x7f2c4a008000,
		.value = 0x1a2b, .raw = 0x42, .swap_type = 1,
		.level = MMUSCOPE_LEVEL_PTE,
		.backing = MMUSCOPE_BACKING_SWAP,
	};
	struct seq_file m = new_seq();

	mmuscope_text_entry(&m, &table, 0, false);
	mmuscope_text_entry(&m, &pte, 3, false);
	mmuscope_text_entry(&m, &pte, 1, true);
	KUNIT_EXPECT_STREQ(test, room,
			   "pud 0 7f8000000000-800000000000 8000000012345067 "
			   "table:12345000  rw-u accessed\n"
			   "      pte 7 7f2c4a007000-7f2c4a008000 0000000000000042 "
			   "swap:1:1a2b     ---- -\n"
			   "  pte 7 7f2c4a007000-7f2c4a008000 - swap:-          ---- -\n");
}

/* The slot of each level, counted in its own table. */
static void entry_indices(struct kunit *test)
{
	static const char * const due[] = { "pmd 259 ", "pte 511 ", "pud 1 " };
	static const u32 levels[] = { MMUSCOPE_LEVEL_PMD, MMUSCOPE_LEVEL_PTE,
				      MMUSCOPE_LEVEL_PUD };
	struct mmuscope_extent ext = { .start = 0x7f80607ff000 };
	struct seq_file m;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		ext.level = levels[i];
		m = new_seq();
		mmuscope_text_entry(&m, &ext, 0, false);
		KUNIT_EXPECT_TRUE_MSG(test, str_has_prefix(room, due[i]),
				      "%s", room);
	}
}

/* Lines as a real /proc/PID/maps has them. */
static void vma_lines(struct kunit *test)
{
	struct mmuscope_vma_slot slot = {
		.vma = {
			.start = 0x400000, .end = 0x452000,
			.flags = MMUSCOPE_VMA_READ | MMUSCOPE_VMA_EXEC,
		},
	};
	struct seq_file m = new_seq();

	mmuscope_text_vma(&m, &slot);
	KUNIT_EXPECT_STREQ(test, room,
			   "00400000-00452000 r-xp 00000000 00:00 0 \n");

	slot.vma.start = 0x7ffc4a000000;
	slot.vma.end = 0x7ffc4a021000;
	slot.vma.flags = MMUSCOPE_VMA_WRITE | MMUSCOPE_VMA_SHARED;
	slot.vma.offset = 0x123456000;
	slot.vma.ino = 4026531840;
	slot.vma.dev_major = 259;
	slot.vma.dev_minor = 10;
	strscpy(slot.name, "[stack]", sizeof(slot.name));
	m = new_seq();
	mmuscope_text_vma(&m, &slot);
	KUNIT_EXPECT_STREQ(test, room,
			   "7ffc4a000000-7ffc4a021000 -w-s 123456000 103:0a 4026531840"
			   "               [stack]\n");

	slot.vma = (struct mmuscope_vma) { .end = 0x1000 };
	m = new_seq();
	mmuscope_text_vma(&m, &slot);
	KUNIT_EXPECT_STREQ(test, room,
			   "00000000-00001000 ---p 00000000 00:00 0"
			   "                                  [stack]\n");
}

/* A name cannot fake a line: its newline is escaped, as /proc does. */
static void vma_file_names(struct kunit *test)
{
	static const struct file_operations fops;
	struct mmuscope_vma_slot slot = { .vma = { .end = 0x1000 } };
	struct seq_file m = new_seq();
	struct file *file;

	file = anon_inode_getfile("a b\n  0-1\\", &fops, NULL, O_RDONLY);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	slot.path = file->f_path;
	mmuscope_text_vma(&m, &slot);
	KUNIT_EXPECT_STREQ(test, room,
			   "00000000-00001000 ---p 00000000 00:00 0                     "
			   "             anon_inode:a b\\012  0-1\\\n");
	fput(file);
}

/* Every line of a summary, with blanks squeezed and its own number. */
static const char * const summary_due[] = {
	"Size: 1 kB", "Rss: 2 kB", "Pss: 80 kB", "PssAnon: 81 kB",
	"PssFile: 82 kB", "PssShmem: 83 kB", "PssDirty: 84 kB", "Anonymous: 3 kB", "File: 4 kB",
	"Shmem: 5 kB", "KSM: 6 kB", "Shared: 7 kB", "Private: 8 kB",
	"Dirty: 9 kB", "Accessed: 10 kB", "SoftDirty: 11 kB",
	"AnonHugePages: 12 kB", "ShmemPmdMapped: 13 kB",
	"FilePmdMapped: 14 kB", "Hugetlb: 15 kB", "Zero: 16 kB",
	"Special: 17 kB", "Swap: 18 kB", "Ram: 21 kB", "Mmio: 22 kB",
	"SwapEntries: 23 kB", "Migration: 24 kB", "Device: 25 kB",
	"Poison: 26 kB", "Marker: 27 kB", "None: 20 kB", "Leaf4k: 34 kB",
	"Leaf2M: 33 kB", "Leaf1G: 32 kB", "Extents: 40", "LongestRun: 41 kB",
	"Tables_pgd: 50 pages 60 filled", "Tables_pte: 54 pages 64 filled",
	"PgtablesBytes: 42 kB", "Entries: 70", "Holds: 71", "LongestHold: 72",
	"LongestHoldNs: 73", "Changed: 1",
};

static struct mmuscope_summary *new_summary(struct kunit *test)
{
	struct mmuscope_summary *sum;
	unsigned int i;

	sum = kunit_kzalloc(test, sizeof(*sum), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, sum);
	KUNIT_ASSERT_PTR_EQ(test, &(&sum->mapped)[17], &sum->swap);
	KUNIT_ASSERT_PTR_EQ(test, &(&sum->pss)[4], &sum->pss_dirty);
	for (i = 0; i < 18; i++)
		(&sum->mapped)[i] = (i + 1) << 10;
	for (i = 0; i < MMUSCOPE_NR_BACKINGS; i++)
		sum->backing[i] = (20 + i) << 10;
	for (i = 0; i < MMUSCOPE_NR_LEVELS; i++)
		sum->leaf[i] = (30 + i) << 10;
	sum->extents = 40;
	sum->longest_run = 41 << 10;
	sum->pgtables = 42 << 10;
	sum->tables[0] = (struct mmuscope_tables) { 50, 60 };
	sum->tables[4] = (struct mmuscope_tables) { 54, 64 };
	sum->entries = 70;
	sum->holds = 71;
	sum->longest = 72;
	sum->longest_ns = 73;
	sum->status = MMUSCOPE_SCAN_CHANGED;
	for (i = 0; i < 5; i++)
		(&sum->pss)[i] = (80 + i) << 10;
	return sum;
}

/* Take the next line off @text; its words with one blank between them. */
static const char *next_line(char **text)
{
	static char words[64];
	char *line = strsep(text, "\n"), *word;

	*words = '\0';
	while ((word = strsep(&line, " ")))
		if (*word) {
			strlcat(words, *words ? " " : "", sizeof(words));
			strlcat(words, word, sizeof(words));
		}
	return words;
}

static void summary_lines(struct kunit *test)
{
	struct mmuscope_summary *sum = new_summary(test);
	struct seq_file m = new_seq();
	char *text = room;
	unsigned int i;

	mmuscope_text_summary(&m, sum, true);
	for (i = 0; i < ARRAY_SIZE(summary_due); i++)
		KUNIT_EXPECT_STREQ(test, next_line(&text), summary_due[i]);
	KUNIT_EXPECT_STREQ(test, text ?: "too few lines", "");
}

/* What frame numbers are needed for is a dash, not a 0. */
static void summary_without_frames(struct kunit *test)
{
	struct mmuscope_summary *sum = new_summary(test);
	struct seq_file m = new_seq();
	char *text = room;
	const char *due;
	unsigned int i;

	mmuscope_text_summary(&m, sum, false);
	for (i = 0; i < ARRAY_SIZE(summary_due); i++) {
		due = summary_due[i];
		if (str_has_prefix(due, "KSM:"))
			due = "KSM: - kB";
		else if (str_has_prefix(due, "LongestRun:"))
			due = "LongestRun: - kB";
		KUNIT_EXPECT_STREQ(test, next_line(&text), due);
	}
}

static const char *holding_line(const struct mmuscope_holding *holding,
				bool first, bool hidden)
{
	struct seq_file m = new_seq();

	mmuscope_text_holding(&m, holding, first, hidden);
	return room;
}

static void share_lines(struct kunit *test)
{
	struct mmuscope_holding share = {
		.id = 3, .kind = MMUSCOPE_HOLDING_SHARE,
		.memtype = MMUSCOPE_MEMTYPE_WB, .bytes = 8192,
		.flags = MMUSCOPE_SHARE_KEEP | MMUSCOPE_SHARE_CONTIGUOUS,
		.since = 12345678901, .opener = 123, .opener_uid = 1000,
		.mode = 0640, .files = 2, .page_shift = 12, .name = "scratch",
		.comm = "maker",
	};

	KUNIT_EXPECT_STREQ(test, holding_line(&share, true, false),
			   "share 3 name scratch size 8192 page 4096 memtype wb mode 0640 "
			   "uid 1000 opener 123 files 2 since 12.345 flags keep,contiguous\n");
	share.start = 0x7f0000001000;
	share.end = 0x7f0000002000;
	share.offset = 4096;
	share.pid = 124;
	strcpy(share.comm, "a b\n\\");
	KUNIT_EXPECT_STREQ(test, holding_line(&share, false, false),
			   "  7f0000001000-7f0000002000 offset 1000 pid 124 comm "
			   "a\\040b\\012\\134\n");
	share.name[0] = 0;
	share.flags = MMUSCOPE_SHARE_READONLY_OTHERS;
	share.memtype = MMUSCOPE_MEMTYPE_UC_MINUS;
	share.page_shift = 21;
	share.end = 0;
	share.since = 999999;
	KUNIT_EXPECT_STREQ(test, holding_line(&share, true, true),
			   "share 3 name - size 8192 page 2097152 memtype uc- mode 0640 "
			   "uid 1000 opener 123 files 2 since 0.000 flags readonly-others\n");
}

static void window_lines(struct kunit *test)
{
	struct mmuscope_holding window = {
		.id = 4, .kind = MMUSCOPE_HOLDING_MMIO,
		.memtype = MMUSCOPE_MEMTYPE_WC, .phys = 0xfe900000,
		.bytes = 0x100000, .since = 1000000000, .opener = 9, .files = 1,
		.start = 0x1000, .end = 0x2000, .pid = 10,
		.name = "0000:00:04.0:0", .comm = "driver",
	};

	KUNIT_EXPECT_STREQ(test, holding_line(&window, true, false),
			   "mmio 4 name 0000:00:04.0:0 phys fe900000 size 1048576 "
			   "memtype wc uid 0 opener 9 files 1 since 1.000 flags -\n"
			   "  1000-2000 offset 0 pid 10 comm driver\n");
	window.flags = MMUSCOPE_MMIO_READONLY | MMUSCOPE_MMIO_SHARED |
		       MMUSCOPE_MMIO_INHERIT | MMUSCOPE_MMIO_ACCESS |
		       MMUSCOPE_MMIO_UNLISTED;
	window.end = 0;
	KUNIT_EXPECT_STREQ(test, holding_line(&window, true, true),
			   "mmio 4 name - phys - size 1048576 "
			   "memtype wc uid 0 opener 9 files 1 since 1.000 "
			   "flags readonly,shared,inherit,access,unlisted\n");
}

static struct kunit_case lines_cases[] = {
	KUNIT_CASE(softleaf_words),
	KUNIT_CASE(memtype_words),
	KUNIT_CASE(numbers),
	KUNIT_CASE(entry_lines),
	KUNIT_CASE(entry_indices),
	KUNIT_CASE(vma_lines),
	KUNIT_CASE(vma_file_names),
	KUNIT_CASE(summary_lines),
	KUNIT_CASE(summary_without_frames),
	KUNIT_CASE(share_lines),
	KUNIT_CASE(window_lines),
	{}
};

struct kunit_suite lines_suite = {
	.name = "lines",
	.test_cases = lines_cases,
};
