/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDU_H
#define EDU_H

#define EDU_SIZE (1UL << 20)

/*
 * The physical address of the registers of QEMU's edu device (1234:11e8), which
 * guests of the selftests have, and the file to map them by; 0 if there is none.
 */
unsigned long edu_find(const char **resource);

#endif
