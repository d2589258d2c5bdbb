// SPDX-License-Identifier: MIT
#include <errno.h>

#include "internal.h"

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
	default:
		err = -EOPNOTSUPP;
	}
	if (!err)
		*ret = decoded;
	return err;
}
