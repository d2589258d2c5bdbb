// SPDX-License-Identifier: MIT
#include <errno.h>

#include "internal.h"

uint64_t mmuscope_row_flags(const struct mmuscope_prot_row *row, size_t nr,
			    uint64_t raw, uint32_t where)
{
	uint64_t flags = 0;

	for (; nr; nr--, row++)
		if ((row->where & where) && (raw & row->mask) == row->value)
			flags |= row->flags;
	return flags;
}

int mmuscope_entry_decode(enum mmuscope_arch arch, enum mmuscope_level level,
			  uint64_t raw, struct mmuscope_decoded *ret)
{
	struct mmuscope_decoded decoded = {};
	int err;

	if ((unsigned int)level >= MMUSCOPE_NR_LEVELS)
		return -EINVAL;
	switch (arch) {
	case MMUSCOPE_ARCH_X86_64:
		err = mmuscope_decode_x86(level, raw, &decoded);
		break;
	case MMUSCOPE_ARCH_ARM64:
		err = mmuscope_decode_arm64(level, raw, &decoded);
		break;
	default:
		err = -EOPNOTSUPP;
	}
	if (!err)
		*ret = decoded;
	return err;
}
