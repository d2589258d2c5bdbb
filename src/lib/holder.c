// SPDX-License-Identifier: MIT
/* Who holds a physical range: neither an errno nor the kernel's walk tells. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/* Deeper lines than this are as good as the one above them. */
#define MAX_DEPTH 8
#define NAME 128
#define LINK 512

/* The lines from the outermost to the innermost that covers the range. */
struct chain {
	char name[MAX_DEPTH][NAME];
	unsigned int nr;
};

static bool is_bridge(const char *name)
{
	return !strncmp(name, "PCI Bus ", 8);
}

static bool is_pci(const char *name)
{
	unsigned int domain, bus, slot, function;
	int len = 0;

	return sscanf(name, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot,
		      &function, &len) == 4 && !name[len];
}

/* The driver of a PCI device that says nothing in /proc/iomem. */
static bool find_driver(const char *root, const char *pci, char *ret,
			size_t size)
{
	char path[4200], link[LINK];
	const char *slash;
	ssize_t len;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices/%s/driver", root,
		 pci);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return false;
	link[len] = 0;
	slash = strrchr(link, '/');
	snprintf(ret, size, "%s", slash ? slash + 1 : link);
	return true;
}

/* Of lines that are equally deep the first. */
static int find_chain(struct mmuscope_iomem *iomem, uint64_t start,
		      uint64_t end, struct chain *ret)
{
	struct mmuscope_iomem_line line;
	struct chain now = { .nr = 0 };
	int got;

	ret->nr = 0;
	while ((got = mmuscope_iomem_next(iomem, &line)) > 0) {
		if (line.depth >= MAX_DEPTH)
			continue;
		snprintf(now.name[line.depth], NAME, "%s", line.name);
		now.nr = line.depth + 1;
		if (line.start < end && line.end > start && now.nr > ret->nr)
			*ret = now;
	}
	if (!got && iomem->hidden)
		return -EPERM;
	return got ? got : ret->nr ? 0 : -ENOENT;
}

/* The innermost two say it: the device and its driver. */
static void tell(const char *root, const struct chain *chain, char *ret,
		 size_t size)
{
	const char *last = chain->name[chain->nr - 1];
	const char *device = chain->nr > 1 ? chain->name[chain->nr - 2] : "";
	char driver[LINK];

	if (is_pci(last)) {
		device = last;
		last = find_driver(root, device, driver, sizeof(driver)) ?
		       driver : "";
	}
	if (!*device || is_bridge(device))
		snprintf(ret, size, "%s", last);
	else
		snprintf(ret, size, "%s%s%s%s", is_pci(device) ? "PCI " : "",
			 device, *last ? " / " : "", last);
}

int mmuscope_mmio_holder_in(const char *root, uint64_t start, uint64_t end,
			    char *ret, size_t size)
{
	struct mmuscope_iomem iomem;
	struct chain chain;
	int err;

	err = mmuscope_iomem_open(root, &iomem);
	if (err)
		return err;
	err = find_chain(&iomem, start, end, &chain);
	mmuscope_iomem_close(&iomem);
	if (!err)
		tell(root, &chain, ret, size);
	return err;
}

int mmuscope_mmio_holder(uint64_t start, uint64_t end, char *ret, size_t size)
{
	return mmuscope_mmio_holder_in("", start, end, ret, size);
}
