// SPDX-License-Identifier: GPL-2.0-or-later
/* A repository for a review: the tree that patches lie over, and commits as patches. */
#include "read/review/git.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/index.h"
#include "read/review/review.h"
#include "read/review/find.h"
#include "read/review/scan.h"
#include "read/review/trees.h"

#define SHORT_ID 12 /* digits of a commit in a sentence */
#define MAX_TEXT ((size_t)16 * 1024 * 1024) /* no source file is larger */

#define MAX_KEPT ((size_t)64 * 1024 * 1024) /* bytes of texts, when another commit is gone to */

/* A file that was looked for. */
struct text {
	struct object_id blob; /* zero: it is not there */
	uint64_t visit; /* when that was found out */
	char *data; /* malloc'd, of that blob; NULL: not read */
	size_t size;
};

struct review_repo {
	struct repo *handle;
	struct ksa_read_options options;
	const char *path;
	struct arena arena;
	struct object_id commit; /* of the tree */
	char before[OBJECT_ID_HEX + 1]; /* the last commit that counts, or "" */
	struct {
		const char *cache; /* directory of the history's index, borrowed; NULL: none */
		struct object_id before; /* the last commit that counts */
		struct ksa_history *history; /* NULL: not read */
		bool tried;
	} past;
	struct review_tree tree;
	struct {
		struct text *items;
		size_t count, capacity;
	} texts;
	struct strmap by_path;
	struct trees *trees;
	uint64_t visit; /* counts the commits that it was the tree of */
	size_t kept; /* bytes of texts */
	struct arena read; /* of other blobs: goes when it becomes another commit's tree */
	struct {
		const struct review_input *input; /* whose patches they are; NULL: no range */
		bool visited; /* it was the tree of some */
		struct find_files files; /* what they changed, before and after */
		struct intern paths;
		struct {
			const char **items;
			size_t count, capacity;
		} kconfigs; /* empty: not looked for */
	} commits;
};

int review_repo_open(const char *path, const struct ksa_read_options *options,
		     struct review_repo **out, struct ksa_error *err)
{
	struct review_repo *repo = calloc(1, sizeof(*repo));
	int r;

	*out = NULL;
	if (!repo)
		return ksa_fail_nomem(err);
	repo->options = *options;
	repo->path = arena_strdup(&repo->arena, path);
	r = repo->path ? repo_open(path, &repo->handle, err) : ksa_fail_nomem(err);
	repo->trees = r ? NULL : trees_new(repo->handle);
	if (!r && !repo->trees)
		r = ksa_fail_nomem(err);
	if (r)
		review_repo_free(repo);
	else
		*out = repo;
	return r;
}

void review_repo_use_cache(struct review_repo *repo, const char *dir)
{
	repo->past.cache = dir;
}

/* Texts that were read go; where files are stays. */
static void drop_texts(struct review_repo *repo)
{
	for (size_t i = 0; i < repo->texts.count; i++) {
		free(repo->texts.items[i].data);
		repo->texts.items[i].data = NULL;
	}
	repo->kept = 0;
}

void review_repo_free(struct review_repo *repo)
{
	if (!repo)
		return;
	ksa_history_free(repo->past.history);
	trees_free(repo->trees);
	repo_free(repo->handle);
	drop_texts(repo);
	strmap_release(&repo->by_path);
	free(repo->texts.items);
	free(repo->commits.kconfigs.items);
	free(repo->commits.files.items);
	intern_release(&repo->commits.paths);
	arena_release(&repo->read);
	arena_release(&repo->arena);
	free(repo);
}

/* A blob's bytes, with a NUL behind them. KSA_ENODATA: the repository does not have it. */
static int copy_blob(struct repo *handle, const struct object_id *id, struct arena *arena,
		     const char **text, size_t *size, struct ksa_error *err)
{
	struct repo_object blob = {.data = NULL};
	int r = repo_read(handle, id, REPO_BLOB, &blob, err);

	if (r)
		return r;
	*size = blob.size < MAX_TEXT ? blob.size : MAX_TEXT;
	*text = arena_strndup(arena, *size ? (const char *)blob.data : "", *size);
	repo_object_release(&blob);
	return *text ? 0 : ksa_fail_nomem(err);
}

/* Where a file is in the tree at hand. */
static int find_text(struct review_repo *repo, const char *path, struct text **out,
		     struct ksa_error *err)
{
	uint32_t at = (uint32_t)repo->texts.count;
	struct object_id blob = {{0}};
	struct text *t;
	int r;

	if (!strmap_get(&repo->by_path, path, &at)) {
		const char *key = arena_strdup(&repo->arena, path);

		if (!key || VEC_PUSH_ROOM(&repo->texts, err) ||
		    strmap_add(&repo->by_path, key, &at, NULL) < 0)
			return ksa_fail_nomem(err);
		repo->texts.items[repo->texts.count++] = (struct text){.data = NULL};
	}
	*out = t = &repo->texts.items[at];
	if (t->visit == repo->visit)
		return 0;
	r = trees_find(repo->trees, &repo->commit, path, &blob, err);
	if (r && r != KSA_ENODATA)
		return r;
	if (!object_id_is_equal(&blob, &t->blob)) {
		repo->kept -= t->data ? t->size : 0;
		free(t->data);
		t->data = NULL;
	}
	t->blob = blob;
	t->visit = repo->visit;
	return 0;
}

static int read_text(struct review_repo *repo, struct text *t, struct ksa_error *err)
{
	struct repo_object blob = {.data = NULL};
	int r = repo_read(repo->handle, &t->blob, REPO_BLOB, &blob, err);

	if (r)
		return r;
	t->size = blob.size < MAX_TEXT ? blob.size : MAX_TEXT;
	t->data = malloc(t->size + 1);
	if (t->data) {
		memcpy(t->data, blob.size ? (const char *)blob.data : "", t->size);
		t->data[t->size] = '\0';
		repo->kept += t->size;
	}
	repo_object_release(&blob);
	return t->data ? 0 : ksa_fail_nomem(err);
}

static int tree_read(void *ctx, const char *path, const char **text, size_t *size,
		     struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	struct text *t;
	int r = find_text(repo, path, &t, err);

	if (!r && object_id_is_zero(&t->blob))
		r = KSA_ENODATA;
	if (!r && !t->data)
		r = read_text(repo, t, err);
	if (r == KSA_ENODATA)
		return ksa_fail(err, KSA_ENODATA, "'%s' is not there", path);
	if (r)
		return r;
	*text = t->data;
	*size = t->size;
	return 0;
}

static int tree_version(void *ctx, const char *path, uint64_t *version)
{
	struct text *t;
	int r = find_text(ctx, path, &t, NULL);

	if (r || object_id_is_zero(&t->blob))
		return r ? r : KSA_ENODATA;
	memcpy(version, t->blob.bytes, sizeof(*version));
	return 0;
}

static int tree_read_blob(void *ctx, const char *id, const char **text, size_t *size,
			  struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	struct object_id blob;
	int r = repo_find_blob(repo->handle, id, &blob, err);

	return r ? r : copy_blob(repo->handle, &blob, &repo->read, text, size, err);
}

static int tree_mentions(void *ctx, const struct review_name *names, size_t count,
			 int (*found)(void *found_ctx, size_t name, const char *path, bool exported,
				      struct ksa_error *err),
			 void *found_ctx, struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	struct find_target target = {.path = repo->path,
				     .repo = repo->handle,
				     .commit = &repo->commit,
				     .more = repo->commits.visited ? &repo->commits.files : NULL,
				     .arena = &repo->arena,
				     .options = &repo->options};
	int r = find_mentions(&target, names, count, found, found_ctx, err);

	repo->tree.missing = target.missing;
	return r;
}

static int add_kconfig(void *ctx, const char *path, const struct object_id *blob,
		       struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	const char *base = strrchr(path, '/'), *copy;

	(void)blob;
	if (strncmp(base ? base + 1 : path, "Kconfig", 7) != 0)
		return 0;
	copy = arena_strdup(&repo->arena, path);
	return copy ? vec_add_text(&repo->commits.kconfigs.items, &repo->commits.kconfigs.count,
				   &repo->commits.kconfigs.capacity, copy, err)
		    : ksa_fail_nomem(err);
}

static int compare_texts(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The tree's, and those of the other commits. */
static int find_kconfigs(struct review_repo *repo, struct ksa_error *err)
{
	const struct find_files *files = &repo->commits.files;
	size_t missing, count, kept = 0;
	const char **items;
	int r = repo_walk(repo->handle, &repo->commit, add_kconfig, repo, &missing, err);

	for (size_t i = 0; i < files->count && !r; i++)
		r = add_kconfig(repo, files->items[i].path, NULL, err);
	items = repo->commits.kconfigs.items;
	count = repo->commits.kconfigs.count;
	if (count)
		qsort(items, count, sizeof(*items), compare_texts);
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(items[i], items[kept - 1]) != 0)
			items[kept++] = items[i];
	repo->commits.kconfigs.count = kept;
	return r;
}

static int tree_kconfigs(void *ctx,
			 int (*found)(void *found_ctx, const char *path, struct ksa_error *err),
			 void *found_ctx, struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	int r = repo->commits.kconfigs.count ? 0 : find_kconfigs(repo, err);

	for (size_t i = 0; i < repo->commits.kconfigs.count && !r; i++)
		r = found(found_ctx, repo->commits.kconfigs.items[i], err);
	return r;
}

/* Only from the cache: a history is not read for a few questions, which would take minutes. */
static int tree_history(void *ctx, const struct ksa_history **out, struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	char hex[OBJECT_ID_HEX + 1];
	const struct history_options options = {
		.until = hex, .cache = repo->past.cache, .cached_only = true};
	int r = 0;

	if (repo->past.cache && !repo->past.tried) {
		repo->past.tried = true;
		object_id_format(&repo->past.before, hex, OBJECT_ID_HEX);
		r = history_read(repo->path, &options, &repo->past.history, err);
	}
	*out = repo->past.history;
	return r == KSA_ENODATA ? 0 : r;
}

/* What was read of another commit's tree goes. */
static void set_commit(struct review_repo *repo, const struct object_id *commit)
{
	repo->commit = *commit;
	repo->visit++;
	if (repo->kept > MAX_KEPT)
		drop_texts(repo);
	arena_reset(&repo->read);
}

static int tree_at(void *ctx, size_t patch, struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	const struct review_input *in = repo->commits.input;
	const char *hex = in->patches[patch].patch->commit;
	struct object_id commit;
	int r = repo_resolve(repo->handle, hex, &commit, err);

	repo->commits.visited = true;
	if (r || object_id_is_equal(&commit, &repo->commit))
		return r;
	set_commit(repo, &commit);
	repo->tree.name = arena_strndup(&repo->arena, hex, SHORT_ID);
	return repo->tree.name ? 0 : ksa_fail_nomem(err);
}

static int set_tree(struct review_repo *repo, const struct object_id *commit, const char *name,
		    struct ksa_error *err)
{
	set_commit(repo, commit);
	repo->past.before = repo->commit;
	object_id_format(&repo->past.before, repo->before, OBJECT_ID_HEX);
	repo->tree = (struct review_tree){.ctx = repo,
					  .name = arena_strdup(&repo->arena, name),
					  .read = tree_read,
					  .read_blob = tree_read_blob,
					  .mentions = tree_mentions,
					  .history = tree_history,
					  .version = tree_version,
					  .kconfigs = tree_kconfigs};
	return repo->tree.name ? 0 : ksa_fail_nomem(err);
}

int review_repo_tree(struct review_repo *repo, const char *rev, const struct review_tree **tree,
		     struct ksa_error *err)
{
	struct object_id commit;
	int r = repo_resolve(repo->handle, rev, &commit, err);

	if (!r)
		r = set_tree(repo, &commit, rev, err);
	*tree = &repo->tree;
	return r;
}

/* The read of one commit. */
struct loader {
	struct review_repo *repo;
	struct arena *arena; /* where what is kept goes */
	struct review_scanner scanner;
	struct arena scratch; /* of what may be dropped */
	struct object_id commit[PATCH_SIDES]; /* whose Makefiles count; zero: none */
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
	r = repo_find_path(l->repo->handle, &l->commit[l->side], path, &blob, err);
	return r ? r : copy_blob(l->repo->handle, &blob, l->arena, text, size, err);
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
		r = copy_blob(l->repo->handle, &change->blob[side], arena, &text, &size, l->err);
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

/* Keep the file if it says something else of exports than before. */
static int load_file(struct loader *l, const struct repo_change *change)
{
	struct review_file file = {.file = NULL};
	int r;

	if (!review_is_code(change->path))
		return 0;
	arena_reset(&l->scratch);
	r = scan_blobs(l, &l->scratch, change, &file);
	if (r || says_the_same(&file.sides[PATCH_OLD], &file.sides[PATCH_NEW]))
		return r;
	r = vec_reserve(&l->files, &l->file_capacity, l->file_count + 1, sizeof(*l->files), l->err);
	if (r)
		return r;
	/* Once more, into memory that stays: few files come to this. */
	memset(&file, 0, sizeof(file));
	r = scan_blobs(l, l->arena, change, &file);
	for (l->side = PATCH_OLD; l->side < PATCH_SIDES && !r; l->side++)
		if (file.sides[l->side].path)
			r = review_default_namespaces(l->arena, &file.sides[l->side], read_build, l,
						      l->err);
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

static int load_files(struct loader *l, const struct repo_change *changes, size_t count)
{
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		r = load_file(l, &changes[i]);
		if (!r && l->repo->commits.input)
			r = note_change(l->repo, &changes[i], l->err);
	}
	return r;
}

/* One commit as a patch; *out has no files if it does nothing to exports. */
static int load_commit(struct loader *l, const struct object_id *commit, struct review_patch *out)
{
	struct arena changes_arena = {.blocks = NULL};
	struct repo_change *changes;
	struct review_file *files = NULL;
	struct patch *patch;
	char hex[OBJECT_ID_HEX + 2];
	size_t count;
	int r = repo_changes(l->repo->handle, commit, &changes_arena, &changes, &count, l->err);

	object_id_format(commit, hex, OBJECT_ID_HEX);
	hex[OBJECT_ID_HEX] = '^';
	hex[OBJECT_ID_HEX + 1] = '\0';
	l->commit[PATCH_NEW] = *commit;
	memset(&l->commit[PATCH_OLD], 0, sizeof(l->commit[PATCH_OLD]));
	/* The first one has no parent. */
	if (repo_resolve(l->repo->handle, hex, &l->commit[PATCH_OLD], NULL))
		memset(&l->commit[PATCH_OLD], 0, sizeof(l->commit[PATCH_OLD]));
	l->file_count = 0;
	*out = (struct review_patch){.files = NULL};
	if (!r)
		r = load_files(l, changes, count);
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
		r = set_tree(repo, &to, end_of(range, has_from), err);
	if (!r)
		r = find_before(repo, has_from ? &from : NULL, &to, err);
	input->tree = &repo->tree;
	input->range = range;
	input->scan = review_scan;
	repo->commits.input = has_from ? input : NULL;
	repo->commits.paths.arena = &repo->arena;
	repo->tree.at = has_from ? tree_at : NULL;
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

const char *review_repo_before(const struct review_repo *repo)
{
	return *repo->before ? repo->before : NULL;
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
