// SPDX-License-Identifier: MIT
/* What this command maps itself, for others to look at. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

/* One access of that width, neither split nor joined. */
static uint64_t read_value(const void *addr, unsigned int width)
{
	switch (width) {
	case 1:
		return *(const volatile uint8_t *)addr;
	case 2:
		return *(const volatile uint16_t *)addr;
	case 4:
		return *(const volatile uint32_t *)addr;
	default:
		return *(const volatile uint64_t *)addr;
	}
}

static void write_value(void *addr, unsigned int width, uint64_t value)
{
	switch (width) {
	case 1:
		*(volatile uint8_t *)addr = value;
		break;
	case 2:
		*(volatile uint16_t *)addr = value;
		break;
	case 4:
		*(volatile uint32_t *)addr = value;
		break;
	default:
		*(volatile uint64_t *)addr = value;
	}
}

void mapping_peek(struct cli *cli, const struct mapping *mapping,
		  uint64_t offset, uint64_t count, bool dump)
{
	const char *addr = (const char *)mapping->addr + offset;
	struct values values = {
		.at = mapping->at + offset, .width = mapping->width,
	};

	if (!values_begin(cli, &values, count))
		return;
	for (; values.nr < count && !interrupted(); values.nr++)
		values.value[values.nr] =
			read_value(addr + values.nr * values.width,
				   values.width);
	values_show(cli, &values, dump);
	values_end(&values);
}

void mapping_poke(const struct mapping *mapping, uint64_t offset,
		  uint64_t value)
{
	write_value((char *)mapping->addr + offset, mapping->width, value);
}

static void text_place(const struct mapping *mapping)
{
	uintptr_t addr = (uintptr_t)mapping->addr;

	printf("pid %d has %s at %" PRIxPTR "-%" PRIxPTR ", %" PRIu64
	       " bytes\n", getpid(), mapping->name, addr,
	       addr + (uintptr_t)mapping->bytes, mapping->bytes);
}

static void json_place(const struct mapping *mapping)
{
	json_number("pid", getpid());
	json_string("name", mapping->name);
	json_hex("start", (uintptr_t)mapping->addr);
	json_hex("end", (uintptr_t)mapping->addr + mapping->bytes);
}

/* Who reads us is to see all of it while we wait. */
void mapping_show(struct cli *cli, const struct mapping *mapping,
		  uint64_t offset, uint64_t count)
{
	if (cli->opt.json)
		json_place(mapping);
	else
		text_place(mapping);
	if (count)
		mapping_peek(cli, mapping, offset, count, true);
	if (cli->opt.once)
		return;
	if (json_begun())
		json_finish(interrupted());
	fflush(stdout);
	if (isatty(STDERR_FILENO) && isatty(STDIN_FILENO))
		fprintf(stderr, "'mmuscope translate %d %" PRIxPTR
			"' looks at it; Ctrl-C or Ctrl-D ends it here\n",
			getpid(), (uintptr_t)mapping->addr);
	interrupt_wait();
}
