// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page that holds less than a page, the HPET's registers: it is claimed piece by
 * piece, and counts; who holds a piece of it keeps others out, a driver and a
 * window alike; less than the page can be had for single accesses.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver.h"
#include "tap.h"
#include "window.h"

#define HPET		0xfed00000UL
#define HPET_END	(HPET + 0x400)
#define CONFIG		0x10	/* bit 0: it counts */
#define COUNTER		0xf0

#define DRIVER "pvpanic-mmio"
#define DEVICE "PNP0103:00"

static void counts(void)
{
	volatile uint64_t *regs;
	int fd = window_get(HPET, PAGE, MMUSCOPE_MMIO_MAP, (volatile void **)&regs);
	uint64_t config = regs[CONFIG / 8], before;

	tap_note("it counts already: %s", config & 1 ? "yes" : "no");
	tap_ok(iomem_count(HPET, HPET_END, "mmuscope") == 1 &&
	       iomem_count(HPET_END, HPET + PAGE, "mmuscope") == 1 &&
	       iomem_named("mmuscope") == 2, "claimed are the registers and the rest");
	regs[CONFIG / 8] = config | 1;
	before = regs[COUNTER / 8];
	usleep(1000);
	tap_ok(regs[COUNTER / 8] > before, "it counts");
	if (!(config & 1)) {
		regs[CONFIG / 8] = config;
		before = regs[COUNTER / 8];
		usleep(1000);
		tap_ok(regs[COUNTER / 8] == before, "and stops when its bit is cleared");
	}
	munmap((void *)regs, PAGE);
	close(fd);
}

static void held_by_driver(void)
{
	struct mmuscope_mmio_open args;
	int err;

	err = driver_bind(DRIVER, DEVICE);
	if (err)
		tap_bail("%s does not take it: %s", DRIVER, strerror(-err));
	window_refused("a driver has it", window_open(&args, HPET, PAGE, 0), &args,
		       -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, HPET, HPET_END);
	window_refused("a driver has it, one register",
		       window_open(&args, HPET + COUNTER, 8, MMUSCOPE_MMIO_ACCESS),
		       &args, -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, HPET, HPET_END);
	window_refused("a driver has it, to share",
		       window_open(&args, HPET, PAGE, MMUSCOPE_MMIO_SHARED), &args,
		       -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, HPET, HPET_END);
	driver_unbind(DRIVER, DEVICE);
	close(window_get(HPET, PAGE, 0, NULL));
	tap_ok(!iomem_named("mmuscope"), "the driver has left, and so have we");
}

static void held_by_us(int fd, const char *what)
{
	int err = driver_bind(DRIVER, DEVICE);

	tap_ok(err == -ENODEV || err == -EBUSY, "no driver takes it from %s: %s", what,
	       strerror(-err));
	close(fd);
	err = driver_bind(DRIVER, DEVICE);
	tap_ok(!err, "afterwards one does: %s", strerror(-err));
	driver_unbind(DRIVER, DEVICE);
}

static void one_register(void)
{
	int one = window_get(HPET + COUNTER, 8, MMUSCOPE_MMIO_ACCESS, NULL);
	int other = window_get(HPET, 8, MMUSCOPE_MMIO_ACCESS, NULL);
	struct mmuscope_mmio_open args;
	uint64_t id, word;

	tap_ok(iomem_count(HPET + COUNTER, HPET + COUNTER + 8, "mmuscope") == 1 &&
	       iomem_count(HPET, HPET + 8, "mmuscope") == 1,
	       "claimed are two registers and no more");
	tap_ok(!window_read(other, 0, 8, &id) && !window_read(other, 4, 4, &word) &&
	       id >> 32 == word && (id & 0xffff) == 0xa201, "each is read");
	tap_ok(window_read(one, 8, 8, &id) == -ERANGE &&
	       window_read(one, ~7UL, 8, &id) == -ERANGE, "and nothing behind it");
	window_refused("a page around them", window_open(&args, HPET, PAGE, 0), &args,
		       -EBUSY, MMUSCOPE_MMIO_WHY_WINDOW, HPET, HPET + 8);
	tap_ok(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, one, 0) == MAP_FAILED &&
	       errno == EACCES, "they are not mapped: %m");
	window_refused("half of it behind the registers",
		       window_open(&args, HPET_END - 8, 16, MMUSCOPE_MMIO_ACCESS),
		       &args, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, HPET_END,
		       HPET_END + 8);
	close(other);
	held_by_us(one, "who has one register");
}

int main(void)
{
	int err = driver_load("pvpanic");

	err = err ?: driver_load("pvpanic-mmio");
	if (err)
		tap_bail("no driver: %s", strerror(-err));
	counts();
	held_by_driver();
	held_by_us(window_get(HPET, PAGE, 0, NULL), "who has the page");
	one_register();
	tap_ok(!iomem_named("mmuscope"), "nothing is left");
	return tap_done();
}
