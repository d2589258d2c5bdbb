// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a program, call by call, and puts the world right again. No program is to
 * hurt the fuzzer: it gets at descriptors and mappings of its own only.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/mmuscope.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "device.h"
#include "fuzz.h"
#include "tap.h"

/* A signal now and then: long calls are to notice. */
enum { ALARM_US = 100000 };

static void on_alarm(int number)
{
	(void)number;
}

void machine_init(struct machine *m)
{
	struct itimerval often = { { 0, ALARM_US }, { 0, ALARM_US } };
	struct sigaction action = { .sa_handler = on_alarm };

	m->device = device_open();
	m->scratch = memfd_create("scratch", MFD_CLOEXEC);
	m->mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	if (m->scratch < 0 || m->mem < 0 || ftruncate(m->scratch, 2 * PAGE))
		tap_bail("no memory to copy through: %m");
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	world_arena();
}

static uint64_t resolve(const struct machine *m, const struct value *v)
{
	const struct result *result = &m->result[v->of % MAX_CALLS];

	switch (v->base) {
	case BASE_NUMBER:
		return v->n;
	case BASE_FD:
		return v->n < m->now ? m->result[v->n].fd : -1;
	case BASE_PLACE:
		return v->of < m->now ? result->place + v->n : 0;
	case BASE_OUT:
		return v->of < m->now ? result->out[v->n % 2] : 0;
	case BASE_FRAME:
		return world_frame(v->n);
	case BASE_PID:
		return world_pid(v->n);
	default:
		return world_address(v->base) + v->n;
	}
}

/* A number is no descriptor of the fuzzer's but that of the device, 0. */
static uint64_t safe_fd(const struct machine *m, const struct value *v,
			uint64_t fd)
{
	if (v->base == BASE_FD)
		return fd;
	return v->base == BASE_NUMBER && !v->n ? m->device : -1;
}

/* Answers go where the fuzzer has nothing, and past it to where nobody has. */
static uint64_t safe_out(const struct value *v, uint64_t addr)
{
	if (v->base == BASE_BUFFER && v->n < BUFFER_SIZE)
		return addr;
	if (v->base == BASE_ARENA && v->n < ARENA_SIZE)
		return addr;
	if (v->base == BASE_NUMBER && (addr < PAGE || addr >= 1ULL << 56))
		return addr;
	return NOWHERE + addr % (64 * PAGE);
}

static uint64_t value_of(const struct machine *m, const struct arg_type *arg,
			 const struct value *v)
{
	uint64_t value = resolve(m, v);

	switch (arg->kind) {
	case KIND_FD:
		return safe_fd(m, v, value);
	case KIND_OUT:
		return safe_out(v, value);
	default:
		return value;
	}
}

bool machine_owns(const struct machine *m, uint64_t addr, uint64_t bytes)
{
	if (addr >= ARENA && bytes <= ARENA_SIZE &&
	    addr - ARENA <= ARENA_SIZE - bytes)
		return true;
	for (unsigned int i = 0; i < m->now; i++) {
		const struct result *r = &m->result[i];

		if (r->place && addr >= r->place && bytes <= r->bytes &&
		    addr - r->place <= r->bytes - bytes)
			return true;
	}
	return false;
}

static bool in_buffer(uint64_t addr, size_t n)
{
	return addr >= BUFFER && addr - BUFFER <= BUFFER_SIZE - n;
}

/* By way of a file, for the kernel tells where a signal would end us. */
int machine_put(struct machine *m, uint64_t to, const void *from, size_t n)
{
	if (in_buffer(to, n)) {
		memcpy((void *)to, from, n);
		return 0;
	}
	if (pwrite(m->scratch, from, n, 0) != (ssize_t)n)
		return -1;
	return pread(m->scratch, (void *)to, n, 0) == (ssize_t)n ? 0 : -1;
}

int machine_get(struct machine *m, void *to, uint64_t from, size_t n)
{
	if (in_buffer(from, n)) {
		memcpy(to, (void *)from, n);
		return 0;
	}
	if (pwrite(m->scratch, (void *)from, n, 0) != (ssize_t)n)
		return -1;
	return pread(m->scratch, to, n, 0) == (ssize_t)n ? 0 : -1;
}

static void names_remove(int device)
{
	struct mmuscope_share_remove args = { .size = sizeof(args) };

	for (unsigned int i = 0; i < nr_names; i++) {
		if (strlen(names[i]) >= sizeof(args.name))
			continue;
		strcpy(args.name, names[i]);
		ioctl(device, MMUSCOPE_IOC_SHARE_REMOVE, &args);
	}
}

static void put_right(struct machine *m)
{
	if (m->dirty_rights)
		rights_restore();
	for (unsigned int i = 0; i < m->now; i++) {
		struct result *r = &m->result[i];

		if (r->place)
			munmap((void *)r->place, r->bytes);
		if (r->fd >= 0)
			close(r->fd);
	}
	if (m->dirty_arena)
		world_arena();
	if (m->dirty_names)
		names_remove(m->device);
	if (m->dirty_grants)
		grants_remove(m->device);
	m->dirty_rights = false;
	m->dirty_arena = false;
	m->dirty_names = false;
	m->dirty_grants = false;
}

void machine_run(struct machine *m, const struct program *p)
{
	for (m->now = 0; m->now < p->nr; m->now++) {
		const struct call *call = &p->call[m->now];
		const struct type *type = &types[call->type];
		struct result *result = &m->result[m->now];
		uint64_t value[MAX_ARGS];
		long ret;

		*result = (struct result){ .fd = -1 };
		for (unsigned int i = 0; i < type_args(type); i++)
			value[i] = value_of(m, &type->arg[i], &call->arg[i]);
		ret = type->run(m, call, value);
		if (type->gives != RES_NONE && ret >= 0)
			result->fd = ret;
		cover_call();
	}
	put_right(m);
	cover_call();
}
