// SPDX-License-Identifier: GPL-2.0-only
/*
 * PHYS against /proc/iomem, line by line, and what it adds: holes where no line
 * is, and parts of RAM by node and zone as /proc/zoneinfo counts them. The BARs
 * that sysfs tells of are among the ranges.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "physical.h"
#include "tap.h"
#include "text.h"

#define PAGE 4096ULL
#define DEVICES "/sys/bus/pci/devices"

static struct physical all;

static bool is_line(const struct mmuscope_phys_range *r)
{
	return r->kind != MMUSCOPE_PHYS_HOLE && r->kind != MMUSCOPE_PHYS_ZONE;
}

/* How many lines it lies in: parts of RAM lie in a zone besides. */
static unsigned int line_depth(const struct mmuscope_phys_range *r)
{
	return r->depth - (r->kind == MMUSCOPE_PHYS_KERNEL);
}

static bool same_kind(const struct mmuscope_phys_range *r, bool in_ram)
{
	if (!strncmp(r->name, "System RAM", 10))
		return r->kind == MMUSCOPE_PHYS_RAM;
	return r->kind == (in_ram ? MMUSCOPE_PHYS_KERNEL : MMUSCOPE_PHYS_RESOURCE);
}

static void lines(void)
{
	unsigned long long start, last;
	unsigned int same = 0, bad = 0;
	bool in_ram = false;
	size_t i = 0;
	char *text, *line, *rest, *name;

	if (text_slurp("/proc/iomem", &text) < 0)
		tap_bail("cannot read /proc/iomem");
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		unsigned int depth = strspn(line, " ") / 2;
		const struct mmuscope_phys_range *r;

		name = strstr(line, " : ");
		while (i < all.nr && !is_line(&all.range[i]))
			i++;
		r = &all.range[i++];
		if (!depth)
			in_ram = false;
		if (name && i <= all.nr && sscanf(line, "%llx-%llx", &start, &last) == 2 &&
		    r->start == start && r->end == last + 1 && line_depth(r) == depth &&
		    !strcmp(r->name, name + 3) && same_kind(r, in_ram) && r->node == -1)
			same++;
		else
			bad++;
		if (name && !strncmp(name + 3, "System RAM", 10))
			in_ram = true;
	}
	while (i < all.nr && !is_line(&all.range[i]))
		i++;
	tap_ok(same > 10 && !bad && i == all.nr,
	       "/proc/iomem: %u lines are told, %u are not, %zu ranges are left", same, bad,
	       all.nr - i);
	text_free(text);
}

/* At depth 0 and in a window each address is told once. */
static void gaps(size_t first, unsigned int depth, unsigned long long at,
		 unsigned long long end, const char *where)
{
	unsigned int ranges = 0, holes = 0, bad = 0;

	for (size_t i = first; i < all.nr && all.range[i].depth >= depth; i++) {
		const struct mmuscope_phys_range *r = &all.range[i];

		if (r->depth != depth)
			continue;
		bad += r->start != at || r->end <= r->start;
		at = r->end;
		ranges++;
		holes += r->kind == MMUSCOPE_PHYS_HOLE;
	}
	tap_ok(ranges && holes && !bad && at == end,
	       "%s: %u ranges, %u of them holes, one behind the other from start to end",
	       where, ranges, holes);
}

static unsigned long long space_end(int device)
{
	struct mmuscope_info info = { .size = sizeof(info) };

	if (device_ioctl(device, MMUSCOPE_IOC_INFO, &info))
		tap_bail("INFO");
	return 1ULL << info.pa_bits;
}

static void windows(void)
{
	size_t i = 0;

	while (i + 1 < all.nr && (strncmp(all.range[i].name, "PCI Bus", 7) ||
				  all.range[i + 1].depth <= all.range[i].depth))
		i++;
	if (i + 1 >= all.nr)
		tap_skip("window", "there is no PCI window with something in it");
	else
		gaps(i + 1, all.range[i].depth + 1, all.range[i].start, all.range[i].end,
		     all.range[i].name);
}

/* The zone parts of RAM are all its whole pages. */
static void parts(void)
{
	unsigned int rams = 0, bad = 0;

	for (size_t i = 0; i < all.nr; i++) {
		unsigned long long at = (all.range[i].start + PAGE - 1) / PAGE * PAGE;
		size_t k;

		if (all.range[i].kind != MMUSCOPE_PHYS_RAM)
			continue;
		rams++;
		for (k = i + 1; k < all.nr && all.range[k].depth > all.range[i].depth; k++) {
			if (all.range[k].kind != MMUSCOPE_PHYS_ZONE)
				continue;
			bad += all.range[k].start != at || all.range[k].node < 0;
			at = all.range[k].end;
		}
		bad += at != all.range[i].end / PAGE * PAGE;
	}
	tap_ok(rams && !bad, "%u ranges of RAM are of zones from start to end", rams);
}

static unsigned int zone_number(const char *name)
{
	static const char * const names[] = {
		[MMUSCOPE_ZONE_DMA] = "DMA", [MMUSCOPE_ZONE_DMA32] = "DMA32",
		[MMUSCOPE_ZONE_NORMAL] = "Normal", [MMUSCOPE_ZONE_MOVABLE] = "Movable",
		[MMUSCOPE_ZONE_DEVICE] = "Device",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	return MMUSCOPE_ZONE_NONE;
}

/* Pages that we tell of a zone, and the first and the last. */
static unsigned long long told(int node, unsigned int zone, unsigned long long *first,
			       unsigned long long *last)
{
	unsigned long long pages = 0;

	*first = 0;
	*last = 0;
	for (size_t i = 0; i < all.nr; i++) {
		const struct mmuscope_phys_range *r = &all.range[i];

		if (r->kind != MMUSCOPE_PHYS_ZONE || r->node != node || r->zone != zone)
			continue;
		if (!pages)
			*first = r->start / PAGE;
		pages += (r->end - r->start) / PAGE;
		*last = r->end / PAGE;
	}
	return pages;
}

static void zones(void)
{
	unsigned long long present, spanned, start, first, last;
	unsigned int same = 0, bad = 0;
	char *text, *at, *next, name[16];
	int node;

	if (text_slurp("/proc/zoneinfo", &text) < 0)
		tap_bail("cannot read /proc/zoneinfo");
	for (at = strstr(text, "Node "); at; at = next) {
		next = strstr(at + 1, "\nNode ");
		if (next)
			*next++ = '\0';
		if (sscanf(at, "Node %d, zone %15s", &node, name) != 2)
			continue;
		spanned = text_field(at, "        spanned");
		present = text_field(at, "        present");
		if (!present)
			continue;
		start = text_field(at, "  start_pfn");
		if (told(node, zone_number(name), &first, &last) == present &&
		    first == start && last <= start + spanned)
			same++;
		else
			bad++;
	}
	tap_ok(same && !bad,
	       "/proc/zoneinfo: %u zones start, lie and have as many pages, %u do not", same,
	       bad);
	text_free(text);
}

static bool is_told(unsigned long long start, unsigned long long last, const char *name)
{
	for (size_t i = 0; i < all.nr; i++)
		if (all.range[i].start == start && all.range[i].end == last + 1 &&
		    !strcmp(all.range[i].name, name))
			return true;
	return false;
}

#define IORESOURCE_MEM 0x200

static void bars_of(const char *name, unsigned int *same, unsigned int *bad)
{
	unsigned long long start, last, flags;
	char path[300], *text, *at;

	snprintf(path, sizeof(path), DEVICES "/%s/resource", name);
	if (text_slurp(path, &text) < 0)
		return;
	for (at = text; at && sscanf(at, "%llx %llx %llx", &start, &last, &flags) == 3;
	     at = strchr(at, '\n'), at += !!at) {
		if (!(flags & IORESOURCE_MEM) || !start)
			continue;
		if (is_told(start, last, name))
			++*same;
		else
			++*bad;
	}
	text_free(text);
}

static void bars(void)
{
	unsigned int same = 0, bad = 0;
	DIR *dir = opendir(DEVICES);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			bars_of(d->d_name, &same, &bad);
	if (dir)
		closedir(dir);
	tap_ok(same && !bad, "sysfs: %u resources of PCI devices are told, %u are not", same,
	       bad);
}

int main(void)
{
	const struct mmuscope_phys ask = {};
	int device = device_open();

	if (physical_read(&all, device, &ask, 512, 0))
		tap_bail("PHYS");
	lines();
	gaps(0, 0, 0, space_end(device), "all there is");
	windows();
	parts();
	zones();
	bars();
	physical_free(&all);
	return tap_done();
}
