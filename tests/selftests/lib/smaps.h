/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SMAPS_H
#define SMAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct smaps_vma {
	unsigned long start, end;
	const char *flags;	/* " rd wr mr ", as VmFlags: says */
};

/* /proc/<PID>/smaps, parsed: the oracle of summary. */
struct smaps {
	char *text;
	struct smaps_vma *vma;
	size_t vmas;
};

int smaps_read(struct smaps *s, pid_t pid);
void smaps_free(struct smaps *s);

bool smaps_flag(const struct smaps_vma *v, const char *two_letters);

/* The sum of one field over all VMAs, in kB. */
unsigned long smaps_sum(const struct smaps *s, const char *field);

#endif
