// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a program: a line for each call, its name and those arguments that
 * are not as usual, and an empty line or the end. # begins a comment.
 *
 *   target id=pid2
 *   scan fd=fd0 start=arena+0x2000 flags=0x1
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static const char * const base_names[NR_BASES] = {
	[BASE_NUMBER] = "", [BASE_FD] = "fd", [BASE_PLACE] = "place",
	[BASE_OUT] = "out", [BASE_BUFFER] = "buffer", [BASE_ARENA] = "arena",
	[BASE_NOWHERE] = "nowhere", [BASE_RAM] = "ram", [BASE_EDU] = "edu",
	[BASE_SHMEM] = "shmem", [BASE_HPET] = "hpet", [BASE_FRAME] = "frame",
	[BASE_PID] = "pid",
};

/* fd3 and pid3 have a number of their own, place3+0x1000 names a call besides. */
static bool has_call(enum base base)
{
	return base == BASE_PLACE || base == BASE_OUT;
}

static bool is_numbered(enum base base)
{
	return base == BASE_FD || base == BASE_PID;
}

bool value_same(const struct value *a, const struct value *b)
{
	return a->base == b->base && a->n == b->n &&
	       (!has_call(a->base) || a->of == b->of);
}

static bool value_read(struct value *v, const char *text)
{
	char *end;

	*v = (struct value){ .base = BASE_NUMBER };
	for (unsigned int base = 1; base < NR_BASES; base++) {
		size_t len = strlen(base_names[base]);

		if (strncmp(text, base_names[base], len))
			continue;
		v->base = base;
		text += len;
		break;
	}
	if (has_call(v->base)) {
		v->of = strtoul(text, &end, 10) % MAX_CALLS;
		text = end;
	}
	if (v->base != BASE_NUMBER && !*text)
		return true;
	v->n = strtoull(text, &end, is_numbered(v->base) ? 10 : 16);
	return end != text && !*end;
}

static const struct type *find_type(const char *name)
{
	for (unsigned int i = 0; i < nr_types; i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return NULL;
}

static bool arg_read(struct call *call, char *word)
{
	const struct type *type = &types[call->type];
	char *value = strchr(word, '=');

	if (!value)
		return false;
	*value++ = '\0';
	for (unsigned int i = 0; i < type_args(type); i++)
		if (!strcmp(type->arg[i].name, word))
			return value_read(&call->arg[i], value);
	return false;
}

static bool call_read(struct call *call, char *line)
{
	char *word = strtok(line, " ");
	const struct type *type = find_type(word);

	if (!type)
		return false;
	call->type = type - types;
	for (unsigned int i = 0; i < type_args(type); i++)
		call->arg[i] = type_usual(&type->arg[i]);
	while ((word = strtok(NULL, " ")))
		if (!arg_read(call, word))
			return false;
	return true;
}

const char *program_read(struct program *p, const char *text)
{
	char line[MAX_TEXT], copy[MAX_TEXT];

	memset(p, 0, sizeof(*p));
	while (*text) {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		text += len + !!text[len];
		if (line[0] == '#')
			continue;
		if (!len && p->nr)
			return text;
		if (!len)
			continue;
		strcpy(copy, line);
		if (p->nr == MAX_CALLS || !call_read(&p->call[p->nr++], line)) {
			printf("# no call: %s\n", copy);
			exit(1);
		}
	}
	return p->nr ? text : NULL;
}

/* Appends to a text that may be full. */
static void __attribute__((format(printf, 3, 4)))
put(char *text, size_t room, const char *fmt, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + len, room - len, fmt, args);
	va_end(args);
}

static void value_write(const struct value *v, char *text, size_t room)
{
	put(text, room, "%s", base_names[v->base]);
	if (has_call(v->base))
		put(text, room, "%u", v->of);
	if (is_numbered(v->base))
		put(text, room, "%llu", (unsigned long long)v->n);
	else if (v->base == BASE_NUMBER || v->n)
		put(text, room, "%s0x%llx", v->base == BASE_NUMBER ? "" : "+",
		    (unsigned long long)v->n);
}

size_t program_write(const struct program *p, char *text, size_t room)
{
	text[0] = '\0';
	for (unsigned int i = 0; i < p->nr; i++) {
		const struct call *call = &p->call[i];
		const struct type *type = &types[call->type];

		put(text, room, "%s", type->name);
		for (unsigned int j = 0; j < type_args(type); j++) {
			struct value usual = type_usual(&type->arg[j]);

			if (value_same(&call->arg[j], &usual))
				continue;
			put(text, room, " %s=", type->arg[j].name);
			value_write(&call->arg[j], text, room);
		}
		put(text, room, "\n");
	}
	return strlen(text);
}

/* What names a later call names it still. */
static void renumber(struct value *v, unsigned int gone)
{
	if (v->base == BASE_FD && v->n > gone)
		v->n--;
	if (has_call(v->base) && v->of > gone)
		v->of--;
}

void program_drop(struct program *p, unsigned int call)
{
	p->nr--;
	memmove(&p->call[call], &p->call[call + 1],
		(p->nr - call) * sizeof(p->call[0]));
	for (unsigned int i = call; i < p->nr; i++)
		for (unsigned int j = 0; j < MAX_ARGS; j++)
			renumber(&p->call[i].arg[j], call);
}
