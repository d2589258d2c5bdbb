// SPDX-License-Identifier: GPL-2.0-only
/*
 * The oracle of the other tests here: what the guest writes through the kernel's
 * own mapping of a BAR, the host sees, in the monitor, by qtest and in the file,
 * and the other way round; a device goes and comes when the host says so.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host.h"
#include "pci.h"
#include "tap.h"

#define LIVENESS 4	/* of edu: answers with the inverted word */

static volatile uint32_t *map_bar(const struct pci *pci, const char *name,
				  size_t bytes)
{
	int fd = open(pci_path(pci, name), O_RDWR | O_CLOEXEC);
	void *bar = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd < 0 || bar == MAP_FAILED)
		tap_bail("%s of %s: %m", name, pci->address);
	close(fd);
	return bar;
}

static void registers(void)
{
	volatile uint32_t *regs;
	unsigned long phys;
	struct pci edu;

	pci_get(&edu, PCI_EDU, 0);
	phys = edu.bar[0].start + LIVENESS;
	regs = map_bar(&edu, "resource0", edu.bar[0].bytes);
	regs[1] = 0x12345678;
	tap_ok(regs[1] == ~0x12345678U, "edu answers %x", regs[1]);
	tap_ok(host_monitor(4, phys) == ~0x12345678U, "the monitor sees it");
	tap_ok(host_read(4, phys) == ~0x12345678U, "qtest reads it");
	host_write(4, phys, 0xf0f0f0f0);
	tap_ok(regs[1] == 0x0f0f0f0f, "qtest writes, the guest reads %x", regs[1]);
	munmap((void *)regs, edu.bar[0].bytes);
}

static void memory(void)
{
	volatile uint32_t *words;
	struct pci ivshmem;

	pci_get(&ivshmem, PCI_IVSHMEM, 0);
	words = map_bar(&ivshmem, "resource2", ivshmem.bar[2].bytes);
	words[1024] = 0xdecaf1;
	tap_ok(host_file_read(4, 4096) == 0xdecaf1, "the file has what the guest wrote");
	tap_ok(host_file_read(1, 4096) == 0xf1 && host_file_read(8, 4096) == 0xdecaf1,
	       "at other widths too");
	host_file_write(8, 8192, 0x8877665544332211);
	tap_ok(words[2048] == 0x44332211 && words[2049] == 0x88776655,
	       "the guest has what is written to the file");
	munmap((void *)words, ivshmem.bar[2].bytes);
}

/* The kernel needs a moment with it; the files are those of the device. */
static bool comes_to(const char *path, bool present)
{
	for (int i = 0; i < 1000; i++) {
		if (!access(path, F_OK) == present)
			return true;
		usleep(10000);
	}
	return false;
}

static void plugging(void)
{
	struct pci hot;

	pci_get(&hot, PCI_EDU, 1);
	host_unplug("hot");
	tap_ok(comes_to(pci_path(&hot, "vendor"), false), "%s goes", hot.address);
	host_plug("hot");
	tap_ok(comes_to(pci_path(&hot, "vendor"), true), "and comes back");
	pci_get(&hot, PCI_EDU, 1);
	tap_ok(host_read(4, hot.bar[0].start) == 0x010000ed, "it is one of its kind");
}

int main(void)
{
	registers();
	memory();
	plugging();
	return tap_done();
}
