// SPDX-License-Identifier: GPL-2.0-only
/*
 * pagetable and maps tell the same story: the leaves of the one are the
 * extents of the other, permissions are the AND over the levels, and the raw
 * entries, decoded here once more, say what the columns say.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "maps.h"
#include "tables.h"
#include "arch.h"
#include "tap.h"
#include "target.h"

static char wrong[300];

static void differs(const struct entry *n, const char *why)
{
	if (!wrong[0])
		snprintf(wrong, sizeof(wrong), "%s %lx-%lx %016llx %s %s %s: %s",
			 level_name(n->e.level), n->e.start, n->e.end,
			 (unsigned long long)n->raw, backing_name(n->e.backing),
			 n->e.perm, n->e.flags, why);
}

/* The frame bits: bit 12 of a large leaf is its PAT bit, not its address. */
static unsigned long frame(const struct entry *n)
{
	uint64_t mask = ARCH_FRAME;

	if (n->e.backing == TABLE)
		return n->raw & mask;
	return n->raw & mask & ~(level_size(n->e.level) - 1);
}

static void check_raw(const struct entry *n)
{
	bool table = n->e.backing == TABLE;
	bool leaf = arch_large(n->raw);
	char perm[5];

	if (!ARCH_VALID(n->raw)) {
		if (strcmp(n->e.perm, "----"))
			differs(n, "raw is not present, PERM is");
		return;
	}
	if (frame(n) != n->e.value)
		differs(n, "raw has another frame");
	if (n->e.level > PGD && n->e.level < PTE && leaf == table)
		differs(n, "raw has another idea of what is a leaf");
	snprintf(perm, sizeof(perm), "r%c%c%c", arch_write(n->raw, table) ? 'w' : '-',
		 arch_exec(n->raw, table) ? 'x' : '-',
		 arch_user(n->raw, table) ? 'u' : '-');
	if (strcmp(perm, n->e.perm))
		differs(n, "raw has other permissions");
	if (!!(n->raw & ARCH_ACCESSED) != extent_has(&n->e, "accessed"))
		differs(n, "raw has another accessed bit");
	if (!table && arch_dirty(n->raw) != extent_has(&n->e, "dirty"))
		differs(n, "raw has another dirty bit");
}

/* PERM as maps should say it: the leaf's, restricted by every table above. */
static void effective(const struct tables *t, const struct entry *n, char *perm)
{
	strcpy(perm, n->e.perm);
	while (n->e.level != PGD) {
		n = &t->entry[n->parent];
		for (int i = 0; i < 4; i++)
			if (n->e.perm[i] == '-')
				perm[i] = '-';
	}
	if (perm[0] == '-' || perm[3] == '-')
		strcpy(perm, "----");
}

/* How many pages the leaf maps, if maps tells the same of it. */
static unsigned long check_leaf(const struct tables *t, const struct entry *n,
				const struct maps *m)
{
	const struct extent *e = maps_at(m, n->e.start);
	char perm[5];

	effective(t, n, perm);
	if (n->late)
		differs(n, "not the whole span of the entry");
	else if (!e)
		differs(n, "maps does not know the address");
	else if (e->level != n->e.level || e->backing != n->e.backing ||
		 e->swap_type != n->e.swap_type || e->hidden != n->e.hidden)
		differs(n, "maps has another LEVEL or BACKING");
	else if (n->e.backing != MARKER && !e->hidden &&
		 extent_value_at(e, n->e.start) != n->e.value)
		differs(n, "maps has another value");
	else if (strcmp(e->perm, perm))
		differs(n, "maps has another PERM");
	else
		return (n->e.end - n->e.start) / 4096;
	return 0;
}

static bool same_story(pid_t pid)
{
	unsigned long leaves = 0, mapped = 0, pages[LEVELS] = {};
	struct tables t;
	struct maps m;

	if (maps_read(&m, pid) || tables_read(&t, pid))
		tap_bail("cannot read maps and pagetable of %d", pid);
	wrong[0] = '\0';
	if (m.wrong[0] || t.wrong[0])
		snprintf(wrong, sizeof(wrong), "%s", m.wrong[0] ? m.wrong : t.wrong);
	for (size_t i = 0; i < t.entries && !wrong[0]; i++) {
		pages[t.entry[i].e.level]++;
		check_raw(&t.entry[i]);
		if (t.entry[i].e.backing != TABLE)
			leaves += check_leaf(&t, &t.entry[i], &m);
	}
	for (size_t i = 0; i < m.extents; i++)
		if (m.extent[i].backing != NONE)
			mapped += (m.extent[i].end - m.extent[i].start) / 4096;
	if (!wrong[0] && leaves != mapped)
		snprintf(wrong, sizeof(wrong), "leaves map %lu pages, maps has %lu",
			 leaves, mapped);
	tap_note("entries: pgd %lu p4d %lu pud %lu pmd %lu pte %lu, %lu pages mapped",
		 pages[PGD], pages[P4D], pages[PUD], pages[PMD], pages[PTE], leaves);
	if (wrong[0])
		tap_note("%s", wrong);
	if (pages[P4D] ? t.levels == 4 : t.levels == 5)
		snprintf(wrong, sizeof(wrong), "p4d entries with %d levels", t.levels);
	maps_free(&m);
	tables_free(&t);
	return !wrong[0] && leaves;
}

static struct span small(void)
{
	struct span span = memory_touched(memory_small(4 * MB));

	mprotect(span_at(span, MB), MB, PROT_READ);
	mprotect(span_at(span, 2 * MB), MB, PROT_NONE);
	return span;
}

static struct span executable(void)
{
	struct span span = memory_touched(memory_small(4 * MB));

	mprotect(span_at(span, MB), MB, PROT_READ | PROT_EXEC);
	return span;
}

static struct span huge(void)
{
	return memory_huge(8 * MB);
}

static void swap_some(struct span span)
{
	memory_pageout(span_part(span, MB, MB));
}

/* Wherever the tables allow: above 47 bits only five levels do. */
static struct span far_apart(void)
{
	struct span span = {};

	for (int bit = 20; bit < 57; bit += 3) {
		void *hint = (void *)((1UL << bit) + 5 * MB);
		void *p = mmap(hint, 4096, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p != MAP_FAILED)
			*(char *)p = 1;
	}
	return span;
}

/* More VMAs in a row than are looked at in one go, and nothing in any of them. */
static struct span empty_rows(void)
{
	struct span span = memory_small(4 * MB);

	for (size_t at = 0; at < 1 * MB; at += 8192)
		mprotect(span_at(span, at), 4096, PROT_READ);
	return span;
}

int main(void)
{
	static const struct {
		const char *name;
		target_build build;
		target_act step;
	} cases[] = {
		{ "small pages, some read-only, some closed", small, NULL },
		{ "executable pages", executable, NULL },
		{ "huge pages", huge, NULL },
		{ "swapped pages", small, swap_some },
		{ "addresses far apart", far_apart, NULL },
		{ "many VMAs with nothing in them", empty_rows, NULL },
	};
	struct target t;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (!target_start(&t, cases[i].build, cases[i].step))
			tap_bail("%s: %s", cases[i].name, t.why);
		target_step(&t);
		tap_ok(same_story(t.pid), "%s", cases[i].name);
		target_stop(&t);
	}
	tap_ok(same_story(1), "PID 1");
	return tap_done();
}
