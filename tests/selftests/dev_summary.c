// SPDX-License-Identifier: GPL-2.0-only
/* SUMMARY says what the summary file says, for a process of every kind. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "tap.h"
#include "text.h"
#include "zoo.h"

static char *text;
static unsigned int equal, different;

static void same(const char *name, unsigned long long mine)
{
	long theirs = text_field(text, name);

	equal += theirs == (long)mine;
	if (theirs == (long)mine)
		return;
	different++;
	tap_note("%s is %llu, the file says %ld", name, mine, theirs);
}

static void same_kb(const char *name, unsigned long long bytes)
{
	same(name, bytes >> 10);
}

static void sizes(const struct mmuscope_summary *s)
{
	static const char * const backings[] = {
		"None", "Ram", "Mmio", "SwapEntries", "Migration", "Device",
		"Poison", "Marker",
	};

	same_kb("Size", s->mapped);
	same_kb("Rss", s->rss);
	same_kb("Pss", s->pss);
	same_kb("PssAnon", s->pss_anon);
	same_kb("PssFile", s->pss_file);
	same_kb("PssShmem", s->pss_shmem);
	same_kb("PssDirty", s->pss_dirty);
	same_kb("Anonymous", s->anon);
	same_kb("File", s->file);
	same_kb("Shmem", s->shmem);
	same_kb("KSM", s->ksm);
	same_kb("Shared", s->shared);
	same_kb("Private", s->unshared);
	same_kb("Dirty", s->dirty);
	same_kb("Accessed", s->accessed);
	same_kb("SoftDirty", s->soft_dirty);
	same_kb("AnonHugePages", s->anon_huge);
	same_kb("ShmemPmdMapped", s->shmem_pmd);
	same_kb("FilePmdMapped", s->file_pmd);
	same_kb("Hugetlb", s->hugetlb);
	same_kb("Zero", s->zero);
	same_kb("Special", s->special);
	same_kb("Swap", s->swap);
	for (size_t i = 0; i < sizeof(backings) / sizeof(*backings); i++)
		same_kb(backings[i], s->backing[i]);
	same_kb("Leaf4k", s->leaf[MMUSCOPE_LEVEL_PTE]);
	same_kb("Leaf2M", s->leaf[MMUSCOPE_LEVEL_PMD]);
	same_kb("Leaf1G", s->leaf[MMUSCOPE_LEVEL_PUD]);
	same_kb("LongestRun", s->longest_run);
	same_kb("PgtablesBytes", s->pgtables);
	same("Extents", s->extents);
	same("Changed", s->status);
}

static void tables(const struct mmuscope_summary *s)
{
	static const char * const names[] = { "pgd", "p4d", "pud", "pmd", "pte" };
	unsigned long long pages, filled;
	char word[32], *line;

	for (int level = 0; level < MMUSCOPE_NR_LEVELS; level++) {
		snprintf(word, sizeof(word), "\nTables_%s:", names[level]);
		line = strstr(text, word);
		if (!line) {
			different += s->tables[level].pages != 0;
			continue;
		}
		if (sscanf(line + strlen(word), "%llu pages %llu filled", &pages, &filled) == 2 &&
		    pages == s->tables[level].pages && filled == s->tables[level].filled)
			equal++;
		else
			different++;
	}
}

static void unused(const struct mmuscope_summary *s)
{
	bool ok = true;

	for (int i = MMUSCOPE_BACKING_TABLE; i < 16; i++)
		ok &= !s->backing[i];
	for (int i = MMUSCOPE_NR_LEVELS; i < 8; i++)
		ok &= !s->leaf[i] && !s->tables[i].pages && !s->tables[i].filled;
	tap_ok(ok && s->size == sizeof(*s) && !s->flags, "what is for later is 0");
}

int main(void)
{
	struct mmuscope_summary s;
	struct zoo zoo;
	int handle, err = 0;

	zoo_start(&zoo);
	handle = device_target(zoo.pid);
	for (int i = 0; i < 5 && (!i || different); i++) {
		equal = different = 0;
		memset(&s, 0xa5, sizeof(s));
		s.size = sizeof(s);
		s.flags = 0;
		err = device_ioctl(handle, MMUSCOPE_IOC_SUMMARY, &s);
		text_pid(zoo.pid, "summary", &text);
		if (err || !text)
			tap_bail("cannot sum up: %s", strerror(-err));
		sizes(&s);
		tables(&s);
	}
	tap_note("%u values equal, %u differ", equal, different);
	tap_ok(equal > 35 && !different, "as the file says");
	unused(&s);
	tap_ok(s.entries && s.holds && s.longest && s.longest <= s.entries && s.longest_ns,
	       "it tells what it cost");
	zoo_stop(&zoo);
	return tap_done();
}
