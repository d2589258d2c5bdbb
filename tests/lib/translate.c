// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many addresses in one call of the library, however many the module does in
 * one of its own. The module is played by ioctl() below.
 */
#include <errno.h>
#include <stdarg.h>
#include <mmuscope.h>

#include "internal.h"
#include "tap.h"

#define NR	10

static unsigned int calls, most, interrupt_at, fail_at;

int ioctl(int fd, unsigned long request, ...)
{
	struct mmuscope_translate *args;
	struct mmuscope_translation *t;
	va_list list;

	va_start(list, request);
	args = va_arg(list, struct mmuscope_translate *);
	va_end(list);
	calls++;
	if (fd != 42 || request != MMUSCOPE_IOC_TRANSLATE || args->flags ||
	    args->size != sizeof(*args) || args->vec_size != sizeof(*t) ||
	    !args->vec_len) {
		errno = ENOTTY;
		return -1;
	}
	if (calls == interrupt_at || calls == fail_at) {
		errno = calls == fail_at ? ESRCH : EINTR;
		return -1;
	}
	t = (void *)(uintptr_t)args->vec;
	for (args->nr = 0; args->nr < args->vec_len && args->nr < most; args->nr++)
		t[args->nr].phys = t[args->nr].addr * 2;
	return 0;
}

static int run(unsigned int nr, struct mmuscope_translation *ret)
{
	struct mmuscope_target target = { .fd = 42 };
	uint64_t addrs[NR];

	calls = 0;
	for (unsigned int i = 0; i < NR; i++) {
		addrs[i] = 1000 + i;
		ret[i].phys = 0;
	}
	return mmuscope_translate(&target, addrs, nr, ret);
}

static bool done(const struct mmuscope_translation *t, unsigned int nr)
{
	for (unsigned int i = 0; i < NR; i++)
		if (t[i].phys != (i < nr ? 2 * (1000 + i) : 0))
			return false;
	return true;
}

int main(void)
{
	static struct mmuscope_translation t[NR];

	most = NR;
	tap_ok(!run(NR, t) && done(t, NR) && calls == 1, "all at once");
	tap_ok(!run(0, t) && done(t, 0) && !calls, "none: no call");
	most = 3;
	tap_ok(!run(NR, t) && done(t, NR) && calls == 4, "three at a time");
	tap_ok(!run(7, t) && done(t, 7) && calls == 3, "seven of them only");
	interrupt_at = 2;
	tap_ok(!run(NR, t) && done(t, NR) && calls == 5, "interrupted");
	fail_at = 3;
	tap_ok(run(NR, t) == -ESRCH && calls == 3, "failed");
	return tap_done();
}
