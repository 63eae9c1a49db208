// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_WORKERS 64

struct pool {
	int (*run)(void *ctx, unsigned int worker, size_t item, struct ksa_error *err);
	void *ctx;
	size_t count;
	atomic_size_t next;
	atomic_bool stop;
};

struct worker {
	struct pool *pool;
	unsigned int id;
	size_t failed_item; /* SIZE_MAX: none */
	int code;
	struct ksa_error err;
	pthread_t thread;
	bool started;
};

unsigned int workers_count(unsigned int jobs)
{
	if (jobs == 0) {
		long online = sysconf(_SC_NPROCESSORS_ONLN);

		jobs = online > 0 ? (unsigned int)online : 1;
	}
	return jobs < MAX_WORKERS ? jobs : MAX_WORKERS;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct pool *pool = w->pool;

	while (!atomic_load(&pool->stop)) {
		size_t item = atomic_fetch_add(&pool->next, 1);

		if (item >= pool->count)
			break;
		w->code = pool->run(pool->ctx, w->id, item, &w->err);
		if (w->code) {
			w->failed_item = item;
			atomic_store(&pool->stop, true);
		}
	}
	return NULL;
}

int workers_run(unsigned int workers, size_t count,
		int (*run)(void *ctx, unsigned int worker, size_t item, struct ksa_error *err),
		void *ctx, struct ksa_error *err)
{
	struct pool pool = {.run = run, .ctx = ctx, .count = count};
	const struct worker *first = NULL;
	struct worker *w;
	int code = 0;

	if (count < workers)
		workers = count ? (unsigned int)count : 1;
	w = calloc(workers, sizeof(*w));
	if (!w)
		return ksa_fail_nomem(err);
	for (unsigned int i = 0; i < workers; i++)
		w[i] = (struct worker){.pool = &pool, .id = i, .failed_item = SIZE_MAX};
	for (unsigned int i = 1; i < workers; i++)
		w[i].started = pthread_create(&w[i].thread, NULL, work, &w[i]) == 0;
	work(&w[0]);
	for (unsigned int i = 1; i < workers; i++)
		if (w[i].started)
			pthread_join(w[i].thread, NULL);
	for (unsigned int i = 0; i < workers; i++)
		if (w[i].code && (!first || w[i].failed_item < first->failed_item))
			first = &w[i];
	if (first) {
		code = first->code;
		if (err && !err->code)
			*err = first->err;
	}
	free(w);
	return code;
}
