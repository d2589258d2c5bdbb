// SPDX-License-Identifier: MIT
/* The device, and what can be in its way. */
#include <errno.h>
#include <stdio.h>

#include "cli.h"

static void tell_open(struct trouble *trouble, int err)
{
	snprintf(trouble->what, sizeof(trouble->what), "%s", explain(err));
	switch (err) {
	case -ENOENT:
	case -ENODEV:
	case -ENXIO:
		trouble->status = STATUS_NO_MODULE;
		trouble->hint = "is the module loaded? (modprobe mmuscope)";
		break;
	case -EACCES:
	case -EPERM:
		trouble->status = STATUS_NOT_PERMITTED;
		trouble->hint = "it is root's; mmuscope(4) tells how to give it to a group";
		break;
	default:
		trouble->status = STATUS_FAILED;
		trouble->hint = "see mmuscope doctor";
	}
}

static void tell_abi(struct trouble *trouble, unsigned int abi)
{
	char theirs[16] = "another";

	if (abi)
		snprintf(theirs, sizeof(theirs), "%u", abi);
	trouble->status = STATUS_NO_MODULE;
	snprintf(trouble->what, sizeof(trouble->what),
		 "the module has ABI %s, this command has %u", theirs,
		 MMUSCOPE_ABI);
	trouble->hint = "use both of one release";
}

void device_try(struct cli *cli, struct trouble *trouble)
{
	int err = mmuscope_open(&cli->device);

	*trouble = (struct trouble) { .status = STATUS_OK };
	if (err) {
		cli->device = NULL;
		tell_open(trouble, err);
		return;
	}
	err = mmuscope_get_info(cli->device, &cli->info);
	if (err || cli->info.abi != MMUSCOPE_ABI) {
		tell_abi(trouble, err ? 0 : cli->info.abi);
		mmuscope_close(cli->device);
		cli->device = NULL;
	}
}

void device_failed(struct cli *cli, int err)
{
	enum status status = STATUS_FAILED;
	const char *reason = explain(err);

	if (err == -EINTR && interrupted())
		return;
	if (err == -EPERM || err == -EACCES) {
		status = STATUS_NOT_PERMITTED;
		reason = "Permission denied: it takes CAP_SYS_ADMIN";
	} else if (err == -EINVAL && cli->opt.end) {
		reason = "there are no such addresses";
	}
	if (cli->opt.json)
		json_string("error", reason);
	complain(cli, status, "%s", reason);
}

bool device_open(struct cli *cli)
{
	struct trouble trouble;

	device_try(cli, &trouble);
	if (!trouble.status)
		return true;
	if (cli->opt.json)
		json_string("error", trouble.what);
	fflush(stdout);
	fprintf(stderr, "mmuscope: /dev/mmuscope: %s: %s\n", trouble.what,
		trouble.hint);
	status_raise(cli, trouble.status);
	return false;
}
