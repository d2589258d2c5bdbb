// SPDX-License-Identifier: MIT
/* share info: what a share is, and where its frames are. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

#define FRAMES 512	/* asked for at once */

static void text_names(const char *what, const char *(*name_of)(uint64_t flag),
		       uint64_t flags)
{
	printf("%-9s ", what);
	text_bits(name_of, flags);
	putchar('\n');
}

static void text_info(const struct mmuscope_share_info *info)
{
	printf("%-9s %s\n", "name", info->name);
	printf("%-9s %" PRIu64 "\n", "id", (uint64_t)info->id);
	printf("%-9s %" PRIu64 "\n", "size", (uint64_t)info->bytes);
	printf("%-9s %" PRIu64 "\n", "page", UINT64_C(1) << info->page_shift);
	printf("%-9s %s\n", "memtype", mmuscope_memtype_name(info->memtype));
	printf("%-9s %" PRId32 "\n", "node", info->node);
	printf("%-9s %04" PRIo32 "\n", "mode", info->mode);
	text_names("flags", mmuscope_share_flag_name, info->flags);
	text_names("seals", mmuscope_seal_name, info->seals);
}

static void json_info(const struct mmuscope_share_info *info)
{
	char mode[8];

	snprintf(mode, sizeof(mode), "%04" PRIo32, info->mode);
	json_string("name", info->name);
	json_number("id", info->id);
	json_number("bytes", info->bytes);
	json_number("page", UINT64_C(1) << info->page_shift);
	json_string("memtype", mmuscope_memtype_name(info->memtype));
	json_number("node", info->node);
	json_string("mode", mode);
	json_bits("flags", mmuscope_share_flag_name, info->flags);
	json_bits("seals", mmuscope_seal_name, info->seals);
}

/* A run of frames that follow each other; nothing if @end is 0. */
struct run {
	uint64_t start;
	uint64_t end;
};

static void put_run(const struct cli *cli, const struct run *run)
{
	if (!run->end)
		return;
	if (!cli->opt.json) {
		printf("%-9s %" PRIx64 "-%" PRIx64 "\n", "frames", run->start,
		       run->end);
		return;
	}
	json_object(NULL);
	json_hex("start", run->start);
	json_hex("end", run->end);
	json_end();
}

static int put_frames(const struct cli *cli, int fd,
		      const struct mmuscope_share_info *info)
{
	uint64_t page = UINT64_C(1) << info->page_shift;
	uint64_t phys[FRAMES], first = 0, nr = info->bytes / page;
	struct run run = { .end = 0 };
	int got = 0, i;

	for (; first < nr && !interrupted(); first += got) {
		got = mmuscope_share_phys(fd, first, FRAMES, phys);
		if (got <= 0)
			break;
		for (i = 0; i < got; i++, run.end += page) {
			if (phys[i] == run.end && run.end)
				continue;
			put_run(cli, &run);
			run.start = phys[i];
			run.end = phys[i];
		}
	}
	put_run(cli, &run);
	return got < 0 ? got : 0;
}

static void show_frames(struct cli *cli, int fd,
			const struct mmuscope_share_info *info)
{
	int err = 0;

	if (!may_see_frames(cli)) {
		if (cli->opt.json)
			json_null("frames");
		else
			printf("%-9s -\n", "frames");
		return;
	}
	if (cli->opt.json)
		json_array("frames");
	err = put_frames(cli, fd, info);
	if (cli->opt.json)
		json_end();
	if (err)
		failed(cli, info->name, err, NULL);
}

void share_info_run(struct cli *cli, int argc, char **argv)
{
	struct mmuscope_share_info info;
	int fd, err;

	want(cli, argc, 1, 1);
	output_begin(cli);
	if (!device_open(cli))
		return;
	fd = mmuscope_share_open(cli->device, argv[0], MMUSCOPE_SHARE_READONLY,
				 NULL);
	err = fd < 0 ? fd : mmuscope_share_info(fd, &info);
	if (err) {
		share_failed(cli, argv[0], err);
	} else {
		/* That is how it was opened here, not how it is. */
		info.flags &= ~MMUSCOPE_SHARE_READONLY;
		if (cli->opt.json)
			json_info(&info);
		else
			text_info(&info);
		show_frames(cli, fd, &info);
	}
	if (fd >= 0)
		close(fd);
}
