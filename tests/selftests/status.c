// SPDX-License-Identifier: GPL-2.0-only
/*
 * status tells the truth about the machine: page-table levels (five if an
 * address above 47 bits can be mapped), page-table isolation, the memory types
 * of the PAT. With EXPECT set, the machine is the one that was asked for.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "tap.h"
#include "text.h"

static int levels(void)
{
	void *p = mmap((void *)(1UL << 50), 4096, PROT_READ,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED)
		return 4;
	munmap(p, 4096);
	return 5;
}

static bool isolation(void)
{
	char *text;
	bool on;

	text_slurp("/sys/devices/system/cpu/vulnerabilities/meltdown", &text);
	on = text && strstr(text, "PTI");
	text_free(text);
	/* Of a processor that does not need it only the log tells. */
	return on || !system("dmesg | grep -q 'detected: Kernel page table isolation'");
}

/* "x86/PAT: Configuration [0-7]: WB  WC  UC- UC  WB  WP  UC- WT" in the log. */
static bool pat_as_logged(const char *status)
{
	char *log = NULL, *at = NULL, want[80] = "\npat ", line[100];
	FILE *f = popen("dmesg", "r");
	bool ok;

	while (!at && f && fgets(line, sizeof(line), f)) {
		log = strstr(line, "x86/PAT: Configuration [0-7]: ");
		at = log ? log + 30 : NULL;
	}
	for (char *word = at ? strtok(at, " \n") : NULL; word; word = strtok(NULL, " \n")) {
		for (char *c = word; *c; c++)
			*c |= *c == '-' ? 0 : 32;
		strcat(want, word);
		strcat(want, ",");
	}
	want[strlen(want) - 1] = '\n';
	ok = at && strstr(status, want);
	if (!ok)
		tap_note("wanted %s", want);
	if (f)
		pclose(f);
	return ok;
}

/* The kernel's own order (MT_NORMAL and so on, asm/memory.h, v6.1); tags need MTE. */
static bool mair_as_due(const char *status)
{
	char *text;
	bool tags;

	text_slurp("/proc/cpuinfo", &text);
	tags = text && strstr(text, " mte");
	text_free(text);
	return strstr(status, tags ? "\nmair wb,tagged,nc,device-ngnrne,device-ngnre," :
				     "\nmair wb,wb,nc,device-ngnrne,device-ngnre,");
}

int main(void)
{
	const char *expect = getenv("EXPECT");
	char *status, is[100];

	if (text_slurp(MMUSCOPE "/status", &status) < 0)
		tap_bail("cannot read status");
	snprintf(is, sizeof(is), "levels %d, cpus %ld, pti %d", levels(),
		 sysconf(_SC_NPROCESSORS_ONLN), isolation());
	tap_note("%s", is);
	tap_ok(text_field(status, "levels") == levels(), "levels");
	tap_ok(text_field(status, "pti") == isolation(), "pti");
	tap_ok(text_field(status, "page_size") == sysconf(_SC_PAGESIZE), "page_size");
	tap_ok(strstr(status, "\narch " ARCH_NAME "\n"), "arch");
	tap_ok(!strncmp(status, "version ", 8), "version");
	tap_ok(ARCH_ARM64 ? mair_as_due(status) : pat_as_logged(status),
	       "memory types");
	if (expect)
		tap_ok(!strcmp(expect, is), "the machine is '%s'", expect);
	text_free(status);
	return tap_done();
}
