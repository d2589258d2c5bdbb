// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

static uint64_t state = 1;

void random_seed(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15 + 1;
}

/* xorshift64* */
uint64_t random_word(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1d;
}

unsigned int random_below(unsigned int n)
{
	return (random_word() >> 32) % n;
}

bool one_in(unsigned int n)
{
	return !random_below(n);
}
