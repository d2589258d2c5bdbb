// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every bad argument of the other commands, and every command that there is
 * not, has its errno and leaves nothing behind: neither something written, nor
 * a descriptor.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arguments.h"
#include "device.h"
#include "tap.h"

static void translate_all(void)
{
	const uintptr_t extents = (uintptr_t)out.extents;
	const size_t known = sizeof(struct mmuscope_translation);
	const struct {
		const char *what;
		size_t at;
		uint64_t to;
		int want;
	} rows[] = {
		{ "vec null", AT(translate, vec), 0, -EFAULT },
		{ "vec unmapped", AT(translate, vec), unmapped, -EFAULT },
		{ "vec read-only", AT(translate, vec), readonly, -EFAULT },
		{ "vec of the kernel", AT(translate, vec), KERNEL, -EFAULT },
		{ "vec at the top", AT(translate, vec), ~7ULL, -EFAULT },
		{ "vec unaligned", AT(translate, vec), extents + 1, -EINVAL },
		{ "vec unaligned", AT(translate, vec), extents + 4, -EINVAL },
		{ "vec_len", AT(translate, vec_len), 0, -EINVAL },
		{ "vec_size", AT(translate, vec_size), 0, -EINVAL },
		{ "vec_size", AT(translate, vec_size), known - 8, -EINVAL },
		{ "vec_size", AT(translate, vec_size), known + 4, -EINVAL },
		{ "vec_size", AT(translate, vec_size), 4104, -EINVAL },
		{ "vec_size", AT(translate, vec_size), ~7ULL, -EINVAL },
		{ "vec_len", AT(translate, vec_len), 2, 0 },
		{ "vec_size", AT(translate, vec_size), known + 8, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		changed(&TRANSLATE, rows[i].what, (struct change){ rows[i].at, rows[i].to },
			(struct change){}, rows[i].want);
	bits(&TRANSLATE, "flags", AT(translate, flags), 0);
	sizes(&TRANSLATE);
	pointers(&TRANSLATE);
	result("TRANSLATE", 100);
}

static void summary_and_info(void)
{
	bits(&SUMMARY, "flags", AT(summary, flags), 0);
	sizes(&SUMMARY);
	pointers(&SUMMARY);
	result("SUMMARY", 90);
	sizes(&INFO);
	pointers(&INFO);
	result("INFO", 30);
}

/* @id as an int, which is half of the last field. */
static void bind(const char *what, unsigned int kind, int id, int want)
{
	struct mmuscope_bind good = { .size = sizeof(good), .kind = kind, .id = id };
	const struct command c = { "TARGET", &device, MMUSCOPE_IOC_TARGET,
				   sizeof(good), .good = &good };

	changed(&c, what, (struct change){ 0, sizeof(good) }, (struct change){}, want);
}

static void bind_file(const char *path, int flags, int want)
{
	int fd = open(path, flags | O_CLOEXEC);

	/* This kernel may refuse it already here. */
	if (fd >= 0)
		bind(path, MMUSCOPE_TARGET_PAGEMAP, fd, want);
	if (fd >= 0)
		close(fd);
}

static void bind_sizes(void)
{
	struct mmuscope_bind good = { .size = sizeof(good), .kind = 7 };
	const struct command c = { "TARGET", &device, MMUSCOPE_IOC_TARGET,
				   sizeof(good), .good = &good };
	const uintptr_t wrong[] = { 0, unmapped, KERNEL, ~7ULL };

	for (uint64_t size = 0; size < sizeof(good); size++)
		changed(&c, "of size", (struct change){ 0, size }, (struct change){}, -EINVAL);
	changed(&c, "of size", (struct change){ 0, 4097 }, (struct change){}, -E2BIG);
	changed(&c, "of size", (struct change){ 0, ~0ULL }, (struct change){}, -E2BIG);
	for (int i = 0; i < 4; i++, cases++)
		bad += device_ioctl(device, MMUSCOPE_IOC_TARGET, (void *)wrong[i]) != -EFAULT;
}

static void bind_grown(void)
{
	struct { struct mmuscope_bind bind; uint64_t more[3]; } arg = {};
	int fd;

	arg.bind.size = sizeof(arg);
	fd = device_ioctl(device, MMUSCOPE_IOC_TARGET, &arg);
	bad += fd < 0;
	close(fd);
	arg.more[2] = 1;
	bad += device_ioctl(device, MMUSCOPE_IOC_TARGET, &arg) != -E2BIG;
	cases += 2;
}

static void targets(void)
{
	pid_t zombie = fork();
	siginfo_t si;

	if (!zombie)
		_exit(0);
	waitid(P_PID, zombie, &si, WEXITED | WNOWAIT);
	for (unsigned int kind = 5; kind; kind *= 2)
		bind("kind", kind, 0, -EINVAL);
	bind("the kernel with a number", MMUSCOPE_TARGET_KERNEL, 1, -EINVAL);
	bind("the kernel with a number", MMUSCOPE_TARGET_KERNEL_USER, -1, -EINVAL);
	bind("kind", ~0U, 0, -EINVAL);
	bind("pid negative", MMUSCOPE_TARGET_PID, -1, -EINVAL);
	bind("pid negative", MMUSCOPE_TARGET_PID, INT32_MIN, -EINVAL);
	bind("no such pid", MMUSCOPE_TARGET_PID, 3999999, -ESRCH);
	bind("no such pid", MMUSCOPE_TARGET_PID, INT32_MAX, -ESRCH);
	bind("kernel thread", MMUSCOPE_TARGET_PID, 2, -ESRCH);
	bind("zombie", MMUSCOPE_TARGET_PID, zombie, -ESRCH);
	bind("closed fd", MMUSCOPE_TARGET_PAGEMAP, 999, -EBADF);
	bind("closed fd", MMUSCOPE_TARGET_PAGEMAP, -1, -EBADF);
	bind("closed fd", MMUSCOPE_TARGET_PAGEMAP, AT_FDCWD, -EBADF);
	bind("the device", MMUSCOPE_TARGET_PAGEMAP, device, -EINVAL);
	bind("a handle", MMUSCOPE_TARGET_PAGEMAP, handle, -EINVAL);
	bind_file("/dev/null", O_RDWR, -EINVAL);
	bind_file("/proc/self/maps", O_RDONLY, -EINVAL);
	bind_file("/proc/self/mem", O_RDONLY, -EINVAL);
	bind_file("/proc/self", O_RDONLY, -EINVAL);
	bind_file("/proc/self/pagemap", O_PATH, -EBADF);
	bind_file("/proc/2/pagemap", O_RDONLY, -ESRCH);
	bind_sizes();
	bind_grown();
	waitpid(zombie, NULL, 0);
	result("TARGET", 70);
}

static void command(int fd, unsigned long cmd, int want)
{
	static struct mmuscope_scan arg = { .size = sizeof(arg) };
	int is = device_ioctl(fd, cmd, &arg);

	cases++;
	if (is == want)
		return;
	bad++;
	tap_note("command %lx: %s, not %s", cmd, strerror(-is), strerror(-want));
}

static void commands(void)
{
	for (unsigned int nr = 0; nr < 256; nr++) {
		if (nr > 0x0b)
			command(device, _IOC(3, MMUSCOPE_IOC_TYPE, nr, 192), -ENOTTY);
		if (nr < 0x10 || nr > 0x12)
			command(handle, _IOC(3, MMUSCOPE_IOC_TYPE, nr, 192), -ENOTTY);
	}
	for (unsigned int type = 0; type < 256; type++) {
		/* Others belong to the VFS: FIONREAD and the like. */
		if (type == MMUSCOPE_IOC_TYPE || type == 'T' || type == 'f' ||
		    type == 'X' || type == 0 || type == 0x12)
			continue;
		command(device, _IOC(3, type, 0, 192), -ENOTTY);
		command(handle, _IOC(3, type, 0x10, 192), -ENOTTY);
	}
	/* A grown structure keeps its command; the argument's size tells. */
	command(handle, _IOC(3, MMUSCOPE_IOC_TYPE, 0x10, 8), -EINVAL);
	command(handle, _IOC(0, MMUSCOPE_IOC_TYPE, 0x10, 0), -EINVAL);
	result("commands", 990);
}

int main(void)
{
	int before;

	arguments_prepare();
	before = arguments_descriptors();
	translate_all();
	summary_and_info();
	targets();
	commands();
	tap_ok(arguments_descriptors() == before, "no descriptor is left");
	return tap_done();
}
