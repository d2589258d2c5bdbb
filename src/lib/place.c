// SPDX-License-Identifier: MIT
/* Places in physical memory, by what people call them. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/* Of struct resource; what sysfs prints (linux/ioport.h, v6.1). */
#define RESOURCE_MEM	0x00000200ULL

#define PCI_COMMAND	4	/* offset in the configuration space */
#define COMMAND_MEMORY	2

/* All of it, with or without 0x; @ret is where it ends. */
static bool parse_hex(const char *word, uint64_t *value, const char **ret)
{
	char *end;

	if (!isxdigit((unsigned char)*word))
		return false;
	errno = 0;
	*value = strtoull(word, &end, 16);
	*ret = end;
	return !errno;
}

/* 1 if it is an address or two; -EINVAL if nothing is between them. */
static int find_address(const char *where, struct mmuscope_mmio_place *ret)
{
	const char *rest;

	if (!parse_hex(where, &ret->start, &rest))
		return 0;
	ret->end = ret->start;
	if (!*rest)
		return 1;
	if (*rest != '-' || !parse_hex(rest + 1, &ret->end, &rest) || *rest)
		return 0;
	return ret->start < ret->end ? 1 : -EINVAL;
}

/* Length of a PCI address, 0000:00:04.0, at the start of @word; 0 without one. */
static size_t pci_length(const char *word)
{
	unsigned int domain, bus, slot, function;
	int len = 0;

	if (sscanf(word, "%8x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function,
		   &len) != 4)
		return 0;
	return len;
}

/* The n-th line of sysfs' file: first byte, last byte, flags. */
static int read_bar(const char *device, unsigned int bar,
		    struct mmuscope_mmio_place *ret)
{
	uint64_t flags = 0;
	char path[4200];
	unsigned int i;
	FILE *file;
	int got = 3;

	snprintf(path, sizeof(path), "%s/resource", device);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	for (i = 0; i <= bar && got == 3; i++)
		got = fscanf(file, "%" SCNx64 " %" SCNx64 " %" SCNx64,
			     &ret->start, &ret->end, &flags);
	fclose(file);
	if (got != 3)
		return -ENOENT;
	if (flags && !(flags & RESOURCE_MEM))
		return -EOPNOTSUPP;
	ret->end++;
	return ret->start && flags ? 0 : -ENXIO;
}

/* What cannot be read is not called disabled. No more is read than is needed. */
static bool is_disabled(const char *device)
{
	unsigned char command = COMMAND_MEMORY;
	char path[4200];
	int fd;

	snprintf(path, sizeof(path), "%s/config", device);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (pread(fd, &command, 1, PCI_COMMAND) != 1)
		command = COMMAND_MEMORY;
	close(fd);
	return !(command & COMMAND_MEMORY);
}

/* 1 if it is a PCI address and the number of a BAR. */
static int find_bar(const char *root, const char *where,
		    struct mmuscope_mmio_place *ret)
{
	size_t len = pci_length(where);
	const char *number = where + len + 1;
	char device[4128];
	int err;

	if (!len || where[len] != ':' || !isdigit((unsigned char)*number) ||
	    number[strspn(number, "0123456789")] || strlen(number) > 2 ||
	    len >= sizeof(ret->pci))
		return 0;
	memcpy(ret->pci, where, len);
	ret->pci[len] = 0;
	snprintf(device, sizeof(device), "%s/sys/bus/pci/devices/%s", root,
		 ret->pci);
	err = read_bar(device, atoi(number), ret);
	if (err)
		return err;
	ret->disabled = is_disabled(device);
	return 1;
}

/* A name that is there again for a part of the same is no second one. */
static int find_name(const char *root, const char *where,
		     struct mmuscope_mmio_place *ret)
{
	struct mmuscope_iomem_line line;
	struct mmuscope_iomem iomem;
	int err, got = -ENOENT;

	err = mmuscope_iomem_open(root, &iomem);
	if (err)
		return err;
	while ((err = mmuscope_iomem_next(&iomem, &line)) > 0) {
		if (strcmp(line.name, where) ||
		    (!got && line.start >= ret->start && line.end <= ret->end))
			continue;
		got = got == -ENOENT ? 0 : -ENOTUNIQ;
		ret->start = line.start;
		ret->end = line.end;
	}
	if (!err)
		err = iomem.hidden ? -EPERM : got;
	mmuscope_iomem_close(&iomem);
	return err;
}

int mmuscope_mmio_find_in(const char *root, const char *where,
			  struct mmuscope_mmio_place *ret)
{
	int got;

	*ret = (struct mmuscope_mmio_place) { .start = 0 };
	got = find_address(where, ret);
	if (!got)
		got = find_bar(root, where, ret);
	if (!got)
		got = find_name(root, where, ret);
	return got < 0 ? got : 0;
}

int mmuscope_mmio_find(const char *where, struct mmuscope_mmio_place *ret)
{
	return mmuscope_mmio_find_in("", where, ret);
}
