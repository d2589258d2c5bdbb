// SPDX-License-Identifier: MIT
#include <string.h>

#include <mmuscope/frame_names.h>
#include <mmuscope/names.h>

#include "internal.h"

#define NR(table)	(sizeof(table) / sizeof((table)[0]))

/* The module prints none of them. */
static const struct mmuscope_name seal_names[] = {
	{ MMUSCOPE_SEAL_SEAL,		"seal" },
	{ MMUSCOPE_SEAL_WRITE,		"write" },
	{ MMUSCOPE_SEAL_FUTURE_WRITE,	"future-write" },
};

static const char *flag_to_name(const struct mmuscope_name *table, size_t nr,
				uint64_t flag)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (table[i].flag == flag)
			return table[i].name;
	return NULL;
}

/* An empty name in a table is one that is never printed. */
static const char *nth_name(const char * const *table, size_t nr,
			    unsigned int n)
{
	return n < nr && table[n] && *table[n] ? table[n] : NULL;
}

static int name_to_nth(const char * const *table, size_t nr, const char *name)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (nth_name(table, nr, i) && !strcmp(table[i], name))
			return i;
	return -1;
}

const char *mmuscope_flag_name(uint64_t flag)
{
	return flag_to_name(mmuscope_flag_names, NR(mmuscope_flag_names), flag);
}

uint64_t mmuscope_flag_nth(unsigned int n)
{
	return n < NR(mmuscope_flag_names) ? mmuscope_flag_names[n].flag : 0;
}

uint64_t mmuscope_flag_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < NR(mmuscope_flag_names); i++)
		if (!strcmp(mmuscope_flag_names[i].name, name))
			return mmuscope_flag_names[i].flag;
	return 0;
}

const char *mmuscope_share_flag_name(uint64_t flag)
{
	return flag_to_name(mmuscope_share_names, NR(mmuscope_share_names),
			    flag);
}

const char *mmuscope_mmio_flag_name(uint64_t flag)
{
	return flag_to_name(mmuscope_mmio_names, NR(mmuscope_mmio_names), flag);
}

const char *mmuscope_seal_name(uint64_t seal)
{
	return flag_to_name(seal_names, NR(seal_names), seal);
}

const char *mmuscope_marker_name(uint32_t marker)
{
	return flag_to_name(mmuscope_marker_names, NR(mmuscope_marker_names),
			    marker);
}

const char *mmuscope_level_name(enum mmuscope_level level)
{
	return nth_name(mmuscope_level_names, NR(mmuscope_level_names), level);
}

const char *mmuscope_backing_name(enum mmuscope_backing backing)
{
	return nth_name(mmuscope_backing_names, NR(mmuscope_backing_names),
			backing);
}

const char *mmuscope_softleaf_name(enum mmuscope_softleaf softleaf)
{
	return nth_name(mmuscope_softleaf_names, NR(mmuscope_softleaf_names),
			softleaf);
}

const char *mmuscope_memtype_name(enum mmuscope_memtype memtype)
{
	return nth_name(mmuscope_memtype_names, NR(mmuscope_memtype_names),
			memtype);
}

const char *mmuscope_phys_kind_name(enum mmuscope_phys_kind kind)
{
	return nth_name(mmuscope_phys_kind_names, NR(mmuscope_phys_kind_names),
			kind);
}

int mmuscope_level_by_name(const char *name)
{
	return name_to_nth(mmuscope_level_names, NR(mmuscope_level_names),
			   name);
}

int mmuscope_backing_by_name(const char *name)
{
	return name_to_nth(mmuscope_backing_names, NR(mmuscope_backing_names),
			   name);
}

int mmuscope_memtype_by_name(const char *name)
{
	return name_to_nth(mmuscope_memtype_names, NR(mmuscope_memtype_names),
			   name);
}

const char *mmuscope_kpf_name(uint64_t bit)
{
	return flag_to_name(mmuscope_kpf_names, NR(mmuscope_kpf_names), bit);
}

const char *mmuscope_frame_kind_name(enum mmuscope_frame_kind kind)
{
	return nth_name(mmuscope_frame_kind_names,
			NR(mmuscope_frame_kind_names), kind);
}

const char *mmuscope_zone_name(enum mmuscope_zone zone)
{
	return nth_name(mmuscope_zone_names, NR(mmuscope_zone_names), zone);
}

const char *mmuscope_lru_name(enum mmuscope_lru lru)
{
	return nth_name(mmuscope_lru_names, NR(mmuscope_lru_names), lru);
}

const char *mmuscope_method_name(enum mmuscope_method method)
{
	return nth_name(mmuscope_method_names, NR(mmuscope_method_names),
			method);
}
