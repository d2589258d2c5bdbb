/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DRIVER_H
#define DRIVER_H

/* Load /lib/NAME.ko, one of the kernel's own (DRIVERS in run): 0 or -errno. */
int driver_load(const char *name);

/*
 * Let a driver of the platform bus have a device that is not of its kind, and
 * take it away again: 0 or -errno. pvpanic-mmio claims whatever there is and
 * touches nothing: with it, PNP0103:00 (the HPET) is held by a driver.
 */
int driver_bind(const char *driver, const char *device);
int driver_unbind(const char *driver, const char *device);

#endif
