// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may look at whom, and see frame numbers, is as with /proc/PID/pagemap,
 * opened and read by the same process: for callers and targets of every kind,
 * whatever Yama is set to, with the device opened by the caller or handed to it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capless.h"
#include "device.h"
#include "pagemap.h"
#include "tap.h"
#include "target.h"
#include "text.h"

#define YAMA "/proc/sys/kernel/yama/ptrace_scope"
#define DEVICE "/dev/mmuscope"
#define SWAPPED (64 * KB)

/* A page that is there and one that is in swap. */
static struct span built(void)
{
	struct span span = memory_touched(memory_small(2 * MB));

	memory_pageout(span_part(span, SWAPPED, 64 * KB));
	return span;
}

static void become_user(unsigned int uid)
{
	if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		tap_bail("cannot become user %u: %m", uid);
}

static struct span of_user(void)
{
	struct span span = built();

	become_user(1000);
	prctl(PR_SET_DUMPABLE, 1);
	return span;
}

static struct span undumpable(void)
{
	struct span span = built();

	become_user(1000);
	prctl(PR_SET_DUMPABLE, 0);
	return span;
}

static struct span capless(void)
{
	capless_become();
	return built();
}

static struct kind {
	const char *name;
	target_build build;
	struct target t;
} kinds[] = {
	{ "root", built, {} },
	{ "root without capabilities", capless, {} },
	{ "user", of_user, {} },
	{ "undumpable user", undumpable, {} },
	{ "PID 1", NULL, { .pid = 1 } },
	{ "kernel thread", NULL, { .pid = 2 } },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* Keep one capability, or two, over the change of user. */
static void only(int cap, int and)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = {};

	prctl(PR_SET_KEEPCAPS, 1);
	become_user(1000);
	data[cap / 32].permitted |= 1U << cap % 32;
	data[and / 32].permitted |= 1U << and % 32;
	for (int i = 0; i < 2; i++)
		data[i].effective = data[i].permitted;
	if (syscall(SYS_capset, &head, data))
		tap_bail("cannot keep capability %d: %m", cap);
}

static void root(void) {}
static void user(void) { become_user(1000); }
static void other(void) { become_user(2000); }
static void ptracer(void) { only(CAP_SYS_PTRACE, CAP_SYS_PTRACE); }
static void reader(void) { only(CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH); }
static void admin(void) { only(CAP_SYS_ADMIN, CAP_SYS_ADMIN); }
static void kernel_reader(void) { only(CAP_SYS_ADMIN, CAP_SYSLOG); }

static void dumpable(void)
{
	become_user(1000);
	prctl(PR_SET_DUMPABLE, 1);
}

static void namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(77);
}

static void user_namespace(void)
{
	become_user(1000);
	namespace();
}

static const struct caller {
	const char *name;
	void (*become)(void);
	uint64_t rights;
} callers[] = {
	{ "root", root, MMUSCOPE_RIGHT_FRAMES | MMUSCOPE_RIGHT_OTHERS | MMUSCOPE_RIGHT_KERNEL },
	{ "root without capabilities", capless_become, 0 },
	{ "user", user, 0 },
	{ "dumpable user", dumpable, 0 },
	{ "other user", other, 0 },
	/* What procfs has of others is not readable for all. */
	{ "user with CAP_SYS_PTRACE", ptracer, 0 },
	{ "user with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH", reader,
	  MMUSCOPE_RIGHT_OTHERS },
	{ "user with CAP_SYS_ADMIN", admin, MMUSCOPE_RIGHT_FRAMES },
	{ "user with CAP_SYS_ADMIN and CAP_SYSLOG", kernel_reader,
	  MMUSCOPE_RIGHT_FRAMES | MMUSCOPE_RIGHT_KERNEL },
	{ "root of a user namespace", user_namespace, 0 },
	{ "root in a user namespace", namespace, 0 },
};

enum { CALLERS = sizeof(callers) / sizeof(*callers) };

/* What somebody saw of a page in memory and one in swap. */
struct sight {
	int error;
	uint64_t frame, raw, slot, phys, table;
};

/* What a caller found, for this process. */
static struct found {
	struct sight pagemap[KINDS + 1], handle[KINDS + 1];
	uint64_t rights, passed_rights;
	int open_error;
} *found;

static int passed;		/* the device, opened by root */
static unsigned long cases, bad, allowed, denied, shown;

static void look_pagemap(struct sight *s, int fd, const struct target *t)
{
	uint64_t entry = 0;

	if (pread(fd, &entry, 8, t->span.start >> 12 << 3) == 8)
		s->frame = PM_PFN(entry);
	if (pread(fd, &entry, 8, (t->span.start + SWAPPED) >> 12 << 3) == 8)
		s->slot = PM_PFN(entry);
}

static void look_handle(struct sight *s, int fd, const struct target *t)
{
	struct mmuscope_extent e = {};
	struct mmuscope_translation tr;
	struct mmuscope_scan a = device_ask(t->span.start, t->span.start + 4096);

	a.size = sizeof(a);
	a.vec = (uintptr_t)&e;
	a.vec_len = 1;
	a.vec_size = sizeof(e);
	if (device_ioctl(fd, MMUSCOPE_IOC_SCAN, &a) || a.nr != 1 ||
	    e.backing != MMUSCOPE_BACKING_RAM)
		s->error = 1000;
	s->frame = e.value >> 12;
	s->raw = e.raw;
	if (device_translate(fd, t->span.start, &tr) || tr.nr_steps < 4)
		s->error = 1001;
	s->phys = tr.phys;
	for (unsigned int i = 0; i < tr.nr_steps; i++)
		s->table |= tr.step[i].table | tr.step[i].raw;
	a.start = t->span.start + SWAPPED;
	a.end = a.start + 4096;
	if (device_ioctl(fd, MMUSCOPE_IOC_SCAN, &a) || e.backing != MMUSCOPE_BACKING_SWAP)
		s->error = 1002;
	s->slot = e.value << 5 | e.swap_type;
	/* What is in no VMA is for those who may see frames. */
	a.flags |= MMUSCOPE_SCAN_OUTSIDE;
	if (device_ioctl(fd, MMUSCOPE_IOC_SCAN, &a) != (s->frame ? 0 : -EPERM))
		s->error = 1003;
}

static void look_both(int device, const struct target *t, struct sight *pagemap,
		      struct sight *handle)
{
	int fd = text_open_proc(t->pid, "pagemap");

	if (fd < 0)
		pagemap->error = -fd;
	else if (t->span.start)
		look_pagemap(pagemap, fd, t);
	if (fd >= 0)
		close(fd);
	fd = device_bind(device, MMUSCOPE_TARGET_PID, t->pid);
	if (fd < 0)
		handle->error = -fd;
	else if (t->span.start)
		look_handle(handle, fd, t);
	if (fd >= 0)
		close(fd);
}

static uint64_t rights(int device)
{
	struct mmuscope_info info = { .size = sizeof(info) };

	if (device_ioctl(device, MMUSCOPE_IOC_INFO, &info))
		return ~0ULL;
	return info.rights;
}

static void look_around(void)
{
	int device = open(DEVICE, O_RDWR | O_CLOEXEC);
	struct target self = { .pid = getpid() };

	found->open_error = device < 0 ? errno : 0;
	found->rights = rights(device);
	found->passed_rights = rights(passed);
	for (int i = 0; i < KINDS; i++)
		look_both(i % 2 ? passed : device, &kinds[i].t, &found->pagemap[i],
			  &found->handle[i]);
	look_both(device, &self, &found->pagemap[KINDS], &found->handle[KINDS]);
}

/* A process that becomes the caller and fills in what it found. */
static bool play(const struct caller *c)
{
	int status;
	pid_t pid;

	memset(found, 0, sizeof(*found));
	pid = fork();
	if (!pid) {
		c->become();
		look_around();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void judge(const struct caller *c, const char *scope, int i)
{
	const struct sight *p = &found->pagemap[i], *h = &found->handle[i];
	/* There is nothing to open of a kernel thread; pagemap opens, and is empty. */
	int want = i < KINDS && kinds[i].t.pid == 2 ? p->error ?: ESRCH : p->error;
	bool frames = h->frame, ok;

	ok = h->error == want && p->frame == h->frame && p->slot == h->slot &&
	     frames == !!h->raw && frames == !!h->phys && frames == !!h->table;
	cases++;
	allowed += !want;
	denied += want == EACCES;
	shown += frames;
	bad += !ok;
	if (!ok)
		tap_note("%s, %s, target %s: handle %d frame %llx raw %llx slot %llx phys %llx "
			 "table %llx; pagemap %d frame %llx slot %llx",
			 scope, c->name, i < KINDS ? kinds[i].name : "itself", h->error,
			 (unsigned long long)h->frame, (unsigned long long)h->raw,
			 (unsigned long long)h->slot, (unsigned long long)h->phys,
			 (unsigned long long)h->table, p->error,
			 (unsigned long long)p->frame, (unsigned long long)p->slot);
}

static void with(const char *scope)
{
	for (int i = 0; i < CALLERS; i++) {
		const struct caller *c = &callers[i];

		if (!play(c)) {
			tap_skip(c->name, "%s: there is no such caller here", scope);
			continue;
		}
		for (int k = 0; k <= KINDS; k++)
			judge(c, scope, k);
		if (found->rights != c->rights || found->passed_rights != c->rights)
			tap_note("%s: rights %llx, on the handed device %llx", c->name,
				 (unsigned long long)found->rights,
				 (unsigned long long)found->passed_rights);
		/* The right to look at others is shown by PID 1. */
		bad += !(c->rights & MMUSCOPE_RIGHT_OTHERS) != !!found->handle[4].error;
		tap_ok(!bad && found->rights == c->rights && !found->open_error,
		       "%s, %s", scope, c->name);
		if (scope[0] == 'n')
			tap_ok(found->passed_rights == c->rights,
			       "%s: rights are the caller's, whoever opened the device",
			       c->name);
		bad = 0;
	}
}

/* As with pagemap it is who opened the handle that counts, not who asks. */
static void handed_over(void)
{
	int handle = device_target(kinds[2].t.pid), status;
	struct sight *s = &found->handle[0];
	pid_t pid;

	memset(found, 0, sizeof(*found));
	pid = fork();
	if (!pid) {
		other();
		look_handle(s, handle, &kinds[2].t);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	close(handle);
	tap_ok(!status && !s->error && s->frame && s->raw && s->slot,
	       "a handle that root opened shows frames to whom it is handed");
}

/* Opened without rights, asked by root: memory and descriptors are shared. */
static int poor;

static void open_poor(void)
{
	poor = device_bind(passed, MMUSCOPE_TARGET_PID, kinds[1].t.pid);
}

static void poor_handle(void)
{
	struct sight s = {};

	capless_run(open_poor);
	if (poor >= 0)
		look_handle(&s, poor, &kinds[1].t);
	tap_ok(poor >= 0 && !s.error && !s.frame && !s.raw && !s.slot && !s.table,
	       "one that was opened without rights shows none to root");
	close(poor);
}

static void node(void)
{
	struct stat st;

	stat(DEVICE, &st);
	tap_ok(S_ISCHR(st.st_mode) && (st.st_mode & 0777) == 0600 && !st.st_uid,
	       "the device is root's alone");
	play(&callers[2]);
	tap_ok(found->open_error == EACCES, "another cannot open it: %s",
	       strerror(found->open_error));
}

int main(void)
{
	found = mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	passed = device_open();
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].build && !target_start(&kinds[i].t, kinds[i].build, NULL))
			tap_bail("%s: %s", kinds[i].name, kinds[i].t.why);
	node();
	chmod(DEVICE, 0666);
	with("no Yama");
	if (text_write(YAMA, "1")) {
		tap_skip("Yama", "this kernel has none");
	} else {
		with("Yama 1");
		text_write(YAMA, "2");
		with("Yama 2");
		text_write(YAMA, "0");
	}
	chmod(DEVICE, 0600);
	handed_over();
	poor_handle();
	tap_note("%lu cases: %lu allowed, %lu denied, %lu with frames", cases, allowed,
		 denied, shown);
	tap_ok(allowed > 30 && denied > 30 && shown > 10, "there are cases of all kinds");
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].build)
			target_stop(&kinds[i].t);
	return tap_done();
}
