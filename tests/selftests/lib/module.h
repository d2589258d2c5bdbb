/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

/* insmod and rmmod, of any module: 0 or -errno. */
int module_insert(const char *path, const char *options);
int module_delete(const char *name);

/* insmod and rmmod of the guest's /lib/mmuscope.ko: 0 or -errno. */
int module_load(void);
int module_unload(void);

/* Unmount the pid directory (if nobody is in it) and unload, with patience. */
int module_remove(bool patient);

#endif
