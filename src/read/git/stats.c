// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The releases of a history, each as a whole: what it exports, and what of that its own sources
 * use. Every version of a file is read once, however many releases have it; what a release adds up
 * to is kept by the id of its tree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/build_internal.h"
#include "read/git/facts.h"
#include "read/git/users.h"
#include "read/source/source.h"

/* A version of a file, and the releases that have it: first <= release < end. */
struct version {
	uint32_t path;
	struct object_id blob;
	uint32_t first, end;
};

struct stats_reader {
	struct history_build *build;
	struct history_releases *out;
	struct facts *facts;
	struct object_id *trees; /* of each release */
	uint32_t *known; /* of each release: index in the facts' trees, or FACTS_NONE */
	struct version *items;
	size_t count, capacity;
	struct fact_wanted *wanted; /* of each version */
	uint32_t *last; /* by path: index of its newest version, + 1 */
	size_t last_count;
	uint32_t release; /* that is walked */
	unsigned int
		*forms; /* by release: the forms that hold there, a mask of 1u << source_form */
	uint8_t *names; /* by the facts' number: a name that some commit of the history exports */
	size_t name_count;
	uint32_t *symbols; /* by the facts' number of a name: the history's, 0: no export */
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

static int visit(void *ctx, const char *path, const struct object_id *blob, struct ksa_error *err)
{
	struct stats_reader *s = ctx;
	uint32_t number;
	int r;

	if (!build_wants_path(path) && !users_wants_path(path))
		return 0;
	r = history_string(s->build->history, path, &number, err);
	return r ? r : add_version(s, number, blob, err);
}

static int walk_releases(struct stats_reader *s)
{
	const struct ksa_history *h = s->build->history;
	size_t missing = 0;
	int r = 0;

	for (size_t i = 0; i < s->out->count && !r; i++) {
		const struct history_tag *tag = &h->tags[s->out->tags[i]];

		if (s->known[i] != FACTS_NONE)
			continue;
		build_progress(s->build, "releases walked", i, s->out->count);
		s->release = (uint32_t)i;
		r = repo_walk(s->build->repo, &h->commits[tag->commit].id, visit, s, &missing,
			      s->build->err);
	}
	s->out->missing += missing;
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

/* What is kept of the releases: by their trees. */
static int find_trees(struct stats_reader *s)
{
	const struct ksa_history *h = s->build->history;
	int r = 0;

	s->trees = calloc(s->out->count, sizeof(*s->trees));
	s->known = calloc(s->out->count, sizeof(*s->known));
	if (!s->trees || !s->known)
		return ksa_fail_nomem(s->build->err);
	for (size_t i = 0; i < s->out->count && !r; i++) {
		const struct object_id *id = &h->commits[h->tags[s->out->tags[i]].commit].id;
		struct repo_commit commit;

		r = repo_read_commit(s->build->repo, id, &commit, s->build->err);
		if (r == KSA_ENODATA)
			r = build_commit_missing(id, s->build->err);
		if (!r)
			s->trees[i] = commit.tree;
		repo_commit_release(&commit);
		if (!r)
			s->known[i] = facts_find_tree(s->facts, &s->trees[i]);
	}
	return r;
}

static int compare_versions(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	if (x->path != y->path)
		return x->path < y->path ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

static int want_versions(struct stats_reader *s)
{
	/* All versions of one file one after the other: see sets.c. */
	if (s->count)
		qsort(s->items, s->count, sizeof(*s->items), compare_versions);
	s->wanted = calloc(s->count + 1, sizeof(*s->wanted));
	if (!s->wanted)
		return ksa_fail_nomem(s->build->err);
	for (size_t i = 0; i < s->count; i++) {
		const char *path = s->build->history->strings[s->items[i].path];

		s->wanted[i] = (struct fact_wanted){.path = path,
						    .blob = s->items[i].blob,
						    .exports = build_wants_path(path),
						    .uses = users_count_path(path)};
	}
	return 0;
}

/* Which names of some macros they export: their own headers say it. */
static int find_forms(struct stats_reader *s)
{
	const struct facts *f = s->facts;

	s->forms = calloc(s->out->count + 1, sizeof(*s->forms));
	if (!s->forms)
		return ksa_fail_nomem(s->build->err);
	for (size_t i = 0; i < s->out->count; i++)
		s->forms[i] = 1u << SOURCE_FORM_PLAIN;
	for (size_t i = 0; i < s->count; i++) {
		const struct fact_blob *b = &f->blobs[s->wanted[i].record];

		if (s->wanted[i].record == FACTS_NONE || !source_has_forms(s->wanted[i].path))
			continue;
		for (uint32_t k = 0; k < b->definition_count; k++) {
			const uint32_t *at = f->words + b->definitions + 2 * k;

			for (uint32_t r = s->items[i].first; r < s->items[i].end; r++)
				s->forms[r] |= source_forms(f->names[at[0]], f->names[at[1]]);
		}
	}
	return 0;
}

/* All exports of a history's releases have a name that the history knows. */
static int find_names(struct stats_reader *s)
{
	const struct ksa_history *h = s->build->history;
	uint32_t number;
	int r = 0;

	for (size_t i = 0; i < h->change_count && !r; i++)
		r = facts_name(s->facts, h->strings[h->changes[i].name], &number, s->build->err);
	s->name_count = s->facts->name_count;
	s->names = r ? NULL : calloc(s->name_count + 1, 1);
	if (!s->names)
		return r ? r : ksa_fail_nomem(s->build->err);
	for (size_t i = 0; i < h->change_count; i++)
		if (strmap_get(&s->facts->by_name, h->strings[h->changes[i].name], &number))
			s->names[number] = 1;
	return 0;
}

static bool counts(const struct stats_reader *s, const struct version *v,
		   const struct fact_export *e)
{
	unsigned int forms = 0;

	for (uint32_t r = v->first; r < v->end; r++)
		forms |= s->forms[r];
	return e->name < s->name_count && s->names[e->name] && forms & 1u << e->form;
}

/* Those of them that these releases export. */
static uint8_t *names_of_releases(const struct stats_reader *s)
{
	const struct facts *f = s->facts;
	uint8_t *names = calloc(s->name_count + 1, 1);

	for (size_t i = 0; i < s->count && names; i++) {
		const struct fact_blob *b = &f->blobs[s->wanted[i].record];

		for (uint32_t k = 0; s->wanted[i].record != FACTS_NONE && k < b->export_count; k++)
			if (counts(s, &s->items[i], &f->exports[b->exports + k]))
				names[f->exports[b->exports + k].name] = 1;
	}
	return names;
}

static int read_versions(struct stats_reader *s)
{
	struct facts_question question = {.repository = s->build->history->path,
					  .options = &s->build->options->read,
					  .what = "versions of files read"};
	_cleanup_free_ uint8_t *names = NULL;
	int r = want_versions(s);

	if (!r)
		r = find_names(s);
	question.names = s->names;
	question.name_count = s->name_count;
	if (!r)
		r = facts_read(s->facts, &question, s->wanted, s->count, s->build->err);
	if (!r)
		r = find_forms(s);
	if (r)
		return r;
	question.names = names = names_of_releases(s);
	return names ? facts_search(s->facts, &question, s->wanted, s->count, s->build->err)
		     : ksa_fail_nomem(s->build->err);
}

/* Number one export as the history does. */
static int number_symbol(struct stats_reader *s, uint32_t name)
{
	uint32_t *symbol = &s->symbols[name];
	int r = *symbol ? 0
			: history_string(s->build->history, s->facts->names[name], symbol,
					 s->build->err);

	if (!r && *symbol >= s->out->symbols)
		s->out->symbols = (size_t)*symbol + 1;
	return r;
}

static int number_versions(struct stats_reader *s)
{
	const struct facts *f = s->facts;
	int r = 0;

	for (size_t i = 0; i < s->count && !r; i++) {
		const struct fact_blob *b = &f->blobs[s->wanted[i].record];

		if (s->wanted[i].record == FACTS_NONE)
			continue;
		for (uint32_t k = 0; k < b->export_count && !r; k++)
			if (counts(s, &s->items[i], &f->exports[b->exports + k]))
				r = number_symbol(s, f->exports[b->exports + k].name);
	}
	return r;
}

static int number_symbols(struct stats_reader *s)
{
	const struct facts *f = s->facts;
	int r;

	s->symbols = calloc(f->name_count + 1, sizeof(*s->symbols));
	r = s->symbols ? number_versions(s) : ksa_fail_nomem(s->build->err);
	for (size_t i = 0; i < s->out->count && !r; i++) {
		const struct fact_tree *t = &f->trees[s->known[i]];

		if (s->known[i] == FACTS_NONE)
			continue;
		for (uint32_t k = 0; k < t->symbol_count && !r; k++)
			r = number_symbol(s, f->symbols[t->symbols + k].name);
	}
	s->out->classes = calloc(s->out->count, s->out->symbols + 1);
	s->out->used = calloc(s->out->count, s->out->symbols + 1);
	return r || (s->out->classes && s->out->used) ? r : ksa_fail_nomem(s->build->err);
}

/* What one version says of the releases that have it. own, by name: the last version that exports
 * it, + 1: what a file uses of itself does not count. */
static void add_up(struct stats_reader *s, size_t version, uint32_t *own)
{
	const struct facts *f = s->facts;
	const struct version *v = &s->items[version];
	const struct fact_wanted *w = &s->wanted[version];
	const struct fact_blob *b = &f->blobs[w->record];

	for (uint32_t i = 0; i < b->export_count; i++) {
		const struct fact_export *e = &f->exports[b->exports + i];

		own[e->name] = (uint32_t)version + 1;
		if (!s->symbols[e->name])
			continue;
		for (uint32_t r = v->first; r < v->end; r++)
			if (s->forms[r] & 1u << e->form)
				s->out->classes[r * s->out->symbols + s->symbols[e->name]] |=
					(uint8_t)(1u << e->cls);
	}
	for (uint32_t i = 0; i < b->use_count && w->uses; i++) {
		uint32_t name = f->uses[b->uses + i];

		if (own[name] == version + 1)
			continue;
		for (uint32_t r = v->first; r < v->end; r++) /* symbol 0 is none */
			s->out->used[r * s->out->symbols + s->symbols[name]] = 1;
	}
}

static void take_tree(struct stats_reader *s, size_t release)
{
	const struct fact_tree *t = &s->facts->trees[s->known[release]];
	const size_t first = release * s->out->symbols;

	for (uint32_t i = 0; i < t->symbol_count; i++) {
		const struct fact_symbol *symbol = &s->facts->symbols[t->symbols + i];

		s->out->classes[first + s->symbols[symbol->name]] = symbol->classes;
		s->out->used[first + s->symbols[symbol->name]] = symbol->used;
	}
}

static int keep_tree(struct stats_reader *s, size_t release)
{
	_cleanup_free_ struct fact_symbol *symbols =
		calloc(s->facts->name_count + 1, sizeof(*symbols));
	const size_t first = release * s->out->symbols;
	size_t count = 0;

	if (!symbols)
		return ksa_fail_nomem(s->build->err);
	for (size_t i = 1; i < s->facts->name_count; i++) {
		uint8_t classes = s->symbols[i] ? s->out->classes[first + s->symbols[i]] : 0;

		if (classes)
			symbols[count++] =
				(struct fact_symbol){.name = (uint32_t)i,
						     .classes = classes,
						     .used = s->out->used[first + s->symbols[i]]};
	}
	return facts_add_tree(s->facts, &s->trees[release], symbols, count, s->build->err);
}

static int add_all_up(struct stats_reader *s)
{
	_cleanup_free_ uint32_t *own = calloc(s->facts->name_count + 1, sizeof(*own));
	int r = own ? number_symbols(s) : ksa_fail_nomem(s->build->err);

	for (size_t i = 0; i < s->count && !r; i++) {
		if (s->wanted[i].record == FACTS_NONE)
			s->out->missing++;
		else
			add_up(s, i, own);
	}
	for (size_t i = 0; i < s->out->count && !r; i++) {
		if (s->known[i] != FACTS_NONE)
			take_tree(s, i);
		else if (!s->out->missing)
			r = keep_tree(s, i);
	}
	return r;
}

static void release_reader(struct stats_reader *s)
{
	free(s->trees);
	free(s->known);
	free(s->items);
	free(s->wanted);
	free(s->forms);
	free(s->names);
	free(s->last);
	free(s->symbols);
	facts_free(s->facts);
}

static int read_releases(struct stats_reader *s)
{
	struct ksa_error why = {.code = 0};
	int r = find_releases(s);

	if (!r)
		r = facts_open(s->build->options->cache, s->build->repo, &s->facts, NULL,
			       s->build->err);
	if (!r)
		r = find_trees(s);
	if (!r)
		r = walk_releases(s);
	if (!r)
		r = read_versions(s);
	if (!r)
		r = add_all_up(s);
	if (!r && facts_keep(s->facts, &why))
		r = history_note_index(s->build->history, &why, "the next run starts anew",
				       s->build->err);
	return r;
}

int history_read_releases(struct ksa_history *history, const struct history_options *options,
			  struct history_releases *out, struct ksa_error *err)
{
	struct history_build build = {.history = history, .options = options, .err = err};
	struct stats_reader s = {.build = &build, .out = out};
	int r = repo_open(history->path, &build.repo, err);

	memset(out, 0, sizeof(*out));
	if (!r)
		r = read_releases(&s);
	release_reader(&s);
	repo_free(build.repo);
	return r;
}
