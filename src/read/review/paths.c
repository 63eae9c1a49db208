// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/review/paths.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void paths_release(struct paths *p)
{
	free(p->nodes);
	*p = (struct paths){.nodes = NULL};
}

static int add_node(struct paths *p, size_t parent, struct trees_name name, const char *path,
		    struct ksa_error *err)
{
	int r = vec_reserve(&p->nodes, &p->capacity, p->count + 1, sizeof(*p->nodes), err);

	if (r)
		return r;
	p->nodes[p->count] = (struct paths_node){name, path, parent, p->count + 1, {{0}}};
	p->count++;
	/* It is in all that it is below. */
	for (; parent != SIZE_MAX; parent = p->nodes[parent].parent)
		p->nodes[parent].end = p->count;
	return 0;
}

/* The directory of that name, if it is the last one of its parent's nodes; else SIZE_MAX. */
static size_t last_directory(const struct paths *p, size_t parent, const struct trees_name *name)
{
	size_t at = p->count;

	/* Up from the last node to the one in the parent. */
	for (at = at ? at - 1 : SIZE_MAX; at != SIZE_MAX && p->nodes[at].parent != parent;)
		at = p->nodes[at].parent;
	if (at == SIZE_MAX || p->nodes[at].path || p->nodes[at].name.length != name->length ||
	    memcmp(p->nodes[at].name.text, name->text, name->length) != 0)
		return SIZE_MAX;
	return at;
}

static int add_path(struct paths *p, const char *path, struct ksa_error *err)
{
	const char *at = path, *slash;
	size_t parent = SIZE_MAX;
	int r = 0;

	for (; (slash = strchr(at, '/')) && !r; at = slash + 1) {
		const struct trees_name name = {at, (size_t)(slash - at), true};
		size_t dir = last_directory(p, parent, &name);

		if (dir == SIZE_MAX) {
			r = add_node(p, parent, name, NULL, err);
			dir = p->count - 1;
		}
		parent = dir;
	}
	return r ? r : add_node(p, parent, (struct trees_name){at, strlen(at), false}, path, err);
}

int paths_make(struct paths *p, const char *const *sorted, size_t count, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < count && !r; i++)
		r = add_path(p, sorted[i], err);
	return r;
}

int paths_visit(struct paths *p, struct trees *trees, const struct object_id *commit, bool all,
		const struct trees_visitor *v)
{
	struct object_id top, id;
	int r = trees_top(trees, commit, &top, v->err);

	for (size_t i = 0; i < p->count && !r;) {
		struct paths_node *n = &p->nodes[i];

		r = trees_entry(trees, n->parent == SIZE_MAX ? &top : &p->nodes[n->parent].id,
				&n->name, &id, v->err);
		i = !all && object_id_is_equal(&id, &n->id) ? n->end : i + 1;
		if (r || (!all && object_id_is_equal(&id, &n->id)))
			continue;
		n->id = id;
		if (n->path)
			r = v->visit(v->ctx, n->path, &id, v->err);
	}
	return r;
}
