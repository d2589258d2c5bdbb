// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is no window: each has its errno, a reason, and the range the reason is
 * about. Nothing is claimed by a call that fails.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arguments.h"
#include "capless.h"
#include "device.h"
#include "driver.h"
#include "pci.h"
#include "tap.h"
#include "window.h"

static unsigned long address_bits(void)
{
	struct mmuscope_info info = { .size = sizeof(info) };
	int fd = device_open();

	if (device_ioctl(fd, MMUSCOPE_IOC_INFO, &info))
		tap_bail("no INFO");
	close(fd);
	return info.pa_bits;
}

static void refused(const char *name, unsigned long phys, unsigned long bytes,
		    uint64_t flags, int err, unsigned int why, unsigned long start,
		    unsigned long end)
{
	struct mmuscope_mmio_open args;

	window_refused(name, window_open(&args, phys, bytes, flags), &args, err, why,
		       start, end);
}

static void memory(void)
{
	unsigned long start, end, text, text_end;

	if (!iomem_find("System RAM", 1, &start, &end) ||
	    !iomem_find("Kernel code", 0, &text, &text_end))
		tap_bail("no RAM in /proc/iomem");
	refused("RAM", start, PAGE, 0, -EACCES, MMUSCOPE_MMIO_WHY_RAM, start, end);
	refused("RAM, to share", start, PAGE, MMUSCOPE_MMIO_SHARED, -EACCES,
		MMUSCOPE_MMIO_WHY_RAM, start, end);
	refused("RAM, as unlisted", start, PAGE, MMUSCOPE_MMIO_UNLISTED, -EACCES,
		MMUSCOPE_MMIO_WHY_RAM, start, end);
	refused("a word of RAM", start + 64, 8, MMUSCOPE_MMIO_ACCESS, -EACCES,
		MMUSCOPE_MMIO_WHY_RAM, start, end);
	refused("the last page of RAM, and the next", end - PAGE, 2 * PAGE, 0, -EACCES,
		MMUSCOPE_MMIO_WHY_RAM, start, end);
	/* A page can hold RAM and something else; more than pages cannot be mapped. */
	if (!iomem_find("System RAM", 0, &start, &end) || !(end % PAGE))
		tap_bail("the first RAM ends with a page");
	refused("what shares a page with RAM", end, 8, MMUSCOPE_MMIO_ACCESS, -EACCES,
		MMUSCOPE_MMIO_WHY_RAM, start, end);
	/* The RAM around it is told, which is named. */
	for (unsigned int nth = 1; end < text_end || start > text; nth++)
		if (!iomem_find("System RAM", nth, &start, &end))
			tap_bail("kernel text is in no RAM");
	refused("kernel text", text, PAGE, 0, -EACCES, MMUSCOPE_MMIO_WHY_RAM, start,
		end);
}

static void taken(void)
{
	unsigned long start, end;
	struct pci e1000;

	if (!iomem_find("Local APIC", 0, &start, &end))
		tap_bail("no local APIC");
	refused("local APIC", start, PAGE, 0, -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, start,
		end);
	if (!iomem_find("IOAPIC 0", 0, &start, &end))
		tap_bail("no IOAPIC");
	refused("IOAPIC", start, PAGE, 0, -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, start, end);
	if (driver_load("e1000"))
		tap_bail("no e1000");
	pci_get(&e1000, PCI_E1000, 0);
	start = e1000.bar[0].start;
	end = start + e1000.bar[0].bytes;
	refused("a BAR with a driver", start, e1000.bar[0].bytes, 0, -EBUSY,
		MMUSCOPE_MMIO_WHY_BUSY, start, end);
	refused("its last page", end - PAGE, PAGE, 0, -EBUSY, MMUSCOPE_MMIO_WHY_BUSY,
		start, end);
	refused("its first word", start, 4, MMUSCOPE_MMIO_ACCESS, -EBUSY,
		MMUSCOPE_MMIO_WHY_BUSY, start, end);
}

/* A page between two devices, which no line tells of. */
static unsigned long find_hole(void)
{
	unsigned long hole = 0xfd000000;

	for (unsigned int i = 0; i < 256; i++, hole -= 2 * 1024 * 1024) {
		struct mmuscope_mmio_open args;
		int fd = window_open(&args, hole, PAGE, MMUSCOPE_MMIO_UNLISTED);

		if (fd < 0)
			continue;
		close(fd);
		return hole;
	}
	tap_bail("no hole");
}

static void holes(void)
{
	unsigned long hole = find_hole(), last, end;
	struct pci hot;

	refused("a hole", hole, PAGE, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, hole,
		hole + PAGE);
	refused("a word of one", hole + 4, 4, MMUSCOPE_MMIO_ACCESS, -ENXIO,
		MMUSCOPE_MMIO_WHY_HOLE, hole + 4, hole + 8);
	/* Behind a bridge, whose range is no device either. */
	pci_get(&hot, PCI_EDU, 1);
	end = hot.bar[0].start + hot.bar[0].bytes;
	last = end - PAGE;
	refused("half in a hole", last, 2 * PAGE, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, end,
		end + PAGE);
	refused("half in a device, as unlisted", last, 2 * PAGE, MMUSCOPE_MMIO_UNLISTED,
		-ENXIO, MMUSCOPE_MMIO_WHY_HOLE, last, end);
	refused("a device, as unlisted", last, PAGE, MMUSCOPE_MMIO_UNLISTED, -ENXIO,
		MMUSCOPE_MMIO_WHY_HOLE, last, end);
}

static void addresses(void)
{
	unsigned long limit = 1UL << address_bits();

	refused("past the address bits", limit, PAGE, 0, -EOVERFLOW,
		MMUSCOPE_MMIO_WHY_ADDRESS, limit, ~0UL);
	refused("half past them", limit - PAGE, 2 * PAGE, 0, -EOVERFLOW,
		MMUSCOPE_MMIO_WHY_ADDRESS, limit, ~0UL);
	refused("wrapping", ~0UL - PAGE + 1, 2 * PAGE, 0, -EOVERFLOW,
		MMUSCOPE_MMIO_WHY_ADDRESS, ~0UL - PAGE + 1, ~0UL);
	refused("wrapping to 0", ~0UL - PAGE + 1, PAGE, 0, -EOVERFLOW,
		MMUSCOPE_MMIO_WHY_ADDRESS, ~0UL - PAGE + 1, ~0UL);
	refused("all there is", 0, ~0UL - PAGE + 1, 0, -EOVERFLOW,
		MMUSCOPE_MMIO_WHY_ADDRESS, limit, ~0UL);
}

static void malformed(const struct pci *edu)
{
	const unsigned long at = edu->bar[0].start;
	struct mmuscope_mmio_open good = { .size = sizeof(good), .phys = at, .bytes = PAGE };
	const struct command open = { "MMIO_OPEN", &device, MMUSCOPE_IOC_MMIO_OPEN,
				      sizeof(good), .good = &good, .opens = true };

	bits(&open, "flags", AT(mmio_open, flags), 0x3f);
	for (unsigned int bit = 0; bit < 12; bit++) {
		changed(&open, "phys", (struct change){ AT(mmio_open, phys), at + BIT(bit) },
			(struct change){}, -EINVAL);
		changed(&open, "bytes", (struct change){ AT(mmio_open, bytes), BIT(bit) },
			(struct change){}, -EINVAL);
	}
	changed(&open, "bytes", (struct change){ AT(mmio_open, bytes), 0 },
		(struct change){}, -EINVAL);
	changed(&open, "access and map", (struct change){ AT(mmio_open, flags), 1 | 16 },
		(struct change){}, -EINVAL);
	changed(&open, "access and inherit", (struct change){ AT(mmio_open, flags), 8 | 16 },
		(struct change){}, -EINVAL);
	changed(&open, "memtype and reserved",
		(struct change){ AT(mmio_open, memtype), BIT(32) }, (struct change){},
		-EINVAL);
	changed(&open, "name", (struct change){ AT(mmio_open, name), ' ' },
		(struct change){}, -EINVAL);
	changed(&open, "name", (struct change){ AT(mmio_open, name), 0x0a },
		(struct change){}, -EINVAL);
	changed(&open, "name", (struct change){ AT(mmio_open, name), 0x80 },
		(struct change){}, -EINVAL);
	result("MMIO_OPEN: malformed", 80);
}

/* Mapped by the call, whose answer then cannot be written. */
static void untold(const struct pci *edu)
{
	struct mmuscope_mmio_open *args = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*args = (struct mmuscope_mmio_open) {
		.size = sizeof(*args), .flags = MMUSCOPE_MMIO_MAP,
		.phys = edu->bar[0].start, .bytes = PAGE,
	};
	mprotect(args, PAGE, PROT_READ);
	tap_ok(device_ioctl(device, MMUSCOPE_IOC_MMIO_OPEN, args) == -EFAULT &&
	       !iomem_named("mmuscope"), "an answer that cannot be written: EFAULT, undone");
	munmap(args, PAGE);
}

static void access_malformed(const struct pci *edu)
{
	struct mmuscope_mmio_access good = { .size = sizeof(good), .width = 4 };
	int fd = window_get(edu->bar[0].start, PAGE, 0, NULL);
	const struct command access = { "MMIO_ACCESS", &fd, MMUSCOPE_IOC_MMIO_ACCESS,
					sizeof(good), .good = &good };
	uint64_t value;
	int odd;

	bits(&access, "flags", AT(mmio_access, flags), 1);
	for (unsigned int width = 0; width <= 17; width++)
		if (width != 1 && width != 2 && width != 4 && width != 8)
			changed(&access, "width", (struct change){ AT(mmio_access, width), width },
				(struct change){}, -EINVAL);
	changed(&access, "reserved", (struct change){ AT(mmio_access, width), 4 | BIT(32) },
		(struct change){}, -EINVAL);
	result("MMIO_ACCESS: malformed", 70);
	tap_ok(window_read(fd, 2, 4, &value) == -EINVAL &&
	       window_read(fd, 1, 2, &value) == -EINVAL &&
	       window_read(fd, 4, 8, &value) == -EINVAL, "unaligned: EINVAL");
	odd = window_get(edu->bar[0].start + PAGE + 2, 8, MMUSCOPE_MMIO_ACCESS, NULL);
	tap_ok(window_read(odd, 0, 4, &value) == -EINVAL &&
	       window_read(odd, 2, 4, &value) == -EINVAL &&
	       !window_read(odd, 0, 2, &value), "unaligned as the window is: EINVAL");
	close(odd);
	tap_ok(window_write(fd, 8, 1, 0x100) == -EINVAL &&
	       window_write(fd, 8, 2, 0x10000) == -EINVAL &&
	       window_write(fd, 8, 4, 0x100000000) == -EINVAL, "too wide: EINVAL");
	tap_ok(window_read(fd, PAGE, 4, &value) == -ERANGE &&
	       window_read(fd, PAGE - 4, 4, &value) == 0 &&
	       window_read(fd, ~3UL, 4, &value) == -ERANGE, "outside: ERANGE");
	close(fd);
}

static struct pci edu;

static void without_rights(void)
{
	refused("without capabilities", edu.bar[0].start, PAGE, 0, -EPERM,
		MMUSCOPE_MMIO_WHY_RIGHTS, 0, 0);
	/* It is not even told that this is RAM, or past the end. */
	refused("without capabilities, RAM", 1024 * 1024, PAGE, 0, -EPERM,
		MMUSCOPE_MMIO_WHY_RIGHTS, 0, 0);
	refused("without capabilities, past the address bits", 1UL << 60, PAGE, 0,
		-EPERM, MMUSCOPE_MMIO_WHY_RIGHTS, 0, 0);
}

int main(void)
{
	arguments_prepare();
	pci_get(&edu, PCI_EDU, 0);
	memory();
	taken();
	holes();
	addresses();
	malformed(&edu);
	untold(&edu);
	access_malformed(&edu);
	close(window_get(edu.bar[0].start, PAGE, 0, NULL));
	capless_run(without_rights);
	tap_ok(!iomem_named("mmuscope"), "nothing is claimed");
	return tap_done();
}
