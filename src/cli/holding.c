// SPDX-License-Identifier: MIT
/*
 * share list, mmio list: who has what, and who maps it; the lines that debugfs'
 * mappings has.
 */
#include <inttypes.h>
#include <stdio.h>

#include "cli.h"

void text_bits(const char *(*name_of)(uint64_t flag), uint64_t flags)
{
	const char *between = "", *name;
	unsigned int i;

	for (i = 0; i < 64; i++) {
		name = flags & 1ULL << i ? name_of(1ULL << i) : NULL;
		if (!name)
			continue;
		printf("%s%s", between, name);
		between = ",";
	}
	if (!*between)
		putchar('-');
}

void json_bits(const char *key, const char *(*name_of)(uint64_t flag),
	       uint64_t flags)
{
	const char *name;
	unsigned int i;

	json_array(key);
	for (i = 0; i < 64; i++) {
		name = flags & 1ULL << i ? name_of(1ULL << i) : NULL;
		if (name)
			json_string(NULL, name);
	}
	json_end();
}

static bool is_share(const struct mmuscope_holding *holding)
{
	return holding->kind == MMUSCOPE_HOLDING_SHARE;
}

static void text_what(const struct cli *cli,
		      const struct mmuscope_holding *holding)
{
	const char *memtype = mmuscope_memtype_name(holding->memtype);

	printf("%s %" PRIu64 " name %s ", is_share(holding) ? "share" : "mmio",
	       (uint64_t)holding->id, *holding->name ? holding->name : "-");
	if (!is_share(holding) && may_see_frames(cli))
		printf("phys %" PRIx64 " ", (uint64_t)holding->phys);
	else if (!is_share(holding))
		fputs("phys - ", stdout);
	printf("size %" PRIu64 " ", (uint64_t)holding->bytes);
	if (is_share(holding))
		printf("page %" PRIu64 " ", UINT64_C(1) << holding->page_shift);
	printf("memtype %s ", memtype ? memtype : "-");
	if (is_share(holding))
		printf("mode %04" PRIo32 " ", holding->mode);
}

static void text_held(const struct cli *cli,
		      const struct mmuscope_holding *holding)
{
	text_what(cli, holding);
	printf("uid %" PRIu32 " opener %" PRIu32 " files %" PRIu32
	       " since %" PRIu64 ".%03" PRIu64 " flags ", holding->opener_uid,
	       holding->opener, holding->files,
	       (uint64_t)holding->since / 1000000000,
	       (uint64_t)holding->since / 1000000 % 1000);
	text_bits(is_share(holding) ? mmuscope_share_flag_name :
				      mmuscope_mmio_flag_name, holding->flags);
	putchar('\n');
}

static void text_mapping(const struct mmuscope_holding *holding)
{
	printf("  %" PRIx64 "-%" PRIx64 " offset %" PRIx64 " pid %" PRIu32
	       " comm ", (uint64_t)holding->start, (uint64_t)holding->end,
	       (uint64_t)holding->offset, holding->pid);
	text_escaped(holding->comm, " \t\n\\");
	putchar('\n');
}

static void json_held(const struct cli *cli,
		      const struct mmuscope_holding *holding)
{
	const char *memtype = mmuscope_memtype_name(holding->memtype);
	char mode[8];

	json_number("id", holding->id);
	json_string("name", holding->name);
	if (!is_share(holding) && may_see_frames(cli))
		json_hex("phys", holding->phys);
	json_number("bytes", holding->bytes);
	json_string("memtype", memtype ? memtype : "");
	if (is_share(holding)) {
		snprintf(mode, sizeof(mode), "%04" PRIo32, holding->mode);
		json_number("page", UINT64_C(1) << holding->page_shift);
		json_string("mode", mode);
	}
	json_number("uid", holding->opener_uid);
	json_number("opener", holding->opener);
	json_number("files", holding->files);
	json_number("since_ns", holding->since);
	json_bits("flags", is_share(holding) ? mmuscope_share_flag_name :
					       mmuscope_mmio_flag_name,
		  holding->flags);
}

static void json_mapping(const struct mmuscope_holding *holding)
{
	json_object(NULL);
	json_hex("start", holding->start);
	json_hex("end", holding->end);
	json_hex("offset", holding->offset);
	json_number("pid", holding->pid);
	json_string("comm", holding->comm);
	json_end();
}

/* A share or window is begun once, with all its mappings after it. */
static void show_one(const struct cli *cli, uint64_t *id,
		     const struct mmuscope_holding *holding)
{
	bool mapped = holding->end;

	if (cli->opt.json && *id != holding->id) {
		if (*id) {
			json_end();
			json_end();
		}
		json_object(NULL);
		json_held(cli, holding);
		json_array("mappings");
	} else if (*id != holding->id) {
		text_held(cli, holding);
	}
	*id = holding->id;
	if (mapped && cli->opt.json)
		json_mapping(holding);
	else if (mapped)
		text_mapping(holding);
}

static int show_all(const struct cli *cli, struct mmuscope_lister *lister)
{
	const struct mmuscope_holding *holding;
	uint64_t id = 0;
	int got = 0;

	while (!interrupted()) {
		got = mmuscope_list_next(lister, &holding);
		if (got <= 0)
			break;
		show_one(cli, &id, holding);
	}
	if (cli->opt.json && id) {
		json_end();
		json_end();
	}
	return got < 0 ? got : 0;
}

static void list(struct cli *cli, enum mmuscope_holding_kind kind,
		 const char *key)
{
	struct mmuscope_lister *lister;
	int err;

	output_begin(cli);
	if (!device_open(cli))
		return;
	err = mmuscope_list_begin(cli->device, kind, &lister);
	if (cli->opt.json)
		json_array(key);
	if (!err) {
		err = show_all(cli, lister);
		mmuscope_list_end(lister);
	}
	if (cli->opt.json)
		json_end();
	if (err)
		failed(cli, "list", err, NULL);
}

void share_list_run(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	want(cli, argc, 0, 0);
	list(cli, MMUSCOPE_HOLDING_SHARE, "shares");
}

void mmio_list_run(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	want(cli, argc, 0, 0);
	list(cli, MMUSCOPE_HOLDING_MMIO, "windows");
}
