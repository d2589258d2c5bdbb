/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CAPLESS_H
#define CAPLESS_H

/* Give up all capabilities, and stay uid 0. */
void capless_become(void);

/*
 * Run @fn in a process without capabilities that shares memory and open files
 * with this one, and wait for it.
 */
void capless_run(void (*fn)(void));

#endif
