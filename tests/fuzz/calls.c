// SPDX-License-Identifier: GPL-2.0-only
/* Calls of descriptors, and who makes them. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mmuscope.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"
#include "text.h"

/* What a program may get: more would end in the OOM killer's hands. */
#define MOST_BYTES	0x1000000ULL
#define UNTHINKABLE	(1ULL << 40)

static void fill(const struct type *type, const uint64_t *value, uint8_t *image)
{
	for (unsigned int i = 0; i < type_args(type); i++) {
		const struct arg_type *arg = &type->arg[i];

		if (arg->offset == AT_TAIL)
			memcpy(image + type->size, &value[i], 8);
		else if (arg->kind == KIND_NAME)
			strncpy((char *)image + arg->offset,
				names[value[i] % nr_names], arg->size);
		else if (arg->offset >= 0)
			memcpy(image + arg->offset, &value[i], arg->size);
	}
}

/* An element to read from, where the array begins. */
static void put_element(struct machine *m, const struct type *type,
			const uint64_t *value)
{
	uint64_t vec = 0, element = 0;

	for (unsigned int i = 0; i < type_args(type); i++) {
		if (type->arg[i].offset == AT_ELEMENT)
			element = value[i];
		if (!strcmp(type->arg[i].name, "vec"))
			vec = value[i];
	}
	if (element)
		machine_put(m, vec, &element, 8);
}

/*
 * Memory is bounded, and what is no test device is only read. False for what is
 * not to be done.
 */
static bool tame(struct machine *m, const struct type *type, uint8_t *image)
{
	struct mmuscope_share_create *create = (void *)image;
	struct mmuscope_mmio_open *open = (void *)image;
	struct mmuscope_phys *phys = (void *)image;

	switch (type->cmd) {
	case MMUSCOPE_IOC_SHARE_CREATE:
		m->dirty_names = true;
		if (create->bytes > MOST_BYTES && create->bytes < UNTHINKABLE)
			create->bytes %= MOST_BYTES;
		break;
	case MMUSCOPE_IOC_MMIO_OPEN:
		if (open->bytes > MOST_BYTES && open->bytes < UNTHINKABLE)
			open->bytes %= MOST_BYTES;
		if (!world_is_device(open->phys, open->bytes))
			open->flags |= MMUSCOPE_MMIO_READONLY;
		return !record_is_in(open->phys, open->bytes);
	case MMUSCOPE_IOC_MMIO_GRANT:
		m->dirty_grants = true;
		break;
	case MMUSCOPE_IOC_PHYS:
		/* The first zone is small enough to be counted. */
		if (phys->flags & MMUSCOPE_PHYS_COUNT)
			phys->end = world_address(BASE_RAM);
		break;
	}
	return true;
}

static bool is_kernel(const struct machine *m, const struct value *fd)
{
	return fd->base == BASE_FD && fd->n < m->now && m->result[fd->n].kernel;
}

static void keep(struct machine *m, const struct type *type,
		 const uint8_t *image, const uint8_t *before)
{
	struct result *result = &m->result[m->now];

	if (type->cmd == MMUSCOPE_IOC_TARGET)
		result->kernel = ((const struct mmuscope_bind *)image)->kind >=
				 MMUSCOPE_TARGET_KERNEL;
	if (type->out)
		memcpy(result->out, image + type->out, sizeof(result->out));
	if (type->place) {
		memcpy(&result->place, image + type->place, 8);
		memcpy(&result->bytes, before + type->bytes, 8);
	}
}

RUN(run_ioctl)
{
	const struct type *type = &types[call->type];
	uint8_t image[2 * PAGE] = "", after[2 * PAGE] = "";
	size_t size = type->size + 8;
	long ret;

	/* What KASAN has there takes several seconds, signals or not. */
	if (type->cmd == MMUSCOPE_IOC_SUMMARY && is_kernel(m, &call->arg[0]))
		return -1;
	fill(type, value, image);
	if (!tame(m, type, image))
		return -1;
	put_element(m, type, value);
	machine_put(m, value[1], image, size);
	ret = ioctl(value[0], type->cmd, value[1]);
	if (ret >= 0 && !machine_get(m, after, value[1], type->size))
		keep(m, type, after, type->cmd == MMUSCOPE_IOC_SHARE_OPEN ?
		     after : image);
	return ret;
}

/* Not with whatever is there, what is to be tamed. */
RUN(run_command)
{
	const unsigned int nr = _IOC_NR(value[1]);

	(void)m;
	(void)call;
	if (_IOC_TYPE(value[1]) == MMUSCOPE_IOC_TYPE &&
	    (nr == _IOC_NR(MMUSCOPE_IOC_SHARE_CREATE) ||
	     nr == _IOC_NR(MMUSCOPE_IOC_MMIO_OPEN) ||
	     nr == _IOC_NR(MMUSCOPE_IOC_MMIO_GRANT)))
		return -1;
	return ioctl(value[0], value[1], value[2]);
}

static const char * const paths[] = {
	MMUSCOPE "/pid/%d/maps", MMUSCOPE "/pid/%d/pagetable",
	MMUSCOPE "/pid/%d/summary", MMUSCOPE "/kernel", MMUSCOPE "/nothing",
	MMUSCOPE "/pid/x",
	MMUSCOPE "/physical", MMUSCOPE "/mappings", MMUSCOPE "/status",
	MMUSCOPE "/pid", MMUSCOPE "/pid/%d", MMUSCOPE "/pid/self/maps",
	MMUSCOPE "/pid/self", MMUSCOPE "/pid/0%d", MMUSCOPE "/pid/%d/else",
	MMUSCOPE "/pid/%d99999999", MMUSCOPE, "/dev/mmuscope",
	"/proc/%d/pagemap", "/proc/%d/maps",
};

RUN(run_open)
{
	char path[100];

	(void)m;
	(void)call;
	snprintf(path, sizeof(path), paths[value[0] %
		 (sizeof(paths) / sizeof(*paths))], (int)value[1]);
	return open(path, (value[2] & ~O_CREAT) | O_CLOEXEC);
}

RUN(run_read)
{
	(void)m;
	(void)call;
	return read(value[0], (void *)value[1], value[2] % BUFFER_SIZE);
}

RUN(run_seek)
{
	(void)m;
	(void)call;
	return lseek(value[0], value[1], value[2]);
}

RUN(run_list)
{
	(void)m;
	(void)call;
	return syscall(SYS_getdents64, value[0], value[1],
		       value[2] % BUFFER_SIZE);
}

RUN(run_close)
{
	const struct value *fd = &call->arg[0];

	(void)value;
	if (fd->base != BASE_FD || fd->n >= m->now)
		return -1;
	close(m->result[fd->n].fd);
	m->result[fd->n].fd = -1;
	return 0;
}

RUN(run_dup)
{
	m->result[m->now].kernel = is_kernel(m, &call->arg[0]);
	return fcntl(value[0], F_DUPFD_CLOEXEC, 0);
}

static void effective(uint64_t mask)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	syscall(SYS_capget, &head, data);
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].permitted & (mask >> 32 * i);
	syscall(SYS_capset, &head, data);
}

/* Another user, of the fuzzer's group, or root with some capabilities only. */
RUN(run_as)
{
	gid_t group = FUZZ_GROUP;

	(void)call;
	m->dirty_rights = true;
	rights_restore();
	setgroups(1, &group);
	if (value[0])
		syscall(SYS_setresuid, -1, 1000, -1);
	effective(value[1]);
	return 0;
}

void rights_restore(void)
{
	effective(-1);
	syscall(SYS_setresuid, -1, 0, -1);
	effective(-1);
	prctl(PR_SET_DUMPABLE, 1);
}

void grants_remove(int device)
{
	struct mmuscope_mmio_grant grant[64];
	struct mmuscope_mmio_grants args = {
		.size = sizeof(args), .vec = (uintptr_t)grant, .vec_len = 64,
		.vec_size = sizeof(*grant),
	};

	if (ioctl(device, MMUSCOPE_IOC_MMIO_GRANTS, &args))
		return;
	for (unsigned int i = 0; i < args.nr && i < 64; i++) {
		grant[i].flags = MMUSCOPE_GRANT_REMOVE;
		ioctl(device, MMUSCOPE_IOC_MMIO_GRANT, &grant[i]);
	}
}
