// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/review/trees.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "read/git/tree.h"

#define MAX_PATH   4096 /* bytes; trees can be made to hold each other without end */
#define MAX_WALKED 4000000
#define KEPT	   4096 /* trees, a power of two */
#define MAX_KEPT   ((size_t)64 * 1024) /* bytes of a tree that is kept: larger ones are read anew */

struct kept {
	struct object_id id;
	struct repo_object object;
};

struct trees {
	struct repo *repo;
	struct object_id commit, top; /* of the last question */
	struct repo_object large; /* one that is not kept */
	size_t walked; /* entries, by the walk at hand */
	struct kept kept[KEPT];
};

struct trees *trees_new(struct repo *repo)
{
	struct trees *t = calloc(1, sizeof(*t));

	if (t)
		t->repo = repo;
	return t;
}

void trees_free(struct trees *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < KEPT; i++)
		repo_object_release(&t->kept[i].object);
	repo_object_release(&t->large);
	free(t);
}

/* The tree of that id, which lives until the next question. */
static int get_tree(struct trees *t, const struct object_id *id, const struct repo_object **out,
		    struct ksa_error *err)
{
	struct kept *k = &t->kept[(id->bytes[0] << 8 | id->bytes[1]) & (KEPT - 1)];
	struct repo_object object = {.data = NULL};
	int r;

	*out = &k->object;
	if (k->object.handle && object_id_is_equal(&k->id, id))
		return 0;
	r = repo_read(t->repo, id, REPO_TREE, &object, err);
	if (r)
		return r;
	if (object.size > MAX_KEPT) {
		repo_object_release(&t->large);
		t->large = object;
		*out = &t->large;
		return 0;
	}
	repo_object_release(&k->object);
	k->object = object;
	k->id = *id;
	return 0;
}

/* The entry of that name and kind; false: there is none. */
static bool find_entry(const struct repo_object *tree, const char *name, size_t length,
		       enum tree_mode mode, struct object_id *id)
{
	const unsigned char *end = tree->size ? tree->data + tree->size : tree->data;
	struct tree_entry e;

	for (const unsigned char *at = tree->data; tree_entry_at(at, end, &e); at = e.next) {
		if (e.mode != mode || strncmp(e.name, name, length) != 0 || e.name[length])
			continue;
		memcpy(id->bytes, e.id, OBJECT_ID_SIZE);
		return true;
	}
	return false;
}

/* The object at a path of the commit's tree; "" is the top. */
static int find_id(struct trees *t, const struct object_id *commit, const char *path,
		   enum tree_mode mode, struct object_id *out, struct ksa_error *err)
{
	struct object_id id;
	int r = 0;

	if (object_id_is_zero(&t->top) || !object_id_is_equal(&t->commit, commit)) {
		r = repo_tree_of(t->repo, commit, &t->top, err);
		t->commit = *commit;
	}
	id = t->top;
	while (!r && *path) {
		const char *slash = strchr(path, '/');
		size_t length = slash ? (size_t)(slash - path) : strlen(path);
		const struct repo_object *tree;

		r = get_tree(t, &id, &tree, err);
		if (r)
			break;
		if (!find_entry(tree, path, length, slash ? TREE_DIRECTORY : mode, &id))
			return KSA_ENODATA;
		path += length + (slash != NULL);
	}
	*out = id;
	return r;
}

int trees_top(struct trees *t, const struct object_id *commit, struct object_id *id,
	      struct ksa_error *err)
{
	int r = find_id(t, commit, "", TREE_DIRECTORY, id, err);

	if (r == KSA_ENODATA)
		*id = (struct object_id){{0}};
	return r == KSA_ENODATA ? 0 : r;
}

int trees_entry(struct trees *t, const struct object_id *id, const struct trees_name *name,
		struct object_id *out, struct ksa_error *err)
{
	const struct repo_object *tree;
	int r = object_id_is_zero(id) ? KSA_ENODATA : get_tree(t, id, &tree, err);

	if (r || !find_entry(tree, name->text, name->length,
			     name->is_directory ? TREE_DIRECTORY : TREE_FILE, out))
		*out = (struct object_id){{0}};
	return r == KSA_ENODATA ? 0 : r;
}

int trees_find(struct trees *t, const struct object_id *commit, const char *path,
	       struct object_id *blob, struct ksa_error *err)
{
	return *path ? find_id(t, commit, path, TREE_FILE, blob, err) : KSA_ENODATA;
}

static int walk(struct trees *t, const struct object_id *id, const char *dir, bool below,
		const struct trees_visitor *v)
{
	_cleanup_(repo_object_release) struct repo_object tree = {.data = NULL};
	struct arena paths = {.blocks = NULL};
	const unsigned char *end;
	struct tree_entry e;
	int r = repo_read(t->repo, id, REPO_TREE, &tree, v->err);

	end = tree.size ? tree.data + tree.size : tree.data;
	for (const unsigned char *at = tree.data; !r && tree_entry_at(at, end, &e); at = e.next) {
		struct object_id child;
		const char *path;

		if (e.mode == TREE_OTHER || (e.mode == TREE_DIRECTORY && !below))
			continue;
		memcpy(child.bytes, e.id, OBJECT_ID_SIZE);
		path = arena_printf(&paths, "%s%s%s", dir, *dir ? "/" : "", e.name);
		if (!path || strlen(path) > MAX_PATH)
			r = path ? ksa_fail(v->err, KSA_ELIMIT, "directories are too deep at '%s'",
					    dir)
				 : ksa_fail_nomem(v->err);
		else if (++t->walked > MAX_WALKED)
			r = ksa_fail(v->err, KSA_ELIMIT, "too many files below '%s'", dir);
		else
			r = e.mode == TREE_DIRECTORY ? walk(t, &child, path, below, v)
						     : v->visit(v->ctx, path, &child, v->err);
	}
	arena_release(&paths);
	return r;
}

int trees_walk(struct trees *t, const struct object_id *commit, const char *dir, bool below,
	       const struct trees_visitor *visitor)
{
	struct object_id id;
	int r = find_id(t, commit, dir, TREE_DIRECTORY, &id, visitor->err);

	t->walked = 0;
	return r ? r : walk(t, &id, dir, below, visitor);
}
