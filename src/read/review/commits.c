// SPDX-License-Identifier: GPL-2.0-or-later
/* Commits of a repository as patches: what each does to the files that export. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/review/git_internal.h"
#include "read/review/review.h"
#include "read/review/scan.h"

/* The read of one commit. */
struct loader {
	struct review_repo *repo;
	struct arena *arena; /* where what is kept goes */
	struct review_scanner scanner;
	struct arena scratch; /* of what may be dropped */
	struct object_id commit[PATCH_SIDES]; /* whose Makefiles count; zero: none */
	const struct repo_change *changes; /* of the commit */
	size_t change_count;
	bool moves; /* it changes default namespaces in Makefiles */
	int side;
	struct review_file *files;
	size_t file_count, file_capacity;
	struct ksa_error *err;
};

static void loader_release(struct loader *l)
{
	review_scanner_release(&l->scanner);
	arena_release(&l->scratch);
	free(l->files);
}

static int read_build(void *ctx, const char *path, const char **text, size_t *size,
		      struct ksa_error *err)
{
	struct loader *l = ctx;
	struct object_id blob;
	int r;

	if (object_id_is_zero(&l->commit[l->side]))
		return KSA_ENODATA;
	r = trees_find(l->repo->trees, &l->commit[l->side], path, &blob, err);
	return r ? r : review_copy_blob(l->repo->handle, &blob, &l->scratch, text, size, err);
}

static bool is_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whether the two versions say the same of exports, licenses and namespaces. */
static bool says_the_same(const struct review_side *a, const struct review_side *b)
{
	if (a->export_count != b->export_count || a->imports.count != b->imports.count ||
	    !a->license != !b->license || !is_equal(a->path, b->path))
		return !a->export_count && !b->export_count && !a->imports.count &&
		       !b->imports.count && !a->license == !b->license;
	for (size_t i = 0; i < a->export_count; i++)
		if (strcmp(a->exports[i].name, b->exports[i].name) != 0 ||
		    a->exports[i].cls != b->exports[i].cls ||
		    !is_equal(a->exports[i].ns, b->exports[i].ns))
			return false;
	for (size_t i = 0; i < a->imports.count; i++)
		if (strcmp(a->imports.items[i], b->imports.items[i]) != 0)
			return false;
	return true;
}

static int scan_blobs(struct loader *l, struct arena *arena, const struct repo_change *change,
		      struct review_file *out)
{
	for (int side = PATCH_OLD; side < PATCH_SIDES; side++) {
		struct review_side *s = &out->sides[side];
		const char *text;
		size_t size;
		int r;

		if (object_id_is_zero(&change->blob[side]))
			continue;
		r = review_copy_blob(l->repo->handle, &change->blob[side], arena, &text, &size,
				     l->err);
		if (r == KSA_ENODATA)
			return ksa_fail(l->err, KSA_ENODATA,
					"a version of '%s' is missing from the repository",
					change->path);
		if (!r)
			r = review_whole_side(arena, change->path, text, size, s, l->err);
		if (!r)
			r = review_scan_side(&l->scanner, arena, s, l->err);
		if (r)
			return r;
	}
	return 0;
}

static int set_namespaces(struct loader *l, struct arena *arena, struct review_file *file)
{
	int r = 0;

	for (l->side = PATCH_OLD; l->side < PATCH_SIDES && !r; l->side++)
		if (file->sides[l->side].path)
			r = review_default_namespaces(arena, &file->sides[l->side], read_build, l,
						      l->err);
	return r;
}

/* Keep the file if it says something else of exports than before. */
static int load_file(struct loader *l, const struct repo_change *change)
{
	struct review_file file = {.file = NULL};
	int r;

	if (!review_is_code(change->path))
		return 0;
	arena_reset(&l->scratch);
	r = scan_blobs(l, &l->scratch, change, &file);
	if (!r && l->moves)
		r = set_namespaces(l, &l->scratch, &file);
	if (r || says_the_same(&file.sides[PATCH_OLD], &file.sides[PATCH_NEW]))
		return r;
	r = vec_reserve(&l->files, &l->file_capacity, l->file_count + 1, sizeof(*l->files), l->err);
	if (r)
		return r;
	/* Once more, into memory that stays: few files come to this. */
	memset(&file, 0, sizeof(file));
	r = scan_blobs(l, l->arena, change, &file);
	if (!r)
		r = set_namespaces(l, l->arena, &file);
	if (!r)
		r = review_add_bodies(l->arena, &file, l->err);
	l->files[l->file_count++] = file;
	return r;
}

/* Both versions are in some tree of the range. */
static int note_change(struct review_repo *repo, const struct repo_change *change,
		       struct ksa_error *err)
{
	struct find_files *files = &repo->commits.files;
	const char *path;

	if (!review_is_code(change->path) && !review_is_build_file(change->path))
		return 0;
	path = intern_string(&repo->commits.paths, change->path);
	if (!path)
		return ksa_fail_nomem(err);
	for (int side = PATCH_OLD; side < PATCH_SIDES; side++) {
		int r = object_id_is_zero(&change->blob[side]) ? 0 : VEC_PUSH_ROOM(files, err);

		if (r)
			return r;
		if (!object_id_is_zero(&change->blob[side]))
			files->items[files->count++] =
				(struct find_file){.path = path, .blob = change->blob[side]};
	}
	return 0;
}

/* What the change of a build file does to default namespaces. */
static int compare_build(struct loader *l, const struct repo_change *change,
			 struct review_defaults *out)
{
	const char *text[PATCH_SIDES] = {NULL, NULL};
	size_t size;
	int r = 0;

	*out = (struct review_defaults){.here = false};
	if (!review_is_build_file(change->path))
		return 0;
	arena_reset(&l->scratch);
	for (int side = PATCH_OLD; side < PATCH_SIDES && !r; side++)
		if (!object_id_is_zero(&change->blob[side]))
			r = review_copy_blob(l->repo->handle, &change->blob[side], &l->scratch,
					     &text[side], &size, l->err);
	if (r == KSA_ENODATA)
		return ksa_fail(l->err, KSA_ENODATA,
				"a version of '%s' is missing from the repository", change->path);
	return r ? r
		 : review_compare_defaults(&l->scratch, text[PATCH_OLD], text[PATCH_NEW], out,
					   l->err);
}

/* A file that a Makefile moves, where the commit does not change the file itself. */
static int load_moved(void *ctx, const char *path, const struct object_id *blob,
		      struct ksa_error *err)
{
	struct loader *l = ctx;
	const char *dot = strrchr(path, '.');
	struct repo_change change = {.blob = {*blob, *blob}};

	if (!dot || strcmp(dot, ".c") != 0)
		return 0;
	for (size_t i = 0; i < l->change_count; i++)
		if (strcmp(l->changes[i].path, path) == 0)
			return 0;
	for (size_t i = 0; i < l->file_count; i++)
		if (strcmp(l->files[i].sides[PATCH_NEW].path ? l->files[i].sides[PATCH_NEW].path
							     : "",
			   path) == 0)
			return 0;
	change.path = arena_strdup(l->arena, path);
	return change.path ? load_file(l, &change) : ksa_fail_nomem(err);
}

/* The files that the Makefiles of the commit move into other namespaces. */
static int load_all_moved(struct loader *l)
{
	const struct trees_visitor visitor = {.visit = load_moved, .ctx = l, .err = l->err};
	int r = 0;

	for (size_t i = 0; i < l->change_count && !r; i++) {
		const char *path = l->changes[i].path, *slash = strrchr(path, '/');
		struct review_defaults d;
		char *dir;

		r = compare_build(l, &l->changes[i], &d);
		if (r || (!d.here && !d.below))
			continue;
		dir = arena_strndup(l->arena, path, slash ? (size_t)(slash - path) : 0);
		if (!dir)
			return ksa_fail_nomem(l->err);
		r = trees_walk(l->repo->trees, &l->commit[PATCH_NEW], dir, d.below, &visitor);
	}
	return r == KSA_ENODATA ? 0 : r;
}

static int load_files(struct loader *l)
{
	int r = 0;

	l->moves = false;
	for (size_t i = 0; i < l->change_count && !l->moves && !r; i++) {
		struct review_defaults d;

		r = compare_build(l, &l->changes[i], &d);
		l->moves = d.here || d.below;
	}
	for (size_t i = 0; i < l->change_count && !r; i++) {
		r = load_file(l, &l->changes[i]);
		if (!r && l->repo->commits.input)
			r = note_change(l->repo, &l->changes[i], l->err);
	}
	return r || !l->moves ? r : load_all_moved(l);
}

/* One commit as a patch; *out has no files if it does nothing to exports. */
static int load_commit(struct loader *l, const struct object_id *commit, struct review_patch *out)
{
	struct arena changes_arena = {.blocks = NULL};
	struct repo_change *changes;
	struct review_file *files = NULL;
	struct patch *patch;
	char hex[OBJECT_ID_HEX + 2];
	int r = repo_changes(l->repo->handle, commit, &changes_arena, &changes, &l->change_count,
			     l->err);

	object_id_format(commit, hex, OBJECT_ID_HEX);
	hex[OBJECT_ID_HEX] = '^';
	hex[OBJECT_ID_HEX + 1] = '\0';
	l->commit[PATCH_NEW] = *commit;
	memset(&l->commit[PATCH_OLD], 0, sizeof(l->commit[PATCH_OLD]));
	/* The first one has no parent. */
	if (repo_resolve(l->repo->handle, hex, &l->commit[PATCH_OLD], NULL))
		memset(&l->commit[PATCH_OLD], 0, sizeof(l->commit[PATCH_OLD]));
	l->file_count = 0;
	l->changes = changes;
	*out = (struct review_patch){.files = NULL};
	if (!r)
		r = load_files(l);
	if (!r && l->file_count) {
		patch = arena_calloc(l->arena, 1, sizeof(*patch));
		files = arena_calloc(l->arena, l->file_count, sizeof(*files));
		r = patch && files ? repo_describe(l->repo->handle, commit, l->arena, patch, l->err)
				   : ksa_fail_nomem(l->err);
		out->patch = patch;
	}
	for (size_t i = 0; i < l->file_count && files && !r; i++) {
		files[i] = l->files[i];
		for (int side = PATCH_OLD; side < PATCH_SIDES; side++)
			if (files[i].sides[side].path) {
				files[i].sides[side].path =
					arena_strdup(l->arena, files[i].sides[side].path);
				if (!files[i].sides[side].path)
					r = ksa_fail_nomem(l->err);
			}
	}
	out->files = files;
	out->file_count = files ? l->file_count : 0;
	arena_release(&changes_arena);
	return r;
}

static int load_all(struct loader *l, struct review_input *input, const struct object_id *ids,
		    size_t count)
{
	struct review_patch *patches = NULL;
	size_t kept = 0, capacity = 0;
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		struct review_patch patch;

		if (l->repo->options.progress)
			l->repo->options.progress(l->repo->options.progress_ctx, "commits", i,
						  count);
		r = load_commit(l, &ids[i], &patch);
		if (r || !patch.file_count)
			continue;
		r = vec_reserve(&patches, &capacity, kept + 1, sizeof(*patches), l->err);
		if (!r)
			patches[kept++] = patch;
	}
	input->skipped = count - kept;
	input->patch_count = kept;
	if (!r && kept) {
		struct review_patch *copy = arena_alloc(&input->arena, kept * sizeof(*patches));

		if (copy)
			memcpy(copy, patches, kept * sizeof(*patches));
		else
			r = ksa_fail_nomem(l->err);
		input->patches = copy;
	}
	free(patches);
	return r;
}

/* What the history is told up to: the range's start, or the parent of the one commit. */
static int find_before(struct review_repo *repo, const struct object_id *from,
		       const struct object_id *to, struct ksa_error *err)
{
	int r = 0;

	if (from)
		repo->past.before = *from;
	else
		r = repo_first_parent(repo->handle, to, &repo->past.before, err);
	object_id_format(&repo->past.before, repo->before, OBJECT_ID_HEX);
	if (r == KSA_ENODATA) {
		repo->past.cache = NULL; /* the first commit has no past */
		repo->before[0] = '\0';
	}
	return r == KSA_ENODATA ? 0 : r;
}

/* What the end of a range is called. */
static const char *end_of(const char *range, bool has_from)
{
	const char *dots = has_from ? strstr(range, "..") : NULL;

	return !dots ? range : dots[2] ? dots + 2 : "HEAD";
}

int review_read_range(struct review_input *input, struct review_repo *repo, const char *range,
		      struct ksa_error *err)
{
	_cleanup_(loader_release) struct loader l = {
		.repo = repo, .arena = &input->arena, .err = err};
	struct object_id from, to, *ids = NULL;
	size_t count = 1, merges = 0;
	bool has_from;
	int r = repo_resolve_range(repo->handle, range, &from, &has_from, &to, err);

	if (!r && has_from)
		r = repo_list(repo->handle, &from, &to, &ids, &count, &merges, err);
	if (!r)
		r = review_repo_set(repo, &to, end_of(range, has_from), err);
	if (!r)
		r = find_before(repo, has_from ? &from : NULL, &to, err);
	input->tree = &repo->tree;
	input->range = range;
	input->scan = review_scan;
	repo->commits.input = has_from ? input : NULL;
	object_id_format(&to, repo->commits.end, OBJECT_ID_HEX);
	repo->commits.paths.arena = &repo->arena;
	repo->tree.at = has_from ? review_repo_at : NULL;
	if (!r)
		r = load_all(&l, input, has_from ? ids : &to, count);
	if (!r && merges)
		r = review_input_notice(input, err,
					"%zu merge%s not looked at: what is changed in a merge "
					"itself is not seen",
					merges, merges == 1 ? " was" : "s were");
	free(ids);
	return r;
}

int review_read_upstream(struct review_input *input, struct review_repo *repo,
			 struct ksa_error *err)
{
	_cleanup_(loader_release) struct loader l = {
		.repo = repo, .arena = &input->arena, .err = err};
	struct review_patch *patches;
	int r = 0;

	patches = arena_calloc(&input->arena, input->patch_count, sizeof(*patches));
	if (!patches)
		return ksa_fail_nomem(err);
	if (input->patch_count)
		memcpy(patches, input->patches, input->patch_count * sizeof(*patches));
	for (size_t i = 0; i < input->patch_count && !r; i++) {
		const char *id = patches[i].patch->upstream;
		struct review_patch *up;
		struct object_id commit;

		if (!id || repo_resolve(repo->handle, id, &commit, NULL))
			continue;
		up = arena_calloc(&input->arena, 1, sizeof(*up));
		r = up ? load_commit(&l, &commit, up) : ksa_fail_nomem(err);
		patches[i].upstream = up;
	}
	input->patches = patches;
	return r;
}
