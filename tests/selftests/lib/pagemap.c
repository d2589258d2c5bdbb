// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "pagemap.h"
#include "text.h"

uint64_t *pagemap_read(pid_t pid, unsigned long start, unsigned long end)
{
	size_t size = (end - start) / 4096 * sizeof(uint64_t), done = 0;
	int fd = text_open_proc(pid, "pagemap");
	char *entries;
	ssize_t n = 1;

	if (fd < 0)
		return NULL;
	entries = calloc(1, size);
	while (entries && done < size && n > 0) {
		n = pread(fd, entries + done, size - done,
			  start / 4096 * sizeof(uint64_t) + done);
		done += n > 0 ? n : 0;
	}
	close(fd);
	if (entries && done == size)
		return (uint64_t *)entries;
	free(entries);
	return NULL;
}
