// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "tap.h"
#include "window.h"

/* Opened once, by the first who needs it. */
static int device(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = device_open();
	return fd;
}

int window_ask(struct mmuscope_mmio_open *args)
{
	args->size = sizeof(*args);
	return device_ioctl(device(), MMUSCOPE_IOC_MMIO_OPEN, args);
}

int window_open(struct mmuscope_mmio_open *args, unsigned long phys,
		unsigned long bytes, uint64_t flags)
{
	*args = (struct mmuscope_mmio_open) {
		.flags = flags,
		.phys = phys,
		.bytes = bytes,
	};
	return window_ask(args);
}

int window_get(unsigned long phys, unsigned long bytes, uint64_t flags,
	       volatile void **at)
{
	struct mmuscope_mmio_open args;
	int fd = window_open(&args, phys, bytes, flags);

	if (fd < 0)
		tap_bail("no window of %lx at %lx: %s, why %u, %llx-%llx", bytes,
			 phys, strerror(-fd), args.why, args.conflict_start,
			 args.conflict_end);
	if (at)
		*at = (volatile void *)args.addr;
	return fd;
}

bool window_refused(const char *name, int is, const struct mmuscope_mmio_open *args,
		    int err, unsigned int why, unsigned long start,
		    unsigned long end)
{
	if (is != err || args->why != why || args->conflict_start != start ||
	    args->conflict_end != end)
		tap_note("%s: %d, why %u, %llx-%llx, not %d, why %u, %lx-%lx", name,
			 is, args->why, args->conflict_start, args->conflict_end,
			 err, why, start, end);
	if (is >= 0)
		close(is);
	return tap_ok(is == err && args->why == why &&
		      args->conflict_start == start && args->conflict_end == end,
		      "%s: %s", name, strerror(-err));
}

static int window_access(int fd, struct mmuscope_mmio_access *args)
{
	args->size = sizeof(*args);
	return device_ioctl(fd, MMUSCOPE_IOC_MMIO_ACCESS, args);
}

int window_read(int fd, unsigned long offset, unsigned int width, uint64_t *value)
{
	struct mmuscope_mmio_access args = { .offset = offset, .width = width };
	int err = window_access(fd, &args);

	*value = args.value;
	return err;
}

int window_write(int fd, unsigned long offset, unsigned int width, uint64_t value)
{
	struct mmuscope_mmio_access args = {
		.flags = MMUSCOPE_MMIO_WRITE,
		.offset = offset,
		.width = width,
		.value = value,
	};

	return window_access(fd, &args);
}

unsigned int window_holdings(struct mmuscope_holding *vec, unsigned int max)
{
	struct mmuscope_holdings args = {
		.size = sizeof(args),
		.kind = MMUSCOPE_HOLDING_MMIO,
		.vec = (uintptr_t)vec,
		.vec_len = max,
		.vec_size = sizeof(*vec),
	};
	int err = device_ioctl(device(), MMUSCOPE_IOC_HOLDINGS, &args);

	if (err)
		tap_bail("no holdings: %s", strerror(-err));
	return args.nr;
}

/* The next line of that name; @end is exclusive. */
static bool next_named(FILE *f, const char *name, unsigned long *start,
		       unsigned long *end)
{
	char line[256], is[200];

	while (fgets(line, sizeof(line), f))
		if (sscanf(line, " %lx-%lx : %199[^\n]", start, end, is) == 3 &&
		    !strcmp(is, name)) {
			++*end;
			return true;
		}
	return false;
}

static FILE *iomem(void)
{
	FILE *f = fopen("/proc/iomem", "re");

	if (!f)
		tap_bail("/proc/iomem: %m");
	return f;
}

unsigned int iomem_count(unsigned long start, unsigned long end, const char *name)
{
	unsigned long s, e;
	unsigned int nr = 0;
	FILE *f = iomem();

	while (next_named(f, name, &s, &e))
		nr += s == start && e == end;
	fclose(f);
	return nr;
}

unsigned int iomem_named(const char *name)
{
	unsigned long start, end;
	unsigned int nr = 0;
	FILE *f = iomem();

	while (next_named(f, name, &start, &end))
		nr++;
	fclose(f);
	return nr;
}

bool iomem_find(const char *name, unsigned int nth, unsigned long *start,
		unsigned long *end)
{
	FILE *f = iomem();
	bool found;

	do
		found = next_named(f, name, start, end);
	while (found && nth--);
	fclose(f);
	return found;
}

static sigjmp_buf back;

static void caught(int signal)
{
	siglongjmp(back, signal);
}

int touch_signal(volatile void *at)
{
	struct sigaction act = { .sa_handler = caught }, segv, bus;
	int signal;

	sigaction(SIGSEGV, &act, &segv);
	sigaction(SIGBUS, &act, &bus);
	signal = sigsetjmp(back, 1);
	if (!signal)
		(void)*(volatile uint32_t *)at;
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGBUS, &bus, NULL);
	return signal;
}
