// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every bad argument of FRAMES and MAPPERS has its errno and leaves nothing
 * behind; who opened the device without CAP_SYS_ADMIN gets nothing at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "arguments.h"
#include "capless.h"
#include "device.h"
#include "frames.h"
#include "tap.h"

static struct mmuscope_frames frames;
static struct mmuscope_mappers mappers;

static const struct command FRAMES = { "FRAMES", &device, MMUSCOPE_IOC_FRAMES,
				       sizeof(frames), .good = &frames };
static const struct command MAPPERS = { "MAPPERS", &device, MMUSCOPE_IOC_MAPPERS,
					sizeof(mappers), .good = &mappers };

struct row {
	const char *what;
	size_t at;
	uint64_t to;
	int want;
};

static void rows(const struct command *c, const struct row *row, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		changed(c, row[i].what, (struct change){ row[i].at, row[i].to },
			(struct change){}, row[i].want);
}

/* What both have: an array at @vec, of elements of @known bytes. */
static void arrays(const struct command *c, size_t vec, size_t known)
{
	const size_t len = vec + 8, size = vec + 16;
	const struct row row[] = {
		{ "vec unmapped", vec, unmapped, -EFAULT },
		{ "vec read-only", vec, readonly, -EFAULT },
		{ "vec null", vec, 0, -EFAULT },
		{ "vec of the kernel", vec, KERNEL, -EFAULT },
		{ "vec unaligned", vec, (uintptr_t)out.extents + 4, -EINVAL },
		{ "vec_len", len, 0, -EINVAL },
		{ "vec_size", size, 0, -EINVAL },
		{ "vec_size", size, known - 8, -EINVAL },
		{ "vec_size", size, known + 4, -EINVAL },
		{ "vec_size", size, 4104, -EINVAL },
		{ "vec_size", size, ~7ULL, -EINVAL },
		{ "vec_size", size, known + 8, 0 },
	};

	rows(c, row, sizeof(row) / sizeof(*row));
}

static void of_frames(void)
{
	const struct row row[] = {
		{ "a number that wraps", AT(frames, pfn), ~0ULL, -EINVAL },
		{ "the largest number", AT(frames, pfn), ~0ULL - 2, 0 },
		{ "beyond physical memory", AT(frames, pfn), BIT(52), 0 },
	};

	bits(&FRAMES, "flags", AT(frames, flags), MMUSCOPE_FRAMES_ARRAY);
	rows(&FRAMES, row, sizeof(row) / sizeof(*row));
	changed(&FRAMES, "a number with ARRAY", (struct change){ AT(frames, pfn), 1 },
		(struct change){ AT(frames, flags), MMUSCOPE_FRAMES_ARRAY }, -EINVAL);
	changed(&FRAMES, "ARRAY", (struct change){ AT(frames, pfn), 0 },
		(struct change){ AT(frames, flags), MMUSCOPE_FRAMES_ARRAY }, 0);
	arrays(&FRAMES, AT(frames, vec), sizeof(struct mmuscope_frame));
	sizes(&FRAMES);
	pointers(&FRAMES);
	result("FRAMES", 110);
}

static void of_mappers(void)
{
	const struct row row[] = {
		{ "beyond addresses", AT(mappers, pfn), BIT(52), -EINVAL },
		{ "the largest number", AT(mappers, pfn), BIT(52) - 1, 0 },
		{ "no method", AT(mappers, cursor), 1, -EINVAL },
		{ "no method", AT(mappers, cursor) + 8, 1, -EINVAL },
		{ "no such method", AT(mappers, cursor), 5ULL << 56, -EINVAL },
		{ "another method", AT(mappers, cursor), 1ULL << 56 | 7, 0 },
		{ "a place that is not", AT(mappers, cursor), (2ULL << 56) | 0xfffffff, 0 },
		{ "a process that is not", AT(mappers, cursor), (4ULL << 56) | 0xfffffff, 0 },
	};

	bits(&MAPPERS, "flags", AT(mappers, flags), MMUSCOPE_MAPPERS_SCAN);
	changed(&MAPPERS, "reserved", (struct change){ AT(mappers, method), BIT(32) },
		(struct change){}, -EINVAL);
	rows(&MAPPERS, row, sizeof(row) / sizeof(*row));
	arrays(&MAPPERS, AT(mappers, vec), sizeof(struct mmuscope_mapper));
	sizes(&MAPPERS);
	pointers(&MAPPERS);
	result("MAPPERS", 110);
}

/* The array is what names the frames; what is beyond an element becomes 0. */
static void by_number(void)
{
	struct big {
		struct mmuscope_frame frame;
		uint64_t more[4];
	} vec[3];
	struct mmuscope_frames args = {
		.size = sizeof(args), .flags = MMUSCOPE_FRAMES_ARRAY,
		.vec = (uintptr_t)vec, .vec_len = 3, .vec_size = sizeof(vec[0]),
	};
	static const uint64_t pfn[] = { ARCH_ZERO_FRAME, 1ULL << 51, ARCH_DMA_FRAME };
	bool ok;

	memset(vec, 0xa5, sizeof(vec));
	for (int i = 0; i < 3; i++)
		vec[i].frame.pfn = pfn[i];
	ok = !device_ioctl(device, MMUSCOPE_IOC_FRAMES, &args) && args.nr == 3;
	for (int i = 0; i < 3; i++)
		ok &= vec[i].frame.pfn == pfn[i] && !vec[i].more[0] && !vec[i].more[3];
	tap_ok(ok && vec[0].frame.kind == MMUSCOPE_FRAME_RESERVED &&
	       vec[1].frame.kind == MMUSCOPE_FRAME_NONE && vec[1].frame.node == -1 &&
	       vec[1].frame.zone == MMUSCOPE_ZONE_NONE &&
	       vec[2].frame.zone == MMUSCOPE_ZONE_DMA, "frames by number");
}

static int refused;

static void poor(void)
{
	int fd = open("/dev/mmuscope", O_RDWR | O_CLOEXEC);

	refused = device_ioctl(fd, MMUSCOPE_IOC_FRAMES, &frames) == -EPERM &&
		  device_ioctl(fd, MMUSCOPE_IOC_MAPPERS, &mappers) == -EPERM &&
		  device_ioctl(fd, MMUSCOPE_IOC_PHYS, &frames) == -EPERM &&
		  device_ioctl(fd, MMUSCOPE_IOC_FRAMES, NULL) == -EPERM;
	close(fd);
}

int main(void)
{
	arguments_prepare();
	frames = (struct mmuscope_frames) {
		.size = sizeof(frames), .pfn = 0x1000, .vec = (uintptr_t)out.extents,
		.vec_len = 2, .vec_size = sizeof(struct mmuscope_frame),
	};
	mappers = (struct mmuscope_mappers) {
		.size = sizeof(mappers), .vec = (uintptr_t)out.extents,
		.vec_len = 2, .vec_size = sizeof(struct mmuscope_mapper),
	};
	out.extents[0] = 1;
	mappers.pfn = frames_behind(getpid(), (uintptr_t)&out);
	of_frames();
	of_mappers();
	by_number();
	capless_run(poor);
	tap_ok(refused, "nothing without CAP_SYS_ADMIN");
	return tap_done();
}
