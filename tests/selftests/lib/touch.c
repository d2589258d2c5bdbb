// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <ucontext.h>

#include "arch.h"
#include "touch.h"

volatile struct touch *touch_shared;

static sigjmp_buf back;

static void on_signal(int sig, siginfo_t *si, void *user)
{
	unsigned long at = (unsigned long)si->si_addr;
	const ucontext_t *context = user;
	unsigned long addr = touch_shared->addr;
	bool canonical = addr >> 56 == 0 || addr >> 56 == 0xff;
	bool fetched = touch_shared->access == EXEC && ARCH_PC(context) != addr;

	/* Code that is no code fails, too, but elsewhere or otherwise. */
	if (sig == SIGILL)
		siglongjmp(back, 1);
	if ((at >> 12 == addr >> 12 && !fetched) || (!canonical && !at))
		touch_shared->signal = sig;
	siglongjmp(back, 1);
}

static long faults(void)
{
	struct rusage r;

	getrusage(RUSAGE_THREAD, &r);
	return r.ru_minflt + r.ru_majflt;
}

static void __attribute__((noinline)) use(unsigned long addr, enum access access)
{
	if (access == READ)
		touch_shared->value = *(volatile unsigned long *)addr;
	else if (access == WRITE)
		*(volatile unsigned char *)addr = 0xc3;
	else
		arch_call(addr);
}

static void touch(unsigned long addr, enum access access)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP };
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	volatile long before;

	for (int i = 0; i < 4; i++)
		sigaction(signals[i], &sa, NULL);
	touch_shared->signal = 0;
	touch_shared->addr = addr;
	before = faults();
	if (!sigsetjmp(back, 1))
		use(addr, access);
	touch_shared->faults = faults() - before;
}

void touch_step(struct span span)
{
	unsigned long addr = touch_shared->addr;
	static char warm[16] = { 0xc3 };

	(void)span;
	for (enum access a = READ; a < WAYS; a++)
		touch((unsigned long)warm, a);
	touch(addr, touch_shared->access);
}
