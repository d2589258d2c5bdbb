// SPDX-License-Identifier: GPL-2.0-only
/*
 * What TRANSLATE says that a touch would do is what it does: the process reads,
 * writes or executes the page, and the signal, the faults that the kernel
 * counts and the frame behind it are compared with the prediction.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "tap.h"
#include "touch.h"

static const char * const ways[] = { "read", "write", "exec" };
static const char * const touches[MMUSCOPE_NR_TOUCHES] = {
	"HIT", "NO_VMA", "FORBIDDEN", "GUARD", "STACK", "ZERO", "FILE", "EOF", "COW",
	"NOTIFY", "SWAP", "MIGRATION", "POISON", "DEVICE", "NUMA", "UFFD", "HUGETLB",
	"DRIVER", "RETRY",
};

static int handle;
static struct mmuscope_translation before, after, alias;
static unsigned int met[MMUSCOPE_NR_TOUCHES], checked;

static bool present(const struct mmuscope_translation *t)
{
	return t->leaf.flags & MMUSCOPE_FLAG_PRESENT;
}

static bool fault(void)
{
	return !touch_shared->signal && touch_shared->faults >= 1;
}

static bool zeroed(enum access access)
{
	if (access == READ && touch_shared->value)
		return false;
	if (access == WRITE && (after.leaf.flags & MMUSCOPE_FLAG_ZERO ||
				!(after.leaf.flags & MMUSCOPE_FLAG_WRITE)))
		return false;
	return fault() && !before.phys && present(&after);
}

/* The page cache's frame, but for a copy. */
static bool of_file(enum access access)
{
	bool copied = access == WRITE && !(before.vma.flags & MMUSCOPE_VMA_SHARED);

	return fault() && !before.phys && present(&after) && alias.phys &&
	       (after.phys == alias.phys) == !copied;
}

static bool copied(void)
{
	bool moved = before.phys != after.phys;
	bool anothers = before.leaf.flags & (MMUSCOPE_FLAG_SHARED | MMUSCOPE_FLAG_ZERO);

	return fault() && after.leaf.flags & MMUSCOPE_FLAG_WRITE && (moved || !anothers);
}

static bool came_true(enum mmuscope_touch touch, enum access access)
{
	switch (touch) {
	case MMUSCOPE_TOUCH_HIT:
		return !touch_shared->signal && !touch_shared->faults && before.phys == after.phys;
	case MMUSCOPE_TOUCH_NO_VMA:
	case MMUSCOPE_TOUCH_FORBIDDEN:
	case MMUSCOPE_TOUCH_GUARD:
		return touch_shared->signal == SIGSEGV;
	case MMUSCOPE_TOUCH_EOF:
	case MMUSCOPE_TOUCH_POISON:
		return touch_shared->signal == SIGBUS;
	case MMUSCOPE_TOUCH_STACK:
		return fault() && !before.leaf.end && after.leaf.end && present(&after);
	case MMUSCOPE_TOUCH_ZERO:
		return zeroed(access);
	case MMUSCOPE_TOUCH_FILE:
		return of_file(access);
	case MMUSCOPE_TOUCH_COW:
		return copied();
	case MMUSCOPE_TOUCH_NOTIFY:
		return fault() && before.phys == after.phys &&
		       after.leaf.flags & MMUSCOPE_FLAG_WRITE;
	case MMUSCOPE_TOUCH_SWAP:
		return fault() && !before.phys && present(&after) &&
		       (access != READ || touch_shared->value == touch_shared->addr);
	case MMUSCOPE_TOUCH_UFFD:
		/* Only then it shows that the page may not be executed. */
		return touch_shared->events == 1 && (!touch_shared->signal || access == EXEC);
	case MMUSCOPE_TOUCH_HUGETLB:
		return fault() && after.leaf.flags & MMUSCOPE_FLAG_HUGETLB && present(&after);
	case MMUSCOPE_TOUCH_DRIVER:
		return touch_shared->signal || touch_shared->faults;
	default:
		return false;
	}
}

/* Where what may not be executed is not got first, that is all there is to it. */
static enum mmuscope_touch expected(const struct touch_kind *k, enum access access)
{
	if (access == EXEC && !ARCH_EXEC_READS && before.leaf.end &&
	    !(before.vma.flags & MMUSCOPE_VMA_EXEC))
		return MMUSCOPE_TOUCH_FORBIDDEN;
	return k->touch[access];
}

static bool try(const struct touch_kind *k, struct target *t, enum access access, bool first)
{
	unsigned long addr = t->span.start + k->at;
	enum mmuscope_touch touch;
	bool ok;

	if (device_translate(handle, addr, &before))
		tap_bail("%s: cannot translate", k->name);
	touch = (&before.touch_read)[access];
	touch_shared->addr = addr;
	touch_shared->access = access;
	touch_shared->events = 0;
	target_step(t);
	device_translate(handle, addr, &after);
	if (touch_shared->alias)
		device_translate(handle, touch_shared->alias, &alias);
	ok = came_true(touch, access) && (!first || touch == expected(k, access));
	met[touch] += ok;
	checked++;
	if (!ok)
		tap_note("%s %s: %s predicted, %s expected; signal %d, %ld faults, "
			 "%d events, phys %llx then %llx",
			 ways[access], k->name, touches[touch],
			 first ? touches[expected(k, access)] : "that", touch_shared->signal,
			 touch_shared->faults, touch_shared->events, before.phys, after.phys);
	return ok;
}

/* Twice, for a touch changes the page; the second is a prediction as well. */
static bool play(const struct touch_kind *k, enum access first, enum access second,
		 struct target *t)
{
	bool ok;

	touch_shared->alias = 0;
	if (!target_start(t, k->build, touch_step))
		return false;
	handle = device_target(t->pid);
	ok = try(k, t, first, true);
	ok &= try(k, t, second, false);
	close(handle);
	target_stop(t);
	if (!ok)
		snprintf(t->why, sizeof(t->why), "wrong");
	return ok;
}

static void tell(const struct touch_kind *k)
{
	struct target t = {};
	bool ok;

	ok = play(k, READ, EXEC, &t) && play(k, WRITE, READ, &t) &&
	     play(k, EXEC, WRITE, &t);
	if (!ok && strcmp(t.why, "wrong"))
		tap_skip(k->name, "%s", t.why);
	else
		tap_ok(ok, "%s", k->name);
}

int main(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int different = 0;

	touch_shared = p;
	for (size_t i = 0; i < touch_kinds_nr; i++)
		tell(&touch_kinds[i]);
	for (int i = 0; i < MMUSCOPE_NR_TOUCHES; i++) {
		different += met[i] > 0;
		tap_note("%s: %u times", touches[i], met[i]);
	}
	tap_note("%u touches", checked);
	tap_ok(different >= ARCH_VERDICTS, "%u kinds of verdicts came true", different);
	return tap_done();
}
