/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <linux/mmuscope.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Calls with bad arguments: each has its errno and leaves nothing behind, what
 * is not so is noted and counted.
 */
#define KERNEL 0xffff888000000000ULL
#define BIT(n) (1ULL << (n))
#define AT(name, field) offsetof(struct mmuscope_##name, field)

enum { ROOM = 65536 };

/* A command with a good argument of @size bytes, of @first when it was released. */
struct command {
	const char *name;
	const int *fd;
	unsigned long cmd;
	size_t size;
	const void *good;
	bool opens;		/* returns a descriptor */
	size_t first;		/* 0: @size */
};

/* A field, and what is to stand there. */
struct change {
	size_t at;
	uint64_t to;
};

/* Descriptors, good arguments and the arrays that these speak of. */
extern int device, handle;
extern struct mmuscope_scan scan;
extern struct mmuscope_translate translate;
extern const struct command SCAN, TRANSLATE, SUMMARY, INFO;
extern struct out {
	_Alignas(64) unsigned char extents[ROOM];
	unsigned char vmas[ROOM], names[ROOM];
} out;

/* Addresses with nothing there, resp. where nobody may write. */
extern uintptr_t unmapped, readonly;

extern unsigned long cases, bad;

void arguments_prepare(void);
int arguments_descriptors(void);

/* One call with @arg, which is to be left alone if it fails. */
void call(const struct command *c, const char *what, unsigned long long value,
	  void *arg, size_t size, int want);

/* The same with the good argument and one or two fields changed. */
void changed(const struct command *c, const char *what, struct change a,
	     struct change b, int want);

/* Each bit that is not known is refused. */
void bits(const struct command *c, const char *what, size_t at, uint64_t known);

/* The size as at first, too small, too large, with a tail of 0 and of something else. */
void sizes(const struct command *c);

/* The argument itself where it cannot be read. */
void pointers(const struct command *c);

/* One result line; there must have been so many cases. */
void result(const char *name, unsigned long least);

#endif
