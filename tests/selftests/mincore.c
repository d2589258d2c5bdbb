// SPDX-License-Identifier: GPL-2.0-only
/*
 * What maps calls ram in private anonymous memory is what mincore() calls
 * resident, and what it calls none is not: touched, dropped, never touched.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "maps.h"
#include "tap.h"
#include "target.h"

enum { PAGES = 4096 };

static unsigned char *resident;		/* shared with the target */

static struct span built(void)
{
	struct span span = memory_anon(PAGES * 4096UL);

	memory_advise(span_part(span, 8 * MB, 8 * MB), MADV_NOHUGEPAGE);
	memory_touch(span_part(span, 0, 4 * MB), 4096);
	memory_touch(span_part(span, 8 * MB, 4 * MB), 5 * 4096);
	memory_advise(span_part(span, MB, 512 * KB), MADV_DONTNEED);
	if (mincore(span_at(span, 0), PAGES * 4096UL, resident))
		target_cannot("mincore: %m");
	return span;
}

int main(void)
{
	unsigned long agree = 0, differ = 0, ram = 0;
	struct target t;
	struct maps m;

	resident = mmap(NULL, PAGES, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	if (maps_read(&m, t.pid))
		tap_bail("cannot read maps");
	for (size_t i = 0; i < PAGES; i++) {
		const struct extent *e = maps_at(&m, t.span.start + i * 4096);
		bool here = e && e->backing == RAM;

		ram += here;
		if (here == (resident[i] & 1))
			agree++;
		else
			differ++;
	}
	tap_note("%lu pages agree with mincore, %lu differ, %lu are ram", agree,
		 differ, ram);
	tap_ok(!differ && ram > 1000 && ram < 2000, "residency");
	maps_free(&m);
	target_stop(&t);
	return tap_done();
}
