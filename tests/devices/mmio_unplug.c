// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device is taken out while windows to it are open and mapped, by its registers'
 * parent and by a child: a touch is SIGBUS, an access ENODEV, the claim is gone;
 * what comes into the slot can be had, and the old windows do not lead to it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "pci.h"
#include "tap.h"
#include "text.h"
#include "window.h"

static volatile uint32_t *regs;
static unsigned long bar, bytes;

/* The kernel needs a moment with it; the files are those of the device. */
static bool comes_to(const char *path, bool present)
{
	for (int i = 0; i < 1000; i++) {
		if (!access(path, F_OK) == present)
			return true;
		usleep(10000);
	}
	return false;
}

/*
 * Touches all the time, also while it goes, but not for ever; its status is the
 * signal.
 */
static pid_t toucher(void)
{
	pid_t pid = fork();
	unsigned int i = 0;
	int signal;

	if (pid)
		return pid;
	alarm(60);
	do
		signal = touch_signal(regs + i++ % 256 * (PAGE / 4));
	while (!signal);
	_exit(signal);
}

static void gone(int fd, int word)
{
	struct mmuscope_mmio_open args;
	uint64_t value;

	tap_ok(touch_signal(regs) == SIGBUS, "a touch is SIGBUS");
	tap_ok(touch_signal(regs + (bytes - PAGE) / 4) == SIGBUS, "everywhere");
	tap_ok(window_read(fd, 0, 4, &value) == -ENODEV &&
	       window_write(fd, 4, 4, 1) == -ENODEV &&
	       window_read(word, 0, 4, &value) == -ENODEV, "an access is ENODEV");
	tap_ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED &&
	       errno == ENODEV, "it is not mapped again: %m");
	tap_ok(!iomem_named("mmuscope"), "the claim is gone");
	window_refused("nothing is there", window_open(&args, bar, PAGE, 0), &args,
		       -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, bar, bar + PAGE);
}

static void replaced(int old)
{
	volatile uint32_t *new;
	struct pci hot;
	uint64_t value;
	int fd;

	host_plug("hot");
	for (int i = 0; i < 1000 && !pci_find(&hot, PCI_EDU, 1); i++)
		usleep(10000);
	pci_get(&hot, PCI_EDU, 1);
	tap_note("it was at %lx, and is at %lx", bar, hot.bar[0].start);
	fd = window_get(hot.bar[0].start, hot.bar[0].bytes, MMUSCOPE_MMIO_MAP,
			(volatile void **)&new);
	new[1] = 77;
	tap_ok(new[1] == ~77U && host_read(4, hot.bar[0].start + 4) == ~77U,
	       "the new device answers");
	tap_ok(touch_signal(regs) == SIGBUS && window_read(old, 0, 4, &value) == -ENODEV,
	       "the old window does not lead there");
	munmap((void *)new, hot.bar[0].bytes);
	close(fd);
}

int main(void)
{
	uint64_t flags = MMUSCOPE_MMIO_MAP | MMUSCOPE_MMIO_INHERIT | MMUSCOPE_MMIO_SHARED;
	int fd, word, beside, status = 0;
	struct mmuscope_holding held[2];
	struct pci hot, edu;
	pid_t pid;

	pci_get(&edu, PCI_EDU, 0);
	pci_get(&hot, PCI_EDU, 1);
	bar = hot.bar[0].start;
	bytes = hot.bar[0].bytes;
	beside = window_get(edu.bar[0].start, PAGE, 0, NULL);
	fd = window_get(bar, bytes, flags, (volatile void **)&regs);
	word = window_get(bar + 4, 4, MMUSCOPE_MMIO_ACCESS | MMUSCOPE_MMIO_SHARED, NULL);
	tap_ok(regs[0] == 0x010000ed, "it is there");
	pid = toucher();
	host_unplug("hot");
	tap_ok(comes_to(pci_path(&hot, "vendor"), false), "%s goes", hot.address);
	waitpid(pid, &status, 0);
	tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == SIGBUS,
	       "who touches it meanwhile gets SIGBUS");
	tap_ok(iomem_count(edu.bar[0].start, edu.bar[0].start + PAGE, "mmuscope") == 1,
	       "another window stays");
	close(beside);
	gone(fd, word);
	replaced(fd);
	munmap((void *)regs, bytes);
	close(fd);
	close(word);
	tap_ok(!iomem_named("mmuscope") && !window_holdings(held, 2), "nothing is left");
	return tap_done();
}
