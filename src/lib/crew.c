// SPDX-License-Identifier: MIT
/*
 * A scan by several threads. Each takes the first range that nobody has taken, as
 * large as what a call has got through lately, and makes one call of it; what the
 * call leaves of it is to be taken next. So where there is little a call goes far,
 * nothing is asked for twice, and a part is never more than a call finds. They are
 * told in the order of addresses; at most PARTS of each thread are there at a time.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

/* About 140 kB each. */
#define PARTS	4

/* What a pte table spans; parts begin and end between tables. */
#define TABLE	(2ULL << 20)

/**
 * struct part - a range that somebody has taken
 * @next: the next one by address, or the next spare one
 * @start: first address
 * @end: its end; once it is done, how far the call came
 * @done: the call has been made
 * @err: it failed
 * @call: what it found
 */
struct part {
	struct part *next;
	uint64_t start;
	uint64_t end;
	bool done;
	int err;
	struct mmuscope_call call;
};

struct worker {
	struct mmuscope_crew *crew;
	pthread_t thread;
	int fd;
};

/**
 * struct mmuscope_crew - a scan by several threads
 * @lock: guards what follows
 * @todo: there may be something to take
 * @ready: there may be something to tell
 * @ask: what each call asks
 * @told: up to where parts have been told
 * @end: end of the range
 * @size: how much the next one takes
 * @first: the first part that has not been told
 * @telling: the one that is being told, or NULL
 * @spare: those of which there is no use
 * @stop: the scan ends
 * @nr: threads that there are
 * @worker: each
 */
struct mmuscope_crew {
	pthread_mutex_t lock;
	pthread_cond_t todo;
	pthread_cond_t ready;
	struct mmuscope_scan ask;
	uint64_t told;
	uint64_t end;
	uint64_t size;
	struct part *first;
	struct part *telling;
	struct part *spare;
	bool stop;
	unsigned int nr;
	struct worker worker[];
};

static uint64_t part_end(const struct mmuscope_crew *crew, uint64_t start, uint64_t end)
{
	return end - start <= crew->size ? end : (start + crew->size) & ~(TABLE - 1);
}

/*
 * The last spare part is kept for what is to be told first, for which all others
 * may have to wait. What comes after an error is told to nobody.
 */
static struct part *take(struct mmuscope_crew *crew)
{
	struct part **at = &crew->first, *part = crew->spare;
	uint64_t start = crew->told, end;

	for (; *at && (*at)->start == start; at = &(*at)->next) {
		if ((*at)->err)
			return NULL;
		start = (*at)->end;
	}
	end = *at ? (*at)->start : crew->end;
	if (start >= end || !part || (at != &crew->first && !part->next))
		return NULL;
	crew->spare = part->next;
	part->next = *at;
	part->start = start;
	part->end = part_end(crew, start, end);
	part->done = false;
	part->err = 0;
	*at = part;
	return part;
}

/* In whole tables, so that what one part is cut to the next can have. */
static uint64_t whole(uint64_t size)
{
	return size < TABLE ? TABLE : (size + TABLE - 1) & ~(TABLE - 1);
}

/* A call that got through lets the next one have twice as much, else as much. */
static void finish(struct mmuscope_crew *crew, struct part *part, int err)
{
	uint64_t size = part->call.args.walk_end - part->start;

	part->done = true;
	part->err = err;
	if (!err) {
		if (part->call.args.walk_end < part->end)
			crew->size = whole(size);
		else if (crew->size < 2 * size)
			crew->size = whole(2 * size);
		part->end = part->call.args.walk_end;
		part->call.args.end = crew->end;
	}
	pthread_cond_broadcast(&crew->todo);
	pthread_cond_signal(&crew->ready);
}

static void *work(void *arg)
{
	const struct worker *worker = arg;
	struct mmuscope_crew *crew = worker->crew;
	struct mmuscope_scan ask = crew->ask;
	struct part *part;
	int err;

	pthread_mutex_lock(&crew->lock);
	while (!crew->stop) {
		part = take(crew);
		if (!part) {
			pthread_cond_wait(&crew->todo, &crew->lock);
			continue;
		}
		ask.end = part->end;
		pthread_mutex_unlock(&crew->lock);
		err = mmuscope_call(worker->fd, &ask, part->start, &part->call);
		pthread_mutex_lock(&crew->lock);
		finish(crew, part, err);
	}
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

static void spare(struct mmuscope_crew *crew, struct part *part)
{
	part->next = crew->spare;
	crew->spare = part;
}

static void free_parts(struct part *part)
{
	struct part *next;

	for (; part; part = next) {
		next = part->next;
		free(part);
	}
}

/* Signals are for the caller's own threads. */
static int start_worker(struct mmuscope_crew *crew, struct mmuscope *mmuscope, int fd)
{
	struct worker *worker = &crew->worker[crew->nr];
	sigset_t all, old;
	int err;

	worker->crew = crew;
	worker->fd = mmuscope_target_copy(mmuscope, fd);
	if (worker->fd < 0)
		return worker->fd;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&worker->thread, NULL, work, worker);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		close(worker->fd);
	else
		crew->nr++;
	return -err;
}

static int start_workers(struct mmuscope_crew *crew, unsigned int threads, int fd)
{
	struct mmuscope *mmuscope;
	int err = mmuscope_open(&mmuscope);

	if (err)
		return err;
	while (!err && crew->nr < threads)
		err = start_worker(crew, mmuscope, fd);
	mmuscope_close(mmuscope);
	return err;
}

/*
 * Scans from @start on, to the end that @ask has. @size is how far a call gets; @fd
 * is the target, of which each thread gets a copy.
 */
int mmuscope_crew_begin(int fd, const struct mmuscope_scan *ask, unsigned int threads,
			uint64_t start, uint64_t size, struct mmuscope_crew **ret)
{
	struct mmuscope_crew *crew;
	struct part *part;
	unsigned int i;
	int err = 0;

	crew = calloc(1, sizeof(*crew) + threads * sizeof(crew->worker[0]));
	if (!crew)
		return -ENOMEM;
	pthread_mutex_init(&crew->lock, NULL);
	pthread_cond_init(&crew->todo, NULL);
	pthread_cond_init(&crew->ready, NULL);
	crew->ask = *ask;
	crew->told = start;
	crew->end = ask->end;
	crew->size = whole(size);
	for (i = 0; !err && i < PARTS * threads; i++) {
		part = malloc(sizeof(*part));
		if (part)
			spare(crew, part);
		else
			err = -ENOMEM;
	}
	if (!err)
		err = start_workers(crew, threads, fd);
	if (err) {
		mmuscope_crew_end(crew);
		return err;
	}
	*ret = crew;
	return 0;
}

/* What comes next; it stays until the next call. An error stays for good. */
int mmuscope_crew_next(struct mmuscope_crew *crew, struct mmuscope_call **ret)
{
	struct part *part;
	int err;

	pthread_mutex_lock(&crew->lock);
	if (crew->telling)
		spare(crew, crew->telling);
	crew->telling = NULL;
	pthread_cond_broadcast(&crew->todo);
	while (!crew->first || !crew->first->done || crew->first->start != crew->told)
		pthread_cond_wait(&crew->ready, &crew->lock);
	part = crew->first;
	err = part->err;
	if (!err) {
		crew->first = part->next;
		crew->told = part->end;
		crew->telling = part;
		*ret = &part->call;
		pthread_cond_broadcast(&crew->todo);
	}
	pthread_mutex_unlock(&crew->lock);
	return err;
}

void mmuscope_crew_end(struct mmuscope_crew *crew)
{
	unsigned int i;

	if (!crew)
		return;
	pthread_mutex_lock(&crew->lock);
	crew->stop = true;
	pthread_cond_broadcast(&crew->todo);
	pthread_mutex_unlock(&crew->lock);
	for (i = 0; i < crew->nr; i++) {
		pthread_join(crew->worker[i].thread, NULL);
		close(crew->worker[i].fd);
	}
	free_parts(crew->first);
	free_parts(crew->spare);
	free(crew->telling);
	pthread_cond_destroy(&crew->ready);
	pthread_cond_destroy(&crew->todo);
	pthread_mutex_destroy(&crew->lock);
	free(crew);
}
