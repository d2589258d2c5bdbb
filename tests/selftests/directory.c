// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listing pid/ gives the processes that /proc lists, and self; listing one of
 * them gives its files. A listing read in small pieces is the same.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tap.h"
#include "target.h"
#include "text.h"

enum { PIDS = 1024 };

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The numeric names in a directory, sorted; their number. */
static int numbers(const char *path, int *pid, int *others)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	int n = 0;

	*others = 0;
	if (!dir)
		tap_bail("%s: %m", path);
	while (n < PIDS && (d = readdir(dir))) {
		if (atoi(d->d_name) > 0)
			pid[n++] = atoi(d->d_name);
		else if (d->d_name[0] != '.' || strlen(d->d_name) > 2)
			(*others)++;
	}
	closedir(dir);
	qsort(pid, n, sizeof(*pid), by_number);
	return n;
}

static void processes(void)
{
	int before[PIDS], mine[PIDS], after[PIDS], nb, nm, na, others, ignored;
	int tries = 20;

	/* Kernel threads come and go. */
	do {
		nb = numbers("/proc", before, &ignored);
		nm = numbers(MMUSCOPE "/pid", mine, &others);
		na = numbers("/proc", after, &ignored);
	} while (--tries && (nb != na || memcmp(before, after, nb * sizeof(int))));
	tap_note("%d processes", nm);
	tap_ok(nb == nm && !memcmp(before, mine, nm * sizeof(int)), "processes as in /proc");
	tap_ok(others == 1, "and one more name, self");
}

static void files(void)
{
	char path[64], all[128] = "";
	struct dirent **d;
	int n;

	snprintf(path, sizeof(path), MMUSCOPE "/pid/%d", getpid());
	n = scandir(path, &d, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		strcat(all, d[i]->d_name);
		strcat(all, " ");
	}
	tap_ok(!strcmp(all, ". .. maps pagetable summary "), "files of a process: %s", all);
}

static void *sleep_on(void *arg)
{
	(void)arg;
	for (;;)
		pause();
	return NULL;
}

/* Threads are no processes; /proc does not list them either. */
static void start_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, sleep_on, NULL))
		tap_bail("no thread: %m");
}

/* getdents64() with room for hardly more than one name at a time. */
static void in_small_pieces(void)
{
	int fd, pid[PIDS], n, others, found = 0;
	char room[sizeof(struct dirent64)];
	long len;

	n = numbers(MMUSCOPE "/pid", pid, &others);
	fd = open(MMUSCOPE "/pid", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		tap_bail("cannot open the directory");
	while ((len = syscall(SYS_getdents64, fd, room, 48)) > 0)
		for (char *at = room; at < room + len; at += ((struct dirent64 *)at)->d_reclen)
			if (found < n && atoi(((struct dirent64 *)at)->d_name) == pid[found])
				found++;
	close(fd);
	tap_ok(!len && found == n, "the same in small pieces");
}

int main(void)
{
	struct target t[20];

	for (int i = 0; i < 20; i++)
		target_start(&t[i], target_idle, NULL);
	start_thread();
	processes();
	files();
	in_small_pieces();
	for (int i = 0; i < 20; i++)
		target_stop(&t[i]);
	return tap_done();
}
