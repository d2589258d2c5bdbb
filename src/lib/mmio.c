// SPDX-License-Identifier: MIT
#include "internal.h"

static void tell_result(const struct mmuscope_mmio_open *args, int fd,
			struct mmuscope_mmio_result *ret)
{
	*ret = (struct mmuscope_mmio_result) {
		.why = args->why,
		.start = args->conflict_start,
		.end = args->conflict_end,
	};
	if (fd < 0)
		return;
	ret->id = args->id;
	ret->memtype = args->got;
	if (args->flags & MMUSCOPE_MMIO_MAP)
		ret->addr = (void *)(uintptr_t)args->addr;
}

int mmuscope_mmio_open(struct mmuscope *mmuscope,
		       const struct mmuscope_mmio_options *options,
		       struct mmuscope_mmio_result *ret)
{
	struct mmuscope_mmio_open args = {
		.size = sizeof(args),
		.flags = options->flags,
		.phys = options->phys,
		.bytes = options->bytes,
		.memtype = options->memtype,
	};
	int fd;

	*ret = (struct mmuscope_mmio_result) { .addr = NULL };
	fd = mmuscope_copy_name(args.name, options->name);
	if (fd)
		return fd;
	if (options->map)
		args.flags |= MMUSCOPE_MMIO_MAP;
	fd = mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_MMIO_OPEN, &args);
	tell_result(&args, fd, ret);
	return fd;
}

int mmuscope_mmio_read(int fd, uint64_t offset, unsigned int width,
		       uint64_t *ret)
{
	struct mmuscope_mmio_access args = {
		.size = sizeof(args), .offset = offset, .width = width,
	};
	int err = mmuscope_ioctl(fd, MMUSCOPE_IOC_MMIO_ACCESS, &args);

	if (!err)
		*ret = args.value;
	return err;
}

int mmuscope_mmio_write(int fd, uint64_t offset, unsigned int width,
			uint64_t value)
{
	struct mmuscope_mmio_access args = {
		.size = sizeof(args), .flags = MMUSCOPE_MMIO_WRITE,
		.offset = offset, .width = width, .value = value,
	};

	return mmuscope_ioctl(fd, MMUSCOPE_IOC_MMIO_ACCESS, &args);
}

int mmuscope_mmio_grant(struct mmuscope *mmuscope,
			const struct mmuscope_mmio_grant *grant)
{
	struct mmuscope_mmio_grant args = *grant;

	args.size = sizeof(args);
	return mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_MMIO_GRANT, &args);
}

int mmuscope_mmio_grants(struct mmuscope *mmuscope, unsigned int room,
			 struct mmuscope_mmio_grant *ret)
{
	struct mmuscope_mmio_grants args = {
		.size = sizeof(args),
		.vec = (uintptr_t)ret,
		.vec_len = room,
		.vec_size = sizeof(*ret),
	};
	int err = mmuscope_ioctl(mmuscope->fd, MMUSCOPE_IOC_MMIO_GRANTS, &args);

	return err ? err : (int)args.nr;
}
