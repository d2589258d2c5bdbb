// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch.h"
#include "device.h"
#include "kernel.h"
#include "tap.h"
#include "text.h"

int kernel_handle(void)
{
	int fd = device_bind(device_open(), MMUSCOPE_TARGET_KERNEL, 0);

	if (fd < 0)
		tap_bail("the kernel's half: %s", strerror(-fd));
	return fd;
}

unsigned long kernel_symbol(const char *name)
{
	unsigned long addr = 0, found;
	char word[128], line[256];
	FILE *f = fopen("/proc/kallsyms", "r");

	while (f && !addr && fgets(line, sizeof(line), f))
		if (sscanf(line, "%lx %*c %127s", &found, word) == 2 &&
		    !strcmp(word, name))
			addr = found;
	if (f)
		fclose(f);
	return addr;
}

unsigned long kernel_section(const char *name)
{
	unsigned long addr = 0;
	char path[128], *text;

	snprintf(path, sizeof(path), "/sys/module/mmuscope/sections/%s", name);
	if (text_slurp(path, &text) > 0)
		addr = strtoul(text, NULL, 16);
	text_free(text);
	return addr;
}

static bool find_area(int handle, const char *name, unsigned long start,
		      unsigned long end, struct mmuscope_vma *area)
{
	/* Nothing is both, so that only areas come. */
	struct mmuscope_scan ask = {
		.start = start,
		.end = end,
		.mask = MMUSCOPE_FLAG_PRESENT |
			MMUSCOPE_CAT_BACKING(MMUSCOPE_BACKING_NONE),
	};
	bool found = false;
	struct scan s;

	if (device_scan(&s, handle, &ask, &device_roomy))
		return false;
	for (size_t i = 0; i < s.vmas && !found; i++) {
		found = !strcmp(s.name[i], name);
		*area = s.vma[i];
	}
	device_scan_free(&s);
	return found;
}

bool kernel_area(int handle, const char *name, struct mmuscope_vma *area)
{
	return find_area(handle, name, 0, ARCH_CROWD, area) ||
	       find_area(handle, name, ARCH_CROWD_END, 0, area);
}

unsigned long long kernel_perm(const char *perm)
{
	return (strchr(perm, 'r') ? MMUSCOPE_FLAG_READ : 0) |
	       (strchr(perm, 'w') ? MMUSCOPE_FLAG_WRITE : 0) |
	       (strchr(perm, 'x') ? MMUSCOPE_FLAG_EXEC : 0) |
	       (strchr(perm, 'u') ? MMUSCOPE_FLAG_USER : 0);
}

bool kernel_is_whole(const struct scan *s, unsigned long end)
{
	for (size_t i = 1; i < s->extents; i++)
		if (s->extent[i].start != s->extent[i - 1].end)
			return false;
	return s->extents && s->extent[s->extents - 1].end == end && !s->wrong[0];
}

bool kernel_is_a_way(const struct mmuscope_translation *t)
{
	for (unsigned int i = 1; i < t->nr_steps; i++)
		if ((t->step[i - 1].raw & ARCH_FRAME) != t->step[i].table)
			return false;
	return t->nr_steps;
}
