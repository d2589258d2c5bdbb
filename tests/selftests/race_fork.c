// SPDX-License-Identifier: GPL-2.0-only
/* Readers of all processes against a storm of fork and exit. */
#include "churn.h"
#include "race.h"

int main(int argc, char **argv)
{
	static const struct race race = { "fork and exit", churn_fork, 2, true };

	return race_main(&race, argc, argv);
}
