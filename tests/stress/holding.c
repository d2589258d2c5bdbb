// SPDX-License-Identifier: GPL-2.0-only
/* Shares and windows that are made, mapped, passed on and given back. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "churn.h"
#include "pci.h"
#include "share.h"
#include "stress.h"
#include "window.h"

enum { PAGES = 64, HELD = 32, EDU_ID = 0x010000ed };

static int share(unsigned int *seed)
{
	churn_share(seed);
	return 1;
}

static struct pci edu, ivshmem;

static void begin_windows(void)
{
	pci_get(&edu, PCI_EDU, 0);
	pci_get(&ivshmem, PCI_IVSHMEM, 0);
}

/* Somebody else has it now. */
static const int taken[] = { EBUSY, 0 };

/* The register that tells what the device is, and one that inverts what it gets. */
static void use_registers(int fd, volatile uint32_t *regs, unsigned int *seed)
{
	uint32_t word = stress_random(seed, 1UL << 32);
	uint64_t value;

	if (regs[0] != EDU_ID)
		stress_wrong("edu says %x", regs[0]);
	if (window_read(fd, 0, 4, &value) || value != EDU_ID)
		stress_wrong("edu is accessed, and says %lx", value);
	if (window_write(fd, 4, 4, word))
		stress_wrong("edu cannot be written to");
}

/* A child has it too, or has it not, and dies in the middle. */
static void let_inherit(volatile uint32_t *regs, bool inherit)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(touch_signal(regs));
	if (pid < 0)
		return;
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && inherit == !!WEXITSTATUS(status))
		stress_wrong("a child that %s touches it: signal %d",
			     inherit ? "inherits" : "does not inherit", WEXITSTATUS(status));
}

static int open_registers(unsigned int *seed)
{
	static const uint64_t some[] = { 0, MMUSCOPE_MMIO_SHARED, MMUSCOPE_MMIO_SHARED };
	uint64_t flags = some[stress_random(seed, 3)] | MMUSCOPE_MMIO_MAP;
	bool inherit = stress_random(seed, 2);
	struct mmuscope_mmio_open args;
	volatile uint32_t *regs;
	int fd;

	flags |= inherit ? MMUSCOPE_MMIO_INHERIT : 0;
	fd = window_open(&args, edu.bar[0].start, PAGE, flags);
	if (fd < 0)
		return stress_due("edu", fd, taken);
	regs = (volatile uint32_t *)args.addr;
	use_registers(fd, regs, seed);
	if (!stress_random(seed, 4))
		let_inherit(regs, inherit);
	/* Which of the two keeps the window is the last to go. */
	if (stress_random(seed, 2))
		close(fd);
	munmap((void *)regs, PAGE);
	close(fd);
	return 1;
}

/* A page of the device's memory, which is ours alone while the window is. */
static int open_memory(unsigned int *seed)
{
	unsigned long at = ivshmem.bar[2].start + stress_random(seed, PAGES) * PAGE;
	struct mmuscope_mmio_open args = {
		.flags = MMUSCOPE_MMIO_MAP,
		.phys = at,
		.bytes = PAGE,
		.memtype = stress_random(seed, 2) ? MMUSCOPE_MEMTYPE_WC : 0,
	};
	int fd = window_ask(&args), word = stress_random(seed, PAGE / 4);
	uint32_t value = stress_random(seed, 1UL << 32);
	volatile uint32_t *words;

	if (fd < 0)
		return stress_due("ivshmem", fd, taken);
	words = (volatile uint32_t *)args.addr;
	words[word] = value;
	usleep(stress_random(seed, 2000));
	if (words[word] != value)
		stress_wrong("word %d at %lx was %x, is %x", word, at, value, words[word]);
	munmap((void *)words, PAGE);
	close(fd);
	return 1;
}

static int window(unsigned int *seed)
{
	return stress_random(seed, 2) ? open_registers(seed) : open_memory(seed);
}

static int who_holds(unsigned int *seed)
{
	static struct mmuscope_holding h[HELD];
	int nr = holdings(h, 1 + stress_random(seed, HELD), stress_random(seed, 3));

	if (nr < 0)
		return stress_due("HOLDINGS", nr, (int[]){ 0 });
	for (int i = 0; i < nr; i++)
		if (!h[i].bytes || (i && h[i].id < h[i - 1].id) || h[i].end < h[i].start ||
		    !memchr(h[i].comm, 0, sizeof(h[i].comm)))
			stress_wrong("%llu: %llx bytes at %llx-%llx", h[i].id, h[i].bytes,
				     h[i].start, h[i].end);
	return 1;
}

const struct kind holding_kinds[] = {
	{ "shares", 4, NULL, NULL, share },
	{ "windows", 2, begin_windows, NULL, window },
	{ "who holds what", 1, NULL, NULL, who_holds },
	{}
};
