/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PROGRAMS_H
#define PROGRAMS_H

/* All programs of this directory, in one file; the last has no name. */
struct program {
	const char *name;
	int (*main)(int argc, char **argv);
};

extern const struct program programs[];

#endif
