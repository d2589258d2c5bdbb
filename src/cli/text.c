// SPDX-License-Identifier: MIT
/*
 * VMAs and extents as lines: the same that the module prints in debugfs, byte
 * for byte (src/module/text.c).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

/* Where the name of a VMA stands in its line. */
#define NAME_COLUMN 73

/* Words of a line: commas between them, a dash if there is none. */
struct words {
	bool any;
};

bool may_see_frames(const struct cli *cli)
{
	return cli->info.rights & MMUSCOPE_RIGHT_FRAMES;
}

/* log2 of the bytes that an entry of a level spans. */
unsigned int level_shift(const struct mmuscope_info *info, unsigned int level)
{
	/* With fewer levels it is the p4d, then the pud that is missing. */
	unsigned int depth = level == MMUSCOPE_LEVEL_PGD ?
			     info->levels - 1 : MMUSCOPE_LEVEL_PTE - level;

	return info->page_shift + depth * (info->page_shift - 3);
}

static void put_word(struct words *words, const char *word)
{
	if (words->any)
		putchar(',');
	fputs(word, stdout);
	words->any = true;
}

static void put_number(struct words *words, const char *name, uint32_t number)
{
	char word[32];

	snprintf(word, sizeof(word), "%s:%" PRIu32, name, number);
	put_word(words, word);
}

void text_flags(const struct cli *cli, const struct mmuscope_extent *ext)
{
	const char *softleaf = mmuscope_softleaf_name(ext->softleaf);
	uint64_t flags = ext->flags & ~MMUSCOPE_SAID_FLAGS, flag;
	struct words words = { .any = false };
	unsigned int i;

	for (i = 0; (flag = mmuscope_flag_nth(i)); i++)
		if (flags & flag)
			put_word(&words, mmuscope_flag_name(flag));
	if (softleaf && *softleaf)
		put_word(&words, softleaf);
	/* A huge leaf says the order of its folio by its level. */
	if (ext->order && ext->order + cli->info.page_shift !=
			  level_shift(&cli->info, ext->level))
		put_number(&words, "order", ext->order);
	if (ext->pkey)
		put_number(&words, "pkey", ext->pkey);
	if (ext->memtype > MMUSCOPE_MEMTYPE_WB)
		put_word(&words, mmuscope_memtype_name(ext->memtype));
	if (!words.any)
		putchar('-');
}

void perm_word(uint64_t flags, char word[5])
{
	word[0] = flags & MMUSCOPE_FLAG_READ ? 'r' : '-';
	word[1] = flags & MMUSCOPE_FLAG_WRITE ? 'w' : '-';
	word[2] = flags & MMUSCOPE_FLAG_EXEC ? 'x' : '-';
	word[3] = flags & MMUSCOPE_FLAG_USER ? 'u' : '-';
	word[4] = '\0';
}

static void marker_word(uint32_t marker, char *word, size_t size)
{
	const char *between = ":", *name;
	unsigned int i;
	size_t len;

	snprintf(word, size, "%s",
		 mmuscope_backing_name(MMUSCOPE_BACKING_MARKER));
	for (i = 0; i < 32; i++) {
		name = marker & 1U << i ? mmuscope_marker_name(1U << i) : NULL;
		if (!name)
			continue;
		len = strlen(word);
		snprintf(word + len, size - len, "%s%s", between, name);
		between = "+";
	}
}

void backing_word(const struct cli *cli, const struct mmuscope_extent *ext,
		  char *word, size_t size)
{
	const char *name = mmuscope_backing_name(ext->backing);

	if (!name)
		name = "?";
	if (ext->backing == MMUSCOPE_BACKING_NONE)
		snprintf(word, size, "%s", name);
	else if (ext->backing == MMUSCOPE_BACKING_MARKER)
		marker_word(ext->marker, word, size);
	else if (!may_see_frames(cli))
		snprintf(word, size, "%s:-", name);
	else if (ext->backing == MMUSCOPE_BACKING_SWAP)
		snprintf(word, size, "%s:%" PRIu32 ":%" PRIx64, name,
			 ext->swap_type, (uint64_t)ext->value);
	else
		snprintf(word, size, "%s:%" PRIx64, name, (uint64_t)ext->value);
}

static enum colour backing_colour(unsigned int backing)
{
	switch (backing) {
	case MMUSCOPE_BACKING_NONE:
		return COLOUR_DIM;
	case MMUSCOPE_BACKING_RAM:
	case MMUSCOPE_BACKING_MMIO:
	case MMUSCOPE_BACKING_DEVICE:
		return COLOUR_GOOD;
	case MMUSCOPE_BACKING_POISON:
		return COLOUR_BAD;
	default:
		return COLOUR_AWAY;
	}
}

void text_extent(const struct cli *cli, const struct mmuscope_extent *ext)
{
	char backing[64], perm[5];

	backing_word(cli, ext, backing, sizeof(backing));
	perm_word(ext->flags, perm);
	printf("  %" PRIx64 "-%" PRIx64 " %s ", (uint64_t)ext->start,
	       (uint64_t)ext->end, mmuscope_level_name(ext->level));
	colour(backing_colour(ext->backing));
	printf("%-15s", backing);
	colour(COLOUR_NONE);
	printf(" %s ", perm);
	text_flags(cli, ext);
	putchar('\n');
}

/* As /proc does: a character of @esc becomes a backslash and three digits. */
void text_escaped(const char *name, const char *esc)
{
	for (; *name; name++) {
		if (strchr(esc, *name))
			printf("\\%03o", (unsigned char)*name);
		else
			putchar(*name);
	}
}

/* The line of /proc/PID/maps, without its end. */
void text_vma(const struct mmuscope_vma *vma, const char *name)
{
	int len;

	len = printf("%08" PRIx64 "-%08" PRIx64 " %c%c%c%c %08" PRIx64
		     " %02x:%02x %" PRIu64 " ",
		     (uint64_t)vma->start, (uint64_t)vma->end,
		     vma->flags & MMUSCOPE_VMA_READ ? 'r' : '-',
		     vma->flags & MMUSCOPE_VMA_WRITE ? 'w' : '-',
		     vma->flags & MMUSCOPE_VMA_EXEC ? 'x' : '-',
		     vma->flags & MMUSCOPE_VMA_SHARED ? 's' : 'p',
		     (uint64_t)vma->offset, vma->dev_major, vma->dev_minor,
		     (uint64_t)vma->ino);
	if (!(vma->flags & MMUSCOPE_VMA_FILE) && !*name)
		return;
	if (len < NAME_COLUMN)
		printf("%*s", NAME_COLUMN - len, "");
	else
		putchar(' ');
	text_escaped(name, vma->flags & MMUSCOPE_VMA_FILE ? "\n" : "");
}
