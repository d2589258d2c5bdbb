// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever allocation or copy fails while a file of debugfs is looked up, opened
 * and read, the reader is told and nothing is left behind: all files there are,
 * of one process, found in debugfs itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "share.h"
#include "tap.h"
#include "text.h"

/* Of the kernel's half, which is large, the beginning is enough. */
static char buf[16 * 4096];

static int read_all(void *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t all = 0;
	ssize_t len;

	if (fd < 0)
		return -errno;
	do {
		len = read(fd, buf, sizeof(buf));
		all += len > 0 ? len : 0;
	} while (len > 0 && all < sizeof(buf));
	if (len < 0)
		len = -errno;
	close(fd);
	return len;
}

static int list(void *path)
{
	DIR *dir = opendir(path);
	int ret;

	if (!dir)
		return -errno;
	do
		errno = 0;
	while (readdir(dir));
	ret = -errno;
	closedir(dir);
	return ret;
}

/* The mount that makes the directories of processes is made by the lookup. */
static void unmount(void *path)
{
	(void)path;
	umount(MMUSCOPE "/pid");
}

static void sweep(char *path, int (*act)(void *path), void (*before)(void *path),
		  const char *how)
{
	struct fault f = {
		.act = act, .before = before, .arg = path,
		.slow = strstr(path, "/kernel/"),
	};
	char name[300];

	snprintf(name, sizeof(name), "%s%s", path + strlen(MMUSCOPE "/"), how);
	f.name = name;
	fault_sweep(&f);
}

static void below(const char *folder)
{
	char path[300];
	struct dirent *e;
	struct stat st;
	DIR *dir = opendir(folder);

	if (!dir)
		tap_bail("%s: %m", folder);
	while ((e = readdir(dir))) {
		if (e->d_name[0] == '.' || !strcmp(e->d_name, "pid"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		if (lstat(path, &st))
			tap_bail("%s: %m", path);
		if (S_ISDIR(st.st_mode))
			below(path);
		else if (S_ISREG(st.st_mode))
			sweep(path, read_all, NULL, "");
	}
	closedir(dir);
}

int main(void)
{
	if (!fault_ready()) {
		tap_skip("faults", "this kernel cannot inject any");
		return tap_done();
	}
	/* So that mappings is not empty. */
	share_words(share_new(sizeof(buf), 0), sizeof(buf));
	below(MMUSCOPE);
	below(MMUSCOPE "/pid/1");
	sweep(MMUSCOPE "/pid", list, NULL, ", listed");
	sweep(MMUSCOPE "/pid/1/summary", read_all, unmount, ", mounted on the way");
	return tap_done();
}
