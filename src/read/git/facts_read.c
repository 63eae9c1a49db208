// SPDX-License-Identifier: GPL-2.0-or-later
/* The reading of facts: what is not known yet of versions of files, on all cores. */
#include "read/git/facts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/source/source.h"
#include "read/source/uses.h"

/* Of one question. Linux 7.2 has about 700,000; of all releases of 2.6, 4 million. */
#define MAX_USES ((size_t)1 << 26)

struct facts_worker {
	struct repo *repo;
	struct source_scan scan;
	uint32_t *seen; /* by name: the item that was last found to use it, + 1 */
	struct {
		uint32_t *items;
		size_t count, capacity;
	} uses; /* of one file */
	uint32_t item;
	int status; /* of taking its uses */
};

struct facts_job {
	struct facts *facts;
	const struct facts_question *question;
	struct fact_wanted *items;
	size_t count;
	uint32_t *unread; /* items to read in this round */
	size_t unread_count;
	bool exports; /* this round reads exports */
	bool uses; /* and uses */
	struct source_names names;
	uint32_t set;
	struct facts_worker *workers;
	unsigned int worker_count;
	pthread_mutex_t lock; /* of the facts, while workers run */
	size_t done;
};

/* Find the records; those that are new are read in the first round. */
static int find_records(struct facts_job *job, struct ksa_error *err)
{
	for (size_t i = 0; i < job->count; i++) {
		struct fact_wanted *w = &job->items[i];
		bool is_new;
		int r = facts_add_blob(job->facts, &w->blob, facts_where(w->path, w->exports),
				       &w->record, &is_new, err);

		if (r)
			return r;
		if (is_new || job->facts->blobs[w->record].missing)
			job->unread[job->unread_count++] = (uint32_t)i;
	}
	return 0;
}

static void take_use(void *ctx, uint32_t number)
{
	struct facts_worker *w = ctx;

	if (w->status || w->seen[number] == w->item + 1)
		return;
	w->seen[number] = w->item + 1;
	w->status = VEC_PUSH_ROOM(&w->uses, NULL);
	if (!w->status)
		w->uses.items[w->uses.count++] = number;
}

/* With the lock held: what the scan found, in the facts' own numbers. */
static int keep_exports(struct facts_job *job, struct facts_worker *w, struct fact_blob *b,
			struct ksa_error *err)
{
	struct facts *f = job->facts;
	const struct source_scan *scan = &w->scan;
	int r = vec_reserve(&f->exports, &f->export_capacity, f->export_count + scan->export_count,
			    sizeof(*f->exports), err);

	if (!r && f->export_count + scan->export_count >= FACTS_NONE)
		r = ksa_fail(err, KSA_ELIMIT,
			     "the repository has more exports than can be counted");
	if (r)
		return r;
	b->exports = (uint32_t)f->export_count;
	b->gaps = (uint32_t)scan->gap_count;
	for (size_t i = 0; i < scan->export_count && !r; i++) {
		const struct source_export *e = &scan->exports[i];
		struct fact_export *out = &f->exports[f->export_count];

		*out = (struct fact_export){.cls = e->cls,
					    .kind = e->kind,
					    .default_ns = e->default_ns,
					    .form = e->form};
		r = facts_name(f, e->name, &out->name, err);
		if (!r)
			r = facts_name(f, e->ns, &out->ns, err);
		if (!r)
			r = facts_name(f, e->late_ns, &out->late_ns, err);
		if (!r) {
			f->export_count++;
			b->export_count++;
		}
	}
	return r;
}

static int keep_word(struct facts *f, const char *text, struct ksa_error *err)
{
	int r = vec_reserve(&f->words, &f->word_capacity, f->word_count + 1, sizeof(*f->words),
			    err);

	if (!r)
		r = facts_name(f, text, &f->words[f->word_count], err);
	if (!r)
		f->word_count++;
	return r;
}

/* With the lock held: macros that the file calls, and those that it defines. */
static int keep_macros(struct facts_job *job, struct facts_worker *w, struct fact_blob *b,
		       struct ksa_error *err)
{
	struct facts *f = job->facts;
	const struct source_scan *scan = &w->scan;
	int r = 0;

	if (f->word_count + scan->needs.count + 2 * scan->definition_count >= FACTS_NONE)
		return ksa_fail(err, KSA_ELIMIT,
				"the repository has more macros than can be counted");
	b->needs = (uint32_t)f->word_count;
	for (size_t i = 0; i < scan->needs.count && !r; i++)
		r = keep_word(f, scan->needs.items[i], err);
	b->need_count = (uint32_t)(f->word_count - b->needs);
	b->definitions = (uint32_t)f->word_count;
	for (size_t i = 0; i < scan->definition_count && !r; i++) {
		r = keep_word(f, scan->definitions[i].macro, err);
		if (!r)
			r = keep_word(f, scan->definitions[i].text, err);
	}
	b->definition_count = (uint32_t)(f->word_count - b->definitions) / 2;
	return r;
}

/* With the lock held. */
static int keep_uses(struct facts_job *job, const struct facts_worker *w, struct fact_blob *b,
		     struct ksa_error *err)
{
	struct facts *f = job->facts;
	size_t count = w->uses.count;
	int r = vec_reserve(&f->uses, &f->use_capacity, f->use_count + count, sizeof(*f->uses),
			    err);

	if (!r && f->use_count + count > MAX_USES)
		r = ksa_fail_at(err, KSA_ELIMIT, job->question->repository, 0,
				"has more uses of exports than any kernel");
	if (r)
		return r;
	if (count)
		memcpy(f->uses + f->use_count, w->uses.items, count * sizeof(*f->uses));
	b->uses = (uint32_t)f->use_count;
	b->use_count = (uint32_t)count;
	b->set = job->set;
	f->use_count += count;
	return 0;
}

static int start_worker(struct facts_job *job, struct facts_worker *w, struct ksa_error *err)
{
	if (!w->repo) {
		int r = repo_open(job->question->repository, &w->repo, err);

		if (r)
			return r;
	}
	if (!job->uses || w->seen)
		return 0;
	w->seen = calloc(job->question->name_count + 1, sizeof(*w->seen));
	return w->seen ? 0 : ksa_fail_nomem(err);
}

/* Exports, and then what the file uses. */
static int read_blob(struct facts_job *job, struct facts_worker *w, const struct fact_wanted *item,
		     const struct repo_object *blob, struct ksa_error *err)
{
	struct facts *f = job->facts;
	bool scanned = job->exports && item->exports &&
		       source_may_export(item->path, blob->data, blob->size);
	bool uses = job->uses && item->uses;
	int r = scanned ? source_scan(&w->scan, item->path, blob->data, blob->size, err) : 0;

	if (r)
		return r;
	if (scanned) {
		pthread_mutex_lock(&job->lock);
		r = keep_exports(job, w, &f->blobs[item->record], err);
		if (!r)
			r = keep_macros(job, w, &f->blobs[item->record], err);
		pthread_mutex_unlock(&job->lock);
	}
	if (r || !uses)
		return r;
	w->uses.count = 0;
	w->status = 0;
	source_uses(&job->names,
		    (struct source_text){blob->data, blob->size, source_language(item->path)},
		    take_use, w);
	if (w->status)
		return ksa_fail_nomem(err);
	pthread_mutex_lock(&job->lock);
	r = keep_uses(job, w, &f->blobs[item->record], err);
	pthread_mutex_unlock(&job->lock);
	return r;
}

static int read_one(void *ctx, unsigned int worker, size_t number, struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	struct facts_job *job = ctx;
	struct facts_worker *w = &job->workers[worker];
	struct fact_wanted *item = &job->items[job->unread[number]];
	const struct ksa_read_options *options = job->question->options;
	int r = start_worker(job, w, err);

	w->item = job->unread[number];
	if (!r)
		r = repo_read(w->repo, &item->blob, REPO_BLOB, &blob, err);
	if (options->progress)
		options->progress(options->progress_ctx, job->question->what,
				  __atomic_add_fetch(&job->done, 1, __ATOMIC_RELAXED),
				  job->unread_count);
	if (!r || r == KSA_ENODATA)
		job->facts->blobs[item->record].missing = r == KSA_ENODATA;
	if (r == KSA_ENODATA)
		return 0;
	return r ? r : read_blob(job, w, item, &blob, err);
}

/* The names to search for: those that are wanted, and all that is known to be an export. */
static int make_names(struct facts_job *job, struct ksa_error *err)
{
	struct facts *f = job->facts;
	const size_t count = job->question->name_count;
	_cleanup_free_ const char **list = calloc(count + 1, sizeof(*list));
	_cleanup_free_ uint8_t *names = calloc(f->name_count + 1, 1);
	int r;

	if (!list || !names)
		return ksa_fail_nomem(err);
	memcpy(names, job->question->names, count);
	for (size_t i = 0; i < f->export_count; i++)
		if (f->exports[i].name < count)
			names[f->exports[i].name] = 1;
	for (size_t i = 0; i < count; i++)
		list[i] = names[i] ? f->names[i] : NULL;
	r = source_names_make(&job->names, list, count, err);
	return r ? r : facts_add_set(f, names, &job->set, err);
}

static int run_round(struct facts_job *job, struct ksa_error *err)
{
	int r = job->unread_count && job->uses ? make_names(job, err) : 0;

	if (r || !job->unread_count)
		return r;
	job->facts->changed = true;
	return workers_run(job->worker_count, job->unread_count, read_one, job, err);
}

/* Which sets have all names that are wanted. */
static bool *covering_sets(const struct facts_job *job)
{
	const struct facts *f = job->facts;
	const struct facts_question *q = job->question;
	bool *covering = calloc(f->set_count + 1, sizeof(*covering));
	size_t count = 0;

	for (size_t i = 0; i < q->name_count; i++)
		count += q->names[i];
	for (size_t i = 0; i < f->set_count && covering; i++) {
		const uint32_t *names = f->set_names + f->sets[i].names;
		size_t found = 0;

		for (uint32_t k = 0; k < f->sets[i].name_count; k++)
			found += names[k] < q->name_count && q->names[names[k]];
		covering[i] = found >= count;
	}
	if (covering && !f->set_count)
		covering[0] = !count;
	return covering;
}

/* Those that were not searched for all names. */
static int find_unsearched(struct facts_job *job, struct ksa_error *err)
{
	_cleanup_free_ bool *covering = covering_sets(job);
	_cleanup_free_ uint8_t *listed = calloc(job->facts->blob_count + 1, 1);

	if (!covering || !listed)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < job->count; i++) {
		const struct fact_wanted *w = &job->items[i];

		if (!w->uses || w->record == FACTS_NONE || listed[w->record] ||
		    covering[job->facts->blobs[w->record].set])
			continue;
		listed[w->record] = 1;
		job->unread[job->unread_count++] = (uint32_t)i;
	}
	return 0;
}

static void release_workers(struct facts_job *job)
{
	for (unsigned int i = 0; job->workers && i < job->worker_count; i++) {
		struct facts_worker *w = &job->workers[i];

		repo_free(w->repo);
		source_scan_release(&w->scan);
		free(w->seen);
		free(w->uses.items);
	}
	free(job->workers);
	source_names_release(&job->names);
}

/* A version that the repository lacks has no record, wherever it is wanted. */
static void forget_missing(const struct facts_job *job)
{
	for (size_t i = 0; i < job->count; i++)
		if (job->items[i].record != FACTS_NONE &&
		    job->facts->blobs[job->items[i].record].missing)
			job->items[i].record = FACTS_NONE;
}

static int run(struct facts_job *job, int (*find)(struct facts_job *job, struct ksa_error *err),
	       struct ksa_error *err)
{
	int r;

	pthread_mutex_init(&job->lock, NULL);
	job->worker_count = workers_count(job->question->options->jobs);
	job->unread = calloc(job->count + 1, sizeof(*job->unread));
	job->workers = calloc(job->worker_count, sizeof(*job->workers));
	r = job->unread && job->workers ? find(job, err) : ksa_fail_nomem(err);
	if (!r)
		r = run_round(job, err);
	if (!r)
		forget_missing(job);
	release_workers(job);
	free(job->unread);
	pthread_mutex_destroy(&job->lock);
	return r;
}

int facts_read(struct facts *facts, const struct facts_question *question,
	       struct fact_wanted *items, size_t count, struct ksa_error *err)
{
	struct facts_job job = {.facts = facts,
				.question = question,
				.items = items,
				.count = count,
				.exports = true,
				.uses = question->names != NULL};

	return run(&job, find_records, err);
}

int facts_search(struct facts *facts, const struct facts_question *question,
		 struct fact_wanted *items, size_t count, struct ksa_error *err)
{
	struct facts_job job = {
		.facts = facts, .question = question, .items = items, .count = count, .uses = true};

	return run(&job, find_unsearched, err);
}
