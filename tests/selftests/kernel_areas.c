// SPDX-License-Identifier: GPL-2.0-only
/*
 * The areas of the kernel's half follow each other without gap or overlap from
 * its first address to the last; what /proc/vmallocinfo lists is mapped where it
 * says, guard pages are not; and nothing is both writable and executable, nor
 * open to user mode, but for the vsyscall page.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "arch.h"
#include "device.h"
#include "kernel.h"
#include "tap.h"
#include "text.h"

#define KPTR "/proc/sys/kernel/kptr_restrict"

static struct scan all;

static void areas_follow(void)
{
	static const char * const due[] = { ARCH_AREAS };
	size_t bad = 0, next = 0;

	for (size_t i = 0; i < all.vmas; i++) {
		if (i && all.vma[i].start != all.vma[i - 1].end)
			bad++;
		if (next < sizeof(due) / sizeof(*due) && !strcmp(all.name[i], due[next]))
			next++;
	}
	tap_ok(all.vmas && !bad && all.vma[all.vmas - 1].end == -4096ULL,
	       "%zu areas follow each other", all.vmas);
	tap_ok(next == sizeof(due) / sizeof(*due), "all are there, in order: %s",
	       next < sizeof(due) / sizeof(*due) ? due[next] : "");
}

static void extents_follow(void)
{
	size_t bad = 0;

	for (size_t i = 1; i < all.extents; i++)
		bad += all.extent[i].start != all.extent[i - 1].end;
	tap_ok(all.extents && !bad && all.extent[0].start == all.vma[0].start &&
	       all.extent[all.extents - 1].end == -4096ULL,
	       "%zu extents cover all of it", all.extents);
}

/* The page at @addr in what was scanned. */
static const struct mmuscope_extent *page_at(unsigned long addr)
{
	size_t low = 0, high = all.extents;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (all.extent[middle].end <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low < all.extents ? &all.extent[low] : NULL;
}

/* Pages of [start, end) that are not as they should be. */
static size_t pages_wrong(unsigned long start, unsigned long end, bool mapped,
			  unsigned long phys)
{
	const struct mmuscope_extent *e;
	size_t bad = 0;

	for (unsigned long addr = start; addr < end; addr += 4096) {
		e = page_at(addr);
		if (!e || mapped != !!(e->flags & MMUSCOPE_FLAG_PRESENT))
			bad++;
		else if (phys && e->value + (addr - e->start) != phys + (addr - start))
			bad++;
		else if (mapped && e->backing != (phys ? MMUSCOPE_BACKING_MMIO :
							 MMUSCOPE_BACKING_RAM))
			bad++;
	}
	return bad;
}

/* "0xSTART-0xEND SIZE CALLER [pages=N] [phys=0xP] vmalloc|ioremap...": with a guard. */
static size_t line_wrong(const char *line, size_t *pages)
{
	unsigned long start, end, nr = 0, phys = 0;
	const char *word;

	if (sscanf(line, "0x%lx-0x%lx", &start, &end) != 2)
		return 0;
	word = strstr(line, " pages=");
	if (word)
		sscanf(word, " pages=%lu", &nr);
	word = strstr(line, " phys=");
	if (word)
		sscanf(word, " phys=0x%lx", &phys);
	if (word && strstr(line, " ioremap"))
		nr = (end - start) / 4096 - 1;
	if (!nr)
		return 0;
	*pages += nr;
	return pages_wrong(start, start + nr * 4096, true, phys) +
	       pages_wrong(start + nr * 4096, end, false, 0);
}

static void as_vmallocinfo(int handle)
{
	struct mmuscope_scan ask = { .return_mask = MMUSCOPE_SCAN_FLAGS,
				     .flags = MMUSCOPE_SCAN_VALUES };
	size_t bad = 1, lines = 0, pages = 0;
	char *text, *line;

	/* With 0 it prints hashes. */
	text_write(KPTR, "1");
	/* The kernel comes and goes there: a few looks find it at rest. */
	for (int look = 0; look < 5 && bad; look++) {
		bad = lines = pages = 0;
		device_scan_free(&all);
		text_slurp("/proc/vmallocinfo", &text);
		if (device_scan(&all, handle, &ask, &device_roomy))
			break;
		for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
			lines++;
			bad += line_wrong(line, &pages);
		}
		text_free(text);
	}
	text_write(KPTR, "0");
	tap_ok(!bad && pages, "%zu pages in %zu lines of vmallocinfo, %zu differ",
	       pages, lines, bad);
}

static void no_danger(void)
{
	const uint64_t danger = MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_EXEC;
	size_t both = 0, open = 0;

	for (size_t i = 0; i < all.extents; i++) {
		both += (all.extent[i].flags & danger) == danger;
		open += (all.extent[i].flags & MMUSCOPE_FLAG_USER) &&
			all.extent[i].start != 0xffffffffff600000ULL;
	}
	tap_ok(!both, "%zu extents are writable and executable", both);
	tap_ok(!open, "%zu extents are open to user mode", open);
}

int main(void)
{
	int handle = kernel_handle();

	as_vmallocinfo(handle);
	tap_ok(!all.wrong[0], "each call keeps the rules %s", all.wrong);
	areas_follow();
	extents_follow();
	no_danger();
	device_scan_free(&all);
	return tap_done();
}
