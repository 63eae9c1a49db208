// SPDX-License-Identifier: GPL-2.0-or-later
/* Tree objects (gitformat: "MODE NAME\0" and 20 bytes of object id), walked and compared. */
#include "read/git/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/git/repo_internal.h"

/* Deeper than any project's directories; a tree can be made to hold itself by name only. */
#define MAX_DEPTH TREE_MAX_DEPTH

int tree_too_large(const struct tree_size *size, const char *path, struct ksa_error *err)
{
	if (size->entries > TREE_MAX_ENTRIES || size->bytes > TREE_MAX_BYTES)
		return ksa_fail(err, KSA_ELIMIT,
				"more than %d files and directories, or %d MiB of their paths, are "
				"in one tree (at '%.80s'): no project has so many",
				TREE_MAX_ENTRIES, TREE_MAX_BYTES >> 20, path);
	return 0;
}

static enum tree_mode mode_of(const char *mode, size_t length)
{
	if (length == 5 && memcmp(mode, "40000", 5) == 0)
		return TREE_DIRECTORY;
	return length == 6 && memcmp(mode, "100", 3) == 0 ? TREE_FILE : TREE_OTHER;
}

bool tree_entry_at(const unsigned char *at, const unsigned char *end, struct tree_entry *out)
{
	const unsigned char *blank = at < end ? memchr(at, ' ', (size_t)(end - at)) : NULL;
	const unsigned char *nul =
		blank ? memchr(blank + 1, '\0', (size_t)(end - blank - 1)) : NULL;

	if (!nul || nul == blank + 1 || end - nul - 1 < OBJECT_ID_SIZE ||
	    memchr(blank + 1, '/', (size_t)(nul - blank - 1)))
		return false;
	out->start = at;
	out->name = (const char *)blank + 1;
	out->id = nul + 1;
	out->next = nul + 1 + OBJECT_ID_SIZE;
	out->mode = mode_of((const char *)at, (size_t)(blank - at));
	return true;
}

int tree_entry_compare(const struct tree_entry *a, const struct tree_entry *b)
{
	const unsigned char *x = (const unsigned char *)a->name,
			    *y = (const unsigned char *)b->name;

	for (;; x++, y++) {
		unsigned int c = *x, d = *y;

		if (!c && !d && a->mode == b->mode)
			return 0;
		if (!c && a->mode == TREE_DIRECTORY)
			c = '/';
		if (!d && b->mode == TREE_DIRECTORY)
			d = '/';
		if (c != d)
			return c < d ? -1 : 1;
		if (!*x || !*y)
			return 0;
	}
}

static void add_path(struct strbuf *path, size_t length, const char *name)
{
	path->length = length;
	if (length)
		strbuf_addc(path, '/');
	strbuf_adds(path, name);
}

int tree_damaged(const struct object_id *id, struct ksa_error *err)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(id, hex, OBJECT_ID_HEX);
	return ksa_fail(err, KSA_EFORMAT, "tree %s is damaged; run git fsck", hex);
}

struct walk {
	struct repo *repo;
	struct strbuf path;
	repo_visit visit;
	void *ctx;
	size_t *missing;
	struct tree_size size;
	struct ksa_error *err;
};

static int walk_tree(struct walk *w, const struct object_id *id, unsigned int depth)
{
	_cleanup_(repo_object_release) struct repo_object tree = {.data = NULL};
	size_t length = w->path.length;
	struct tree_entry e;
	const unsigned char *at, *end;
	int r = depth > MAX_DEPTH ? ksa_fail(w->err, KSA_ELIMIT, "directories are too deep at '%s'",
					     strbuf_string(&w->path))
				  : repo_read(w->repo, id, REPO_TREE, &tree, w->err);

	if (r == KSA_ENODATA && w->missing)
		return (void)++*w->missing, 0;
	if (r)
		return r;
	end = tree.data + tree.size;
	for (at = tree.data; tree_entry_at(at, end, &e) && !r; at = e.next) {
		struct object_id child;

		if (e.mode == TREE_OTHER)
			continue;
		memcpy(child.bytes, e.id, OBJECT_ID_SIZE);
		add_path(&w->path, length, e.name);
		if (w->path.failed)
			return ksa_fail_nomem(w->err);
		w->size.entries++;
		w->size.bytes += w->path.length;
		r = tree_too_large(&w->size, strbuf_string(&w->path), w->err);
		if (r)
			break;
		r = e.mode == TREE_DIRECTORY
			    ? walk_tree(w, &child, depth + 1)
			    : w->visit(w->ctx, strbuf_string(&w->path), &child, w->err);
	}
	w->path.length = length;
	return r || at == end ? r : tree_damaged(id, w->err);
}

int repo_tree_of(struct repo *repo, const struct object_id *commit, struct object_id *tree,
		 struct ksa_error *err)
{
	struct repo_commit c;
	int r = repo_read_commit(repo, commit, &c, err);

	if (r == KSA_ENODATA) {
		char hex[OBJECT_ID_HEX + 1];

		object_id_format(commit, hex, OBJECT_ID_HEX);
		return ksa_fail(err, KSA_ENODATA,
				"commit %s is missing from the repository: fetch it, in a shallow "
				"clone with 'git fetch --unshallow'",
				hex);
	}
	if (!r)
		*tree = c.tree;
	repo_commit_release(&c);
	return r;
}

int repo_walk(struct repo *repo, const struct object_id *commit, repo_visit visit, void *ctx,
	      size_t *missing, struct ksa_error *err)
{
	struct object_id tree;
	int r = repo_tree_of(repo, commit, &tree, err);

	return r ? r : repo_walk_tree(repo, &tree, visit, ctx, missing, err);
}

int repo_walk_tree(struct repo *repo, const struct object_id *tree, repo_visit visit, void *ctx,
		   size_t *missing, struct ksa_error *err)
{
	struct walk w = {.repo = repo, .visit = visit, .ctx = ctx, .missing = missing, .err = err};
	int r = walk_tree(&w, tree, 0);

	if (r == KSA_ENODATA && err && !err->code)
		ksa_fail(err, KSA_ENODATA, "directories are missing from the repository");
	strbuf_release(&w.path);
	return r;
}

struct compare {
	struct repo *repo;
	struct arena *arena;
	struct strbuf path;
	struct repo_change *items;
	size_t count, capacity;
	struct tree_size size;
	struct ksa_error *err;
};

static int compare_trees(struct compare *c, const struct object_id *ids, unsigned int depth);

static void take_id(struct object_id *id, const struct tree_entry *e, enum tree_mode mode)
{
	memset(id, 0, sizeof(*id));
	if (e && e->mode == mode)
		memcpy(id->bytes, e->id, OBJECT_ID_SIZE);
}

/* One name; e[side] is NULL where the side does not have it. */
static int compare_entries(struct compare *c, const struct tree_entry *const e[PATCH_SIDES],
			   unsigned int depth)
{
	struct object_id ids[PATCH_SIDES];
	size_t length = c->path.length;
	int r = 0;

	add_path(&c->path, length, e[PATCH_OLD] ? e[PATCH_OLD]->name : e[PATCH_NEW]->name);
	if (c->path.failed)
		return ksa_fail_nomem(c->err);
	c->size.entries++;
	c->size.bytes += c->path.length;
	r = tree_too_large(&c->size, strbuf_string(&c->path), c->err);
	if (r)
		return r;
	for (int side = 0; side < PATCH_SIDES; side++)
		take_id(&ids[side], e[side], TREE_FILE);
	if (!object_id_is_equal(&ids[PATCH_OLD], &ids[PATCH_NEW])) {
		r = VEC_PUSH_ROOM(c, c->err);
		if (!r) {
			struct repo_change *change = &c->items[c->count++];

			memcpy(change->blob, ids, sizeof(ids));
			change->path = arena_strdup(c->arena, strbuf_string(&c->path));
			r = change->path ? 0 : ksa_fail_nomem(c->err);
		}
	}
	for (int side = 0; side < PATCH_SIDES; side++)
		take_id(&ids[side], e[side], TREE_DIRECTORY);
	if (!r && !object_id_is_equal(&ids[PATCH_OLD], &ids[PATCH_NEW]))
		r = compare_trees(c, ids, depth + 1);
	c->path.length = length;
	return r;
}

/* A walk over the entries of two trees. */
struct tree_pair {
	const unsigned char *at[PATCH_SIDES], *end[PATCH_SIDES];
	struct tree_entry entries[PATCH_SIDES];
};

/* The next name; e is NULL where a side does not have it. False: no side has any left. */
static bool next_pair(struct tree_pair *p, const struct tree_entry **e)
{
	int order;

	for (int side = 0; side < PATCH_SIDES; side++)
		e[side] = tree_entry_at(p->at[side], p->end[side], &p->entries[side])
				  ? &p->entries[side]
				  : NULL;
	if (!e[PATCH_OLD] && !e[PATCH_NEW])
		return false;
	order = !e[PATCH_OLD]	? 1
		: !e[PATCH_NEW] ? -1
				: tree_entry_compare(e[PATCH_OLD], e[PATCH_NEW]);
	if (order)
		e[order < 0 ? PATCH_NEW : PATCH_OLD] = NULL;
	for (int side = 0; side < PATCH_SIDES; side++)
		if (e[side])
			p->at[side] = e[side]->next;
	return true;
}

static int compare_trees(struct compare *c, const struct object_id *ids, unsigned int depth)
{
	struct repo_object tree[PATCH_SIDES] = {{.data = NULL}};
	const struct tree_entry *e[PATCH_SIDES];
	struct tree_pair p;
	int r = depth > MAX_DEPTH ? ksa_fail(c->err, KSA_ELIMIT, "directories are too deep") : 0;

	for (int side = 0; side < PATCH_SIDES; side++) {
		if (!r && !object_id_is_zero(&ids[side]))
			r = repo_read(c->repo, &ids[side], REPO_TREE, &tree[side], c->err);
		p.at[side] = tree[side].data;
		p.end[side] = tree[side].size ? p.at[side] + tree[side].size : p.at[side];
	}
	while (!r && next_pair(&p, e))
		r = compare_entries(c, e, depth);
	for (int side = 0; side < PATCH_SIDES; side++) {
		if (!r && p.at[side] != p.end[side])
			r = tree_damaged(&ids[side], c->err);
		repo_object_release(&tree[side]);
	}
	return r;
}

/* What differs between two trees; a zero id is an empty one. */
static int changes_of(struct repo *repo, const struct object_id ids[PATCH_SIDES],
		      struct arena *arena, struct repo_changes *out, struct ksa_error *err)
{
	struct compare c = {.repo = repo, .arena = arena, .err = err};
	int r = compare_trees(&c, ids, 0);

	*out = (struct repo_changes){.items = NULL};
	if (r == KSA_ENODATA && err && !err->code)
		ksa_fail(err, KSA_ENODATA, "directories are missing from the repository");
	if (!r && c.count) {
		out->items = arena_alloc(arena, c.count * sizeof(*out->items));
		if (!out->items)
			r = ksa_fail_nomem(err);
		else
			memcpy(out->items, c.items, c.count * sizeof(*out->items));
		out->count = c.count;
	}
	free(c.items);
	strbuf_release(&c.path);
	return r;
}

int repo_compare(struct repo *repo, const struct object_id *from, const struct object_id *to,
		 struct arena *arena, struct repo_changes *out, struct ksa_error *err)
{
	struct object_id ids[PATCH_SIDES];
	int r = repo_tree_of(repo, from, &ids[PATCH_OLD], err);

	*out = (struct repo_changes){.items = NULL};
	if (!r)
		r = repo_tree_of(repo, to, &ids[PATCH_NEW], err);
	return r ? r : changes_of(repo, ids, arena, out, err);
}

int repo_changes(struct repo *repo, const struct object_id *commit, struct arena *arena,
		 struct repo_change **out, size_t *count, struct ksa_error *err)
{
	struct object_id ids[PATCH_SIDES] = {{{0}}}, parent;
	struct repo_changes changes;
	struct repo_commit read;
	int r = repo_tree_of(repo, commit, &ids[PATCH_NEW], err);

	*out = NULL;
	*count = 0;
	if (r)
		return r;
	r = repo_read_commit(repo, commit, &read, err);
	if (!r && repo_commit_parent(&read, 0, &parent))
		r = repo_tree_of(repo, &parent, &ids[PATCH_OLD], err);
	repo_commit_release(&read);
	if (r == KSA_ENODATA && err && !err->code)
		ksa_fail(err, KSA_ENODATA, "directories are missing from the repository");
	if (!r)
		r = changes_of(repo, ids, arena, &changes, err);
	if (r)
		return r;
	*out = changes.items;
	*count = changes.count;
	return 0;
}
