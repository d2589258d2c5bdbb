// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's memory (ivshmem's, a file of the host): both sides see what the
 * other writes; an access of each width changes that many bytes and no more; the
 * memory type is what was asked for, as the entries and the kernel's list have it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "host.h"
#include "pci.h"
#include "tap.h"
#include "text.h"
#include "window.h"

static struct pci ivshmem;

static void both_ways(void)
{
	volatile uint64_t *words;
	int fd = window_get(ivshmem.bar[2].start, ivshmem.bar[2].bytes,
			    MMUSCOPE_MMIO_MAP, (volatile void **)&words);

	words[512] = 0x1122334455667788;
	tap_ok(host_file_read(8, 4096) == 0x1122334455667788,
	       "what is written through it is in the host's file");
	host_file_write(1, 4096 + 3, 0x54);
	tap_ok(words[512] == 0x1122334454667788, "and the other way round");
	munmap((void *)words, ivshmem.bar[2].bytes);
	close(fd);
}

/* All ones around it, before and after. */
static bool exactly(int fd, unsigned int width, unsigned long at)
{
	uint64_t value = 0x0123456789abcdef >> (64 - 8 * width), was;

	host_file_write(8, at - 8, ~0ULL);
	host_file_write(8, at, ~0ULL);
	host_file_write(8, at + 8, ~0ULL);
	if (window_write(fd, at, width, value) || window_read(fd, at, width, &was))
		return false;
	return was == value && host_file_read(width, at) == value &&
	       host_file_read(1, at - 1) == 0xff &&
	       host_file_read(1, at + width) == 0xff;
}

static void widths(void)
{
	int fd = window_get(ivshmem.bar[2].start, ivshmem.bar[2].bytes, 0, NULL);

	for (unsigned int width = 1; width <= 8; width *= 2)
		tap_ok(exactly(fd, width, 0x3000) &&
		       exactly(fd, width, 0x3010 - width) &&
		       exactly(fd, width, 0x3000 + width),
		       "%u bits, and no others", 8 * width);
	close(fd);
}

/* The kernel's list of types (debugfs), where there is one. */
static bool kernel_says(const char *type)
{
	unsigned long start = ivshmem.bar[2].start;
	char *text, line[160];
	bool found;

	if (text_slurp("/sys/kernel/debug/x86/pat_memtype_list", &text) < 0)
		return true;
	snprintf(line, sizeof(line), "PAT: [mem 0x%016lx-0x%016lx] %s\n", start,
		 start + ivshmem.bar[2].bytes, type);
	found = strstr(text, line);
	if (!found)
		tap_note("not in the list: %s", line);
	text_free(text);
	return found;
}

static void type(unsigned int ask, unsigned int got, const char *name)
{
	struct mmuscope_mmio_open args = {
		.flags = MMUSCOPE_MMIO_MAP,
		.phys = ivshmem.bar[2].start,
		.bytes = ivshmem.bar[2].bytes,
		.memtype = ask,
	};
	int self = device_target(getpid()), fd = window_ask(&args);
	struct mmuscope_translation tr = {};
	struct mmuscope_holding h[2];

	if (fd < 0)
		tap_bail("no window: %s", strerror(-fd));
	tap_ok(args.got == got && kernel_says(name), "%s: type %u", name, args.got);
	*(volatile char *)args.addr;
	tap_ok(!device_translate(self, args.addr, &tr) && tr.leaf.memtype == got &&
	       tr.phys == args.phys, "%s: so is the entry", name);
	tap_ok(window_holdings(h, 2) == 1 && h[0].memtype == got,
	       "%s: so says the list", name);
	munmap((void *)args.addr, args.bytes);
	close(fd);
	close(self);
}

static void no_type(unsigned int ask, int want)
{
	struct mmuscope_mmio_open args = {
		.phys = ivshmem.bar[2].start,
		.bytes = ivshmem.bar[2].bytes,
		.memtype = ask,
	};
	int is = window_ask(&args);

	tap_ok(is == want, "memory type %u: %s", ask, strerror(-want));
}

int main(void)
{
	pci_get(&ivshmem, PCI_IVSHMEM, 0);
	both_ways();
	widths();
	type(0, MMUSCOPE_MEMTYPE_UC_MINUS, "uncached-minus");
	type(MMUSCOPE_MEMTYPE_UC_MINUS, MMUSCOPE_MEMTYPE_UC_MINUS, "uncached-minus");
	type(MMUSCOPE_MEMTYPE_WC, MMUSCOPE_MEMTYPE_WC, "write-combining");
	type(MMUSCOPE_MEMTYPE_UC, MMUSCOPE_MEMTYPE_UC, "uncached");
	no_type(MMUSCOPE_MEMTYPE_WB, -EOPNOTSUPP);
	no_type(MMUSCOPE_MEMTYPE_WT, -EOPNOTSUPP);
	no_type(MMUSCOPE_MEMTYPE_WP, -EOPNOTSUPP);
	no_type(MMUSCOPE_NR_MEMTYPES, -EINVAL);
	tap_ok(!iomem_named("mmuscope"), "nothing is left");
	return tap_done();
}
