// SPDX-License-Identifier: MIT
/* Values as hexdump(1) -C prints bytes; lines that repeat are one "*". */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define LINE 16

/**
 * struct line - a dump under way, line by line
 * @width: of a value in bytes
 * @nr: bytes in the line
 * @at: what its first byte is called
 * @byte: the line so far
 * @last: the line before
 * @any: there was one
 * @same: the last two were equal
 */
struct line {
	unsigned int width;
	unsigned int nr;
	uint64_t at;
	unsigned char byte[LINE];
	unsigned char last[LINE];
	bool any;
	bool same;
};

bool values_begin(struct cli *cli, struct values *values, uint64_t room)
{
	values->nr = 0;
	values->room = room;
	values->value = reallocarray(NULL, room, sizeof(*values->value));
	if (!values->value)
		complain(cli, STATUS_FAILED, "%s", explain(-ENOMEM));
	return values->value;
}

void values_end(struct values *values)
{
	free(values->value);
}

static void put_value(unsigned int width, uint64_t value)
{
	printf("%0*" PRIx64, 2 * (int)width, value);
}

static void put_values(const struct line *line)
{
	uint64_t value;
	unsigned int i;

	for (i = 0; i < LINE; i += line->width) {
		if (i % 8 == 0)
			putchar(' ');
		putchar(' ');
		value = 0;
		memcpy(&value, line->byte + i, line->width);
		if (i < line->nr)
			put_value(line->width, value);
		else
			printf("%*s", 2 * (int)line->width, "");
	}
}

static void put_characters(const struct line *line)
{
	unsigned int i;

	fputs("  |", stdout);
	for (i = 0; i < line->nr; i++)
		putchar(isascii(line->byte[i]) && isprint(line->byte[i]) ?
			line->byte[i] : '.');
	putchar('|');
}

static void put_line(struct line *line)
{
	printf("%08" PRIx64, line->at);
	put_values(line);
	if (line->width == 1)
		put_characters(line);
	putchar('\n');
}

static void end_line(struct line *line)
{
	bool same = line->any && line->nr == LINE &&
		    !memcmp(line->byte, line->last, LINE);

	if (!same)
		put_line(line);
	else if (!line->same)
		puts("*");
	line->same = same;
	memcpy(line->last, line->byte, LINE);
	line->at += line->nr;
	line->any = true;
	line->nr = 0;
}

/* Both processors put the lowest byte first. */
static void text_dump(const struct values *values)
{
	struct line line = { .width = values->width, .at = values->at };
	uint64_t i;

	for (i = 0; i < values->nr; i++) {
		memcpy(line.byte + line.nr, &values->value[i], line.width);
		line.nr += line.width;
		if (line.nr == LINE)
			end_line(&line);
	}
	if (line.nr)
		end_line(&line);
	printf("%08" PRIx64 "\n", line.at);
}

static void text_values(const struct values *values)
{
	uint64_t i;

	for (i = 0; i < values->nr; i++) {
		printf("%08" PRIx64 "  ", values->at + i * values->width);
		put_value(values->width, values->value[i]);
		putchar('\n');
	}
}

static void json_values(const struct values *values)
{
	uint64_t i;

	json_hex("at", values->at);
	json_number("width", 8 * values->width);
	json_array("values");
	for (i = 0; i < values->nr; i++)
		json_hex(NULL, values->value[i]);
	json_end();
}

void values_show(const struct cli *cli, const struct values *values, bool dump)
{
	if (cli->opt.json)
		json_values(values);
	else if (dump)
		text_dump(values);
	else
		text_values(values);
}
