// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which files do the commits change? The trees are compared level by level, and within a level
 * directory by directory in the order of the commits: the versions of one directory are deltas of
 * each other in the pack, so each costs one step from the one before. Commit by commit the same
 * work takes eight times as long.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/git/build_internal.h"
#include "read/git/level.h"

#define MAX_DEPTH   TREE_MAX_DEPTH
#define MAX_CHANGES LEVEL_MAX_CHANGES

/* The putting together of what the workers find at one level. */
struct joining {
	struct history_build *build;
	struct file_changes *dirs; /* where to add directories */
	struct object_id missing; /* the last tree that was not there */
	uint32_t *counts; /* files and directories that each new commit changes */
	size_t bytes; /* of paths that were new */
};

bool build_wants_path(const char *path)
{
	static const char *const endings[] = {".c", ".S", ".h", ".s", ".inc", ".tmpl", NULL};
	static const char *const elsewhere[] = {"tools/", "Documentation/", "scripts/", NULL};
	const char *base = strrchr(path, '/'), *dot;

	base = base ? base + 1 : path;
	/* Programs of the kernel's own tree; drivers of tools/testing/ are modules. */
	for (size_t i = 0; elsewhere[i]; i++)
		if (strncmp(path, elsewhere[i], strlen(elsewhere[i])) == 0 &&
		    strncmp(path, "tools/testing/", strlen("tools/testing/")) != 0)
			return false;
	dot = strrchr(base, '.');
	for (size_t i = 0; dot && endings[i]; i++)
		if (strcmp(dot, endings[i]) == 0)
			return true;
	return false;
}

int build_push_id(struct id_pool *pool, const unsigned char *id, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(pool, err);

	if (r)
		return r;
	if (id)
		memcpy(pool->items[pool->count].bytes, id, OBJECT_ID_SIZE);
	else
		memset(&pool->items[pool->count], 0, sizeof(*pool->items));
	pool->count++;
	return 0;
}

static int push_change(struct file_changes *list, struct file_change change, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(list, err);

	if (!r && list->ids.count > UINT32_MAX - HISTORY_MAX_PARENTS - 1)
		r = ksa_fail(err, KSA_ELIMIT, "the history has more changes than can be counted");
	if (!r)
		list->items[list->count++] = change;
	return r;
}

static void missing_tree(struct joining *j, const struct level_missing *m)
{
	/* The same one stands in many commits. */
	if (object_id_is_equal(&j->missing, &m->id))
		return;
	j->missing = m->id;
	j->build->history->missing_trees++;
	build_name_missing(j->build, "tree", m->path ? j->build->history->strings[m->path] : NULL,
			   &m->id);
}

/* A commit is not allowed more changes than a tree has entries. */
static int count_change(struct joining *j, const struct level_found *found, const char *path)
{
	const struct ksa_history *h = j->build->history;
	char hex[OBJECT_ID_HEX + 1];

	if (++j->counts[found->commit - j->build->first] <= TREE_MAX_ENTRIES &&
	    j->bytes <= TREE_MAX_BYTES && j->dirs->count < MAX_CHANGES &&
	    j->build->files.count < MAX_CHANGES)
		return 0;
	object_id_format(&h->commits[found->commit].id, hex, OBJECT_ID_HEX);
	return ksa_fail(j->build->err, KSA_ELIMIT,
			"commit %s changes more files and directories than any project has (at "
			"'%.160s')",
			hex, path);
}

static int number_path(struct joining *j, const char *path, uint32_t *number)
{
	struct ksa_history *h = j->build->history;
	size_t strings = h->string_count;
	int r = *number ? 0 : history_string(h, path, number, j->build->err);

	j->bytes += h->string_count > strings ? strlen(path) : 0;
	return r;
}

static int join_found(struct joining *j, const struct level_chunk *chunk,
		      const struct level_found *found, struct level_path *path)
{
	struct file_changes *list = found->directory ? j->dirs : &j->build->files;
	struct file_change change = {.commit = found->commit,
				     .ids = (uint32_t)list->ids.count,
				     .id_count = found->id_count};
	int r = count_change(j, found, path->text);

	if (!r)
		r = number_path(j, path->text, &path->number);
	change.path = path->number;
	for (uint32_t i = 0; i < found->id_count && !r; i++)
		r = build_push_id(&list->ids, chunk->ids.items[found->ids + i].bytes,
				  j->build->err);
	return r ? r : push_change(list, change, j->build->err);
}

/* What the workers found, in the order of the level: so the same however many they were. */
static int join_level(struct joining *j, struct level *level)
{
	int r = 0;

	for (size_t c = 0; c < level->chunk_count && !r; c++) {
		struct level_chunk *chunk = &level->chunks[c];

		for (size_t i = 0; i < chunk->missing.count; i++)
			missing_tree(j, &chunk->missing.items[i]);
		for (size_t i = 0; i < chunk->found.count && !r; i++) {
			const struct level_found *found = &chunk->found.items[i];

			r = join_found(j, chunk, found, level_path(level, chunk, found));
		}
		if (chunk->cut && !r)
			r = ksa_fail(j->build->err, KSA_ELIMIT,
				     "the commits change more files and directories than those of "
				     "any project");
		level_chunk_release(chunk);
	}
	return r;
}

/* Give each new commit a place such that chains of first parents stay together. */
static int place_commits(const struct history_build *build, uint32_t *places)
{
	const struct ksa_history *h = build->history;
	size_t count = h->commit_count - build->first, depth = 0;
	_cleanup_free_ uint32_t *stack = malloc((h->parent_count + 2) * sizeof(*stack));
	uint32_t place = 1;

	if (!stack)
		return ksa_fail_nomem(build->err);
	memset(places, 0, count * sizeof(*places));
	stack[depth++] = (uint32_t)build->first;
	while (depth) {
		uint32_t at = stack[--depth];

		while (at >= build->first && !places[at - build->first]) {
			const struct history_commit *c = &h->commits[at];

			places[at - build->first] = place++;
			for (uint32_t i = c->parent_count; i > 1; i--)
				stack[depth++] = h->parents[c->parents + i - 1];
			if (!c->parent_count)
				break;
			at = h->parents[c->parents];
		}
	}
	return 0;
}

struct places {
	const uint32_t *items; /* of commits from first on */
	size_t first;
};

static int compare_changes(const void *a, const void *b, void *ctx)
{
	const struct file_change *x = a, *y = b;
	const struct places *places = ctx;

	if (x->path != y->path)
		return x->path < y->path ? -1 : 1;
	return places->items[x->commit - places->first] < places->items[y->commit - places->first]
		       ? -1
		       : 1;
}

static void sort_changes(const struct history_build *build, struct file_changes *list,
			 const uint32_t *places)
{
	struct places ctx = {places, build->first};

	if (list->count)
		qsort_r(list->items, list->count, sizeof(*list->items), compare_changes, &ctx);
}

static int tree_of(struct history_build *build, uint32_t commit, struct object_id *tree)
{
	struct repo_commit read;
	int r;

	*tree = (struct object_id){{0}};
	if (commit >= build->first) {
		*tree = build->trees[commit];
		return 0;
	}
	r = repo_read_commit(build->repo, &build->history->commits[commit].id, &read, build->err);
	if (!r)
		*tree = read.tree;
	repo_commit_release(&read);
	return r == KSA_ENODATA
		       ? build_commit_missing(&build->history->commits[commit].id, build->err)
		       : r;
}

/* The tops of all new commits. */
static int push_tops(struct history_build *build, struct file_changes *level)
{
	const struct ksa_history *h = build->history;
	int r = 0;

	for (size_t i = build->first; i < h->commit_count && !r; i++) {
		const struct history_commit *c = &h->commits[i];
		struct file_change change = {.commit = (uint32_t)i,
					     .ids = (uint32_t)level->ids.count};
		struct object_id tree;

		r = build_push_id(&level->ids, build->trees[i].bytes, build->err);
		for (uint32_t p = 0; p < c->parent_count && !r; p++) {
			r = tree_of(build, h->parents[c->parents + p], &tree);
			if (!r)
				r = build_push_id(&level->ids, tree.bytes, build->err);
		}
		/* One without parents is held against nothing. */
		if (!r && !c->parent_count)
			r = build_push_id(&level->ids, NULL, build->err);
		change.id_count = c->parent_count ? c->parent_count + 1u : 2;
		if (!r)
			r = push_change(level, change, build->err);
	}
	return r;
}

static void release_changes(struct file_changes *list)
{
	free(list->items);
	free(list->ids.items);
	*list = (struct file_changes){.items = NULL};
}

/* Compare the directories of a level; those that differ are the next one. */
static int descend(struct joining *j, struct file_changes *dirs)
{
	struct file_changes next = {.items = NULL};
	struct level level = {.chunks = NULL};
	int r = level_compare(&level, j->build, dirs);

	j->dirs = &next;
	if (!r)
		r = join_level(j, &level);
	j->dirs = NULL;
	level_release(&level);
	release_changes(dirs);
	*dirs = next;
	return r;
}

int build_files(struct history_build *build)
{
	struct joining j = {.build = build};
	struct file_changes dirs = {.items = NULL};
	size_t new_commits = build->history->commit_count - build->first;
	_cleanup_free_ uint32_t *places = malloc((new_commits + 1) * sizeof(*places));
	int r;

	j.counts = calloc(new_commits + 1, sizeof(*j.counts));
	r = places && j.counts ? place_commits(build, places) : ksa_fail_nomem(build->err);
	if (!r)
		r = push_tops(build, &dirs);
	for (unsigned int depth = 0; dirs.count && !r; depth++) {
		if (depth > MAX_DEPTH)
			r = ksa_fail(build->err, KSA_ELIMIT, "directories are too deep");
		sort_changes(build, &dirs, places);
		if (!r)
			r = descend(&j, &dirs);
	}
	release_changes(&dirs);
	free(j.counts);
	if (!r)
		sort_changes(build, &build->files, places);
	return r;
}
