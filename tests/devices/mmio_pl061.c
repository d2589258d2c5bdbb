// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GPIO controller of an arm64 board. While its driver has it, nobody else gets
 * it. Then a bit that is written through a window is a line that the host sees go
 * up and down, and a line that the host moves is a bit that the window reads.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "host.h"
#include "tap.h"
#include "text.h"
#include "window.h"

#define DRIVER	"/sys/bus/amba/drivers/pl061_gpio"
#define DEVICE	"9030000.pl061"
#define PHYS	0x9030000UL

/* Of a word of DATA, the bits of the address from 2 on say which bits are meant. */
#define DATA(bits)	((bits) << 2)
#define DIR		0x400
#define IEV		0x40c	/* which way an edge goes */
#define RIS		0x414	/* edges that were seen */
#define IC		0x41c
#define ID		0xfe0

/* The line that a power button is on; the others are free. */
#define BUTTON		3

static volatile uint32_t *regs;

static uint32_t get(unsigned int reg)
{
	return regs[reg / 4];
}

static void set(unsigned int reg, uint32_t value)
{
	regs[reg / 4] = value;
}

static void held_by_its_driver(void)
{
	struct mmuscope_mmio_open args = {};
	int fd = window_open(&args, PHYS, PAGE, 0);

	window_refused("while the driver has it", fd, &args, -EBUSY,
		       MMUSCOPE_MMIO_WHY_BUSY, PHYS, PHYS + PAGE);
}

static void outputs(void)
{
	unsigned int unseen = 0, differ = 0;
	unsigned long up, down;

	for (unsigned int line = 0; line < 8; line++) {
		const uint32_t bit = 1U << line;

		if (line == BUTTON)
			continue;
		set(DIR, get(DIR) | bit);
		set(DATA(bit), 0);
		up = host_moved(line, 1);
		down = host_moved(line, 0);
		set(DATA(bit), bit);
		unseen += host_moved(line, 1) != up + 1 || host_moved(line, 0) != down;
		differ += (host_monitor(4, PHYS + DATA(0xff)) & bit) != bit;
		set(DATA(bit), 0);
		unseen += host_moved(line, 0) != down + 1;
		differ += host_monitor(4, PHYS + DATA(0xff)) & bit;
	}
	tap_ok(!unseen, "the host sees each line go up and down: %u not", unseen);
	tap_ok(!differ, "and its monitor reads each bit: %u not", differ);
}

/* The button is let go of before this goes on, but an edge is remembered. */
static void input(void)
{
	const uint32_t bit = 1U << BUTTON;
	unsigned int seen;

	set(DIR, get(DIR) & ~bit);
	set(IEV, get(IEV) | bit);
	set(IC, 0xff);
	tap_ok(!(get(RIS) & bit) && !(get(DATA(0xff)) & bit), "the line is low");
	host_button();
	for (seen = 0; seen < 100 && !(get(RIS) & bit); seen++)
		usleep(10000);
	tap_ok(get(RIS) & bit, "the host presses the button: an edge is seen");
	set(IC, bit);
	tap_ok(!(get(RIS) & bit), "and forgotten when it is told so");
}

static void scanned(void)
{
	unsigned long at = (unsigned long)regs;
	struct mmuscope_scan ask = device_ask(at, at + PAGE);
	int self = device_target(getpid());
	struct scan s;

	if (device_scan(&s, self, &ask, &device_roomy))
		tap_bail("cannot scan");
	tap_ok(s.extents == 1 && s.extent->backing == MMUSCOPE_BACKING_MMIO &&
	       s.extent->value == PHYS &&
	       s.extent->memtype == MMUSCOPE_MEMTYPE_DEVICE_NGNRE &&
	       !(s.extent->flags & MMUSCOPE_FLAG_EXEC) &&
	       (s.extent->flags & MMUSCOPE_FLAG_WRITE),
	       "SCAN: device memory, rw-");
	device_scan_free(&s);
	close(self);
}

static void through_a_window(void)
{
	volatile void *at;
	int fd = window_get(PHYS, PAGE, MMUSCOPE_MMIO_MAP, &at);
	uint64_t value;

	regs = at;
	tap_ok(get(ID) == 0x61 && !window_read(fd, ID, 4, &value) && value == 0x61,
	       "it says what it is, mapped and accessed");
	outputs();
	input();
	scanned();
	close(fd);
	munmap((void *)at, PAGE);
}

int main(void)
{
	if (access(DRIVER "/" DEVICE, F_OK)) {
		tap_skip("pl061", "there is none here");
		return tap_done();
	}
	held_by_its_driver();
	if (text_write(DRIVER "/unbind", DEVICE))
		tap_bail("the driver does not let go: %m");
	through_a_window();
	tap_ok(!text_write(DRIVER "/bind", DEVICE), "the driver has it again");
	held_by_its_driver();
	return tap_done();
}
