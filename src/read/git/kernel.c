// SPDX-License-Identifier: GPL-2.0-or-later
/* REPO@REV as a kernel: what the sources of a revision export, file by file. */
#include "read/git/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/build_internal.h"
#include "read/git/headers.h"
#include "read/git/settle.h"
#include "read/git/users.h"
#include "read/source/dirs.h"

struct tree_reader {
	struct ksa_kernel *kernel;
	const struct ksa_read_options *options;
	struct repo *repo;
	const char *path; /* of the repository */
	struct arena arena;
	struct {
		struct fact_wanted *items;
		size_t count, capacity;
	} files;
	struct facts *facts;
	struct source_files sources; /* what each of files says */
	struct source_symbols symbols;
	struct source_dirs dirs;
	struct source_users users; /* if they were asked for */
	struct git_headers headers; /* the same */
};

/* A Makefile that sets no namespace needs no second look. */
static bool is_silent(const struct tree_reader *t, const char *path, const struct object_id *blob)
{
	return facts_find_blob(t->facts, blob, facts_where(path, false)) != FACTS_NONE;
}

static int keep_silent(struct tree_reader *t, const char *path, const struct object_id *blob,
		       const struct repo_object *object, struct ksa_error *err)
{
	uint32_t index;
	bool is_new;
	int r;

	if (source_dirs_speaks(object->data, object->size))
		return 0;
	r = facts_add_blob(t->facts, blob, facts_where(path, false), &index, &is_new, err);
	t->facts->changed |= is_new;
	return r;
}

static int read_makefile(struct tree_reader *t, const char *path, const struct object_id *blob,
			 struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object object = {.data = NULL};
	const bool top = strcmp(path, "Makefile") == 0;
	int r;

	if (!top && is_silent(t, path, blob))
		return 0;
	r = repo_read(t->repo, blob, REPO_BLOB, &object, err);
	if (r == KSA_ENODATA)
		return kernel_add_notice(
			t->kernel, err,
			"%s is missing from the repository: a namespace that it sets "
			"is not known",
			path);
	if (!r && top) {
		_cleanup_free_ char *release = source_release(object.data, object.size);

		if (release)
			r = kernel_set_release(t->kernel, release, path, err);
	}
	if (!r)
		r = keep_silent(t, path, blob, &object, err);
	return r ? r : source_dirs_add(&t->dirs, path, object.data, object.size, err);
}

static int visit(void *ctx, const char *path, const struct object_id *blob, struct ksa_error *err)
{
	struct tree_reader *t = ctx;
	struct fact_wanted *file;
	int r = t->options->helpers ? git_headers_add(&t->headers, path, blob, err) : 0;

	if (r)
		return r;
	if (source_is_makefile(path))
		return read_makefile(t, path, blob, err);
	if (!build_wants_path(path) && !(t->options->users && users_wants_path(path)))
		return 0;
	r = VEC_PUSH_ROOM(&t->files, err);
	if (r)
		return r;
	file = &t->files.items[t->files.count++];
	*file = (struct fact_wanted){.path = arena_strdup(&t->arena, path),
				     .blob = *blob,
				     .exports = build_wants_path(path),
				     .uses = t->options->users && users_count_path(path)};
	return file->path ? 0 : ksa_fail_nomem(err);
}

/* A file that uses an export counts as a module that imports it. */
static void give_users(const struct tree_reader *t, uint32_t name, struct ksa_export *e)
{
	if (!t->users.files)
		return;
	e->importers = t->users.files + t->users.first[name];
	e->importer_count = (uint32_t)(t->users.first[name + 1] - t->users.first[name]);
}

static int find_users(struct tree_reader *t, struct ksa_error *err)
{
	struct ksa_kernel *kernel = t->kernel;
	int r = source_users_find(t->facts, t->files.items, &t->symbols, t->files.count, &t->users,
				  err);

	for (size_t i = 0; i < t->files.count && !r; i++) {
		const struct kernel_module user = {.name = t->files.items[i].path, .in_tree = true};

		if (t->users.is_user[i])
			r = kernel_add_module(kernel, &user, err);
	}
	kernel->has_imports = true;
	return r;
}

static int give_file(struct tree_reader *t, size_t number, uint32_t source, struct ksa_error *err)
{
	const struct source_file *file = &t->sources.items[number];
	int r = 0;

	for (size_t i = 0; i < file->export_count && !r; i++) {
		const struct source_export *e = &file->exports[i];
		struct ksa_export init = {
			.name = e->name,
			.owner = file->path,
			.ns = e->ns,
			.cls = e->cls,
			.kind = e->kind,
			.ns_known = true,
			.source = source,
		};

		if (e->default_ns && !init.ns)
			init.ns = source_dirs_find(&t->dirs, file->path);
		if (init.ns && !e->ns && e->late_ns)
			init.ns = e->late_ns;
		give_users(t, t->symbols.names[t->symbols.first[number] + i], &init);
		r = kernel_add_export(t->kernel, &init, err);
	}
	return r;
}

/* Files that should be there: a kernel that may lack exports must not look whole. A clone made
 * without files lacks nearly all of them: they are one line. */
static int add_missing(const struct tree_reader *t, struct ksa_error *err)
{
	const struct fact_wanted *first = NULL;
	char hex[OBJECT_ID_HEX + 1], why[OBJECT_ID_HEX + 96];
	size_t count = 0;

	for (size_t i = t->files.count; i-- > 0;) {
		if (t->files.items[i].record != FACTS_NONE)
			continue;
		first = &t->files.items[i];
		count++;
	}
	if (!first)
		return 0;
	object_id_format(&first->blob, hex, OBJECT_ID_HEX);
	if (count == 1)
		snprintf(why, sizeof(why), "is missing from the repository (blob %s)", hex);
	else
		snprintf(why, sizeof(why), "is missing from the repository (blob %s), %zu more too",
			 hex, count - 1);
	return kernel_add_gap(t->kernel, first->path, why, err);
}

/* Say what the sources do not tell, and what the repository does not have. */
static int say_missing(const struct tree_reader *t, size_t missing_trees, struct ksa_error *err)
{
	struct ksa_kernel *kernel = t->kernel;
	const struct fact_wanted *first_gap = NULL;
	const char *what = t->options->users ? "exported or used" : "exported";
	size_t gaps = 0;
	int r = 0;

	for (size_t i = t->files.count; i-- > 0;) {
		const struct fact_wanted *file = &t->files.items[i];
		size_t count = t->sources.items[i].gap_count;

		gaps += count;
		first_gap = count ? file : first_gap;
	}
	if (gaps)
		r = kernel_add_notice(
			kernel, err,
			"not in source: what %zu macro call%s export%s, by names from "
			"what they include, or that the build makes (first in %s)",
			gaps, gaps == 1 ? "" : "s", gaps == 1 ? "s" : "", first_gap->path);
	if (!r)
		r = add_missing(t, err);
	if (!r && missing_trees)
		r = kernel_add_notice(
			kernel, err,
			"missing from the repository: %zu director%s; what is %s below is not "
			"known",
			missing_trees, missing_trees == 1 ? "y" : "ies", what);
	return r;
}

static void release_reader(struct tree_reader *t)
{
	free(t->files.items);
	free(t->sources.items);
	source_symbols_release(&t->symbols);
	source_users_release(&t->users);
	git_headers_release(&t->headers);
	source_dirs_release(&t->dirs);
	facts_free(t->facts);
	arena_release(&t->arena);
	repo_free(t->repo);
}

static int note_index(struct ksa_kernel *kernel, const struct ksa_error *why, const char *effect,
		      struct ksa_error *err)
{
	if (!why->code || kernel->index_note)
		return 0;
	kernel->index_note = arena_printf(&kernel->arena, "%s%s%s; %s", why->source,
					  *why->source ? ": " : "", why->text, effect);
	return kernel->index_note ? 0 : ksa_fail_nomem(err);
}

/* What a record says, as source_scan would. */
static int recall_file(struct tree_reader *t, const struct fact_wanted *w, struct source_file *out)
{
	const struct facts *f = t->facts;
	const struct fact_blob *b = &f->blobs[w->record];

	*out = (struct source_file){.path = w->path, .blob = w->blob};
	if (w->record == FACTS_NONE)
		return 0;
	out->gap_count = b->gaps;
	out->exports = arena_calloc(&t->arena, b->export_count, sizeof(*out->exports));
	out->needs.items = arena_calloc(&t->arena, b->need_count, sizeof(*out->needs.items));
	out->definitions = arena_calloc(&t->arena, b->definition_count, sizeof(*out->definitions));
	if (!out->exports || !out->needs.items || !out->definitions)
		return KSA_ENOMEM;
	for (; out->export_count < b->export_count; out->export_count++) {
		const struct fact_export *e = &f->exports[b->exports + out->export_count];

		out->exports[out->export_count] =
			(struct source_export){.name = f->names[e->name],
					       .ns = e->ns ? f->names[e->ns] : NULL,
					       .late_ns = e->late_ns ? f->names[e->late_ns] : NULL,
					       .cls = e->cls,
					       .kind = e->kind,
					       .default_ns = e->default_ns,
					       .form = e->form};
	}
	for (; out->needs.count < b->need_count; out->needs.count++)
		out->needs.items[out->needs.count] =
			f->names[f->words[b->needs + out->needs.count]];
	for (; out->definition_count < b->definition_count; out->definition_count++) {
		const uint32_t *at = f->words + b->definitions + 2 * out->definition_count;

		out->definitions[out->definition_count] =
			(struct source_defined){f->names[at[0]], f->names[at[1]]};
	}
	return 0;
}

static int recall_files(struct tree_reader *t, struct ksa_error *err)
{
	int r = 0;

	t->sources.items = calloc(t->files.count + 1, sizeof(*t->sources.items));
	if (!t->sources.items)
		return ksa_fail_nomem(err);
	for (; t->sources.count < t->files.count && !r; t->sources.count++)
		r = recall_file(t, &t->files.items[t->sources.count],
				&t->sources.items[t->sources.count]);
	return r ? ksa_fail_nomem(err) : 0;
}

/* What its files say, from the index as far as that has it. */
static int read_facts(struct tree_reader *t, struct ksa_error *err)
{
	struct facts_question question = {
		.repository = t->path, .options = t->options, .what = "files read"};
	struct ksa_error why = {.code = 0};
	int r = facts_read(t->facts, &question, t->files.items, t->files.count, err);

	if (!r)
		r = recall_files(t, err);
	if (!r)
		r = source_files_settle(t->repo, &t->sources, &t->arena, err);
	if (!r)
		r = source_symbols_make(&t->symbols, t->facts, &t->sources, err);
	question.what = "files read for users";
	question.names = t->symbols.exported;
	question.name_count = t->symbols.name_count;
	if (!r && t->options->users)
		r = facts_search(t->facts, &question, t->files.items, t->files.count, err);
	if (r)
		return r;
	facts_keep(t->facts, &why);
	return note_index(t->kernel, &why, "the next run starts anew", err);
}

static int open_facts(struct tree_reader *t, struct ksa_error *err)
{
	struct ksa_error why = {.code = 0};
	int r = facts_open(t->options->cache_dir, t->repo, &t->facts, &why, err);

	if (r || why.code != KSA_EUSAGE)
		return r;
	return note_index(t->kernel, &why, "the index there is not used", err);
}

static int read_tree(struct tree_reader *t, const char *rev, struct ksa_error *err)
{
	struct ksa_kernel *kernel = t->kernel;
	struct object_id tree;
	size_t missing_trees = 0;
	uint32_t source = 0;
	int r = repo_open(t->path, &t->repo, err);

	if (!r)
		r = repo_resolve_tree(t->repo, rev, &tree, err);
	if (!r)
		r = open_facts(t, err);
	if (!r)
		r = repo_walk_tree(t->repo, &tree, visit, t, &missing_trees, err);
	if (!r)
		r = kernel_add_source(kernel, kernel->spec, SOURCE_TEXT, &source, err);
	if (!r)
		r = read_facts(t, err);
	if (!r && t->options->users)
		r = find_users(t, err);
	for (size_t i = 0; i < t->files.count && !r; i++)
		r = give_file(t, i, source, err);
	if (!r)
		r = say_missing(t, missing_trees, err);
	/* All that the sources have, for any configuration: nothing of it was left unread. */
	kernel->from_source = kernel->has_image = kernel->has_modules = true;
	return r;
}

bool git_kernel_is_spec(const char *spec)
{
	const char *at = strrchr(spec, '@');

	return at && at != spec;
}

int git_kernel_read(struct ksa_kernel *kernel, const struct ksa_read_options *options,
		    const char *spec, struct ksa_error *err)
{
	const char *at = strrchr(spec, '@');
	_cleanup_free_ char *path = strndup(spec, (size_t)(at - spec));
	struct tree_reader t = {.kernel = kernel, .options = options, .path = path};
	int r;

	if (!path)
		return ksa_fail_nomem(err);
	r = read_tree(&t, at + 1, err);
	if (!r && strcmp(kernel->spec, spec) == 0) {
		kernel->label = kernel_string(kernel, at + 1);
		if (!kernel->label)
			r = ksa_fail_nomem(err);
	}
	if (!r)
		r = git_headers_read(&t.headers, kernel, path, options, err);
	release_reader(&t);
	return r;
}
