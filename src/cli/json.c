// SPDX-License-Identifier: MIT
/*
 * JSON, written as it comes: nothing is kept but which brackets are open. A key
 * is NULL for an element of an array.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define MAX_DEPTH 16

static struct {
	char close[MAX_DEPTH];
	bool any[MAX_DEPTH];
	unsigned int depth;
} json;

/* Length of the UTF-8 character at @s, 0 if there is none. */
static unsigned int utf8_length(const unsigned char *s)
{
	unsigned int len = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 :
			   *s >= 0xe0 && *s < 0xf0 ? 3 :
			   *s >= 0xf0 && *s < 0xf5 ? 4 : 0;
	unsigned int i;

	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong, surrogates, beyond U+10FFFF. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

static void put_character(const unsigned char *s, unsigned int len)
{
	if (!len)
		fputs("\\ufffd", stdout);
	else if (*s == '"' || *s == '\\')
		printf("\\%c", *s);
	else if (*s < 0x20 || *s == 0x7f)
		printf("\\u%04x", *s);
	else
		fwrite(s, len, 1, stdout);
}

/* What is no UTF-8 becomes U+FFFD, for JSON has no word for it. */
static void put_string(const char *string)
{
	const unsigned char *s = (const unsigned char *)string;
	unsigned int len;

	putchar('"');
	for (; *s; s += len ? len : 1) {
		len = utf8_length(s);
		put_character(s, len);
	}
	putchar('"');
}

/* Plain elements of an array stand in one line. */
static void put_key(const char *key, bool plain)
{
	if (json.any[json.depth])
		putchar(',');
	if (json.depth && (key || !plain))
		printf("\n%*s", (int)json.depth, "");
	json.any[json.depth] = true;
	if (key) {
		put_string(key);
		putchar(':');
	}
}

static void begin(const char *key, char open, char close)
{
	put_key(key, false);
	putchar(open);
	json.close[json.depth++] = close;
	json.any[json.depth] = false;
}

void json_object(const char *key)
{
	begin(key, '{', '}');
}

void json_array(const char *key)
{
	begin(key, '[', ']');
}

void json_end(void)
{
	putchar(json.close[--json.depth]);
}

void json_string(const char *key, const char *value)
{
	put_key(key, true);
	put_string(value);
}

void json_hex(const char *key, uint64_t value)
{
	put_key(key, true);
	printf("\"0x%" PRIx64 "\"", value);
}

void json_number(const char *key, uint64_t value)
{
	put_key(key, true);
	printf("%" PRIu64, value);
}

void json_bool(const char *key, bool value)
{
	put_key(key, true);
	fputs(value ? "true" : "false", stdout);
}

void json_null(const char *key)
{
	put_key(key, true);
	fputs("null", stdout);
}

bool json_begun(void)
{
	return json.depth;
}

/* Closes what is open; @truncated: there would have been more. */
void json_finish(bool truncated)
{
	while (json.depth > 1)
		json_end();
	if (truncated)
		json_bool("truncated", true);
	json_end();
	putchar('\n');
}
