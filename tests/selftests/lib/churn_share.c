// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch.h"
#include "churn.h"
#include "device.h"
#include "share.h"
#include "text.h"

enum { NAMES = 3, SHARES = 16 };

static const char * const names[NAMES] = { "rock", "paper", "scissors" };

static int make(unsigned int *seed)
{
	struct mmuscope_share_create ask = share_ask(2 * MB, churn_random(seed, 2) ? 21 : 12);

	ask.flags = churn_random(seed, 8) & (MMUSCOPE_SHARE_KEEP | MMUSCOPE_SHARE_CONTIGUOUS);
	if (ARCH_UNCACHED && ask.page_shift == 12 && !churn_random(seed, 4))
		ask.memtype = MMUSCOPE_MEMTYPE_WC;
	strcpy(ask.name, names[churn_random(seed, NAMES)]);
	return share_create(&ask);
}

static void use(unsigned int *seed, int fd)
{
	void *p = share_map(fd, 2 * MB, PROT_READ | PROT_WRITE);
	volatile unsigned int *words = p;

	if (p == MAP_FAILED)
		return;
	words[churn_random(seed, 2 * MB / 4)]++;
	if (!churn_random(seed, 3))
		mprotect(p, 2 * MB, PROT_READ);
	if (!churn_random(seed, 3))
		munmap(p, 2 * MB);
}

static void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
}

/* One that goes the hard way, with all that it has. */
static void short_life(unsigned int *seed)
{
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		die_with(parent);
		for (;;) {
			*seed += getpid();
			use(seed, share_open(names[churn_random(seed, NAMES)], 0));
		}
	}
	usleep(churn_random(seed, 3000));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void read_all(unsigned int *seed)
{
	struct mmuscope_holding h[SHARES];
	char *text;

	if (text_slurp(MMUSCOPE "/mappings", &text) >= 0)
		text_free(text);
	if (holdings(h, 1 + churn_random(seed, SHARES), 0) < 0)
		_exit(1);
}

static void use_names(unsigned int *seed)
{
	int fd;

	switch (churn_random(seed, 6)) {
	case 0:
		share_remove(names[churn_random(seed, NAMES)]);
		return;
	case 1:
		short_life(seed);
		return;
	case 2:
		read_all(seed);
		return;
	case 3:
		fd = make(seed);
		break;
	default:
		fd = share_open(names[churn_random(seed, NAMES)], 0);
	}
	if (fd < 0)
		return;
	use(seed, fd);
	if (!churn_random(seed, 8))
		share_seal(fd, MMUSCOPE_SEAL_WRITE);
	close(fd);
	/* What is still mapped goes now and then. */
	if (!churn_random(seed, 20))
		_exit(0);
}

/* In a process of its own, which may end at any time. */
void churn_share(unsigned int *seed)
{
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		die_with(parent);
		*seed += getpid();
		for (int i = 0; i < 50; i++)
			use_names(seed);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	*seed += 1;
}

/* Lives end a moment after who has begun them, and may keep a share until then. */
bool churn_share_end(void)
{
	for (int i = 0; i < 50 * NAMES; i++) {
		share_remove(names[i % NAMES]);
		usleep(5000);
	}
	return holdings_gone();
}
