// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 32-bit program (the Makefile sees to that) gets the same from each command:
 * sizes and offsets are those of 64 bits, and what it is told of itself is what
 * its pagemap says.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi.h"

#define PRESENT (1ULL << 63)
#define PFN(entry) ((entry) & ((1ULL << 55) - 1))

static int device, handle, pagemap;
static struct mmuscope_extent extent[4096];
static struct mmuscope_vma vma[64];
static char names[8192];
static struct mmuscope_scan scan = {
	.size = sizeof(scan),
	.flags = MMUSCOPE_SCAN_VALUES,
	.vec_len = 4096,
	.vec_size = sizeof(extent[0]),
	.vma_len = 64,
	.vma_size = sizeof(vma[0]),
	.names_len = sizeof(names),
	.return_mask = MMUSCOPE_SCAN_FLAGS,
};

static uint64_t entry_of(uint64_t addr)
{
	uint64_t entry = 0;

	/* What pagemap has no entry for is told to be something impossible. */
	if (pread64(pagemap, &entry, 8, addr >> 12 << 3) != 8)
		return ~0ULL;
	return entry;
}

static void info(void)
{
	struct mmuscope_info info = { .size = sizeof(info) };
	int err = ioctl(device, MMUSCOPE_IOC_INFO, &info);

	tap_ok(!err && info.abi == MMUSCOPE_ABI && info.page_shift == 12 && info.rights,
	       "INFO: %u levels", info.levels);
}

static int target(unsigned int kind, int id)
{
	struct mmuscope_bind bind = { .size = sizeof(bind), .kind = kind, .id = id };

	return ioctl(device, MMUSCOPE_IOC_TARGET, &bind);
}

static void targets(void)
{
	int other = target(MMUSCOPE_TARGET_PAGEMAP, pagemap);

	handle = target(MMUSCOPE_TARGET_PID, 0);
	tap_ok(handle >= 0 && other >= 0, "TARGET by pid and by pagemap");
	close(other);
}

static bool agrees(const struct mmuscope_extent *e, uint64_t addr)
{
	bool present = e->flags & MMUSCOPE_FLAG_PRESENT;
	uint64_t entry = entry_of(addr);

	return present == !!(entry & PRESENT) &&
	       (!present || PFN(entry) == (e->value + addr - e->start) >> 12);
}

static void scans(void)
{
	unsigned long pages = 0, differ = 0;
	const struct mmuscope_vma *v = vma;
	int err;

	/* What is written to for the first time changes what there is. */
	memset(extent, 1, sizeof(extent));
	memset(vma, 1, sizeof(vma));
	memset(names, 1, sizeof(names));
	scan.vec = (uintptr_t)extent;
	scan.vma = (uintptr_t)vma;
	scan.names = (uintptr_t)names;
	agrees(extent, (uintptr_t)extent);
	err = ioctl(handle, MMUSCOPE_IOC_SCAN, &scan);
	for (unsigned int i = 0; !err && i < scan.nr; i++) {
		while (v + 1 < vma + scan.nr_vma && v[1].first <= i)
			v++;
		/* pagemap hides frames that have no struct page in use. */
		if (v->flags & MMUSCOPE_VMA_PFNMAP)
			continue;
		for (uint64_t at = extent[i].start; at < extent[i].end; at += 4096) {
			pages++;
			differ += !agrees(&extent[i], at);
		}
	}
	tap_note("%lu pages in %u extents and %u VMAs, %lu differ, end %llx", pages,
		 (unsigned int)scan.nr, (unsigned int)scan.nr_vma, differ, scan.end);
	tap_ok(!err && scan.walk_end == scan.end && pages > 100 && !differ,
	       "SCAN agrees with pagemap");
	tap_ok(scan.end <= 1ULL << 32, "the range ends with 32 bits: %llx", scan.end);
}

/* What is outside of all VMAs for 64-bit programs is not for this one. */
static void vmas(void)
{
	static char maps[65536];
	unsigned int lines = 0;
	int fd = open("/proc/self/maps", O_RDONLY);
	ssize_t n, len = 0;

	while ((n = read(fd, maps + len, sizeof(maps) - len)) > 0)
		len += n;
	close(fd);
	for (ssize_t i = 0; i < len; i++)
		lines += maps[i] == '\n';
	tap_ok(lines == scan.nr_vma && names[vma[0].name], "%u VMAs, /proc/self/maps has %u",
	       (unsigned int)scan.nr_vma, lines);
}

static void translates(void)
{
	static struct mmuscope_translation t[3];
	struct mmuscope_translate args = {
		.size = sizeof(args), .vec = (uintptr_t)t, .vec_len = 3,
		.vec_size = sizeof(t[0]),
	};
	int err;

	t[0].addr = (uintptr_t)&args;
	t[1].addr = (uintptr_t)translates;
	t[2].addr = 1ULL << 40;
	err = ioctl(handle, MMUSCOPE_IOC_TRANSLATE, &args);
	tap_ok(!err && args.nr == 3, "TRANSLATE");
	for (int i = 0; i < 2; i++)
		tap_ok(t[i].phys >> 12 == PFN(entry_of(t[i].addr)) &&
		       (t[i].phys ^ t[i].addr) % 4096 == 0 && t[i].nr_steps >= 4 &&
		       t[i].touch_read == MMUSCOPE_TOUCH_HIT,
		       "address %llx is at %llx", t[i].addr, t[i].phys);
	tap_ok(!t[2].leaf.end && t[2].touch_read == MMUSCOPE_TOUCH_NO_VMA,
	       "nothing beyond 32 bits");
}

static void summaries(void)
{
	static struct mmuscope_summary sum = { .size = sizeof(sum) };
	uint64_t mapped = 0;
	int err = ioctl(handle, MMUSCOPE_IOC_SUMMARY, &sum);

	for (unsigned int i = 0; i < scan.nr_vma; i++)
		mapped += vma[i].end - vma[i].start;
	tap_ok(!err && sum.mapped == mapped && sum.rss && sum.extents,
	       "SUMMARY: %llu bytes mapped, VMAs of %llu", sum.mapped,
	       (unsigned long long)mapped);
}

static bool refused(int fd, unsigned long cmd, void *arg, int want)
{
	return ioctl(fd, cmd, arg) < 0 && errno == want;
}

static void errors(void)
{
	struct mmuscope_scan bad = scan;

	tap_ok(refused(device, MMUSCOPE_IOC_SCAN, &bad, ENOTTY) &&
	       refused(handle, MMUSCOPE_IOC_INFO, &bad, ENOTTY), "the wrong descriptor");
	tap_ok(refused(handle, MMUSCOPE_IOC_SCAN, NULL, EFAULT), "null");
	bad.vec |= 1ULL << 32;
	tap_ok(refused(handle, MMUSCOPE_IOC_SCAN, &bad, EFAULT), "an array beyond 32 bits");
	bad = scan;
	bad.end += 4096;
	tap_ok(refused(handle, MMUSCOPE_IOC_SCAN, &bad, EINVAL), "past the end");
	bad = scan;
	bad.size = 8;
	tap_ok(refused(handle, MMUSCOPE_IOC_SCAN, &bad, EINVAL), "too small");
}

int main(void)
{
	_Static_assert(sizeof(long) == 4, "32-bit");
	memset(mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0), 1, 1 << 19);
	device = open("/dev/mmuscope", O_RDWR);
	pagemap = open("/proc/self/pagemap", O_RDONLY);
	if (device < 0 || pagemap < 0)
		tap_bail("cannot open: %m");
	abi_check();
	info();
	targets();
	scans();
	vmas();
	translates();
	summaries();
	errors();
	return tap_done();
}
