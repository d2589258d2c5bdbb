// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module stays while a window is open or mapped, and goes afterwards; grants
 * are forgotten then. Loaded again, it works.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "module.h"
#include "pci.h"
#include "tap.h"
#include "window.h"

static void stays(const char *what)
{
	int err = module_remove(false);

	tap_ok(err == -EAGAIN || err == -EBUSY, "%s: %s", what, strerror(-err));
}

/* In which a descriptor of the device is open. */
static int open_once(const struct mmuscope_mmio_open *ask, volatile uint32_t **at)
{
	struct mmuscope_mmio_open args = *ask;
	int device = device_open();
	int fd = device_ioctl(device, MMUSCOPE_IOC_MMIO_OPEN, &args);

	close(device);
	if (fd < 0)
		tap_bail("no window: %s", strerror(-fd));
	*at = (volatile uint32_t *)args.addr;
	return fd;
}

int main(void)
{
	struct mmuscope_mmio_open ask = {
		.size = sizeof(ask), .flags = MMUSCOPE_MMIO_MAP, .bytes = PAGE,
	};
	volatile uint32_t *at;
	struct pci edu;
	int fd, err;

	pci_get(&edu, PCI_EDU, 0);
	ask.phys = edu.bar[0].start;
	fd = open_once(&ask, &at);
	stays("open and mapped");
	munmap((void *)at, PAGE);
	stays("open");
	close(fd);
	close(open_once(&ask, &at));
	stays("mapped");
	at[1] = 5;
	tap_ok(at[1] == ~5U, "and it works");
	munmap((void *)at, PAGE);
	err = module_remove(true);
	tap_ok(!err, "removed: %s", strerror(-err));
	tap_ok(!iomem_named("mmuscope"), "nothing is claimed");
	err = module_load();
	tap_ok(!err, "loaded again: %s", strerror(-err));
	fd = open_once(&ask, &at);
	tap_ok(at[0] == 0x010000ed, "and it works");
	munmap((void *)at, PAGE);
	close(fd);
	return tap_done();
}
