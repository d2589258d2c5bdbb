// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses of the kernel that are known otherwise: its symbols, the sections of
 * a module, the place of a frame in the direct map and of its struct page. Each
 * translates to the frame and the permissions that it must have.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "device.h"
#include "kernel.h"
#include "memory.h"
#include "pagemap.h"
#include "tap.h"
#include "text.h"

#define PERM (MMUSCOPE_FLAG_READ | MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_EXEC | \
	      MMUSCOPE_FLAG_USER)

enum { ANY_PHYS = 1, STRUCT_PAGE = 64 };

static int handle;

/* Is it mapped so, and does each access do what PERM says? */
static uint64_t look(const char *name, unsigned long addr, const char *area,
		     const char *perm, uint64_t phys)
{
	struct mmuscope_translation t = {};
	int err = addr ? device_translate(handle, addr, &t) : -1;
	bool write = strchr(perm, 'w'), exec = strchr(perm, 'x');

	tap_ok(!err && (t.leaf.flags & PERM) == kernel_perm(perm) &&
	       (!area || !strcmp(t.name, area)) && (phys == ANY_PHYS || t.phys == phys) &&
	       t.touch_read == MMUSCOPE_TOUCH_HIT &&
	       t.touch_write == (write ? MMUSCOPE_TOUCH_HIT : MMUSCOPE_TOUCH_FORBIDDEN) &&
	       t.touch_exec == (exec ? MMUSCOPE_TOUCH_HIT : MMUSCOPE_TOUCH_FORBIDDEN),
	       "%s is %s in %s", name, perm, area ?: t.name);
	if (err || (t.leaf.flags & PERM) != kernel_perm(perm) ||
	    (area && strcmp(t.name, area)) || (phys != ANY_PHYS && t.phys != phys))
		tap_note("%lx: %d, flags %llx, phys %llx not %llx, %s", addr, err,
			 t.leaf.flags, t.phys, (unsigned long long)phys, t.name);
	return t.phys;
}

/* Where /proc/iomem has the kernel's text. */
static unsigned long kernel_code(void)
{
	unsigned long start = 0;
	char *text, *line;

	text_slurp("/proc/iomem", &text);
	line = text ? strstr(text, " : Kernel code") : NULL;
	while (line && line > text && line[-1] != '\n')
		line--;
	if (line)
		sscanf(line, "%lx", &start);
	text_free(text);
	return start;
}

/* Without CONFIG_KALLSYMS_ALL the kernel knows names of functions only. */
static void look_at_data(const char *name, unsigned long text, const char *perm)
{
	unsigned long addr = kernel_symbol(name);

	if (addr)
		look(name, addr, ARCH_IMAGE, perm, addr - text + kernel_code());
	else
		tap_skip(name, "/proc/kallsyms has no data");
}

static uint64_t own_frame(void)
{
	struct span span = memory_touched(memory_small(4 * KB));
	uint64_t *entry = pagemap_read(getpid(), span.start, span.start + 4096);
	uint64_t frame = PM_PFN(*entry) * 4096;

	mlock(span_at(span, 0), 4096);
	free(entry);
	return frame;
}

static void nothing(const char *name, unsigned long addr)
{
	struct mmuscope_translation t = {};
	int err = device_translate(handle, addr, &t);

	tap_ok(!err && !(t.leaf.flags & MMUSCOPE_FLAG_PRESENT) && !t.phys &&
	       t.touch_read == MMUSCOPE_TOUCH_NO_VMA &&
	       t.touch_exec == MMUSCOPE_TOUCH_NO_VMA, "%s maps nothing", name);
}

int main(void)
{
	struct mmuscope_vma direct, map;
	uint64_t frame = own_frame(), phys;
	unsigned long text;

	handle = kernel_handle();
	if (!kernel_area(handle, "[direct map]", &direct) ||
	    !kernel_area(handle, "[vmemmap]", &map))
		tap_bail("there is no direct map");
	text = kernel_symbol(ARCH_TEXT);
	look("the kernel's text", text, ARCH_IMAGE, "r-x", kernel_code());
	look_at_data("__start_rodata", text, "r--");
	look_at_data("init_task", text, "rw-");
	phys = look("the module's text", kernel_section(".text"), ARCH_MODULES, "r-x",
		    ANY_PHYS);
	look("the module's constants", kernel_section(".rodata"), ARCH_MODULES, "r--",
	     ANY_PHYS);
	look("the module's data", kernel_section(".data"), ARCH_MODULES, "rw-", ANY_PHYS);
	if (ARCH_DIRECT) {
		look("the module's text in the direct map", direct.start + phys,
		     "[direct map]", "r--", phys);
		look("a frame of ours", direct.start + frame, "[direct map]", "rw-", frame);
		look("its struct page", map.start + frame / 4096 * STRUCT_PAGE, "[vmemmap]",
		     "rw-", ANY_PHYS);
	} else {
		tap_skip("the direct map", "where a frame is in it cannot be known");
	}
	nothing("what follows the direct map", direct.end - 4096);
	nothing("an address of user space", 0x400000);
	nothing("an address that is none", 1UL << 63);
	nothing("the last page", -4096UL);
	return tap_done();
}
