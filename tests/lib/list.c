// SPDX-License-Identifier: GPL-2.0-only
/*
 * A list goes on from call to call: every element once and in order, errors and
 * signals in between without a loss. The module is played by ioctl() below: it
 * has NR elements and tells as many at once as it likes.
 */
#include <errno.h>
#include <stdarg.h>
#include <mmuscope.h>

#include "internal.h"
#include "tap.h"

#define NR 300

static unsigned int most, nr, calls, fail_at, kind;
static int fail;
static bool wrong;

int ioctl(int fd, unsigned long request, ...)
{
	struct mmuscope_holding *to;
	struct mmuscope_holdings *args;
	va_list list;

	va_start(list, request);
	args = va_arg(list, struct mmuscope_holdings *);
	va_end(list);
	to = (void *)(uintptr_t)args->vec;
	wrong |= fd != 42 || request != MMUSCOPE_IOC_HOLDINGS ||
		 args->size != sizeof(*args) || args->flags ||
		 args->reserved || args->kind != kind ||
		 args->vec_size != sizeof(*to) || !args->vec_len;
	if (++calls == fail_at) {
		/* Asked again at once, it wants what it was given. */
		if (fail != EINTR)
			args->id = args->skip = args->nr = 12345;
		errno = fail;
		return -1;
	}
	for (args->nr = 0; args->nr < args->vec_len && args->nr < most &&
	     args->id * 10 + args->skip < nr; args->nr++) {
		to[args->nr].id = args->id * 10 + args->skip++;
		args->id += args->skip / 10;
		args->skip %= 10;
	}
	/* Number 0 is no share, so that 0 can be the end. */
	if (args->id * 10 + args->skip >= nr)
		args->id = args->skip = 0;
	return 0;
}

/* The elements that come, if they are 0, 1, 2 and so on from *@at. */
static int follow(struct mmuscope_lister *lister, unsigned int *at)
{
	const struct mmuscope_holding *holding;
	int ret;

	while ((ret = mmuscope_list_next(lister, &holding)) > 0) {
		if (holding->id != *at)
			wrong = true;
		++*at;
	}
	return ret;
}

static void run(const char *what, unsigned int elements, unsigned int at_once,
		unsigned int want)
{
	struct mmuscope device = { .fd = 42 };
	struct mmuscope_lister *lister;
	unsigned int at = 0;
	int err;

	nr = elements;
	most = at_once;
	calls = 0;
	wrong = false;
	if (mmuscope_list_begin(&device, kind, &lister))
		tap_bail("no memory");
	err = follow(lister, &at);
	if (fail_at && fail != EINTR) {
		tap_ok(err == -fail && at == at_once * (fail_at - 1),
		       "%s: an error comes after what was told before", what);
		err = follow(lister, &at);
	}
	tap_ok(!err && at == elements && !wrong && calls == want,
	       "%s: %u elements in %u calls", what, elements, want);
	tap_note("%u in %u calls", at, calls);
	tap_ok(!follow(lister, &at) && calls == want, "%s: no call after the end",
	       what);
	mmuscope_list_end(lister);
}

int main(void)
{
	run("nothing", 0, 64, 1);
	run("one", 1, 64, 1);
	kind = MMUSCOPE_HOLDING_MMIO;
	run("many", NR, 60, 5);
	kind = 0;
	run("as many as the library wants", NR, -1U, 5);
	fail_at = 3;
	fail = EINTR;
	run("interrupted", NR, 60, 6);
	fail = EACCES;
	run("failed", NR, 60, 6);
	mmuscope_list_end(NULL);
	return tap_done();
}
