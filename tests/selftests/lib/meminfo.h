/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMINFO_H
#define MEMINFO_H

/* A field of /proc/meminfo, in kB. */
long meminfo(const char *field);

/* Free memory in kB, with what processors keep at hand. */
long meminfo_free(void);

/* Have slabs give back what is empty; KASAN keeps what was freed for a while. */
void meminfo_shrink(void);

#endif
