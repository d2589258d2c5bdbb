/* SPDX-License-Identifier: MIT */
/* The part of cli.h, which includes it, that is about frames and the kernel. */
#ifndef _FRAMES_H
#define _FRAMES_H

#include "cli.h"

/* maps.c summary.c translate.c kernel.c */

/* Print what a target has; what goes wrong is for the caller to complain of. */
int maps_print(struct cli *cli, struct mmuscope_target *target);
void summary_json(const struct cli *cli, const struct mmuscope_summary *sum);
int summary_print(struct cli *cli, struct mmuscope_target *target, pid_t pid);
int translate_print(struct cli *cli, struct mmuscope_target *target,
		    const uint64_t *addrs, size_t nr);
/* Addresses and symbols of the kernel's half. */
void kernel_translate(struct cli *cli, int nr, char **words);

/* symbol.c */

/* "NAME" or "NAME+OFFSET" */
int symbol_find(const char *word, uint64_t *ret);

/* frames.c */

/**
 * struct named - a frame as the command line names it
 * @word: the word
 * @value: a number of a frame, or an address
 * @is_phys: a physical address
 * @pid: an address of this process, unless 0
 */
struct named {
	const char *word;
	uint64_t value;
	bool is_phys;
	pid_t pid;
};

/* All of them, to be freed; wrong words exit. */
struct named *named_parse(struct cli *cli, int nr, char **words);
/* Its frame; what is in the way is complained of, also in JSON. */
bool named_pfn(struct cli *cli, const struct named *named, uint64_t *pfn);
/* May the caller see frames? The same. */
bool frames_allowed(struct cli *cli);

/* frame.c: a line; what is in a JSON object */

void text_frame(const struct mmuscope_frame *frame);
void json_frame(const struct mmuscope_frame *frame);

/* who.c */

/* The frame, who maps it, and how they were found: 0 or a negative errno. */
int who_tell(struct cli *cli, const struct mmuscope_frame *frame);

#endif
