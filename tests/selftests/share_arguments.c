// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every bad argument of the calls about shares has its errno and leaves nothing
 * behind: no share, no descriptor, no mapping, and nothing was written to.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch.h"
#include "arguments.h"
#include "capless.h"
#include "device.h"
#include "memory.h"
#include "share.h"
#include "tap.h"

#define NAME "arguments"

static int fd;
static struct mmuscope_share_create create_args;
static struct mmuscope_share_open open_args = { .size = sizeof(open_args), .name = NAME };
static struct mmuscope_share_remove remove_args = { .size = sizeof(remove_args), .name = "none" };
static struct mmuscope_share_info info_args = { .size = sizeof(info_args) };
static struct mmuscope_share_seal seal_args = { .size = sizeof(seal_args) };
static struct mmuscope_share_phys phys_args = { .size = sizeof(phys_args) };
static struct mmuscope_holdings list_args = { .size = sizeof(list_args) };

static const struct command CREATE = { "SHARE_CREATE", &device, MMUSCOPE_IOC_SHARE_CREATE,
				       sizeof(create_args), .good = &create_args, .opens = true };
static const struct command OPEN = { "SHARE_OPEN", &device, MMUSCOPE_IOC_SHARE_OPEN,
				     sizeof(open_args), .good = &open_args, .opens = true };
static const struct command REMOVE = { "SHARE_REMOVE", &device, MMUSCOPE_IOC_SHARE_REMOVE,
				       sizeof(remove_args), .good = &remove_args };
static const struct command TELL = { "SHARE_INFO", &fd, MMUSCOPE_IOC_SHARE_INFO,
				     sizeof(info_args), .good = &info_args };
static const struct command SEAL = { "SHARE_SEAL", &fd, MMUSCOPE_IOC_SHARE_SEAL,
				     sizeof(seal_args), .good = &seal_args };
static const struct command PHYS = { "SHARE_PHYS", &fd, MMUSCOPE_IOC_SHARE_PHYS,
				     sizeof(phys_args), .good = &phys_args };
static const struct command LIST = { "HOLDINGS", &device, MMUSCOPE_IOC_HOLDINGS,
				     sizeof(list_args), .good = &list_args };

struct row {
	const char *what;
	size_t at;
	uint64_t to;
	int want;
};

static const struct change same;

static void rows(const struct command *c, const struct row *row, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		changed(c, row[i].what, (struct change){ row[i].at, row[i].to }, same,
			row[i].want);
}

/* Two fields of 32 bits that stand beside each other. */
#define PAIR(a, b) ((uint64_t)(uint32_t)(a) | (uint64_t)(uint32_t)(b) << 32)

static void create_fields(void)
{
	const size_t shift = AT(share_create, page_shift), node = AT(share_create, node);
	const size_t bytes = AT(share_create, bytes), flags = AT(share_create, flags);
	const struct row row[] = {
		{ "bytes", bytes, 0, -EINVAL },
		{ "bytes", bytes, 1, -EINVAL },
		{ "bytes", bytes, 4095, -EINVAL },
		{ "bytes", bytes, 4097, -EINVAL },
		{ "bytes", bytes, BIT(63), -EINVAL },
		{ "bytes", bytes, -4096ULL, -EINVAL },
		{ "bytes", bytes, BIT(62), -ENOSPC },
		{ "bytes", bytes, 4096, 0 },
		{ "page_shift", shift, PAIR(1, 0), -EINVAL },
		{ "page_shift", shift, PAIR(11, 0), -EINVAL },
		{ "page_shift", shift, PAIR(13, 0), -EINVAL },
		{ "page_shift", shift, PAIR(20, 0), -EINVAL },
		{ "page_shift", shift, PAIR(30, 0), -EINVAL },
		{ "page_shift", shift, PAIR(64, 0), -EINVAL },
		{ "page_shift", shift, PAIR(76, 0), -EINVAL },
		{ "page_shift", shift, PAIR(-1, 0), -EINVAL },
		{ "2M page of 64K", shift, PAIR(21, 0), -EINVAL },
		{ "small", shift, PAIR(12, 0), 0 },
		{ "memtype", shift, PAIR(0, MMUSCOPE_MEMTYPE_WB), 0 },
		{ "memtype", shift, PAIR(0, MMUSCOPE_MEMTYPE_WC),
		  ARCH_UNCACHED ? 0 : -EOPNOTSUPP },
		{ "memtype", shift, PAIR(0, MMUSCOPE_MEMTYPE_UC_MINUS),
		  ARCH_UNCACHED ? 0 : -EOPNOTSUPP },
		{ "memtype", shift, PAIR(0, MMUSCOPE_MEMTYPE_UC), -EOPNOTSUPP },
		{ "memtype", shift, PAIR(0, MMUSCOPE_MEMTYPE_WT), -EOPNOTSUPP },
		{ "memtype", shift, PAIR(0, MMUSCOPE_MEMTYPE_WP), -EOPNOTSUPP },
		{ "memtype", shift, PAIR(0, MMUSCOPE_NR_MEMTYPES), -EINVAL },
		{ "memtype", shift, PAIR(0, -1), -EINVAL },
		{ "node", node, PAIR(0, 0600), 0 },
		{ "node", node, PAIR(-2, 0600), -EINVAL },
		{ "node", node, PAIR(1023, 0600), -EINVAL },
		{ "node", node, PAIR(1024, 0600), -EINVAL },
		{ "mode", node, PAIR(-1, 01000), -EINVAL },
		{ "mode", node, PAIR(-1, 04755), -EINVAL },
		{ "mode", node, PAIR(-1, 0100600), -EINVAL },
		{ "mode", node, PAIR(-1, 0), 0 },
		{ "mode", node, PAIR(-1, 0777), 0 },
		{ "KEEP without a name", flags, MMUSCOPE_SHARE_KEEP, -EINVAL },
		{ "contiguous", flags, MMUSCOPE_SHARE_CONTIGUOUS, 0 },
	};

	rows(&CREATE, row, sizeof(row) / sizeof(*row));
	changed(&CREATE, "2M WC", (struct change){ bytes, 2 * MB },
		(struct change){ shift, PAIR(21, MMUSCOPE_MEMTYPE_WC) }, -EOPNOTSUPP);
	changed(&CREATE, "2M", (struct change){ bytes, 2 * MB },
		(struct change){ shift, PAIR(21, MMUSCOPE_MEMTYPE_WB) }, 0);
	changed(&CREATE, "contiguous", (struct change){ bytes, 4 * MB },
		(struct change){ flags, MMUSCOPE_SHARE_CONTIGUOUS }, 0);
	changed(&CREATE, "contiguous", (struct change){ bytes, 4 * MB + 4096 },
		(struct change){ flags, MMUSCOPE_SHARE_CONTIGUOUS }, -EINVAL);
	bits(&CREATE, "flags", flags, MMUSCOPE_SHARE_MAP | MMUSCOPE_SHARE_KEEP |
	     MMUSCOPE_SHARE_CONTIGUOUS | MMUSCOPE_SHARE_READONLY_OTHERS);
	result("CREATE: fields", 90);
}

/* A name in the first bytes of the field. */
static uint64_t word(const char *name)
{
	uint64_t word = 0;

	memcpy(&word, name, strnlen(name, 8));
	return word;
}

static void names(const struct command *c, size_t at, int empty, int unknown)
{
	static const char * const bad[] = { ".", "..", "a/b", "a b", "a\n", "\x7f", "\xc3\xa4",
					    "/", "a:b", "*", "\\", "a\t" };
	static const char * const good[] = { "...", "a", "A.b-c_9", "-", "_" };
	unsigned char arg[512];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		changed(c, bad[i], (struct change){ at, word(bad[i]) }, same, -EINVAL);
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		changed(c, good[i], (struct change){ at, word(good[i]) }, same, unknown);
	changed(c, "no name", (struct change){ at, 0 }, same, empty);
	/* Without an end, and as long as can be. */
	memcpy(arg, c->good, c->size);
	memset(arg + at, 'x', MMUSCOPE_SHARE_NAME_SIZE);
	call(c, "a name without an end", 0, arg, c->size, -EINVAL);
	arg[at + MMUSCOPE_SHARE_NAME_SIZE - 1] = 0;
	call(c, "a long name", 0, arg, c->size, unknown);
}

static void all_names(void)
{
	names(&CREATE, AT(share_create, name), 0, 0);
	names(&OPEN, AT(share_open, name), -EINVAL, -ENOENT);
	names(&REMOVE, AT(share_remove, name), -EINVAL, -ENOENT);
	changed(&CREATE, "a name that is taken",
		(struct change){ AT(share_create, name), word(NAME) },
		(struct change){ AT(share_create, name) + 8, 's' }, -EEXIST);
	changed(&OPEN, "flags", (struct change){ AT(share_open, flags), MMUSCOPE_SHARE_READONLY },
		same, 0);
	bits(&OPEN, "flags", AT(share_open, flags), MMUSCOPE_SHARE_MAP | MMUSCOPE_SHARE_READONLY);
	bits(&REMOVE, "flags", AT(share_remove, flags), 0);
	result("names, and flags of OPEN and REMOVE", 150);
}

static void of_a_share(void)
{
	const struct row row[] = {
		{ "vec", AT(share_phys, vec), 0, -EFAULT },
		{ "vec unmapped", AT(share_phys, vec), unmapped, -EFAULT },
		{ "vec read-only", AT(share_phys, vec), readonly, -EFAULT },
		{ "vec of the kernel", AT(share_phys, vec), KERNEL, -EFAULT },
		{ "vec unaligned", AT(share_phys, vec), (uintptr_t)out.extents + 4, -EINVAL },
		{ "vec_len", AT(share_phys, vec_len), 0, -EINVAL },
		{ "vec_len", AT(share_phys, vec_len), ~0ULL, 0 },
		{ "first", AT(share_phys, first), 15, 0 },
		{ "first", AT(share_phys, first), 16, -EINVAL },
		{ "first", AT(share_phys, first), ~0ULL, -EINVAL },
	};

	rows(&PHYS, row, sizeof(row) / sizeof(*row));
	bits(&PHYS, "flags", AT(share_phys, flags), 0);
	bits(&SEAL, "seals", AT(share_seal, seals), MMUSCOPE_SEAL_SEAL | MMUSCOPE_SEAL_WRITE |
	     MMUSCOPE_SEAL_FUTURE_WRITE);
	result("PHYS and SEAL", 130);
}

static void of_holdings(void)
{
	const size_t size = AT(holdings, vec_size), least = sizeof(struct mmuscope_holding);
	const struct row row[] = {
		{ "kind", AT(holdings, kind), PAIR(MMUSCOPE_HOLDING_SHARE, 0), 0 },
		{ "kind", AT(holdings, kind), PAIR(MMUSCOPE_HOLDING_MMIO, 0), 0 },
		{ "kind", AT(holdings, kind), PAIR(3, 0), -EINVAL },
		{ "kind", AT(holdings, kind), PAIR(-1, 0), -EINVAL },
		{ "reserved", AT(holdings, kind), PAIR(0, 1), -EINVAL },
		{ "vec", AT(holdings, vec), 0, -EFAULT },
		{ "vec unmapped", AT(holdings, vec), unmapped, -EFAULT },
		{ "vec read-only", AT(holdings, vec), readonly, -EFAULT },
		{ "vec of the kernel", AT(holdings, vec), KERNEL, -EFAULT },
		{ "vec unaligned", AT(holdings, vec), (uintptr_t)out.extents + 1, -EINVAL },
		{ "vec_len", AT(holdings, vec_len), 0, -EINVAL },
		{ "vec_len", AT(holdings, vec_len), ~0ULL, 0 },
		{ "vec_size", size, 0, -EINVAL },
		{ "vec_size", size, least - 8, -EINVAL },
		{ "vec_size", size, least + 4, -EINVAL },
		{ "vec_size", size, 4104, -EINVAL },
		{ "vec_size", size, ~7ULL, -EINVAL },
		{ "vec_size", size, 4096, 0 },
		{ "id", AT(holdings, id), ~0ULL, 0 },
		{ "skip", AT(holdings, skip), ~0ULL, 0 },
	};

	rows(&LIST, row, sizeof(row) / sizeof(*row));
	bits(&LIST, "flags", AT(holdings, flags), 0);
	result("HOLDINGS", 80);
}

/* The structure itself. */
static void of_all(void)
{
	static const struct command * const commands[] = { &CREATE, &OPEN, &TELL, &SEAL, &PHYS,
							    &LIST };
	int other[] = { MMUSCOPE_IOC_SCAN, MMUSCOPE_IOC_INFO };

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		sizes(commands[i]);
		pointers(commands[i]);
	}
	for (int i = 0; i < 2; i++, cases++)
		bad += device_ioctl(fd, other[i], &info_args) != -ENOTTY;
	cases++;
	bad += device_ioctl(device, MMUSCOPE_IOC_SHARE_INFO, &info_args) != -ENOTTY;
	result("sizes and addresses", 150);
}

static int of_capless;

static void ask_capless(void)
{
	struct mmuscope_share_create ask = share_ask(4096, 0);
	uint64_t phys;
	int mine = device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, &ask);

	of_capless = mine < 0 ? mine : share_phys(mine, &phys, 1);
	close(mine);
}

/* By who opened it, not by who asks. */
static void frames(void)
{
	uint64_t phys[16];

	capless_run(ask_capless);
	tap_ok(of_capless == -EPERM, "PHYS without CAP_SYS_ADMIN: EPERM");
	tap_ok(!share_phys(fd, phys, 16) && phys[0] && phys[15], "and with it");
}

/* The call maps nothing and leaves no descriptor if it cannot tell of them. */
static void not_told(void)
{
	struct mmuscope_share_create *ask = (void *)readonly;
	int before = arguments_descriptors();
	struct mmuscope_holding h[4];

	mprotect(ask, 4096, PROT_READ | PROT_WRITE);
	*ask = create_args;
	ask->flags = MMUSCOPE_SHARE_MAP | MMUSCOPE_SHARE_KEEP;
	strcpy(ask->name, "untold");
	mprotect(ask, 4096, PROT_READ);
	tap_ok(device_ioctl(device, MMUSCOPE_IOC_SHARE_CREATE, ask) == -EFAULT &&
	       arguments_descriptors() == before && share_open("untold", 0) == -ENOENT,
	       "CREATE that cannot be told: EFAULT, and there is none");
	usleep(10000);
	tap_ok(holdings(h, 4, 0) == 1, "nor any of the others");
}

int main(void)
{
	int before;

	arguments_prepare();
	create_args = share_ask(64 * KB, 0);
	fd = share_keep(NAME, 64 * KB, 0600);
	phys_args.vec = (uintptr_t)out.extents;
	phys_args.vec_len = 16;
	list_args.vec = (uintptr_t)out.extents;
	list_args.vec_len = 4;
	list_args.vec_size = sizeof(struct mmuscope_holding);
	before = arguments_descriptors();
	create_fields();
	all_names();
	of_a_share();
	of_holdings();
	of_all();
	frames();
	not_told();
	tap_ok(arguments_descriptors() == before, "no descriptor is left");
	share_remove(NAME);
	close(fd);
	tap_ok(holdings_gone(), "nothing is left");
	return tap_done();
}
