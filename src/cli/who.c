// SPDX-License-Identifier: MIT
/* who: which processes map a frame, and where. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

static const struct {
	uint64_t status;
	const char *word;
	const char *why;
} doubts[] = {
	{ MMUSCOPE_MAPPERS_CHANGED, "changed", "it was put to another use meanwhile" },
	{ MMUSCOPE_MAPPERS_BUSY, "busy", "its reverse map was locked" },
	{ MMUSCOPE_MAPPERS_MORE, "more", "there are too many to remember" },
	{ MMUSCOPE_MAPPERS_SHIFTED, "shifted", "memory was mapped or unmapped meanwhile" },
};

#define NR_DOUBTS (sizeof(doubts) / sizeof(*doubts))

static const char *method_words(uint32_t method)
{
	static const char * const words[] = {
		[MMUSCOPE_METHOD_NONE] = "for nothing can map it",
		[MMUSCOPE_METHOD_ANON] = "by the reverse map of anonymous memory",
		[MMUSCOPE_METHOD_FILE] = "by the reverse map of its file",
		[MMUSCOPE_METHOD_HOLDING] = "by what it was handed out with",
		[MMUSCOPE_METHOD_SCAN] = "by a scan of all processes",
	};

	return method < MMUSCOPE_NR_METHODS ? words[method] : "?";
}

static void text_mapper(const struct cli *cli,
			const struct mmuscope_mapper *mapper)
{
	struct mmuscope_extent leaf = {
		.flags = mapper->flags, .level = mapper->level,
	};
	char perm[5];

	perm_word(mapper->flags, perm);
	if (mapper->pid)
		printf("  %" PRIu32, mapper->pid);
	else
		fputs("  ?", stdout);
	printf(" %" PRIx64 " %s %s ", (uint64_t)mapper->addr,
	       mmuscope_level_name(mapper->level), perm);
	text_flags(cli, &leaf);
	putchar(' ');
	text_escaped(mapper->comm, "\n\\");
	putchar('\n');
}

static void json_mapper(const struct mmuscope_mapper *mapper)
{
	json_object(NULL);
	if (mapper->pid) {
		json_number("pid", mapper->pid);
		json_string("comm", mapper->comm);
	} else {
		json_null("pid");
	}
	json_hex("address", mapper->addr);
	json_hex("start", mapper->start);
	json_number("bytes", mapper->bytes);
	json_string("level", mmuscope_level_name(mapper->level));
	json_perm(mapper->flags);
	json_flags(mapper->flags);
	json_end();
}

static void text_how(const struct mmuscope_mappers *how)
{
	const char *between = "not all, as";
	unsigned int i;

	printf("  %" PRIu64 " %s, %s; ", (uint64_t)how->nr,
	       how->nr == 1 ? "mapper" : "mappers", method_words(how->method));
	for (i = 0; i < NR_DOUBTS; i++) {
		if (!(how->status & doubts[i].status))
			continue;
		printf("%s %s", between, doubts[i].why);
		between = ", and";
	}
	puts(how->status ? "" : "that is all");
}

static void json_how(const struct mmuscope_mappers *how)
{
	unsigned int i;

	json_string("method", mmuscope_method_name(how->method));
	json_bool("complete", !how->status);
	json_array("doubts");
	for (i = 0; i < NR_DOUBTS; i++)
		if (how->status & doubts[i].status)
			json_string(NULL, doubts[i].word);
	json_end();
	json_number("looked", how->looked);
}

static int each_mapper(struct cli *cli, struct mmuscope_finder *finder)
{
	const struct mmuscope_mapper *mapper;
	int got = 0;

	while (!interrupted()) {
		got = mmuscope_find_next(finder, &mapper);
		if (got <= 0)
			break;
		if (cli->opt.json)
			json_mapper(mapper);
		else
			text_mapper(cli, mapper);
	}
	return got < 0 ? got : 0;
}

/* With a reverse map that stays locked a scan still finds them. */
static int find(struct cli *cli, uint64_t pfn, uint64_t flags,
		struct mmuscope_mappers *how)
{
	struct mmuscope_finder *finder;
	int err;

	err = mmuscope_find_begin(cli->device, pfn, flags, &finder);
	if (err)
		return err;
	err = each_mapper(cli, finder);
	mmuscope_find_how(finder, how);
	mmuscope_find_end(finder);
	if (!err && how->status & MMUSCOPE_MAPPERS_BUSY && !how->nr &&
	    !interrupted())
		return find(cli, pfn, MMUSCOPE_MAPPERS_SCAN, how);
	return err;
}

int who_tell(struct cli *cli, const struct mmuscope_frame *frame)
{
	uint64_t flags = cli->opt.scan ? MMUSCOPE_MAPPERS_SCAN : 0;
	struct mmuscope_mappers how;
	int err;

	if (cli->opt.json) {
		json_object("frame");
		json_frame(frame);
		json_end();
		json_array("mappers");
	} else {
		text_frame(frame);
	}
	err = find(cli, frame->pfn, flags, &how);
	if (cli->opt.json)
		json_end();
	if (err)
		return err;
	if (cli->opt.json)
		json_how(&how);
	else
		text_how(&how);
	return 0;
}

static void who_maps(struct cli *cli, const struct named *named, uint64_t pfn)
{
	struct mmuscope_frame frame;
	int err;

	err = mmuscope_frames(cli->device, pfn, 1, &frame);
	if (!err)
		err = who_tell(cli, &frame);
	if (err && !(err == -EINTR && interrupted()))
		complain(cli, STATUS_FAILED, "%s: %s", named->word, explain(err));
}

void who_run(struct cli *cli, int argc, char **argv)
{
	struct named *named = named_parse(cli, argc, argv);
	uint64_t pfn;
	int i;

	output_begin(cli);
	if (device_open(cli) && frames_allowed(cli)) {
		if (cli->opt.json)
			json_array("frames");
		for (i = 0; i < argc && !interrupted(); i++) {
			if (cli->opt.json)
				json_object(NULL);
			if (named_pfn(cli, &named[i], &pfn))
				who_maps(cli, &named[i], pfn);
			if (cli->opt.json)
				json_end();
		}
		if (cli->opt.json)
			json_end();
	}
	free(named);
}
