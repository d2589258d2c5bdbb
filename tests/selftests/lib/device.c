// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "tap.h"

/* What the arrays are filled with, to see what was written. */
#define FILL 0xa5

const struct room device_roomy = { .extents = 8192, .vmas = 256, .names = 65536 };

int device_ioctl(int fd, unsigned long cmd, void *arg)
{
	int ret = ioctl(fd, cmd, arg);

	return ret < 0 ? -errno : ret;
}

int device_open(void)
{
	int fd = open("/dev/mmuscope", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		tap_bail("/dev/mmuscope: %m");
	return fd;
}

int device_bind(int device, unsigned int kind, int id)
{
	struct mmuscope_bind bind = { .size = sizeof(bind), .kind = kind, .id = id };

	return device_ioctl(device, MMUSCOPE_IOC_TARGET, &bind);
}

int device_target(pid_t pid)
{
	int device = device_open();
	int fd = device_bind(device, MMUSCOPE_TARGET_PID, pid);

	close(device);
	if (fd < 0)
		tap_bail("no handle of process %d: %s", pid, strerror(-fd));
	return fd;
}

struct mmuscope_scan device_ask(unsigned long start, unsigned long end)
{
	return (struct mmuscope_scan) {
		.start = start,
		.end = end,
		.flags = MMUSCOPE_SCAN_VALUES,
		.return_mask = MMUSCOPE_SCAN_FLAGS,
	};
}

int device_translate(int fd, unsigned long addr, struct mmuscope_translation *t)
{
	struct mmuscope_translate args = {
		.size = sizeof(args),
		.vec = (uintptr_t)t,
		.vec_len = 1,
		.vec_size = sizeof(*t),
	};

	memset(t, FILL, sizeof(*t));
	t->addr = addr;
	return device_ioctl(fd, MMUSCOPE_IOC_TRANSLATE, &args);
}

struct arrays {
	size_t extent_size, vma_size;
	char *extent, *vma, *names;
};

static void *filled(size_t size)
{
	void *p = malloc(size + 1);

	if (!p)
		abort();
	return memset(p, FILL, size + 1);
}

static struct arrays arrays_get(const struct room *room)
{
	struct arrays a = {
		.extent_size = room->extent_size ?: sizeof(struct mmuscope_extent),
		.vma_size = room->vma_size ?: sizeof(struct mmuscope_vma),
	};

	a.extent = filled(a.extent_size * room->extents);
	a.vma = filled(a.vma_size * room->vmas);
	a.names = filled(room->names);
	return a;
}

static void arrays_put(struct arrays *a)
{
	free(a->extent);
	free(a->vma);
	free(a->names);
}

static void broken(struct scan *s, const char *what, unsigned long at)
{
	if (!s->wrong[0])
		snprintf(s->wrong, sizeof(s->wrong), "%s, element %lu", what, at);
}

/* Written elements have a tail of 0, the others are as they were. */
static void check_rest(struct scan *s, const char *array, size_t size,
		       size_t known, size_t len, size_t nr)
{
	for (size_t i = 0; i < len; i++) {
		const char *rest = array + i * size + (i < nr ? known : 0);
		const char *end = array + (i + 1) * size;

		/* That far is enough, and cheap. */
		if (i > nr + 8)
			return;
		for (; rest < end; rest++)
			if ((unsigned char)*rest != (i < nr ? 0 : FILL))
				broken(s, i < nr ? "tail not cleared" :
				       "written to beyond what is told", i);
	}
}

static void *grown(void *array, size_t nr, size_t more, size_t size)
{
	array = realloc(array, (nr + more + 1) * size);
	if (!array)
		abort();
	return array;
}

static void take_extents(struct scan *s, const struct arrays *a, size_t nr)
{
	s->extent = grown(s->extent, s->extents, nr, sizeof(*s->extent));
	for (size_t i = 0; i < nr; i++)
		memcpy(&s->extent[s->extents++], a->extent + i * a->extent_size,
		       sizeof(*s->extent));
}

/* One that the call before ended in, and that is told again, is dropped. */
static void take_vmas(struct scan *s, const struct arrays *a,
		      const struct room *room, size_t nr)
{
	struct mmuscope_vma vma, *last;

	s->vma = grown(s->vma, s->vmas, nr, sizeof(*s->vma));
	s->name = grown(s->name, s->vmas, nr, sizeof(*s->name));
	for (size_t i = 0; i < nr; i++) {
		memcpy(&vma, a->vma + i * a->vma_size, sizeof(vma));
		last = s->vmas ? &s->vma[s->vmas - 1] : NULL;
		if (room->names && (vma.name + vma.name_len >= room->names ||
				    a->names[vma.name + vma.name_len] ||
				    strlen(a->names + vma.name) != vma.name_len))
			broken(s, "name is not where it is told", i);
		if (!room->names && (vma.name || vma.name_len))
			broken(s, "name without names", i);
		if (last && last->start == vma.start) {
			if (i)
				broken(s, "VMA told twice in a call", i);
			if (last->end != vma.end || last->flags != vma.flags)
				broken(s, "VMA told otherwise again", i);
			continue;
		}
		vma.first += s->extents;
		s->name[s->vmas] = strndup(room->names ? a->names + vma.name : "",
					   vma.name_len);
		s->vma[s->vmas++] = vma;
	}
}

static void check_call(struct scan *s, const struct mmuscope_scan *args)
{
	if (args->nr > args->vec_len || args->nr_vma > args->vma_len)
		broken(s, "more than there is room for", args->nr);
	if (args->walk_end <= args->start || args->walk_end > args->end)
		broken(s, "walk_end outside of the range", args->walk_end);
	if (args->status & ~MMUSCOPE_SCAN_CHANGED)
		broken(s, "unknown status", args->status);
	s->changed |= args->status & MMUSCOPE_SCAN_CHANGED;
	s->entries += args->entries;
	s->holds += args->holds;
	s->calls++;
	if (s->longest < args->longest)
		s->longest = args->longest;
	if (s->most < args->entries)
		s->most = args->entries;
}

int device_scan(struct scan *s, int fd, const struct mmuscope_scan *ask,
		const struct room *room)
{
	struct arrays a = arrays_get(room);
	struct mmuscope_scan args = *ask;
	int err = 0;

	memset(s, 0, sizeof(*s));
	args.size = sizeof(args);
	args.vec = (uintptr_t)a.extent;
	args.vec_len = room->extents;
	args.vec_size = a.extent_size;
	if (room->vmas) {
		args.vma = (uintptr_t)a.vma;
		args.vma_len = room->vmas;
		args.vma_size = a.vma_size;
	}
	if (room->names) {
		args.names = (uintptr_t)a.names;
		args.names_len = room->names;
	}
	do {
		err = device_ioctl(fd, MMUSCOPE_IOC_SCAN, &args);
		if (err)
			break;
		check_call(s, &args);
		if (s->wrong[0])
			break;
		take_vmas(s, &a, room, args.nr_vma);
		take_extents(s, &a, args.nr);
		if (s->calls <= 2) {
			check_rest(s, a.extent, a.extent_size, sizeof(struct mmuscope_extent),
				   room->extents, args.nr);
			check_rest(s, a.vma, a.vma_size, sizeof(struct mmuscope_vma),
				   room->vmas, args.nr_vma);
			memset(a.extent, FILL, a.extent_size * room->extents);
			memset(a.vma, FILL, a.vma_size * room->vmas);
		}
		args.start = args.walk_end;
	} while (args.start < args.end);
	arrays_put(&a);
	return err;
}

void device_scan_free(struct scan *s)
{
	for (size_t i = 0; i < s->vmas; i++)
		free(s->name[i]);
	free(s->name);
	free(s->vma);
	free(s->extent);
	memset(s, 0, sizeof(*s));
}

bool device_extents_same(const struct mmuscope_extent *a, size_t na,
			 const struct mmuscope_extent *b, size_t nb)
{
	for (size_t i = 0; i < na && i < nb; i++) {
		if (!memcmp(&a[i], &b[i], sizeof(*a)))
			continue;
		tap_note("extent %zu: %llx-%llx value %llx flags %llx level %u backing %u order %u",
			 i, a[i].start, a[i].end, a[i].value, a[i].flags,
			 a[i].level, a[i].backing, a[i].order);
		tap_note("against   : %llx-%llx value %llx flags %llx level %u backing %u order %u",
			 b[i].start, b[i].end, b[i].value, b[i].flags,
			 b[i].level, b[i].backing, b[i].order);
		return false;
	}
	if (na != nb)
		tap_note("%zu extents against %zu", na, nb);
	return na == nb;
}

bool device_scan_same(const struct scan *a, const struct scan *b)
{
	for (size_t i = 0; i < a->vmas && i < b->vmas; i++) {
		struct mmuscope_vma va = a->vma[i], vb = b->vma[i];

		va.name = vb.name = 0;
		if (!memcmp(&va, &vb, sizeof(va)) && !strcmp(a->name[i], b->name[i]))
			continue;
		tap_note("VMA %zu: %llx-%llx first %llu '%s' against %llx-%llx first %llu '%s'",
			 i, va.start, va.end, va.first, a->name[i],
			 vb.start, vb.end, vb.first, b->name[i]);
		return false;
	}
	if (a->vmas != b->vmas)
		tap_note("%zu VMAs against %zu", a->vmas, b->vmas);
	return a->vmas == b->vmas &&
	       device_extents_same(a->extent, a->extents, b->extent, b->extents);
}
