// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that make, find, map, seal and remove the same few shares, fork and
 * are killed, while others read who has them: what is read fits together, and in
 * the end nothing is left.
 */
#include "churn.h"
#include "race.h"

int main(int argc, char **argv)
{
	static const struct race race = { "shares", churn_share, 4, true };
	int status = race_main(&race, argc, argv);

	/* The plan is printed: what is left then shows in the exit status. */
	return status ?: !churn_share_end();
}
