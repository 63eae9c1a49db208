// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/kernel_sbom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/vec.h"
#include "read/kernel/json.h"
#include "read/kernel/loader.h"

/* That of a whole allmodconfig has some hundred megabytes. */
#define MAX_SIZE  ((size_t)1 << 30)
#define MAX_EDGES ((size_t)100 * 1000 * 1000)

/* The members of an element that say something here. */
struct element {
	uint32_t id, from; /* NO_INDEX: none */
	const char *name, *license;
	enum relation {
		RELATION_OTHER,
		RELATION_MADE_OF,
		RELATION_MADE,
		RELATION_LICENSE
	} relation;
	struct {
		uint32_t *items;
		size_t count, capacity;
	} to;
};

void kernel_sbom_release(struct kernel_sbom *sbom)
{
	intern_release(&sbom->ids);
	free(sbom->nodes);
	free(sbom->edges.items);
	arena_release(&sbom->arena);
	memset(sbom, 0, sizeof(*sbom));
}

/* The node of an id that a document names, whether it has been seen or not. */
static int find_node(struct kernel_sbom *sbom, struct json_slice id, uint32_t *out,
		     struct ksa_error *err)
{
	int r = vec_reserve(&sbom->nodes, &sbom->capacity, sbom->count + 1, sizeof(*sbom->nodes),
			    err);

	if (r)
		return r;
	if (!intern_bytes(&sbom->ids, id.data, id.length, out))
		return ksa_fail_nomem(err);
	if (*out == sbom->count)
		sbom->nodes[sbom->count++] = (struct kernel_sbom_node){.declared = NO_INDEX};
	return 0;
}

static int read_id(struct kernel_sbom *sbom, struct json_reader *r, uint32_t *out)
{
	struct json_slice text;
	int ret = json_read_string(r, "spdxId", &text);

	return ret ? ret : find_node(sbom, text, out, r->err);
}

static int read_text(struct kernel_sbom *sbom, struct json_reader *r, const char *what,
		     const char **out)
{
	struct json_slice text;
	int ret = json_read_string(r, what, &text);

	if (ret)
		return ret;
	*out = arena_strndup(&sbom->arena, text.data, text.length);
	return *out ? 0 : ksa_fail_nomem(r->err);
}

static int read_relation(struct json_reader *r, enum relation *out)
{
	struct json_slice text;
	int ret = json_read_string(r, "relationshipType", &text);

	if (ret)
		return ret;
	if (json_slice_is(&text, "hasInput") || json_slice_is(&text, "dependsOn"))
		*out = RELATION_MADE_OF;
	else if (json_slice_is(&text, "hasOutput"))
		*out = RELATION_MADE;
	else if (json_slice_is(&text, "hasDeclaredLicense"))
		*out = RELATION_LICENSE;
	return 0;
}

static int read_ids(struct kernel_sbom *sbom, struct json_reader *r, struct element *e)
{
	int more = 0, ret = json_read_array(r, "to");

	while (!ret && (more = json_read_item(r)) > 0) {
		ret = VEC_PUSH_ROOM(&e->to, r->err);
		if (!ret)
			ret = read_id(sbom, r, &e->to.items[e->to.count]);
		e->to.count += !ret;
	}
	return ret ? ret : more;
}

static int read_member(struct kernel_sbom *sbom, struct json_reader *r, struct json_slice key,
		       struct element *e)
{
	if (json_slice_is(&key, "spdxId"))
		return read_id(sbom, r, &e->id);
	if (json_slice_is(&key, "from"))
		return read_id(sbom, r, &e->from);
	if (json_slice_is(&key, "to"))
		return read_ids(sbom, r, e);
	if (json_slice_is(&key, "name"))
		return read_text(sbom, r, "name", &e->name);
	if (json_slice_is(&key, "simplelicensing_licenseExpression"))
		return read_text(sbom, r, "simplelicensing_licenseExpression", &e->license);
	if (json_slice_is(&key, "relationshipType"))
		return read_relation(r, &e->relation);
	return json_read_skip(r);
}

static int add_edge(struct kernel_sbom *sbom, uint32_t from, uint32_t to, struct ksa_error *err)
{
	int r;

	if (sbom->edges.count >= MAX_EDGES)
		return ksa_fail(err, KSA_ELIMIT, "has more than %zu relations of files", MAX_EDGES);
	r = VEC_PUSH_ROOM(&sbom->edges, err);
	if (!r)
		sbom->edges.items[sbom->edges.count++] = (struct kernel_sbom_edge){from, to};
	return r;
}

static int take_element(struct kernel_sbom *sbom, const struct element *e, struct ksa_error *err)
{
	int r = 0;

	if (e->id != NO_INDEX && e->name)
		sbom->nodes[e->id].name = e->name;
	if (e->id != NO_INDEX && e->license)
		sbom->nodes[e->id].license = e->license;
	if (e->from == NO_INDEX)
		return 0;
	for (size_t i = 0; i < e->to.count && !r; i++) {
		if (e->relation == RELATION_MADE_OF)
			r = add_edge(sbom, e->from, e->to.items[i], err);
		else if (e->relation == RELATION_MADE)
			r = add_edge(sbom, e->to.items[i], e->from, err);
		else if (e->relation == RELATION_LICENSE)
			sbom->nodes[e->from].declared = e->to.items[i];
	}
	return r;
}

static int read_element(struct kernel_sbom *sbom, struct json_reader *r, struct element *e)
{
	struct json_slice key;
	int more = 0, ret = json_read_object(r, "@graph");

	e->id = e->from = NO_INDEX;
	e->name = e->license = NULL;
	e->relation = RELATION_OTHER;
	e->to.count = 0;
	while (!ret && (more = json_read_key(r, &key)) > 0)
		ret = read_member(sbom, r, key, e);
	if (!ret)
		ret = more;
	return ret ? ret : take_element(sbom, e, r->err);
}

static int read_graph(struct kernel_sbom *sbom, struct json_reader *r)
{
	struct element element = {.name = NULL};
	int more = 0, ret = json_read_array(r, "@graph");

	while (!ret && (more = json_read_item(r)) > 0)
		ret = read_element(sbom, r, &element);
	free(element.to.items);
	return ret ? ret : more;
}

int kernel_sbom_read(struct kernel_sbom *sbom, const char *path, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	struct json_reader reader;
	struct json_slice key;
	bool found = false;
	int more = 0, r = bytes_map_file(&data, path, MAX_SIZE, err);

	if (r)
		return r;
	sbom->ids.arena = &sbom->arena;
	json_read_begin(&reader, data.data, data.size, path, err);
	r = json_read_object(&reader, NULL);
	while (!r && (more = json_read_key(&reader, &key)) > 0) {
		bool graph = json_slice_is(&key, "@graph");

		found |= graph;
		r = graph ? read_graph(sbom, &reader) : json_read_skip(&reader);
	}
	if (!r)
		r = more ? more : json_read_end(&reader);
	json_read_release(&reader);
	if (!r && !found)
		r = ksa_fail_at(err, KSA_EFORMAT, path, 0,
				"has no \"@graph\", expected SPDX 3 as `make sbom` writes it");
	return r;
}

static int compare_edges(const void *a, const void *b)
{
	const struct kernel_sbom_edge *x = a, *y = b;

	return x->from != y->from ? (x->from < y->from ? -1 : 1) : 0;
}

/* Sort the edges, and let each node know its own: from nodes[i].first to nodes[i + 1].first. */
static int link_nodes(struct kernel_sbom *sbom, struct ksa_error *err)
{
	size_t at = 0;
	int r = vec_reserve(&sbom->nodes, &sbom->capacity, sbom->count + 1, sizeof(*sbom->nodes),
			    err);

	if (r)
		return r;
	if (sbom->edges.count)
		qsort(sbom->edges.items, sbom->edges.count, sizeof(*sbom->edges.items),
		      compare_edges);
	for (size_t i = 0; i <= sbom->count; i++) {
		while (at < sbom->edges.count && sbom->edges.items[at].from < i)
			at++;
		sbom->nodes[i].first = (uint32_t)at;
		sbom->nodes[i].seen = NO_INDEX;
	}
	return 0;
}

/* What a walk from a module finds: the nodes, and the files of each license. */
struct walk {
	struct kernel_sbom *sbom;
	struct inventory *inventory;
	uint32_t *queue; /* of nodes */
	size_t count;
	struct {
		struct inventory_source_license *items;
		size_t count, capacity;
	} found;
	struct strmap by_license;
};

static bool is_header(const char *name)
{
	size_t length = strlen(name);

	return length > 2 && strcmp(name + length - 2, ".h") == 0;
}

static int take_file(struct walk *w, const struct kernel_sbom_node *node, struct ksa_error *err)
{
	const char *license =
		node->declared != NO_INDEX ? w->sbom->nodes[node->declared].license : NULL;
	struct inventory_source_license *l;
	uint32_t at = (uint32_t)w->found.count;
	int r = 0;

	if (!license || !node->name)
		return 0;
	if (!strmap_get(&w->by_license, license, &at)) {
		r = VEC_PUSH_ROOM(&w->found, err);
		if (!r && strmap_set(&w->by_license, license, at))
			r = ksa_fail_nomem(err);
		if (r)
			return r;
		w->found.items[w->found.count++] =
			(struct inventory_source_license){.license = license};
	}
	l = w->found.items ? &w->found.items[at] : NULL;
	if (l && is_header(node->name)) {
		l->headers++;
		return 0;
	}
	return l ? vec_add_text(&l->files, &l->file_count, &l->file_capacity, node->name, err) : 0;
}

/* Everything that the module was made of, each file once. */
static int walk_from(struct walk *w, uint32_t start, uint32_t number, struct ksa_error *err)
{
	struct kernel_sbom *sbom = w->sbom;
	int r = 0;

	w->count = 0;
	w->queue[w->count++] = start;
	sbom->nodes[start].seen = number;
	for (size_t i = 0; i < w->count && !r; i++) {
		const struct kernel_sbom_node *node = &sbom->nodes[w->queue[i]];

		r = take_file(w, node, err);
		for (size_t k = node->first; k < node[1].first; k++) {
			uint32_t to = sbom->edges.items[k].to;

			if (sbom->nodes[to].seen == number)
				continue;
			sbom->nodes[to].seen = number;
			w->queue[w->count++] = to;
		}
	}
	return r;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_licenses(const void *a, const void *b)
{
	const struct inventory_source_license *x = a, *y = b;

	return strcmp(x->license, y->license);
}

/* Copy what was found to the inventory's memory, sorted. */
static int give(struct walk *w, struct inventory_item *item, struct ksa_error *err)
{
	struct arena *arena = &w->inventory->arena;
	size_t n = w->found.count;

	item->sources = arena_calloc(arena, n + 1, sizeof(*item->sources));
	if (!item->sources)
		return ksa_fail_nomem(err);
	if (n)
		qsort(w->found.items, n, sizeof(*w->found.items), compare_licenses);
	for (size_t i = 0; i < n; i++) {
		struct inventory_source_license *from = &w->found.items[i], *to = &item->sources[i];

		*to = *from;
		to->license = arena_strdup(arena, from->license);
		to->files = arena_calloc(arena, from->file_count + 1, sizeof(*to->files));
		if (!to->license || !to->files)
			return ksa_fail_nomem(err);
		if (from->file_count)
			qsort(from->files, from->file_count, sizeof(*from->files), compare_texts);
		for (size_t k = 0; k < from->file_count; k++) {
			to->files[k] = arena_strdup(arena, from->files[k]);
			if (!to->files[k])
				return ksa_fail_nomem(err);
		}
	}
	item->source_license_count = n;
	return 0;
}

static void forget(struct walk *w)
{
	for (size_t i = 0; i < w->found.count; i++)
		free(w->found.items[i].files);
	w->found.count = 0;
	strmap_release(&w->by_license);
}

static void release_walk(struct walk *w)
{
	forget(w);
	free(w->found.items);
	free(w->queue);
}

/* The files of the documents by name; of two of one name, the one that was made of something. */
static int index_files(const struct kernel_sbom *sbom, struct strmap *by_name,
		       struct ksa_error *err)
{
	for (uint32_t i = 0; i < sbom->count; i++) {
		const struct kernel_sbom_node *node = &sbom->nodes[i];

		if (node->name && node[1].first > node->first && strmap_set(by_name, node->name, i))
			return ksa_fail_nomem(err);
	}
	return 0;
}

static int join_all(struct walk *w, const struct strmap *by_name, size_t *joined,
		    struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < w->inventory->count && !r; i++) {
		struct inventory_item *item = &w->inventory->items[i];
		_cleanup_free_ char *owner = tree_owner(item->path);
		_cleanup_free_ char *name = NULL;
		uint32_t at;

		if (!owner || asprintf(&name, "%s.ko", owner) < 0) {
			name = NULL;
			return ksa_fail_nomem(err);
		}
		if (!strmap_get(by_name, name, &at))
			continue;
		(*joined)++;
		r = walk_from(w, at, (uint32_t)i, err);
		if (!r)
			r = give(w, item, err);
		forget(w);
	}
	return r;
}

int kernel_sbom_join(struct kernel_sbom *sbom, struct inventory *inventory, struct ksa_error *err)
{
	_cleanup_(release_walk) struct walk w = {.sbom = sbom, .inventory = inventory};
	struct strmap by_name = {NULL, 0, 0};
	size_t joined = 0;
	int r = link_nodes(sbom, err);

	w.queue = calloc(sbom->count + 1, sizeof(*w.queue));
	if (!r && !w.queue)
		r = ksa_fail_nomem(err);
	if (!r)
		r = index_files(sbom, &by_name, err);
	if (!r)
		r = join_all(&w, &by_name, &joined, err);
	strmap_release(&by_name);
	if (r || joined == inventory->count)
		return r;
	if (!joined)
		return ksa_fail(err, KSA_ENODATA,
				"the kernel's bill of materials has none of these modules: it "
				"names them by their paths in the kernel's tree");
	joined = inventory->count - joined;
	return vec_add_text(
		&inventory->notices, &inventory->notice_count, &inventory->notice_capacity,
		arena_printf(&inventory->arena,
			     "%zu module%s not in the kernel's bill of materials: what %s built "
			     "from is not known",
			     joined, joined == 1 ? " is" : "s are",
			     joined == 1 ? "it was" : "they were"),
		err);
}
