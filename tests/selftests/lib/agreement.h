/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef AGREEMENT_H
#define AGREEMENT_H

#include <sys/types.h>

#include "maps.h"

/* maps against pagemap, page by page, for a whole process. */
struct agreement {
	unsigned long agree, differ;
	unsigned long hidden;	/* pages of VM_PFNMAP VMAs: pagemap hides them */
	char first[200];	/* the first difference; "" if none */
	struct maps maps;	/* what was compared */
};

/*
 * pagemap is read before and after maps. A page whose entry changed between
 * is undecided and everything is read again, ten times at most; then it
 * counts as different. 0 or -errno.
 */
int agreement_check(struct agreement *a, pid_t pid);

/* The same of what @read reads instead of maps_read(). */
int agreement_check_by(struct agreement *a, pid_t pid,
		       int (*read)(struct maps *m, pid_t pid));
void agreement_free(struct agreement *a);

#endif
