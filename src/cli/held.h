/* SPDX-License-Identifier: MIT */
/* The part of cli.h, which includes it, that is about shares and windows. */
#ifndef _HELD_H
#define _HELD_H

#include "cli.h"

/* share.c info.c mmio.c grant.c holding.c */

void share_create_run(struct cli *cli, int argc, char **argv);
void share_info_run(struct cli *cli, int argc, char **argv);
void share_map_run(struct cli *cli, int argc, char **argv);
void share_peek_run(struct cli *cli, int argc, char **argv);
void share_poke_run(struct cli *cli, int argc, char **argv);
void share_rm_run(struct cli *cli, int argc, char **argv);
void mmio_map_run(struct cli *cli, int argc, char **argv);
void mmio_peek_run(struct cli *cli, int argc, char **argv);
void mmio_poke_run(struct cli *cli, int argc, char **argv);
void mmio_grant_run(struct cli *cli, int argc, char **argv);
void mmio_revoke_run(struct cli *cli, int argc, char **argv);
void mmio_grants_run(struct cli *cli, int argc, char **argv);
void share_list_run(struct cli *cli, int argc, char **argv);
void mmio_list_run(struct cli *cli, int argc, char **argv);

/* share.c */

/* Complains that a share cannot be opened. */
void share_failed(struct cli *cli, const char *name, int err);

/* holding.c */

/* Names of bits, with commas between them; likewise as an array. */
void text_bits(const char *(*name_of)(uint64_t flag), uint64_t flags);
void json_bits(const char *key, const char *(*name_of)(uint64_t flag),
	       uint64_t flags);

/* hexdump.c */

/**
 * struct values - what was read, to be printed
 * @at: what the first byte is called
 * @width: of a value in bytes
 * @nr: how many there are
 * @room: how many there can be
 * @value: the values
 */
struct values {
	uint64_t at;
	unsigned int width;
	uint64_t nr;
	uint64_t room;
	uint64_t *value;
};

/* False, with a complaint, if there is no memory for @room of them. */
bool values_begin(struct cli *cli, struct values *values, uint64_t room);
/* As a dump, or one value alone in its line; likewise as JSON. */
void values_show(const struct cli *cli, const struct values *values, bool dump);
void values_end(struct values *values);

/* mapping.c */

/**
 * struct mapping - what is mapped
 * @fd: of the share or window
 * @addr: where it is
 * @bytes: its size
 * @at: what its first byte is called in a dump
 * @name: its name
 * @width: of one access
 */
struct mapping {
	int fd;
	void *addr;
	uint64_t bytes;
	uint64_t at;
	const char *name;
	unsigned int width;
};

/* Reads @count values from @offset on, which lie in it, and prints them. */
void mapping_peek(struct cli *cli, const struct mapping *mapping,
		  uint64_t offset, uint64_t count, bool dump);
void mapping_poke(const struct mapping *mapping, uint64_t offset,
		  uint64_t value);
/* Tells where it is, dumps @count values, and waits unless --once. */
void mapping_show(struct cli *cli, const struct mapping *mapping,
		  uint64_t offset, uint64_t count);

/* place.c */

/**
 * struct place - where the command line points to
 * @word: as it was named
 * @start: first byte of what is named
 * @end: its end; @start if only an address is named
 * @at: physical address that "+OFFSET" leads to
 * @name: what to call a window there
 * @pci: address of the PCI device, "" without one
 * @disabled: the PCI device does not answer
 */
struct place {
	const char *word;
	uint64_t start;
	uint64_t end;
	uint64_t at;
	char name[MMUSCOPE_SHARE_NAME_SIZE];
	char pci[32];
	bool disabled;
};

/* False, with a complaint, if there is none. */
bool place_find(struct cli *cli, char *word, struct place *ret);
/* Does it answer, and are there @bytes from @at on? Else likewise. */
bool place_has(struct cli *cli, const struct place *place, uint64_t bytes);

/* window.c */

/**
 * struct window - an open window
 * @fd: to access it
 * @start: physical address of its first byte
 * @bytes: its size
 * @addr: where it is mapped, or NULL
 */
struct window {
	int fd;
	uint64_t start;
	uint64_t bytes;
	void *addr;
};

/*
 * Whole pages around what was named, or around @bytes from an address on; false,
 * with a complaint, if it is refused.
 */
bool window_map(struct cli *cli, const struct place *place, uint64_t bytes,
		struct window *ret);
/* The same to access @bytes from @place->at on. */
bool window_access(struct cli *cli, const struct place *place, uint64_t bytes,
		   struct window *ret);

#endif
