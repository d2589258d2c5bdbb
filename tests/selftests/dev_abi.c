// SPDX-License-Identifier: GPL-2.0-only
/* Sizes, offsets and numbers of the ABI are those that were released. */
#include "abi.h"

int main(void)
{
	abi_check();
	return tap_done();
}
