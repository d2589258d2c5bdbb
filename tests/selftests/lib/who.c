// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "pagemap.h"
#include "tap.h"
#include "text.h"
#include "who.h"

int who_ask(struct who *who, int device, uint64_t pfn, uint64_t flags, size_t room)
{
	struct mmuscope_mappers args = {
		.size = sizeof(args),
		.flags = flags,
		.pfn = pfn,
		.vec_size = sizeof(*who->mapper),
		.vec_len = room,
	};
	int err;

	*who = (struct who) {};
	do {
		who->mapper = realloc(who->mapper, (who->nr + room) * sizeof(*who->mapper));
		if (!who->mapper)
			abort();
		args.vec = (uintptr_t)(who->mapper + who->nr);
		memset(who->mapper + who->nr, 0xa5, room * sizeof(*who->mapper));
		err = device_ioctl(device, MMUSCOPE_IOC_MAPPERS, &args);
		if (err)
			return err;
		who->nr += args.nr;
		who->method = args.method;
		who->status |= args.status;
		who->looked += args.looked;
		who->calls++;
	} while (args.cursor[0] || args.cursor[1]);
	return 0;
}

void who_free(struct who *who)
{
	free(who->mapper);
	who->mapper = NULL;
}

bool who_has(const struct who *who, unsigned int pid, unsigned long addr,
	     unsigned long bytes)
{
	for (size_t i = 0; i < who->nr; i++) {
		const struct mmuscope_mapper *m = &who->mapper[i];

		if (m->pid == pid && m->addr == addr && m->bytes == bytes &&
		    m->start == (addr & -bytes) && m->flags & MMUSCOPE_FLAG_PRESENT)
			return true;
	}
	return false;
}

static void take_vma(struct census *census, int pid, unsigned long start,
		     unsigned long end)
{
	uint64_t *entry = pagemap_read(pid, start, end);
	size_t pages = entry ? (end - start) / 4096 : 0;

	if (census->nr + pages > census->room) {
		census->room = (census->nr + pages) * 2;
		census->page = realloc(census->page, census->room * sizeof(*census->page));
		if (!census->page)
			abort();
	}
	for (size_t i = 0; i < pages; i++)
		if (entry[i] & PM_PRESENT)
			census->page[census->nr++] = (struct page) {
				PM_PFN(entry[i]), start + i * 4096, pid
			};
	free(entry);
}

static void take_process(struct census *census, int pid)
{
	unsigned long start, end;
	char *text, *line;

	text_proc(pid, "maps", &text);
	for (line = text; line && *line; line = strchr(line, '\n') + 1)
		if (sscanf(line, "%lx-%lx", &start, &end) == 2 && end - start < 1UL << 40 &&
		    !(start >> 63))
			take_vma(census, pid, start, end);
	text_free(text);
}

static int page_cmp(const void *x, const void *y)
{
	const struct page *a = x, *b = y;

	if (a->pfn != b->pfn)
		return a->pfn < b->pfn ? -1 : 1;
	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return a->addr < b->addr ? -1 : a->addr > b->addr;
}

void census_take(struct census *census)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;

	*census = (struct census) {};
	while (dir && (d = readdir(dir)))
		if (isdigit(*d->d_name))
			take_process(census, atoi(d->d_name));
	if (!dir)
		tap_bail("no /proc");
	closedir(dir);
	qsort(census->page, census->nr, sizeof(*census->page), page_cmp);
}

void census_free(struct census *census)
{
	free(census->page);
}

static int mapper_cmp(const void *x, const void *y)
{
	const struct mmuscope_mapper *a = x, *b = y;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return a->addr < b->addr ? -1 : a->addr > b->addr;
}

bool census_same(const struct census *census, uint64_t pfn, struct who *who)
{
	size_t i = 0, n = 0;

	qsort(who->mapper, who->nr, sizeof(*who->mapper), mapper_cmp);
	while (i < census->nr && census->page[i].pfn < pfn)
		i++;
	for (; i < census->nr && census->page[i].pfn == pfn; i++, n++) {
		const struct page *p = &census->page[i];

		if (n < who->nr && who->mapper[n].pid == p->pid &&
		    who->mapper[n].addr == p->addr)
			continue;
		tap_note("frame %lx, mapper %zu of %zu: pagemap has %u:%lx", pfn, n,
			 who->nr, p->pid, p->addr);
		return false;
	}
	if (n != who->nr)
		tap_note("frame %lx: pagemap has %zu mappers, we have %zu", pfn, n, who->nr);
	return n == who->nr;
}
