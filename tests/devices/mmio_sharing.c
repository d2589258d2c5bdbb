// SPDX-License-Identifier: GPL-2.0-only
/*
 * A second window clashes with the first unless both say that they share; a driver
 * gets nothing of a window, nor a window anything of a driver, but each does when
 * the other has gone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver.h"
#include "pci.h"
#include "tap.h"
#include "text.h"
#include "window.h"

#define SHARED MMUSCOPE_MMIO_SHARED
#define ACCESS MMUSCOPE_MMIO_ACCESS

static struct pci edu, e1000;

static void clash(const char *name, unsigned long offset, unsigned long bytes,
		  uint64_t flags, unsigned long start, unsigned long end)
{
	struct mmuscope_mmio_open args;
	unsigned long bar = edu.bar[0].start;

	window_refused(name, window_open(&args, bar + offset, bytes, flags), &args,
		       -EBUSY, MMUSCOPE_MMIO_WHY_WINDOW, bar + start, bar + end);
}

/* The kernel's own ways to a BAR: 0 or -errno. */
static int other_way(const char *path, unsigned long offset)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), err = 0;
	void *at;

	if (fd < 0)
		tap_bail("%s: %m", path);
	at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, offset);
	if (at == MAP_FAILED)
		err = -errno;
	else
		munmap(at, PAGE);
	close(fd);
	return err;
}

static void other_ways(void)
{
	unsigned long bar = edu.bar[0].start;
	int fd = window_get(bar, PAGE, 0, NULL);

	tap_ok(other_way(pci_path(&edu, "resource0"), 0) == -EINVAL &&
	       other_way("/dev/mem", bar) == -EPERM,
	       "who has a window has it alone: not by sysfs, nor by /dev/mem");
	close(fd);
	tap_ok(!other_way(pci_path(&edu, "resource0"), 0) && !other_way("/dev/mem", bar),
	       "by both when it has gone");
}

static void alone(void)
{
	unsigned long bar = edu.bar[0].start;
	int fd = window_get(bar + PAGE, 2 * PAGE, 0, NULL);

	clash("the same", PAGE, 2 * PAGE, 0, PAGE, 3 * PAGE);
	clash("its begin", 0, 2 * PAGE, 0, PAGE, 3 * PAGE);
	clash("its end", 2 * PAGE, 2 * PAGE, 0, PAGE, 3 * PAGE);
	clash("more", 0, 4 * PAGE, 0, PAGE, 3 * PAGE);
	clash("its last word", 3 * PAGE - 4, 4, ACCESS, PAGE, 3 * PAGE);
	clash("the same, to share", PAGE, 2 * PAGE, SHARED, PAGE, 3 * PAGE);
	close(window_get(bar, PAGE, 0, NULL));
	close(window_get(bar + 3 * PAGE, PAGE, 0, NULL));
	tap_ok(iomem_count(bar + PAGE, bar + 3 * PAGE, "mmuscope") == 1 &&
	       iomem_named("mmuscope") == 1, "what is beside it can be had");
	close(fd);
	close(window_get(bar, 4 * PAGE, 0, NULL));
	tap_ok(!iomem_named("mmuscope"), "all of it when it has gone");
}

static void together(void)
{
	unsigned long bar = edu.bar[0].start;
	struct mmuscope_mmio_open args = {
		.flags = SHARED,
		.phys = bar,
		.bytes = PAGE,
		.memtype = MMUSCOPE_MEMTYPE_WC,
	};
	int first = window_get(bar, 4 * PAGE, SHARED, NULL);
	volatile uint32_t *at;
	int second = window_get(bar, PAGE, SHARED | MMUSCOPE_MMIO_MAP, (volatile void **)&at);
	int third = window_get(bar + 4, 4, SHARED | ACCESS, NULL);
	uint64_t value;

	tap_ok(!window_write(first, 4, 4, 21) && at[1] == ~21U &&
	       !window_read(third, 0, 4, &value) && value == ~21U,
	       "three see the same register");
	clash("who does not share", 0, PAGE, 0, 0, 4 * PAGE);
	clash("more than what is shared", 3 * PAGE, 2 * PAGE, SHARED, 0, 4 * PAGE);
	window_refused("another memory type", window_ask(&args), &args, -EBUSY,
		       MMUSCOPE_MMIO_WHY_WINDOW, bar, bar + 4 * PAGE);
	clash("as unlisted", 0, PAGE, SHARED | MMUSCOPE_MMIO_UNLISTED, 0, 4 * PAGE);
	close(first);
	at[1] = 22;
	tap_ok(!window_read(third, 0, 4, &value) && value == ~22U &&
	       iomem_count(bar, bar + 4 * PAGE, "mmuscope") == 1,
	       "the claim stays when the first goes");
	munmap((void *)at, PAGE);
	close(second);
	tap_ok(iomem_named("mmuscope") == 1, "and when the second does");
	close(third);
	tap_ok(!iomem_named("mmuscope"), "and goes with the last");
}

static int bind(bool bind)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/e1000/%s",
		 bind ? "bind" : "unbind");
	return text_write(path, e1000.address);
}

static void drivers(void)
{
	unsigned long start, end;
	int fd, err;

	if (driver_load("e1000"))
		tap_bail("no e1000");
	pci_get(&e1000, PCI_E1000, 0);
	start = e1000.bar[0].start;
	end = start + e1000.bar[0].bytes;
	tap_ok(iomem_count(start, end, "e1000") == 1, "a driver has its device");
	if (bind(false))
		tap_bail("it cannot be taken from it");
	pci_get(&e1000, PCI_E1000, 0);
	fd = window_get(end - PAGE, PAGE, 0, NULL);
	err = bind(true);
	tap_ok(err && !*pci_driver(&e1000), "not while a window has a page of it: %s",
	       strerror(-err));
	tap_ok(iomem_count(end - PAGE, end, "mmuscope") == 1, "which keeps it");
	close(fd);
	err = bind(true);
	tap_ok(!err && !strcmp(pci_driver(&e1000), "e1000") &&
	       iomem_count(start, end, "e1000") == 1, "and again when it has gone");
}

int main(void)
{
	pci_get(&edu, PCI_EDU, 0);
	alone();
	other_ways();
	together();
	drivers();
	tap_ok(!iomem_named("mmuscope"), "nothing is left");
	return tap_done();
}
