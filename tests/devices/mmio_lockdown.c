// SPDX-License-Identifier: GPL-2.0-only
/*
 * Once the kernel is locked down, for integrity and then for confidentiality,
 * nobody opens a window, maps one or accesses a register; with the latter nobody
 * sees the kernel's half either. It does not end before the machine does.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include "device.h"
#include "kernel.h"
#include "pci.h"
#include "tap.h"
#include "text.h"
#include "window.h"

#define SECURITY "/sys/kernel/security"
#define LOCKDOWN SECURITY "/lockdown"

static struct pci edu;

static int grant(uint64_t flags)
{
	struct mmuscope_mmio_grant args = {
		.size = sizeof(args), .flags = flags, .phys = edu.bar[0].start,
		.bytes = PAGE, .gid = 1,
	};
	int device = device_open();
	int err = device_ioctl(device, MMUSCOPE_IOC_MMIO_GRANT, &args);

	close(device);
	return err;
}

static void locked(const char *level, int fd)
{
	struct mmuscope_mmio_open args;
	unsigned long bar = edu.bar[0].start;
	uint64_t value;

	if (text_write(LOCKDOWN, level))
		tap_bail("%s: not to be had", level);
	window_refused(level, window_open(&args, bar + PAGE, PAGE, 0), &args, -EPERM,
		       MMUSCOPE_MMIO_WHY_LOCKDOWN, 0, 0);
	window_refused(level, window_open(&args, bar + PAGE, 4, MMUSCOPE_MMIO_ACCESS),
		       &args, -EPERM, MMUSCOPE_MMIO_WHY_LOCKDOWN, 0, 0);
	tap_ok(window_read(fd, 0, 4, &value) == -EPERM &&
	       window_write(fd, 4, 4, 1) == -EPERM, "%s: no access", level);
	tap_ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED &&
	       errno == EPERM, "%s: no mapping", level);
	tap_ok(grant(0) == -EPERM, "%s: no grant", level);
}

/* By the handle that there is, by a copy of it, by a new one, and by a file. */
static bool kernel_says(int half, int err)
{
	struct mmuscope_translation t;
	int device = device_open(), fd = device_bind(device, MMUSCOPE_TARGET_KERNEL, 0);
	int copy = device_bind(device, MMUSCOPE_TARGET_COPY, half);
	char *text;
	int bound = fd < 0 ? fd : 0, copied = copy < 0 ? copy : 0;
	int told = device_translate(half, -4096UL, &t);
	ssize_t read = text_slurp(MMUSCOPE "/kernel/summary", &text);

	text_free(text);
	close(copy);
	close(fd);
	close(device);
	return bound == err && copied == err && told == err && (read < 0 ? (int)read : 0) == err;
}

int main(void)
{
	uint64_t value;
	int fd, half;

	mount("none", SECURITY, "securityfs", 0, NULL);
	if (access(LOCKDOWN, W_OK)) {
		tap_skip("lockdown", "this kernel has none");
		return tap_done();
	}
	pci_get(&edu, PCI_EDU, 0);
	fd = window_get(edu.bar[0].start, PAGE, 0, NULL);
	tap_ok(!window_read(fd, 0, 4, &value) && !grant(0) &&
	       !grant(MMUSCOPE_GRANT_REMOVE), "before: it works");
	half = kernel_handle();
	locked("integrity", fd);
	tap_ok(kernel_says(half, 0), "integrity: the kernel's half is shown");
	locked("confidentiality", fd);
	tap_ok(kernel_says(half, -EPERM), "confidentiality: the kernel's half is not");
	close(fd);
	tap_ok(!iomem_named("mmuscope"), "nothing is left");
	return tap_done();
}
