// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "maps.h"
#include "text.h"

static void __attribute__((format(printf, 2, 3)))
broken(struct maps *m, const char *fmt, ...)
{
	va_list args;

	if (m->wrong[0])
		return;
	va_start(args, fmt);
	vsnprintf(m->wrong, sizeof(m->wrong), fmt, args);
	va_end(args);
}

static void *grown(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	array = realloc(array, (count ? count * 2 : 1) * size);
	if (!array)
		abort();
	return array;
}

/* "START-END PERM OFFSET MAJ:MIN INODE[ NAME]" with the padding of procfs. */
static void vma_add(struct maps *m, char *line)
{
	unsigned long offset, inode;
	unsigned int major, minor;
	struct vma v = { .line = line, .first = m->extents };
	char perm[5] = "";

	if (sscanf(line, "%lx-%lx %4s %lx %x:%x %lu", &v.start, &v.end, perm,
		   &offset, &major, &minor, &inode) != 7 ||
	    v.start >= v.end || (v.start | v.end) & 4095 || strlen(perm) != 4 ||
	    strspn(perm, "rwxsp-") != 4)
		broken(m, "no VMA line: %s", line);
	m->vma = grown(m->vma, m->vmas, sizeof(*m->vma));
	m->vma[m->vmas++] = v;
}

static void extent_add(struct maps *m, char *line)
{
	struct vma *v = m->vmas ? &m->vma[m->vmas - 1] : NULL;
	struct extent e = {};
	const char *wrong;
	char copy[160];

	snprintf(copy, sizeof(copy), "%s", line);
	wrong = extent_parse(line, &e);
	if (!wrong && !v)
		wrong = "extent before any VMA";
	if (!wrong && (e.start < v->start || e.end > v->end))
		wrong = "extent outside its VMA";
	if (!wrong && m->extents && e.start < m->extent[m->extents - 1].end)
		wrong = "extent not above the one before";
	if (wrong) {
		broken(m, "%s: '%s'", wrong, copy);
		return;
	}
	m->extent = grown(m->extent, m->extents, sizeof(*m->extent));
	m->extent[m->extents++] = e;
	v->count++;
}

void maps_parse(struct maps *m, char *text)
{
	char *line = text, *next;

	memset(m, 0, sizeof(*m));
	m->text = text;
	for (; *line; line = next) {
		next = strchr(line, '\n');
		if (!next) {
			broken(m, "no newline at the end: '%.40s'", line);
			return;
		}
		*next++ = '\0';
		if (line[0] == ' ')
			extent_add(m, line);
		else
			vma_add(m, line);
	}
}

int maps_read(struct maps *m, pid_t pid)
{
	ssize_t n;
	char *text;

	memset(m, 0, sizeof(*m));
	n = text_pid(pid, "maps", &text);
	if (n < 0)
		return n;
	maps_parse(m, text);
	return 0;
}

void maps_free(struct maps *m)
{
	text_free(m->text);
	free(m->vma);
	free(m->extent);
	memset(m, 0, sizeof(*m));
}

static void vma_complete(struct maps *m, const struct vma *v)
{
	const struct extent *e = m->extent + v->first;
	unsigned long at = v->start;

	for (size_t i = 0; i < v->count; i++, e++) {
		if (e->start != at)
			broken(m, "nothing said about %lx-%lx", at, e->start);
		if ((e->backing == RAM || e->backing == MMIO) &&
		    e->start & (level_size(e->level) - 1))
			broken(m, "%lx is not where a leaf starts", e->start);
		if (i && extent_continues(e - 1, e))
			broken(m, "%lx-%lx should be one extent with %lx-%lx",
			       e[-1].start, e[-1].end, e->start, e->end);
		at = e->end;
	}
	if (at != v->end)
		broken(m, "nothing said about %lx-%lx", at, v->end);
}

void maps_complete(struct maps *m)
{
	for (size_t i = 0; i < m->vmas; i++)
		vma_complete(m, m->vma + i);
}

void maps_same_vmas(struct maps *m, pid_t pid)
{
	char *proc, *line, *next;
	size_t i = 0;

	if (text_proc(pid, "maps", &proc) < 0) {
		broken(m, "cannot read /proc/%d/maps", pid);
		return;
	}
	for (line = proc; *line; line = next, i++) {
		next = strchr(line, '\n');
		*next++ = '\0';
		if (i >= m->vmas)
			broken(m, "missing: %s", line);
		else if (strcmp(line, m->vma[i].line))
			broken(m, "'%s' instead of '%s'", m->vma[i].line, line);
	}
	if (i < m->vmas)
		broken(m, "no such VMA in procfs: %s", m->vma[i].line);
	text_free(proc);
}

const struct extent *maps_at(const struct maps *m, unsigned long addr)
{
	size_t low = 0, high = m->extents;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (addr >= m->extent[mid].end)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == m->extents || addr < m->extent[low].start)
		return NULL;
	return m->extent + low;
}

unsigned long maps_count(const struct maps *m, unsigned long start,
			 unsigned long end, const char *pattern)
{
	unsigned long pages = 0, from, to;

	for (size_t i = 0; i < m->extents; i++) {
		const struct extent *e = m->extent + i;

		from = e->start > start ? e->start : start;
		to = e->end < end ? e->end : end;
		if (from < to && extent_is(e, pattern))
			pages += (to - from) >> 12;
	}
	return pages;
}
