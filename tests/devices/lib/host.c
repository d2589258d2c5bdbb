// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "host.h"
#include "tap.h"

#define PATIENCE (60 * 1000)	/* ms */

static char answer[256];

/* Until the end of a line, which is a canonical terminal's business. */
static void hear(int fd, const char *question)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t len;

	if (poll(&ready, 1, PATIENCE) != 1)
		tap_bail("the host does not answer '%s'", question);
	len = read(fd, answer, sizeof(answer) - 1);
	if (len <= 0)
		tap_bail("the host's answer to '%s': %m", question);
	answer[len] = '\0';
	answer[strcspn(answer, "\n")] = '\0';
}

const char *host_ask(const char *fmt, ...)
{
	/* The guest's line to the host; standard output may go through a pipe. */
	const char *path = getenv("GUEST_LINE") ?: "";
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	char question[256], line[300];
	va_list args;

	if (fd < 0)
		tap_bail("%s: %m", path);
	va_start(args, fmt);
	vsnprintf(question, sizeof(question), fmt, args);
	va_end(args);
	/* What a program that was killed has left unheard. */
	tcflush(fd, TCIFLUSH);
	snprintf(line, sizeof(line), "@host %s\n", question);
	if (write(fd, line, strlen(line)) != (ssize_t)strlen(line))
		tap_bail("%s: %m", path);
	hear(fd, question);
	close(fd);
	if (!strncmp(answer, "error", 5))
		tap_bail("the host, asked '%s': %s", question, answer);
	return answer;
}

static unsigned long number(const char *text)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 16);
	if (errno || end == text || *end)
		tap_bail("the host answers '%s': not a number", text);
	return value;
}

unsigned long host_monitor(unsigned int width, unsigned long phys)
{
	return number(host_ask("monitor %u %lx", width, phys));
}

unsigned long host_read(unsigned int width, unsigned long phys)
{
	return number(host_ask("read %u %lx", width, phys));
}

void host_write(unsigned int width, unsigned long phys, unsigned long value)
{
	host_ask("write %u %lx %lx", width, phys, value);
}

unsigned long host_file_read(unsigned int width, unsigned long offset)
{
	return number(host_ask("file-read %u %lx", width, offset));
}

void host_file_write(unsigned int width, unsigned long offset, unsigned long value)
{
	host_ask("file-write %u %lx %lx", width, offset, value);
}

unsigned long host_moved(unsigned int line, unsigned int to)
{
	return number(host_ask("moved %u %u", line, to));
}

void host_button(void)
{
	host_ask("button");
}

void host_unplug(const char *id)
{
	host_ask("unplug %s", id);
}

void host_plug(const char *id)
{
	host_ask("plug %s", id);
}
