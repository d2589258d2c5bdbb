// SPDX-License-Identifier: GPL-2.0-only
/*
 * A child has no mapping of its parent's window, unless it was opened for that;
 * exec and death, of whatever kind, give up what a process held, and the last one
 * gives up the claim.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pci.h"
#include "process.h"
#include "tap.h"
#include "window.h"

static struct pci edu;
static volatile uint32_t *regs;

static int child_says(int (*fn)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(fn());
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		tap_bail("no child: %m");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int touches(void)
{
	return touch_signal(regs);
}

static int writes(void)
{
	if (regs[1] != ~11U)
		return 1;
	regs[1] = 12;
	return 0;
}

static void not_inherited(void)
{
	int fd = window_get(edu.bar[0].start, PAGE, MMUSCOPE_MMIO_MAP,
			    (volatile void **)&regs);

	tap_ok(!touch_signal(regs), "the parent has it");
	tap_ok(child_says(touches) == SIGSEGV, "a child has not");
	munmap((void *)regs, PAGE);
	close(fd);
}

static unsigned int mappers(void)
{
	struct mmuscope_holding h[8];
	unsigned int nr = window_holdings(h, 8);

	return nr && h[0].start ? nr : 0;
}

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	close_range(3, ~0U, 0);
	(void)regs[0];
	pause();
	_exit(0);
}

static void killed(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void inherited(void)
{
	int fd = window_get(edu.bar[0].start, PAGE,
			    MMUSCOPE_MMIO_MAP | MMUSCOPE_MMIO_INHERIT,
			    (volatile void **)&regs);
	pid_t pid;

	regs[1] = 11;
	tap_ok(!child_says(writes) && regs[1] == ~12U,
	       "to inherit: what either writes the other reads");
	pid = sleeper();
	process_wait_asleep(pid);
	tap_ok(mappers() == 2, "two map it");
	munmap((void *)regs, PAGE);
	close(fd);
	tap_ok(mappers() == 1 && iomem_named("mmuscope") == 1,
	       "the child keeps it when the parent lets go");
	killed(pid);
	tap_ok(!mappers() && !iomem_named("mmuscope"), "and dies with it");
}

/* In a child: it holds a window, and says so by sleeping. */
static pid_t holder(void)
{
	pid_t pid = fork();
	volatile uint32_t *at;

	if (pid)
		return pid;
	window_get(edu.bar[0].start, PAGE, MMUSCOPE_MMIO_MAP, (volatile void **)&at);
	(void)at[0];
	pause();
	execl("/bin/busybox", "sleep", "100", NULL);
	_exit(1);
}

static void nothing(int signal)
{
	(void)signal;
}

/* The process lives on, as another program. */
static bool left(pid_t pid)
{
	for (int i = 0; i < 1000 && iomem_named("mmuscope"); i++)
		usleep(10000);
	return !iomem_named("mmuscope") && !mappers() && !kill(pid, 0);
}

static void given_up(void)
{
	pid_t pid = holder();

	process_wait_asleep(pid);
	tap_ok(iomem_named("mmuscope") == 1 && mappers() == 1, "another has a window");
	killed(pid);
	tap_ok(!iomem_named("mmuscope") && !mappers(), "killed, it has not");
	signal(SIGUSR1, nothing);
	pid = holder();
	process_wait_asleep(pid);
	kill(pid, SIGUSR1);
	tap_ok(left(pid), "nor after exec");
	killed(pid);
}

int main(void)
{
	pci_get(&edu, PCI_EDU, 0);
	not_inherited();
	inherited();
	given_up();
	return tap_done();
}
