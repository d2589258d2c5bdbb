// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's registers through a window: what the guest reads is what the host
 * sees, what either writes the other reads; an access has exactly its width; maps
 * and SCAN show the mapping for what it is, by its own name.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "host.h"
#include "pci.h"
#include "tap.h"
#include "text.h"
#include "window.h"

#define ID		0x00	/* 0x010000ed */
#define LIVENESS	0x04	/* answers with the inverted word */
#define STATUS		0x20
#define IRQ_STATUS	0x24

static struct pci edu;
static volatile uint32_t *regs;
static int fd;

static void flips(void)
{
	unsigned long phys = edu.bar[0].start + LIVENESS;
	unsigned int wrong = 0;

	for (unsigned int bit = 0; bit < 32; bit++) {
		regs[1] = 1U << bit;
		wrong += regs[1] != ~(1U << bit);
	}
	tap_ok(!wrong, "each bit that is set comes back clear: %u did not", wrong);
	regs[1] = 0x12345678;
	tap_ok(host_monitor(4, phys) == ~0x12345678U, "the monitor sees it");
	tap_ok(host_read(4, phys) == ~0x12345678U, "qtest reads it");
	host_write(4, phys, 0xf0f0f0f0);
	tap_ok(regs[1] == 0x0f0f0f0f, "qtest writes, the window has %x", regs[1]);
}

static void same_as_host(void)
{
	static const unsigned int all[] = { ID, LIVENESS, STATUS, IRQ_STATUS };
	unsigned int differ = 0;
	uint64_t value;

	for (unsigned int i = 0; i < 4; i++) {
		unsigned long phys = edu.bar[0].start + all[i];

		if (window_read(fd, all[i], 4, &value))
			tap_bail("register %x cannot be read", all[i]);
		differ += value != host_monitor(4, phys) ||
			  value != host_read(4, phys) ||
			  value != regs[all[i] / 4];
	}
	tap_ok(!differ, "registers as the host sees them: %u differ", differ);
}

/* Of its low registers edu reads as ones what is not 4 bytes wide. */
static void widths(void)
{
	uint64_t value = 0;

	tap_ok(!window_read(fd, ID, 4, &value) && value == 0x010000ed,
	       "32 bits are one access");
	tap_ok(!window_read(fd, ID, 8, &value) && value == ~0ULL,
	       "and so are 64");
	tap_ok(!window_write(fd, LIVENESS, 4, 5) && regs[1] == ~5U, "written");
}

static void scanned(void)
{
	unsigned long start = (unsigned long)regs, pages = 0, wrong = 0;
	struct mmuscope_scan ask = device_ask(start, start + edu.bar[0].bytes);
	int self = device_target(getpid());
	struct scan s;

	for (unsigned long at = 0; at < edu.bar[0].bytes; at += PAGE)
		(void)regs[at / 4];
	if (device_scan(&s, self, &ask, &device_roomy))
		tap_bail("cannot scan");
	for (size_t i = 0; i < s.extents; i++) {
		struct mmuscope_extent *e = &s.extent[i];

		pages += (e->end - e->start) / PAGE;
		wrong += e->backing != MMUSCOPE_BACKING_MMIO ||
			 e->value != edu.bar[0].start + (e->start - start) ||
			 e->memtype != WINDOW_MEMTYPE ||
			 (e->flags & MMUSCOPE_FLAG_EXEC) ||
			 !(e->flags & MMUSCOPE_FLAG_WRITE);
	}
	tap_ok(pages == edu.bar[0].bytes / PAGE && !wrong,
	       "SCAN: %lu pages, all of the BAR, uncached, rw-", pages);
	tap_ok(s.vmas == 1 && !strcmp(s.name[0], "mmuscope:mmio:edu"),
	       "SCAN: it is called %s", s.vmas ? s.name[0] : "nothing");
	device_scan_free(&s);
	close(self);
}

static void listed(void)
{
	struct mmuscope_holding h[4];
	unsigned int nr = window_holdings(h, 4);

	tap_ok(nr == 1 && h[0].phys == edu.bar[0].start &&
	       h[0].bytes == edu.bar[0].bytes && h[0].start == (uintptr_t)regs &&
	       h[0].pid == (unsigned int)getpid() && !strcmp(h[0].name, "edu") &&
	       h[0].memtype == WINDOW_MEMTYPE && h[0].files == 1,
	       "it is listed, %u lines", nr);
}

static void gone(void)
{
	struct mmuscope_holding h[4];
	unsigned long start = edu.bar[0].start;

	tap_ok(iomem_count(start, start + edu.bar[0].bytes, "mmuscope") == 1,
	       "it is claimed");
	close(fd);
	tap_ok(iomem_named("mmuscope") == 1 && regs[0] == 0x010000ed,
	       "and is while it is mapped");
	munmap((void *)regs, edu.bar[0].bytes);
	tap_ok(!iomem_named("mmuscope") && !window_holdings(h, 4),
	       "no longer, and nothing is listed");
}

int main(void)
{
	struct mmuscope_mmio_open args = {
		.flags = MMUSCOPE_MMIO_MAP,
		.name = "edu",
	};

	pci_get(&edu, PCI_EDU, 0);
	args.phys = edu.bar[0].start;
	args.bytes = edu.bar[0].bytes;
	fd = window_ask(&args);
	if (fd < 0)
		tap_bail("no window: %s", strerror(-fd));
	regs = (volatile uint32_t *)args.addr;
	flips();
	same_as_host();
	widths();
	scanned();
	listed();
	gone();
	return tap_done();
}
