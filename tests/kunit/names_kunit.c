// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of shares, how long a share lives by its name, and the list of what is
 * handed out.
 */
#include "compat.h"
#include "suites.h"
#include "../../src/module/inode.c"
#include "../../src/module/holding.c"
#include "../../src/module/names.c"

static struct mmuscope_share *new_share(struct kunit *test, const char *name,
					u64 flags)
{
	struct mmuscope_share *share = kzalloc(sizeof(*share), GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, share);
	kref_init(&share->ref);
	INIT_LIST_HEAD(&share->named);
	share->held.told.kind = MMUSCOPE_HOLDING_SHARE;
	share->held.told.flags = flags;
	strscpy(share->held.told.name, name, sizeof(share->held.told.name));
	KUNIT_ASSERT_EQ(test, mmuscope_held_add(&share->held), 0);
	return share;
}

/* Numbers of what is listed from @id on, in pages of @max. */
static unsigned int list(u64 *ids, u32 kind, unsigned int max, bool all)
{
	struct mmuscope_holdings args = { .kind = kind };
	struct mmuscope_holding vec[4];
	unsigned int i, got, nr = 0;

	do {
		got = mmuscope_holdings(&args, vec, max, all);
		for (i = 0; i < got && nr < 8; i++)
			ids[nr++] = vec[i].id;
	} while (args.id && nr < 8);
	return nr;
}

static unsigned int listed(void)
{
	u64 ids[8];

	return list(ids, 0, 4, true);
}

static void letters(struct kunit *test)
{
	static const struct {
		const char *name;
		bool share, window;
	} rows[] = {
		{ "", true, true },
		{ "a", true, true },
		{ "A-z_0.9", true, true },
		{ ".", false, false },
		{ "..", false, false },
		{ "...", true, true },
		{ "a/b", false, true },
		{ "0000:00:1f.2", false, true },
		{ "a b", false, false },
		{ "a\n", false, false },
		{ "\177", false, false },
		{ "\xc3\xa4", false, false },
	};
	char name[MMUSCOPE_SHARE_NAME_SIZE];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		memset(name, 0, sizeof(name));
		strscpy(name, rows[i].name, sizeof(name));
		KUNIT_EXPECT_EQ_MSG(test, mmuscope_name_ok(name, false),
				    rows[i].share, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, mmuscope_name_ok(name, true),
				    rows[i].window, "row %u", i);
	}
	memset(name, 'a', sizeof(name));
	KUNIT_EXPECT_FALSE(test, mmuscope_name_ok(name, false));
	name[sizeof(name) - 1] = '\0';
	KUNIT_EXPECT_TRUE(test, mmuscope_name_ok(name, false));
}

static void found_while_open(struct kunit *test)
{
	struct mmuscope_share *share = new_share(test, "kunit", 0);
	struct mmuscope_share *same = new_share(test, "kunit", 0);
	struct mmuscope_holding told;

	KUNIT_EXPECT_FALSE(test, mmuscope_name_taken("kunit"));
	KUNIT_EXPECT_EQ(test, mmuscope_name_add(share), 0);
	KUNIT_EXPECT_TRUE(test, mmuscope_name_taken("kunit"));
	KUNIT_EXPECT_FALSE(test, mmuscope_name_taken("kuni"));
	KUNIT_EXPECT_EQ(test, mmuscope_name_add(same), -EEXIST);
	KUNIT_EXPECT_PTR_EQ(test, mmuscope_name_get("kunit"), share);
	KUNIT_EXPECT_PTR_EQ(test, mmuscope_name_get("kunits"), NULL);
	KUNIT_EXPECT_EQ(test, kref_read(&share->ref), 2u);

	mmuscope_share_put(share);
	mmuscope_share_put(share);
	KUNIT_EXPECT_FALSE(test, mmuscope_name_taken("kunit"));
	KUNIT_EXPECT_EQ(test, mmuscope_name_add(same), 0);
	mmuscope_name_del(same);
	mmuscope_share_told(same, &told);
	KUNIT_EXPECT_STREQ(test, told.name, "");
	KUNIT_EXPECT_FALSE(test, mmuscope_name_taken("kunit"));
	mmuscope_share_put(same);
	KUNIT_EXPECT_EQ(test, listed(), 0u);
}

static void kept_by_its_name(struct kunit *test)
{
	struct mmuscope_share *share = new_share(test, "kunit",
						 MMUSCOPE_SHARE_KEEP);

	KUNIT_EXPECT_EQ(test, mmuscope_name_add(share), 0);
	mmuscope_share_put(share);
	KUNIT_EXPECT_PTR_EQ(test, mmuscope_name_get("kunit"), share);
	mmuscope_name_del(share);
	KUNIT_EXPECT_EQ(test, share->held.told.flags, 0ull);
	KUNIT_EXPECT_EQ(test, kref_read(&share->ref), 1u);
	mmuscope_name_del(share);
	KUNIT_EXPECT_EQ(test, kref_read(&share->ref), 1u);
	mmuscope_share_put(share);
	KUNIT_EXPECT_EQ(test, listed(), 0u);
}

static void without_a_name(struct kunit *test)
{
	struct mmuscope_share *a = new_share(test, "", 0);
	struct mmuscope_share *b = new_share(test, "", 0);

	KUNIT_EXPECT_EQ(test, mmuscope_name_add(a), 0);
	KUNIT_EXPECT_EQ(test, mmuscope_name_add(b), 0);
	KUNIT_EXPECT_FALSE(test, mmuscope_name_taken(""));
	KUNIT_EXPECT_EQ(test, listed(), 2u);
	mmuscope_share_put(a);
	mmuscope_share_put(b);
	KUNIT_EXPECT_EQ(test, listed(), 0u);
}

/* Each once and in order, however small the page; no number comes back. */
static void lists(struct kunit *test)
{
	struct mmuscope_share *share[4];
	unsigned int i, max, nr;
	u64 last = 0, ids[8];

	for (i = 0; i < 4; i++) {
		share[i] = new_share(test, "", 0);
		KUNIT_EXPECT_GT(test, share[i]->held.told.id, last);
		last = share[i]->held.told.id;
	}
	share[2]->held.told.kind = MMUSCOPE_HOLDING_MMIO;
	share[3]->held.uid = KUIDT_INIT(1000);
	for (max = 1; max <= 4; max++) {
		nr = list(ids, 0, max, true);
		KUNIT_ASSERT_EQ(test, nr, 4u);
		for (i = 0; i < nr; i++)
			KUNIT_EXPECT_EQ(test, ids[i], share[i]->held.told.id);
	}
	KUNIT_EXPECT_EQ(test, list(ids, MMUSCOPE_HOLDING_SHARE, 4, true), 3u);
	KUNIT_EXPECT_EQ(test, list(ids, MMUSCOPE_HOLDING_MMIO, 4, true), 1u);
	KUNIT_EXPECT_EQ(test, ids[0], share[2]->held.told.id);
	KUNIT_EXPECT_EQ(test, list(ids, 0, 1, false), 3u);
	for (i = 0; i < 4; i++)
		mmuscope_share_put(share[i]);
}

static struct kunit_case names_cases[] = {
	KUNIT_CASE(letters),
	KUNIT_CASE(found_while_open),
	KUNIT_CASE(kept_by_its_name),
	KUNIT_CASE(without_a_name),
	KUNIT_CASE(lists),
	{}
};

struct kunit_suite names_suite = {
	.name = "names",
	.test_cases = names_cases,
};
