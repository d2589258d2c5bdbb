// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/* What one call fetches. */
#define RANGES	64

/**
 * struct mmuscope_phys_reader - physical memory being told
 * @fd: the device
 * @args: the last call
 * @over: there is no next
 * @done: ranges of the last call that have been told
 * @range: what it found
 */
struct mmuscope_phys_reader {
	int fd;
	struct mmuscope_phys args;
	int over;
	uint64_t done;
	struct mmuscope_phys_range range[RANGES];
};

int mmuscope_phys_begin(struct mmuscope *mmuscope, uint64_t start, uint64_t end,
			uint64_t flags, struct mmuscope_phys_reader **ret)
{
	struct mmuscope_phys_reader *reader = malloc(sizeof(*reader));

	if (!reader)
		return -ENOMEM;
	reader->fd = mmuscope->fd;
	reader->args = (struct mmuscope_phys) {
		.size = sizeof(reader->args),
		.flags = flags,
		.start = start,
		.end = end,
		.vec = (uintptr_t)reader->range,
		.vec_len = RANGES,
		.vec_size = sizeof(reader->range[0]),
	};
	reader->over = 0;
	reader->done = 0;
	*ret = reader;
	return 0;
}

int mmuscope_phys_next(struct mmuscope_phys_reader *reader,
		       const struct mmuscope_phys_range **ret)
{
	struct mmuscope_phys args;
	int err;

	while (reader->done == reader->args.nr) {
		if (reader->over)
			return 0;
		args = reader->args;
		err = mmuscope_ioctl(reader->fd, MMUSCOPE_IOC_PHYS, &args);
		if (err)
			return err;
		reader->args = args;
		reader->over = !args.first;
		reader->done = 0;
	}
	*ret = &reader->range[reader->done++];
	return 1;
}

void mmuscope_phys_end(struct mmuscope_phys_reader *reader)
{
	free(reader);
}

/* The number behind 0x, or -1, which no attribute of these has. */
static int64_t read_hex(const char *device, const char *name)
{
	unsigned long long value;
	char path[128];
	FILE *file;
	int got;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", device, name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	got = fscanf(file, "%llx", &value);
	fclose(file);
	return got == 1 ? (int64_t)value : -1;
}

/* The line of resource that starts there: BARs first, then what comes with them. */
static int find_resource(const char *device, uint64_t start)
{
	unsigned long long first, last;
	int line = 0, found = -1;
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource", device);
	file = fopen(path, "re");
	if (!file)
		return -1;
	while (found < 0 && fscanf(file, "%llx %llx %*x", &first, &last) == 2) {
		if (first == start && last > first)
			found = line;
		line++;
	}
	fclose(file);
	return found;
}

static void read_driver(const char *device, char *driver, size_t size)
{
	char path[128], target[256];
	const char *name;
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", device);
	len = readlink(path, target, sizeof(target) - 1);
	target[len < 0 ? 0 : len] = '\0';
	name = strrchr(target, '/');
	snprintf(driver, size, "%s", name ? name + 1 : "");
}

static int is_pci_name(const char *name)
{
	unsigned int domain, bus, slot, function;
	int len = 0;

	return sscanf(name, "%x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function,
		      &len) == 4 && !name[len];
}

int mmuscope_phys_device(const struct mmuscope_phys_range *range,
			 struct mmuscope_phys_device *ret)
{
	int64_t vendor, device;

	if (range->kind != MMUSCOPE_PHYS_RESOURCE || !is_pci_name(range->name))
		return -ENOENT;
	vendor = read_hex(range->name, "vendor");
	device = read_hex(range->name, "device");
	if (vendor < 0 || device < 0)
		return -ENOENT;
	ret->vendor = vendor;
	ret->device = device;
	ret->resource = find_resource(range->name, range->start);
	read_driver(range->name, ret->driver, sizeof(ret->driver));
	return 0;
}
