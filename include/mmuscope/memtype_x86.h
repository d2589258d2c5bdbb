/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the fields of the PAT of x86_64 hold, as the module and the library read it. */
#ifndef _MMUSCOPE_MEMTYPE_X86_H
#define _MMUSCOPE_MEMTYPE_X86_H

#include <linux/mmuscope.h>

/**
 * mmuscope_pat_type_x86 - what a field of the PAT holds
 * @pat: the PAT, as the register has it
 * @index: of the field, below 8
 *
 * Encodings of a field: Intel SDM volume 3, "Page Attribute Table".
 */
static inline enum mmuscope_memtype mmuscope_pat_type_x86(__u64 pat,
							  unsigned int index)
{
	static const enum mmuscope_memtype types[8] = {
		MMUSCOPE_MEMTYPE_UC, MMUSCOPE_MEMTYPE_WC,
		MMUSCOPE_MEMTYPE_NONE, MMUSCOPE_MEMTYPE_NONE,
		MMUSCOPE_MEMTYPE_WT, MMUSCOPE_MEMTYPE_WP,
		MMUSCOPE_MEMTYPE_WB, MMUSCOPE_MEMTYPE_UC_MINUS,
	};

	return types[(pat >> 8 * index) & 7];
}

#endif
