// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers against huge pages that are split and collapsed: by MADV_DONTNEED and
 * mprotect of a part, by fork and COW; by MADV_COLLAPSE and khugepaged.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "race.h"
#include "text.h"

#define SLEEP "/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs"

static void split(struct span span, unsigned int *seed)
{
	size_t at = 4096UL * (1 + race_random(seed, 500));
	pid_t pid;

	switch (race_random(seed, 3)) {
	case 0:
		madvise(span_at(span, at), 4096, MADV_DONTNEED);
		break;
	case 1:
		mprotect(span_at(span, at), 4096, PROT_READ);
		mprotect(span_at(span, at), 4096, PROT_READ | PROT_WRITE);
		break;
	default:
		pid = fork();
		if (!pid)
			_exit(0);
		*(volatile char *)span_at(span, at) = 2;
		waitpid(pid, NULL, 0);
	}
}

static void churn(unsigned int *seed)
{
	static struct span span;

	if (!span.start) {
		char *p = mmap(NULL, 6 * MB, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			return;
		span.start = ((unsigned long)p + 2 * MB - 1) & ~(2 * MB - 1);
		span.end = span.start + 4 * MB;
		madvise(span_at(span, 0), 4 * MB, MADV_HUGEPAGE);
		memory_touch(span, 4096);
	}
	for (size_t at = 0; at < 4 * MB; at += 2 * MB)
		split(span_part(span, at, 2 * MB), seed);
	madvise(span_at(span, 0), 4 * MB, MADV_COLLAPSE);
}

int main(int argc, char **argv)
{
	static const struct race race = { "huge pages split and collapsed", churn, 2, true };
	int err;

	text_write(SLEEP, "10");
	err = race_main(&race, argc, argv);
	text_write(SLEEP, "100000000");
	return err;
}
