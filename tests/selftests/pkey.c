// SPDX-License-Identifier: GPL-2.0-only
/*
 * A protection key shows as pkey:N on the pages that carry it, and leaves
 * PERM alone: the key is the thread's business, not the table's.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "look.h"
#include "tap.h"

static struct span built(void)
{
	struct span span = memory_touched(memory_small(4 * MB));
	int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);

	if (key < 0)
		target_cannot("no protection keys: %m");
	if (key != 1 || pkey_mprotect(span_at(span, MB), MB,
				      PROT_READ | PROT_WRITE, key))
		target_cannot("pkey_mprotect with key %d: %m", key);
	return span;
}

int main(void)
{
	struct target t;

	if (target_start(&t, built, NULL)) {
		look(&t, "with a key", MB, MB, "pte ram rw-u +pkey:1");
		look(&t, "without a key", 0, MB, "pte ram rw-u !pkey:1");
		target_stop(&t);
	} else {
		tap_skip("protection keys", "%s", t.why);
	}
	return tap_done();
}
