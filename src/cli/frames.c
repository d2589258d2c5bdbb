// SPDX-License-Identifier: MIT
/* The frames that the command line names. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* A word up to its colon, as a PID. */
static bool parse_process(const char *word, size_t len, pid_t *ret)
{
	char pid[16];

	if (len >= sizeof(pid))
		return false;
	memcpy(pid, word, len);
	pid[len] = '\0';
	return parse_pid(pid, ret);
}

static bool parse_named(const char *word, struct named *named)
{
	const char *colon = strchr(word, ':');

	*named = (struct named) { .word = word };
	if (!colon)
		return parse_hex(word, &named->value);
	if (!parse_hex(colon + 1, &named->value))
		return false;
	if (colon - word == 4 && !strncmp(word, "phys", 4)) {
		named->is_phys = true;
		return true;
	}
	return parse_process(word, colon - word, &named->pid);
}

struct named *named_parse(struct cli *cli, int nr, char **words)
{
	struct named *named;
	int i;

	if (!nr && !cli->opt.end)
		usage(cli, "which frame? Its number, phys:ADDRESS or PID:ADDRESS");
	named = calloc(nr + 1, sizeof(*named));
	if (!named)
		usage(cli, "%s", explain(-ENOMEM));
	for (i = 0; i < nr; i++)
		if (!parse_named(words[i], &named[i]))
			usage(cli, "%s: neither a frame's number nor phys:ADDRESS nor PID:ADDRESS",
			      words[i]);
	return named;
}

static int translate(struct cli *cli, const struct named *named, uint64_t *phys)
{
	struct mmuscope_translation trans;
	struct mmuscope_target *target;
	int err;

	err = mmuscope_target_by_pid(cli->device,
				     is_self(named->pid) ? 0 : named->pid,
				     &target);
	if (err)
		return err;
	err = mmuscope_translate(target, &named->value, 1, &trans);
	mmuscope_target_close(target);
	if (err)
		return err;
	*phys = trans.phys;
	return trans.leaf.flags & MMUSCOPE_FLAG_PRESENT ? 0 : -ENXIO;
}

static const char *why(int err, enum status *status)
{
	*status = STATUS_FAILED;
	switch (err) {
	case -ENXIO:
		return "no frame is mapped there now";
	case -ESRCH:
		*status = STATUS_NOT_FOUND;
		return "no such process, or it has no memory of its own";
	case -EACCES:
	case -EPERM:
		*status = STATUS_NOT_PERMITTED;
		return "Permission denied: it takes the right to debug it";
	default:
		return explain(err);
	}
}

bool named_pfn(struct cli *cli, const struct named *named, uint64_t *pfn)
{
	uint64_t phys = named->value;
	enum status status;
	int err = 0;

	if (!named->pid && !named->is_phys) {
		*pfn = named->value;
		return true;
	}
	if (named->pid)
		err = translate(cli, named, &phys);
	*pfn = phys >> cli->info.page_shift;
	if (err) {
		const char *reason = why(err, &status);

		complain(cli, status, "%s: %s", named->word, reason);
		if (cli->opt.json)
			json_string("error", reason);
	}
	return !err;
}

bool frames_allowed(struct cli *cli)
{
	const char *reason = "Permission denied: it takes CAP_SYS_ADMIN to look at frames";

	if (may_see_frames(cli))
		return true;
	if (cli->opt.json)
		json_string("error", reason);
	complain(cli, STATUS_NOT_PERMITTED, "%s", reason);
	return false;
}
