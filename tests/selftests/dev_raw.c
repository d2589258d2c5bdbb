// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw scans as the module gives them: blocks in order and within the range, arguments
 * that are refused, and nobody sees an entry who may not see frames.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "capless.h"
#include "device.h"
#include "memory.h"
#include "tap.h"

#define WORDS	4096
#define ENTRY_FLAGS	(MMUSCOPE_SCAN_FLAGS & (MMUSCOPE_FLAG_ANON - 1))

static uint64_t words[WORDS];
static struct span looked_at;
static int device, handle;
static int without_right, with_values;

static struct mmuscope_scan good(struct span span)
{
	return (struct mmuscope_scan) {
		.size = sizeof(struct mmuscope_scan),
		.flags = MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_RAW,
		.start = span.start, .end = span.end,
		.vec = (uintptr_t)words, .vec_len = WORDS, .vec_size = 8,
		.return_mask = ENTRY_FLAGS,
	};
}

/* The length of a block in words, 0 if it is none; @pages: how many it is of. */
static uint64_t block(const uint64_t *word, uint64_t left, uint64_t *pages)
{
	struct mmuscope_extent ext;

	switch (MMUSCOPE_RAW_KIND(word[0])) {
	case MMUSCOPE_RAW_RUN:
		*pages = word[2];
		return left < 3 ? 0 : 3;
	case MMUSCOPE_RAW_ENTRIES:
		*pages = word[1];
		return word[1] && word[1] + 2 <= left ? word[1] + 2 : 0;
	case MMUSCOPE_RAW_EXTENT:
		memcpy(&ext, word + 1, sizeof(ext));
		*pages = (ext.end - ext.start) / (4 * KB);
		return left < 10 || ext.start != MMUSCOPE_RAW_ADDR(word[0]) ? 0 : 10;
	default:
		return 0;
	}
}

/* All of @span, in however many calls; how many pages it told of, -1 if wrong. */
static long walk_blocks(struct span span)
{
	struct mmuscope_scan scan = good(span);
	uint64_t at = span.start, i, len, pages;
	long sum = 0;

	for (; scan.start < scan.end; scan.start = scan.walk_end) {
		memset(words, 0xee, sizeof(words));
		if (device_ioctl(handle, MMUSCOPE_IOC_SCAN, &scan) ||
		    scan.nr > WORDS || scan.walk_end <= scan.start)
			return -1;
		for (i = 0; i < scan.nr; i += len) {
			len = block(words + i, scan.nr - i, &pages);
			if (!len || MMUSCOPE_RAW_ADDR(words[i]) < at)
				return -1;
			at = MMUSCOPE_RAW_ADDR(words[i]) + pages * 4 * KB;
			sum += pages;
		}
		if (at > scan.walk_end)
			return -1;
	}
	return sum;
}

static void blocks(void)
{
	struct span span = memory_small(16 * MB);
	long pages;

	memory_scatter(span_part(span, 0, 8 * MB));
	memory_touch(span_part(span, 8 * MB, 4 * MB), 12 * KB);
	memory_touched(span_part(span, 12 * MB, 4 * MB));
	mprotect(span_at(span, 13 * MB), 64 * KB, PROT_NONE);
	mprotect(span_at(span, 14 * MB), 64 * KB, PROT_READ);
	pages = walk_blocks(span);
	tap_ok(pages == 2048 + 342 + 1024, "blocks are in order, of %ld pages", pages);
}

static void refused(struct span span)
{
	const struct {
		const char *what;
		size_t at;
		uint64_t to;
	} rows[] = {
#define AT(field) offsetof(struct mmuscope_scan, field)
		{ "no values", AT(flags), MMUSCOPE_SCAN_RAW },
		{ "outside", AT(flags), MMUSCOPE_SCAN_VALUES | MMUSCOPE_SCAN_RAW |
		  MMUSCOPE_SCAN_OUTSIDE },
		{ "elements of 72 bytes", AT(vec_size), 72 },
		{ "too little room", AT(vec_len), MMUSCOPE_RAW_ROOM - 1 },
		{ "no room", AT(vec_len), 0 },
		{ "unaligned", AT(vec), (uintptr_t)words + 4 },
		{ "inverted", AT(inverted), MMUSCOPE_FLAG_WRITE },
		{ "a mask", AT(mask), MMUSCOPE_FLAG_PRESENT },
		{ "anyof", AT(anyof), MMUSCOPE_FLAG_PRESENT },
		{ "what a page tells", AT(return_mask), MMUSCOPE_FLAG_ANON },
		{ "what the cache tells", AT(return_mask), MMUSCOPE_FLAG_CACHED },
		{ "hugetlb", AT(return_mask), MMUSCOPE_FLAG_HUGETLB },
		{ "the zero page", AT(return_mask), MMUSCOPE_FLAG_ZERO },
	};
	struct mmuscope_scan scan;
	size_t i;
	int err;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scan = good(span);
		*(uint64_t *)((char *)&scan + rows[i].at) = rows[i].to;
		err = device_ioctl(handle, MMUSCOPE_IOC_SCAN, &scan);
		tap_ok(err == -EINVAL, "%s: EINVAL", rows[i].what);
	}
	scan = good(span);
	scan.vec_len = MMUSCOPE_RAW_ROOM;
	tap_ok(!device_ioctl(handle, MMUSCOPE_IOC_SCAN, &scan), "least room");
	scan = good(span);
	scan.vec = 8;
	tap_ok(device_ioctl(handle, MMUSCOPE_IOC_SCAN, &scan) == -EFAULT, "EFAULT");
}

/* Where entries do not tell what they are. */
static void refused_here(void)
{
	struct mmuscope_scan scan = good(looked_at);

	tap_ok(device_ioctl(handle, MMUSCOPE_IOC_SCAN, &scan) == -EINVAL,
	       "no raw scans here: EINVAL");
}

static void ask_without(void)
{
	struct mmuscope_scan scan = good(looked_at);
	int fd = device_bind(device, MMUSCOPE_TARGET_PID, 0);

	if (fd < 0) {
		without_right = fd;
		return;
	}
	without_right = device_ioctl(fd, MMUSCOPE_IOC_SCAN, &scan);
	scan = good(looked_at);
	scan.flags = MMUSCOPE_SCAN_VALUES;
	scan.vec_size = sizeof(struct mmuscope_extent);
	scan.vec_len = 100;
	with_values = device_ioctl(fd, MMUSCOPE_IOC_SCAN, &scan);
	close(fd);
}

int main(void)
{
	device = device_open();
	handle = device_target(getpid());
	looked_at = memory_touched(memory_small(4 * MB));
	if (!ARCH_RAW) {
		refused_here();
		return tap_done();
	}
	blocks();
	refused(looked_at);
	memset(words, 0xee, sizeof(words));
	capless_run(ask_without);
	tap_ok(without_right == -EPERM, "without the right: EPERM (%d)", without_right);
	tap_ok(!with_values, "extents are told all the same");
	return tap_done();
}
