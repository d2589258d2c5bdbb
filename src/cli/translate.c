// SPDX-License-Identifier: MIT
/*
 * translate: the way from an address down to its frame, so that one can follow
 * it with a pencil.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

#define SENTENCE 1280

struct request {
	uint64_t *addrs;
	size_t nr;
};

/* The fields of an address: one per level, from the root, then the offset. */
struct field {
	unsigned int level;
	unsigned int low;
	unsigned int high;
};

struct split {
	struct field field[MMUSCOPE_NR_LEVELS];
	unsigned int nr;
	unsigned int offset_bits;
};

/* With fewer levels it is the p4d, then the pud that is missing. */
static bool has_level(const struct mmuscope_info *info, unsigned int level)
{
	return level == MMUSCOPE_LEVEL_PGD || level == MMUSCOPE_LEVEL_PTE ||
	       MMUSCOPE_LEVEL_PTE - level < info->levels - 1;
}

static bool is_present(const struct mmuscope_translation *trans)
{
	return trans->leaf.flags & MMUSCOPE_FLAG_PRESENT;
}

/* As far as the walk went if it ended at a page, else down to small pages. */
static struct split split_address(const struct mmuscope_info *info,
				  const struct mmuscope_translation *trans)
{
	unsigned int last = is_present(trans) ? trans->leaf.level :
						MMUSCOPE_LEVEL_PTE;
	struct split split = { .nr = 0 };
	unsigned int level, low;

	for (level = 0; level <= last; level++) {
		if (!has_level(info, level))
			continue;
		low = level_shift(info, level);
		split.field[split.nr++] = (struct field) {
			.level = level, .low = low,
			.high = low + info->page_shift - 4,
		};
		split.offset_bits = low;
	}
	return split;
}

static uint64_t bits(uint64_t value, unsigned int low, unsigned int high)
{
	return value >> low & ((1ULL << (high - low + 1)) - 1);
}

static uint64_t offset_of(const struct split *split, uint64_t addr)
{
	return bits(addr, 0, split->offset_bits - 1);
}

static void text_split(const struct split *split, uint64_t addr)
{
	const struct field *f = split->field;
	char word[16];
	unsigned int i;

	printf("  bits  ");
	for (i = 0; i < split->nr; i++) {
		snprintf(word, sizeof(word), "%u-%u", f[i].high, f[i].low);
		printf(" %6s", word);
	}
	snprintf(word, sizeof(word), "%u-0", split->offset_bits - 1);
	printf(" %9s\n  level ", word);
	for (i = 0; i < split->nr; i++)
		printf(" %6s", mmuscope_level_name(f[i].level));
	printf("    offset\n  index ");
	for (i = 0; i < split->nr; i++)
		printf(" %6" PRIu64, bits(addr, f[i].low, f[i].high));
	printf(" %9" PRIx64 "\n", offset_of(split, addr));
}

/* What the last entry holds: the whole of a large page, not @trans's part. */
static struct mmuscope_extent whole_leaf(const struct split *split,
					 const struct mmuscope_translation *trans)
{
	struct mmuscope_extent leaf = trans->leaf;

	if (is_present(trans) && trans->phys)
		leaf.value = trans->phys - offset_of(split, trans->addr);
	return leaf;
}

static void text_step(const struct cli *cli, const struct split *split,
		      const struct mmuscope_translation *trans, unsigned int i)
{
	const struct mmuscope_step *step = &trans->step[i];
	struct mmuscope_extent entry = {
		.flags = step->flags, .level = step->level,
	};
	char backing[64], perm[5];

	if (i + 1 < trans->nr_steps) {
		entry.backing = MMUSCOPE_BACKING_TABLE;
		entry.value = trans->step[i + 1].table;
		backing_word(cli, &entry, backing, sizeof(backing));
	} else {
		struct mmuscope_extent leaf = whole_leaf(split, trans);

		backing_word(cli, &leaf, backing, sizeof(backing));
	}
	perm_word(step->flags, perm);
	printf("  %s table ", mmuscope_level_name(step->level));
	if (may_see_frames(cli))
		printf("%-12" PRIx64 " [%3" PRIu32 "] = %016" PRIx64,
		       (uint64_t)step->table, step->index,
		       (uint64_t)step->raw);
	else
		printf("- [%3" PRIu32 "] = -", step->index);
	printf(" -> %-18s %s ", backing, perm);
	text_flags(cli, &entry);
	putchar('\n');
}

static void text_sum(const struct cli *cli, const struct split *split,
		     const struct mmuscope_translation *trans)
{
	uint64_t offset = offset_of(split, trans->addr);

	if (!is_present(trans)) {
		if (trans->nr_steps)
			printf("  no frame: the way ends at this %s\n",
			       mmuscope_level_name(trans->leaf.level));
		return;
	}
	/* L1TF (Documentation/admin-guide/hw-vuln, v6.1). */
	if (cli->info.arch == MMUSCOPE_ARCH_X86_64 && trans->leaf.flags &
	    (MMUSCOPE_FLAG_PROT_NONE | MMUSCOPE_FLAG_NUMA_HINT))
		puts("  the processor must not use it, so the frame in it is kept inverted");
	if (may_see_frames(cli))
		printf("  frame %" PRIx64 " + offset %" PRIx64
		       " = physical address %" PRIx64 "\n",
		       (uint64_t)trans->phys - offset, offset,
		       (uint64_t)trans->phys);
	else
		puts("  which frame it is, you may not know (CAP_SYS_ADMIN)");
}

/* What the VMA promises beyond what its line says. */
static void text_promise(const struct mmuscope_vma *vma)
{
	static const struct {
		uint64_t flag;
		const char *words;
	} promises[] = {
		{ MMUSCOPE_VMA_ANON,		"anonymous memory" },
		{ MMUSCOPE_VMA_FILE,		"pages of a file" },
		{ MMUSCOPE_VMA_SHMEM,		"on tmpfs or shared memory" },
		{ MMUSCOPE_VMA_HUGETLB,		"from hugetlb" },
		{ MMUSCOPE_VMA_PFNMAP,		"frames that a driver chose" },
		{ MMUSCOPE_VMA_LOCKED,		"locked in memory" },
		{ MMUSCOPE_VMA_GROWSDOWN,	"grows downwards" },
		{ MMUSCOPE_VMA_UFFD_MISSING,	"userfaultfd fills holes" },
		{ MMUSCOPE_VMA_UFFD_WP,		"userfaultfd protects pages" },
		{ MMUSCOPE_VMA_UFFD_MINOR,	"userfaultfd maps pages" },
	};
	unsigned int i;

	printf("  it promises %s%s%s %s",
	       vma->flags & MMUSCOPE_VMA_READ ? "r" : "-",
	       vma->flags & MMUSCOPE_VMA_WRITE ? "w" : "-",
	       vma->flags & MMUSCOPE_VMA_EXEC ? "x" : "-",
	       vma->flags & MMUSCOPE_VMA_SHARED ? "shared" : "private");
	for (i = 0; i < sizeof(promises) / sizeof(*promises); i++)
		if (vma->flags & promises[i].flag)
			printf(", %s", promises[i].words);
	putchar('\n');
}

static void text_place(const struct cli *cli,
		       const struct mmuscope_translation *trans)
{
	if (!trans->leaf.end) {
		puts(cli->opt.kernel ? "  it is no address of the kernel's half" :
		     "  no VMA covers it, so no table is looked at");
		return;
	}
	fputs("  page", stdout);
	text_extent(cli, &trans->leaf);
	fputs(cli->opt.kernel ? "  area  " : "  VMA   ", stdout);
	text_vma(&trans->vma, trans->name);
	putchar('\n');
	if (!cli->opt.kernel)
		text_promise(&trans->vma);
}

static void text_translation(const struct cli *cli,
			     const struct mmuscope_translation *trans)
{
	struct split split = split_address(&cli->info, trans);
	char sentence[SENTENCE];
	unsigned int i;

	colour(COLOUR_HEADING);
	printf("%" PRIx64, (uint64_t)trans->addr);
	colour(COLOUR_NONE);
	putchar('\n');
	text_split(&split, trans->addr);
	for (i = 0; i < trans->nr_steps; i++)
		text_step(cli, &split, trans, i);
	text_sum(cli, &split, trans);
	text_place(cli, trans);
	verdict_sentence(cli, trans, sentence, sizeof(sentence));
	printf("  %s\n", sentence);
}

static void json_step(const struct cli *cli, const struct mmuscope_step *step)
{
	unsigned int low = level_shift(&cli->info, step->level);

	json_object(NULL);
	json_string("level", mmuscope_level_name(step->level));
	json_array("bits");
	json_number(NULL, low + cli->info.page_shift - 4);
	json_number(NULL, low);
	json_end();
	json_number("index", step->index);
	if (may_see_frames(cli)) {
		json_hex("table", step->table);
		json_hex("raw", step->raw);
	}
	json_perm(step->flags);
	json_flags(step->flags);
	json_end();
}

static void json_place(const struct cli *cli,
		       const struct mmuscope_translation *trans)
{
	if (!trans->leaf.end) {
		json_null("vma");
		json_null("page");
		return;
	}
	json_object("vma");
	json_vma(&trans->vma, trans->name);
	json_end();
	json_object("page");
	json_extent(cli, &trans->leaf);
	json_end();
}

static void json_translation(const struct cli *cli,
			     const struct mmuscope_translation *trans)
{
	struct split split = split_address(&cli->info, trans);
	char sentence[SENTENCE];
	unsigned int i;

	json_object(NULL);
	json_hex("address", trans->addr);
	json_array("steps");
	for (i = 0; i < trans->nr_steps; i++)
		json_step(cli, &trans->step[i]);
	json_end();
	json_hex("offset", offset_of(&split, trans->addr));
	if (is_present(trans) && may_see_frames(cli))
		json_hex("phys", trans->phys);
	else
		json_null("phys");
	json_place(cli, trans);
	json_string("read", touch_word(trans->touch_read));
	json_string("write", touch_word(trans->touch_write));
	json_string("exec", touch_word(trans->touch_exec));
	verdict_sentence(cli, trans, sentence, sizeof(sentence));
	json_string("verdict", sentence);
	json_end();
}

static void print_all(const struct cli *cli,
		      const struct mmuscope_translation *trans, size_t nr)
{
	size_t i;

	if (cli->opt.json)
		json_array("translations");
	for (i = 0; i < nr && !interrupted(); i++) {
		if (cli->opt.json) {
			json_translation(cli, &trans[i]);
			continue;
		}
		if (i)
			putchar('\n');
		text_translation(cli, &trans[i]);
	}
	if (cli->opt.json)
		json_end();
}

int translate_print(struct cli *cli, struct mmuscope_target *target,
		    const uint64_t *addrs, size_t nr)
{
	struct mmuscope_translation *trans = calloc(nr, sizeof(*trans));
	int err = -ENOMEM;

	if (trans)
		err = mmuscope_translate(target, addrs, nr, trans);
	if (!err)
		print_all(cli, trans, nr);
	free(trans);
	return err;
}

static void translate_one(struct cli *cli, struct mmuscope_target *target,
			  const struct process *process, void *arg)
{
	const struct request *request = arg;
	int err = translate_print(cli, target, request->addrs, request->nr);

	if (err)
		process_failed(cli, process, err);
}

void translate_run(struct cli *cli, int argc, char **argv)
{
	int pids = cli->opt.comm || cli->opt.kernel || !argc ? 0 : 1;
	struct request request = { .nr = argc - pids };
	size_t i;

	if (cli->opt.kernel && cli->opt.comm)
		usage(cli, "-c names processes, --kernel is of none");
	if (cli->opt.user && !cli->opt.kernel)
		usage(cli, "--user goes with --kernel");
	if ((argc || cli->opt.comm || cli->opt.kernel) && !request.nr)
		usage(cli, "which address?");
	if (cli->opt.kernel) {
		kernel_translate(cli, argc, argv);
		return;
	}
	request.addrs = calloc(request.nr, sizeof(*request.addrs));
	for (i = 0; i < request.nr; i++)
		if (!parse_hex(argv[pids + i], &request.addrs[i]))
			usage(cli, "%s: not a hexadecimal address",
			      argv[pids + i]);
	if (request.addrs)
		process_each(cli, pids, argv, translate_one, &request);
	else
		complain(cli, STATUS_FAILED, "%s", explain(-ENOMEM));
	free(request.addrs);
}
