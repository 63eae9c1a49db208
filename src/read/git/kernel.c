// SPDX-License-Identifier: GPL-2.0-or-later
/* REPO@REV as a kernel: what the sources of a revision export, file by file. */
#include "read/git/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/git/build_internal.h"
#include "read/git/headers.h"
#include "read/git/settle.h"
#include "read/git/users.h"
#include "read/source/source.h"
#include "read/source/dirs.h"

struct tree_worker {
	struct repo *repo;
	struct source_scan scan;
	struct arena arena;
};

struct tree_reader {
	struct ksa_kernel *kernel;
	const struct ksa_read_options *options;
	struct repo *repo;
	const char *path; /* of the repository */
	struct arena arena;
	struct source_files files;
	struct source_dirs dirs;
	struct source_users users; /* if they were asked for */
	struct git_headers headers; /* the same */
	struct tree_worker *workers;
	size_t done;
};

static int read_makefile(struct tree_reader *t, const char *path, const struct object_id *blob,
			 struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object object = {.data = NULL};
	int r = repo_read(t->repo, blob, REPO_BLOB, &object, err);

	if (r == KSA_ENODATA)
		return kernel_add_notice(
			t->kernel, err,
			"%s is missing from the repository: a namespace that it sets "
			"is not known",
			path);
	if (!r && strcmp(path, "Makefile") == 0) {
		_cleanup_free_ char *release = source_release(object.data, object.size);

		if (release)
			r = kernel_set_release(t->kernel, release, path, err);
	}
	return r ? r : source_dirs_add(&t->dirs, path, object.data, object.size, err);
}

static int visit(void *ctx, const char *path, const struct object_id *blob, struct ksa_error *err)
{
	struct tree_reader *t = ctx;
	struct source_files *files = &t->files;
	int r = t->options->helpers ? git_headers_add(&t->headers, path, blob, err) : 0;

	if (r)
		return r;
	if (source_is_makefile(path))
		return read_makefile(t, path, blob, err);
	if (!build_wants_path(path) && !(t->options->users && users_wants_path(path)))
		return 0;
	r = VEC_PUSH_ROOM(files, err);
	if (r)
		return r;
	files->items[files->count] =
		(struct source_file){.path = arena_strdup(&t->arena, path), .blob = *blob};
	return files->items[files->count++].path ? 0 : ksa_fail_nomem(err);
}

static int read_one(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	_cleanup_(repo_object_release) struct repo_object blob = {.data = NULL};
	struct tree_reader *t = ctx;
	struct tree_worker *w = &t->workers[worker];
	struct source_file *file = &t->files.items[item];
	const struct ksa_read_options *options = t->options;
	int r = 0;

	if (!w->repo)
		r = repo_open(t->path, &w->repo, err);
	if (!r)
		r = repo_read(w->repo, &file->blob, REPO_BLOB, &blob, err);
	if (options->progress)
		options->progress(options->progress_ctx, "files read",
				  __atomic_add_fetch(&t->done, 1, __ATOMIC_RELAXED),
				  t->files.count);
	if (r == KSA_ENODATA) {
		file->missing = true;
		return 0;
	}
	if (r || !build_wants_path(file->path) ||
	    !source_may_export(file->path, blob.data, blob.size))
		return r;
	r = source_scan(&w->scan, file->path, blob.data, blob.size, err);
	return r ? r : source_file_keep(file, &w->scan, &w->arena, err);
}

/* A file that uses an export counts as a module that imports it. */
static void give_users(const struct tree_reader *t, struct ksa_export *e)
{
	uint32_t number;

	if (!t->users.files || !strmap_get(&t->users.names, e->name, &number))
		return;
	e->importers = t->users.files + t->users.first[number];
	e->importer_count = (uint32_t)(t->users.first[number + 1] - t->users.first[number]);
}

static int read_users(struct tree_reader *t, struct ksa_error *err)
{
	struct ksa_kernel *kernel = t->kernel;
	int r = source_users_find(t->path, &t->files, t->options, &t->users, err);

	for (size_t i = 0; i < t->files.count && !r; i++) {
		const struct kernel_module user = {.name = t->files.items[i].path, .in_tree = true};

		if (t->files.items[i].is_user)
			r = kernel_add_module(kernel, &user, err);
	}
	kernel->has_imports = true;
	return r;
}

static int give_file(struct tree_reader *t, const struct source_file *file, uint32_t source,
		     struct ksa_error *err)
{
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
		give_users(t, &init);
		r = kernel_add_export(t->kernel, &init, err);
	}
	return r;
}

/* Say what the sources do not tell, and what the repository does not have. */
static int say_missing(const struct tree_reader *t, size_t missing_trees, struct ksa_error *err)
{
	struct ksa_kernel *kernel = t->kernel;
	const struct source_file *first_gap = NULL, *first_missing = NULL;
	const char *what = t->options->users ? "exported or used" : "exported";
	size_t gaps = 0, missing = 0;
	int r = 0;

	for (size_t i = t->files.count; i-- > 0;) {
		const struct source_file *file = &t->files.items[i];

		gaps += file->gap_count;
		missing += file->missing;
		first_gap = file->gap_count ? file : first_gap;
		first_missing = file->missing ? file : first_missing;
	}
	if (gaps)
		r = kernel_add_notice(
			kernel, err,
			"not in source: the names of %zu export%s, which macros paste "
			"from what they include (first in %s)",
			gaps, gaps == 1 ? "" : "s", first_gap->path);
	if (!r && missing)
		r = kernel_add_notice(
			kernel, err,
			"missing from the repository: %zu file%s; what is %s there is not "
			"known (first: %s)",
			missing, missing == 1 ? "" : "s", what, first_missing->path);
	if (!r && missing_trees)
		r = kernel_add_notice(
			kernel, err,
			"missing from the repository: %zu director%s; what is %s below is not "
			"known",
			missing_trees, missing_trees == 1 ? "y" : "ies", what);
	return r;
}

static void release_reader(struct tree_reader *t, unsigned int workers)
{
	for (unsigned int i = 0; t->workers && i < workers; i++) {
		repo_free(t->workers[i].repo);
		source_scan_release(&t->workers[i].scan);
		arena_release(&t->workers[i].arena);
	}
	free(t->workers);
	free(t->files.items);
	source_users_release(&t->users);
	git_headers_release(&t->headers);
	source_dirs_release(&t->dirs);
	arena_release(&t->arena);
	repo_free(t->repo);
}

static int read_tree(struct tree_reader *t, const char *rev, unsigned int workers,
		     struct ksa_error *err)
{
	struct ksa_kernel *kernel = t->kernel;
	struct object_id tree;
	size_t missing_trees = 0;
	uint32_t source = 0;
	int r = repo_open(t->path, &t->repo, err);

	if (!r)
		r = repo_resolve_tree(t->repo, rev, &tree, err);
	if (!r)
		r = repo_walk_tree(t->repo, &tree, visit, t, &missing_trees, err);
	if (!r)
		r = kernel_add_source(kernel, kernel->spec, SOURCE_TEXT, &source, err);
	t->workers = calloc(workers, sizeof(*t->workers));
	if (!r && !t->workers)
		r = ksa_fail_nomem(err);
	if (!r)
		r = workers_run(workers, t->files.count, read_one, t, err);
	if (!r)
		r = source_files_settle(t->repo, &t->files, &t->arena, err);
	if (!r && t->options->users)
		r = read_users(t, err);
	for (size_t i = 0; i < t->files.count && !r; i++)
		r = give_file(t, &t->files.items[i], source, err);
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
	unsigned int workers = workers_count(options->jobs);
	struct tree_reader t = {.kernel = kernel, .options = options, .path = path};
	int r;

	if (!path)
		return ksa_fail_nomem(err);
	r = read_tree(&t, at + 1, workers, err);
	if (!r && strcmp(kernel->spec, spec) == 0) {
		kernel->label = kernel_string(kernel, at + 1);
		if (!kernel->label)
			r = ksa_fail_nomem(err);
	}
	if (!r)
		r = git_headers_read(&t.headers, kernel, path, options, err);
	release_reader(&t, workers);
	return r;
}
