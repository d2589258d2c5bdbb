// SPDX-License-Identifier: GPL-2.0-only
/* New programs, out of nothing or of others. */
#include <string.h>

#include "fuzz.h"

enum { LEARNED = 512, TRIES = 20 };

/* Numbers that code has compared with something. */
static uint64_t learned[LEARNED];
static unsigned int nr_learned;

void mutate_learn(uint64_t number)
{
	for (unsigned int i = 0; i < nr_learned && i < LEARNED; i++)
		if (learned[i] == number)
			return;
	learned[nr_learned++ % LEARNED] = number;
}

static uint64_t number(void)
{
	uint64_t power = 1ULL << random_below(64);

	switch (random_below(8)) {
	case 0:
		return 0;
	case 1:
		return random_below(16);
	case 2:
		return power;
	case 3:
		return power - 1;
	case 4:
		return -power;
	case 5:
		return random_word() & (power - 1);
	default:
		return nr_learned ?
			learned[random_below(nr_learned < LEARNED ?
					     nr_learned : LEARNED)] : power;
	}
}

static struct value based(enum base base, uint64_t n)
{
	return (struct value){ .base = base, .n = n };
}

static struct value literal(uint64_t n)
{
	return based(BASE_NUMBER, n);
}

/* A call before @at that gives such a thing; @at if there is none. */
static unsigned int giver(const struct program *p, unsigned int at,
			  enum resource what)
{
	for (unsigned int i = 0; at && i < TRIES; i++) {
		unsigned int call = random_below(at);
		enum resource gives = types[p->call[call].type].gives;

		if (gives != RES_NONE && (gives == what || what == RES_NONE))
			return call;
	}
	return at;
}

static struct value some_fd(const struct program *p, unsigned int at,
			    enum resource what)
{
	unsigned int call = giver(p, at, one_in(16) ? RES_NONE : what);

	return call < at ? based(BASE_FD, call) : literal(one_in(8));
}

static struct value some_place(enum base base, unsigned int at)
{
	struct value v = based(base, 0);

	v.of = at ? random_below(at) : 0;
	if (base == BASE_PLACE)
		v.n = one_in(2) ? 0 : random_below(16) * PAGE;
	else
		v.n = random_below(2);
	return v;
}

static struct value some_address(unsigned int at)
{
	static const uint64_t far[] = {
		1ULL << 47, (1ULL << 47) - PAGE, 1ULL << 56, -1ULL << 47,
		-1ULL << 56, -PAGE, -1ULL, -2 * PAGE, 0xffffffffff600000,
	};

	switch (random_below(12)) {
	case 0:
	case 1:
		return some_place(BASE_PLACE, at);
	case 2:
		return some_place(BASE_OUT, at);
	case 3:
		return based(BASE_NOWHERE, random_below(64) * PAGE);
	case 4:
		return based(BASE_BUFFER, 0);
	case 5:
		return literal(far[random_below(sizeof(far) / sizeof(*far))]);
	case 6:
		return literal(number());
	case 7:
		return based(BASE_ARENA, random_below(16) << 21);
	case 8:
		return based(BASE_ARENA, random_word() % ARENA_SIZE);
	default:
		return based(BASE_ARENA, random_below(0x160) * PAGE);
	}
}

static struct value some_out(const struct arg_type *arg)
{
	switch (random_below(8)) {
	case 0:
		return based(BASE_BUFFER, BUFFER_SIZE - 8 * random_below(64));
	case 1:
		return based(BASE_ARENA, random_below(32) * PAGE);
	case 2:
		return literal(one_in(2) ? 0 : number());
	case 3:
		return based(BASE_BUFFER, arg->like + random_below(16));
	default:
		return type_usual(arg);
	}
}

static uint64_t some_bytes(void)
{
	switch (random_below(8)) {
	case 0:
		return number();
	case 1:
		return random_below(8) << 21;
	case 2:
		return random_word() % 0x400000;
	case 3:
		return 0;
	default:
		return (1 + random_below(one_in(4) ? 1024 : 8)) * PAGE;
	}
}

static struct value some_phys(unsigned int at)
{
	static const enum base bases[] = {
		BASE_EDU, BASE_EDU, BASE_SHMEM, BASE_SHMEM, BASE_RAM, BASE_HPET,
	};

	if (one_in(6))
		return literal(number());
	if (one_in(8))
		return some_place(BASE_OUT, at);
	return based(bases[random_below(6)],
		     one_in(2) ? 0 : one_in(2) ? random_below(16) * PAGE :
		     random_below(256));
}

static uint64_t some_flags(uint64_t known)
{
	uint64_t one = known & (1ULL << random_below(64));

	switch (random_below(6)) {
	case 0:
		return 0;
	case 1:
		return known;
	case 2:
		return number();
	case 3:
		return known & random_word() & random_word();
	case 4:
		return one ? one : known & -known;
	default:
		return known & random_word();
	}
}

static struct value some_value(const struct program *p, unsigned int at,
			       const struct arg_type *arg)
{
	switch (arg->kind) {
	case KIND_FD:
		return some_fd(p, at, arg->like);
	case KIND_SIZE:
		return literal(one_in(4) ? number() : arg->like +
			       8 * (random_below(5) - 2ULL));
	case KIND_FLAGS:
		return literal(some_flags(arg->like));
	case KIND_ENUM:
		return literal(one_in(16) ? number() :
			       random_below(arg->like + 1));
	case KIND_ADDR:
		return some_address(at);
	case KIND_OUT:
		return some_out(arg);
	case KIND_COUNT:
		return literal(one_in(16) ? number() : random_below(20));
	case KIND_BYTES:
		return literal(some_bytes());
	case KIND_PHYS:
		return some_phys(at);
	case KIND_PFN:
		if (one_in(3))
			return literal(one_in(2) ? number() :
				       random_below(1 << 18));
		return based(BASE_FRAME, one_in(4) ? random_below(8192) :
			     random_below(0x160));
	case KIND_PID:
		if (one_in(4))
			return some_fd(p, at, one_in(2) ? RES_FILE : RES_TARGET);
		return one_in(8) ? literal(number()) :
			based(BASE_PID, random_below(NR_PIDS));
	case KIND_NAME:
		return literal(random_below(one_in(4) ? nr_names : 4));
	case KIND_RESUME:
		if (one_in(2))
			return some_place(BASE_OUT, at);
		return literal(number());
	default:
		return literal(number());
	}
}

static unsigned int some_type(void)
{
	static unsigned int weights;
	unsigned int w;

	if (!weights)
		for (unsigned int i = 0; i < nr_types; i++)
			weights += types[i].weight;
	w = random_below(weights);
	for (unsigned int i = 0; i < nr_types; i++) {
		if (w < types[i].weight)
			return i;
		w -= types[i].weight;
	}
	return 0;
}

/* What needs a descriptor that is not there gets one before it. */
static unsigned int type_for(const struct program *p, unsigned int at)
{
	unsigned int type = some_type();
	const struct arg_type *fd = &types[type].arg[0];

	if (fd->kind != KIND_FD || fd->like == RES_DEVICE || fd->like == RES_NONE ||
	    giver(p, at, fd->like) < at)
		return type;
	for (unsigned int i = 0; i < TRIES * nr_types; i++) {
		unsigned int first = random_below(nr_types);

		if (types[first].gives == fd->like)
			return first;
	}
	return type;
}

static void call_fill(struct program *p, unsigned int at)
{
	struct call *call = &p->call[at];
	const struct type *type = &types[call->type];

	for (unsigned int i = 0; i < type_args(type); i++) {
		const struct arg_type *arg = &type->arg[i];

		call->arg[i] = type_usual(arg);
		if (arg->kind == KIND_FD ||
		    (arg->kind != KIND_ZERO && arg->kind != KIND_SIZE &&
		     arg->kind != KIND_OUT && one_in(2)))
			call->arg[i] = some_value(p, at, arg);
	}
}

static void append(struct program *p)
{
	memset(&p->call[p->nr], 0, sizeof(p->call[0]));
	p->call[p->nr].type = type_for(p, p->nr);
	call_fill(p, p->nr);
	p->nr++;
}

void program_generate(struct program *p)
{
	unsigned int nr = 1 + random_below(6);

	memset(p, 0, sizeof(*p));
	while (p->nr < nr)
		append(p);
}

static void change(struct program *p)
{
	unsigned int at = random_below(p->nr);
	struct call *call = &p->call[at];
	const struct type *type = &types[call->type];
	unsigned int i = random_below(type_args(type));
	struct value *v = &call->arg[i];

	switch (random_below(4)) {
	case 0:
		v->n ^= 1ULL << random_below(64);
		break;
	case 1:
		v->n += random_below(17) - 8ULL;
		break;
	case 2:
		((uint8_t *)&v->n)[random_below(8)] = random_word();
		break;
	default:
		*v = some_value(p, at, &type->arg[i]);
	}
}

static void splice(struct program *p, const struct program *other)
{
	for (unsigned int i = 0; i < other->nr && p->nr < MAX_CALLS; i++)
		p->call[p->nr++] = other->call[i];
}

void program_mutate(struct program *p, const struct program *other)
{
	do {
		switch (random_below(10)) {
		case 0:
			if (p->nr > 1)
				program_drop(p, random_below(p->nr));
			break;
		case 1:
			splice(p, other);
			break;
		case 2:
		case 3:
			if (p->nr < MAX_CALLS)
				append(p);
			break;
		default:
			change(p);
		}
	} while (!one_in(3));
}
