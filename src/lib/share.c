// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>

#include "internal.h"

/* -ENAMETOOLONG rather than a name cut short, which might be another's. */
int mmuscope_copy_name(char to[MMUSCOPE_SHARE_NAME_SIZE], const char *from)
{
	if (!from)
		return 0;
	if (strlen(from) >= MMUSCOPE_SHARE_NAME_SIZE)
		return -ENAMETOOLONG;
	strcpy(to, from);
	return 0;
}

int mmuscope_share_create(struct mmuscope *mmuscope,
			  const struct mmuscope_share_options *options,
			  void **addr)
{
	struct mmuscope_share_create args = {
		.size = sizeof(args),
		.flags = options->flags,
		.bytes = options->bytes,
		.page_shift = options->page_shift,
		.memtype = options->memtype,
		.node = options->on_node ? options->node : -1,
		.mode = options->mode,
	};
	int fd;

	fd = mmuscope_copy_name(args.name, options->name);
	if (fd)
		return fd;
	if (addr)
		args.flags |= MMUSCOPE_SHARE_MAP;
	fd = mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_SHARE_CREATE, &args);
	if (addr && fd >= 0)
		*addr = (void *)(uintptr_t)args.addr;
	return fd;
}

int mmuscope_share_open(struct mmuscope *mmuscope, const char *name,
			uint64_t flags, void **addr)
{
	struct mmuscope_share_open args = {
		.size = sizeof(args), .flags = flags,
	};
	int fd;

	fd = mmuscope_copy_name(args.name, name);
	if (fd)
		return fd;
	if (addr)
		args.flags |= MMUSCOPE_SHARE_MAP;
	fd = mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_SHARE_OPEN, &args);
	if (addr && fd >= 0)
		*addr = (void *)(uintptr_t)args.addr;
	return fd;
}

int mmuscope_share_remove(struct mmuscope *mmuscope, const char *name)
{
	struct mmuscope_share_remove args = { .size = sizeof(args) };
	int err = mmuscope_copy_name(args.name, name);

	if (err)
		return err;
	return mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_SHARE_REMOVE, &args);
}

int mmuscope_share_info(int fd, struct mmuscope_share_info *ret)
{
	*ret = (struct mmuscope_share_info) { .size = sizeof(*ret) };
	return mmuscope_ioctl(fd, MMUSCOPE_IOC_SHARE_INFO, ret);
}

int mmuscope_share_seal(int fd, uint64_t seals)
{
	struct mmuscope_share_seal args = {
		.size = sizeof(args), .seals = seals,
	};

	return mmuscope_ioctl(fd, MMUSCOPE_IOC_SHARE_SEAL, &args);
}

int mmuscope_share_phys(int fd, uint64_t first, unsigned int nr, uint64_t *ret)
{
	struct mmuscope_share_phys args = {
		.size = sizeof(args),
		.first = first,
		.vec = (uintptr_t)ret,
		.vec_len = nr,
	};
	int err = mmuscope_ioctl(fd, MMUSCOPE_IOC_SHARE_PHYS, &args);

	return err ? err : (int)args.nr;
}
