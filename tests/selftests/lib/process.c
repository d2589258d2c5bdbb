// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "process.h"
#include "tap.h"
#include "text.h"

void process_wait_asleep(pid_t pid)
{
	bool asleep = false;
	char *text, *state;

	for (int i = 0; i < 5000 && !asleep; i++) {
		text_proc(pid, "stat", &text);
		state = text ? strrchr(text, ')') : NULL;
		asleep = state && !strncmp(state, ") S", 3);
		text_free(text);
		if (!asleep)
			usleep(1000);
	}
	if (!asleep)
		tap_bail("process %d does not come to rest", pid);
}
