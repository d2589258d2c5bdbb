// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swap in summary counts as smaps does: swap entries, and pages of shmem that
 * are swapped out and that no table mentions any more; shared, mapped in part,
 * and private with copies of some pages.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "smaps.h"
#include "tap.h"
#include "target.h"
#include "text.h"

static struct span anonymous(void)
{
	return memory_touched(memory_small(2 * MB));
}

static struct span shared(void)
{
	return memory_touched(memory_map(2 * MB, 2 * MB, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1));
}

/* Of 2 MB paged out, the second half is mapped privately and written to. */
static struct span private(void)
{
	int fd = memfd_create("private", 0);
	struct span all, half;

	if (fd < 0 || ftruncate(fd, 2 * MB))
		target_cannot("memfd: %m");
	all = memory_map(2 * MB, 2 * MB, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	memory_touch(all, 4096);
	memory_pageout(all);
	munmap(span_at(all, 0), 2 * MB);
	half = memory_map(MB, MB, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
	memory_touch(span_part(half, 0, MB / 4), 4096);
	memory_touch(span_part(half, 3 * MB / 4, MB / 8), 4096);
	return half;
}

/* Half of what was paged out comes back. */
static void page_out(struct span span)
{
	memory_pageout(span);
	memory_peek(span_part(span, 0, (span.end - span.start) / 2));
}

int main(void)
{
	static const struct {
		const char *name;
		target_build build;
		target_act step;
	} cases[] = {
		{ "anonymous memory", anonymous, page_out },
		{ "shared memory", shared, page_out },
		{ "private mapping of shared memory", private, NULL },
		{ "private mapping, its copies paged out", private, page_out },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct smaps s = {};
		struct target t;
		char *summary;
		long is, want;

		target_start(&t, cases[i].build, cases[i].step);
		target_step(&t);
		smaps_read(&s, t.pid);
		text_pid(t.pid, "summary", &summary);
		want = smaps_sum(&s, "Swap");
		is = summary ? text_field(summary, "Swap") : -1;
		tap_note("%s: summary %ld kB, smaps %ld kB", cases[i].name, is, want);
		tap_ok(want > 0 && is == want, "%s", cases[i].name);
		text_free(summary);
		smaps_free(&s);
		target_stop(&t);
	}
	return tap_done();
}
