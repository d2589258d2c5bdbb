// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing is held while a scan writes to the caller's arrays. They lie where each
 * fault waits for a thread of the same process, which first maps and unmaps memory:
 * that takes mmap_lock for writing, and would wait for ever for a scan of this very
 * process that held it.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arch.h"
#include "device.h"
#include "memory.h"
#include "tap.h"

#define SIZE	(64 * KB)

static int uffd;
static volatile unsigned int faults;

/* A page after the other, each after a turn at the lock. */
static void *serve(void *arg)
{
	struct uffdio_zeropage zero = {};
	struct uffd_msg msg;
	void *page;

	(void)arg;
	while (read(uffd, &msg, sizeof(msg)) == sizeof(msg)) {
		page = mmap(NULL, 4 * KB, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		munmap(page, 4 * KB);
		zero.range.start = msg.arg.pagefault.address & ~(4 * KB - 1);
		zero.range.len = 4 * KB;
		faults++;
		ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
	}
	return NULL;
}

/* Memory that nobody has touched, where the first touch waits for serve(). */
static struct span watched(void)
{
	struct span span = memory_map(SIZE, 4 * KB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1);
	struct uffdio_register range = {
		.range = { .start = span.start, .len = SIZE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	memory_advise(span, MADV_NOHUGEPAGE);
	if (ioctl(uffd, UFFDIO_REGISTER, &range))
		tap_bail("cannot watch memory: %m");
	return span;
}

static void scan(int handle, const char *what, uint64_t flags, size_t element)
{
	struct mmuscope_scan args = {
		.size = sizeof(args), .flags = MMUSCOPE_SCAN_VALUES | flags,
		.vec = watched().start, .vec_len = SIZE / element,
		.vec_size = element,
		.vma = watched().start, .vma_len = SIZE / sizeof(struct mmuscope_vma),
		.vma_size = sizeof(struct mmuscope_vma),
		.names = watched().start, .names_len = SIZE,
		.return_mask = MMUSCOPE_FLAG_PRESENT | MMUSCOPE_FLAG_WRITE,
	};
	unsigned int before = faults;
	int err = device_ioctl(handle, MMUSCOPE_IOC_SCAN, &args);

	tap_note("%s: %u faults", what, faults - before);
	tap_ok(!err && args.nr && args.nr_vma && faults - before >= 3,
	       "%s: whoever wants the lock gets it during a copy", what);
}

int main(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	pthread_t server;
	int handle;

	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api))
		tap_bail("no userfaultfd: %m");
	memory_scatter(memory_small(4 * MB));
	handle = device_target(getpid());
	if (pthread_create(&server, NULL, serve, NULL))
		tap_bail("no thread");
	/* Who waits for ever dies of this. */
	alarm(60);
	scan(handle, "extents", 0, sizeof(struct mmuscope_extent));
	if (ARCH_RAW)
		scan(handle, "raw", MMUSCOPE_SCAN_RAW, sizeof(uint64_t));
	else
		tap_skip("raw", "no raw scans on this processor");
	return tap_done();
}
