// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages with the same content merged by KSM: flagged ksm, shared, read-only,
 * all with the one frame that pagemap tells too.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "look.h"
#include "story.h"
#include "tap.h"
#include "text.h"

#define KSM "/sys/kernel/mm/ksm/"

static struct span built(void)
{
	struct span span = memory_small(MB);

	memset(span_at(span, 0), 'k', MB);
	memory_advise(span, MADV_MERGEABLE);
	return span;
}

static bool summed_up(pid_t pid)
{
	struct mmuscope_summary sum = { .size = sizeof(sum) };
	int handle = device_target(pid);
	int err = device_ioctl(handle, MMUSCOPE_IOC_SUMMARY, &sum);

	close(handle);
	tap_note("%llu kB of KSM", sum.ksm / KB);
	return !err && sum.ksm == MB;
}

int main(void)
{
	struct target t;

	if (text_write(KSM "pages_to_scan", "10000") ||
	    text_write(KSM "sleep_millisecs", "1") ||
	    text_write(KSM "run", "1")) {
		tap_skip("merged pages", "this kernel has no KSM");
		return tap_done();
	}
	target_start(&t, built, NULL);
	for (int i = 0; i < 100 && look_count(&t, "ram +ksm") < 256; i++)
		usleep(100000);
	look(&t, "merged pages", 0, MB, "pte ram r--u +ksm +shared");
	tap_ok(summed_up(t.pid), "in the summary");
	story_process("agree with pagemap", t.pid);
	/* Stop it and undo what it has merged. */
	text_write(KSM "run", "2");
	look(&t, "unmerged again", 0, MB, "pte ram !ksm");
	target_stop(&t);
	return tap_done();
}
