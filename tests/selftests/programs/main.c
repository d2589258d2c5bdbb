// SPDX-License-Identifier: GPL-2.0-only
/* The file that all programs are in becomes the one it is called as. */
#include <libgen.h>
#include <stdio.h>
#include <string.h>

#include "programs.h"

int main(int argc, char **argv)
{
	const char *name = argc ? basename(argv[0]) : "";

	for (const struct program *p = programs; p->name; p++)
		if (!strcmp(p->name, name))
			return p->main(argc, argv);
	fprintf(stderr, "%s: no program is called that\n", name);
	return 2;
}
