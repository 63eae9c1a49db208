// SPDX-License-Identifier: GPL-2.0-or-later
/* What a merge did itself: the files that it has like none of its parents. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/git/repo_internal.h"
#include "read/git/tree.h"

#define MAX_DEPTH 128

struct combined {
	struct repo *repo;
	struct arena *arena;
	size_t trees; /* the merge's own and its parents' */
	struct strbuf path;
	struct repo_merge_change *items;
	size_t count, capacity;
	struct ksa_error *err;
};

/* The trees of one directory, and where a walk over them stands. */
struct level {
	struct repo_object object;
	const unsigned char *at, *end;
	struct tree_entry entry;
	bool have, present; /* it has an entry; that is of the name at hand */
};

static void next_entry(struct level *l)
{
	l->have = tree_entry_at(l->at, l->end, &l->entry);
	if (l->have)
		l->at = l->entry.next;
}

/* The least name that is left, marked where it is present; NULL: none. */
static const struct tree_entry *next_name(struct level *levels, size_t count)
{
	const struct tree_entry *least = NULL;

	for (size_t i = 0; i < count; i++)
		if (levels[i].have && (!least || tree_entry_compare(&levels[i].entry, least) < 0))
			least = &levels[i].entry;
	for (size_t i = 0; i < count && least; i++)
		levels[i].present =
			levels[i].have && tree_entry_compare(&levels[i].entry, least) == 0;
	return least;
}

/* The objects of the name, of one kind; false: the merge has what a parent has. */
static bool take_ids(const struct level *levels, size_t count, enum tree_mode mode,
		     struct object_id *ids)
{
	bool any = false, own = true;

	for (size_t i = 0; i < count; i++) {
		memset(&ids[i], 0, sizeof(ids[i]));
		if (levels[i].present && levels[i].entry.mode == mode)
			memcpy(ids[i].bytes, levels[i].entry.id, OBJECT_ID_SIZE);
		any |= !object_id_is_zero(&ids[i]);
		own &= !i || !object_id_is_equal(&ids[i], &ids[0]);
	}
	return any && own;
}

static int add_file(struct combined *c, const struct object_id *ids)
{
	struct repo_merge_change *change;
	int r = VEC_PUSH_ROOM(c, c->err);

	if (r)
		return r;
	change = &c->items[c->count++];
	change->path = arena_strdup(c->arena, strbuf_string(&c->path));
	change->blob = ids[0];
	change->parents = ids + 1;
	return change->path ? 0 : ksa_fail_nomem(c->err);
}

static int compare_level(struct combined *c, const struct object_id *ids, unsigned int depth);

static int compare_name(struct combined *c, const struct level *levels, const char *name,
			unsigned int depth)
{
	struct object_id *ids = arena_calloc(c->arena, c->trees, sizeof(*ids));
	size_t length = c->path.length;
	int r = 0;

	if (!ids)
		return ksa_fail_nomem(c->err);
	strbuf_printf(&c->path, "%s%s", length ? "/" : "", name);
	if (c->path.failed)
		return ksa_fail_nomem(c->err);
	if (take_ids(levels, c->trees, TREE_DIRECTORY, ids))
		r = compare_level(c, ids, depth + 1);
	if (!r && take_ids(levels, c->trees, TREE_FILE, ids))
		r = add_file(c, ids);
	c->path.length = length;
	return r;
}

static int compare_level(struct combined *c, const struct object_id *ids, unsigned int depth)
{
	struct level *levels = calloc(c->trees, sizeof(*levels));
	const struct tree_entry *least;
	int r = !levels		    ? ksa_fail_nomem(c->err)
		: depth > MAX_DEPTH ? ksa_fail(c->err, KSA_ELIMIT, "directories are too deep")
				    : 0;

	for (size_t i = 0; i < c->trees && !r; i++) {
		struct level *l = &levels[i];

		if (!object_id_is_zero(&ids[i]))
			r = repo_read(c->repo, &ids[i], REPO_TREE, &l->object, c->err);
		l->at = l->object.data;
		l->end = l->object.size ? l->at + l->object.size : l->at;
		if (!r)
			next_entry(l);
	}
	while (!r && (least = next_name(levels, c->trees))) {
		r = compare_name(c, levels, least->name, depth);
		for (size_t i = 0; i < c->trees; i++)
			if (levels[i].present)
				next_entry(&levels[i]);
	}
	for (size_t i = 0; levels && i < c->trees; i++)
		repo_object_release(&levels[i].object);
	free(levels);
	return r;
}

int repo_parents(struct repo *repo, const struct object_id *commit, struct arena *arena,
		 struct object_id **out, size_t *count, struct ksa_error *err)
{
	struct repo_commit read;
	int r = repo_read_commit(repo, commit, &read, err);

	*out = NULL;
	*count = r ? 0 : read.parent_count;
	if (!r)
		*out = arena_calloc(arena, read.parent_count + 1, sizeof(**out));
	for (size_t i = 0; i < *count && *out; i++)
		repo_commit_parent(&read, i, &(*out)[i]);
	repo_commit_release(&read);
	return r || *out ? r : ksa_fail_nomem(err);
}

int repo_merge_changes(struct repo *repo, const struct object_id *commit, struct arena *arena,
		       struct repo_merge_change **out, size_t *count, struct ksa_error *err)
{
	struct combined c = {.repo = repo, .arena = arena, .err = err};
	struct object_id *parents, *ids;
	size_t parent_count;
	int r = repo_parents(repo, commit, arena, &parents, &parent_count, err);

	*out = NULL;
	*count = 0;
	if (r)
		return r;
	c.trees = parent_count + 1;
	ids = arena_calloc(arena, c.trees, sizeof(*ids));
	r = ids ? repo_tree_of(repo, commit, &ids[0], err) : ksa_fail_nomem(err);
	for (size_t i = 0; i < parent_count && !r; i++)
		r = repo_tree_of(repo, &parents[i], &ids[i + 1], err);
	if (!r)
		r = compare_level(&c, ids, 0);
	if (r == KSA_ENODATA && err && !err->code)
		ksa_fail(err, KSA_ENODATA, "directories are missing from the repository");
	if (!r && c.count) {
		*out = arena_alloc(arena, c.count * sizeof(**out));
		if (*out)
			memcpy(*out, c.items, c.count * sizeof(**out));
		else
			r = ksa_fail_nomem(err);
	}
	*count = r ? 0 : c.count;
	free(c.items);
	strbuf_release(&c.path);
	return r;
}
