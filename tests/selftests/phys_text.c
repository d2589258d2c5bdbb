// SPDX-License-Identifier: GPL-2.0-only
/*
 * What debugfs prints of physical memory is what PHYS tells, range by range,
 * read in pieces of any size, and again from the start.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capless.h"
#include "device.h"
#include "physical.h"
#include "tap.h"
#include "text.h"

#define PHYSICAL MMUSCOPE "/physical"

static struct physical told;

/* Ranges that the text has like PHYS. */
static size_t same(const char *text)
{
	unsigned long start, end;
	const char *next;
	size_t nr = 0;
	char line[200];

	for (; *text && nr < told.nr; text = next + 1) {
		const struct mmuscope_phys_range *range = &told.range[nr];

		next = strchr(text, '\n');
		if (!next)
			break;
		snprintf(line, sizeof(line), "%.*s", (int)(next - text), text);
		if (strspn(line, " ") != 2 * range->depth ||
		    sscanf(line, " %lx-%lx ", &start, &end) != 2 ||
		    start != range->start || end != range->end ||
		    strcmp(line + strlen(line) - strlen(range->name), range->name)) {
			tap_note("range %zu: '%s', not %*s%llx-%llx %s", nr, line,
				 2 * range->depth, "", range->start, range->end, range->name);
			break;
		}
		nr++;
	}
	return *text ? 0 : nr;
}

static void read_in(size_t chunk)
{
	int fd = open(PHYSICAL, O_RDONLY | O_CLOEXEC);
	char *text;

	if (fd < 0 || text_read(fd, chunk, &text) < 0)
		tap_bail("cannot read " PHYSICAL);
	tap_ok(same(text) == told.nr, "in pieces of %zu: %zu ranges", chunk, told.nr);
	text_free(text);
	lseek(fd, 0, SEEK_SET);
	if (text_read(fd, chunk, &text) < 0)
		tap_bail("cannot read " PHYSICAL " again");
	tap_ok(same(text) == told.nr, "in pieces of %zu: and once more", chunk);
	text_free(text);
	close(fd);
}

static void refused(void)
{
	tap_ok(open(PHYSICAL, O_RDONLY) < 0, "not without CAP_SYS_ADMIN: %m");
}

int main(void)
{
	const struct mmuscope_phys all = { .size = sizeof(all) };
	static const size_t chunks[] = { 1 << 20, 4096, 100, 7 };
	int device = device_open();

	if (physical_read(&told, device, &all, 100, 0))
		tap_bail("cannot ask PHYS");
	for (size_t i = 0; i < sizeof(chunks) / sizeof(*chunks); i++)
		read_in(chunks[i]);
	capless_run(refused);
	return tap_done();
}
