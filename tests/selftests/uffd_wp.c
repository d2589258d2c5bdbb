// SPDX-License-Identifier: GPL-2.0-only
/*
 * Write-protection by userfaultfd: uffd-wp on present pages (which become
 * read-only) and on swap entries; on shmem that has no page it is a marker.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "look.h"
#include "story.h"
#include "tap.h"

static void protect(struct span span, unsigned long features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register reg = {
		.range = { span.start, span.end - span.start },
		.mode = UFFDIO_REGISTER_MODE_WP,
	};
	struct uffdio_writeprotect wp = {
		.range = { span.start + MB, MB },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		target_cannot("userfaultfd: %m");
	if (ioctl(fd, UFFDIO_REGISTER, &reg))
		target_cannot("UFFDIO_REGISTER: %m");
	if (ioctl(fd, UFFDIO_WRITEPROTECT, &wp))
		target_cannot("UFFDIO_WRITEPROTECT: %m");
}

static struct span anonymous(void)
{
	struct span span = memory_touched(memory_small(4 * MB));

	protect(span, UFFD_FEATURE_PAGEFAULT_FLAG_WP);
	return span;
}

static void page_out(struct span span)
{
	memory_pageout(span_part(span, MB, MB));
}

static struct span shmem(void)
{
	struct span span = memory_map(4 * MB, 2 * MB, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1);

	protect(span, UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
	return span;
}

int main(void)
{
	struct target t;

	if (target_start(&t, anonymous, page_out)) {
		look(&t, "protected", MB, MB, "ram r--u +uffd-wp");
		look(&t, "not protected", 2 * MB, MB, "ram rw-u !uffd-wp");
		story_process("present pages agree with pagemap", t.pid);
		target_step(&t);
		tap_ok(look_count(&t, "swap +uffd-wp") > 200, "swap entries");
		story_process("swap entries agree with pagemap", t.pid);
		target_stop(&t);
	} else {
		tap_skip("anonymous", "%s", t.why);
	}
	if (target_start(&t, shmem, NULL)) {
		look(&t, "marker", MB, MB, "pte marker:uffd-wp ----");
		look(&t, "no marker", 2 * MB, MB, "none");
		story_process("markers agree with pagemap", t.pid);
		target_stop(&t);
	} else {
		tap_skip("marker", "%s", t.why);
	}
	return tap_done();
}
