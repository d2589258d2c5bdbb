// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the library's scan tells, printed, is what debugfs prints: for a process
 * with memory of every kind, and for one with more extents, VMAs and longer
 * names than the library fetches at a time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mmuscope.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "memory.h"
#include "tap.h"
#include "target.h"
#include "text.h"
#include "zoo.h"

#define MAX	100000

static struct mmuscope *mmuscope;
static struct mmuscope_scan cost;

static void add_vma(struct scan *s, const struct mmuscope_found *f)
{
	s->vma[s->vmas] = f->vma;
	s->vma[s->vmas].first = s->extents;
	s->name[s->vmas++] = strdup(f->name);
}

/* All that the scan tells, in the shape that can be printed: 0 or -errno. */
static int collect(struct scan *s, struct mmuscope_target *target)
{
	const struct mmuscope_found *f;
	struct mmuscope_scanner *scanner;
	int ret;

	memset(s, 0, sizeof(*s));
	s->extent = calloc(MAX, sizeof(*s->extent));
	s->vma = calloc(MAX, sizeof(*s->vma));
	s->name = calloc(MAX, sizeof(*s->name));
	ret = mmuscope_scan_begin(target, NULL, &scanner);
	if (ret)
		return ret;
	while ((ret = mmuscope_scan_next(scanner, &f)) > 0 && s->extents < MAX) {
		if (f->first_in_vma)
			add_vma(s, f);
		s->extent[s->extents++] = f->extent;
	}
	mmuscope_scan_cost(scanner, &cost);
	mmuscope_scan_end(scanner);
	return ret;
}

static void say_difference(const char *a, const char *b)
{
	size_t at = 0, line = 0;

	for (; a[at] && a[at] == b[at]; at++)
		if (a[at] == '\n')
			line = at + 1;
	tap_note("library %.100s", a + line);
	tap_note("debugfs %.100s", b + line);
}

static bool same_text(const struct scan *s, pid_t pid)
{
	char *mine = device_text(s, false), *theirs;
	bool same;

	if (text_pid(pid, "maps", &theirs) < 0)
		tap_bail("cannot read maps");
	same = !strcmp(mine, theirs);
	if (!same)
		say_difference(mine, theirs);
	text_free(mine);
	text_free(theirs);
	return same;
}

/* Both at once, tried again if something moved in between. */
static void as_debugfs(const char *name, pid_t pid, size_t extents, size_t vmas)
{
	struct mmuscope_target *target;
	bool same = false, many;
	struct scan s;

	if (mmuscope_target_by_pid(mmuscope, pid, &target))
		tap_bail("no target");
	for (int i = 0; i < 5 && !same; i++) {
		if (collect(&s, target))
			tap_bail("cannot scan");
		same = same_text(&s, pid);
		many = s.extents >= extents && s.vmas >= vmas;
		tap_note("%s: %zu extents in %zu VMAs, %llu entries in %llu holds",
			 name, s.extents, s.vmas, cost.entries, cost.holds);
		device_scan_free(&s);
	}
	tap_ok(same && many, "%s: printed, it is what debugfs prints", name);
	tap_ok(cost.entries && cost.holds && cost.longest && cost.longest_ns &&
	       cost.longest <= cost.entries && cost.end &&
	       cost.walk_end == cost.end, "%s: what it cost", name);
	mmuscope_target_close(target);
}

/* A file whose name takes nearly all the room that a path has. */
static void map_long_name(void)
{
	char part[201];
	int fd;

	memset(part, 'n', 200);
	part[200] = 0;
	if (chdir("/tmp"))
		target_cannot("no /tmp");
	for (int i = 0; i < 19; i++)
		if ((mkdir(part, 0700) && errno != EEXIST) || chdir(part))
			target_cannot("no deep directory");
	for (int i = 0; i < 40; i++) {
		part[i]++;
		fd = open(part, O_RDWR | O_CREAT, 0600);
		if (fd < 0 || ftruncate(fd, 4096))
			target_cannot("no file with a long name");
		mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		close(fd);
	}
}

static struct span much(void)
{
	struct span span = memory_small(16 * MB);

	memory_touch(span, 8192);
	for (size_t i = 0; i < 300; i++)
		mprotect(span_at(span, i * 40960), 4096, PROT_READ);
	map_long_name();
	return span;
}

int main(void)
{
	struct target t;
	struct zoo zoo;

	if (mmuscope_open(&mmuscope))
		tap_bail("cannot open the device");
	zoo_start(&zoo);
	as_debugfs("zoo", zoo.pid, 40, 20);
	zoo_stop(&zoo);
	if (!target_start(&t, much, NULL))
		tap_bail("%s", t.why);
	as_debugfs("much", t.pid, 4000, 600);
	target_stop(&t);
	mmuscope_close(mmuscope);
	return tap_done();
}
