// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last programs, in memory of a device, which is a file of the host's: so it
 * is known what ran when the kernel stopped. First the number of programs run,
 * then the texts, each in a slot of its own.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "pci.h"
#include "tap.h"

enum { SLOTS = 15 };

static char *slots;
static struct pci pci;

void record_init(void)
{
	int fd;

	pci_get(&pci, PCI_IVSHMEM, 0);
	fd = open(pci_path(&pci, "resource2"), O_RDWR | O_CLOEXEC);
	slots = mmap(NULL, (1 + SLOTS) * PAGE, PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (fd < 0 || slots == MAP_FAILED)
		tap_bail("no memory to record in: %m");
}

/* Who claims the memory, or but tries to, takes it from all who map it. */
bool record_is_in(uint64_t phys, uint64_t bytes)
{
	uint64_t start = pci.bar[2].start;

	return phys < start ? bytes > start - phys :
			      phys - start < pci.bar[2].bytes;
}

void record_program(const struct program *p)
{
	program_write(p, board->now, sizeof(board->now));
	strcpy(slots + (1 + board->runs % SLOTS) * PAGE, board->now);
	*(volatile uint64_t *)slots = ++board->runs;
}
