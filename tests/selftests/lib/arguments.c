// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arguments.h"
#include "device.h"
#include "tap.h"

enum { FILL = 0xa5 };

int device, handle;
struct out out;
uintptr_t unmapped, readonly;
unsigned long cases, bad;

struct mmuscope_scan scan;
struct mmuscope_translate translate;
static struct mmuscope_summary summary = { .size = sizeof(summary) };
static struct mmuscope_info info = { .size = sizeof(info) };

const struct command SCAN = { "SCAN", &handle, MMUSCOPE_IOC_SCAN, sizeof(scan),
			      .good = &scan, .first = AT(scan, max_hold) };
const struct command TRANSLATE = { "TRANSLATE", &handle, MMUSCOPE_IOC_TRANSLATE,
				   sizeof(translate), .good = &translate };
const struct command SUMMARY = { "SUMMARY", &handle, MMUSCOPE_IOC_SUMMARY,
				 sizeof(summary), .good = &summary, .first = AT(summary, pss) };
const struct command INFO = { "INFO", &device, MMUSCOPE_IOC_INFO, sizeof(info), .good = &info };

int arguments_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int nr = 0;

	while (readdir(dir))
		nr++;
	closedir(dir);
	return nr;
}

static bool untouched(const unsigned char *p)
{
	for (size_t i = 0; i < ROOM; i++)
		if (p[i] != FILL)
			return false;
	return true;
}

/*
 * One call: @arg is in memory of its own, and is to be left alone. Which of the
 * arrays cannot be written to shows when they are written to.
 */
void call(const struct command *c, const char *what, unsigned long long value,
	  void *arg, size_t size, int want)
{
	unsigned char before[8192];
	int is;

	memcpy(before, arg, size);
	memset(&out, FILL, sizeof(out));
	is = device_ioctl(*c->fd, c->cmd, arg);
	cases++;
	if (c->opens && is > 0)
		is = close(is);
	if (is == want && (!want || (!memcmp(before, arg, size) &&
				     (want == -EFAULT ||
				      (untouched(out.extents) && untouched(out.vmas) &&
				       untouched(out.names))))))
		return;
	bad++;
	tap_note("%s %s %llx: %s, not %s%s", c->name, what, value,
		 is > 0 ? "a descriptor" : strerror(-is), strerror(-want),
		 is == want ? ", but something was written to" : "");
	if (is > 0)
		close(is);
}

void result(const char *name, unsigned long least)
{
	tap_ok(!bad && cases >= least, "%s: %lu cases", name, cases);
	bad = cases = 0;
}

void changed(const struct command *c, const char *what, struct change a,
	     struct change b, int want)
{
	unsigned char arg[4096] __attribute__((aligned(8)));

	memcpy(arg, c->good, c->size);
	memcpy(arg + a.at, &a.to, 8);
	if (b.at)
		memcpy(arg + b.at, &b.to, 8);
	call(c, what, a.to, arg, c->size, want);
}

void bits(const struct command *c, const char *what, size_t at, uint64_t known)
{
	for (int bit = 0; bit < 64; bit++)
		if (!(known & BIT(bit)))
			changed(c, what, (struct change){ at, BIT(bit) },
				(struct change){}, -EINVAL);
}

/* As an older caller has it: what lies behind is left alone. */
static void first_size(const struct command *c)
{
	unsigned char arg[4096] __attribute__((aligned(8)));
	uint64_t size = c->first;

	memset(arg, FILL, sizeof(arg));
	memcpy(arg, c->good, size);
	memcpy(arg, &size, 8);
	call(c, "of its first size", size, arg, c->size, 0);
	for (; size < c->size; size++)
		bad += arg[size] != FILL;
}

void sizes(const struct command *c)
{
	static const size_t small[] = { 0, 1, 7, 8 };
	static const uint64_t large[] = { 4097, 1 << 20, 1ULL << 32, ~0ULL };
	unsigned char arg[8192] __attribute__((aligned(8)));
	size_t first = c->first ? c->first : c->size;
	uint64_t size;

	if (c->first)
		first_size(c);
	for (int i = 0; i < 6; i++) {
		memcpy(arg, c->good, c->size);
		size = i < 4 ? small[i] : first - (i == 4 ? 8 : 1);
		memcpy(arg, &size, 8);
		call(c, "of size", size, arg, c->size, -EINVAL);
	}
	for (int i = 0; i < 4; i++) {
		memset(arg, 0, sizeof(arg));
		memcpy(arg, c->good, c->size);
		memcpy(arg, &large[i], 8);
		call(c, "of size", large[i], arg, c->size, -E2BIG);
	}
	for (size = c->size + 1; size <= 4096; size = size * 2 < 4096 ? size * 2 : size + 999) {
		memset(arg, 0, sizeof(arg));
		memcpy(arg, c->good, c->size);
		memcpy(arg, &size, 8);
		call(c, "with a tail of 0, size", size, arg, size, 0);
		if (memcmp(arg, &size, 8) || memchr(arg + c->size, 1, size - c->size))
			bad++;
		memset(arg, 0, sizeof(arg));
		memcpy(arg, c->good, c->size);
		memcpy(arg, &size, 8);
		arg[size - 1] = 1;
		call(c, "with a tail, size", size, arg, size, -E2BIG);
		memset(arg + c->size, 0, size - c->size);
		arg[c->size] = 0x80;
		call(c, "with a tail, size", size, arg, size, -E2BIG);
	}
}

void pointers(const struct command *c)
{
	const uintptr_t wrong[] = { 0, 8, unmapped, KERNEL, BIT(63), ~7ULL };
	unsigned char *edge = (unsigned char *)unmapped - c->size + 8;

	for (int i = 0; i < 6; i++, cases++)
		if (device_ioctl(*c->fd, c->cmd, (void *)wrong[i]) != -EFAULT) {
			bad++;
			tap_note("%s at %lx is no EFAULT", c->name, wrong[i]);
		}
	/* The last field is behind the end of what is mapped. */
	memcpy(edge, c->good, c->size - 8);
	call(c, "half mapped", 0, edge, c->size - 8, -EFAULT);
	memcpy(edge - 8, c->good, c->size);
	call(c, "at the edge", 0, edge - 8, c->size, 0);
}

void arguments_prepare(void)
{
	char *p = mmap(NULL, 5 * 65536, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p + 65536, 65536);
	mprotect(p + 2 * 65536, 65536, PROT_READ);
	unmapped = (uintptr_t)p + 65536;
	readonly = (uintptr_t)p + 2 * 65536;
	device = device_open();
	handle = device_target(getpid());
	scan = (struct mmuscope_scan) {
		.size = sizeof(scan),
		.flags = MMUSCOPE_SCAN_VALUES,
		.vec = (uintptr_t)out.extents,
		.vec_len = 100,
		.vec_size = sizeof(struct mmuscope_extent),
		.vma = (uintptr_t)out.vmas,
		.vma_len = 100,
		.vma_size = sizeof(struct mmuscope_vma),
		.names = (uintptr_t)out.names,
		.names_len = sizeof(out.names),
		.return_mask = MMUSCOPE_SCAN_FLAGS,
	};
	translate = (struct mmuscope_translate) {
		.size = sizeof(translate),
		.vec = (uintptr_t)out.extents,
		.vec_len = 1,
		.vec_size = sizeof(struct mmuscope_translation),
	};
}
