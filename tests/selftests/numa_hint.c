// SPDX-License-Identifier: GPL-2.0-only
/*
 * NUMA balancing takes the access away from pages to see who wants them: such
 * a page reads ---- and numa-hint, not prot-none. It needs two nodes
 * (numa=fake=2) and a process that runs.
 */
#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "look.h"
#include "tap.h"
#include "text.h"

#define DELAY "/sys/kernel/debug/sched/numa_balancing/scan_delay_ms"

static void allocate_from(int policy, unsigned long nodes)
{
	if (syscall(SYS_set_mempolicy, policy, nodes ? &nodes : NULL, nodes ? 64 : 0))
		target_cannot("set_mempolicy: %m");
}

/* Only pages of a node that the process does not run on are of interest. */
static struct span built(void)
{
	struct span span = memory_small(16 * MB);
	unsigned int node;

	syscall(SYS_getcpu, NULL, &node, NULL);
	allocate_from(MPOL_BIND, node ? 1 : 2);
	memory_touch(span, 4096);
	allocate_from(MPOL_DEFAULT, 0);
	return span;
}

/* A process does the scanning of its own memory while it runs. */
static void spin(struct span span)
{
	for (volatile unsigned long i = 0; i < 300000000; i++)
		;
	(void)span;
}

int main(void)
{
	struct target t;
	long hints = 0;

	if (access("/sys/devices/system/node/node1", F_OK)) {
		tap_skip("hinted pages", "one node only: boot with numa=fake=2");
		return tap_done();
	}
	text_write(DELAY, "10");
	text_write("/proc/sys/kernel/numa_balancing", "1");
	target_start(&t, built, spin);
	for (int i = 0; i < 10 && hints <= 0; i++) {
		target_step(&t);
		hints = look_count(&t, "pte ram ---- +numa-hint !prot-none +anon");
	}
	tap_ok(hints > 0, "hinted pages");
	tap_note("%ld pages are hinted", hints);
	tap_ok(look_count(&t, "+prot-none") == 0, "none of them is prot-none");
	target_stop(&t);
	return tap_done();
}
