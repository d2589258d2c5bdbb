// SPDX-License-Identifier: GPL-2.0-only
/*
 * A group that was granted a range opens exactly that, without capabilities: as
 * widely as was granted, and what is less than pages, or of one width, by single
 * accesses only. The administrator sees what is granted and takes it back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arguments.h"
#include "capless.h"
#include "device.h"
#include "pci.h"
#include "tap.h"
#include "window.h"

#define GROUP 4711
#define OTHER 4720	/* all members are of it too */
#define ACCESS MMUSCOPE_MMIO_ACCESS
#define READONLY MMUSCOPE_MMIO_READONLY
#define RIGHTS MMUSCOPE_MMIO_WHY_RIGHTS

static struct pci edu;
static unsigned long bar;

static int grant(unsigned long offset, unsigned long bytes, uint64_t flags,
		 unsigned int widths, unsigned int gid)
{
	struct mmuscope_mmio_grant args = {
		.size = sizeof(args),
		.flags = flags,
		.phys = bar + offset,
		.bytes = bytes,
		.gid = gid,
		.widths = widths,
	};

	return device_ioctl(device, MMUSCOPE_IOC_MMIO_GRANT, &args);
}

static unsigned int listed(struct mmuscope_mmio_grant *vec, unsigned int max)
{
	struct mmuscope_mmio_grants args = {
		.size = sizeof(args),
		.vec = (uintptr_t)vec,
		.vec_len = max,
		.vec_size = sizeof(*vec),
	};
	int err = device_ioctl(device, MMUSCOPE_IOC_MMIO_GRANTS, &args);

	return err ? ~0U : args.nr;
}

/* Results in a child count in the parent's plan: it tells by its status. */
static bool as_member(unsigned int gid, bool (*fn)(void))
{
	gid_t groups[] = { gid, OTHER };
	pid_t pid;
	int status;

	pid = fork();
	if (!pid) {
		if (setgroups(2, groups) || setresgid(99, 99, 99) || setresuid(99, 99, 99))
			_exit(2);
		_exit(!fn());
	}
	return waitpid(pid, &status, 0) == pid && !status;
}

static bool is(unsigned long offset, unsigned long bytes, uint64_t flags, int err,
	       unsigned int why)
{
	struct mmuscope_mmio_open args;
	int fd = window_open(&args, bar + offset, bytes, flags);

	if (fd >= 0)
		close(fd);
	if ((fd < 0 ? fd : 0) == err && args.why == why)
		return true;
	tap_note("%lx %lx %llx: %d, why %u", offset, bytes, (unsigned long long)flags,
		 fd, args.why);
	return false;
}

static bool nothing(void)
{
	return is(PAGE, 2 * PAGE, 0, -EPERM, RIGHTS) &&
	       is(0, PAGE, 0, -EPERM, RIGHTS) &&
	       is(PAGE, 2 * PAGE, ACCESS | READONLY, -EPERM, RIGHTS);
}

static bool exactly(void)
{
	volatile uint32_t *at;
	int fd = window_get(bar + PAGE, 2 * PAGE, MMUSCOPE_MMIO_MAP, (volatile void **)&at);
	uint64_t value;
	bool ok;

	ok = !touch_signal(at) && !window_read(fd, 0, 4, &value);
	munmap((void *)at, 2 * PAGE);
	close(fd);
	return ok && is(PAGE, PAGE, 0, -EPERM, RIGHTS) &&
	       is(PAGE, 3 * PAGE, 0, -EPERM, RIGHTS) &&
	       is(0, 2 * PAGE, 0, -EPERM, RIGHTS) &&
	       is(0, 3 * PAGE, 0, -EPERM, RIGHTS) &&
	       is(PAGE, 8, ACCESS, -EPERM, RIGHTS) &&
	       is(PAGE, 2 * PAGE, ACCESS, 0, 0);
}

static bool to_read(void)
{
	int fd;
	bool ok;

	if (!is(0, PAGE, 0, -EPERM, RIGHTS) || !is(0, PAGE, ACCESS, -EPERM, RIGHTS))
		return false;
	fd = window_get(bar, PAGE, READONLY, NULL);
	ok = window_write(fd, 4, 4, 1) == -EACCES &&
	     mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED &&
	     mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED;
	close(fd);
	return ok;
}

/* One group may read it, the other write 32 bits: no one may write other widths. */
static bool either(void)
{
	uint64_t value;
	int fd;
	bool ok;

	if (!is(0, PAGE, 0, -EPERM, RIGHTS) || !is(0, PAGE, READONLY, 0, 0))
		return false;
	fd = window_get(bar, PAGE, ACCESS, NULL);
	ok = !window_write(fd, 4, 4, 1) && window_write(fd, 4, 1, 1) == -EACCES &&
	     window_read(fd, 0, 8, &value) == -EACCES;
	close(fd);
	return ok;
}

static bool one_register(void)
{
	int fd = window_get(bar + 4, 4, ACCESS, NULL);
	uint64_t value;
	bool ok;

	ok = !window_write(fd, 0, 4, 33) && !window_read(fd, 0, 4, &value) &&
	     value == ~33U && window_read(fd, 0, 2, &value) == -EACCES &&
	     window_read(fd, 0, 1, &value) == -EACCES &&
	     window_read(fd, 4, 4, &value) == -ERANGE &&
	     mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED &&
	     errno == EACCES;
	close(fd);
	return ok && is(4, 4, 0, -EINVAL, 0);
}

/* Pages, but of one width. */
static bool one_width(void)
{
	int fd;
	uint64_t value;
	bool ok;

	if (!is(4 * PAGE, PAGE, 0, -EPERM, RIGHTS))
		return false;
	fd = window_get(bar + 4 * PAGE, PAGE, ACCESS, NULL);
	ok = !window_read(fd, 0, 4, &value) && window_read(fd, 0, 8, &value) == -EACCES;
	close(fd);
	return ok;
}

static void granted(void)
{
	tap_ok(as_member(GROUP, nothing), "without a grant: nothing");
	tap_ok(!grant(PAGE, 2 * PAGE, 0, 0, GROUP), "two pages are granted");
	tap_ok(as_member(GROUP, exactly), "a member opens them, and nothing else");
	tap_ok(as_member(GROUP + 1, nothing), "another group does not");
	tap_ok(!grant(0, PAGE, MMUSCOPE_GRANT_READONLY, 0, GROUP) &&
	       as_member(GROUP, to_read), "a page to read");
	tap_ok(!grant(0, PAGE, 0, 4, OTHER) && as_member(GROUP, either) &&
	       !grant(0, PAGE, MMUSCOPE_GRANT_REMOVE, 0, OTHER),
	       "by another group to write by one width: either, not both at once");
	tap_ok(!grant(4, 4, 0, 4, GROUP) && as_member(GROUP, one_register),
	       "one register, by access only");
	tap_ok(!grant(4 * PAGE, PAGE, 0, 4, GROUP) && as_member(GROUP, one_width),
	       "one width, by access only");
}

static void told(void)
{
	struct mmuscope_mmio_grant vec[8] = {};

	tap_ok(listed(NULL, 0) == 4 && listed(vec, 1) == 4 && !vec[1].bytes,
	       "four grants, of which one is told");
	tap_ok(listed(vec, 8) == 4 && vec[0].phys == bar + PAGE &&
	       vec[0].bytes == 2 * PAGE && vec[0].gid == GROUP &&
	       vec[0].widths == 15 && vec[1].flags == MMUSCOPE_GRANT_READONLY &&
	       vec[2].widths == 4 && vec[2].bytes == 4, "they are told as they are");
}

static void taken_back(void)
{
	int fd = window_get(bar + PAGE, 2 * PAGE, 0, NULL);
	uint64_t value;

	tap_ok(grant(PAGE, 2 * PAGE, 0, 0, GROUP) == -EEXIST, "granted twice: EEXIST");
	tap_ok(grant(PAGE, PAGE, MMUSCOPE_GRANT_REMOVE, 0, GROUP) == -ENOENT &&
	       grant(PAGE, 2 * PAGE, MMUSCOPE_GRANT_REMOVE, 0, 1) == -ENOENT,
	       "another taken back: ENOENT");
	tap_ok(!grant(PAGE, 2 * PAGE, MMUSCOPE_GRANT_REMOVE, 0, GROUP) &&
	       listed(NULL, 0) == 3, "taken back");
	tap_ok(!window_read(fd, 0, 4, &value), "what is open stays open");
	close(fd);
	tap_ok(as_member(GROUP, nothing), "no member opens it any more");
	tap_ok(!grant(0, PAGE, MMUSCOPE_GRANT_REMOVE, 0, GROUP) &&
	       !grant(4, 4, MMUSCOPE_GRANT_REMOVE, 0, GROUP) &&
	       !grant(4 * PAGE, PAGE, MMUSCOPE_GRANT_REMOVE, 0, GROUP) &&
	       !listed(NULL, 0), "all are");
}

static void many(void)
{
	unsigned int nr = 0;
	int err;

	while (!(err = grant(nr, 1, 0, 1, GROUP)))
		nr++;
	tap_ok(nr == 64 && err == -ENOSPC, "%u fit: %s", nr, strerror(-err));
	while (nr && !grant(nr - 1, 1, MMUSCOPE_GRANT_REMOVE, 0, GROUP))
		nr--;
	tap_ok(!nr && !listed(NULL, 0), "they are taken back");
}

static void malformed(void)
{
	struct mmuscope_mmio_grant good = {
		.size = sizeof(good), .phys = bar, .bytes = PAGE, .gid = 1,
	};
	const struct command c = { "MMIO_GRANT", &device, MMUSCOPE_IOC_MMIO_GRANT,
				   sizeof(good), .good = &good };
	struct mmuscope_mmio_grants all = {
		.size = sizeof(all), .vec = (uintptr_t)out.extents, .vec_len = 4,
		.vec_size = sizeof(good),
	};
	const struct command g = { "MMIO_GRANTS", &device, MMUSCOPE_IOC_MMIO_GRANTS,
				   sizeof(all), .good = &all };

	bits(&c, "flags", AT(mmio_grant, flags), 3);
	changed(&c, "no bytes", (struct change){ AT(mmio_grant, bytes), 0 },
		(struct change){}, -EINVAL);
	changed(&c, "wraps", (struct change){ AT(mmio_grant, bytes), -bar },
		(struct change){}, -EINVAL);
	changed(&c, "widths", (struct change){ AT(mmio_grant, gid), 16ULL << 32 },
		(struct change){}, -EINVAL);
	changed(&c, "no group", (struct change){ AT(mmio_grant, gid), 0xffffffff },
		(struct change){}, -EINVAL);
	bits(&g, "flags", AT(mmio_grants, flags), 0);
	changed(&g, "vec_size", (struct change){ AT(mmio_grants, vec_size), 32 },
		(struct change){}, -EINVAL);
	changed(&g, "vec", (struct change){ AT(mmio_grants, vec), 4 },
		(struct change){}, -EINVAL);
	sizes(&g);
	pointers(&g);
	result("malformed", 140);
}

static int without[2];

static void no_rights(void)
{
	without[0] = grant(0, PAGE, 0, 0, 0);
	without[1] = listed(NULL, 0) == ~0U;
}

int main(void)
{
	arguments_prepare();
	pci_get(&edu, PCI_EDU, 0);
	bar = edu.bar[0].start;
	/* For members: nobody but root can open the device. */
	close(window_get(bar, PAGE, 0, NULL));
	malformed();
	granted();
	told();
	taken_back();
	many();
	capless_run(no_rights);
	tap_ok(without[0] == -EPERM && without[1], "without capabilities: EPERM");
	tap_ok(!iomem_named("mmuscope"), "nothing is left");
	return tap_done();
}
