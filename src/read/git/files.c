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
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/git/build_internal.h"
#include "read/git/tree.h"
#include "read/source/dirs.h"

#define MAX_DEPTH TREE_MAX_DEPTH

/* Of all commits together; Linux changes some three million files in its whole history. */
#define MAX_CHANGES ((size_t)1 << 25)

/* The last trees that were read: the next comparison of a directory wants one of them again. */
#define KEPT 24

struct kept_tree {
	struct object_id id;
	struct repo_object object;
	uint64_t used;
};

struct comparison {
	struct history_build *build;
	struct file_changes *dirs; /* where to add directories */
	struct kept_tree kept[KEPT];
	uint64_t tick;
	struct object_id missing; /* the last one that was not there */
	struct strbuf path;
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

static int push_id(struct id_pool *pool, const unsigned char *id, struct ksa_error *err)
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

static void missing_tree(struct comparison *c, uint32_t path, const struct object_id *id)
{
	/* The same one stands in many commits. */
	if (object_id_is_equal(&c->missing, id))
		return;
	c->missing = *id;
	c->build->history->missing_trees++;
	build_name_missing(c->build, "tree", path ? c->build->history->strings[path] : NULL, id);
}

/* Missing trees are counted: their *object stays empty. */
static int get_tree(struct comparison *c, uint32_t path, const struct object_id *id,
		    const struct repo_object **out)
{
	static const struct repo_object none;
	struct kept_tree *oldest = &c->kept[0];
	int r;

	*out = &none;
	if (object_id_is_zero(id))
		return 0;
	for (size_t i = 0; i < KEPT; i++) {
		struct kept_tree *k = &c->kept[i];

		if (k->used && object_id_is_equal(&k->id, id)) {
			k->used = ++c->tick;
			*out = &k->object;
			return 0;
		}
		if (k->used < oldest->used)
			oldest = k;
	}
	repo_object_release(&oldest->object);
	oldest->used = 0;
	r = repo_read(c->build->repo, id, REPO_TREE, &oldest->object, c->build->err);
	if (r == KSA_ENODATA) {
		missing_tree(c, path, id);
		return KSA_ENODATA;
	}
	if (r)
		return r;
	oldest->id = *id;
	oldest->used = ++c->tick;
	*out = &oldest->object;
	return 0;
}

static int join_path(struct comparison *c, uint32_t parent, const char *name, bool directory,
		     uint32_t *number)
{
	const struct ksa_history *h = c->build->history;
	size_t strings;
	int r;

	strbuf_reset(&c->path);
	if (parent)
		strbuf_adds(&c->path, h->strings[parent]);
	strbuf_adds(&c->path, name);
	if (!directory && !build_wants_path(strbuf_string(&c->path)) &&
	    !(c->build->makefiles && source_is_makefile(strbuf_string(&c->path)))) {
		*number = 0;
		return c->path.failed ? ksa_fail_nomem(c->build->err) : 0;
	}
	if (directory)
		strbuf_addc(&c->path, '/');
	if (c->path.failed)
		return ksa_fail_nomem(c->build->err);
	strings = h->string_count;
	r = history_string(c->build->history, strbuf_string(&c->path), number, c->build->err);
	c->bytes += h->string_count > strings ? c->path.length : 0;
	return r;
}

/* What a commit has (ids[0]) as one of its parents has it is nothing that it did. NULL: nothing. */
static bool is_as_in_parent(const unsigned char *const *ids, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (ids[0] && ids[i] ? memcmp(ids[0], ids[i], OBJECT_ID_SIZE) == 0
				     : ids[0] == ids[i])
			return true;
	return false;
}

/* A commit is not allowed more changes than a tree has entries. */
static int count_change(struct comparison *c, const struct file_change *dir, const char *name)
{
	const struct ksa_history *h = c->build->history;
	char hex[OBJECT_ID_HEX + 1];

	if (++c->counts[dir->commit - c->build->first] <= TREE_MAX_ENTRIES &&
	    c->bytes <= TREE_MAX_BYTES && c->dirs->count < MAX_CHANGES &&
	    c->build->files.count < MAX_CHANGES)
		return 0;
	object_id_format(&h->commits[dir->commit].id, hex, OBJECT_ID_HEX);
	return ksa_fail(c->build->err, KSA_ELIMIT,
			"commit %s changes more files and directories than any project has (at "
			"'%.80s%.80s')",
			hex, dir->path ? h->strings[dir->path] : "", name);
}

/* One name, in the trees where present[i] is set; entries[0] is the commit's. */
static int compare_name(struct comparison *c, const struct file_change *dir,
			const struct tree_entry *entries, const bool *present, enum tree_mode mode)
{
	struct file_changes *list = mode == TREE_DIRECTORY ? c->dirs : &c->build->files;
	struct file_change change = {.commit = dir->commit, .id_count = dir->id_count};
	const unsigned char *ids[HISTORY_MAX_PARENTS + 1];
	const char *name = NULL;
	int r;

	for (uint32_t i = 0; i < dir->id_count; i++) {
		ids[i] = present[i] && entries[i].mode == mode ? entries[i].id : NULL;
		if (ids[i])
			name = entries[i].name;
	}
	if (!name || is_as_in_parent(ids, dir->id_count))
		return 0;
	r = count_change(c, dir, name);
	if (!r)
		r = join_path(c, dir->path, name, mode == TREE_DIRECTORY, &change.path);
	if (r || !change.path)
		return r;
	change.ids = (uint32_t)list->ids.count;
	for (uint32_t i = 0; i < dir->id_count && !r; i++)
		r = push_id(&list->ids, ids[i], c->build->err);
	return r ? r : push_change(list, change, c->build->err);
}

/* A walk over the trees of one directory, name by name. */
struct tree_walk {
	uint32_t count;
	const unsigned char *at[HISTORY_MAX_PARENTS + 1], *end[HISTORY_MAX_PARENTS + 1];
	struct tree_entry entries[HISTORY_MAX_PARENTS + 1]; /* where each stands */
	bool have[HISTORY_MAX_PARENTS + 1]; /* false: at its end */
	bool present[HISTORY_MAX_PARENTS + 1]; /* has the name that is looked at */
};

static void step(struct tree_walk *w, uint32_t i)
{
	w->have[i] = tree_entry_at(w->at[i], w->end[i], &w->entries[i]);
	if (w->have[i])
		w->at[i] = w->entries[i].next;
}

/* What two trees have in common, byte for byte, is most of them. */
static void pass_common(struct tree_walk *w)
{
	const struct tree_entry *e = w->entries;

	while (w->count == 2 && w->have[0] && w->have[1]) {
		size_t size = (size_t)(e[0].next - e[0].start);

		if (size != (size_t)(e[1].next - e[1].start) ||
		    memcmp(e[0].start, e[1].start, size) != 0)
			return;
		step(w, 0);
		step(w, 1);
	}
}

/* Find the next name, and which trees have it. False: none is left. */
static bool find_name(struct tree_walk *w)
{
	const struct tree_entry *least = NULL;

	pass_common(w);
	for (uint32_t i = 0; i < w->count; i++)
		if (w->have[i] && (!least || tree_entry_compare(&w->entries[i], least) < 0))
			least = &w->entries[i];
	for (uint32_t i = 0; least && i < w->count; i++)
		w->present[i] = w->have[i] && tree_entry_compare(&w->entries[i], least) == 0;
	return least;
}

/* All that one directory's trees have, name by name. */
static int compare_trees(struct comparison *c, const struct file_change *dir,
			 const struct object_id *ids, const struct repo_object *const *trees,
			 uint32_t count)
{
	struct tree_walk w;
	int r = 0;

	w.count = count;
	for (uint32_t i = 0; i < w.count; i++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): get_tree() always sets it */
		w.end[i] = trees[i]->size ? trees[i]->data + trees[i]->size : trees[i]->data;
		w.at[i] = trees[i]->data;
		step(&w, i);
	}
	while (!r && find_name(&w)) {
		r = compare_name(c, dir, w.entries, w.present, TREE_FILE);
		if (!r)
			r = compare_name(c, dir, w.entries, w.present, TREE_DIRECTORY);
		for (uint32_t i = 0; i < w.count; i++)
			if (w.present[i])
				step(&w, i);
	}
	for (uint32_t i = 0; i < w.count && !r; i++)
		if (w.at[i] != w.end[i])
			r = tree_damaged(&ids[i], c->build->err);
	return r;
}

static int compare_directory(struct comparison *c, const struct file_changes *level, size_t item)
{
	const struct repo_object *trees[HISTORY_MAX_PARENTS + 1];
	const struct file_change *dir = &level->items[item];
	bool keep = dir->id_count < KEPT;
	struct repo_object copies[HISTORY_MAX_PARENTS + 1];
	uint32_t read = 0;
	int r = 0;

	for (; read < dir->id_count && !r; read++) {
		const struct object_id *id = &level->ids.items[dir->ids + read];

		copies[read] = (struct repo_object){.data = NULL};
		trees[read] = &copies[read];
		if (keep) {
			r = get_tree(c, dir->path, id, &trees[read]);
			continue;
		}
		if (!object_id_is_zero(id))
			r = repo_read(c->build->repo, id, REPO_TREE, &copies[read], c->build->err);
		if (r == KSA_ENODATA)
			missing_tree(c, dir->path, id);
	}
	if (!r)
		r = compare_trees(c, dir, &level->ids.items[dir->ids], trees, read);
	while (!keep && read--)
		repo_object_release(&copies[read]);
	/* What cannot be compared is counted; the rest goes on. */
	return r == KSA_ENODATA ? 0 : r;
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

		r = push_id(&level->ids, build->trees[i].bytes, build->err);
		for (uint32_t p = 0; p < c->parent_count && !r; p++) {
			r = tree_of(build, h->parents[c->parents + p], &tree);
			if (!r)
				r = push_id(&level->ids, tree.bytes, build->err);
		}
		/* One without parents is held against nothing. */
		if (!r && !c->parent_count)
			r = push_id(&level->ids, NULL, build->err);
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

static void release_comparison(struct comparison *c)
{
	for (size_t i = 0; i < KEPT; i++)
		repo_object_release(&c->kept[i].object);
	strbuf_release(&c->path);
	free(c->counts);
}

int build_files(struct history_build *build)
{
	struct file_changes level = {.items = NULL}, next = {.items = NULL};
	size_t new_commits = build->history->commit_count - build->first;
	_cleanup_free_ uint32_t *places = malloc((new_commits + 1) * sizeof(*places));
	_cleanup_free_ struct comparison *c = calloc(1, sizeof(*c));
	int r;

	if (c)
		c->counts = calloc(new_commits + 1, sizeof(*c->counts));
	r = places && c && c->counts ? place_commits(build, places) : ksa_fail_nomem(build->err);

	if (!r)
		r = push_tops(build, &level);
	for (unsigned int depth = 0; level.count && !r; depth++) {
		if (depth > MAX_DEPTH)
			r = ksa_fail(build->err, KSA_ELIMIT, "directories are too deep");
		sort_changes(build, &level, places);
		c->build = build;
		c->dirs = &next;
		for (size_t i = 0; i < level.count && !r; i++) {
			if (i % 1024 == 0)
				build_progress(build, "directories compared", i, level.count);
			r = compare_directory(c, &level, i);
		}
		release_changes(&level);
		level = next;
		next = (struct file_changes){.items = NULL};
	}
	release_changes(&level);
	if (c)
		release_comparison(c);
	if (!r)
		sort_changes(build, &build->files, places);
	return r;
}
