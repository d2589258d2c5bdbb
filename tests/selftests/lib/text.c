// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "text.h"

/* In front of the text: how much is mapped, and a page to keep it aligned. */
struct room {
	size_t size;
	char text[];
};

static struct room *room_grow(struct room *room, size_t size)
{
	void *p;

	if (room)
		p = mremap(room, room->size, size, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		abort();
	((struct room *)p)->size = size;
	return p;
}

ssize_t text_read(int fd, size_t chunk, char **text)
{
	struct room *room = room_grow(NULL, 1 << 20);
	size_t len = 0;
	ssize_t n;

	*text = NULL;
	for (;;) {
		while (sizeof(*room) + len + chunk + 1 > room->size)
			room = room_grow(room, room->size * 2);
		n = read(fd, room->text + len, chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += n;
	}
	if (n < 0) {
		n = -errno;
		munmap(room, room->size);
		return n;
	}
	room->text[len] = '\0';
	*text = room->text;
	return len;
}

void text_free(char *text)
{
	struct room *room;

	if (!text)
		return;
	room = (struct room *)(text - offsetof(struct room, text));
	munmap(room, room->size);
}

ssize_t text_slurp(const char *path, char **text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	*text = NULL;
	if (fd < 0)
		return -errno;
	n = text_read(fd, 65536, text);
	close(fd);
	return n;
}

static void path_of(char *path, size_t size, const char *top, pid_t pid,
		    const char *name)
{
	snprintf(path, size, "%s/%d/%s", top, pid, name);
}

static int open_path(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int text_open(pid_t pid, const char *name)
{
	char path[128];

	path_of(path, sizeof(path), MMUSCOPE "/pid", pid, name);
	return open_path(path);
}

ssize_t text_pid(pid_t pid, const char *name, char **text)
{
	char path[128];

	path_of(path, sizeof(path), MMUSCOPE "/pid", pid, name);
	return text_slurp(path, text);
}

int text_open_proc(pid_t pid, const char *name)
{
	char path[128];

	path_of(path, sizeof(path), "/proc", pid, name);
	return open_path(path);
}

ssize_t text_proc(pid_t pid, const char *name, char **text)
{
	char path[128];

	path_of(path, sizeof(path), "/proc", pid, name);
	return text_slurp(path, text);
}

int text_write(const char *path, const char *word)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, word, strlen(word)) < 0)
		err = -errno;
	close(fd);
	return err;
}

long text_number(const char *path)
{
	long number = -1;
	char *text;

	if (text_slurp(path, &text) < 0)
		return -1;
	if (sscanf(text, "%li", &number) != 1)
		number = -1;
	text_free(text);
	return number;
}

bool kernel_since(int major, int minor)
{
	struct utsname name;
	int is[2] = {};

	uname(&name);
	if (sscanf(name.release, "%d.%d", &is[0], &is[1]) != 2)
		return false;
	return is[0] > major || (is[0] == major && is[1] >= minor);
}

long text_field(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *line = text;

	while (line && *line) {
		if (!strncmp(line, name, len) &&
		    (line[len] == ':' || line[len] == ' '))
			return strtol(line + len + 1, NULL, 10);
		line = strchr(line, '\n');
		line += !!line;
	}
	return -1;
}
