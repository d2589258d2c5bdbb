// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever allocation or copy fails while a share is made, opened, asked, mapped,
 * touched or removed, who asks is told and nothing is left behind.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "fault.h"
#include "share.h"
#include "tap.h"

enum { BYTES = 4 * 4096 };

static int device, share, sealed;

static uint64_t vec[BYTES / 4096];
static struct mmuscope_share_create plain, mapped, typed, one_piece, large;
static const struct mmuscope_share_open by_name = {
	.size = sizeof(by_name), .name = "fault",
};

static const struct mmuscope_share_open and_map = {
	.size = sizeof(and_map), .name = "fault",
	.flags = MMUSCOPE_SHARE_MAP | MMUSCOPE_SHARE_READONLY,
};

static const struct mmuscope_share_remove gone = { .size = sizeof(gone), .name = "gone" };
static const struct mmuscope_share_info info = { .size = sizeof(info) };

static const struct mmuscope_share_seal seal = {
	.size = sizeof(seal), .seals = MMUSCOPE_SEAL_FUTURE_WRITE,
};

static const struct mmuscope_share_phys phys = {
	.size = sizeof(phys), .vec = (uintptr_t)vec, .vec_len = BYTES / 4096,
};

/* To unmap may fail, too, and is no part of the act. */
static uintptr_t at;

static int create_mapped(void *arg)
{
	struct mmuscope_share_create args = *(struct mmuscope_share_create *)arg;
	int fd = device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &args);

	at = args.addr;
	return fd;
}

static int open_mapped(void *arg)
{
	struct mmuscope_share_open args = *(struct mmuscope_share_open *)arg;
	int fd = device_ioctl(device, MMUSCOPE_IOC_SHARE_OPEN, &args);

	at = args.addr;
	return fd;
}

static void close_mapped(int fd, void *arg)
{
	(void)arg;
	close(fd);
	munmap((void *)at, BYTES);
}

static void keep(void *arg)
{
	struct mmuscope_share_create args = plain;
	int fd;

	(void)arg;
	args.flags = MMUSCOPE_SHARE_KEEP;
	strcpy(args.name, "gone");
	fd = device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &args);
	if (fd >= 0)
		close(fd);
}

/* A touch that finds no memory for a table is tried again by the kernel. */
static int map(void *arg)
{
	volatile char *p = share_map(share, BYTES, PROT_READ | PROT_WRITE);

	(void)arg;
	if (p == MAP_FAILED)
		return -errno;
	for (size_t i = 0; i < BYTES; i += 4096)
		p[i]++;
	at = (uintptr_t)p;
	return 0;
}

static void unmap(int ret, void *arg)
{
	(void)ret;
	(void)arg;
	munmap((void *)at, BYTES);
}

static void make_asks(void)
{
	plain = share_ask(BYTES, 0);
	mapped = plain;
	mapped.flags = MMUSCOPE_SHARE_MAP;
	strcpy(mapped.name, "mapped");
	typed = plain;
	typed.memtype = MMUSCOPE_MEMTYPE_WC;
	one_piece = plain;
	one_piece.flags = MMUSCOPE_SHARE_CONTIGUOUS;
	large = share_ask(1 << LARGE_SHIFT, LARGE_SHIFT);
}

/* What all shares have in common is made with the first, and goes with the last. */
static void sweep_first(void)
{
	const struct fault first[] = {
		{ "CREATE, the first", FAULT_CALL(device, MMUSCOPE_IOC_SHARE_CREATE, &plain),
		  .undo = fault_close },
	};

	fault_sweep_all(first, 1);
}

static void make_shares(void)
{
	share = share_keep("fault", BYTES, 0600);
	sealed = share_new(BYTES, 0);
}

int main(void)
{
	const struct fault faults[] = {
		{ "CREATE", FAULT_CALL(device, MMUSCOPE_IOC_SHARE_CREATE, &plain),
		  .undo = fault_close },
		{ "CREATE, named and mapped", .act = create_mapped, .arg = &mapped,
		  .undo = close_mapped },
		{ "CREATE, write-combining",
		  FAULT_CALL(device, MMUSCOPE_IOC_SHARE_CREATE, &typed), .undo = fault_close },
		{ "CREATE, contiguous",
		  FAULT_CALL(device, MMUSCOPE_IOC_SHARE_CREATE, &one_piece),
		  .undo = fault_close },
		{ "CREATE, of large pages",
		  FAULT_CALL(device, MMUSCOPE_IOC_SHARE_CREATE, &large), .undo = fault_close },
		{ "OPEN", FAULT_CALL(device, MMUSCOPE_IOC_SHARE_OPEN, &by_name),
		  .undo = fault_close },
		{ "OPEN, mapped", .act = open_mapped, .arg = (void *)&and_map,
		  .undo = close_mapped },
		{ "REMOVE", FAULT_CALL(device, MMUSCOPE_IOC_SHARE_REMOVE, &gone),
		  .before = keep },
		{ "INFO", FAULT_CALL(share, MMUSCOPE_IOC_SHARE_INFO, &info) },
		{ "SEAL", FAULT_CALL(sealed, MMUSCOPE_IOC_SHARE_SEAL, &seal) },
		{ "PHYS", FAULT_CALL(share, MMUSCOPE_IOC_SHARE_PHYS, &phys) },
		{ "mmap and touch", .act = map, .undo = unmap },
	};

	device = device_open();
	make_asks();
	sweep_first();
	make_shares();
	fault_sweep_all(faults, sizeof(faults) / sizeof(*faults));
	share_remove("fault");
	close(share);
	close(sealed);
	tap_ok(holdings_gone(), "no share is left");
	return tap_done();
}
