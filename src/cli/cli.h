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
 * @level: of a raw entry
 * @arch: likewise
 */
struct options {
	bool json;
	bool no_header;
	const char *comm;
	uint64_t start;
	uint64_t end;
	uint64_t mask;
	uint64_t inverted;
	uint64_t anyof;
	enum mmuscope_level level;
	enum mmuscope_arch arch;
};

struct cli;

/* Returns the index of the first word that stands alone; wrong words exit. */
int options_parse(struct cli *cli, int argc, char **argv);
bool parse_hex(const char *word, uint64_t *ret);
const char *arch_name(unsigned int arch);

/* main.c */

/**
 * struct command - a row of the table of commands
 * @name: what it is called by
 * @alias: another name, or NULL
 * @args: what stands alone on its line
 * @what: what it does, for the usage
 * @takes: TAKES_*
 * @run: does it, with what stands alone; what goes wrong is in cli->status
 */
struct command {
	const char *name;
	const char *alias;
	const char *args;
	const char *what;
	unsigned int takes;
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

/* Begins what is printed; before, only usage() may be called. */
void output_begin(struct cli *cli);

/* help.c */

#define VERSION_LINE	"mmuscope " VERSION

/* Complains and exits with STATUS_USAGE. */
void usage(const struct cli *cli, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));
void help(void);
void help_command(const struct command *command);

/* maps.c summary.c swap.c translate.c entry.c doctor.c */

void maps_run(struct cli *cli, int argc, char **argv);
void summary_run(struct cli *cli, int argc, char **argv);
void swap_run(struct cli *cli, int argc, char **argv);
void translate_run(struct cli *cli, int argc, char **argv);
void entry_run(struct cli *cli, int argc, char **argv);
void doctor_run(struct cli *cli, int argc, char **argv);

/* message.c */

/* "mmuscope: COMMAND: ..." on standard error; keeps the worst status. */
void complain(struct cli *cli, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
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

#endif
