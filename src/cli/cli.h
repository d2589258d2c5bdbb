/* SPDX-License-Identifier: MIT */
/* What the files of the command ask of each other. */
#ifndef _CLI_H
#define _CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <mmuscope.h>

/* What the command ends with; mmuscope(1) tells when. */
enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_FOUND = 3,
	STATUS_NOT_PERMITTED = 4,
	STATUS_NO_MODULE = 5,
	STATUS_NOT_FOUND = 42,
};

/* options.c */

/* Which options a command takes besides those that all take. */
#define TAKES_COMM	(1U << 0)
#define TAKES_RANGE	(1U << 1)
#define TAKES_FILTER	(1U << 2)
#define TAKES_ENTRY	(1U << 3)
#define TAKES_CREATE	(1U << 4)
#define TAKES_MEMTYPE	(1U << 5)
#define TAKES_READ_ONLY	(1U << 6)
#define TAKES_ONCE	(1U << 7)
#define TAKES_WIDTH	(1U << 8)
#define TAKES_WINDOW	(1U << 9)
#define TAKES_YES	(1U << 10)
#define TAKES_GROUP	(1U << 11)
#define TAKES_USER	(1U << 12)
#define TAKES_KERNEL	(1U << 13)
#define TAKES_SUMMARY	(1U << 14)
#define TAKES_SCAN	(1U << 15)
#define TAKES_PHYS	(1U << 16)
#define TAKES_OUTSIDE	(1U << 17)
#define TAKES_PACE	(1U << 18)
#define TAKES_ALL	(1U << 19)

/**
 * struct options - the command line, but for what stands alone
 * @json: print JSON
 * @no_header: print no headings
 * @comm: look at the processes of this name, or NULL
 * @start: first address of the range
 * @end: end of the range, 0 without one
 * @mask: as in struct mmuscope_scan_options
 * @inverted: likewise
 * @anyof: likewise
 * @flat: tell of each physical address once
 * @count: count the frames by what they are used for
 * @level: of a raw entry
 * @arch: likewise
 * @mode: permissions of a new share
 * @page_shift: log2 of its page size, 0 for the smallest
 * @on_node: its frames are to be on @node
 * @node: NUMA node
 * @contiguous: its frames are to follow each other
 * @memtype: enum mmuscope_memtype, 0 for what is usual
 * @read_only: not to be written
 * @once: do not wait
 * @width: of one access in bytes, 0 for what is usual
 * @widths: all that were named, as struct mmuscope_mmio_grant has them
 * @shared: with windows that say so too
 * @unlisted: where nothing is known to be
 * @yes: do what may do harm
 * @group: whom a grant is for, or NULL
 * @scan: look for mappers in all processes
 * @kernel: addresses are of the kernel's half
 * @user: what of it user mode's tables have
 * @summary: in numbers
 * @outside: look for what is in no VMA too
 * @max_hold: as in struct mmuscope_scan_options
 * @budget: likewise
 * @threads: likewise
 * @all: of all processes
 * @sorted: it was said by what
 * @by_rss: by what is resident, not by what of it is the process' part
 */
struct options {
	bool json;
	bool no_header;
	bool kernel;
	bool user;
	bool summary;
	const char *comm;
	uint64_t start;
	uint64_t end;
	uint64_t mask;
	uint64_t inverted;
	uint64_t anyof;
	bool flat;
	bool count;
	enum mmuscope_level level;
	enum mmuscope_arch arch;
	uint32_t mode;
	uint32_t page_shift;
	bool on_node;
	int node;
	bool contiguous;
	uint32_t memtype;
	bool read_only;
	bool once;
	unsigned int width;
	unsigned int widths;
	bool shared;
	bool unlisted;
	bool yes;
	const char *group;
	bool scan;
	bool outside;
	uint64_t max_hold;
	uint64_t budget;
	unsigned int threads;
	bool all;
	bool sorted;
	bool by_rss;
};

struct cli;

/* Returns the index of the first word that stands alone; wrong words exit. */
int options_parse(struct cli *cli, int argc, char **argv);
/* From @least to @most words stand alone, or it is wrong usage. */
void want(const struct cli *cli, int argc, int least, int most);

/* values.c */

const char *arch_name(unsigned int arch);
bool parse_hex(const char *word, uint64_t *ret);
bool parse_number(const char *word, uint64_t max, uint64_t *ret);
/* With K, M or G behind it. */
bool parse_size(const char *word, uint64_t *ret);
/* "present,swap" as categories; likewise. */
uint64_t parse_words(const struct cli *cli, char *words);
/* Values to look at, not 0; words that say something else exit. */
uint64_t parse_count(const struct cli *cli, const char *word);
/* No wider than --width; likewise. */
uint64_t parse_value(const struct cli *cli, const char *word,
		     unsigned int width);
unsigned int parse_arch(const struct cli *cli, const char *word);

/* commands.c */

/**
 * struct command - a row of the table of commands
 * @name: what it is called by
 * @verb: what it is to do, for a name that has several, or NULL
 * @alias: another name, or NULL
 * @args: what stands alone on its line
 * @what: what it does, for the usage
 * @takes: TAKES_*
 * @together: its processes are told of together, without a heading for each
 * @run: does it, with what stands alone; what goes wrong is in cli->status
 */
struct command {
	const char *name;
	const char *verb;
	const char *alias;
	const char *args;
	const char *what;
	unsigned int takes;
	bool together;
	void (*run)(struct cli *cli, int argc, char **argv);
};

/**
 * struct cli - this run
 * @command: which
 * @opt: how
 * @device: /dev/mmuscope, if the command opens it
 * @info: what the module said
 * @status: the exit status so far
 */
struct cli {
	const struct command *command;
	struct options opt;
	struct mmuscope *device;
	struct mmuscope_info info;
	enum status status;
};

extern const struct command commands[];

/* NULL, or the first of several that @verb chooses from. */
const struct command *find_command(const char *name);
const struct command *find_verb(const struct command *command,
				const char *verb);

/* main.c */

/* Begins what is printed; before, only usage() may be called. */
void output_begin(struct cli *cli);

/* help.c */

#define VERSION_LINE	"mmuscope " VERSION

/* Complains and exits with STATUS_USAGE. */
void usage(const struct cli *cli, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void help(void);
void help_command(const struct command *command);
void help_name(const struct command *command);

/*
 * maps.c summary.c swap.c translate.c kernel.c frame.c who.c common.c phys.c audit.c
 * entry.c doctor.c
 */

void maps_run(struct cli *cli, int argc, char **argv);
void summary_run(struct cli *cli, int argc, char **argv);
void swap_run(struct cli *cli, int argc, char **argv);
void translate_run(struct cli *cli, int argc, char **argv);
void kernel_run(struct cli *cli, int argc, char **argv);
void frame_run(struct cli *cli, int argc, char **argv);
void who_run(struct cli *cli, int argc, char **argv);
void common_run(struct cli *cli, int argc, char **argv);
void phys_run(struct cli *cli, int argc, char **argv);
void audit_run(struct cli *cli, int argc, char **argv);
void entry_run(struct cli *cli, int argc, char **argv);
void doctor_run(struct cli *cli, int argc, char **argv);

/* ranking.c: summary --all */

/* What --sort says. */
void ranking_sort(struct cli *cli, const char *word);
void ranking_run(struct cli *cli);

/* message.c */

/* "mmuscope: COMMAND: ..." on standard error; keeps the worst status. */
void complain(struct cli *cli, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same of @hint or what an errno says, and in the JSON. */
void failed(struct cli *cli, const char *what, int err, const char *hint);
void status_raise(struct cli *cli, enum status status);
const char *explain(int err);

/* device.c */

/**
 * struct trouble - why the device cannot be used
 * @status: what it makes the command end with, STATUS_OK without trouble
 * @what: what is wrong
 * @hint: what to do about it
 */
struct trouble {
	enum status status;
	char what[96];
	const char *hint;
};

/* Opens the device and asks what it is; cli->device is NULL in trouble. */
void device_try(struct cli *cli, struct trouble *trouble);
/* The same, with a complaint. */
bool device_open(struct cli *cli);
/* What it answered to a question that is about no process. */
void device_failed(struct cli *cli, int err);

/* process.c */

/**
 * struct process - who is looked at
 * @pid: its PID, for "self" this command's own
 * @name: as it was named on the command line
 * @comm: its name
 */
struct process {
	pid_t pid;
	char name[16];
	char comm[64];
};

struct process_list {
	struct process *process;
	int nr;
};

/* Those that @words or -c name; who asks frees list->process. */
void process_find(struct cli *cli, struct process_list *list, int nr,
		  char **words);
/* All that there are, by their PIDs. */
void process_all(struct process_list *list);

bool parse_pid(const char *word, pid_t *ret);
/* This command itself? */
bool is_self(pid_t pid);
/* What went wrong with it, on standard error and into its JSON object. */
void process_failed(struct cli *cli, const struct process *process, int err);
/*
 * Calls @one for each process that @words or -c name, with its JSON object begun
 * or, if there are several, after a heading.
 */
void process_each(struct cli *cli, int nr, char **words,
		  void (*one)(struct cli *cli, struct mmuscope_target *target,
			      const struct process *process, void *arg),
		  void *arg);

/* interrupt.c */

void interrupt_init(void);
bool interrupted(void);
void interrupt_reraise(void);
/* Waits for it, or for the end of standard input. */
void interrupt_wait(void);

/* progress.c */

/**
 * struct progress - how long a scan takes
 * @began: when, in nanoseconds
 * @told: when it was last told, 0 for never
 * @nr: extents so far
 */
struct progress {
	uint64_t began;
	uint64_t told;
	uint64_t nr;
};

void progress_begin(struct progress *progress);
void progress_step(struct progress *progress, const struct cli *cli,
		   uint64_t addr);
void progress_end(struct progress *progress);

/* colour.c */

enum colour {
	COLOUR_NONE,
	COLOUR_HEADING,
	COLOUR_GOOD,
	COLOUR_AWAY,
	COLOUR_BAD,
	COLOUR_DIM,
};

void colour_init(void);
void colour(enum colour colour);

/* text.c */

unsigned int level_shift(const struct mmuscope_info *info, unsigned int level);
void perm_word(uint64_t flags, char word[5]);
void backing_word(const struct cli *cli, const struct mmuscope_extent *ext,
		  char *word, size_t size);
void text_escaped(const char *name, const char *esc);
void text_vma(const struct mmuscope_vma *vma, const char *name);
void text_extent(const struct cli *cli, const struct mmuscope_extent *ext);
void text_flags(const struct cli *cli, const struct mmuscope_extent *ext);
bool may_see_frames(const struct cli *cli);

/* verdict.c */

enum { VERDICT_READ, VERDICT_WRITE, VERDICT_EXEC, NR_VERDICTS };

const char *touch_word(unsigned int touch);
void verdict_sentence(const struct cli *cli,
		      const struct mmuscope_translation *trans, char *sentence,
		      size_t size);

/* json.c: the one object is begun and ended in main.c */

void json_object(const char *key);
void json_array(const char *key);
void json_end(void);
void json_string(const char *key, const char *value);
void json_hex(const char *key, uint64_t value);
void json_number(const char *key, uint64_t value);
void json_bool(const char *key, bool value);
void json_null(const char *key);
void json_finish(bool truncated);
bool json_begun(void);

/* json_extent.c */

void json_perm(uint64_t flags);
void json_flags(uint64_t flags);
void json_extent(const struct cli *cli, const struct mmuscope_extent *ext);
void json_vma(const struct mmuscope_vma *vma, const char *name);

#include "frames.h"
#include "held.h"

#endif
