// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pci.h"
#include "tap.h"
#include "text.h"

#define DEVICES "/sys/bus/pci/devices"

/* linux/ioport.h */
#define IORESOURCE_MEM 0x200

const char *pci_path(const struct pci *pci, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), DEVICES "/%s/%s", pci->address, name);
	return path;
}

const char *pci_driver(const struct pci *pci)
{
	static char target[256];
	ssize_t len = readlink(pci_path(pci, "driver"), target, sizeof(target) - 1);

	target[len > 0 ? len : 0] = '\0';
	return len > 0 ? basename(target) : target;
}

static unsigned long word(const struct pci *pci, const char *name)
{
	unsigned long value;
	char *text;

	if (text_slurp(pci_path(pci, name), &text) < 0)
		return 0;
	value = strtoul(text, NULL, 16);
	text_free(text);
	return value;
}

static void read_bars(struct pci *pci)
{
	unsigned long start, end, flags;
	char *text, *line;

	memset(pci->bar, 0, sizeof(pci->bar));
	if (text_slurp(pci_path(pci, "resource"), &text) < 0)
		tap_bail("%s: no resources", pci->address);
	line = text;
	for (int i = 0; i < 6; i++) {
		if (sscanf(line, "%lx %lx %lx", &start, &end, &flags) != 3)
			break;
		if (flags & IORESOURCE_MEM) {
			pci->bar[i].start = start;
			pci->bar[i].bytes = end - start + 1;
		}
		line = strchrnul(line, '\n') + 1;
	}
	text_free(text);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pci *)a)->address,
		      ((const struct pci *)b)->address);
}

/* All devices of a kind, in order; how many. */
static unsigned int list(struct pci *found, unsigned int room, enum pci_kind kind)
{
	DIR *dir = opendir(DEVICES);
	struct dirent *entry;
	unsigned int nr = 0;

	while (dir && nr < room && (entry = readdir(dir))) {
		struct pci *pci = &found[nr];

		snprintf(pci->address, sizeof(pci->address), "%.31s", entry->d_name);
		if ((word(pci, "vendor") << 16 | word(pci, "device")) == kind)
			nr++;
	}
	if (dir)
		closedir(dir);
	qsort(found, nr, sizeof(*found), by_name);
	return nr;
}

bool pci_find(struct pci *pci, enum pci_kind kind, unsigned int nth)
{
	struct pci found[16];

	if (nth >= list(found, 16, kind))
		return false;
	*pci = found[nth];
	/* It counts. */
	if (text_number(pci_path(pci, "enable")) <= 0 &&
	    text_write(pci_path(pci, "enable"), "1"))
		tap_bail("%s cannot be enabled", pci->address);
	read_bars(pci);
	return true;
}

void pci_get(struct pci *pci, enum pci_kind kind, unsigned int nth)
{
	if (!pci_find(pci, kind, nth))
		tap_bail("there is no PCI device %x number %u", kind, nth);
}
