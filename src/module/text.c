// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/time64.h>
#include <mmuscope/names.h>
#include "internal.h"

/* Said by LEVEL, BACKING and PERM of a line. */
#define SAID_FLAGS	(MMUSCOPE_FLAG_PRESENT | MMUSCOPE_PERM)

/* Words of a line: commas between them, a dash if there is none. */
struct words {
	struct seq_file *m;
	bool any;
};

static void put_word(struct words *words, const char *word)
{
	if (words->any)
		seq_putc(words->m, ',');
	seq_puts(words->m, word);
	words->any = true;
}

static void put_number(struct words *words, const char *name, u32 number)
{
	char word[32];

	snprintf(word, sizeof(word), "%s:%u", name, number);
	put_word(words, word);
}

/* A huge leaf says the order of its folio by its level. */
static bool is_order_said(const struct mmuscope_extent *ext)
{
	return ext->order + PAGE_SHIFT == mmuscope_level_shift(ext->level);
}

static void put_names(struct words *words, u64 flags,
		      const struct mmuscope_name *names, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (flags & names[i].flag)
			put_word(words, names[i].name);
}

static void put_flags(struct seq_file *m, const struct mmuscope_extent *ext)
{
	struct words words = { .m = m };

	put_names(&words, ext->flags & ~SAID_FLAGS, mmuscope_flag_names,
		  ARRAY_SIZE(mmuscope_flag_names));
	if (*mmuscope_softleaf_names[ext->softleaf])
		put_word(&words, mmuscope_softleaf_names[ext->softleaf]);
	if (ext->order && !is_order_said(ext))
		put_number(&words, "order", ext->order);
	if (ext->pkey)
		put_number(&words, "pkey", ext->pkey);
	if (ext->memtype > MMUSCOPE_MEMTYPE_WB)
		put_word(&words, mmuscope_memtype_names[ext->memtype]);
	if (!words.any)
		seq_putc(m, '-');
}

static void put_perm(struct seq_file *m, u64 flags)
{
	seq_putc(m, flags & MMUSCOPE_FLAG_READ ? 'r' : '-');
	seq_putc(m, flags & MMUSCOPE_FLAG_WRITE ? 'w' : '-');
	seq_putc(m, flags & MMUSCOPE_FLAG_EXEC ? 'x' : '-');
	seq_putc(m, flags & MMUSCOPE_FLAG_USER ? 'u' : '-');
}

/* A blank-padded column, so that what follows stands in line if it can. */
static void put_backing(struct seq_file *m, const struct mmuscope_extent *ext,
			bool hidden)
{
	const char *name = mmuscope_backing_names[ext->backing];
	char word[64];
	unsigned int i;
	int len;

	switch (ext->backing) {
	case MMUSCOPE_BACKING_NONE:
		strscpy(word, name, sizeof(word));
		break;
	case MMUSCOPE_BACKING_MARKER:
		len = scnprintf(word, sizeof(word), "%s:", name);
		for (i = 0; i < ARRAY_SIZE(mmuscope_marker_names); i++)
			if (ext->marker & mmuscope_marker_names[i].flag)
				len += scnprintf(word + len, sizeof(word) - len,
					"%s%s", word[len - 1] == ':' ? "" : "+",
					mmuscope_marker_names[i].name);
		break;
	case MMUSCOPE_BACKING_SWAP:
		if (!hidden) {
			snprintf(word, sizeof(word), "%s:%u:%llx", name,
				 ext->swap_type, ext->value);
			break;
		}
		fallthrough;
	default:
		if (hidden)
			snprintf(word, sizeof(word), "%s:-", name);
		else
			snprintf(word, sizeof(word), "%s:%llx", name,
				 ext->value);
	}
	seq_printf(m, " %-15s ", word);
}

/**
 * mmuscope_text_extent - print an extent
 * @m: where to
 * @ext: the extent
 * @hidden: the reader may not see frame numbers
 */
void mmuscope_text_extent(struct seq_file *m, const struct mmuscope_extent *ext,
			  bool hidden)
{
	seq_printf(m, "  %llx-%llx %s", ext->start, ext->end,
		   mmuscope_level_names[ext->level]);
	put_backing(m, ext, hidden);
	put_perm(m, ext->flags);
	seq_putc(m, ' ');
	put_flags(m, ext);
	seq_putc(m, '\n');
}

/**
 * mmuscope_text_entry - print an entry of a table
 * @m: where to
 * @ext: the entry
 * @depth: tables above it
 * @hidden: the reader may not see raw entries
 */
void mmuscope_text_entry(struct seq_file *m, const struct mmuscope_extent *ext,
			 unsigned int depth, bool hidden)
{
	unsigned int index = (ext->start >> mmuscope_level_shift(ext->level)) &
			     (PTRS_PER_PTE - 1);

	seq_printf(m, "%*s%s %u %llx-%llx ", 2 * depth, "",
		   mmuscope_level_names[ext->level], index, ext->start,
		   ext->end);
	if (hidden)
		seq_putc(m, '-');
	else
		seq_printf(m, "%016llx", ext->raw);
	put_backing(m, ext, hidden);
	put_perm(m, ext->flags);
	seq_putc(m, ' ');
	put_flags(m, ext);
	seq_putc(m, '\n');
}

/**
 * mmuscope_text_vma - print a VMA as /proc/PID/maps does
 * @m: where to
 * @slot: the VMA
 *
 * The columns are those of show_map_vma() (fs/proc/task_mmu.c, v6.1).
 */
void mmuscope_text_vma(struct seq_file *m,
		       const struct mmuscope_vma_slot *slot)
{
	const struct mmuscope_vma *vma = &slot->vma;

	seq_setwidth(m, 25 + sizeof(void *) * 6 - 1);
	seq_printf(m, "%08llx-%08llx %c%c%c%c %08llx %02x:%02x %llu ",
		   vma->start, vma->end,
		   vma->flags & MMUSCOPE_VMA_READ ? 'r' : '-',
		   vma->flags & MMUSCOPE_VMA_WRITE ? 'w' : '-',
		   vma->flags & MMUSCOPE_VMA_EXEC ? 'x' : '-',
		   vma->flags & MMUSCOPE_VMA_SHARED ? 's' : 'p',
		   vma->offset, vma->dev_major, vma->dev_minor, vma->ino);
	if (slot->path.mnt || slot->name[0])
		seq_pad(m, ' ');
	if (slot->path.mnt)
		seq_path(m, &slot->path, "\n");
	else
		seq_puts(m, slot->name);
	seq_putc(m, '\n');
}

/**
 * mmuscope_text_phys - print a physical range
 * @m: where to
 * @range: the range
 */
void mmuscope_text_phys(struct seq_file *m,
			const struct mmuscope_phys_range *range)
{
	seq_printf(m, "%*s%llx-%llx %s", 2 * range->depth, "", range->start,
		   range->end, mmuscope_phys_kind_names[range->kind]);
	if (range->kind == MMUSCOPE_PHYS_ZONE && range->node < 0)
		seq_puts(m, " offline");
	else if (range->kind == MMUSCOPE_PHYS_ZONE)
		seq_printf(m, " node:%d %s", range->node,
			   mmuscope_zone_names[range->zone]);
	if (range->name[0])
		seq_putc(m, ' ');
	seq_escape(m, range->name, "\n\\");
	seq_putc(m, '\n');
}

static void put_kb(struct seq_file *m, const char *name, u64 bytes)
{
	seq_printf(m, "%-20s %12llu kB\n", name, bytes >> 10);
}

/* What only those learn who may see frame numbers. */
static void put_frames_kb(struct seq_file *m, const char *name, bool frames,
			  u64 bytes)
{
	if (frames)
		put_kb(m, name, bytes);
	else
		seq_printf(m, "%-20s %12s kB\n", name, "-");
}

static void put_count(struct seq_file *m, const char *name, u64 count)
{
	seq_printf(m, "%-20s %12llu\n", name, count);
}

static void put_sizes(struct seq_file *m, const struct mmuscope_summary *sum,
		      bool frames)
{
	put_kb(m, "Size:", sum->mapped);
	put_kb(m, "Rss:", sum->rss);
	put_kb(m, "Pss:", sum->pss);
	put_kb(m, "PssAnon:", sum->pss_anon);
	put_kb(m, "PssFile:", sum->pss_file);
	put_kb(m, "PssShmem:", sum->pss_shmem);
	put_kb(m, "PssDirty:", sum->pss_dirty);
	put_kb(m, "Anonymous:", sum->anon);
	put_kb(m, "File:", sum->file);
	put_kb(m, "Shmem:", sum->shmem);
	put_frames_kb(m, "KSM:", frames, sum->ksm);
	put_kb(m, "Shared:", sum->shared);
	put_kb(m, "Private:", sum->unshared);
	put_kb(m, "Dirty:", sum->dirty);
	put_kb(m, "Accessed:", sum->accessed);
	put_kb(m, "SoftDirty:", sum->soft_dirty);
	put_kb(m, "AnonHugePages:", sum->anon_huge);
	put_kb(m, "ShmemPmdMapped:", sum->shmem_pmd);
	put_kb(m, "FilePmdMapped:", sum->file_pmd);
	put_kb(m, "Hugetlb:", sum->hugetlb);
	put_kb(m, "Zero:", sum->zero);
	put_kb(m, "Special:", sum->special);
	put_kb(m, "Swap:", sum->swap);
}

static void put_backings(struct seq_file *m,
			 const struct mmuscope_summary *sum)
{
	put_kb(m, "Ram:", sum->backing[MMUSCOPE_BACKING_RAM]);
	put_kb(m, "Mmio:", sum->backing[MMUSCOPE_BACKING_MMIO]);
	put_kb(m, "SwapEntries:", sum->backing[MMUSCOPE_BACKING_SWAP]);
	put_kb(m, "Migration:", sum->backing[MMUSCOPE_BACKING_MIGRATION]);
	put_kb(m, "Device:", sum->backing[MMUSCOPE_BACKING_DEVICE]);
	put_kb(m, "Poison:", sum->backing[MMUSCOPE_BACKING_POISON]);
	put_kb(m, "Marker:", sum->backing[MMUSCOPE_BACKING_MARKER]);
	put_kb(m, "None:", sum->backing[MMUSCOPE_BACKING_NONE]);
	put_kb(m, "Leaf4k:", sum->leaf[MMUSCOPE_LEVEL_PTE]);
	put_kb(m, "Leaf2M:", sum->leaf[MMUSCOPE_LEVEL_PMD]);
	put_kb(m, "Leaf1G:", sum->leaf[MMUSCOPE_LEVEL_PUD]);
}

static void put_tables(struct seq_file *m, const struct mmuscope_summary *sum)
{
	unsigned int level;

	for (level = 0; level < MMUSCOPE_NR_LEVELS; level++)
		if (sum->tables[level].pages)
			seq_printf(m, "Tables_%s: %20llu pages %llu filled\n",
				   mmuscope_level_names[level],
				   sum->tables[level].pages,
				   sum->tables[level].filled);
	put_kb(m, "PgtablesBytes:", sum->pgtables);
}

/**
 * mmuscope_text_summary - print a summary
 * @m: where to
 * @sum: the summary
 * @frames: the reader may see frame numbers
 */
void mmuscope_text_summary(struct seq_file *m,
			   const struct mmuscope_summary *sum, bool frames)
{
	put_sizes(m, sum, frames);
	put_backings(m, sum);
	put_count(m, "Extents:", sum->extents);
	put_frames_kb(m, "LongestRun:", frames, sum->longest_run);
	put_tables(m, sum);
	put_count(m, "Entries:", sum->entries);
	put_count(m, "Holds:", sum->holds);
	put_count(m, "LongestHold:", sum->longest);
	put_count(m, "LongestHoldNs:", sum->longest_ns);
	put_count(m, "Changed:", !!(sum->status & MMUSCOPE_SCAN_CHANGED));
}

/**
 * mmuscope_text_memtype - the name of a memory type
 * @memtype: the type
 */
const char *mmuscope_text_memtype(enum mmuscope_memtype memtype)
{
	return mmuscope_memtype_names[memtype];
}

static void put_opener(struct seq_file *m,
		       const struct mmuscope_holding *holding)
{
	u32 ns;
	u64 seconds = div_u64_rem(holding->since, NSEC_PER_SEC, &ns);

	seq_printf(m, " uid %u opener %u files %u since %llu.%03u flags ",
		   holding->opener_uid, holding->opener, holding->files,
		   seconds, ns / (u32)NSEC_PER_MSEC);
}

static void put_share(struct seq_file *m,
		      const struct mmuscope_holding *holding)
{
	struct words words = { .m = m };

	seq_printf(m, "share %llu name %s size %llu page %llu memtype %s mode %04o",
		   holding->id, holding->name[0] ? holding->name : "-",
		   holding->bytes, 1ULL << holding->page_shift,
		   mmuscope_memtype_names[holding->memtype], holding->mode);
	put_opener(m, holding);
	put_names(&words, holding->flags, mmuscope_share_names,
		  ARRAY_SIZE(mmuscope_share_names));
	if (!words.any)
		seq_putc(m, '-');
	seq_putc(m, '\n');
}

static void put_window(struct seq_file *m,
		       const struct mmuscope_holding *holding, bool hidden)
{
	struct words words = { .m = m };

	seq_printf(m, "mmio %llu name %s phys ", holding->id,
		   holding->name[0] && !hidden ? holding->name : "-");
	if (hidden)
		seq_putc(m, '-');
	else
		seq_printf(m, "%llx", holding->phys);
	seq_printf(m, " size %llu memtype %s", holding->bytes,
		   mmuscope_memtype_names[holding->memtype]);
	put_opener(m, holding);
	put_names(&words, holding->flags, mmuscope_mmio_names,
		  ARRAY_SIZE(mmuscope_mmio_names));
	if (!words.any)
		seq_putc(m, '-');
	seq_putc(m, '\n');
}

/**
 * mmuscope_text_holding - print a share or window, or one mapping of it
 * @m: where to
 * @holding: the share or window, with a mapping or without
 * @first: it was not printed before
 * @hidden: the reader may not see physical addresses
 */
void mmuscope_text_holding(struct seq_file *m,
			   const struct mmuscope_holding *holding, bool first,
			   bool hidden)
{
	if (first && holding->kind == MMUSCOPE_HOLDING_SHARE)
		put_share(m, holding);
	else if (first)
		put_window(m, holding, hidden);
	if (!holding->end)
		return;
	seq_printf(m, "  %llx-%llx offset %llx pid %u comm ", holding->start,
		   holding->end, holding->offset, holding->pid);
	seq_escape(m, holding->comm, " \t\n\\");
	seq_putc(m, '\n');
}
