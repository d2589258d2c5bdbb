// SPDX-License-Identifier: MIT
/* Ctrl-C and its like: what is being printed is brought to an end first. */
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <unistd.h>

#include "cli.h"

static volatile sig_atomic_t caught;

static void catch(int number)
{
	caught = number;
}

/* The first is obeyed when what is written has been written, a second at once. */
void interrupt_init(void)
{
	struct sigaction action = {
		.sa_handler = catch, .sa_flags = SA_RESTART | SA_RESETHAND,
	};
	const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction old;
	unsigned int i;

	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		sigaction(numbers[i], NULL, &old);
		if (old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
	/* Who reads us may close the pipe: that ends us, without a word. */
	signal(SIGPIPE, SIG_DFL);
}

bool interrupted(void)
{
	return caught;
}

/* pselect(2) is not taken up again after a signal, read(2) would be. */
void interrupt_wait(void)
{
	char rubbish[256];
	sigset_t all, old;
	fd_set input;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	while (!caught) {
		FD_ZERO(&input);
		FD_SET(STDIN_FILENO, &input);
		if (pselect(STDIN_FILENO + 1, &input, NULL, NULL, NULL,
			    &old) > 0 &&
		    read(STDIN_FILENO, rubbish, sizeof(rubbish)) <= 0)
			break;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* Ends as the signal would have, so that a shell sees it. */
void interrupt_reraise(void)
{
	if (!caught)
		return;
	signal(caught, SIG_DFL);
	raise(caught);
}
