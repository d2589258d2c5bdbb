// SPDX-License-Identifier: MIT
/* What a touch would do, as a word and in a sentence. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

#define PHRASE 384

/*
 * A word for programs, and what comes after "a read would". Where it is NULL it
 * takes more than the touch to say.
 */
static const struct {
	const char *word;
	const char *phrase;
} touches[MMUSCOPE_NR_TOUCHES] = {
	[MMUSCOPE_TOUCH_HIT] = {
		"hit", "go through without a fault" },
	[MMUSCOPE_TOUCH_NO_VMA] = {
		"no-vma", "raise SIGSEGV, because nothing is mapped there" },
	[MMUSCOPE_TOUCH_FORBIDDEN] = {
		"forbidden", "raise SIGSEGV, because the VMA forbids it" },
	[MMUSCOPE_TOUCH_GUARD] = {
		"guard", "raise SIGSEGV, because a guard marker is there" },
	[MMUSCOPE_TOUCH_STACK] = {
		"stack", "make the stack grow, if its limit allows" },
	[MMUSCOPE_TOUCH_ZERO] = { "zero", NULL },
	[MMUSCOPE_TOUCH_FILE] = { "file", NULL },
	[MMUSCOPE_TOUCH_EOF] = {
		"eof", "raise SIGBUS, because the file ends before" },
	[MMUSCOPE_TOUCH_COW] = { "cow", NULL },
	[MMUSCOPE_TOUCH_NOTIFY] = {
		"notify", "fault once, to make the shared page writable" },
	[MMUSCOPE_TOUCH_SWAP] = { "swap", NULL },
	[MMUSCOPE_TOUCH_MIGRATION] = {
		"migration", "wait until the page has moved" },
	[MMUSCOPE_TOUCH_POISON] = {
		"poison", "raise SIGBUS, because the memory or its swap is lost" },
	[MMUSCOPE_TOUCH_DEVICE] = {
		"device", "make the device give the page back" },
	[MMUSCOPE_TOUCH_NUMA] = {
		"numa", "be noted by NUMA balancing, which may move the page" },
	[MMUSCOPE_TOUCH_UFFD] = {
		"uffd", "be up to who holds the userfaultfd" },
	[MMUSCOPE_TOUCH_HUGETLB] = {
		"hugetlb", "get a huge page, or SIGBUS if there is none" },
	[MMUSCOPE_TOUCH_DRIVER] = {
		"driver", "be up to the driver that made the mapping" },
	[MMUSCOPE_TOUCH_RETRY] = {
		"retry", "fault and find the entry on its way elsewhere" },
};

const char *touch_word(unsigned int touch)
{
	return touch < MMUSCOPE_NR_TOUCHES ? touches[touch].word : "unknown";
}

/* Nobody comes to help in the kernel's half. */
static const char *say_kernel(const struct cli *cli, unsigned int touch)
{
	bool absent = touch == MMUSCOPE_TOUCH_NO_VMA;

	if (cli->opt.user)
		return absent ? touches[touch].phrase :
		       "raise SIGSEGV, because the tables forbid it";
	return absent ? "be an oops, because nothing is mapped there" :
			"be an oops, because the tables forbid it";
}

static void say_file(const struct mmuscope_translation *t, bool copy,
		     char *to, size_t size)
{
	bool cached = t->leaf.flags & MMUSCOPE_FLAG_CACHED;
	uint64_t at = t->leaf.start - t->vma.start + t->vma.offset;

	snprintf(to, size, "%s the file's page at offset %" PRIx64 "%s",
		 copy ? "get a copy of" : "map", at,
		 cached ? ", which is in the page cache" :
			  ", which must be read first");
}

static void say_swap(const struct cli *cli, const struct mmuscope_translation *t,
		     char *to, size_t size)
{
	struct mmuscope_swap_area area;
	char slot[64];

	if (t->leaf.backing != MMUSCOPE_BACKING_SWAP || !may_see_frames(cli)) {
		snprintf(to, size, "bring the page back from swap");
		return;
	}
	backing_word(cli, &t->leaf, slot, sizeof(slot));
	if (mmuscope_swap_area(t->leaf.swap_type, t->leaf.value, &area))
		snprintf(to, size, "bring the page back from %s", slot);
	else
		snprintf(to, size, "bring the page back from %s on %s%s", slot,
			 area.name, area.guess ? " (a guess)" : "");
}

static void say(const struct cli *cli, const struct mmuscope_translation *t,
		unsigned int access, char *to, size_t size)
{
	const unsigned int touch[NR_VERDICTS] = {
		t->touch_read, t->touch_write, t->touch_exec
	};
	bool write = access == VERDICT_WRITE;

	if (cli->opt.kernel && touch[access] != MMUSCOPE_TOUCH_HIT) {
		snprintf(to, size, "%s", say_kernel(cli, touch[access]));
		return;
	}
	switch (touch[access]) {
	case MMUSCOPE_TOUCH_ZERO:
		snprintf(to, size, "get %s", write ||
			 t->vma.flags & MMUSCOPE_VMA_SHMEM ?
			 "a new page of zeroes" : "the zero page");
		break;
	case MMUSCOPE_TOUCH_COW:
		snprintf(to, size, "%s", t->leaf.flags & MMUSCOPE_FLAG_ZERO ?
			 "get a new page of zeroes" :
			 "copy the page first, unless nobody else has it");
		break;
	case MMUSCOPE_TOUCH_FILE:
		say_file(t, write && !(t->vma.flags & MMUSCOPE_VMA_SHARED), to,
			 size);
		break;
	case MMUSCOPE_TOUCH_SWAP:
		say_swap(cli, t, to, size);
		break;
	default:
		snprintf(to, size, "%s", touch[access] < MMUSCOPE_NR_TOUCHES ?
			 touches[touch[access]].phrase :
			 "do what this command does not know of");
	}
}

static void append(char *to, size_t size, const char *word)
{
	size_t len = strlen(to);

	snprintf(to + len, size - len, "%s", word);
}

/* Those that would do as @first does, and have not been told of yet. */
static void name_all(char phrase[NR_VERDICTS][PHRASE], unsigned int first,
		     char *to, size_t size)
{
	static const char * const who[NR_VERDICTS] = {
		"a read", "a write", "an instruction fetch"
	};
	unsigned int i, last = first;

	for (i = first; i < NR_VERDICTS; i++)
		if (!strcmp(phrase[i], phrase[first]))
			last = i;
	for (i = first; i <= last; i++) {
		if (strcmp(phrase[i], phrase[first]))
			continue;
		if (i > first)
			append(to, size, i == last ? " or " : ", ");
		append(to, size, who[i]);
	}
}

static bool is_told(char phrase[NR_VERDICTS][PHRASE], unsigned int access)
{
	unsigned int i;

	for (i = 0; i < access; i++)
		if (!strcmp(phrase[i], phrase[access]))
			return true;
	return false;
}

/* "A read or a write would ...; an instruction fetch would ...". */
void verdict_sentence(const struct cli *cli,
		      const struct mmuscope_translation *trans, char *sentence,
		      size_t size)
{
	char phrase[NR_VERDICTS][PHRASE];
	unsigned int i;

	*sentence = '\0';
	for (i = 0; i < NR_VERDICTS; i++)
		say(cli, trans, i, phrase[i], PHRASE);
	for (i = 0; i < NR_VERDICTS; i++) {
		if (is_told(phrase, i))
			continue;
		append(sentence, size, i ? "; " : "");
		name_all(phrase, i, sentence, size);
		append(sentence, size, " would ");
		append(sentence, size, phrase[i]);
	}
	append(sentence, size, ".");
	*sentence = toupper((unsigned char)*sentence);
}
