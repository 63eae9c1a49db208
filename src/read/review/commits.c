// SPDX-License-Identifier: GPL-2.0-or-later
/* Commits of a repository as patches: what each does to the files that export. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "base/workers.h"
#include "read/review/commits_internal.h"
#include "read/review/review.h"

static void loader_release(struct loader *l)
{
	review_scanner_release(&l->scanner);
	arena_release(&l->scratch);
	arena_release(&l->forgotten);
	intern_release(&l->paths);
	free(l->notes.items);
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
	r = trees_find(l->trees, &l->commit[l->side], path, &blob, err);
	return r ? r : review_copy_blob(l->handle, &blob, &l->scratch, text, size, err);
}

bool commits_is_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whether the two versions say the same of exports, licenses and namespaces. */
static bool says_the_same(const struct review_side *a, const struct review_side *b)
{
	if (a->export_count != b->export_count || a->imports.count != b->imports.count ||
	    !a->license != !b->license || !commits_is_equal(a->path, b->path))
		return !a->export_count && !b->export_count && !a->imports.count &&
		       !b->imports.count && !a->license == !b->license;
	for (size_t i = 0; i < a->export_count; i++)
		if (strcmp(a->exports[i].name, b->exports[i].name) != 0 ||
		    a->exports[i].cls != b->exports[i].cls ||
		    !commits_is_equal(a->exports[i].ns, b->exports[i].ns))
			return false;
	for (size_t i = 0; i < a->imports.count; i++)
		if (strcmp(a->imports.items[i], b->imports.items[i]) != 0)
			return false;
	return true;
}

int commits_scan_blob(struct loader *l, struct arena *arena, const char *path,
		      const struct object_id *blob, struct review_side *side)
{
	char hex[OBJECT_ID_HEX + 1];
	const char *text;
	size_t size;
	int r;

	*side = (struct review_side){.path = NULL};
	if (object_id_is_zero(blob))
		return 0;
	r = review_copy_blob(l->handle, blob, arena == l->arena ? l->texts : arena, &text, &size,
			     l->err);
	if (r == KSA_ENODATA)
		return ksa_fail(l->err, KSA_ENODATA,
				"a version of '%s' is missing from the repository", path);
	if (!r)
		r = review_whole_side(arena, path, text, size, side, l->err);
	if (!r && arena == l->arena && l->texts != arena) {
		object_id_format(blob, hex, OBJECT_ID_HEX);
		side->blob = arena_strdup(arena, hex);
		if (!side->blob)
			return ksa_fail_nomem(l->err);
	}
	/* The caller's path may go before the commit is kept. */
	if (!r && arena == l->arena)
		side->path = arena_strdup(arena, path);
	if (!r && !side->path)
		return ksa_fail_nomem(l->err);
	return r ? r : review_scan_side(&l->scanner, arena, side, l->err);
}

static int scan_blobs(struct loader *l, struct arena *arena, const struct repo_change *change,
		      struct review_file *out)
{
	int r = 0;

	for (int side = PATCH_OLD; side < PATCH_SIDES && !r; side++)
		r = commits_scan_blob(l, arena, change->path, &change->blob[side],
				      &out->sides[side]);
	return r;
}

int commits_set_namespaces(struct loader *l, struct arena *arena, int which,
			   struct review_side *side)
{
	l->side = which;
	return side->path ? review_default_namespaces(arena, side, read_build, l, l->err) : 0;
}

static int set_namespaces(struct loader *l, struct arena *arena, struct review_file *file)
{
	int r = 0;

	for (int side = PATCH_OLD; side < PATCH_SIDES && !r; side++)
		r = commits_set_namespaces(l, arena, side, &file->sides[side]);
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

int commits_note_version(struct loader *l, const char *path, const struct object_id *blob)
{
	const char *key;
	int r;

	if (object_id_is_zero(blob) || !l->repo->commits.input ||
	    (!review_is_code(path) && !review_is_build_file(path)))
		return 0;
	key = intern_string(&l->paths, path);
	if (!key)
		return ksa_fail_nomem(l->err);
	r = VEC_PUSH_ROOM(&l->notes, l->err);
	if (!r)
		l->notes.items[l->notes.count++] = (struct find_file){.path = key, .blob = *blob};
	return r;
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
			r = review_copy_blob(l->handle, &change->blob[side], &l->scratch,
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
		r = trees_walk(l->trees, &l->commit[PATCH_NEW], dir, d.below, &visitor);
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
		for (int side = PATCH_OLD; side < PATCH_SIDES && !r; side++)
			r = commits_note_version(l, l->changes[i].path, &l->changes[i].blob[side]);
	}
	return r || !l->moves ? r : load_all_moved(l);
}

/* Keep the files of the commit at hand as a patch. Of a range's their texts are left to the tree:
 * both versions of all of them would be gigabytes. */
static int keep_files(struct loader *l, const struct object_id *commit, struct review_patch *out)
{
	static const struct review_piece no_text = {.text = "", .line = 1, .heading = ""};
	struct patch *patch = arena_calloc(l->arena, 1, sizeof(*patch));
	struct review_file *files = arena_calloc(l->arena, l->file_count, sizeof(*files));
	int r = patch && files ? repo_describe(l->handle, commit, l->arena, patch, l->err)
			       : ksa_fail_nomem(l->err);

	for (size_t i = 0; i < l->file_count && !r; i++) {
		files[i] = l->files[i];
		for (int side = PATCH_OLD; side < PATCH_SIDES; side++)
			if (files[i].sides[side].blob)
				files[i].sides[side].pieces = &no_text;
	}
	*out = (struct review_patch){.patch = patch, .files = files, .file_count = l->file_count};
	return r;
}

/* What a commit does against its first parent, or an empty tree. */
static int load_changes(struct loader *l, const struct object_id *commit, struct arena *arena)
{
	struct repo_change *changes;
	int r = repo_changes(l->handle, commit, arena, &changes, &l->change_count, l->err);

	l->changes = changes;
	return r ? r : load_files(l);
}

/* One commit as a patch; *out has no files if it does nothing to exports. merges: of a merge what
 * it did itself. */
static int load_commit(struct loader *l, const struct object_id *commit, bool merges,
		       struct review_patch *out)
{
	struct arena arena = {.blocks = NULL}; /* what goes again */
	struct object_id *parents;
	size_t count;
	int r = repo_parents(l->handle, commit, &arena, &parents, &count, l->err);

	*out = (struct review_patch){.files = NULL};
	l->file_count = 0;
	l->commit[PATCH_NEW] = *commit;
	memset(&l->commit[PATCH_OLD], 0, sizeof(l->commit[PATCH_OLD]));
	if (!r && count)
		l->commit[PATCH_OLD] = parents[0];
	if (!r)
		r = merges && count > 1 ? commits_load_merge(l, commit, parents, count)
					: load_changes(l, commit, &arena);
	if (!r && l->file_count)
		r = keep_files(l, commit, out);
	arena_release(&arena);
	return r;
}

/* What a range does in the end, as one patch. */
static int load_net(struct loader *l, const struct object_id *from, const struct object_id *to,
		    struct review_patch *out)
{
	struct arena arena = {.blocks = NULL};
	struct repo_changes changes;
	int r = repo_compare(l->handle, from, to, &arena, &changes, l->err);

	*out = (struct review_patch){.files = NULL};
	l->file_count = 0;
	l->commit[PATCH_OLD] = *from;
	l->commit[PATCH_NEW] = *to;
	l->changes = changes.items;
	l->change_count = changes.count;
	if (!r)
		r = load_files(l);
	if (!r && l->file_count)
		r = keep_files(l, to, out);
	arena_release(&arena);
	return r;
}

/* A loader's ends; those that it borrows are set by the caller. */
static void loader_init(struct loader *l, const struct review_repo *repo, struct arena *arena)
{
	*l = (struct loader){.repo = repo, .arena = arena, .texts = arena};
	if (repo->commits.input)
		l->texts = &l->forgotten;
	l->paths.arena = arena;
}

/* One commit of a range, as it is read. */
struct loaded {
	struct review_patch patch;
	unsigned int worker;
	size_t note, note_end; /* of the worker's notes */
};

struct range_job {
	struct review_repo *repo;
	const struct object_id *ids;
	size_t count, done;
	bool merges; /* are judged as such */
	struct loaded *loaded;
	struct loader *loaders; /* one a worker */
	unsigned int worker_count;
};

static int start_loader(struct range_job *job, unsigned int worker, struct ksa_error *err)
{
	struct loader *l = &job->loaders[worker];
	int r;

	if (l->handle)
		return 0;
	/* The calling thread has the repository's own. */
	loader_init(l, job->repo, &job->repo->commits.arenas[worker]);
	l->handle = worker ? NULL : job->repo->handle;
	l->trees = worker ? NULL : job->repo->trees;
	r = worker ? repo_open(job->repo->path, &l->handle, err) : 0;
	if (!r && worker)
		l->trees = trees_new(l->handle);
	return r || l->trees ? r : ksa_fail_nomem(err);
}

static int load_one(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct range_job *job = ctx;
	const struct ksa_read_options *options = &job->repo->options;
	struct loader *l = &job->loaders[worker];
	struct loaded *out = &job->loaded[item];
	int r = start_loader(job, worker, err);

	if (r)
		return r;
	if (options->progress)
		options->progress(options->progress_ctx, "commits",
				  __atomic_fetch_add(&job->done, 1, __ATOMIC_RELAXED), job->count);
	l->err = err;
	out->worker = worker;
	out->note = l->notes.count;
	arena_reset(&l->forgotten);
	r = load_commit(l, &job->ids[item], job->merges, &out->patch);
	out->note_end = l->notes.count;
	return r;
}

/* The notes of all workers, in the order of the commits. */
static int gather_notes(struct range_job *job, struct ksa_error *err)
{
	struct find_files *files = &job->repo->commits.files;
	size_t total = files->count;
	int r;

	for (unsigned int w = 0; w < job->worker_count; w++)
		total += job->loaders[w].notes.count;
	r = vec_reserve(&files->items, &files->capacity, total, sizeof(*files->items), err);
	for (size_t i = 0; i < job->count && !r; i++) {
		const struct loaded *l = &job->loaded[i];
		size_t count = l->note_end - l->note;

		if (count)
			memcpy(files->items + files->count,
			       job->loaders[l->worker].notes.items + l->note,
			       count * sizeof(*files->items));
		files->count += count;
	}
	return r;
}

static int gather_patches(const struct range_job *job, struct review_input *input,
			  struct ksa_error *err)
{
	struct review_patch *patches;
	size_t kept = 0;

	for (size_t i = 0; i < job->count; i++)
		kept += job->loaded[i].patch.file_count > 0;
	patches = arena_calloc(&input->arena, kept, sizeof(*patches));
	if (!patches)
		return ksa_fail_nomem(err);
	input->skipped = job->count - kept;
	input->patches = patches;
	for (size_t i = 0; i < job->count; i++)
		if (job->loaded[i].patch.file_count)
			patches[input->patch_count++] = job->loaded[i].patch;
	return 0;
}

static void release_job(struct range_job *job)
{
	for (unsigned int w = 0; w < job->worker_count && job->loaders; w++) {
		loader_release(&job->loaders[w]);
		if (!w)
			continue;
		trees_free(job->loaders[w].trees);
		repo_free(job->loaders[w].handle);
	}
	free(job->loaders);
	free(job->loaded);
}

static int load_all(struct review_repo *repo, struct review_input *input,
		    const struct object_id *ids, size_t count, struct ksa_error *err)
{
	struct range_job job = {.repo = repo,
				.ids = ids,
				.count = count,
				.merges = count > 1 || repo->commits.input,
				.worker_count = count > 1 ? workers_count(repo->options.jobs) : 1};
	int r = 0;

	job.loaded = calloc(count + 1, sizeof(*job.loaded));
	job.loaders = calloc(job.worker_count, sizeof(*job.loaders));
	repo->commits.arenas = calloc(job.worker_count, sizeof(*repo->commits.arenas));
	repo->commits.arena_count = job.worker_count;
	if (!job.loaded || !job.loaders || !repo->commits.arenas)
		r = ksa_fail_nomem(err);
	if (!r)
		r = workers_run(job.worker_count, count, load_one, &job, err);
	if (!r)
		r = gather_notes(&job, err);
	if (!r)
		r = gather_patches(&job, input, err);
	release_job(&job);
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

static int read_net(struct loader *l, struct review_input *input, const struct object_id *from,
		    const struct object_id *to, size_t commits)
{
	struct review_patch *patch = arena_calloc(&input->arena, 1, sizeof(*patch));
	struct patch *words;
	int r = patch ? load_net(l, from, to, patch) : ksa_fail_nomem(l->err);

	input->skipped = commits;
	input->patches = patch;
	if (r || !patch->file_count)
		return r;
	words = arena_calloc(&input->arena, 1, sizeof(*words));
	if (!words)
		return ksa_fail_nomem(l->err);
	*words = (struct patch){.commit = patch->patch->commit,
				.version = 1,
				.title = input->range,
				.subject = input->range,
				.source = input->range};
	patch->patch = words;
	input->patch_count = 1;
	input->skipped -= commits > 0; /* the patch stands for one of them */
	return 0;
}

/* Once the ends of the range are known; from is NULL for one commit. */
static int read_commits(struct review_repo *repo, struct loader *l, struct review_input *input,
			struct object_id *from, const struct object_id *to)
{
	_cleanup_free_ struct object_id *ids = NULL;
	size_t count = 1;
	int r = from ? repo_list(repo->handle, from, to, &ids, &count, l->err) : 0;

	if (r)
		return r;
	if (!from || !input->net)
		return load_all(repo, input, from ? ids : to, count, l->err);
	r = repo_merge_base(repo->handle, from, to, from, l->err);
	if (r == KSA_ENODATA)
		return ksa_fail(l->err, KSA_EUSAGE, "the ends of '%s' have no commit in common",
				input->range);
	return r ? r : read_net(l, input, from, to, count);
}

/* A range without commits, whose ends are not one: they may be in the wrong order. */
static int note_empty(struct review_input *input, const struct object_id *from,
		      const struct object_id *to, struct ksa_error *err)
{
	if (input->net || input->patch_count || input->skipped || object_id_is_equal(from, to))
		return 0;
	return review_input_notice(input, err,
				   "'%s' holds no commit: all of its end is in its start already; "
				   "give B..A if that is the wrong way round",
				   input->range);
}

int review_read_range(struct review_input *input, struct review_repo *repo, const char *range,
		      struct ksa_error *err)
{
	_cleanup_(loader_release) struct loader l;
	struct object_id from, to;
	bool has_from;
	int r = repo_resolve_range(repo->handle, range, &from, &has_from, &to, err);

	loader_init(&l, repo, &input->arena);
	l.handle = repo->handle;
	l.trees = repo->trees;
	l.err = err;
	if (!r)
		r = review_repo_set(repo, &to, end_of(range, has_from), err);
	if (!r)
		r = find_before(repo, has_from ? &from : NULL, &to, err);
	if (r)
		return r;
	input->tree = &repo->tree;
	input->range = range;
	input->scan = review_scan;
	repo->commits.input = has_from && !input->net ? input : NULL;
	object_id_format(&to, repo->commits.end, OBJECT_ID_HEX);
	repo->tree.at = repo->commits.input ? review_repo_at : NULL;
	r = read_commits(repo, &l, input, has_from ? &from : NULL, &to);
	if (!r)
		r = review_index_make(&input->index, input->patches, input->patch_count, err);
	return r || !has_from ? r : note_empty(input, &from, &to, err);
}

int review_read_upstream(struct review_input *input, struct review_repo *repo,
			 struct ksa_error *err)
{
	_cleanup_(loader_release) struct loader l;
	struct review_patch *patches;
	int r = 0;

	loader_init(&l, repo, &input->arena);
	l.texts = &l.forgotten; /* only what they say is compared */
	l.handle = repo->handle;
	l.trees = repo->trees;
	l.err = err;

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
		arena_reset(&l.forgotten);
		r = up ? load_commit(&l, &commit, false, up) : ksa_fail_nomem(err);
		patches[i].upstream = up;
	}
	input->patches = patches;
	return r;
}
