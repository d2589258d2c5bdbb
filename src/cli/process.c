// SPDX-License-Identifier: MIT
/* The processes that the command line names. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* False if there is no such process. */
static bool read_comm(struct process *process)
{
	char path[32];
	ssize_t len;
	int fd;

	process->comm[0] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/comm", process->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, process->comm, sizeof(process->comm) - 1);
	close(fd);
	if (len <= 0)
		return false;
	process->comm[len - (process->comm[len - 1] == '\n')] = '\0';
	return true;
}

static bool add(struct process_list *list, pid_t pid)
{
	struct process *more;

	more = realloc(list->process, (list->nr + 1) * sizeof(*more));
	if (!more)
		return false;
	list->process = more;
	more[list->nr++] = (struct process) { .pid = pid };
	return true;
}

bool parse_pid(const char *word, pid_t *ret)
{
	char *end;
	long pid;

	if (!strcmp(word, "self")) {
		*ret = getpid();
		return true;
	}
	errno = 0;
	pid = strtol(word, &end, 10);
	if (!isdigit((unsigned char)*word) || *end || errno || pid < 1 ||
	    pid > INT_MAX)
		return false;
	*ret = pid;
	return true;
}

bool is_self(pid_t pid)
{
	return pid == getpid();
}

static void from_words(struct cli *cli, struct process_list *list, int nr, char **words)
{
	pid_t pid;
	int i;

	if (!nr)
		usage(cli, "which process? A PID, self, or -c COMM");
	for (i = 0; i < nr; i++) {
		if (!parse_pid(words[i], &pid))
			usage(cli, "%s: not a PID, nor self", words[i]);
		if (!add(list, pid)) {
			complain(cli, STATUS_FAILED, "%s", explain(-ENOMEM));
			return;
		}
		read_comm(&list->process[i]);
	}
}

static int by_pid(const void *a, const void *b)
{
	const struct process *one = a, *other = b;

	return (one->pid > other->pid) - (one->pid < other->pid);
}

void process_all(struct process_list *list)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	pid_t pid;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)*entry->d_name) &&
		    parse_pid(entry->d_name, &pid) && add(list, pid) &&
		    !read_comm(&list->process[list->nr - 1]))
			list->nr--;
	if (proc)
		closedir(proc);
	if (list->nr)
		qsort(list->process, list->nr, sizeof(*list->process), by_pid);
}

/* Not this command itself, as pgrep has it. */
static void from_comm(struct cli *cli, struct process_list *list)
{
	int i, nr = 0;

	process_all(list);
	for (i = 0; i < list->nr; i++)
		if (list->process[i].pid != getpid() &&
		    !strcmp(list->process[i].comm, cli->opt.comm))
			list->process[nr++] = list->process[i];
	list->nr = nr;
	if (!nr)
		complain(cli, STATUS_NOT_FOUND, "%s: no process of this name",
			 cli->opt.comm);
}

void process_find(struct cli *cli, struct process_list *list, int nr,
		  char **words)
{
	if (cli->opt.comm && nr)
		usage(cli, "%s: -c names the processes already", words[0]);
	if (cli->opt.comm)
		from_comm(cli, list);
	else
		from_words(cli, list, nr, words);
}

/* A process that is there but has no memory gives ESRCH too. */
static const char *why(const struct cli *cli, const struct process *process,
		       int err, enum status *status)
{
	char path[32];

	switch (err) {
	case -ESRCH:
		snprintf(path, sizeof(path), "/proc/%d", process->pid);
		*status = STATUS_FAILED;
		if (!access(path, F_OK))
			return "no memory of its own, or has just executed another program";
		*status = STATUS_NOT_FOUND;
		return "No such process";
	case -EACCES:
	case -EPERM:
		*status = STATUS_NOT_PERMITTED;
		return "Permission denied: it takes the right to debug it";
	case -EINVAL:
		*status = STATUS_FAILED;
		if (cli->opt.end)
			return "--range goes beyond what a process can have";
		return explain(err);
	default:
		*status = STATUS_FAILED;
		return explain(err);
	}
}

void process_failed(struct cli *cli, const struct process *process, int err)
{
	enum status status;
	const char *reason = why(cli, process, err, &status);

	if (err == -EINTR && interrupted())
		return;
	if (cli->opt.json)
		json_string("error", reason);
	complain(cli, status, "pid %d: %s", process->pid, reason);
}

/* What to do with each; @many: there are several, so each has a heading. */
struct job {
	void (*one)(struct cli *cli, struct mmuscope_target *target,
		    const struct process *process, void *arg);
	void *arg;
	bool many;
	bool begun;
};

static void heading(const struct cli *cli, struct job *job,
		    const struct process *process)
{
	if (!job->many || cli->opt.no_header || cli->opt.json)
		return;
	if (job->begun)
		putchar('\n');
	job->begun = true;
	colour(COLOUR_HEADING);
	printf("%d: ", process->pid);
	text_escaped(process->comm, "\n\\");
	colour(COLOUR_NONE);
	putchar('\n');
}

static void look_at(struct cli *cli, struct job *job,
		    const struct process *process)
{
	pid_t pid = is_self(process->pid) ? 0 : process->pid;
	struct mmuscope_target *target;
	int err;

	if (cli->opt.json) {
		json_object(NULL);
		json_number("pid", process->pid);
		json_string("comm", process->comm);
	}
	err = mmuscope_target_by_pid(cli->device, pid, &target);
	if (err) {
		process_failed(cli, process, err);
	} else {
		heading(cli, job, process);
		job->one(cli, target, process, job->arg);
		mmuscope_target_close(target);
	}
	if (cli->opt.json)
		json_end();
}

void process_each(struct cli *cli, int nr, char **words,
		  void (*one)(struct cli *cli, struct mmuscope_target *target,
			      const struct process *process, void *arg),
		  void *arg)
{
	struct job job = { .one = one, .arg = arg };
	struct process_list list = { .nr = 0 };
	int i;

	process_find(cli, &list, nr, words);
	job.many = list.nr > 1 && !cli->command->together;
	output_begin(cli);
	if (device_open(cli)) {
		if (cli->opt.json)
			json_array("processes");
		for (i = 0; i < list.nr && !interrupted(); i++)
			look_at(cli, &job, &list.process[i]);
		if (cli->opt.json)
			json_end();
	}
	free(list.process);
}
