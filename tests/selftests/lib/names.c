// SPDX-License-Identifier: GPL-2.0-only
/* What the device says, in the words of debugfs. */
#define _GNU_SOURCE
#include <mmuscope/names.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SAID (MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_READ | \
	      MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_USER)

static void put_backing(FILE *f, const struct mmuscope_extent *e, bool hidden)
{
	const char *name = mmuscope_backing_names[e->backing];
	char word[64];
	int len = snprintf(word, sizeof(word), "%s", name);

	if (e->backing == MMUSCOPE_BACKING_MARKER) {
		word[len++] = ':';
		for (size_t i = 0; i < COUNT(mmuscope_marker_names); i++)
			if (e->marker & mmuscope_marker_names[i].flag)
				len += sprintf(word + len, "%s+",
					       mmuscope_marker_names[i].name);
		word[len - 1] = '\0';
	} else if (e->backing != MMUSCOPE_BACKING_NONE) {
		if (hidden)
			sprintf(word + len, ":-");
		else if (e->backing == MMUSCOPE_BACKING_SWAP)
			sprintf(word + len, ":%u:%llx", e->swap_type, e->value);
		else
			sprintf(word + len, ":%llx", e->value);
	}
	fprintf(f, "%-15s", word);
}

static void put_flags(FILE *f, const struct mmuscope_extent *e)
{
	unsigned int shift = 12 + 9 * (MMUSCOPE_LEVEL_PTE - e->level);
	const char *comma = "";

	for (size_t i = 0; i < COUNT(mmuscope_flag_names); i++)
		if (e->flags & mmuscope_flag_names[i].flag & ~SAID) {
			fprintf(f, "%s%s", comma, mmuscope_flag_names[i].name);
			comma = ",";
		}
	if (*mmuscope_softleaf_names[e->softleaf]) {
		fprintf(f, "%s%s", comma, mmuscope_softleaf_names[e->softleaf]);
		comma = ",";
	}
	if (e->order && e->order + 12 != shift) {
		fprintf(f, "%sorder:%u", comma, e->order);
		comma = ",";
	}
	if (e->pkey) {
		fprintf(f, "%spkey:%u", comma, e->pkey);
		comma = ",";
	}
	if (e->memtype > MMUSCOPE_MEMTYPE_WB) {
		fprintf(f, "%s%s", comma, mmuscope_memtype_names[e->memtype]);
		comma = ",";
	}
	fputs(*comma ? "\n" : "-\n", f);
}

static void put_extent(FILE *f, const struct mmuscope_extent *e, bool hidden)
{
	fprintf(f, "  %llx-%llx %s ", e->start, e->end, mmuscope_level_names[e->level]);
	put_backing(f, e, hidden);
	fprintf(f, " %c%c%c%c ", e->flags & MMUSCOPE_FLAG_READ ? 'r' : '-',
		e->flags & MMUSCOPE_FLAG_WRITE ? 'w' : '-',
		e->flags & MMUSCOPE_FLAG_EXEC ? 'x' : '-',
		e->flags & MMUSCOPE_FLAG_USER ? 'u' : '-');
	put_flags(f, e);
}

static void put_vma(FILE *f, const struct mmuscope_vma *v, const char *name)
{
	char line[128];

	snprintf(line, sizeof(line), "%08llx-%08llx %c%c%c%c %08llx %02x:%02x %llu ",
		 v->start, v->end, v->flags & MMUSCOPE_VMA_READ ? 'r' : '-',
		 v->flags & MMUSCOPE_VMA_WRITE ? 'w' : '-',
		 v->flags & MMUSCOPE_VMA_EXEC ? 'x' : '-',
		 v->flags & MMUSCOPE_VMA_SHARED ? 's' : 'p',
		 v->offset, v->dev_major, v->dev_minor, v->ino);
	if (v->name_len)
		fprintf(f, "%-72s ", line);
	else
		fputs(line, f);
	for (; *name; name++)
		if (*name == '\n')
			fputs("\\012", f);
		else
			putc(*name, f);
	putc('\n', f);
}

char *device_text(const struct scan *s, bool hidden)
{
	int fd = memfd_create("text", MFD_CLOEXEC);
	FILE *f = fdopen(dup(fd), "w");
	size_t vma = 0;
	char *text;

	for (size_t i = 0; i < s->extents; i++) {
		for (; vma < s->vmas && s->vma[vma].first <= i; vma++)
			put_vma(f, &s->vma[vma], s->name[vma]);
		put_extent(f, &s->extent[i], hidden);
	}
	fclose(f);
	lseek(fd, 0, SEEK_SET);
	if (text_read(fd, 65536, &text) < 0)
		abort();
	close(fd);
	return text;
}
