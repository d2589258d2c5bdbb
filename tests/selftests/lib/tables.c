// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"
#include "text.h"

/* Where the parser is: the last entry seen at each depth. */
struct path {
	size_t last[LEVELS];
	int depth;		/* of the last entry, -1 before the first */
};

int tables_levels(void)
{
	long levels = -1;
	char *text;

	if (text_slurp(MMUSCOPE "/status", &text) >= 0)
		levels = text_field(text, "levels");
	text_free(text);
	return levels;
}

static enum level level_at(int depth, int levels)
{
	return levels == 5 || !depth ? (enum level)depth : (enum level)(depth + 1);
}

static const char *raw_parse(const char *word, struct entry *n)
{
	char *end;

	n->raw_hidden = !strcmp(word, "-");
	if (n->raw_hidden)
		return NULL;
	n->raw = strtoull(word, &end, 16);
	return end == word + 16 && !*end ? NULL : "RAW is not 16 hexadecimal digits";
}

/* With four levels the pgd stands where the p4d does with five. */
static const char *span_wrong(struct entry *n, int levels)
{
	bool folded = n->e.level == PGD && levels == 4;
	unsigned long size = level_size(folded ? P4D : n->e.level);

	unsigned long end = n->e.end;

	/* 2^64 is no number: the last table ends a page before. */
	if (end == -4096UL)
		end = 0;
	if (end & (size - 1) || end - n->e.start > size)
		return "START-END is not the span of an entry of this LEVEL";
	n->late = n->e.start & (size - 1);
	if ((n->e.start / size & 511) != n->index)
		return "INDEX does not belong to START";
	return NULL;
}

static const char *columns_parse(char *line, struct entry *n, int levels)
{
	char *word[7], *end;
	const char *wrong = NULL;

	for (int i = 0; i < 7; i++) {
		word[i] = word_next(&line);
		if (!word[i])
			return "an entry has seven columns";
	}
	if (word_next(&line))
		return "an entry has seven columns, not more";
	n->index = strtoul(word[1], &end, 10);
	if (*end || n->index > 511)
		return "INDEX is no number below 512";
	wrong = wrong ?: word_level(word[0], &n->e.level);
	wrong = wrong ?: word_range(word[2], &n->e.start, &n->e.end);
	wrong = wrong ?: raw_parse(word[3], n);
	wrong = wrong ?: word_backing(word[4], &n->e);
	wrong = wrong ?: word_perm(word[5]);
	wrong = wrong ?: word_flags(word[6]);
	n->e.perm = word[5];
	n->e.flags = word[6];
	return wrong ?: span_wrong(n, levels);
}

/*
 * Is it above what came before? A leaf may take the place of a table that was
 * told in part; then it starts late, above the last entry of that table.
 */
static bool ascends(const struct tables *t, const struct path *path, int depth,
		    const struct entry *n)
{
	if (depth > path->depth)
		return true;
	if (n->late)
		return n->e.start >= t->entry[t->entries - 1].e.end;
	return n->e.start >= t->entry[path->last[depth]].e.end;
}

/* Does it lie in the table that the last entry one level up points to? */
static const char *place_wrong(struct tables *t, struct path *path, int depth,
			       struct entry *n)
{
	const struct entry *up;

	if (depth >= t->levels || n->e.level != level_at(depth, t->levels))
		return "indentation does not belong to LEVEL";
	if (depth > path->depth + 1)
		return "an entry without the entry of its table";
	if (!ascends(t, path, depth, n))
		return "entry not above the one before";
	if (!depth)
		return NULL;
	n->parent = path->last[depth - 1];
	up = &t->entry[n->parent];
	if (up->e.backing != TABLE)
		return "entry below an entry that is no table";
	if (n->e.start < up->e.start || n->e.end - 1 > up->e.end - 1)
		return "entry outside the span of its table";
	return NULL;
}

static const char *entry_add(struct tables *t, struct path *path, char *line)
{
	size_t indent = strspn(line, " ");
	struct entry n = {};
	const char *wrong;

	if (indent % 2)
		return "indentation is odd";
	wrong = columns_parse(line + indent, &n, t->levels);
	wrong = wrong ?: place_wrong(t, path, indent / 2, &n);
	if (!wrong && n.e.level == PTE && n.e.backing == TABLE)
		wrong = "a pte cannot point to a table";
	if (wrong)
		return wrong;
	path->depth = indent / 2;
	path->last[path->depth] = t->entries;
	if (!(t->entries & (t->entries - 1))) {
		size_t room = t->entries ? t->entries * 2 : 1;

		t->entry = realloc(t->entry, room * sizeof(n));
		if (!t->entry)
			abort();
	}
	t->entry[t->entries++] = n;
	return NULL;
}

void tables_parse(struct tables *t, char *text, int levels)
{
	struct path path = { .depth = -1 };
	char *line = text, *next, copy[140];
	const char *wrong;

	memset(t, 0, sizeof(*t));
	t->text = text;
	t->levels = levels;
	for (; *line && !t->wrong[0]; line = next) {
		next = strchr(line, '\n');
		if (!next) {
			snprintf(t->wrong, sizeof(t->wrong), "no newline at the end");
			return;
		}
		*next++ = '\0';
		snprintf(copy, sizeof(copy), "%s", line);
		wrong = entry_add(t, &path, line);
		if (wrong)
			snprintf(t->wrong, sizeof(t->wrong), "%s: '%s'", wrong, copy);
	}
}

int tables_read(struct tables *t, pid_t pid)
{
	ssize_t n;
	char *text;

	memset(t, 0, sizeof(*t));
	n = text_pid(pid, "pagetable", &text);
	if (n < 0)
		return n;
	tables_parse(t, text, tables_levels());
	return 0;
}

void tables_free(struct tables *t)
{
	text_free(t->text);
	free(t->entry);
	memset(t, 0, sizeof(*t));
}
