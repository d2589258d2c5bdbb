// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

/* What says most about the whole run comes last. */
static unsigned int weight(enum status status)
{
	static const enum status order[] = {
		STATUS_OK, STATUS_NOT_FOUND, STATUS_NOT_PERMITTED,
		STATUS_NO_MODULE, STATUS_FAILED, STATUS_FOUND, STATUS_USAGE,
	};
	unsigned int i = 0;

	while (order[i] != status)
		i++;
	return i;
}

void status_raise(struct cli *cli, enum status status)
{
	if (weight(status) > weight(cli->status))
		cli->status = status;
}

void complain(struct cli *cli, enum status status, const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "mmuscope: %s: ", cli->command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	putc('\n', stderr);
	status_raise(cli, status);
}

void failed(struct cli *cli, const char *what, int err, const char *hint)
{
	enum status status = err == -EACCES || err == -EPERM ?
			     STATUS_NOT_PERMITTED : STATUS_FAILED;

	if (err == -EINTR && interrupted())
		return;
	if (json_begun())
		json_string("error", hint ? hint : explain(err));
	complain(cli, status, "%s: %s", what, hint ? hint : explain(err));
}

const char *explain(int err)
{
	return err == -ENOENT ? "No such file" : strerror(-err);
}
