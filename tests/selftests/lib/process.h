/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PROCESS_H
#define PROCESS_H

#include <sys/types.h>

/* Wait until a process sleeps, and so neither maps nor touches anything. */
void process_wait_asleep(pid_t pid);

#endif
