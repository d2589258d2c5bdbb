// SPDX-License-Identifier: GPL-2.0-only
/* What outlives who runs programs: the corpus, and what it has reached. */
#include <dirent.h>
#include <stdio.h>
#include <sys/mman.h>

#include "fuzz.h"
#include "tap.h"
#include "text.h"

struct board *board;

void board_init(void)
{
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		tap_bail("no board: %m");
	madvise(board, sizeof(*board), MADV_HUGEPAGE);
}

static void load_file(const char *path)
{
	const char *rest;
	char *text;

	if (text_slurp(path, &text) < 0)
		tap_bail("%s: %m", path);
	for (rest = text; board->nr < MAX_INPUTS; board->nr++) {
		rest = program_read(&board->input[board->nr], rest);
		if (!rest)
			break;
	}
	text_free(text);
}

/* All files of a directory, in order. */
void board_load(const char *path)
{
	struct dirent **entry;
	int n = scandir(path, &entry, NULL, alphasort);
	char file[300];

	for (int i = 0; i < n; i++) {
		if (entry[i]->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry[i]->d_name);
		load_file(file);
	}
	board->nr_given = board->nr;
}

unsigned int board_fresh(const uint32_t *list, unsigned int nr, uint32_t *fresh)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < nr && found < MAX_NEW; i++)
		if (!board->seen[list[i]])
			fresh[found++] = list[i];
	return found;
}

void board_see(const uint32_t *list, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		board->nr_seen += !board->seen[list[i]];
		board->seen[list[i]] = 1;
	}
}
