// SPDX-License-Identifier: MIT
/* mmio grant, revoke, grants: who opens what without CAP_SYS_RAWIO. */
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define ALL_WIDTHS 15	/* 1 | 2 | 4 | 8 */

/*
 * As /etc/group has them: the command is static, and what else can know groups
 * is not.
 */
static bool group_by(const char *name, uint64_t *gid, char *ret, size_t size)
{
	FILE *file = fopen("/etc/group", "re");
	struct group *group;
	bool found = false;

	while (file && !found && (group = fgetgrent(file))) {
		found = name ? !strcmp(group->gr_name, name) :
			       group->gr_gid == *gid;
		if (!found)
			continue;
		*gid = group->gr_gid;
		snprintf(ret, size, "%s", group->gr_name);
	}
	if (file)
		fclose(file);
	return found;
}

static uint32_t parse_group(const struct cli *cli)
{
	char name[64];
	uint64_t gid;

	if (!cli->opt.group)
		usage(cli, "which group? --group names it");
	if (!parse_number(cli->opt.group, UINT32_MAX - 1, &gid) &&
	    !group_by(cli->opt.group, &gid, name, sizeof(name)))
		usage(cli, "--group %s: /etc/group has no such group; a number will do",
		      cli->opt.group);
	return gid;
}

static const char *hint_of(int err)
{
	switch (err) {
	case -EEXIST:
		return "it is granted already";
	case -ENOENT:
		return "there is no such grant; 'mmuscope mmio grants' tells which there are";
	case -ENOSPC:
		return "there are too many grants; 'mmuscope mmio revoke' takes one back";
	case -EPERM:
		return "it takes CAP_SYS_RAWIO, CAP_SYS_ADMIN and no lockdown";
	case -EINVAL:
		return "it wants a range: A-B, a BAR or a name";
	default:
		return NULL;
	}
}

static void change(struct cli *cli, int argc, char **argv, uint64_t flags)
{
	struct mmuscope_mmio_grant grant = {
		.flags = flags, .widths = cli->opt.widths,
	};
	struct place place;
	int err;

	want(cli, argc, 1, 1);
	grant.gid = parse_group(cli);
	if (cli->opt.read_only)
		grant.flags |= MMUSCOPE_GRANT_READONLY;
	output_begin(cli);
	if (!device_open(cli) || !place_find(cli, argv[0], &place))
		return;
	grant.phys = place.start;
	grant.bytes = place.end - place.start;
	err = mmuscope_mmio_grant(cli->device, &grant);
	if (err)
		failed(cli, argv[0], err, hint_of(err));
}

void mmio_grant_run(struct cli *cli, int argc, char **argv)
{
	change(cli, argc, argv, 0);
}

void mmio_revoke_run(struct cli *cli, int argc, char **argv)
{
	change(cli, argc, argv, MMUSCOPE_GRANT_REMOVE);
}

static void text_grant(const struct mmuscope_mmio_grant *grant)
{
	unsigned int widths = grant->widths ? grant->widths : ALL_WIDTHS;
	const char *between = "";
	uint64_t gid = grant->gid;
	unsigned int width;
	char name[64];

	printf("%" PRIx64 "-%" PRIx64 " group ", (uint64_t)grant->phys,
	       (uint64_t)grant->phys + (uint64_t)grant->bytes);
	if (group_by(NULL, &gid, name, sizeof(name)))
		printf("%s width ", name);
	else
		printf("%" PRIu64 " width ", gid);
	for (width = 1; width <= 8; width *= 2) {
		if (!(widths & width))
			continue;
		printf("%s%u", between, 8 * width);
		between = ",";
	}
	puts(grant->flags & MMUSCOPE_GRANT_READONLY ? " read-only" : "");
}

static void json_grant(const struct mmuscope_mmio_grant *grant)
{
	unsigned int widths = grant->widths ? grant->widths : ALL_WIDTHS;
	unsigned int width;

	json_object(NULL);
	json_hex("start", grant->phys);
	json_hex("end", grant->phys + grant->bytes);
	json_number("gid", grant->gid);
	json_array("widths");
	for (width = 1; width <= 8; width *= 2)
		if (widths & width)
			json_number(NULL, 8 * width);
	json_end();
	json_bool("read_only", grant->flags & MMUSCOPE_GRANT_READONLY);
	json_end();
}

/* More may come between two calls: ask until there is room for all. */
static int fetch(struct cli *cli, struct mmuscope_mmio_grant **ret)
{
	struct mmuscope_mmio_grant *grants = NULL, *more;
	int room = 0, nr;

	while ((nr = mmuscope_mmio_grants(cli->device, room, grants)) > room) {
		more = reallocarray(grants, nr, sizeof(*grants));
		if (!more) {
			nr = -ENOMEM;
			break;
		}
		grants = more;
		room = nr;
	}
	*ret = grants;
	return nr;
}

void mmio_grants_run(struct cli *cli, int argc, char **argv)
{
	struct mmuscope_mmio_grant *grants;
	int i, nr;

	(void)argv;
	want(cli, argc, 0, 0);
	output_begin(cli);
	if (!device_open(cli))
		return;
	nr = fetch(cli, &grants);
	if (nr < 0)
		failed(cli, "grants", nr, nr == -EPERM ?
		       "it takes CAP_SYS_RAWIO" : NULL);
	if (cli->opt.json)
		json_array("grants");
	for (i = 0; i < nr; i++) {
		if (cli->opt.json)
			json_grant(&grants[i]);
		else
			text_grant(&grants[i]);
	}
	if (cli->opt.json)
		json_end();
	free(grants);
}
