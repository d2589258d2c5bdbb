// SPDX-License-Identifier: GPL-2.0-only
/*
 * When a PCI device goes its addresses become another's: what is mapped of them
 * goes first.
 */
#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include "internal.h"

static void pci_revoke(struct pci_dev *pdev)
{
	const struct resource *res;
	unsigned int i;

	for (i = 0; i < PCI_NUM_RESOURCES; i++) {
		res = &pdev->resource[i];
		if (!res->parent || !(res->flags & IORESOURCE_MEM))
			continue;
		mmuscope_window_revoke(res->start, res->end + 1);
		mmuscope_grant_revoke(res->start, res->end + 1);
	}
}

/*
 * Both come before the addresses are given up, which detaches what is claimed of
 * them (pci_destroy_dev(), v6.1). Between the two somebody may have claimed them
 * again: those who remove virtual functions take no lock (v6.1).
 */
static int pci_notify(struct notifier_block *nb, unsigned long action,
		      void *data)
{
	if (action != BUS_NOTIFY_DEL_DEVICE &&
	    action != BUS_NOTIFY_REMOVED_DEVICE)
		return NOTIFY_DONE;
	pci_revoke(to_pci_dev(data));
	return NOTIFY_OK;
}

static struct notifier_block pci_nb = {
	.notifier_call = pci_notify,
};

/**
 * mmuscope_pci_init - watch devices go
 *
 * Return: 0 or a negative errno.
 */
int mmuscope_pci_init(void)
{
	return bus_register_notifier(&pci_bus_type, &pci_nb);
}

void mmuscope_pci_exit(void)
{
	bus_unregister_notifier(&pci_bus_type, &pci_nb);
}

static bool bus_forwards(struct pci_bus *bus, const struct resource *res)
{
	struct resource *window;
	int i;

	if (!bus)
		return false;
	pci_bus_for_each_resource(bus, window, i)
		if (window == res)
			return true;
	return false;
}

/**
 * mmuscope_pci_window - is a resource what a PCI bus forwards, and not a device?
 * @res: a pointer that is compared only
 *
 * The kernel's flag for it, IORESOURCE_WINDOW, is set for host bridges only (v6.1).
 *
 * Context: under pci_lock_rescan_remove().
 */
bool mmuscope_pci_window(const struct resource *res)
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, pdev))) {
		if (bus_forwards(pdev->bus, res) ||
		    bus_forwards(pdev->subordinate, res)) {
			pci_dev_put(pdev);
			return true;
		}
	}
	return false;
}

static bool has_bar(const struct pci_dev *pdev, const struct resource *res)
{
	unsigned int i;

	for (i = 0; i <= PCI_ROM_RESOURCE; i++)
		if (res == &pdev->resource[i])
			return true;
	return false;
}

/**
 * mmuscope_pci_driven - is a resource a BAR of a device that a driver has?
 * @res: a pointer that is compared only
 *
 * Drivers of graphics, for one, map BARs that they do not claim (v6.1).
 *
 * Context: under pci_lock_rescan_remove().
 */
bool mmuscope_pci_driven(const struct resource *res)
{
	struct pci_dev *pdev = NULL;
	bool driven = false;

	while ((pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, pdev))) {
		if (!has_bar(pdev, res))
			continue;
		driven = READ_ONCE(pdev->dev.driver);
		pci_dev_put(pdev);
		break;
	}
	return driven;
}
