// SPDX-License-Identifier: MIT
/* Colours, on a terminal that has them and for who wants them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

static bool wanted;

void colour_init(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	wanted = isatty(STDOUT_FILENO) && !(no && *no) && term &&
		 strcmp(term, "dumb");
}

void colour(enum colour colour)
{
	static const char * const codes[] = {
		[COLOUR_NONE]		= "\033[0m",
		[COLOUR_HEADING]	= "\033[1m",
		[COLOUR_GOOD]		= "\033[32m",
		[COLOUR_AWAY]		= "\033[33m",
		[COLOUR_BAD]		= "\033[31m",
		[COLOUR_DIM]		= "\033[2m",
	};

	if (wanted)
		fputs(codes[colour], stdout);
}
