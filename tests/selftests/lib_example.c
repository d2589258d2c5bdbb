// SPDX-License-Identifier: GPL-2.0-only
/*
 * The example of libmmuscope(3), built out of the manual and run: it prints
 * what it maps itself, its program and its stack among it.
 */
#define _GNU_SOURCE
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static FILE *start(void)
{
	char path[256] = "";

	if (readlink("/proc/self/exe", path, sizeof(path) - 20) < 0)
		tap_bail("no /proc");
	return popen(strcat(dirname(path), "/example"), "r");
}

int main(void)
{
	unsigned int lines = 0, bad = 0, program = 0, stack = 0;
	unsigned long from, to, last = 0;
	char line[5000], backing[20], name[4097];
	FILE *out = start();

	while (fgets(line, sizeof(line), out)) {
		int n = sscanf(line, "%lx-%lx %19s %4096s", &from, &to, backing,
			       name);

		lines++;
		bad += n < 3 || from >= to || from < last;
		last = to;
		if (n < 4 || strcmp(backing, "ram"))
			continue;
		program += !!strstr(name, "/example");
		stack += !strcmp(name, "[stack]");
	}
	tap_note("%u lines, %u of the program, %u of the stack", lines, program, stack);
	tap_ok(!pclose(out), "it ends well");
	tap_ok(lines > 8 && !bad, "a line for each extent");
	tap_ok(program && stack, "its program and its stack are in RAM");
	return tap_done();
}
