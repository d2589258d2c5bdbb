// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that the module took while the other tests ran it gave back: kmemleak finds
 * nothing of its own once it is gone, when what only its variables pointed to is
 * lost, too.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module.h"
#include "tap.h"
#include "text.h"

#define KMEMLEAK "/sys/kernel/debug/kmemleak"

/* kmemleak leaves out what is younger than 5 s, or has changed meanwhile. */
enum { OLD = 6, SCANS = 2 };

/* Where the module is, or was. */
static unsigned long base, end;

static void locate(void)
{
	char *text, *line;

	if (text_slurp("/proc/modules", &text) < 0)
		tap_bail("cannot read /proc/modules");
	line = strstr(text, "mmuscope ");
	if (!line || sscanf(line, "mmuscope %lu %*s %*s %*s %lx", &end, &base) != 2)
		tap_bail("mmuscope is not loaded");
	end += base;
	text_free(text);
}

static void command(const char *word)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		tap_bail("kmemleak: %s: %m", word);
	close(fd);
}

/* A frame of the stack that asked for the memory: named, or a mere address. */
static bool is_ours(const char *frame)
{
	const char *addr = strstr(frame, "] 0x");
	unsigned long at = addr ? strtoul(addr + 2, NULL, 16) : 0;

	return strstr(frame, "[mmuscope]") || (at >= base && at < end);
}

static void look(void)
{
	unsigned int suspects = 0, ours = 0;
	char *text, *rest;
	bool counted = false;

	/* What need not be there need not be scanned. */
	text_write("/proc/sys/vm/drop_caches", "3");
	for (int i = 0; i < SCANS; i++) {
		sleep(OLD);
		command("scan");
	}
	if (text_slurp(KMEMLEAK, &text) < 0)
		tap_bail("cannot read " KMEMLEAK);
	rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		tap_note("%s", line);
		if (!strncmp(line, "unreferenced object", 19)) {
			suspects++;
			counted = false;
		} else if (!counted && is_ours(line)) {
			ours++;
			counted = true;
		}
	}
	tap_ok(!ours, "%u objects lost, %u of them ours", suspects, ours);
	text_free(text);
}

int main(void)
{
	if (access(KMEMLEAK, F_OK)) {
		tap_skip("leaks", "this kernel has no kmemleak");
		return tap_done();
	}
	locate();
	tap_ok(!module_remove(true), "removed");
	look();
	tap_ok(!module_load(), "loaded again");
	return tap_done();
}
