// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agreement.h"
#include "pagemap.h"
#include "smaps.h"
#include "text.h"

enum { ROUNDS = 10 };

typedef int (*maps_reader)(struct maps *m, pid_t pid);

/* pagemap of one VMA, before and after maps was read. */
struct pages {
	uint64_t *before, *after;
};

/* What pagemap has to say of an extent: (entry & mask) == want + page * step. */
struct expectation {
	uint64_t mask, want, step;
};

static const char *difference(uint64_t bits)
{
	if (bits & PM_PRESENT)
		return "present";
	if (bits & PM_SWAP)
		return "swapped";
	if (bits & PM_FILE)
		return "file or anonymous";
	if (bits & PM_UFFD_WP)
		return "uffd-wp";
	if (bits & PM_EXCLUSIVE)
		return "exclusive or shared";
	if (bits & PM_SOFT_DIRTY)
		return "soft-dirty";
	return "frame or swap slot";
}

static void expect_present(struct expectation *x, const struct extent *e)
{
	bool anon = extent_has(e, "anon") || extent_has(e, "ksm");

	x->want = PM_PRESENT | e->value >> 12;
	x->mask |= PM_PFN(~0ULL);
	x->step = 1;
	/* Pages without a struct page of their own have no owner to tell. */
	if (extent_has(e, "zero") || extent_has(e, "special") || e->backing == MMIO)
		return;
	x->mask |= PM_FILE | PM_EXCLUSIVE;
	if (!anon)
		x->want |= PM_FILE;
	/* Of a huge page that is shared, pages may not be (told since v6.10). */
	if (e->level == PMD && extent_has(e, "shared") && !extent_has(e, "hugetlb"))
		x->mask &= ~PM_EXCLUSIVE;
	/* Nor has it always known of tables that are shared. */
	if (extent_has(e, "hugetlb") && extent_has(e, "shared") && !kernel_since(6, 12))
		x->mask &= ~PM_EXCLUSIVE;
	if (!extent_has(e, "shared"))
		x->want |= PM_EXCLUSIVE;
}

static void expect_softleaf(struct expectation *x, const struct extent *e)
{
	x->want = PM_SWAP;
	if (e->backing == MARKER)
		return;
	/* The type of what is no swap is the kernel's own business. */
	x->mask |= PM_PFN(~31ULL);
	x->step = 32;
	if (e->backing == SWAP) {
		x->mask |= 31;
		x->want |= e->value << 5 | e->swap_type;
	} else {
		x->want |= e->value >> 12 << 5;
	}
}

static struct expectation expect(const struct extent *e, const struct smaps_vma *v)
{
	struct expectation x = { .mask = PM_PRESENT | PM_SWAP | PM_UFFD_WP };
	bool hugetlb = smaps_flag(v, "ht");

	if (e->backing == RAM || e->backing == MMIO)
		expect_present(&x, e);
	else if (e->backing != NONE && !hugetlb)
		/* pagemap says nothing of the softleaves of hugetlb */
		expect_softleaf(&x, e);
	if (extent_has(e, "uffd-wp") ||
	    (e->backing == MARKER && strstr(e->detail, "uffd-wp")))
		x.want |= PM_UFFD_WP;
	/* VM_SOFTDIRTY makes every page look dirty; hugetlb has only that. */
	if (!smaps_flag(v, "sd") && !hugetlb)
		x.mask |= PM_SOFT_DIRTY;
	if (extent_has(e, "soft-dirty"))
		x.want |= PM_SOFT_DIRTY;
	x.want &= x.mask;
	if (e->hidden)
		x.want = ~0ULL;		/* agrees with nothing */
	return x;
}

static void differs(struct agreement *a, const struct extent *e,
		    unsigned long addr, uint64_t entry, uint64_t bits)
{
	a->differ++;
	if (!a->first[0])
		snprintf(a->first, sizeof(a->first),
			 "%lx: %s: pagemap %016llx, maps %s %s:%lx %s %s",
			 addr, difference(bits), (unsigned long long)entry,
			 level_name(e->level), backing_name(e->backing),
			 extent_value_at(e, addr), e->perm, e->flags);
}

/* Count an extent's pages; the number of those that changed meanwhile. */
static unsigned long extent_compare(struct agreement *a, const struct extent *e,
				    const struct smaps_vma *v, const struct pages *p)
{
	struct expectation x = expect(e, v);
	unsigned long undecided = 0;

	for (unsigned long addr = e->start; addr < e->end; addr += 4096) {
		size_t i = (addr - v->start) / 4096;
		uint64_t bits = (p->after[i] & x.mask) ^ x.want;

		x.want += x.step;
		if (p->before[i] != p->after[i])
			undecided++;
		else if (bits)
			differs(a, e, addr, p->after[i], bits);
		else
			a->agree++;
	}
	return undecided;
}

static void pages_read(uint64_t **entries, const struct smaps_vma *v, pid_t pid)
{
	if (!smaps_flag(v, "pf"))
		*entries = pagemap_read(pid, v->start, v->end);
}

/* The VMAs that were compared and the VMAs of maps must be the same ones. */
static bool vmas_match(const struct maps *m, const struct smaps *s)
{
	size_t i;

	for (i = 0; i < m->vmas && i < s->vmas; i++)
		if (m->vma[i].start != s->vma[i].start ||
		    m->vma[i].end != s->vma[i].end)
			return false;
	return m->vmas == s->vmas;
}

static unsigned long vma_compare(struct agreement *a, size_t nr,
				 const struct smaps_vma *v, const struct pages *p)
{
	const struct vma *mine = &a->maps.vma[nr];
	unsigned long undecided = 0;

	if (!p->before || !p->after) {
		a->hidden += (v->end - v->start) / 4096;
		return 0;
	}
	for (size_t i = 0; i < mine->count; i++)
		undecided += extent_compare(a, &a->maps.extent[mine->first + i], v, p);
	return undecided;
}

static int compare(struct agreement *a, struct smaps *s, struct pages *p, pid_t pid,
		   maps_reader read)
{
	unsigned long undecided = 0;
	int err;

	for (size_t i = 0; i < s->vmas; i++)
		pages_read(&p[i].before, &s->vma[i], pid);
	err = read(&a->maps, pid);
	for (size_t i = 0; i < s->vmas; i++)
		pages_read(&p[i].after, &s->vma[i], pid);
	if (err)
		return err;
	maps_complete(&a->maps);
	if (a->maps.wrong[0])
		return 0;
	maps_same_vmas(&a->maps, pid);
	if (a->maps.wrong[0] || !vmas_match(&a->maps, s))
		return -EAGAIN;
	for (size_t i = 0; i < s->vmas; i++)
		undecided += vma_compare(a, i, &s->vma[i], &p[i]);
	if (!undecided)
		return 0;
	a->differ += undecided;
	snprintf(a->first, sizeof(a->first), "%lu pages keep changing", undecided);
	return -EAGAIN;
}

static int round_once(struct agreement *a, pid_t pid, maps_reader read)
{
	struct smaps s;
	struct pages *p;
	int err;

	memset(a, 0, sizeof(*a));
	err = smaps_read(&s, pid);
	if (err)
		return err;
	p = calloc(s.vmas + 1, sizeof(*p));
	err = p ? compare(a, &s, p, pid, read) : -ENOMEM;
	for (size_t i = 0; p && i < s.vmas; i++) {
		free(p[i].before);
		free(p[i].after);
	}
	free(p);
	smaps_free(&s);
	return err;
}

int agreement_check_by(struct agreement *a, pid_t pid, maps_reader read)
{
	int err = round_once(a, pid, read);

	for (int i = 1; i < ROUNDS && err == -EAGAIN; i++) {
		agreement_free(a);
		err = round_once(a, pid, read);
	}
	if (err && err != -EAGAIN)
		return err;
	a->differ += !a->differ && (err || a->maps.wrong[0]);
	if (a->maps.wrong[0])
		snprintf(a->first, sizeof(a->first), "%s", a->maps.wrong);
	else if (err && !a->first[0])
		snprintf(a->first, sizeof(a->first), "VMAs keep changing");
	return 0;
}

int agreement_check(struct agreement *a, pid_t pid)
{
	return agreement_check_by(a, pid, maps_read);
}

void agreement_free(struct agreement *a)
{
	maps_free(&a->maps);
}
