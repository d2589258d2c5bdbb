// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a target that stands still does not depend on how it is read: in
 * pieces of 1, 7, 4096 bytes or 1 MB, again after lseek(), in turns with another
 * file, or by pread() from its end to its start.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "target.h"
#include "text.h"

/* Enough extents for several batches of the module. */
static struct span built(void)
{
	struct span span = memory_small(4 * MB);

	memory_touch(span, 8192);
	return span;
}

/* A way to read all of a file; the text, or NULL. */
typedef char *(*way)(pid_t pid, const char *file, size_t chunk);

static char *in_pieces(pid_t pid, const char *file, size_t chunk)
{
	int fd = text_open(pid, file);
	char *text;

	text_read(fd, chunk, &text);
	close(fd);
	return text;
}

static char *again(pid_t pid, const char *file, size_t chunk)
{
	int fd = text_open(pid, file);
	char *text = NULL, half[5000];

	if (read(fd, half, sizeof(half)) > 0 && !lseek(fd, 0, SEEK_SET))
		text_read(fd, chunk, &text);
	close(fd);
	return text;
}

/* Two files of one reader, in turns. */
static char *side_by_side(pid_t pid, const char *file, size_t chunk)
{
	int fd = text_open(pid, file), other = text_open(pid, file);
	char *text = NULL, *rest, head[5000];
	ssize_t n = read(fd, head, sizeof(head));

	text_read(other, chunk, &text);
	if (n > 0 && text && !memcmp(head, text, n) && text_read(fd, chunk, &rest) > 0) {
		if (strcmp(rest, text + n))
			text[0] = '\0';
		text_free(rest);
	}
	close(fd);
	close(other);
	return text;
}

/* Pieces from the end to the start, put together. */
static char *backwards(pid_t pid, const char *file, size_t chunk)
{
	char *text = in_pieces(pid, file, 4096);
	size_t len = text ? strlen(text) : 0;
	int fd = text_open(pid, file);

	for (size_t at = len / chunk * chunk; text; at -= chunk) {
		size_t want = len - at < chunk ? len - at : chunk;

		memset(text + at, '?', want);
		if (pread(fd, text + at, want, at) < 0 || !at)
			break;
	}
	if (text && pread(fd, text + len, 1, len))
		text[0] = '\0';
	close(fd);
	return text;
}

/*
 * The target stands still, but pages that it shares with us can change from
 * shared to not shared: only a text that is the same before and after counts.
 */
static bool same(pid_t pid, const char *file, way way, size_t chunk)
{
	bool same = false, still = false;

	for (int i = 0; i < 10 && !still; i++) {
		char *before = in_pieces(pid, file, 65536);
		char *text = way(pid, file, chunk);
		char *after = in_pieces(pid, file, 65536);

		still = before && after && !strcmp(before, after);
		same = still && text && !strcmp(text, before);
		text_free(before);
		text_free(text);
		text_free(after);
	}
	return same;
}

int main(void)
{
	static const struct {
		const char *how;
		way way;
		size_t chunk;
	} ways[] = {
		{ "1 byte at a time", in_pieces, 1 },
		{ "7 bytes at a time", in_pieces, 7 },
		{ "4096 bytes at a time", in_pieces, 4096 },
		{ "1 MB at a time", in_pieces, 1 << 20 },
		{ "again from the start", again, 4096 },
		{ "two files in turns", side_by_side, 4096 },
		{ "by pread from end to start", backwards, 999 },
	};
	static const char * const files[] = { "maps", "pagetable" };
	struct target t;

	if (!target_start(&t, built, NULL))
		tap_bail("%s", t.why);
	for (int f = 0; f < 2; f++)
		for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
			tap_ok(same(t.pid, files[f], ways[i].way, ways[i].chunk),
			       "%s: %s", files[f], ways[i].how);
	target_stop(&t);
	return tap_done();
}
