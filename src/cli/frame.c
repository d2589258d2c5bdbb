// SPDX-License-Identifier: MIT
/* frame: what is in a frame. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

/* How many are fetched at once. */
#define FRAMES	256

static const struct {
	uint64_t flag;
	const char *word;
} notes[] = {
	{ MMUSCOPE_FRAME_CHANGED,	"changed" },
	{ MMUSCOPE_FRAME_FOLIO_COUNT,	"maps-of-folio" },
	{ MMUSCOPE_FRAME_PINS_MAYBE,	"pins-maybe" },
	{ MMUSCOPE_FRAME_WORKINGSET,	"workingset" },
	{ MMUSCOPE_FRAME_KIND_MAYBE,	"kind-maybe" },
};

#define NR_NOTES (sizeof(notes) / sizeof(*notes))

static bool has_file(const struct mmuscope_frame *frame)
{
	return frame->ino || frame->dev_major || frame->dev_minor;
}

static enum colour kind_colour(uint32_t kind)
{
	switch (kind) {
	case MMUSCOPE_FRAME_POISON:
		return COLOUR_BAD;
	case MMUSCOPE_FRAME_NONE:
	case MMUSCOPE_FRAME_OFFLINE:
	case MMUSCOPE_FRAME_FREE:
		return COLOUR_DIM;
	default:
		return COLOUR_GOOD;
	}
}

/* What it belongs to, as far as there is something. */
static void text_use(const struct mmuscope_frame *frame)
{
	if (frame->order)
		printf(" order:%" PRIu32 ",head:%" PRIx64, frame->order,
		       (uint64_t)frame->head);
	if (has_file(frame))
		printf(" file:%02" PRIx32 ":%02" PRIx32 ":%" PRIu64 ",offset:%" PRIx64,
		       frame->dev_major, frame->dev_minor, (uint64_t)frame->ino,
		       (uint64_t)frame->index);
	else if (frame->index)
		printf(" index:%" PRIx64, (uint64_t)frame->index);
	if (frame->share)
		printf(" share:%" PRIu64, (uint64_t)frame->share);
	if (frame->memcg)
		printf(" memcg:%" PRIu64, (uint64_t)frame->memcg);
	if (frame->lru == MMUSCOPE_LRU_GENERATION)
		printf(" lru:generation:%" PRIu32, frame->generation);
	else if (frame->lru)
		printf(" lru:%s", mmuscope_lru_name(frame->lru));
}

static void text_words(const struct mmuscope_frame *frame)
{
	const char *between = "", *name;
	unsigned int i;

	putchar(' ');
	for (i = 0; i < NR_NOTES; i++) {
		if (!(frame->flags & notes[i].flag))
			continue;
		printf("%s%s", between, notes[i].word);
		between = ",";
	}
	for (i = 0; i < 64; i++) {
		name = frame->kpf & 1ULL << i ? mmuscope_kpf_name(1ULL << i) : NULL;
		if (!name)
			continue;
		printf("%s%s", between, name);
		between = ",";
	}
	puts(*between ? "" : "-");
}

void text_frame(const struct mmuscope_frame *frame)
{
	const char *kind = mmuscope_frame_kind_name(frame->kind);
	const char *zone = mmuscope_zone_name(frame->zone);

	printf("%" PRIx64 " ", (uint64_t)frame->pfn);
	colour(kind_colour(frame->kind));
	printf("%-8s", frame->flags & MMUSCOPE_FRAME_CHANGED ? "changed" :
		       kind ? kind : "?");
	colour(COLOUR_NONE);
	if (zone)
		printf(" %" PRId32 ":%s", frame->node, zone);
	else
		fputs(" -", stdout);
	printf(" refs:%" PRId64 " maps:%" PRId64, (int64_t)frame->refcount,
	       (int64_t)frame->mapcount);
	if (frame->pins < 0)
		fputs(" pins:?", stdout);
	else
		printf(" pins:%" PRId64, (int64_t)frame->pins);
	text_use(frame);
	text_words(frame);
}

static void json_words(const struct mmuscope_frame *frame)
{
	const char *name;
	unsigned int i;

	json_array("notes");
	for (i = 0; i < NR_NOTES; i++)
		if (frame->flags & notes[i].flag)
			json_string(NULL, notes[i].word);
	json_end();
	json_array("flags");
	for (i = 0; i < 64; i++) {
		name = frame->kpf & 1ULL << i ? mmuscope_kpf_name(1ULL << i) : NULL;
		if (name)
			json_string(NULL, name);
	}
	json_end();
	json_hex("kpageflags", frame->kpf);
}

static void json_use(const struct mmuscope_frame *frame)
{
	char dev[24];

	json_hex("head", frame->head);
	json_number("order", frame->order);
	json_number("section", frame->section);
	if (has_file(frame)) {
		snprintf(dev, sizeof(dev), "%02" PRIx32 ":%02" PRIx32,
			 frame->dev_major, frame->dev_minor);
		json_string("dev", dev);
		json_number("inode", frame->ino);
	}
	json_hex("index", frame->index);
	if (frame->share)
		json_number("share", frame->share);
	if (frame->memcg)
		json_number("memcg", frame->memcg);
	if (frame->lru)
		json_string("lru", mmuscope_lru_name(frame->lru));
	if (frame->lru == MMUSCOPE_LRU_GENERATION)
		json_number("generation", frame->generation);
}

void json_frame(const struct mmuscope_frame *frame)
{
	const char *kind = mmuscope_frame_kind_name(frame->kind);
	const char *zone = mmuscope_zone_name(frame->zone);

	json_hex("pfn", frame->pfn);
	if (frame->flags & MMUSCOPE_FRAME_CHANGED)
		json_null("kind");
	else
		json_string("kind", kind ? kind : "?");
	if (zone) {
		json_number("node", frame->node);
		json_string("zone", zone);
	}
	json_number("refs", frame->refcount);
	json_number("maps", frame->mapcount);
	if (frame->pins < 0)
		json_null("pins");
	else
		json_number("pins", frame->pins);
	json_use(frame);
	json_words(frame);
}

static void tell(const struct cli *cli, const struct mmuscope_frame *frame)
{
	if (cli->opt.json)
		json_frame(frame);
	else
		text_frame(frame);
}

static void tell_range(struct cli *cli)
{
	static struct mmuscope_frame frame[FRAMES];
	uint64_t pfn = cli->opt.start >> cli->info.page_shift;
	uint64_t end = cli->opt.end >> cli->info.page_shift, i, nr;
	int err;

	for (; pfn < end && !interrupted(); pfn += nr) {
		nr = end - pfn < FRAMES ? end - pfn : FRAMES;
		err = mmuscope_frames(cli->device, pfn, nr, frame);
		if (err) {
			complain(cli, STATUS_FAILED, "%s", explain(err));
			return;
		}
		for (i = 0; i < nr; i++) {
			if (cli->opt.json)
				json_object(NULL);
			tell(cli, &frame[i]);
			if (cli->opt.json)
				json_end();
		}
	}
}

static void tell_named(struct cli *cli, const struct named *named)
{
	struct mmuscope_frame frame;
	uint64_t pfn;
	int err;

	if (!named_pfn(cli, named, &pfn))
		return;
	err = mmuscope_frames(cli->device, pfn, 1, &frame);
	if (err)
		complain(cli, STATUS_FAILED, "%s: %s", named->word, explain(err));
	else
		tell(cli, &frame);
}

void frame_run(struct cli *cli, int argc, char **argv)
{
	struct named *named = named_parse(cli, argc, argv);
	int i;

	output_begin(cli);
	if (device_open(cli) && frames_allowed(cli)) {
		if (cli->opt.json)
			json_array("frames");
		for (i = 0; i < argc && !interrupted(); i++) {
			if (cli->opt.json)
				json_object(NULL);
			tell_named(cli, &named[i]);
			if (cli->opt.json)
				json_end();
		}
		if (cli->opt.end)
			tell_range(cli);
		if (cli->opt.json)
			json_end();
	}
	free(named);
}
