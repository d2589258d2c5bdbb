// SPDX-License-Identifier: GPL-2.0-only
/* Single questions: where an address is, and who has a frame. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <mmuscope.h>

#include "bench.h"

#define BATCH	4096

/* Each address has a page of its own. */
static struct span span;

static uint64_t pagemap_of(int fd, uint64_t addr)
{
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry), addr / (4 * KB) * 8) != sizeof(entry))
		bench_die("pagemap");
	return entry;
}

static uint64_t ask_pagemap(unsigned int nr)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t best = UINT64_MAX, cost;
	unsigned int i, round;

	for (round = 0; round < BENCH_ROUNDS; round++) {
		cost = bench_now();
		for (i = 0; i < nr; i++)
			pagemap_of(fd, span.start + i * 4 * KB);
		cost = bench_now() - cost;
		if (cost < best)
			best = cost;
	}
	close(fd);
	return best;
}

static uint64_t ask_module(struct mmuscope_target *target, unsigned int nr)
{
	struct mmuscope_translation *answer = calloc(nr, sizeof(*answer));
	uint64_t *addr = calloc(nr, sizeof(*addr));
	uint64_t best = UINT64_MAX, cost;
	unsigned int i, round;

	for (i = 0; i < nr; i++)
		addr[i] = span.start + i * 4 * KB;
	for (round = 0; round < BENCH_ROUNDS; round++) {
		cost = bench_now();
		if (mmuscope_translate(target, addr, nr, answer))
			bench_die("mmuscope_translate");
		cost = bench_now() - cost;
		if (cost < best)
			best = cost;
	}
	free(addr);
	free(answer);
	return best;
}

void bench_translate(void)
{
	static const unsigned int batches[] = { 1, 64, BATCH };
	struct mmuscope_target *target;
	struct mmuscope *mmuscope;
	char name[32];
	size_t i;

	if (mmuscope_open(&mmuscope) || mmuscope_target_by_pid(mmuscope, 0, &target))
		bench_die("cannot open the device");
	span = memory_touched(memory_small(BATCH * 4 * KB));
	for (i = 0; i < sizeof(batches) / sizeof(*batches); i++) {
		sprintf(name, "translate-%u", batches[i]);
		printf("pages %s %u\n", name, batches[i]);
		bench_tell(name, "pagemap", ask_pagemap(batches[i]));
		bench_tell(name, "translate", ask_module(target, batches[i]));
	}
	mmuscope_target_close(target);
	mmuscope_close(mmuscope);
}

/* How often the frame is mapped in one process, by its maps and its pagemap. */
static unsigned int sweep_process(const char *pid, uint64_t pfn)
{
	static uint64_t entries[1 << 17];
	unsigned long start, end, at;
	unsigned int found = 0;
	char path[300], line[600];
	FILE *maps;
	ssize_t got, i;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	maps = fopen(path, "r");
	snprintf(path, sizeof(path), "/proc/%s/pagemap", pid);
	fd = open(path, O_RDONLY);
	while (maps && fd >= 0 && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx", &start, &end) != 2)
			continue;
		for (at = start / (4 * KB); at < end / (4 * KB); at += got / 8) {
			size_t want = (end / (4 * KB) - at) * 8;

			if (want > sizeof(entries))
				want = sizeof(entries);
			got = pread(fd, entries, want, at * 8);
			if (got <= 0)
				break;
			for (i = 0; i < got / 8; i++)
				found += (entries[i] & ((1UL << 55) - 1)) == pfn &&
					 entries[i] >> 63;
		}
	}
	if (maps)
		fclose(maps);
	if (fd >= 0)
		close(fd);
	return found;
}

static unsigned int sweep(uint64_t pfn)
{
	DIR *proc = opendir("/proc");
	unsigned int found = 0;
	struct dirent *entry;

	while ((entry = readdir(proc)))
		if (*entry->d_name >= '1' && *entry->d_name <= '9')
			found += sweep_process(entry->d_name, pfn);
	closedir(proc);
	return found;
}

static unsigned int find(struct mmuscope *mmuscope, uint64_t pfn)
{
	const struct mmuscope_mapper *mapper;
	struct mmuscope_finder *finder;
	unsigned int found = 0;

	if (mmuscope_find_begin(mmuscope, pfn, 0, &finder))
		bench_die("mmuscope_find_begin");
	while (mmuscope_find_next(finder, &mapper) == 1)
		found++;
	mmuscope_find_end(finder);
	return found;
}

/* Both have to find the same, or there is nothing to compare. */
void bench_who(void)
{
	uint64_t best[2] = { UINT64_MAX, UINT64_MAX }, cost[3], pfn;
	struct mmuscope *mmuscope;
	unsigned int round;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (mmuscope_open(&mmuscope))
		bench_die("cannot open the device");
	pfn = pagemap_of(fd, span.start) & ((1UL << 55) - 1);
	for (round = 0; round < BENCH_ROUNDS; round++) {
		cost[0] = bench_now();
		if (sweep(pfn) != 1)
			bench_die("the sweep did not find the frame once");
		cost[1] = bench_now();
		if (find(mmuscope, pfn) != 1)
			bench_die("who did not find the frame once");
		cost[2] = bench_now();
		if (cost[1] - cost[0] < best[0])
			best[0] = cost[1] - cost[0];
		if (cost[2] - cost[1] < best[1])
			best[1] = cost[2] - cost[1];
	}
	printf("pages who 1\n");
	bench_tell("who", "sweep", best[0]);
	bench_tell("who", "who", best[1]);
	mmuscope_close(mmuscope);
	close(fd);
}
