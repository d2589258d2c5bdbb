// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing under pid/ can be written to, made, renamed or removed, not even by
 * root with all capabilities.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "text.h"

#define PID MMUSCOPE "/pid"

static void refused(const char *what, int result)
{
	tap_ok(result < 0, "%s: %s", what, result < 0 ? strerror(errno) : "done");
}

static int write_to(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return fd;
	result = write(fd, "x", 1);
	close(fd);
	return result;
}

int main(void)
{
	char *text;

	refused("write to maps", write_to(PID "/1/maps"));
	refused("write to pagetable", write_to(PID "/1/pagetable"));
	refused("write to summary", write_to(PID "/1/summary"));
	refused("write to status", write_to(MMUSCOPE "/status"));
	refused("create a file", open(PID "/1/new", O_CREAT | O_RDWR, 0600));
	refused("create a process", mkdir(PID "/4000000", 0700));
	refused("make a directory", mkdir(PID "/1/new", 0700));
	refused("make a link", symlink("1", PID "/link"));
	refused("make a hard link", link(PID "/1/maps", PID "/1/new"));
	refused("make a device", mknod(PID "/null", S_IFCHR | 0600, 0x103));
	refused("remove a file", unlink(PID "/1/maps"));
	refused("remove a process", rmdir(PID "/1"));
	refused("remove self", unlink(PID "/self"));
	refused("rename a file", rename(PID "/1/maps", PID "/1/other"));
	refused("truncate", truncate(PID "/1/maps", 0));
	tap_ok(text_pid(1, "maps", &text) > 0, "maps is still there");
	text_free(text);
	return tap_done();
}
