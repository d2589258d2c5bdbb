// SPDX-License-Identifier: MIT
/* entry: what a raw entry says, without the module. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "cli.h"

static void text_entry(const struct cli *cli, uint64_t raw,
		       const struct mmuscope_decoded *decoded)
{
	const struct mmuscope_extent flags = {
		.flags = decoded->flags, .pkey = decoded->pkey,
		.level = cli->opt.level,
	};
	char perm[5];

	perm_word(decoded->flags, perm);
	printf("%016" PRIx64 " %s %s:%" PRIx64 " %s ", raw,
	       mmuscope_level_name(cli->opt.level),
	       decoded->table ? "table" : "frame",
	       decoded->phys, perm);
	text_flags(cli, &flags);
	if (!decoded->table)
		printf(" %s:%" PRIu32, cli->opt.arch == MMUSCOPE_ARCH_ARM64 ?
		       "attr" : "pat", decoded->pat_index);
	putchar('\n');
}

static void json_entry(const struct cli *cli, uint64_t raw,
		       const struct mmuscope_decoded *decoded)
{
	json_hex("raw", raw);
	json_string("level", mmuscope_level_name(cli->opt.level));
	json_string("arch", arch_name(cli->opt.arch));
	if (!decoded) {
		json_bool("present", false);
		return;
	}
	json_bool("present", true);
	json_bool("table", decoded->table);
	json_hex("phys", decoded->phys);
	json_perm(decoded->flags);
	json_flags(decoded->flags);
	if (decoded->table)
		return;
	json_number("pat_index", decoded->pat_index);
	json_number("pkey", decoded->pkey);
}

static void decode_one(struct cli *cli, uint64_t raw)
{
	struct mmuscope_decoded decoded;
	int err;

	err = mmuscope_entry_decode(cli->opt.arch, cli->opt.level, raw,
				    &decoded);
	if (cli->opt.json) {
		json_object(NULL);
		json_entry(cli, raw, err ? NULL : &decoded);
		json_end();
	} else if (!err) {
		text_entry(cli, raw, &decoded);
	}
	if (err == -EINVAL)
		complain(cli, STATUS_FAILED,
			 "%" PRIx64 ": not present: what it means, only its kernel knows",
			 raw);
	else if (err)
		complain(cli, STATUS_FAILED, "--arch %s: not in this release",
			 arch_name(cli->opt.arch));
}

void entry_run(struct cli *cli, int argc, char **argv)
{
	uint64_t raw;
	int i;

	if (!argc)
		usage(cli, "which value?");
	for (i = 0; i < argc; i++)
		if (!parse_hex(argv[i], &raw))
			usage(cli, "%s: not a hexadecimal value", argv[i]);
	/* What text_flags() asks of the machine. */
	cli->info.page_shift = 12;
	cli->info.levels = MMUSCOPE_NR_LEVELS;
	output_begin(cli);
	if (cli->opt.json)
		json_array("entries");
	else if (!cli->opt.no_header)
		puts("RAW              LEVEL POINTS-TO PERM FLAGS MEMTYPE-FIELD");
	for (i = 0; i < argc && parse_hex(argv[i], &raw); i++)
		decode_one(cli, raw);
	if (cli->opt.json)
		json_end();
}
