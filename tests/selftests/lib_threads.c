// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads: two with a device and a target each, at the same time; then one
 * scanner that two use one after the other. Each finds what one alone finds.
 */
#include <mmuscope.h>
#include <pthread.h>

#include "memory.h"
#include "tap.h"
#include "target.h"

#define ROUNDS	10

static pid_t pid;
static uint64_t alone;		/* what one alone finds */

static struct span many_extents(void)
{
	struct span span = memory_small(16 * MB);

	memory_touch(span, 8192);
	return span;
}

static void mix(uint64_t *sum, uint64_t value)
{
	*sum = (*sum ^ value) * 0x100000001b3;
}

/* Goes on for @max extents; what it finds is mixed into @sum. */
static int go_on(struct mmuscope_scanner *scanner, unsigned int max, uint64_t *sum)
{
	const struct mmuscope_found *f;
	int ret = 0;

	while (max-- && (ret = mmuscope_scan_next(scanner, &f)) > 0) {
		mix(sum, f->extent.start);
		mix(sum, f->extent.end);
		mix(sum, f->extent.value);
		mix(sum, f->vma.start);
		mix(sum, f->first_in_vma);
		for (const char *c = f->name; *c; c++)
			mix(sum, *c);
	}
	return ret;
}

static uint64_t find(void)
{
	struct mmuscope_scanner *scanner;
	struct mmuscope_target *target;
	struct mmuscope *mmuscope;
	uint64_t sum = 1;

	if (mmuscope_open(&mmuscope) ||
	    mmuscope_target_by_pid(mmuscope, pid, &target) ||
	    mmuscope_scan_begin(target, NULL, &scanner))
		tap_bail("no scan");
	if (go_on(scanner, -1U, &sum))
		sum = 0;
	mmuscope_scan_end(scanner);
	mmuscope_target_close(target);
	mmuscope_close(mmuscope);
	return sum;
}

static void *find_often(void *bad)
{
	for (int i = 0; i < ROUNDS; i++)
		*(int *)bad += find() != alone;
	return NULL;
}

static void at_once(void)
{
	pthread_t thread[2];
	int bad[2] = {};

	for (int i = 0; i < 2; i++)
		if (pthread_create(&thread[i], NULL, find_often, &bad[i]))
			tap_bail("no thread");
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	tap_ok(!bad[0] && !bad[1], "two at once, %d rounds", ROUNDS);
}

struct turn {
	struct mmuscope_scanner *scanner;
	unsigned int max;
	uint64_t sum;
	int ret;
};

static void *take_turn(void *arg)
{
	struct turn *turn = arg;

	turn->ret = go_on(turn->scanner, turn->max, &turn->sum);
	return NULL;
}

static void one_after_another(void)
{
	struct mmuscope_target *target;
	struct mmuscope *mmuscope;
	struct turn turn = { .max = 700, .sum = 1 };
	unsigned int turns = 0;
	pthread_t thread;

	if (mmuscope_open(&mmuscope) ||
	    mmuscope_target_by_pid(mmuscope, pid, &target) ||
	    mmuscope_scan_begin(target, NULL, &turn.scanner))
		tap_bail("no scan");
	do {
		if (turns % 2)
			take_turn(&turn);
		else if (pthread_create(&thread, NULL, take_turn, &turn) ||
			 pthread_join(thread, NULL))
			tap_bail("no thread");
		turns++;
	} while (turn.ret > 0);
	tap_ok(!turn.ret && turn.sum == alone && turns > 3,
	       "one scanner, %u turns", turns);
	mmuscope_scan_end(turn.scanner);
	mmuscope_target_close(target);
	mmuscope_close(mmuscope);
}

int main(void)
{
	struct target t;

	if (!target_start(&t, many_extents, NULL))
		tap_bail("%s", t.why);
	pid = t.pid;
	alone = find();
	tap_ok(alone && alone == find(), "one alone finds the same twice");
	at_once();
	one_after_another();
	target_stop(&t);
	return tap_done();
}
