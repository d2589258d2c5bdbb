// SPDX-License-Identifier: GPL-2.0-only
/*
 * An entry of arm64 is not told by itself: how one of swap looks, and uffd-wp, differ
 * between releases. Each is decoded by the module.
 */
#include "internal.h"

/**
 * mmuscope_arch_raw - what can be told of an entry without decoding it
 * @rules: left alone
 *
 * Return: false, as nothing can.
 */
bool mmuscope_arch_raw(struct mmuscope_raw_rules *rules)
{
	return false;
}

/**
 * mmuscope_arch_spare - the bits of a present leaf that tell nothing that is asked
 * @asked: MMUSCOPE_FLAG_*
 *
 * Return: 0, as nobody asks.
 */
u64 mmuscope_arch_spare(u64 asked)
{
	return 0;
}
