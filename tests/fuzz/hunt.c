// SPDX-License-Identifier: GPL-2.0-only
/* Runs the corpus, changes it, and keeps what reaches more of the module. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum { DEAF = 2000, AGAIN = 2, HINTS = 150, DEPTH = 6 };

/* What takes longer is tried less often, us; no input is worked on for longer. */
enum { SLOW = 20000, LONGEST = 5000000 };

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000ULL + now.tv_nsec / 1000;
}

/* What the last program took, and when to leave the present input, us. */
static uint64_t took, deadline;

static void run(struct machine *m, const struct program *p, bool operands)
{
	static unsigned int deaf;
	unsigned int nr;

	record_program(p);
	cover_begin(operands);
	took = now_us();
	machine_run(m, p);
	took = now_us() - took;
	if (took > board->slowest_us) {
		board->slowest_us = took;
		strcpy(board->slowest, board->now);
	}
	cover_list(&nr);
	deaf = nr || operands ? 0 : deaf + 1;
	if (deaf == DEAF)
		strcpy(board->splat, "nothing of the module is seen any more");
	if (splat_seen() || board->splat[0])
		_exit(2);
}

/* What it is the first to reach, each time. */
static unsigned int run_fresh(struct machine *m, const struct program *p,
			      uint32_t *fresh)
{
	unsigned int nr, found, kept = 0;
	const uint32_t *list;

	run(m, p, false);
	list = cover_list(&nr);
	found = board_fresh(list, nr, fresh);
	if (!found)
		return 0;
	board_see(list, nr);
	run(m, p, false);
	for (unsigned int i = 0; i < found; i++)
		if (cover_has(&fresh[i], 1))
			fresh[kept++] = fresh[i];
	return kept;
}

static bool reaches(struct machine *m, const struct program *p,
		    const uint32_t *list, unsigned int nr)
{
	for (unsigned int i = 0; i < AGAIN; i++) {
		run(m, p, false);
		if (cover_has(list, nr))
			return true;
	}
	return false;
}

static void drop_calls(struct machine *m, struct program *p,
		       const uint32_t *list, unsigned int nr)
{
	for (unsigned int i = p->nr; i-- > 0 && p->nr > 1;) {
		struct program less = *p;

		if (now_us() > deadline)
			return;
		program_drop(&less, i);
		if (reaches(m, &less, list, nr))
			*p = less;
	}
}

static void drop_values(struct machine *m, struct program *p,
			const uint32_t *list, unsigned int nr)
{
	for (unsigned int i = 0; i < p->nr; i++) {
		const struct type *type = &types[p->call[i].type];

		for (unsigned int j = 0; j < type_args(type); j++) {
			struct value usual = type_usual(&type->arg[j]);
			struct program less = *p;

			if (value_same(&p->call[i].arg[j], &usual))
				continue;
			if (now_us() > deadline)
				return;
			less.call[i].arg[j] = usual;
			if (reaches(m, &less, list, nr))
				*p = less;
		}
	}
}

static void tell(const struct program *p)
{
	char text[MAX_TEXT], *line = text;

	program_write(p, text, sizeof(text));
	while (*line) {
		char *end = line + strcspn(line, "\n");

		printf("@%.*s\n", (int)(end - line), line);
		line = end + !!*end;
	}
	puts("@");
	fflush(stdout);
}

static void keep(const struct program *p)
{
	if (board->nr == MAX_INPUTS)
		return;
	board->slow[board->nr] = took > SLOW;
	board->input[board->nr++] = *p;
	tell(p);
}

static void attempt(struct machine *m, const struct program *p,
		    unsigned int depth);

/* An argument that may be what the module has compared, and with what. */
struct hint {
	unsigned char call, arg;
	uint64_t n;
};

/* Some of all that there are. */
static void hint_add(struct hint *hint, unsigned int *nr, unsigned int call,
		     unsigned int arg, uint64_t n)
{
	unsigned int at = *nr < HINTS ? *nr : random_below(*nr);

	++*nr;
	if (at < HINTS)
		hint[at] = (struct hint){ call, arg, n };
}

static unsigned int find_hints(const struct program *p, struct hint *hint)
{
	const struct operands *list;
	unsigned int compared = cover_operands(&list), nr = 0;

	for (unsigned int k = 0; k < compared; k++) {
		const struct operands *o = &list[k];

		mutate_learn(o->a);
		mutate_learn(o->b);
		for (unsigned int i = 0; i < p->nr; i++)
			for (unsigned int j = 0; j < MAX_ARGS; j++) {
				const struct value *v = &p->call[i].arg[j];

				if (v->base != BASE_NUMBER)
					continue;
				if (v->n == o->a)
					hint_add(hint, &nr, i, j, o->b);
				if (v->n == o->b)
					hint_add(hint, &nr, i, j, o->a);
			}
	}
	return nr < HINTS ? nr : HINTS;
}

static void try_hints(struct machine *m, const struct program *p,
		      unsigned int depth)
{
	static struct hint hints[DEPTH][HINTS];
	struct hint *hint = hints[depth];
	unsigned int nr;

	run(m, p, true);
	nr = find_hints(p, hint);
	for (unsigned int i = 0; i < nr && now_us() < deadline; i++) {
		struct program other = *p;

		other.call[hint[i].call].arg[hint[i].arg].n = hint[i].n;
		attempt(m, &other, depth + 1);
	}
}

static void attempt(struct machine *m, const struct program *p,
		    unsigned int depth)
{
	struct program less = *p;
	uint32_t fresh[MAX_NEW];
	unsigned int nr;

	nr = run_fresh(m, &less, fresh);
	if (!nr)
		return;
	drop_calls(m, &less, fresh, nr);
	drop_values(m, &less, fresh, nr);
	keep(&less);
	if (depth < DEPTH)
		try_hints(m, &less, depth);
}

static void replay(struct machine *m, unsigned int inputs)
{
	const uint32_t *list;
	unsigned int nr;

	for (unsigned int i = 0; i < inputs; i++)
		for (unsigned int j = 0; j < AGAIN; j++) {
			run(m, &board->input[i], false);
			list = cover_list(&nr);
			board_see(list, nr);
			board->slow[i] = took > SLOW;
		}
}

void hunt_replay(struct machine *m)
{
	replay(m, board->nr_given);
	board->replayed = board->nr_seen;
}

/* The later ones have had less of a chance. */
static const struct program *some_input(void)
{
	static struct program none;
	unsigned int a, b;

	if (!board->nr)
		return &none;
	do {
		a = random_below(board->nr);
		b = random_below(board->nr);
		a = a > b ? a : b;
	} while (board->slow[a] && !one_in(32));
	return &board->input[a];
}

void hunt(struct machine *m, unsigned int seconds)
{
	const uint64_t end = now_us() + seconds * 1000000ULL;
	struct program p;

	while (now_us() < end) {
		p = *some_input();
		deadline = now_us() + LONGEST;
		if (p.nr && one_in(64)) {
			try_hints(m, &p, 0);
			continue;
		}
		if (!p.nr || one_in(10))
			program_generate(&p);
		else
			program_mutate(&p, some_input());
		attempt(m, &p, 0);
	}
}

static size_t cost(const struct program *p)
{
	char text[MAX_TEXT];

	return program_write(p, text, sizeof(text));
}

static int by_cost(const void *a, const void *b)
{
	size_t x = cost(a), y = cost(b);

	return (x > y) - (x < y);
}

static void forget(void)
{
	memset(board->seen, 0, sizeof(board->seen));
	board->nr_seen = 0;
}

/*
 * What is left of the corpus when each is to reach what shorter ones do not, and
 * how far that comes.
 */
void hunt_merge(struct machine *m)
{
	uint32_t fresh[MAX_NEW];
	unsigned int kept = 0;

	forget();
	qsort(board->input, board->nr, sizeof(board->input[0]), by_cost);
	puts("@merged");
	for (unsigned int i = 0; i < board->nr; i++) {
		if (!run_fresh(m, &board->input[i], fresh))
			continue;
		tell(&board->input[i]);
		board->input[kept++] = board->input[i];
	}
	forget();
	replay(m, kept);
	printf("@reach %u\n", board->nr_seen);
}
