// SPDX-License-Identifier: MIT
/* doctor: is all there that is needed, and what would bring it. */
#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli.h"

#define EFI_VARS "/sys/firmware/efi/efivars"
#define SECURE_BOOT EFI_VARS "/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

enum state { GOOD, BAD, NOTE };

/* A line: what was looked at, how it is, and what would help, or NULL. */
__attribute__((format(printf, 5, 6)))
static void report(const struct cli *cli, enum state state, const char *name,
		   const char *help, const char *format, ...)
{
	static const char * const words[] = { "ok", "bad", "note" };
	static const enum colour colours[] = {
		COLOUR_GOOD, COLOUR_BAD, COLOUR_AWAY
	};
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (cli->opt.json) {
		json_object(NULL);
		json_string("name", name);
		json_string("state", words[state]);
		json_string("text", text);
		if (help)
			json_string("help", help);
		json_end();
		return;
	}
	colour(colours[state]);
	printf("%-5s", words[state]);
	colour(COLOUR_NONE);
	printf("%-12s %s\n", name, text);
	if (help)
		printf("%18s-> %s\n", "", help);
}

/* The first line of a file; false if it cannot be read. */
static bool read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	bool got;

	if (!file)
		return false;
	got = fgets(line, size, file);
	fclose(file);
	if (got)
		line[strcspn(line, "\n")] = '\0';
	return got;
}

static bool is_installed(const char *release)
{
	const char * const places[] = {
		"/lib/modules/%s/*/mmuscope.ko*",
		"/lib/modules/%s/*/*/mmuscope.ko*",
	};
	bool found = false;
	char path[256];
	unsigned int i;
	glob_t paths;

	for (i = 0; i < 2 && !found; i++) {
		snprintf(path, sizeof(path), places[i], release);
		found = !glob(path, 0, NULL, &paths);
		globfree(&paths);
	}
	return found;
}

/* The word in brackets of /sys/kernel/security/lockdown. */
static const char *lockdown_mode(void)
{
	static char line[64];
	char *word;

	if (!read_line("/sys/kernel/security/lockdown", line, sizeof(line)))
		return "unknown";
	word = strchr(line, '[');
	if (!word)
		return "unknown";
	word++;
	word[strcspn(word, "]")] = '\0';
	return word;
}

static bool must_be_signed(void)
{
	const char *mode = lockdown_mode();
	char line[16];

	if (strcmp(mode, "none") && strcmp(mode, "unknown"))
		return true;
	return read_line("/sys/module/module/parameters/sig_enforce", line,
			 sizeof(line)) && *line == 'Y';
}

static void check_kernel(const struct cli *cli)
{
	struct utsname name;

	if (!uname(&name))
		report(cli, NOTE, "kernel", NULL, "%s, %s", name.release,
		       name.machine);
}

static void check_secure_boot(const struct cli *cli)
{
	FILE *file = fopen(SECURE_BOOT, "re");
	int i, last = EOF;

	if (!file) {
		report(cli, NOTE, "secure boot", NULL, "%s",
		       access(EFI_VARS, F_OK) ? "unknown: no EFI variables" :
						"unknown: cannot read");
		return;
	}
	/* Four bytes of attributes, then the value. */
	for (i = 0; i < 5; i++)
		last = getc(file);
	fclose(file);
	report(cli, NOTE, "secure boot", NULL, last == 1 ? "on" : "off");
}

static void check_signing(const struct cli *cli)
{
	const char *word = lockdown_mode();
	bool confidential = !strcmp(word, "confidentiality");

	report(cli, NOTE, "lockdown", confidential ?
	       "boot without lockdown=confidentiality to see the kernel's half" :
	       NULL, "%s", strcmp(word, "unknown") ? word :
	       "unknown: securityfs is not there, or does not say");
	if (must_be_signed())
		report(cli, NOTE, "signatures",
		       "sign mmuscope.ko with a key of the machine's owner (mokutil --import, kmodsign)",
		       "the kernel loads signed modules only");
	else
		report(cli, NOTE, "signatures", NULL,
		       "the kernel loads unsigned modules too, as far as it says");
}

static void check_module(const struct cli *cli)
{
	char version[64] = "unknown";
	struct utsname name;

	read_line("/sys/module/mmuscope/version", version, sizeof(version));
	if (!access("/sys/module/mmuscope", F_OK))
		report(cli, GOOD, "module", NULL, "loaded, version %s; this command is %s",
		       version, VERSION);
	else if (!uname(&name) && is_installed(name.release))
		report(cli, BAD, "module", "modprobe mmuscope",
		       "installed for this kernel, not loaded");
	else
		report(cli, BAD, "module",
		       "make install && modprobe mmuscope, in its source",
		       "not loaded, nor installed for this kernel");
}

static void check_device(struct cli *cli)
{
	struct trouble trouble;

	device_try(cli, &trouble);
	status_raise(cli, trouble.status);
	if (trouble.status == STATUS_NO_MODULE &&
	    !access("/sys/module/mmuscope", F_OK) &&
	    access("/dev/mmuscope", F_OK))
		trouble.hint = "mount devtmpfs on /dev, or run udev";
	if (trouble.status) {
		report(cli, BAD, "device", trouble.hint, "/dev/mmuscope: %s",
		       trouble.what);
		return;
	}
	report(cli, GOOD, "device", NULL, "/dev/mmuscope opens");
	report(cli, GOOD, "abi", NULL, "%u, as this command has it",
	       cli->info.abi);
	report(cli, NOTE, "machine", NULL,
	       "%s, %u levels, addresses of %u bits, physical ones of %u%s",
	       arch_name(cli->info.arch), cli->info.levels, cli->info.va_bits,
	       cli->info.pa_bits, cli->info.features & MMUSCOPE_FEATURE_PTI ?
	       ", page table isolation" : "");
}

static void check_rights(const struct cli *cli)
{
	static const struct {
		uint64_t right;
		const char *name;
		const char *yes;
		const char *no;
		const char *help;
	} rights[] = {
		{ MMUSCOPE_RIGHT_FRAMES, "frames",
		  "frames, raw entries and swap slots are shown",
		  "frames, raw entries and swap slots are hidden",
		  "run it with CAP_SYS_ADMIN" },
		{ MMUSCOPE_RIGHT_OTHERS, "others",
		  "processes of others may be looked at",
		  "only your own processes may be looked at",
		  "run it with CAP_SYS_PTRACE" },
		{ MMUSCOPE_RIGHT_KERNEL, "kernel half",
		  "the kernel's half may be looked at",
		  "the kernel's half may not be looked at",
		  "run it with CAP_SYS_ADMIN, without lockdown" },
	};
	unsigned int i;
	bool may;

	for (i = 0; i < sizeof(rights) / sizeof(*rights); i++) {
		may = cli->info.rights & rights[i].right;
		report(cli, may ? GOOD : NOTE, rights[i].name,
		       may ? NULL : rights[i].help, "%s",
		       may ? rights[i].yes : rights[i].no);
	}
}

static void check_self(struct cli *cli)
{
	struct mmuscope_summary sum;
	struct mmuscope_target *target;
	int err = mmuscope_target_by_pid(cli->device, 0, &target);

	if (!err) {
		err = mmuscope_summary(target, &sum);
		mmuscope_target_close(target);
	}
	if (err) {
		report(cli, BAD, "try", "the kernel's log may tell more (dmesg)",
		       "looking at itself fails: %s", explain(err));
		status_raise(cli, STATUS_FAILED);
	} else {
		report(cli, GOOD, "try", NULL, "looking at itself works");
	}
}

/* Making one tells, and leaves nothing behind. */
static void check_shares(struct cli *cli)
{
	const struct mmuscope_share_options options = {
		.bytes = UINT64_C(1) << cli->info.page_shift,
	};
	char ceiling[32] = "unknown";
	int fd = mmuscope_share_create(cli->device, &options, NULL);

	read_line("/sys/module/mmuscope/parameters/share_max_mb", ceiling,
		  sizeof(ceiling));
	if (fd >= 0) {
		close(fd);
		report(cli, GOOD, "shares", NULL,
		       "pages can be shared, all together %s MB", ceiling);
		return;
	}
	report(cli, NOTE, "shares", fd == -EDQUOT ?
	       "ulimit -l raises RLIMIT_MEMLOCK" : fd == -ENOSPC ?
	       "remove some (mmuscope share list), or raise share_max_mb" :
	       NULL, "pages cannot be shared: %s", explain(fd));
}

/* No window is at this address, but who may have none is told so before. */
static void check_windows(const struct cli *cli)
{
	const struct mmuscope_mmio_options options = {
		.phys = UINT64_C(1) << 63,
		.bytes = 1,
		.flags = MMUSCOPE_MMIO_ACCESS | MMUSCOPE_MMIO_READONLY,
	};
	struct mmuscope_mmio_result result;
	int fd = mmuscope_mmio_open(cli->device, &options, &result);

	if (fd >= 0)
		close(fd);
	switch (result.why) {
	case MMUSCOPE_MMIO_WHY_ADDRESS:
		report(cli, GOOD, "registers", NULL,
		       "registers of devices may be read and written");
		break;
	case MMUSCOPE_MMIO_WHY_LOCKDOWN:
		report(cli, NOTE, "registers",
		       "boot without lockdown (and without Secure Boot)",
		       "the kernel is locked down: no registers of devices");
		break;
	case MMUSCOPE_MMIO_WHY_RIGHTS:
		report(cli, NOTE, "registers",
		       "run it with CAP_SYS_RAWIO, or have a range granted (mmuscope mmio grant)",
		       "only registers that are granted to you");
		break;
	default:
		report(cli, NOTE, "registers", NULL,
		       "whether registers may be read is unknown: %s",
		       explain(fd));
	}
}

void doctor_run(struct cli *cli, int argc, char **argv)
{
	if (argc)
		usage(cli, "%s: it wants no argument", argv[0]);
	output_begin(cli);
	if (cli->opt.json)
		json_array("checks");
	check_kernel(cli);
	check_secure_boot(cli);
	check_signing(cli);
	check_module(cli);
	check_device(cli);
	if (cli->device) {
		check_rights(cli);
		check_shares(cli);
		check_windows(cli);
		check_self(cli);
	}
	if (cli->opt.json)
		json_end();
}
