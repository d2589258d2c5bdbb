// SPDX-License-Identifier: GPL-2.0-only
/*
 * PERM is what the MMU enforces: writable, read-only, executable, closed; and
 * a program's text is executable although page-table isolation sets NX in the
 * pgd entries above it.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "look.h"
#include "tap.h"

static struct span built(void)
{
	struct span span = memory_touched(memory_small(8 * MB));

	mprotect(span_at(span, MB), MB, PROT_READ);
	mprotect(span_at(span, 2 * MB), MB, PROT_READ | PROT_EXEC);
	mprotect(span_at(span, 3 * MB), MB, PROT_READ | PROT_WRITE | PROT_EXEC);
	mprotect(span_at(span, 4 * MB), MB, PROT_NONE);
	mprotect(span_at(span, 5 * MB), MB, PROT_WRITE);
	return span;
}

static struct span text(void)
{
	unsigned long page = (unsigned long)text & ~4095UL;

	return (struct span){ page, page + 4096 };
}

int main(void)
{
	struct target t;

	target_start(&t, built, NULL);
	look(&t, "read and write", 0, MB, "pte ram rw-u");
	look(&t, "read only", MB, MB, "pte ram r--u");
	look(&t, "execute", 2 * MB, MB, "pte ram r-xu");
	look(&t, "read, write and execute", 3 * MB, MB, "pte ram rwxu");
	look(&t, "closed", 4 * MB, MB, "pte ram ---- +prot-none");
	look(&t, "write implies read", 5 * MB, MB, "pte ram rw-u");
	target_stop(&t);

	target_start(&t, text, NULL);
	look(&t, "program text", 0, 4096, "ram r-xu");
	target_stop(&t);
	return tap_done();
}
