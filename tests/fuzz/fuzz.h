/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the fuzzer ask of each other, in the order data flows. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	MAX_CALLS = 10,
	MAX_ARGS = 24,
	MAX_TEXT = 4000,	/* of a program */
	MAX_INPUTS = 3000,
	MAX_COVER = 1 << 20,	/* bytes of the module's code */
	MAX_NEW = 2000,		/* that one program is the first to reach */
};

/* random.c */

void random_seed(uint64_t seed);
uint64_t random_word(void);
unsigned int random_below(unsigned int n);
bool one_in(unsigned int n);

/* world.c: what programs are about. It is the same at the start of each. */

enum base {
	BASE_NUMBER,	/* n itself */
	BASE_FD,	/* the descriptor that call n of the program returned */
	BASE_PLACE,	/* n bytes behind where call @of has mapped something */
	BASE_OUT,	/* word n of what call @of says of how to go on */
	BASE_BUFFER,	/* n bytes behind the start of memory for answers */
	BASE_ARENA,	/* likewise, of memory to map, unmap and look at */
	BASE_NOWHERE,	/* likewise, of addresses where nothing is */
	BASE_RAM,	/* likewise, of physical memory */
	BASE_EDU,	/* likewise, of the registers of a device */
	BASE_SHMEM,	/* likewise, of the memory of a device */
	BASE_HPET,	/* likewise, of registers that a driver has */
	BASE_FRAME,	/* the frame behind page n of the arena */
	BASE_PID,	/* process n of the world's */
	NR_BASES,
};

struct value {
	uint8_t base, of;
	uint64_t n;
};

#define BUFFER		0x10000000UL
#define BUFFER_SIZE	0x100000UL
#define ARENA		0x20000000UL
#define ARENA_SIZE	0x2000000UL
#define NOWHERE		0x70000000UL
#define PAGE		4096UL
#define FUZZ_GROUP	777

enum { NR_PIDS = 7 };

void world_init(void);
void world_arena(void);		/* as it is at the start */
uint64_t world_address(enum base base);
uint64_t world_frame(uint64_t page);
pid_t world_pid(uint64_t n);
bool world_is_device(uint64_t phys, uint64_t bytes);

/* type.c: the calls that there are */

enum kind {
	KIND_NUMBER, KIND_FD, KIND_SIZE, KIND_FLAGS, KIND_ENUM, KIND_ADDR,
	KIND_OUT, KIND_COUNT, KIND_BYTES, KIND_PHYS, KIND_PFN, KIND_PID,
	KIND_NAME, KIND_ZERO, KIND_RESUME,
};

enum resource {
	RES_DEVICE, RES_TARGET, RES_SHARE, RES_WINDOW, RES_FILE, RES_NONE,
};

/* Where an argument goes that is no member of the structure. */
enum { AT_NONE = -1, AT_TAIL = -2, AT_ELEMENT = -3 };

/**
 * struct arg_type - an argument of a call
 * @name: in the text of a program
 * @offset: of the member, or AT_*
 * @size: of the member
 * @kind: how to come by values
 * @like: the usual value; of FLAGS all that are known, of ENUM how many, of FD
 *	the resource, of PID the value without which it is no PID
 */
struct arg_type {
	const char *name;
	short offset;
	unsigned char size;
	unsigned char kind;
	uint64_t like;
};

struct machine;
struct call;

/**
 * struct type - a kind of call
 * @name: in the text of a program
 * @run: does it, with the values of its arguments; what it returns
 * @cmd: of an ioctl
 * @size: of its structure
 * @gives: what it returns a descriptor of
 * @weight: how often to make it
 * @out: offset of where to go on, 0 for none
 * @place: offset of the address of a new mapping, 0 for none
 * @bytes: offset of the size of it
 * @arg: arguments, up to the first without a name
 */
struct type {
	const char *name;
	long (*run)(struct machine *m, const struct call *call,
		    const uint64_t *value);
	unsigned long cmd;
	unsigned short size;
	unsigned char gives;
	unsigned char weight;
	unsigned short out, place, bytes;
	struct arg_type arg[MAX_ARGS];
};

extern const struct type types[];
extern const unsigned int nr_types;
extern const char * const names[];	/* for KIND_NAME */
extern const unsigned int nr_names;

unsigned int type_args(const struct type *type);
struct value type_usual(const struct arg_type *arg);

/* program.c: a program and its text */

struct call {
	uint8_t type;
	struct value arg[MAX_ARGS];
};

struct program {
	unsigned int nr;
	struct call call[MAX_CALLS];
};

/* Reads up to an empty line; NULL at the end of @text. */
const char *program_read(struct program *p, const char *text);
size_t program_write(const struct program *p, char *text, size_t room);
void program_drop(struct program *p, unsigned int call);
bool value_same(const struct value *a, const struct value *b);

/* mutate.c */

void program_generate(struct program *p);
void program_mutate(struct program *p, const struct program *other);
void mutate_learn(uint64_t number);

/* machine.c, calls.c, memory_calls.c: runs programs */

/**
 * struct result - what a call gave
 * @fd: a descriptor, -1 for none
 * @kernel: it is of the kernel's half
 * @place: where something is mapped, 0 for none
 * @bytes: how much
 * @out: how to go on
 */
struct result {
	int fd;
	bool kernel;
	uint64_t place, bytes;
	uint64_t out[2];
};

/**
 * struct machine - what runs a program
 * @device: descriptor of /dev/mmuscope
 * @scratch: of a file that is copied through where memory may not be there
 * @mem: of /proc/self/mem
 * @result: of each call so far
 * @now: which call it is at
 * @dirty: what is to be put right afterwards
 */
struct machine {
	int device, scratch, mem;
	struct result result[MAX_CALLS];
	unsigned int now;
	bool dirty_arena, dirty_names, dirty_grants, dirty_rights;
};

void machine_init(struct machine *m);
void machine_run(struct machine *m, const struct program *p);
bool machine_owns(const struct machine *m, uint64_t addr, uint64_t bytes);
int machine_put(struct machine *m, uint64_t to, const void *from, size_t n);
int machine_get(struct machine *m, void *to, uint64_t from, size_t n);
void rights_restore(void);
void grants_remove(int device);

#define RUN(name) long name(struct machine *m, const struct call *call, \
			    const uint64_t *value)
RUN(run_ioctl);
RUN(run_command);
RUN(run_open);
RUN(run_read);
RUN(run_seek);
RUN(run_list);
RUN(run_close);
RUN(run_dup);
RUN(run_as);
RUN(run_fork);
RUN(run_mmap);
RUN(run_munmap);
RUN(run_mprotect);
RUN(run_mremap);
RUN(run_madvise);
RUN(run_remap);
RUN(run_touch);
RUN(run_peek);

/* cover.c: which of the module's code a program has run */

/* A pair that was compared, one of them perhaps an argument. */
struct operands {
	uint64_t a, b;
};

void cover_init(void);
void cover_begin(bool operands);
void cover_call(void);			/* after each */
unsigned int cover_operands(const struct operands **list);
const uint32_t *cover_list(unsigned int *nr);
bool cover_has(const uint32_t *list, unsigned int nr);

/* board.c: what the processes of the fuzzer share */

/**
 * struct board
 * @seen: by place in the module
 * @nr_seen: how many places
 * @input: the corpus
 * @slow: those that take long
 * @nr_given: how many of it there were
 * @nr: how many there are
 * @replayed: places that those had reached
 * @runs: programs run
 * @churns: operations of the processes in the background
 * @splat: what the kernel has complained of, ""
 * @slowest_us: what the slowest program took
 * @now: the program that runs
 * @slowest: the slowest one
 */
struct board {
	uint8_t seen[MAX_COVER];
	unsigned int nr_seen;
	struct program input[MAX_INPUTS];
	bool slow[MAX_INPUTS];
	unsigned int nr_given, nr, replayed;
	uint64_t runs, churns;
	char splat[300];
	uint64_t slowest_us;
	char now[MAX_TEXT], slowest[MAX_TEXT];
};

extern struct board *board;

void board_init(void);
void board_load(const char *path);
unsigned int board_fresh(const uint32_t *list, unsigned int nr, uint32_t *fresh);
void board_see(const uint32_t *list, unsigned int nr);

/* record.c, splat.c */

void record_init(void);
void record_program(const struct program *p);
bool record_is_in(uint64_t phys, uint64_t bytes);
void splat_init(void);
bool splat_seen(void);

/* background.c: memory in motion, in other processes */

pid_t churn_start(unsigned int n);

/* hunt.c */

void hunt_replay(struct machine *m);
void hunt(struct machine *m, unsigned int seconds);
void hunt_merge(struct machine *m);

#endif
