// SPDX-License-Identifier: GPL-2.0-only
/*
 * agree PID - compares maps of a process with /proc/PID/pagemap, page by page.
 * Exit status 0 if they agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agreement.h"

int main(int argc, char **argv)
{
	int pid = argc == 2 ? atoi(argv[1]) : 0, err;
	struct agreement a;

	if (pid <= 0) {
		fprintf(stderr, "usage: agree PID\n");
		return 2;
	}
	err = agreement_check(&a, pid);
	if (err) {
		fprintf(stderr, "agree: %d: %s\n", pid, strerror(-err));
		return 2;
	}
	if (a.first[0])
		printf("%s\n", a.first);
	printf("%lu pages agree with /proc/%d/pagemap, %lu differ\n", a.agree, pid,
	       a.differ);
	return !a.agree || a.differ;
}
