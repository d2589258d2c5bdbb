// SPDX-License-Identifier: GPL-2.0-only
/*
 * However large the target, mmap_lock is held for a bounded number of entries
 * at a time: a sparse terabyte, dense memory, and both in one process.
 */
#include <sys/mman.h>

#include "tap.h"
#include "target.h"
#include "text.h"

enum { BUDGET = 2048 };

static struct span sparse(void)
{
	struct span span = memory_map(1UL << 40, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);

	memory_advise(span, MADV_NOHUGEPAGE);
	memory_touch(span, 16 * GB + 5 * MB);
	return span;
}

static struct span dense(void)
{
	return memory_touched(memory_small(64 * MB));
}

static struct span both(void)
{
	dense();
	return sparse();
}

/* All that shmem has put away has to be looked for. */
static struct span swapped_shmem(void)
{
	struct span span = memory_map(32 * MB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1);

	memory_touch(span, 8192);
	memory_pageout(span);
	return span;
}

static struct span many_vmas(void)
{
	struct span span = memory_small(16 * MB);

	for (size_t at = 0; at < 16 * MB; at += 8 * KB)
		mprotect(span_at(span, at), 4 * KB, PROT_READ);
	return span;
}

int main(void)
{
	static const struct {
		const char *name;
		target_build build;
		long entries;	/* at least so many have to be read */
	} cases[] = {
		{ "a sparse terabyte", sparse, 30000 },
		{ "64 MB of small pages", dense, 16384 },
		{ "both", both, 46000 },
		{ "swapped shmem", swapped_shmem, 4096 },
		{ "4096 VMAs", many_vmas, 4096 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct target t;
		char *text;
		long entries, holds, longest;

		if (!target_start(&t, cases[i].build, NULL))
			tap_bail("%s: %s", cases[i].name, t.why);
		if (text_pid(t.pid, "summary", &text) < 0)
			tap_bail("cannot read summary");
		entries = text_field(text, "Entries");
		holds = text_field(text, "Holds");
		longest = text_field(text, "LongestHold");
		tap_note("%s: %ld entries, %ld holds, longest %ld entries and %ld us",
			 cases[i].name, entries, holds, longest,
			 text_field(text, "LongestHoldNs") / 1000);
		tap_ok(entries >= cases[i].entries && longest > 0 &&
		       longest <= BUDGET && longest * holds >= entries,
		       "%s", cases[i].name);
		text_free(text);
		target_stop(&t);
	}
	return tap_done();
}
