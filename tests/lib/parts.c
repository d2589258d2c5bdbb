// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scan that takes many calls, each of which may end amid an extent, by one thread
 * or by many, tells what one that takes as few as can be tells: extents, VMAs, names,
 * what is the first of a VMA. What fails, fails in its place, and a scan can end at
 * any time. The module is played by ioctl() below, of an address space that is a function
 * of the address.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <mmuscope.h>

#include "internal.h"
#include "space.h"
#include "tap.h"

static atomic_uint calls, busy[1024], clashes, copies;
static uint64_t bad_at;		/* where a call fails */
static bool slow;		/* calls take some time, each another */
static unsigned int most_copies = -1U;

static int play_scan(int fd, struct mmuscope_scan *args)
{
	/* A descriptor is used by one thread at a time. */
	clashes += busy[fd]++ != 0;
	calls++;
	if (slow)
		usleep(calls * 37 % 400);
	play(args);
	busy[fd]--;
	if (bad_at && args->start <= bad_at && bad_at < args->walk_end) {
		errno = EIO;
		return -1;
	}
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	void *arg;

	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	if (request == MMUSCOPE_IOC_SCAN)
		return play_scan(fd, arg);
	if (request == MMUSCOPE_IOC_TARGET && copies < most_copies &&
	    ((struct mmuscope_bind *)arg)->kind == MMUSCOPE_TARGET_COPY &&
	    ((struct mmuscope_bind *)arg)->id == 42) {
		copies++;
		return dup(2);
	}
	errno = ENOTTY;
	return -1;
}

int open(const char *path, int flags, ...)
{
	if (!strcmp(path, "/dev/mmuscope"))
		return dup(2);
	return syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
}

static unsigned int descriptors(void)
{
	unsigned int nr = 0;

	for (int fd = 0; fd < 1024; fd++)
		nr += fcntl(fd, F_GETFD) >= 0;
	return nr;
}

static struct mmuscope_target target = {
	.fd = 42, .info = { .abi = 1, .rights = MMUSCOPE_RIGHT_FRAMES },
};

struct told {
	struct mmuscope_found *found;
	char (*name)[32];
	size_t nr, room;
	int err;
};

static void tell(struct told *told, const struct mmuscope_found *found)
{
	if (told->nr == told->room) {
		told->room = told->room * 2 + 4096;
		told->found = realloc(told->found, told->room * sizeof(*told->found));
		told->name = realloc(told->name, told->room * sizeof(*told->name));
		if (!told->found || !told->name)
			tap_bail("no memory");
	}
	told->found[told->nr] = *found;
	told->found[told->nr].vma.first = told->found[told->nr].vma.name = 0;
	snprintf(told->name[told->nr++], 32, "%s", found->name);
}

/* No more than @max, if that is not 0. */
static struct told scan(const struct mmuscope_scan_options *options, size_t max)
{
	const struct mmuscope_found *found;
	struct mmuscope_scanner *scanner;
	struct told told = {};

	if (mmuscope_scan_begin(&target, options, &scanner))
		tap_bail("cannot begin");
	calls = 0;
	while ((!max || told.nr < max) &&
	       (told.err = mmuscope_scan_next(scanner, &found)) == 1)
		tell(&told, found);
	/* What has failed stays so, or goes on from there. */
	if (told.err < 0 && options->threads > 1 &&
	    mmuscope_scan_next(scanner, &found) != told.err)
		told.err = 0;
	mmuscope_scan_end(scanner);
	return told;
}

static void forget(struct told *told)
{
	free(told->found);
	free(told->name);
	*told = (struct told) {};
}

static bool begins_as(const struct told *a, const struct told *b)
{
	for (size_t i = 0; i < a->nr && i < b->nr; i++) {
		const struct mmuscope_found *x = &a->found[i], *y = &b->found[i];

		if (!memcmp(&x->extent, &y->extent, sizeof(x->extent)) &&
		    !memcmp(&x->vma, &y->vma, sizeof(x->vma)) &&
		    x->first_in_vma == y->first_in_vma &&
		    !strcmp(a->name[i], b->name[i]))
			continue;
		tap_note("%zu: %llx-%llx first %d, not %llx-%llx first %d", i,
			 x->extent.start, x->extent.end, x->first_in_vma,
			 y->extent.start, y->extent.end, y->first_in_vma);
		return false;
	}
	return true;
}

static bool same(const struct told *a, const struct told *b)
{
	if (a->nr != b->nr || a->err || b->err)
		tap_note("%zu and %zu extents, %d and %d", a->nr, b->nr, a->err, b->err);
	return a->nr == b->nr && !a->err && !b->err && begins_as(a, b);
}

/* Whatever is asked for, and however. */
static const struct mmuscope_scan_options asked[] = {
	{},
	{ .no_values = 1 },
	{ .mask = MMUSCOPE_FLAG_PRESENT },
	{ .mask = MMUSCOPE_CAT_BACKING(MMUSCOPE_BACKING_NONE) },
	{ .mask = MMUSCOPE_FLAG_BAD },	/* nothing is */
	{ .start = 16 * GB + 3 * PAGE, .end = (100UL << 40) + 17 * PAGE },
};

#define NR_ASKED (sizeof(asked) / sizeof(*asked))

static void budgets(void)
{
	static const uint64_t budget[] = { 1, 512, 513, 5000, 1 << 20 };
	unsigned int most = 0, i, j;
	bool ok = true;

	for (i = 0; i < NR_ASKED; i++) {
		struct mmuscope_scan_options options = asked[i];
		struct told whole = scan(&options, 0), parts;

		for (j = 0; j < sizeof(budget) / sizeof(*budget); j++) {
			options.budget = budget[j];
			parts = scan(&options, 0);
			ok &= same(&parts, &whole);
			most = calls > most ? calls : most;
			forget(&parts);
		}
		tap_note("%zu extents", whole.nr);
		forget(&whole);
	}
	tap_ok(ok && most > 40, "whatever the budget, it is the same, in up to %u calls", most);
}

static void threads(void)
{
	static const unsigned int nr[] = { 2, 3, 8, MMUSCOPE_THREADS_MAX };
	unsigned int before = descriptors(), most = 0, i, j;
	bool ok = true;

	for (i = 0; i < NR_ASKED; i++) {
		struct mmuscope_scan_options options = asked[i];
		struct told whole = scan(&options, 0), parts;

		for (j = 0; j < 8; j++) {
			options.threads = nr[j % 4];
			options.budget = j < 4 ? 0 : 700;
			slow = j % 2;
			parts = scan(&options, 0);
			ok &= same(&parts, &whole);
			most = calls > most ? calls : most;
			forget(&parts);
		}
		forget(&whole);
	}
	slow = false;
	tap_ok(ok && copies, "whatever the number of threads, it is the same");
	tap_ok(most < 1000, "what is empty takes few calls: %u at most", most);
	tap_ok(!clashes, "no descriptor is used by two at once");
	tap_ok(descriptors() == before, "no descriptor is left");
}

/* Few entries are one call, for which no thread is made. */
static void one_call(void)
{
	const struct mmuscope_scan_options options = {
		.start = 102 * GB, .end = 102 * GB + 8 * MB, .threads = 4,
	};
	unsigned int before = copies;
	struct told told = scan(&options, 0);

	tap_ok(!told.err && told.nr && calls == 1 && copies == before,
	       "what is one call takes no threads");
	forget(&told);
}

static void fails(void)
{
	struct mmuscope_scan_options options = {};
	struct told whole = scan(&options, 0), parts;
	bool ok = true;

	bad_at = 100 * GB + 3 * MB;
	for (options.threads = 2; options.threads < 9; options.threads++) {
		slow = options.threads % 2;
		parts = scan(&options, 0);
		ok &= parts.err == -EIO && parts.nr > 348 && parts.nr < whole.nr &&
		      begins_as(&parts, &whole);
		forget(&parts);
	}
	slow = false;
	bad_at = 0;
	tap_ok(ok, "a call fails: what is before it is told, then the error, and again");
	forget(&whole);
}

static void cannot_begin(void)
{
	const struct mmuscope_scan_options options = { .threads = 8 };
	unsigned int before = descriptors();
	struct mmuscope_scanner *scanner;
	struct told told;

	most_copies = copies + 3;
	told = scan(&options, 0);
	most_copies = -1U;
	tap_ok(told.err == -ENOTTY && descriptors() == before,
	       "no copy is to be had: an error, and nothing is left");
	forget(&told);
	tap_ok(mmuscope_scan_begin(&target, &(struct mmuscope_scan_options) {
			.threads = MMUSCOPE_THREADS_MAX + 1 }, &scanner) == -EINVAL,
	       "too many threads: EINVAL");
}

static void ends(void)
{
	static const size_t after[] = { 1, 2, 300, 349, 900, 1500 };
	struct mmuscope_scan_options options = {};
	struct told whole = scan(&options, 0), parts;
	unsigned int before = descriptors();
	bool ok = true;

	options.threads = 3;
	for (size_t i = 0; i < sizeof(after) / sizeof(*after); i++) {
		slow = i % 2;
		parts = scan(&options, after[i]);
		ok &= parts.nr == after[i] && begins_as(&parts, &whole);
		forget(&parts);
	}
	slow = false;
	tap_ok(ok && descriptors() == before, "it can end at any time");
	forget(&whole);
}

int main(void)
{
	budgets();
	threads();
	one_call();
	fails();
	cannot_begin();
	ends();
	return tap_done();
}
