// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PID is given to a new process: what was opened of the old one, its
 * files and its directory, never shows the new one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "maps.h"
#include "tap.h"
#include "target.h"
#include "text.h"

static int open_errno(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

int main(void)
{
	struct target old, new;
	char path[64], byte;
	struct maps m;
	int dir, fd, unread;

	target_start(&old, target_idle, NULL);
	snprintf(path, sizeof(path), MMUSCOPE "/pid/%d", old.pid);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = text_open(old.pid, "maps");
	unread = text_open(old.pid, "maps");
	if (dir < 0 || fd < 0 || unread < 0 || read(fd, &byte, 1) != 1 || chdir(path))
		tap_bail("cannot open %s", path);
	target_stop(&old);
	if (!target_start_as(&new, old.pid))
		tap_bail("PID %d does not come again", old.pid);
	tap_note("PID %d again", new.pid);

	tap_ok(pread(fd, &byte, 1, 0) < 0 && errno == ESRCH, "file half read: ESRCH");
	tap_ok(read(unread, &byte, 1) < 0 && errno == ESRCH, "file not yet read: ESRCH");
	tap_ok(open_errno(dir, "maps"), "file in the old directory: %s",
	       strerror(open_errno(dir, "maps")));
	tap_ok(open_errno(AT_FDCWD, "summary"), "file in the working directory: %s",
	       strerror(open_errno(AT_FDCWD, "summary")));
	tap_ok(!maps_read(&m, new.pid) && !m.wrong[0] && maps_at(&m, new.span.start),
	       "by name: the new process");
	maps_free(&m);
	if (chdir("/"))
		tap_bail("cannot leave");
	target_stop(&new);
	return tap_done();
}
