// SPDX-License-Identifier: GPL-2.0-only
/* KCOV: which places of the module's code this process runs, or what it compares. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "tap.h"

/* Documentation/dev-tools/kcov.rst, v6.1 */
#define KCOV_INIT_TRACE	_IOR('c', 1, unsigned long)
#define KCOV_ENABLE	_IO('c', 100)
#define KCOV_DISABLE	_IO('c', 101)
enum { KCOV_TRACE_PC, KCOV_TRACE_CMP };

enum { WORDS = 1 << 18, COMPARED_MAX = 4096, COMPARED_WORDS = 4 };

static int kcov;
static uint64_t *area;
static uint64_t base;
static bool operands;

/* What the present program has run; stamp says which of it is noted. */
static uint32_t list[MAX_COVER / 4], stamp[MAX_COVER], now;
static unsigned int nr;
static struct operands compared[COMPARED_MAX];
static unsigned int nr_compared;

static uint64_t module_base(void)
{
	FILE *modules = fopen("/proc/modules", "r");
	unsigned long long at = 0;
	char line[300];

	while (modules && fgets(line, sizeof(line), modules))
		if (sscanf(line, "mmuscope %*s %*s %*s %*s %llx", &at) == 1)
			break;
	if (modules)
		fclose(modules);
	return at;
}

void cover_init(void)
{
	base = module_base();
	kcov = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (kcov < 0 || ioctl(kcov, KCOV_INIT_TRACE, WORDS))
		tap_bail("no kcov: %m");
	area = mmap(NULL, WORDS * sizeof(*area), PROT_READ | PROT_WRITE,
		    MAP_SHARED, kcov, 0);
	if (area == MAP_FAILED || !base)
		tap_bail("no kcov, or no module: %m");
	madvise(area, WORDS * sizeof(*area), MADV_DONTFORK);
	if (ioctl(kcov, KCOV_ENABLE, KCOV_TRACE_PC))
		tap_bail("kcov does not begin: %m");
}

static void enable(bool what)
{
	if (what == operands)
		return;
	operands = what;
	if (ioctl(kcov, KCOV_DISABLE, 0) ||
	    ioctl(kcov, KCOV_ENABLE, what ? KCOV_TRACE_CMP : KCOV_TRACE_PC))
		tap_bail("kcov: %m");
}

void cover_begin(bool what)
{
	enable(what);
	now++;
	nr = 0;
	nr_compared = 0;
	__atomic_store_n(&area[0], 0, __ATOMIC_RELAXED);
}

static void note_place(uint64_t pc)
{
	uint64_t at = pc - base;

	if (at >= MAX_COVER || stamp[at] == now)
		return;
	stamp[at] = now;
	list[nr++] = at;
}

static void note_compared(uint64_t a, uint64_t b)
{
	if (a == b || nr_compared == COMPARED_MAX)
		return;
	for (unsigned int i = 0; i < nr_compared; i++)
		if (compared[i].a == a && compared[i].b == b)
			return;
	compared[nr_compared++] = (struct operands){ a, b };
}

void cover_call(void)
{
	uint64_t n = __atomic_load_n(&area[0], __ATOMIC_RELAXED);

	if (operands)
		for (uint64_t i = 0; i < n && 4 * i + 4 < WORDS; i++)
			note_compared(area[4 * i + 2], area[4 * i + 3]);
	else
		for (uint64_t i = 0; i < n; i++)
			note_place(area[1 + i]);
	__atomic_store_n(&area[0], 0, __ATOMIC_RELAXED);
}

unsigned int cover_operands(const struct operands **operands)
{
	*operands = compared;
	return nr_compared;
}

const uint32_t *cover_list(unsigned int *number)
{
	*number = nr;
	return list;
}

bool cover_has(const uint32_t *places, unsigned int number)
{
	for (unsigned int i = 0; i < number; i++)
		if (stamp[places[i]] != now)
			return false;
	return true;
}
