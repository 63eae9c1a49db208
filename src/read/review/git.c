// SPDX-License-Identifier: GPL-2.0-or-later
/* A repository for a review: the tree that patches lie over, and commits as patches. */
#include "read/review/git.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/index.h"
#include "read/review/git_internal.h"
#include "read/review/review.h"
#include "read/review/scan.h"

#define SHORT_ID 12 /* digits of a commit in a sentence */
#define MAX_TEXT ((size_t)16 * 1024 * 1024) /* no source file is larger */
#define MAX_KEPT ((size_t)64 * 1024 * 1024) /* bytes of texts, when another commit is gone to */

int review_repo_open(const char *path, const struct ksa_read_options *options,
		     struct review_repo **out, struct ksa_error *err)
{
	struct review_repo *repo = calloc(1, sizeof(*repo));
	int r;

	*out = NULL;
	if (!repo)
		return ksa_fail_nomem(err);
	repo->options = *options;
	repo->parent = repo;
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
	paths_release(&repo->kconfigs);
	free(repo->commits.kconfigs.items);
	free(repo->commits.files.items);
	for (unsigned int i = 0; i < repo->commits.arena_count && repo->commits.arenas; i++)
		arena_release(&repo->commits.arenas[i]);
	free(repo->commits.arenas);
	arena_release(&repo->read);
	arena_release(&repo->arena);
	free(repo);
}

int review_copy_blob(struct repo *handle, const struct object_id *id, struct arena *arena,
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

static int tree_version(void *ctx, const char *path, struct object_id *version)
{
	struct text *t;
	int r = find_text(ctx, path, &t, NULL);

	if (r || object_id_is_zero(&t->blob))
		return r ? r : KSA_ENODATA;
	*version = t->blob;
	return 0;
}

static int tree_read_blob(void *ctx, const char *id, const char **text, size_t *size,
			  struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	struct object_id blob;
	int r = repo_find_blob(repo->handle, id, &blob, err);

	return r ? r : review_copy_blob(repo->handle, &blob, &repo->read, text, size, err);
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

/* Those of the tree; of commits those that stand at the range's ends, or change in it: what stands
 * in the tree of the first commit alone says little, as it may be of an old branch. */
static int find_kconfigs(struct review_repo *repo, struct ksa_error *err)
{
	const struct find_files *files = &repo->commits.files;
	size_t missing, count, kept = 0;
	struct object_id end = repo->commit;
	const char **items;
	int r;

	if (repo->commits.kconfigs.known)
		return 0;
	r = repo->commits.input ? repo_resolve(repo->handle, repo->commits.end, &end, err) : 0;
	if (!r)
		r = repo_walk(repo->handle, &end, add_kconfig, repo, &missing, err);
	if (!r && repo->commits.input)
		r = repo_walk(repo->handle, &repo->past.before, add_kconfig, repo, &missing, err);

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
	repo->commits.kconfigs.known = !r;
	return r;
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
	/* The search takes the files of the commits. */
	int r = repo->commits.visited ? find_kconfigs(repo, err) : 0;

	if (!r)
		r = find_mentions(&target, names, count, found, found_ctx, err);
	repo->tree.missing = target.missing;
	return r;
}

/* Whom tree_files is called for. */
struct files_caller {
	int (*found)(void *ctx, const char *path, struct ksa_error *err);
	void *ctx;
};

static int pass_file(void *ctx, const char *path, const struct object_id *blob,
		     struct ksa_error *err)
{
	const struct files_caller *c = ctx;

	(void)blob;
	return c->found(c->ctx, path, err);
}

static int tree_kconfigs(void *ctx, bool all,
			 int (*found)(void *found_ctx, const char *path, struct ksa_error *err),
			 void *found_ctx, struct ksa_error *err)
{
	struct review_repo *repo = ctx, *parent = repo->parent;
	struct files_caller caller = {found, found_ctx};
	const struct trees_visitor visitor = {.visit = pass_file, .ctx = &caller, .err = err};
	int r = find_kconfigs(parent, err);

	if (!r && !repo->kconfigs.count)
		r = paths_make(&repo->kconfigs, parent->commits.kconfigs.items,
			       parent->commits.kconfigs.count, err);
	return r ? r : paths_visit(&repo->kconfigs, repo->trees, &repo->commit, all, &visitor);
}

static int tree_files(void *ctx, const struct review_directory *directory,
		      int (*found)(void *found_ctx, const char *path, struct ksa_error *err),
		      void *found_ctx, struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	struct files_caller caller = {found, found_ctx};
	const struct trees_visitor visitor = {.visit = pass_file, .ctx = &caller, .err = err};

	return trees_walk(repo->trees, &repo->commit, directory->path, directory->below, &visitor);
}

/* Only from the cache: a history is not read for a few questions, which would take minutes. */
static int tree_history(void *ctx, const struct ksa_history **out, struct ksa_error *err)
{
	struct review_repo *repo = ((struct review_repo *)ctx)->parent;
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

int review_repo_at(void *ctx, size_t patch, struct ksa_error *err)
{
	struct review_repo *repo = ctx;
	const struct review_input *in = repo->commits.input;
	const bool is_end = patch >= in->patch_count;
	const char *hex = is_end ? repo->commits.end : in->patches[patch].patch->commit;
	struct object_id commit;
	int r = repo_resolve(repo->handle, hex, &commit, err);

	repo->commits.visited = true;
	if (r || object_id_is_equal(&commit, &repo->commit))
		return r;
	set_commit(repo, &commit);
	repo->tree.name = arena_strndup(&repo->arena, hex, SHORT_ID);
	return repo->tree.name ? 0 : ksa_fail_nomem(err);
}

static void tree_close(void *ctx)
{
	review_repo_free(ctx);
}

/* What is read but once is read before threads share it. */
static int tree_open(void *ctx, const struct review_tree **out, struct ksa_error *err)
{
	struct review_repo *parent = ctx, *repo;
	const struct ksa_history *history;
	int r = tree_history(parent, &history, err);

	*out = NULL;
	if (!r)
		r = find_kconfigs(parent, err);
	if (!r)
		r = review_repo_open(parent->path, &parent->options, &repo, err);
	if (r)
		return r;
	repo->parent = parent;
	repo->commits.input = parent->commits.input;
	memcpy(repo->commits.end, parent->commits.end, sizeof(repo->commits.end));
	repo->tree = parent->tree;
	repo->tree.ctx = repo;
	*out = &repo->tree;
	return 0;
}

int review_repo_set(struct review_repo *repo, const struct object_id *commit, const char *name,
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
					  .files = tree_files,
					  .open = tree_open,
					  .close = tree_close,
					  .jobs = repo->options.jobs,
					  .kconfigs = tree_kconfigs};
	return repo->tree.name ? 0 : ksa_fail_nomem(err);
}

int review_repo_tree(struct review_repo *repo, const char *rev, const struct review_tree **tree,
		     struct ksa_error *err)
{
	struct object_id commit;
	int r = repo_resolve(repo->handle, rev, &commit, err);

	if (!r)
		r = review_repo_set(repo, &commit, rev, err);
	*tree = &repo->tree;
	return r;
}

const char *review_repo_before(const struct review_repo *repo)
{
	return *repo->before ? repo->before : NULL;
}
