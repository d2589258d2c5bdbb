// SPDX-License-Identifier: GPL-2.0-only
/* Pages of every kind, for touching. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "text.h"
#include "touch.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

#define RW (PROT_READ | PROT_WRITE)
#define RWX (RW | PROT_EXEC)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static struct span anon(int prot, size_t size)
{
	struct span span = memory_map(size, 2 * MB, prot, ANON, -1);

	memory_advise(span, MADV_NOHUGEPAGE);
	return span;
}

static struct span written(int prot)
{
	struct span span = memory_touched(anon(RW, 64 * KB));

	mprotect(span_at(span, 0), 64 * KB, prot);
	return span;
}

static struct span rw(void) { return written(RW); }
static struct span rwx(void) { return written(RWX); }
static struct span ro(void) { return written(PROT_READ); }
static struct span wo(void) { return written(PROT_WRITE); }
static struct span closed(void) { return written(PROT_NONE); }
static struct span fresh(void) { return anon(RW, 64 * KB); }
static struct span fresh_x(void) { return anon(RWX, 64 * KB); }

static struct span fresh_thp(void)
{
	struct span span = memory_anon(4 * MB);

	memory_advise(span, MADV_HUGEPAGE);
	return span;
}

static struct span zero(void)
{
	struct span span = fresh();

	memory_peek(span);
	return span;
}

static struct span zero_thp(void)
{
	struct span span = fresh_thp();

	memory_peek(span_part(span, 0, 2 * MB));
	return span;
}

static struct span unmapped(void)
{
	struct span span = rw();

	munmap(span_at(span, 0), 64 * KB);
	return span;
}

static struct span kernels(void)
{
	return (struct span){ ARCH_KERNEL, ARCH_KERNEL + 4096 };
}

static struct span not_canonical(void)
{
	return (struct span){ ARCH_NOWHERE, ARCH_NOWHERE + 4096 };
}

static struct span device_zero(void)
{
	return memory_map(64 * KB, 4096, RW, MAP_PRIVATE, open("/dev/zero", O_RDWR));
}

/* The page is in the page cache, and mapped at the alias. */
static struct span file(int prot, int flags)
{
	int fd = memory_file("/", 64 * KB);
	struct span alias = memory_map(64 * KB, 4096, PROT_READ, MAP_SHARED, fd);

	memory_peek(alias);
	touch_shared->alias = alias.start;
	return memory_map(128 * KB, 4096, prot, flags, fd);
}

static struct span file_shared(void) { return file(RW, MAP_SHARED); }
static struct span file_private(void) { return file(RW, MAP_PRIVATE); }
static struct span file_ro(void) { return file(PROT_READ, MAP_PRIVATE); }
static struct span file_x(void) { return file(PROT_READ | PROT_EXEC, MAP_SHARED); }

static struct span file_mapped(void)
{
	struct span span = file(RW, MAP_PRIVATE);

	memory_peek(span_part(span, 0, 64 * KB));
	return span;
}

static struct span file_copied(void)
{
	struct span span = file(RW, MAP_PRIVATE);

	memory_touch(span_part(span, 0, 64 * KB), 4096);
	return span;
}

static struct span shmem(void)
{
	return memory_map(64 * KB, 4096, RW, MAP_SHARED | MAP_ANONYMOUS, -1);
}

static struct span soft_dirty(struct span span)
{
	memory_touch(span, 4096);
	if (!ARCH_SOFT_DIRTY || text_write("/proc/self/clear_refs", "4"))
		target_cannot("no soft-dirty");
	return span;
}

static struct span shmem_clean(void) { return soft_dirty(shmem()); }
static struct span anon_clean(void) { return soft_dirty(fresh()); }

static struct span forked(struct span span)
{
	pid_t parent = getpid();

	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	return span;
}

static struct span rw_forked(void) { return forked(rw()); }
static struct span thp_forked(void)
{
	struct span span = fresh_thp();

	memory_touch(span, 4096);
	return forked(span);
}

static struct span paged_out(struct span span)
{
	memory_touch(span, 4096);
	memory_pageout(span);
	return span;
}

static struct span swapped(void) { return paged_out(fresh()); }
static struct span shmem_swapped(void) { return paged_out(shmem()); }
static struct span swapped_x(void) { return paged_out(fresh_x()); }

static struct span poisoned(void)
{
	struct span span = rw();

	memory_poison(span_part(span, 0, 4096));
	return span;
}

static struct span guarded(void)
{
	struct span span = rw();

	memory_advise(span, MADV_GUARD_INSTALL);
	return span;
}

/* Below it there is room to grow. */
static struct span stack(int prot)
{
	struct span span = memory_map(8 * MB, 2 * MB, PROT_NONE, ANON, -1);

	munmap(span_at(span, 0), 8 * MB);
	if (mmap(span_at(span, 4 * MB), 64 * KB, prot,
		 ANON | MAP_FIXED | MAP_GROWSDOWN, -1, 0) == MAP_FAILED)
		target_cannot("no stack: %m");
	memory_touch(span_part(span, 4 * MB, 64 * KB), 4096);
	return span;
}

static struct span stack_rw(void) { return stack(RW); }
static struct span stack_rwx(void) { return stack(RWX); }

static struct span hugetlb(int flags)
{
	return memory_map(4 * MB, 2 * MB, RW, MAP_ANONYMOUS | MAP_HUGETLB | 21 << 26 | flags,
			  -1);
}

static struct span huge_private(void) { return hugetlb(MAP_PRIVATE); }
static struct span huge_shared(void) { return hugetlb(MAP_SHARED); }
static struct span huge_written(void)
{
	struct span span = hugetlb(MAP_PRIVATE);

	memory_touch(span, 2 * MB);
	return span;
}

static struct span huge_forked(void) { return forked(huge_written()); }

static struct span huge_eof(void)
{
	int fd = memfd_create("huge", MFD_HUGETLB);

	struct span span;

	if (fd < 0)
		target_cannot("hugetlb memfd: %m");
	/* To map it makes it larger. */
	span = memory_map(4 * MB, 2 * MB, RW, MAP_SHARED, fd);
	if (ftruncate(fd, 2 * MB))
		target_cannot("ftruncate: %m");
	return span;
}

/* Who waits for events, counts and settles them. */
static void settle(int fd, const struct uffd_msg *msg)
{
	struct uffdio_range range = { msg->arg.pagefault.address & ~0xfffULL, 4096 };
	struct uffdio_writeprotect wp = { .range = range };
	struct uffdio_zeropage zeropage = { .range = range };
	struct uffdio_continue more = { .range = range };

	if (msg->arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP)
		ioctl(fd, UFFDIO_WRITEPROTECT, &wp);
	else if (msg->arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_MINOR)
		ioctl(fd, UFFDIO_CONTINUE, &more);
	else
		ioctl(fd, UFFDIO_ZEROPAGE, &zeropage);
}

static void *handler(void *arg)
{
	int fd = (long)arg;
	struct uffd_msg msg;

	while (read(fd, &msg, sizeof(msg)) == sizeof(msg)) {
		touch_shared->events++;
		settle(fd, &msg);
	}
	return NULL;
}

static struct span watched(struct span span, unsigned long mode, unsigned long features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register reg = {
		.range = { span.start, span.end - span.start }, .mode = mode,
	};
	struct uffdio_writeprotect wp = {
		.range = reg.range, .mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	pthread_t thread;

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &reg))
		target_cannot("userfaultfd: %m");
	if (mode == UFFDIO_REGISTER_MODE_WP && ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		target_cannot("UFFDIO_WRITEPROTECT: %m");
	if (pthread_create(&thread, NULL, handler, (void *)(long)fd))
		target_cannot("no thread");
	return span;
}

static struct span missing(void)
{
	return watched(fresh(), UFFDIO_REGISTER_MODE_MISSING, 0);
}

static struct span missing_shmem(void)
{
	return watched(shmem(), UFFDIO_REGISTER_MODE_MISSING, UFFD_FEATURE_MISSING_SHMEM);
}

static struct span protected(void)
{
	return watched(rw(), UFFDIO_REGISTER_MODE_WP, UFFD_FEATURE_PAGEFAULT_FLAG_WP);
}

static struct span marked(void)
{
	return watched(shmem(), UFFDIO_REGISTER_MODE_WP, UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
}

static struct span minor(void)
{
	int fd = memfd_create("minor", MFD_CLOEXEC);
	struct span alias;

	if (fd < 0 || ftruncate(fd, 64 * KB))
		target_cannot("memfd: %m");
	alias = memory_map(64 * KB, 4096, RW, MAP_SHARED, fd);
	memory_touch(alias, 4096);
	touch_shared->alias = alias.start;
	return watched(memory_map(64 * KB, 4096, RW, MAP_SHARED, fd),
		       UFFDIO_REGISTER_MODE_MINOR, UFFD_FEATURE_MINOR_SHMEM);
}

/* Frames that the kernel maps when they are first used. */
static struct span driver(void)
{
	unsigned long start = 0, end = 0;
	char *maps, *line;

	text_slurp("/proc/self/maps", &maps);
	line = strstr(maps, "[vdso]");
	while (line && line > maps && line[-1] != '\n')
		line--;
	if (!line || sscanf(line, "%lx-%lx", &start, &end) != 2)
		target_cannot("no vdso");
	/* Its last page is padding that nobody has touched. */
	return (struct span){ end - 4096, end };
}

#define T(r, w, x) { MMUSCOPE_TOUCH_##r, MMUSCOPE_TOUCH_##w, MMUSCOPE_TOUCH_##x }

const struct touch_kind touch_kinds[] = {
	{ "written", rw, 0, T(HIT, HIT, FORBIDDEN) },
	{ "written, executable", rwx, 0, T(HIT, HIT, HIT) },
	{ "read-only", ro, 0, T(HIT, FORBIDDEN, FORBIDDEN) },
	{ "write-only", wo, 0, T(HIT, HIT, FORBIDDEN) },
	{ "PROT_NONE", closed, 0, T(FORBIDDEN, FORBIDDEN, FORBIDDEN) },
	{ "fresh", fresh, 0, T(ZERO, ZERO, FORBIDDEN) },
	{ "fresh, executable", fresh_x, 0, T(ZERO, ZERO, ZERO) },
	{ "fresh, huge", fresh_thp, 0, T(ZERO, ZERO, FORBIDDEN) },
	{ "zero page", zero, 0, T(HIT, COW, FORBIDDEN) },
	{ "huge zero page", zero_thp, 0, T(HIT, COW, FORBIDDEN) },
	{ "unmapped", unmapped, 0, T(NO_VMA, NO_VMA, NO_VMA) },
	{ "of the kernel", kernels, 0, T(NO_VMA, NO_VMA, NO_VMA) },
	{ "not canonical", not_canonical, 0, T(NO_VMA, NO_VMA, NO_VMA) },
	{ "/dev/zero", device_zero, 0, T(ZERO, ZERO, FORBIDDEN) },
	{ "file, shared", file_shared, 0, T(FILE, FILE, FORBIDDEN) },
	{ "file, private", file_private, 0, T(FILE, FILE, FORBIDDEN) },
	{ "file, read-only", file_ro, 0, T(FILE, FORBIDDEN, FORBIDDEN) },
	{ "file, executable", file_x, 0, T(FILE, FORBIDDEN, FILE) },
	{ "file, private, mapped", file_mapped, 0, T(HIT, COW, FORBIDDEN) },
	{ "file, private, copied", file_copied, 0, T(HIT, HIT, FORBIDDEN) },
	{ "file, its end", file_shared, 64 * KB, T(EOF, EOF, EOF) },
	{ "file, private, its end", file_private, 68 * KB, T(EOF, EOF, EOF) },
	{ "shmem", shmem, 0, T(ZERO, ZERO, FORBIDDEN) },
	{ "shmem, soft-clean", shmem_clean, 0, T(HIT, NOTIFY, FORBIDDEN) },
	{ "anon, soft-clean", anon_clean, 0, T(HIT, COW, FORBIDDEN) },
	{ "forked", rw_forked, 0, T(HIT, COW, FORBIDDEN) },
	{ "huge page, forked", thp_forked, 0, T(HIT, COW, FORBIDDEN) },
	{ "swapped", swapped, 0, T(SWAP, SWAP, FORBIDDEN) },
	{ "swapped, executable", swapped_x, 0, T(SWAP, SWAP, SWAP) },
	{ "shmem, swapped", shmem_swapped, 0, T(SWAP, SWAP, FORBIDDEN) },
	{ "poisoned", poisoned, 0, T(POISON, POISON, POISON) },
	{ "guarded", guarded, 0, T(GUARD, GUARD, FORBIDDEN) },
	{ "below a stack", stack_rw, 4 * MB - 4096, T(STACK, STACK, NO_VMA) },
	{ "further below", stack_rw, 4 * MB - 256 * KB, T(STACK, STACK, NO_VMA) },
	{ "below an executable stack", stack_rwx, 4 * MB - 4096, T(STACK, STACK, STACK) },
	{ "hugetlb, private", huge_private, 0, T(HUGETLB, HUGETLB, FORBIDDEN) },
	{ "hugetlb, shared", huge_shared, 2 * MB + 4096, T(HUGETLB, HUGETLB, FORBIDDEN) },
	{ "hugetlb, written", huge_written, 2 * MB, T(HIT, HIT, FORBIDDEN) },
	{ "hugetlb, forked", huge_forked, 0, T(HIT, COW, FORBIDDEN) },
	{ "hugetlb, its end", huge_eof, 2 * MB, T(EOF, EOF, EOF) },
	{ "uffd missing", missing, 0, T(UFFD, UFFD, UFFD) },
	{ "uffd missing, shmem", missing_shmem, 0, T(UFFD, UFFD, UFFD) },
	{ "uffd write-protected", protected, 0, T(HIT, UFFD, FORBIDDEN) },
	{ "uffd marker", marked, 0, T(ZERO, UFFD, FORBIDDEN) },
	{ "uffd minor", minor, 0, T(UFFD, UFFD, UFFD) },
	{ "vdso", driver, 0, T(DRIVER, FORBIDDEN, DRIVER) },
};

const size_t touch_kinds_nr = sizeof(touch_kinds) / sizeof(*touch_kinds);
