// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smaps.h"
#include "text.h"

static void vma_add(struct smaps *s, unsigned long start, unsigned long end)
{
	s->vma = realloc(s->vma, (s->vmas + 1) * sizeof(*s->vma));
	if (!s->vma)
		abort();
	s->vma[s->vmas++] = (struct smaps_vma){ start, end, "" };
}

/* Lines keep their newline as a NUL, so that smaps_sum() can go over them. */
int smaps_read(struct smaps *s, pid_t pid)
{
	unsigned long start, end;
	char *line, *next;
	ssize_t n;

	memset(s, 0, sizeof(*s));
	n = text_proc(pid, "smaps", &s->text);
	if (n < 0)
		return n;
	for (line = s->text; *line; line = next) {
		next = strchr(line, '\n');
		*next++ = '\0';
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			vma_add(s, start, end);
		else if (!strncmp(line, "VmFlags:", 8) && s->vmas)
			s->vma[s->vmas - 1].flags = line + 8;
	}
	return 0;
}

void smaps_free(struct smaps *s)
{
	text_free(s->text);
	free(s->vma);
	memset(s, 0, sizeof(*s));
}

bool smaps_flag(const struct smaps_vma *v, const char *two_letters)
{
	char word[8];

	snprintf(word, sizeof(word), " %s ", two_letters);
	return strstr(v->flags, word);
}

unsigned long smaps_sum(const struct smaps *s, const char *field)
{
	size_t len = strlen(field);
	unsigned long sum = 0;

	for (const char *line = s->text; *line; line += strlen(line) + 1)
		if (!strncmp(line, field, len) && line[len] == ':')
			sum += strtoul(line + len + 1, NULL, 10);
	return sum;
}
