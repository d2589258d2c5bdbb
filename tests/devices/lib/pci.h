/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PCI_H
#define PCI_H

#include <stdbool.h>

/* Vendor and device. */
enum pci_kind {
	PCI_EDU		= 0x123411e8,
	PCI_IVSHMEM	= 0x1af41110,
	PCI_E1000	= 0x8086100e,
};

/* A PCI device of the guest, as sysfs shows it. */
struct pci {
	char address[32];		/* 0000:00:02.0 */
	struct {
		unsigned long start, bytes;	/* 0, 0: there is none */
	} bar[6];
};

/*
 * Find the @nth device (from 0, in order of address) of that kind and enable it,
 * so that it answers; false if there is none.
 */
bool pci_find(struct pci *pci, enum pci_kind kind, unsigned int nth);

/* The same, the test ends if there is none. */
void pci_get(struct pci *pci, enum pci_kind kind, unsigned int nth);

/* /sys/bus/pci/devices/ADDRESS/NAME, valid until the next call. */
const char *pci_path(const struct pci *pci, const char *name);

/* The name of its driver, "" for none; valid until the next call. */
const char *pci_driver(const struct pci *pci);

#endif
