// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers against a storm of exec: by the targets' children after vfork, and of
 * threads, which make exec wait for them.
 */
#include "churn.h"
#include "race.h"

int main(int argc, char **argv)
{
	static const struct race race = { "exec", churn_exec, 3, true };

	return race_main(&race, argc, argv);
}
