// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half is what the kernel's own ptdump says: the same leaves and
 * holes, of the same level, with the same bits, address by address; and so is
 * what user mode's tables have of it. A kernel without PTDUMP_DEBUGFS, as the
 * distribution's, cannot be asked.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "pieces.h"
#include "tables.h"
#include "tap.h"
#include "text.h"

#define PTDUMP "/sys/kernel/debug/page_tables/"

/* The kernel maps and unmaps all the time; a few looks find it at rest. */
enum { LOOKS = 3 };

static void compare(const char *name, const char *theirs, const char *ours)
{
	struct pieces before = {}, after = {}, found = {};
	size_t compared = 0, bad = 1;
	int levels = tables_levels(), err = 0;

	for (int look = 0; look < LOOKS && bad && !err; look++) {
		pieces_free(&before);
		pieces_free(&after);
		pieces_free(&found);
		err = pieces_of_ptdump(&before, theirs);
		if (!err)
			err = pieces_of_pagetable(&found, ours, levels);
		if (!err)
			err = pieces_of_ptdump(&after, theirs);
		if (!err)
			bad = pieces_compare(&before, &after, &found, &compared,
					     look == LOOKS - 1 ? 10 : 0);
	}
	tap_ok(!err && !bad && compared, "%s: %zu of %zu runs compared, %zu differ",
	       name, compared, before.count, bad);
	if (err)
		tap_note("cannot read: %s", strerror(-err));
	pieces_free(&before);
	pieces_free(&after);
	pieces_free(&found);
}

int main(void)
{
	if (access(PTDUMP "kernel", R_OK)) {
		tap_skip("as ptdump", "this kernel has no ptdump in debugfs");
		return tap_done();
	}
	compare("kernel", PTDUMP "kernel", MMUSCOPE "/kernel/pagetable");
	if (access(MMUSCOPE "/kernel/user_pagetable", R_OK))
		tap_skip("user mode's tables", "no page table isolation");
	else
		compare("user mode's tables", PTDUMP "current_user",
			MMUSCOPE "/kernel/user_pagetable");
	return tap_done();
}
