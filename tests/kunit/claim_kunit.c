// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims against a tree of resources of the test's own: what pieces are taken,
 * what is refused and why, and that nothing is left of what fails.
 */
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include "compat.h"
#include "suites.h"
#include "../../src/module/internal.h"

/* The kernel's calls, on that tree. */
static struct resource root;
static unsigned int mapped;

static struct resource *test_claim(resource_size_t start, resource_size_t n)
{
	return __request_region(&root, start, n, "test", IORESOURCE_EXCLUSIVE);
}

static void __iomem *test_map(resource_size_t start, unsigned long bytes)
{
	mapped++;
	return (void __iomem *)(unsigned long)start;
}

#define iomem_resource root
#undef request_mem_region_exclusive
#define request_mem_region_exclusive(start, n, name) test_claim(start, n)
#undef release_mem_region
#define release_mem_region(start, n) __release_region(&root, start, n)
#define mmuscope_arch_ioremap(start, bytes, type) test_map(start, bytes)
#undef iounmap
#define iounmap(base) ((void)(base), mapped--)
#define walk_iomem_res_desc test_walk
#define mmuscope_pci_window test_window
#define mmuscope_pci_driven test_driven
#define mmuscope_arch_kernel_memtype(base) MMUSCOPE_MEMTYPE_UC_MINUS

static struct resource bus = {
	.start = 0x10000, .end = 0x7ffff, .flags = IORESOURCE_MEM,
};

static bool test_window(const struct resource *res)
{
	return res == &bus;
}

/* Whose resource a driver has that did not claim it. */
static const struct resource *driven;

static bool test_driven(const struct resource *res)
{
	return res == driven;
}

/* As the kernel does it: the topmost that has the flags, cut to the range. */
static int test_walk(unsigned long desc, unsigned long flags, u64 start, u64 end,
		     void *arg, int (*func)(struct resource *, void *))
{
	struct resource *res = root.child;
	struct resource cut;
	int err;

	while (res) {
		if ((res->flags & flags) == flags) {
			cut = *res;
			err = func(&cut, arg);
			if (err)
				return err;
		} else if (res->child) {
			res = res->child;
			continue;
		}
		while (!res->sibling && res->parent != &root)
			res = res->parent;
		res = res->sibling;
	}
	return -EINVAL;
}

#include "../../src/module/resource.c"
#include "../../src/module/claim.c"

/*
 *	10000-7ffff bus
 *	  20000-2ffff device
 *	    24000-24fff its driver
 *	  30000-303ff small
 *	    30100-301ff a part of it
 *	  30800-308ff other
 */
static struct resource device = { .start = 0x20000, .end = 0x2ffff };
static struct resource driver = { .start = 0x24000, .end = 0x24fff };
static struct resource small = { .start = 0x30000, .end = 0x303ff };
static struct resource part = { .start = 0x30100, .end = 0x301ff };
static struct resource other = { .start = 0x30800, .end = 0x308ff };

static void put(struct kunit *test, struct resource *in, struct resource *res,
		unsigned long flags)
{
	res->flags = IORESOURCE_MEM | flags;
	res->parent = NULL;
	res->sibling = NULL;
	res->child = NULL;
	KUNIT_ASSERT_EQ(test, request_resource(in, res), 0);
}

static int claim_init(struct kunit *test)
{
	root = (struct resource) { .end = 0xfffff, .flags = IORESOURCE_MEM };
	mapped = 0;
	put(test, &root, &bus, 0);
	put(test, &bus, &device, 0);
	put(test, &device, &driver, IORESOURCE_BUSY);
	put(test, &bus, &small, 0);
	put(test, &small, &part, 0);
	put(test, &bus, &other, 0);
	return 0;
}

static struct mmuscope_claim *get(struct mmuscope_mmio_open *args, u64 start,
				  u64 end, u64 flags)
{
	*args = (struct mmuscope_mmio_open) {
		.flags = flags,
		.phys = start,
		.bytes = end - start,
	};
	return mmuscope_claim_get(args);
}

/* Nothing of ours is in the tree. */
static void expect_clean(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, root.child, &bus);
	KUNIT_EXPECT_TRUE(test, !bus.sibling);
	KUNIT_EXPECT_PTR_EQ(test, bus.child, &device);
	KUNIT_EXPECT_PTR_EQ(test, device.child, &driver);
	KUNIT_EXPECT_TRUE(test, !driver.sibling);
	KUNIT_EXPECT_PTR_EQ(test, device.sibling, &small);
	KUNIT_EXPECT_PTR_EQ(test, small.child, &part);
	KUNIT_EXPECT_TRUE(test, !part.sibling && !part.child);
	KUNIT_EXPECT_PTR_EQ(test, small.sibling, &other);
	KUNIT_EXPECT_TRUE(test, !other.sibling && !other.child);
	KUNIT_EXPECT_EQ(test, mapped, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&claims));
}

static void expect_piece(struct kunit *test, struct list_head **at, u64 start,
			 u64 end, bool listed)
{
	struct piece *piece = list_entry((*at)->next, struct piece, list);

	*at = (*at)->next;
	KUNIT_EXPECT_EQ(test, piece->start, start);
	KUNIT_EXPECT_EQ(test, piece->end, end);
	KUNIT_EXPECT_EQ(test, piece->listed, listed);
}

static void pieces(struct kunit *test)
{
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *claim = get(&args, 0x30000, 0x31000, 0);
	struct list_head *at;

	KUNIT_ASSERT_FALSE(test, IS_ERR(claim));
	at = &claim->pieces;
	expect_piece(test, &at, 0x30000, 0x30100, true);
	expect_piece(test, &at, 0x30100, 0x30200, true);
	expect_piece(test, &at, 0x30200, 0x30400, true);
	expect_piece(test, &at, 0x30400, 0x30800, false);
	expect_piece(test, &at, 0x30800, 0x30900, true);
	expect_piece(test, &at, 0x30900, 0x31000, false);
	KUNIT_EXPECT_PTR_EQ(test, at->next, &claim->pieces);
	KUNIT_EXPECT_EQ(test, mapped, 1);
	mmuscope_claim_put(claim);
	expect_clean(test);
}

static void one_piece(struct kunit *test)
{
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *claim = get(&args, 0x21000, 0x24000, 0);
	struct list_head *at;

	KUNIT_ASSERT_FALSE(test, IS_ERR(claim));
	at = &claim->pieces;
	expect_piece(test, &at, 0x21000, 0x24000, true);
	KUNIT_EXPECT_PTR_EQ(test, at->next, &claim->pieces);
	KUNIT_EXPECT_TRUE(test, IS_ERR(get(&args, 0x23000, 0x24000, 0)));
	KUNIT_EXPECT_EQ(test, args.why, (u32)MMUSCOPE_MMIO_WHY_WINDOW);
	mmuscope_claim_put(claim);
	expect_clean(test);
}

static void refused(struct kunit *test)
{
	static const struct {
		u64 start, end, flags;
		int err;
		u32 why;
		u64 from, to;
	} rows[] = {
		{ 0x20000, 0x30000, 0, -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, 0x24000, 0x25000 },
		{ 0x24000, 0x25000, 0, -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, 0x24000, 0x25000 },
		{ 0x24ffc, 0x25004, 0, -EBUSY, MMUSCOPE_MMIO_WHY_BUSY, 0x24000, 0x25000 },
		{ 0x80000, 0x81000, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x80000, 0x81000 },
		{ 0x40000, 0x41000, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x40000, 0x41000 },
		/* From the bus into nothing. */
		{ 0x7f000, 0x81000, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x7f000, 0x81000 },
		{ 0x2f000, 0x32000, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x30900, 0x32000 },
		{ 0x1f000, 0x21000, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x1f000, 0x20000 },
		/* Less than pages: what is there, to the byte. */
		{ 0x303f8, 0x30408, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x30400, 0x30408 },
		{ 0x307fc, 0x30804, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x307fc, 0x30800 },
		{ 0x303fc, 0x30804, 0, -ENXIO, MMUSCOPE_MMIO_WHY_HOLE, 0x30400, 0x30800 },
		{ 0x30000, 0x31000, MMUSCOPE_MMIO_UNLISTED, -ENXIO,
		  MMUSCOPE_MMIO_WHY_HOLE, 0x30000, 0x30100 },
		{ 0x1f000, 0x21000, MMUSCOPE_MMIO_UNLISTED, -ENXIO,
		  MMUSCOPE_MMIO_WHY_HOLE, 0x20000, 0x21000 },
	};
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *claim;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		claim = get(&args, rows[i].start, rows[i].end, rows[i].flags);
		KUNIT_ASSERT_TRUE_MSG(test, IS_ERR(claim), "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR(claim), (long)rows[i].err, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, args.why, rows[i].why, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, args.conflict_start, rows[i].from, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, args.conflict_end, rows[i].to, "row %u", i);
		expect_clean(test);
	}
}

static void given(struct kunit *test)
{
	static const struct {
		u64 start, end, flags;
	} rows[] = {
		{ 0x20000, 0x24000, 0 }, { 0x25000, 0x30000, 0 },
		{ 0x2f000, 0x31000, 0 },	/* over the border of two */
		{ 0x30000, 0x30001, 0 }, { 0x303ff, 0x30400, 0 },
		{ 0x300fe, 0x30102, 0 }, { 0x308ff, 0x30900, 0 },
		{ 0x40000, 0x50000, MMUSCOPE_MMIO_UNLISTED },
		{ 0x80000, 0x81000, MMUSCOPE_MMIO_UNLISTED },
		{ 0x7f000, 0x81000, MMUSCOPE_MMIO_UNLISTED },
		{ 0xff000, 0x100000, MMUSCOPE_MMIO_UNLISTED },
		{ 0x30400, 0x30800, MMUSCOPE_MMIO_UNLISTED },
	};
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *claim;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		claim = get(&args, rows[i].start, rows[i].end, rows[i].flags);
		KUNIT_ASSERT_FALSE_MSG(test, IS_ERR(claim), "row %u: why %u", i, args.why);
		KUNIT_EXPECT_EQ(test, args.why, 0);
		mmuscope_claim_put(claim);
		expect_clean(test);
	}
}

static void parts(struct kunit *test)
{
	const u64 shared = MMUSCOPE_MMIO_SHARED;
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *claim = get(&args, 0x20000, 0x22000, shared);

	KUNIT_ASSERT_FALSE(test, IS_ERR(claim));
	KUNIT_EXPECT_PTR_EQ(test, get(&args, 0x21000, 0x22000, shared), claim);
	KUNIT_EXPECT_PTR_EQ(test, get(&args, 0x20000, 0x20001, shared), claim);
	KUNIT_EXPECT_TRUE(test, IS_ERR(get(&args, 0x21000, 0x22000, 0)));
	KUNIT_EXPECT_TRUE(test, IS_ERR(get(&args, 0x21000, 0x23000, shared)));
	KUNIT_EXPECT_EQ(test, args.conflict_start, 0x20000ull);
	KUNIT_EXPECT_EQ(test, args.conflict_end, 0x22000ull);
	mmuscope_claim_put(claim);
	mmuscope_claim_put(claim);
	KUNIT_EXPECT_EQ(test, mapped, 1);
	mmuscope_claim_put(claim);
	expect_clean(test);
}

static void revoked(struct kunit *test)
{
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *gone = get(&args, 0x2e000, 0x31000, 0);
	struct mmuscope_claim *stays = get(&args, 0x20000, 0x21000, 0);

	KUNIT_ASSERT_FALSE(test, IS_ERR(gone) || IS_ERR(stays));
	mmuscope_claim_revoke(0x21000, 0x2e000);
	mmuscope_claim_revoke(0x31000, 0x40000);
	KUNIT_EXPECT_TRUE(test, gone->base && stays->base);
	mmuscope_claim_revoke(0x30fff, 0x31000);
	KUNIT_EXPECT_TRUE(test, !gone->base && stays->base);
	KUNIT_EXPECT_EQ(test, mapped, 1);
	mmuscope_claim_put(stays);
	expect_clean(test);
	/* Its range can be had again while windows that had it are open. */
	stays = get(&args, 0x2e000, 0x31000, 0);
	KUNIT_EXPECT_FALSE(test, IS_ERR(stays));
	mmuscope_claim_put(gone);
	KUNIT_EXPECT_EQ(test, mapped, 1);
	mmuscope_claim_put(stays);
	expect_clean(test);
}

/* A driver that has the device, but did not claim its registers. */
static void unclaimed(struct kunit *test)
{
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *claim;

	driven = &small;
	claim = get(&args, 0x2f000, 0x31000, 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR(claim), (long)-EBUSY);
	KUNIT_EXPECT_EQ(test, args.why, (u32)MMUSCOPE_MMIO_WHY_BUSY);
	KUNIT_EXPECT_EQ(test, args.conflict_start, 0x30000ull);
	KUNIT_EXPECT_EQ(test, args.conflict_end, 0x30400ull);
	expect_clean(test);
	claim = get(&args, 0x2f000, 0x30000, 0);
	driven = NULL;
	KUNIT_ASSERT_FALSE(test, IS_ERR(claim));
	mmuscope_claim_put(claim);
	expect_clean(test);
}

/* The kernel takes the addresses away, and writes into what was claimed. */
static void moved(struct kunit *test)
{
	struct mmuscope_mmio_open args;
	struct mmuscope_claim *claim = get(&args, 0x21000, 0x22000, 0);
	struct resource *res;

	KUNIT_ASSERT_FALSE(test, IS_ERR(claim));
	res = device.child;
	KUNIT_ASSERT_EQ(test, (u64)res->start, 0x21000ull);
	res->start = 0x24000;
	res->end = 0x24fff;
	mmuscope_claim_put(claim);
	KUNIT_EXPECT_PTR_EQ(test, driver.parent, &device);
	res->start = 0x21000;
	res->end = 0x21fff;
	__release_region(&root, 0x21000, 0x1000);
	expect_clean(test);
}

static struct kunit_case claim_cases[] = {
	KUNIT_CASE(pieces),
	KUNIT_CASE(one_piece),
	KUNIT_CASE(refused),
	KUNIT_CASE(given),
	KUNIT_CASE(parts),
	KUNIT_CASE(revoked),
	KUNIT_CASE(unclaimed),
	KUNIT_CASE(moved),
	{}
};

struct kunit_suite claim_suite = {
	.name = "claim",
	.init = claim_init,
	.test_cases = claim_cases,
};
