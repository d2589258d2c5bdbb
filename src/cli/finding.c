// SPDX-License-Identifier: MIT
/* What is wrong with one extent, by what its scan says alone. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "audit.h"

const char * const finding_names[NR_FINDINGS] = {
	[WX_KERNEL]		= "WX-KERNEL",
	[WX_USER]		= "WX-USER",
	[USER_IN_KERNEL]	= "USER-IN-KERNEL",
	[EXEC_ANON]		= "EXEC-ANON",
	[MEMTYPE_CONFLICT]	= "MEMTYPE-CONFLICT",
	[VMA_DISAGREES]		= "VMA-DISAGREES",
	[OUTSIDE_VMA]		= "OUTSIDE-VMA",
	[BEYOND_MEMORY]		= "BEYOND-MEMORY",
	[WRITABLE_ZERO]		= "WRITABLE-ZERO",
};

#define WRITE_EXEC	(MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_EXEC)

static bool has(uint64_t flags, uint64_t all)
{
	return (flags & all) == all;
}

/* The hardware has no way to forbid reading alone: that it can be is no news. */
static bool disagrees(const struct mmuscope_found *found)
{
	uint64_t flags = found->extent.flags, vma = found->vma.flags;
	uint64_t any = MMUSCOPE_VMA_READ | MMUSCOPE_VMA_WRITE |
		       MMUSCOPE_VMA_EXEC;

	return (flags & MMUSCOPE_FLAG_WRITE && !(vma & MMUSCOPE_VMA_WRITE)) ||
	       (flags & MMUSCOPE_FLAG_EXEC && !(vma & MMUSCOPE_VMA_EXEC)) ||
	       (flags & MMUSCOPE_FLAG_READ && !(vma & any));
}

/* A bit for each enum finding. */
unsigned int find_wrong(const struct mmuscope_found *found, enum where where)
{
	uint64_t flags = found->extent.flags;
	unsigned int wrong = 0;

	if (where == IN_KERNEL) {
		if (has(flags, WRITE_EXEC))
			wrong |= 1U << WX_KERNEL;
		if (flags & MMUSCOPE_FLAG_USER)
			wrong |= 1U << USER_IN_KERNEL;
		return wrong;
	}
	if (has(flags, WRITE_EXEC))
		wrong |= 1U << WX_USER;
	if (has(flags, MMUSCOPE_FLAG_EXEC | MMUSCOPE_FLAG_ANON))
		wrong |= 1U << EXEC_ANON;
	if (where == IN_NO_VMA)
		wrong |= 1U << OUTSIDE_VMA;
	else if (disagrees(found))
		wrong |= 1U << VMA_DISAGREES;
	if (has(flags, MMUSCOPE_FLAG_WRITE | MMUSCOPE_FLAG_ZERO))
		wrong |= 1U << WRITABLE_ZERO;
	return wrong;
}

static void disagreement(const struct mmuscope_found *found, char *sentence,
			 size_t size)
{
	char perm[5];

	perm_word(found->extent.flags, perm);
	perm[3] = '\0';
	snprintf(sentence, size, "the entry allows %s, its VMA %c%c%c", perm,
		 found->vma.flags & MMUSCOPE_VMA_READ ? 'r' : '-',
		 found->vma.flags & MMUSCOPE_VMA_WRITE ? 'w' : '-',
		 found->vma.flags & MMUSCOPE_VMA_EXEC ? 'x' : '-');
}

void finding_sentence(enum finding finding, const struct mmuscope_found *found,
		      char *sentence, size_t size)
{
	static const char * const sentences[NR_FINDINGS] = {
		[WX_KERNEL]	= "the kernel can write and execute it",
		[WX_USER]	= "the process can write and execute it",
		[USER_IN_KERNEL] = "user mode can reach this memory of the kernel's",
		[EXEC_ANON]	= "anonymous memory is executable",
		[OUTSIDE_VMA]	= "it is mapped, but in no VMA",
		[WRITABLE_ZERO]	= "everybody's zero page is writable",
	};

	if (finding == VMA_DISAGREES)
		disagreement(found, sentence, size);
	else if (finding == BEYOND_MEMORY)
		snprintf(sentence, size,
			 "it maps physical address %" PRIx64 ", where nothing is",
			 (uint64_t)found->extent.value);
	else if (finding == EXEC_ANON && found->vma.flags & MMUSCOPE_VMA_FILE)
		snprintf(sentence, size,
			 "a private copy of a file's page is executable");
	else
		snprintf(sentence, size, "%s", sentences[finding]);
}
