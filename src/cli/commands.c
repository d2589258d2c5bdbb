// SPDX-License-Identifier: MIT
/* The commands; those of one name stand together. */
#include <string.h>

#include "cli.h"

const struct command commands[] = {
	{
		.name = "maps",
		.args = "PID... | -c COMM",
		.what = "what every address of a process maps to",
		.takes = TAKES_COMM | TAKES_RANGE | TAKES_FILTER | TAKES_PACE,
		.run = maps_run,
	}, {
		.name = "translate",
		.alias = "vtop",
		.args = "PID ADDRESS... | -c COMM ADDRESS... | --kernel ADDRESS|SYMBOL...",
		.what = "the way from an address to its frame, table by table",
		.takes = TAKES_COMM | TAKES_KERNEL | TAKES_USER,
		.run = translate_run,
	}, {
		.name = "summary",
		.args = "PID... | -c COMM | --all",
		.what = "a process's memory in numbers",
		.takes = TAKES_COMM | TAKES_ALL,
		.run = summary_run,
	}, {
		.name = "swap",
		.args = "PID... | -c COMM",
		.what = "what of a process is swapped, and where to",
		.takes = TAKES_COMM | TAKES_RANGE,
		.run = swap_run,
	}, {
		.name = "kernel",
		.args = "",
		.what = "what the kernel's half of the address space maps to",
		.takes = TAKES_RANGE | TAKES_FILTER | TAKES_USER | TAKES_SUMMARY,
		.run = kernel_run,
	}, {
		.name = "frame",
		.args = "PFN | phys:ADDRESS | PID:ADDRESS...",
		.what = "what is in a frame of memory",
		.takes = TAKES_RANGE,
		.run = frame_run,
	}, {
		.name = "who",
		.args = "PFN | phys:ADDRESS | PID:ADDRESS...",
		.what = "who maps a frame, and where",
		.takes = TAKES_SCAN,
		.run = who_run,
	}, {
		.name = "common",
		.args = "PID PID... | -c COMM",
		.what = "which memory processes have in common",
		.takes = TAKES_COMM | TAKES_RANGE,
		.together = true,
		.run = common_run,
	}, {
		.name = "phys",
		.args = "[ADDRESS | --range A-B]",
		.what = "what physical memory is made of",
		.takes = TAKES_RANGE | TAKES_PHYS,
		.run = phys_run,
	}, {
		.name = "audit",
		.args = "[PID... | -c COMM]",
		.what = "what no page table should say",
		.takes = TAKES_COMM | TAKES_OUTSIDE,
		.run = audit_run,
	}, {
		.name = "entry",
		.args = "VALUE...",
		.what = "what a raw entry of a page table says",
		.takes = TAKES_ENTRY,
		.run = entry_run,
	}, {
		.name = "share",
		.verb = "create",
		.args = "NAME SIZE",
		.what = "make a share that stays until it is removed",
		.takes = TAKES_CREATE | TAKES_MEMTYPE,
		.run = share_create_run,
	}, {
		.name = "share",
		.verb = "list",
		.args = "",
		.what = "the shares, and who maps them",
		.run = share_list_run,
	}, {
		.name = "share",
		.verb = "info",
		.args = "NAME",
		.what = "what a share is, and where its frames are",
		.run = share_info_run,
	}, {
		.name = "share",
		.verb = "map",
		.args = "NAME [COUNT]",
		.what = "map a share, dump it, and wait",
		.takes = TAKES_READ_ONLY | TAKES_ONCE | TAKES_WIDTH,
		.run = share_map_run,
	}, {
		.name = "share",
		.verb = "peek",
		.args = "NAME OFFSET [COUNT]",
		.what = "read a share",
		.takes = TAKES_WIDTH,
		.run = share_peek_run,
	}, {
		.name = "share",
		.verb = "poke",
		.args = "NAME OFFSET VALUE",
		.what = "write to a share",
		.takes = TAKES_WIDTH,
		.run = share_poke_run,
	}, {
		.name = "share",
		.verb = "rm",
		.args = "NAME...",
		.what = "take a share's name away; the last who has it frees it",
		.run = share_rm_run,
	}, {
		.name = "mmio",
		.verb = "list",
		.args = "",
		.what = "the windows to devices, and who maps them",
		.run = mmio_list_run,
	}, {
		.name = "mmio",
		.verb = "map",
		.args = "WHERE [COUNT]",
		.what = "map a device's registers, and wait",
		.takes = TAKES_READ_ONLY | TAKES_ONCE | TAKES_WIDTH |
			 TAKES_WINDOW | TAKES_MEMTYPE,
		.run = mmio_map_run,
	}, {
		.name = "mmio",
		.verb = "peek",
		.args = "WHERE[+OFFSET] [COUNT]",
		.what = "read a device's registers",
		.takes = TAKES_WIDTH | TAKES_WINDOW,
		.run = mmio_peek_run,
	}, {
		.name = "mmio",
		.verb = "poke",
		.args = "WHERE[+OFFSET] VALUE",
		.what = "write to a device's register",
		.takes = TAKES_WIDTH | TAKES_WINDOW | TAKES_YES,
		.run = mmio_poke_run,
	}, {
		.name = "mmio",
		.verb = "grant",
		.args = "WHERE --group GROUP",
		.what = "let a group open exactly this range",
		.takes = TAKES_GROUP | TAKES_WIDTH | TAKES_READ_ONLY,
		.run = mmio_grant_run,
	}, {
		.name = "mmio",
		.verb = "revoke",
		.args = "WHERE --group GROUP",
		.what = "take a grant back",
		.takes = TAKES_GROUP,
		.run = mmio_revoke_run,
	}, {
		.name = "mmio",
		.verb = "grants",
		.args = "",
		.what = "what is granted, and to whom",
		.run = mmio_grants_run,
	}, {
		.name = "doctor",
		.args = "",
		.what = "whether all that is needed is there",
		.run = doctor_run,
	},
	{ .name = NULL }
};

const struct command *find_command(const char *name)
{
	const struct command *command;

	for (command = commands; command->name; command++)
		if (!strcmp(name, command->name) ||
		    (command->alias && !strcmp(name, command->alias)))
			return command;
	return NULL;
}

const struct command *find_verb(const struct command *command,
				const char *verb)
{
	const char *name = command->name;

	for (; command->name && !strcmp(command->name, name); command++)
		if (!strcmp(verb, command->verb))
			return command;
	return NULL;
}
