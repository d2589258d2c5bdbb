// SPDX-License-Identifier: MIT
/*
 * kernel: what debugfs' kernel/maps and kernel/summary print; and the addresses
 * of translate --kernel.
 */
#include <errno.h>
#include <stdlib.h>

#include "cli.h"

static const char *why(const struct cli *cli, int err, enum status *status)
{
	*status = STATUS_FAILED;
	switch (err) {
	case -EPERM:
		*status = STATUS_NOT_PERMITTED;
		return "it takes CAP_SYS_ADMIN, CAP_SYSLOG, kptr_restrict below 2, no lockdown";
	case -EOPNOTSUPP:
		return "user mode has no tables of its own: no page table isolation";
	case -EINVAL:
		if (cli->opt.end)
			return "--range goes beyond the kernel's half";
		/* fall through */
	default:
		return explain(err);
	}
}

static void kernel_failed(struct cli *cli, int err)
{
	enum status status;
	const char *reason = why(cli, err, &status);

	if (err == -EINTR && interrupted())
		return;
	if (cli->opt.json)
		json_string("error", reason);
	complain(cli, status, "the kernel's half: %s", reason);
}

/* Opens the device and what is looked at; false after a complaint. */
static bool bind_kernel(struct cli *cli, struct mmuscope_target **ret)
{
	int err;

	output_begin(cli);
	if (!device_open(cli))
		return false;
	err = mmuscope_target_kernel(cli->device, cli->opt.user, ret);
	if (err)
		kernel_failed(cli, err);
	return !err;
}

void kernel_run(struct cli *cli, int argc, char **argv)
{
	struct mmuscope_target *target;
	int err;

	if (argc)
		usage(cli, "%s: it wants no argument", argv[0]);
	if (cli->opt.summary && (cli->opt.end || cli->opt.mask || cli->opt.anyof))
		usage(cli, "--summary is of all that there is");
	if (!bind_kernel(cli, &target))
		return;
	err = cli->opt.summary ? summary_print(cli, target, 0) :
				 maps_print(cli, target);
	if (err)
		kernel_failed(cli, err);
	mmuscope_target_close(target);
}

/*
 * A number with the highest bit is an address, for all of the kernel's have it;
 * what else could be one, like "add", is a symbol.
 */
static void find_address(const struct cli *cli, const char *word, uint64_t *ret)
{
	int err = 0;

	if (!parse_hex(word, ret) || !(*ret >> 63))
		err = symbol_find(word, ret);
	switch (err) {
	case 0:
		return;
	case -ENOTUNIQ:
		usage(cli, "%s: several symbols have this name; take an address",
		      word);
	case -EPERM:
		usage(cli, "%s: the addresses of symbols are hidden from you (kptr_restrict)",
		      word);
	default:
		usage(cli, "%s: neither an address of the kernel's half nor a symbol",
		      word);
	}
}

void kernel_translate(struct cli *cli, int nr, char **words)
{
	uint64_t *addrs = calloc(nr, sizeof(*addrs));
	struct mmuscope_target *target;
	int err = addrs ? 0 : -ENOMEM, i;

	for (i = 0; i < nr && !err; i++)
		find_address(cli, words[i], &addrs[i]);
	if (err) {
		complain(cli, STATUS_FAILED, "%s", explain(err));
	} else if (bind_kernel(cli, &target)) {
		err = translate_print(cli, target, addrs, nr);
		if (err)
			kernel_failed(cli, err);
		mmuscope_target_close(target);
	}
	free(addrs);
}
