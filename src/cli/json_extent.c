// SPDX-License-Identifier: MIT
/* VMAs and extents as JSON. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

void json_perm(uint64_t flags)
{
	char word[5];

	perm_word(flags, word);
	json_string("perm", word);
}

/* An array of names: the flags that the perm does not say. */
void json_flags(uint64_t flags)
{
	unsigned int i;
	uint64_t flag;

	json_array("flags");
	for (i = 0; (flag = mmuscope_flag_nth(i)); i++)
		if (flags & flag & ~MMUSCOPE_SAID_FLAGS)
			json_string(NULL, mmuscope_flag_name(flag));
	json_end();
}

static void put_markers(uint32_t marker)
{
	const char *name;
	unsigned int i;

	json_array("marker");
	for (i = 0; i < 32; i++) {
		name = marker & 1U << i ? mmuscope_marker_name(1U << i) : NULL;
		if (name)
			json_string(NULL, name);
	}
	json_end();
}

static void put_value(const struct cli *cli, const struct mmuscope_extent *ext)
{
	switch (ext->backing) {
	case MMUSCOPE_BACKING_NONE:
		return;
	case MMUSCOPE_BACKING_MARKER:
		put_markers(ext->marker);
		return;
	case MMUSCOPE_BACKING_SWAP:
		if (!may_see_frames(cli))
			return;
		json_number("swap_type", ext->swap_type);
		json_hex("swap_offset", ext->value);
		return;
	default:
		if (may_see_frames(cli))
			json_hex("phys", ext->value);
	}
}

void json_extent(const struct cli *cli, const struct mmuscope_extent *ext)
{
	const char *name;

	json_hex("start", ext->start);
	json_hex("end", ext->end);
	json_string("level", mmuscope_level_name(ext->level));
	json_string("backing", mmuscope_backing_name(ext->backing));
	put_value(cli, ext);
	if (may_see_frames(cli) && ext->raw)
		json_hex("raw", ext->raw);
	json_perm(ext->flags);
	json_flags(ext->flags);
	name = mmuscope_softleaf_name(ext->softleaf);
	if (name && *name)
		json_string("softleaf", name);
	if (ext->order)
		json_number("order", ext->order);
	if (ext->pkey)
		json_number("pkey", ext->pkey);
	name = mmuscope_memtype_name(ext->memtype);
	if (name && *name)
		json_string("memtype", name);
}

void json_vma(const struct mmuscope_vma *vma, const char *name)
{
	char perm[5], dev[24];

	snprintf(perm, sizeof(perm), "%c%c%c%c",
		 vma->flags & MMUSCOPE_VMA_READ ? 'r' : '-',
		 vma->flags & MMUSCOPE_VMA_WRITE ? 'w' : '-',
		 vma->flags & MMUSCOPE_VMA_EXEC ? 'x' : '-',
		 vma->flags & MMUSCOPE_VMA_SHARED ? 's' : 'p');
	snprintf(dev, sizeof(dev), "%02x:%02x", vma->dev_major, vma->dev_minor);
	json_hex("start", vma->start);
	json_hex("end", vma->end);
	json_string("perm", perm);
	json_hex("offset", vma->offset);
	json_string("dev", dev);
	json_number("inode", vma->ino);
	json_string("name", name);
}
