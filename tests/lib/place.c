// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places by address, by BAR and by name, and who holds them, in a machine that
 * is made up of files.
 */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"
#include "tap.h"

#define DEVICES "sys/bus/pci/devices/"
#define EDU DEVICES "0000:00:04.0"
#define NIC DEVICES "0000:00:05.0"

static char root[32] = "/tmp/mmuscope-place-XXXXXX";

static const char iomem[] =
	"00000000-00000fff : Reserved\n"
	"00100000-3ffdffff : System RAM\n"
	"  01000000-01ffffff : Kernel code\n"
	"c0000000-febfffff : PCI Bus 0000:00\n"
	"  fe000000-fe1fffff : PCI Bus 0000:01\n"
	"    fe000000-fe003fff : 0000:01:00.0\n"
	"      fe000000-fe003fff : nvme\n"
	"  fe900000-fe9fffff : 0000:00:04.0\n"
	"  fea00000-fea1ffff : 0000:00:05.0\n"
	"    fea00000-fea1ffff : e1000\n"
	"  feb00000-feb00fff : 0000:00:05.0\n"
	"fec00000-fec003ff : IOAPIC 0\n"
	"fed00000-fed003ff : HPET 0\n"
	"  fed00000-fed003ff : PNP0103:00\n"
	"fed10000-fed1ffff : twice\n"
	"  fed10000-fed10fff : twice\n"
	"100000000-17fffffff : System RAM\n";

static const char hidden[] =
	"00000000-00000000 : Reserved\n"
	"00000000-00000000 : System RAM\n"
	"  00000000-00000000 : Kernel code\n";

static void folder(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	if (mkdir(full, 0700) && errno != EEXIST)
		tap_bail("cannot make %s", full);
}

static void file(const char *path, const void *data, size_t size)
{
	char full[256];
	FILE *to;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	to = fopen(full, "w");
	if (!to || fwrite(data, 1, size, to) != size || fclose(to))
		tap_bail("cannot write %s", full);
}

static void build(void)
{
	static const char bars[] =
		"0x00000000fe900000 0x00000000fe9fffff 0x0000000000040200\n"
		"0x000000000000c000 0x000000000000c03f 0x0000000000040101\n"
		"0x0000000000000000 0x0000000000000000 0x0000000000000000\n"
		"0x0000000000000000 0x00000000000fffff 0x0000000000040200\n"
		"0x0000003800000000 0x00000038000fffff 0x000000000014220c\n";
	const char config[64] = { 0x34, 0x12, 0, 0, 2 };
	const char off[64] = { 0x34, 0x12, 0, 0, 1 };
	const char * const folders[] = {
		"proc", "sys", "sys/bus", "sys/bus/pci", "sys/bus/pci/devices",
		EDU, NIC,
	};
	char link[256];

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		folder(folders[i]);
	file("proc/iomem", iomem, strlen(iomem));
	file(EDU "/resource", bars, strlen(bars));
	file(EDU "/config", config, sizeof(config));
	file(NIC "/resource", bars, strlen(bars));
	file(NIC "/config", off, sizeof(off));
	snprintf(link, sizeof(link), "%s/" NIC "/driver", root);
	if (symlink("../../../bus/pci/drivers/e1000", link))
		tap_bail("cannot link %s", link);
}

static void is(const char *where, uint64_t start, uint64_t end,
	       const char *pci, int disabled)
{
	struct mmuscope_mmio_place place;
	int err = mmuscope_mmio_find_in(root, where, &place);

	tap_ok(!err && place.start == start && place.end == end &&
	       !strcmp(place.pci, pci) && place.disabled == disabled,
	       "%s", where);
	if (err)
		tap_note("%s", strerror(-err));
	else
		tap_note("%llx-%llx %s %d", (unsigned long long)place.start,
			 (unsigned long long)place.end, place.pci,
			 place.disabled);
}

static void is_not(const char *where, int err)
{
	struct mmuscope_mmio_place place;
	int got = mmuscope_mmio_find_in(root, where, &place);

	tap_ok(got == -err, "%s: %s", where, strerror(err));
	if (got != -err)
		tap_note("%d", got);
}

static void places(void)
{
	is("fe900004", 0xfe900004, 0xfe900004, "", 0);
	is("0xfe900000", 0xfe900000, 0xfe900000, "", 0);
	is("fe900000-0xfe901000", 0xfe900000, 0xfe901000, "", 0);
	is_not("2000-1000", EINVAL);
	is_not("1000-1000", EINVAL);
	is_not("1000-", ENOENT);
	is_not("10000000000000000", ENOENT);
	is("0000:00:04.0:0", 0xfe900000, 0xfea00000, "0000:00:04.0", 0);
	is("0000:00:04.0:4", 0x3800000000, 0x3800100000, "0000:00:04.0", 0);
	is("0000:00:05.0:0", 0xfe900000, 0xfea00000, "0000:00:05.0", 1);
	is_not("0000:00:04.0:1", EOPNOTSUPP);
	is_not("0000:00:04.0:2", ENXIO);
	is_not("0000:00:04.0:3", ENXIO);
	is_not("0000:00:04.0:5", ENOENT);
	is_not("0000:00:04.0:", ENOENT);
	is_not("0000:00:04.0:x", ENOENT);
	is_not("0000:00:06.0:0", ENOENT);
	is("0000:00:04.0", 0xfe900000, 0xfea00000, "", 0);
	is_not("0000:00:05.0", ENOTUNIQ);
	is("HPET 0", 0xfed00000, 0xfed00400, "", 0);
	is("PNP0103:00", 0xfed00000, 0xfed00400, "", 0);
	is("twice", 0xfed10000, 0xfed20000, "", 0);
	is_not("System RAM", ENOTUNIQ);
	is_not("HPET", ENOENT);
	is_not("", ENOENT);
}

static void held(uint64_t start, uint64_t end, const char *by)
{
	char is[64] = "";
	int err = mmuscope_mmio_holder_in(root, start, end, is, sizeof(is));

	tap_ok(!err && !strcmp(is, by), "%llx: %s", (unsigned long long)start,
	       by);
	if (err || strcmp(is, by))
		tap_note("%d %s", err, is);
}

static void holders(void)
{
	char by[64];

	held(0xfea00000, 0xfea20000, "PCI 0000:00:05.0 / e1000");
	held(0xfea10000, 0xfea11000, "PCI 0000:00:05.0 / e1000");
	held(0xfe000000, 0xfe001000, "PCI 0000:01:00.0 / nvme");
	held(0xfe900000, 0xfea00000, "PCI 0000:00:04.0");
	held(0xfeb00000, 0xfeb01000, "PCI 0000:00:05.0 / e1000");
	held(0xfec00000, 0xfec01000, "IOAPIC 0");
	held(0xfed00000, 0xfed00400, "HPET 0 / PNP0103:00");
	held(0xfe800000, 0xfe801000, "PCI Bus 0000:00");
	held(0x1000000, 0x1001000, "System RAM / Kernel code");
	tap_ok(mmuscope_mmio_holder_in(root, 0xff000000, 0xff001000, by,
				       sizeof(by)) == -ENOENT, "nobody");
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int main(void)
{
	char by[64];

	if (!mkdtemp(root))
		tap_bail("cannot make %s", root);
	build();
	places();
	holders();

	file("proc/iomem", hidden, strlen(hidden));
	is_not("HPET 0", EPERM);
	is_not("System RAM", EPERM);
	is("0000:00:04.0:0", 0xfe900000, 0xfea00000, "0000:00:04.0", 0);
	tap_ok(mmuscope_mmio_holder_in(root, 0, 1, by, sizeof(by)) == -EPERM,
	       "who holds what, one may not know");
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return tap_done();
}
