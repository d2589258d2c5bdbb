// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who maps a device's registers, and who maps a frame of the kernel's own: no
 * reverse map knows, and pagemap does not say, so where they were mapped is the
 * oracle. The guest has QEMU's edu device (1234:11e8) for it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "device.h"
#include "edu.h"
#include "frames.h"
#include "tap.h"
#include "target.h"
#include "who.h"

static const char *path;

static struct span built(void)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct span span;

	if (fd < 0)
		target_cannot("%s: %m", path);
	span = memory_map(MB, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	/* A second time, the second half only. */
	if (mmap(span_at(memory_anon(MB), 0), 512 * KB, PROT_READ, MAP_SHARED | MAP_FIXED,
		 fd, 512 * KB) == MAP_FAILED)
		target_cannot("mmap: %m");
	return span;
}

static size_t count(int device, uint64_t pfn, struct who *who)
{
	int err = who_ask(who, device, pfn, 0, 100);

	if (err)
		tap_bail("mappers of %lx: %s", pfn, strerror(-err));
	tap_note("frame %lx: %zu mappers, method %u, status %lx", pfn, who->nr, who->method,
		 who->status);
	return who->method == MMUSCOPE_METHOD_SCAN && !who->status ? who->nr : 0;
}

static void registers(int device)
{
	unsigned long bar = edu_find(&path);
	struct target t;
	struct who who;

	if (!bar) {
		tap_skip("registers", "no edu device: boot with --qemu '-device edu'");
		return;
	}
	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	tap_ok(count(device, bar >> 12, &who) == 1 &&
	       who_has(&who, t.pid, t.span.start, 4096), "registers, mapped once");
	who_free(&who);
	tap_ok(count(device, (bar + 512 * KB) >> 12, &who) == 2 &&
	       who_has(&who, t.pid, t.span.start + 512 * KB, 4096), "and twice");
	who_free(&who);
	target_stop(&t);
	tap_ok(who_ask(&who, device, bar >> 12, 0, 1) == 0 && !who.nr, "and by nobody");
	who_free(&who);
}

/* All processes have the vDSO, which is the kernel's. */
static void vdso(int device)
{
	unsigned long addr = getauxval(AT_SYSINFO_EHDR);
	struct mmuscope_translation trans;
	int handle = device_target(getpid());
	struct who who;

	(void)*(volatile char *)addr;
	if (device_translate(handle, addr, &trans) || !trans.phys)
		tap_bail("cannot translate the vDSO");
	tap_ok(count(device, trans.phys >> 12, &who) > 1 &&
	       who_has(&who, getpid(), addr, 4096), "the vDSO");
	who_free(&who);
	close(handle);
}

static bool nobody_maps(int device, uint64_t pfn)
{
	struct who who;
	int err = who_ask(&who, device, pfn, 0, 10);
	bool nobody = !err && !who.nr && who.method == MMUSCOPE_METHOD_NONE && !who.status;

	if (!nobody)
		tap_note("frame %lx: %zu mappers, method %u, status %lx", pfn, who.nr,
			 who.method, who.status);
	who_free(&who);
	return nobody;
}

static void tables(int device)
{
	struct mmuscope_translation trans;
	int handle = device_target(getpid());
	bool ok = true;

	if (device_translate(handle, (unsigned long)&trans, &trans) || !trans.nr_steps)
		tap_bail("cannot translate the stack");
	for (unsigned int i = 0; i < trans.nr_steps; i++) {
		uint64_t pfn = trans.step[i].table >> 12;
		struct mmuscope_frame frame = frames_one(device, pfn);
		struct kpage kpage;
		bool marked;

		/* Of the two lowest levels, or of more since v6.8. */
		marked = frames_kpage(pfn, &kpage, 1) && kpage.flags & KPF(PGTABLE);
		ok &= marked || i + 2 < trans.nr_steps;
		ok &= marked ? frame.kind == MMUSCOPE_FRAME_TABLE && nobody_maps(device, pfn) :
			       frame.kind == MMUSCOPE_FRAME_KERNEL;
	}
	tap_ok(ok, "page tables are mapped by nobody");
	close(handle);
}

int main(void)
{
	int device = device_open();

	registers(device);
	vdso(device);
	tables(device);
	return tap_done();
}
