// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extent.h"

static const char * const levels[] = { "pgd", "p4d", "pud", "pmd", "pte" };
static const char * const backings[] = {
	"none", "ram", "mmio", "swap", "migration", "device", "poison",
	"marker", "table", "unknown",
};

unsigned long level_size(enum level level)
{
	return 1UL << (12 + 9 * (PTE - level));
}

const char *level_name(enum level level)
{
	return levels[level];
}

const char *backing_name(enum backing backing)
{
	return backings[backing];
}

char *word_next(char **line)
{
	char *word = *line;

	while (*word == ' ')
		word++;
	if (!*word)
		return NULL;
	*line = word + strcspn(word, " ");
	if (**line)
		*(*line)++ = '\0';
	return word;
}

/* Lower case, no 0x, no leading zeros: what %lx prints and nothing else. */
static bool hex(const char *word, size_t len, unsigned long *value)
{
	char again[24], *end;

	if (!len || len > 16)
		return false;
	*value = strtoul(word, &end, 16);
	snprintf(again, sizeof(again), "%lx", *value);
	return end == word + len && strlen(again) == len &&
	       !strncmp(again, word, len);
}

const char *word_range(const char *word, unsigned long *start, unsigned long *end)
{
	const char *dash = strchr(word, '-');

	if (!dash || !hex(word, dash - word, start) ||
	    !hex(dash + 1, strlen(dash + 1), end))
		return "START-END is not two hexadecimal numbers";
	if (*start & 4095 || *end & 4095)
		return "START-END is not page aligned";
	return *start <= *end - 1 ? NULL : "START is not below END";
}

const char *word_level(const char *word, enum level *level)
{
	for (*level = PGD; *level < LEVELS; (*level)++)
		if (!strcmp(word, levels[*level]))
			return NULL;
	return "unknown LEVEL";
}

static const char *value_parse(char *word, struct extent *e)
{
	char *end;

	if (!strcmp(word, "-")) {
		e->hidden = true;
		return NULL;
	}
	if (e->backing == SWAP) {
		e->swap_type = strtoul(word, &end, 10);
		if (end == word || *end != ':' || !isdigit(word[0]))
			return "swap without a decimal TYPE";
		word = end + 1;
	}
	if (!hex(word, strlen(word), &e->value))
		return "BACKING has no hexadecimal value";
	if (e->backing != SWAP && e->value & 4095)
		return "BACKING is no address of a page";
	return NULL;
}

const char *word_backing(char *word, struct extent *e)
{
	char *colon = strchr(word, ':');

	if (colon)
		*colon++ = '\0';
	for (e->backing = NONE; e->backing < UNKNOWN; e->backing++)
		if (!strcmp(word, backings[e->backing]))
			break;
	e->detail = colon;
	e->hidden = false;
	e->value = 0;
	e->swap_type = 0;
	if (e->backing == UNKNOWN)
		return NULL;
	if (e->backing == NONE)
		return colon ? "none with a value" : NULL;
	if (!colon || !*colon)
		return "BACKING without a value";
	return e->backing == MARKER ? NULL : value_parse(colon, e);
}

const char *word_perm(const char *word)
{
	if (strlen(word) != 4)
		return "PERM is not four characters";
	for (int i = 0; i < 4; i++)
		if (word[i] != '-' && word[i] != "rwxu"[i])
			return "PERM is none of rwxu";
	return NULL;
}

const char *word_flags(const char *word)
{
	size_t len = strlen(word);

	if (!strcmp(word, "-"))
		return NULL;
	if (strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-:,") != len)
		return "FLAGS has a strange character";
	if (word[0] == ',' || word[len - 1] == ',' || strstr(word, ",,"))
		return "FLAGS has an empty name";
	return NULL;
}

const char *extent_parse(char *line, struct extent *e)
{
	char *word[5], *rest = line + 2;
	const char *wrong = NULL;

	if (strncmp(line, "  ", 2) || line[2] == ' ')
		return "an extent begins with two spaces";
	if (line[strlen(line) - 1] == ' ')
		return "space at the end of the line";
	for (int i = 0; i < 5; i++) {
		word[i] = word_next(&rest);
		if (!word[i])
			return "an extent has five columns";
	}
	if (word_next(&rest))
		return "an extent has five columns, not more";
	wrong = wrong ?: word_range(word[0], &e->start, &e->end);
	wrong = wrong ?: word_level(word[1], &e->level);
	wrong = wrong ?: word_backing(word[2], e);
	wrong = wrong ?: word_perm(word[3]);
	wrong = wrong ?: word_flags(word[4]);
	e->perm = word[3];
	e->flags = word[4];
	return wrong ?: extent_sane(e);
}

const char *extent_sane(const struct extent *e)
{
	bool here = e->backing == RAM || e->backing == MMIO;
	unsigned long low = level_size(e->level) - 1;

	if (e->backing == TABLE)
		return NULL;
	if (!here && strcmp(e->perm, "----"))
		return "what is not present is not accessible";
	if (strcmp(e->perm, "----") && (e->perm[0] != 'r' || e->perm[3] != 'u'))
		return "user memory is accessible without r or u";
	if (here && (e->end | (e->start ^ e->value)) & low)
		return "a leaf is not aligned to its level";
	if (here && e->level < PUD)
		return "no leaves at this LEVEL";
	return NULL;
}

unsigned long extent_value_at(const struct extent *e, unsigned long addr)
{
	if (e->backing == SWAP)
		return e->value + ((addr - e->start) >> 12);
	return e->value + (addr - e->start);
}

bool extent_continues(const struct extent *a, const struct extent *b)
{
	if (a->end != b->start || a->level != b->level ||
	    a->backing != b->backing || a->hidden != b->hidden ||
	    strcmp(a->perm, b->perm) || strcmp(a->flags, b->flags))
		return false;
	if (a->backing == NONE || a->hidden)
		return true;
	if (a->backing == MARKER)
		return !strcmp(a->detail, b->detail);
	return a->swap_type == b->swap_type &&
	       extent_value_at(a, b->start) == b->value;
}

bool extent_has(const struct extent *e, const char *flag)
{
	size_t len = strlen(flag);
	const char *f = e->flags;

	while (f) {
		if (!strncmp(f, flag, len) && (!f[len] || f[len] == ','))
			return true;
		f = strchr(f, ',');
		f += !!f;
	}
	return false;
}

static bool word_matches(const struct extent *e, const char *word)
{
	enum level level;

	if (word[0] == '+')
		return extent_has(e, word + 1);
	if (word[0] == '!')
		return !extent_has(e, word + 1);
	if (!strncmp(word, "marker:", 7))
		return e->backing == MARKER && !strcmp(e->detail, word + 7);
	if (!word_level(word, &level))
		return e->level == level;
	if (!word_perm(word))
		return !strcmp(e->perm, word);
	return !strcmp(backings[e->backing], word);
}

bool extent_is(const struct extent *e, const char *pattern)
{
	char copy[128], *rest = copy, *word;

	snprintf(copy, sizeof(copy), "%s", pattern);
	while ((word = word_next(&rest)))
		if (!word_matches(e, word))
			return false;
	return true;
}
