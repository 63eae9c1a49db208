// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The releases of a history, each as a whole: what it exports, and what of that its own sources
 * use. Every version of a file is read once, however many releases have it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/git/build_internal.h"
#include "read/git/users.h"
#include "read/source/source.h"
#include "read/source/uses.h"

/* A version of a file, and the releases that have it: first <= release < end. */
struct version {
	uint32_t path;
	struct object_id blob;
	uint32_t first, end;
};

struct stats_worker {
	struct repo *repo;
	struct source_scan scan;
	uint32_t *seen; /* by symbol: the version that used it last, + 1 */
	size_t missing;
};

struct stats_reader {
	struct history_build *build;
	struct history_releases *out;
	struct version *items;
	size_t count, capacity;
	uint32_t *last; /* by path: index of its newest version, + 1 */
	size_t last_count;
	uint32_t release; /* that is walked */
	unsigned int
		*forms; /* by release: the forms that hold there, a mask of 1u << source_form */
	struct source_names names;
	struct stats_worker *workers;
	size_t done;
};

static int add_version(struct stats_reader *s, uint32_t path, const struct object_id *blob,
		       struct ksa_error *err)
{
	size_t old = s->last_count;
	struct version *newest;
	int r = vec_reserve(&s->last, &s->last_count, (size_t)path + 1, sizeof(*s->last), err);

	if (r)
		return r;
	if (s->last_count > old)
		memset(s->last + old, 0, (s->last_count - old) * sizeof(*s->last));
	newest = s->last[path] ? &s->items[s->last[path] - 1] : NULL;
	if (newest && newest->end == s->release && object_id_is_equal(&newest->blob, blob)) {
		newest->end++;
		return 0;
	}
	r = VEC_PUSH_ROOM(s, err);
	if (r)
		return r;
	s->items[s->count++] = (struct version){path, *blob, s->release, s->release + 1};
	s->last[path] = (uint32_t)s->count;
	return 0;
}

static int read_forms(struct stats_reader *s, const char *path, const struct object_id *blob,
		      struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object object = {.data = NULL};
	struct source_scan scan = {.license = NULL};
	int r = repo_read(s->build->repo, blob, REPO_BLOB, &object, err);

	if (!r)
		r = source_scan(&scan, path, object.data, object.size, err);
	for (size_t i = 0; i < scan.definition_count && !r; i++)
		s->forms[s->release] |=
			source_forms(scan.definitions[i].macro, scan.definitions[i].text);
	source_scan_release(&scan);
	return r == KSA_ENODATA ? 0 : r;
}

static int visit(void *ctx, const char *path, const struct object_id *blob, struct ksa_error *err)
{
	struct stats_reader *s = ctx;
	uint32_t number;
	int r;

	if (!build_wants_path(path) && !users_wants_path(path))
		return 0;
	r = history_string(s->build->history, path, &number, err);
	if (!r && source_has_forms(path))
		r = read_forms(s, path, blob, err);
	return r ? r : add_version(s, number, blob, err);
}

static int walk_releases(struct stats_reader *s)
{
	const struct ksa_history *h = s->build->history;
	size_t missing = 0;
	int r = 0;

	s->forms = calloc(s->out->count + 1, sizeof(*s->forms));
	if (!s->forms)
		return ksa_fail_nomem(s->build->err);
	for (size_t i = 0; i < s->out->count && !r; i++) {
		const struct history_tag *tag = &h->tags[s->out->tags[i]];

		build_progress(s->build, "releases walked", i, s->out->count);
		s->forms[i] = 1u << SOURCE_FORM_PLAIN;
		s->release = (uint32_t)i;
		r = repo_walk(s->build->repo, &h->commits[tag->commit].id, visit, s, &missing,
			      s->build->err);
	}
	s->out->missing += missing;
	return r;
}

/* Bits are only ever set, by workers side by side. */
static void set_bits(uint8_t *bytes, uint8_t bits)
{
	if ((__atomic_load_n(bytes, __ATOMIC_RELAXED) & bits) != bits)
		__atomic_fetch_or(bytes, bits, __ATOMIC_RELAXED);
}

struct use_ctx {
	struct stats_reader *reader;
	struct stats_worker *worker;
	const struct version *version;
	uint32_t mark;
};

static void take_use(void *ctx, uint32_t number)
{
	const struct use_ctx *u = ctx;

	if (u->worker->seen[number] == u->mark)
		return;
	u->worker->seen[number] = u->mark;
	for (uint32_t i = u->version->first; i < u->version->end; i++)
		set_bits(&u->reader->out->used[i * u->reader->out->symbols + number], 1);
}

static int take_exports(struct stats_reader *s, struct stats_worker *w, const struct version *v,
			uint32_t mark)
{
	for (size_t i = 0; i < w->scan.export_count; i++) {
		const struct source_export *e = &w->scan.exports[i];
		uint32_t number;

		/* All exports of a history's releases have a name that the history knows. */
		if (!strmap_get(&s->build->history->string_map, e->name, &number) ||
		    number >= s->out->symbols)
			continue;
		w->seen[number] = mark; /* what its own file uses does not count */
		for (uint32_t r = v->first; r < v->end; r++)
			if (s->forms[r] & 1u << e->form)
				set_bits(&s->out->classes[r * s->out->symbols + number],
					 (uint8_t)(1u << e->cls));
	}
	return 0;
}

static int read_version(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	struct stats_reader *s = ctx;
	struct stats_worker *w = &s->workers[worker];
	const struct version *v = &s->items[item];
	const char *path = s->build->history->strings[v->path];
	struct use_ctx use = {s, w, v, (uint32_t)item + 1};
	int r = 0;

	if (!w->repo)
		r = repo_open(s->build->history->path, &w->repo, err);
	if (!r && !w->seen) {
		w->seen = calloc(s->out->symbols + 1, sizeof(*w->seen));
		r = w->seen ? 0 : ksa_fail_nomem(err);
	}
	if (!r)
		r = repo_read(w->repo, &v->blob, REPO_BLOB, &blob, err);
	build_progress(s->build, "versions of files read",
		       __atomic_add_fetch(&s->done, 1, __ATOMIC_RELAXED), s->count);
	if (r == KSA_ENODATA) {
		w->missing++;
		return 0;
	}
	if (!r && build_wants_path(path) && source_may_export(path, blob.data, blob.size)) {
		r = source_scan(&w->scan, path, blob.data, blob.size, err);
		if (!r)
			r = take_exports(s, w, v, use.mark);
	}
	if (!r && users_count_path(path))
		source_uses(&s->names,
			    (struct source_text){blob.data, blob.size, source_language(path)},
			    take_use, &use);
	return r;
}

/* The releases that the head reaches, in the order of their commits. */
static int find_releases(struct stats_reader *s)
{
	const struct ksa_history *h = s->build->history;
	_cleanup_free_ uint32_t *marks = malloc(h->commit_count * sizeof(*marks) + 1);
	_cleanup_free_ uint32_t *stack = malloc(h->commit_count * sizeof(*stack) + 1);

	s->out->tags = calloc(h->tag_count + 1, sizeof(*s->out->tags));
	if (!marks || !stack || !s->out->tags)
		return ksa_fail_nomem(s->build->err);
	memset(marks, 0xff, h->commit_count * sizeof(*marks));
	history_mark(h, h->head, 1, marks, stack);
	for (size_t i = 0; i < h->tag_count; i++)
		if (h->tags[i].release && marks[h->tags[i].commit] != HISTORY_NONE)
			s->out->tags[s->out->count++] = (uint32_t)i;
	if (s->out->count)
		return 0;
	return ksa_fail(s->build->err, KSA_ENODATA,
			"no tag of a release is in this history: there is nothing to compare");
}

/* Names of symbols among the strings of the history. */
static int find_symbols(struct stats_reader *s)
{
	const struct ksa_history *h = s->build->history;
	_cleanup_free_ const char **names = calloc(h->string_count + 1, sizeof(*names));
	size_t releases = s->out->count;

	if (!names)
		return ksa_fail_nomem(s->build->err);
	for (size_t i = 0; i < h->change_count; i++) {
		names[h->changes[i].name] = h->strings[h->changes[i].name];
		if (h->changes[i].name >= s->out->symbols)
			s->out->symbols = (size_t)h->changes[i].name + 1;
	}
	s->out->classes = calloc(releases, s->out->symbols + 1);
	s->out->used = calloc(releases, s->out->symbols + 1);
	if (!s->out->classes || !s->out->used)
		return ksa_fail_nomem(s->build->err);
	return source_names_make(&s->names, names, s->out->symbols, s->build->err);
}

static int compare_versions(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	if (x->path != y->path)
		return x->path < y->path ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

static void release_reader(struct stats_reader *s, unsigned int workers)
{
	for (unsigned int i = 0; s->workers && i < workers; i++) {
		s->out->missing += s->workers[i].missing;
		repo_free(s->workers[i].repo);
		source_scan_release(&s->workers[i].scan);
		free(s->workers[i].seen);
	}
	free(s->workers);
	free(s->forms);
	free(s->items);
	free(s->last);
	source_names_release(&s->names);
}

static int read_releases(struct stats_reader *s, unsigned int workers)
{
	int r = find_releases(s);

	if (!r)
		r = find_symbols(s);
	if (!r)
		r = walk_releases(s);
	s->workers = calloc(workers, sizeof(*s->workers));
	if (!r && !s->workers)
		r = ksa_fail_nomem(s->build->err);
	if (r)
		return r;
	/* All versions of one file one after the other: see git_sets.c. */
	if (s->count)
		qsort(s->items, s->count, sizeof(*s->items), compare_versions);
	return workers_run(workers, s->count, read_version, s, s->build->err);
}

int history_read_releases(struct ksa_history *history, const struct history_options *options,
			  struct history_releases *out, struct ksa_error *err)
{
	struct history_build build = {.history = history, .options = options, .err = err};
	struct stats_reader s = {.build = &build, .out = out};
	unsigned int workers = workers_count(options->read.jobs);
	int r = repo_open(history->path, &build.repo, err);

	memset(out, 0, sizeof(*out));
	if (!r)
		r = read_releases(&s, workers);
	release_reader(&s, workers);
	repo_free(build.repo);
	return r;
}
