// SPDX-License-Identifier: GPL-2.0-or-later
/* Who uses the exports of a revision: every file is read once for the names of all of them. */
#include "read/git/users.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/source/uses.h"

/* Linux 7.2 has about 700,000. */
#define MAX_USES ((size_t)1 << 24)

struct use {
	uint32_t symbol, file;
};

struct users_worker {
	struct repo *repo;
	uint32_t *seen; /* by symbol: the file that was last found to have it, + 1 */
	struct {
		struct use *items;
		size_t count, capacity;
	} uses;
	uint32_t file; /* that is read */
	int status; /* of taking its uses */
};

struct users_reader {
	const char *repository;
	const struct ksa_read_options *options;
	struct source_files *files;
	struct source_users *out;
	const char **symbols; /* by number */
	size_t symbol_count;
	struct source_names names;
	struct users_worker *workers;
	size_t done, use_count;
};

bool users_wants_path(const char *path)
{
	return source_language(path) == LANGUAGE_RUST;
}

bool users_count_path(const char *path)
{
	return strncmp(path, "tools/", strlen("tools/")) != 0;
}

static int number_symbols(struct users_reader *u, struct ksa_error *err)
{
	size_t room = 0;

	for (size_t i = 0; i < u->files->count; i++)
		room += u->files->items[i].export_count;
	u->symbols = calloc(room + 1, sizeof(*u->symbols));
	if (!u->symbols)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < u->files->count; i++) {
		for (size_t k = 0; k < u->files->items[i].export_count; k++) {
			const char *name = u->files->items[i].exports[k].name;
			uint32_t number = (uint32_t)u->symbol_count;
			int added = strmap_add(&u->out->names, name, &number, NULL);

			if (added < 0)
				return ksa_fail_nomem(err);
			if (added)
				u->symbols[u->symbol_count++] = name;
		}
	}
	return source_names_make(&u->names, u->symbols, u->symbol_count, err);
}

static void take_use(void *ctx, uint32_t number)
{
	struct users_worker *w = ctx;

	if (w->status || w->seen[number] == w->file + 1)
		return;
	w->seen[number] = w->file + 1;
	w->status = VEC_PUSH_ROOM(&w->uses, NULL);
	if (!w->status)
		w->uses.items[w->uses.count++] = (struct use){number, w->file};
}

static int start_worker(struct users_reader *u, struct users_worker *w, struct ksa_error *err)
{
	if (w->repo)
		return 0;
	w->seen = calloc(u->symbol_count + 1, sizeof(*w->seen));
	return w->seen ? repo_open(u->repository, &w->repo, err) : ksa_fail_nomem(err);
}

static int read_uses(struct users_reader *u, struct users_worker *w, struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	const struct source_file *file = &u->files->items[w->file];
	size_t before = w->uses.count;
	uint32_t number;
	int r = repo_read(w->repo, &file->blob, REPO_BLOB, &blob, err);

	if (r)
		return r;
	/* What its own file uses does not count. */
	for (size_t i = 0; i < file->export_count; i++)
		if (strmap_get(&u->out->names, file->exports[i].name, &number))
			w->seen[number] = w->file + 1;
	w->status = 0;
	source_uses(&u->names,
		    (struct source_text){blob.data, blob.size, source_language(file->path)},
		    take_use, w);
	if (w->status)
		return ksa_fail_nomem(err);
	if (__atomic_add_fetch(&u->use_count, w->uses.count - before, __ATOMIC_RELAXED) > MAX_USES)
		return ksa_fail_at(err, KSA_ELIMIT, u->repository, 0,
				   "has more uses of exports than any kernel");
	return 0;
}

static int read_file(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct users_reader *u = ctx;
	struct users_worker *w = &u->workers[worker];
	const struct source_file *file = &u->files->items[item];
	const struct ksa_read_options *options = u->options;
	int r;

	if (options->progress)
		options->progress(options->progress_ctx, "files read for users",
				  __atomic_add_fetch(&u->done, 1, __ATOMIC_RELAXED),
				  u->files->count);
	if (file->missing || !users_count_path(file->path))
		return 0;
	r = start_worker(u, w, err);
	w->file = (uint32_t)item;
	if (!r)
		r = read_uses(u, w, err);
	/* Said already, when it was read for what it exports. */
	return r == KSA_ENODATA ? 0 : r;
}

/* The numbers of files among those that use anything. */
static uint32_t *number_users(struct users_reader *u, unsigned int workers)
{
	uint32_t *numbers = calloc(u->files->count + 1, sizeof(*numbers)), next = 0;

	for (unsigned int w = 0; w < workers; w++)
		for (size_t i = 0; i < u->workers[w].uses.count; i++)
			u->files->items[u->workers[w].uses.items[i].file].is_user = true;
	for (size_t i = 0; numbers && i < u->files->count; i++)
		if (u->files->items[i].is_user)
			numbers[i] = next++;
	return numbers;
}

static int compare_uses(const void *a, const void *b)
{
	const struct use *x = a, *y = b;

	if (x->symbol != y->symbol)
		return x->symbol < y->symbol ? -1 : 1;
	return (x->file > y->file) - (x->file < y->file);
}

/* Sort the uses of all workers by symbol, then file. */
static int sort_uses(struct users_reader *u, unsigned int workers, struct ksa_error *err)
{
	_cleanup_free_ uint32_t *numbers = number_users(u, workers);
	_cleanup_free_ struct use *all = calloc(u->use_count + 1, sizeof(*all));
	struct source_users *out = u->out;
	size_t count = 0;

	out->first = calloc(u->symbol_count + 1, sizeof(*out->first));
	out->files = calloc(u->use_count + 1, sizeof(*out->files));
	if (!numbers || !all || !out->first || !out->files)
		return ksa_fail_nomem(err);
	for (unsigned int w = 0; w < workers; w++) {
		size_t n = u->workers[w].uses.count;

		if (n)
			memcpy(all + count, u->workers[w].uses.items, n * sizeof(*all));
		count += n;
	}
	qsort(all, count, sizeof(*all), compare_uses);
	for (size_t i = 0, n = 0; n <= u->symbol_count; n++) {
		out->first[n] = i;
		for (; i < count && all[i].symbol == n; i++)
			out->files[i] = numbers[all[i].file];
	}
	return 0;
}

static void release_reader(struct users_reader *u, unsigned int workers)
{
	for (unsigned int i = 0; u->workers && i < workers; i++) {
		repo_free(u->workers[i].repo);
		free(u->workers[i].seen);
		free(u->workers[i].uses.items);
	}
	free(u->workers);
	free(u->symbols);
	source_names_release(&u->names);
}

int source_users_find(const char *repository, struct source_files *files,
		      const struct ksa_read_options *options, struct source_users *out,
		      struct ksa_error *err)
{
	struct users_reader u = {
		.repository = repository, .options = options, .files = files, .out = out};
	unsigned int workers = workers_count(options->jobs);
	int r;

	u.workers = calloc(workers, sizeof(*u.workers));
	r = u.workers ? number_symbols(&u, err) : ksa_fail_nomem(err);
	if (!r)
		r = workers_run(workers, files->count, read_file, &u, err);
	if (!r)
		r = sort_uses(&u, workers, err);
	release_reader(&u, workers);
	return r;
}

void source_users_release(struct source_users *users)
{
	strmap_release(&users->names);
	free(users->first);
	free(users->files);
	memset(users, 0, sizeof(*users));
}
