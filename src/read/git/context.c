// SPDX-License-Identifier: GPL-2.0-or-later
/* What one file exports in one tree. */
#include "read/git/context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/vec.h"
#include "read/source/dirs.h"

#define MEMO	   8192 /* files at commits that are kept; a power of two */
#define MAX_ROUNDS 4 /* macros of headers that use macros of other headers */

struct place {
	uint32_t commit, path; /* path 0: the entry is free */
	uint32_t set;
	struct object_id blob;
};

/* A version of a file with the macros of some headers. */
struct expanded {
	struct object_id blob;
	uint64_t headers; /* a hash of their ids; 0: the entry is free */
	uint32_t path, set;
};

struct context {
	struct place places[MEMO];
	struct expanded expanded[MEMO];
	uint8_t *forms; /* of new commits, masks of 1u << source_form; 0: not known */
};

int context_open(struct history_build *b)
{
	b->context = calloc(1, sizeof(*b->context));
	return b->context ? build_begin_sets(b) : ksa_fail_nomem(b->err);
}

void context_close(struct history_build *b)
{
	if (b->context)
		free(b->context->forms);
	free(b->context);
	b->context = NULL;
}

const struct history_context *context_find(const struct ksa_history *h, uint32_t kind,
					   uint32_t name, size_t *count)
{
	const struct history_context *all = h->contexts;
	size_t first =
		SEARCH_FIRST(i, h->context_count,
			     all[i].kind < kind || (all[i].kind == kind && all[i].name < name));
	size_t at = first;

	while (at < h->context_count && all[at].kind == kind && all[at].name == name)
		at++;
	*count = at - first;
	return all + first;
}

static bool has_context(const struct ksa_history *h, uint32_t kind, uint32_t path)
{
	size_t count;
	const struct history_context *list = context_find(h, kind, 0, &count);
	size_t at = SEARCH_FIRST(i, count, list[i].path < path);

	return at < count && list[at].path == path;
}

int context_raw_at(struct history_build *b, uint32_t commit, uint32_t path, struct object_id *blob,
		   uint32_t *set)
{
	const struct ksa_history *h = b->history;
	struct place *place =
		&b->context->places[(commit * 0x9e3779b1u ^ path * 0x85ebca6bu) % MEMO];
	int r = 0;

	if (place->path != path || place->commit != commit) {
		place->path = 0;
		memset(&place->blob, 0, sizeof(place->blob));
		r = repo_find_path(b->repo, &h->commits[commit].id, h->strings[path], &place->blob,
				   b->err);
		if (r && r != KSA_ENODATA)
			return r;
		r = build_set_of(b, h->strings[path], &place->blob, &place->set);
		if (r)
			return r;
		place->path = path;
		place->commit = commit;
	}
	*blob = place->blob;
	*set = place->set;
	return 0;
}

int context_wants_makefiles(struct history_build *b, const struct object_id *tip, bool *wanted)
{
	static const char *const headers[] = {"include/linux/export.h", "include/linux/module.h"};
	static const char word[] = "DEFAULT_SYMBOL_NAMESPACE";
	bool kernel = false;

	*wanted = false;
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers) && !*wanted; i++) {
		_cleanup_(repo_object_release) struct repo_object object = {.data = NULL};
		struct object_id blob;
		int r = repo_find_path(b->repo, tip, headers[i], &blob, b->err);

		if (!r)
			r = repo_read(b->repo, &blob, REPO_BLOB, &object, b->err);
		if (r == KSA_ENODATA)
			continue;
		if (r)
			return r;
		kernel = true;
		*wanted = object.size && memmem(object.data, object.size, word, sizeof(word) - 1);
	}
	*wanted |= !kernel;
	return 0;
}

/* Look up which forms the commit's tree exports: a mask of 1u << source_form. */
static int look_up_forms(struct history_build *b, uint32_t commit, uint8_t *forms)
{
	const struct ksa_history *h = b->history;
	int r = 0;

	*forms = 1u << SOURCE_FORM_PLAIN;
	for (size_t n = 0; source_form_headers[n] && !r; n++) {
		struct export_set s;
		struct object_id blob;
		uint32_t path, set;

		if (!strmap_get(&h->string_map, source_form_headers[n], &path))
			continue;
		r = context_raw_at(b, commit, path, &blob, &set);
		if (r || set == SET_UNKNOWN)
			continue;
		s = b->set_list[set];
		for (uint32_t i = s.first + s.count; i < s.first + s.count + s.fact_count; i++)
			if (b->items[i].kind == FACT_DEFINITION)
				*forms |= (uint8_t)source_forms(h->strings[b->items[i].name],
								h->strings[b->items[i].ns]);
	}
	return r;
}

static int forms_at(struct history_build *b, uint32_t commit, uint8_t *forms)
{
	const struct context *c = b->context;

	if (!c->forms || commit < b->first || !c->forms[commit - b->first])
		return look_up_forms(b, commit, forms);
	*forms = c->forms[commit - b->first];
	return 0;
}

/* As all parents have it, if they have the same; 0: that does not tell. */
static int inherit_forms(struct history_build *b, uint32_t commit, uint8_t *forms)
{
	const struct ksa_history *h = b->history;
	const struct history_commit *c = &h->commits[commit];
	uint8_t first = 0, next;
	int r = 0;

	*forms = 0;
	for (uint32_t i = 0; i < c->parent_count && !r; i++) {
		r = forms_at(b, h->parents[c->parents + i], i ? &next : &first);
		if (i && !r && next != first)
			return 0;
	}
	*forms = first;
	return r;
}

static int compare_orders(const void *a, const void *b, void *ctx)
{
	const struct ksa_history *h = ctx;
	uint32_t x = h->commits[*(const uint32_t *)a].order;
	uint32_t y = h->commits[*(const uint32_t *)b].order;

	return (x > y) - (x < y);
}

/* Commits that change a header with forms. */
static void mark_changes(const struct history_build *b, bool *changed)
{
	const struct ksa_history *h = b->history;

	for (size_t n = 0; source_form_headers[n]; n++) {
		uint32_t path;

		if (!strmap_get(&h->string_map, source_form_headers[n], &path))
			continue;
		for (size_t i = 0; i < b->files.count; i++)
			if (b->files.items[i].path == path)
				changed[b->files.items[i].commit - b->first] = true;
	}
}

int context_make_forms(struct history_build *b)
{
	struct ksa_history *h = b->history;
	size_t count = h->commit_count - b->first, files;
	_cleanup_free_ uint32_t *order = malloc((count + 1) * sizeof(*order));
	_cleanup_free_ bool *changed = calloc(count + 1, sizeof(*changed));
	int r = 0;

	context_find(h, CONTEXT_FORM, 0, &files);
	if (!files)
		/* cppcheck-suppress memleak; order and changed have a cleanup */
		return 0;
	free(b->context->forms);
	b->context->forms = calloc(count + 1, 1);
	if (!order || !changed || !b->context->forms)
		return ksa_fail_nomem(b->err);
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)(b->first + i);
	qsort_r(order, count, sizeof(*order), compare_orders, h);
	mark_changes(b, changed);
	for (size_t i = 0; i < count && !r; i++) {
		uint8_t *forms = &b->context->forms[order[i] - b->first];

		if (!changed[order[i] - b->first])
			r = inherit_forms(b, order[i], forms);
		if (!r && !*forms)
			r = look_up_forms(b, order[i], forms);
	}
	return r;
}

size_t context_makefiles(const struct history_build *b, const char *path, uint32_t *out)
{
	static const char *const names[] = {"Makefile", "Kbuild"};
	const struct ksa_history *h = b->history;
	size_t length = strlen(path), size = length + sizeof("Makefile"), count = 0;
	char *text = malloc(size);

	while (text && count + 2 <= CONTEXT_CHAIN) {
		while (length && path[length - 1] != '/')
			length--;
		for (size_t i = 0; i < 2; i++) {
			uint32_t number;

			snprintf(text, size, "%.*s%s", (int)length, path, names[i]);
			if (strmap_get(&h->string_map, text, &number) &&
			    has_context(h, CONTEXT_MAKEFILE, number))
				out[count++] = number;
		}
		if (!length)
			break;
		length--;
	}
	free(text);
	return count;
}

/* What a Makefile sets for its directory, or for all below; 0: nothing. */
static uint32_t makefile_says(const struct history_build *b, uint32_t set, bool own)
{
	const struct export_set *s = &b->set_list[set];
	uint32_t below = 0;

	for (uint32_t i = s->first + s->count; i < s->first + s->count + s->fact_count; i++) {
		const struct export_item *item = &b->items[i];

		if (own && item->kind == FACT_NS)
			return item->ns;
		if (item->kind == FACT_NS_BELOW)
			below = item->ns;
	}
	return below;
}

static bool is_beside(const char *file, const char *makefile)
{
	const char *slash = strrchr(makefile, '/');
	size_t length = slash ? (size_t)(slash - makefile) + 1 : 0;

	return strncmp(file, makefile, length) == 0 && !strchr(file + length, '/');
}

/* The namespace that the commit's Makefiles set for a file, the nearest first; 0: none. */
static int namespace_at(struct history_build *b, uint32_t commit, const char *path, uint32_t *ns)
{
	uint32_t chain[CONTEXT_CHAIN], set;
	size_t count = context_makefiles(b, path, chain), size = strlen(path);
	struct object_id blob;
	int r = 0;

	*ns = 0;
	/* Assemblers get other flags. */
	if (size > 2 && strcmp(path + size - 2, ".S") == 0)
		return 0;
	for (size_t i = 0; i < count && !r && !*ns; i++) {
		r = context_raw_at(b, commit, chain[i], &blob, &set);
		if (!r && set != SET_UNKNOWN)
			*ns = makefile_says(b, set, is_beside(path, b->history->strings[chain[i]]));
	}
	return r;
}

static bool set_defines(const struct history_build *b, uint32_t set, uint32_t macro)
{
	const struct export_set *s = &b->set_list[set];

	for (uint32_t i = s->first + s->count; i < s->first + s->count + s->fact_count; i++)
		if (b->items[i].kind == FACT_DEFINITION && b->items[i].name == macro)
			return true;
	return false;
}

/* The headers whose macros are put before a file. */
struct preludes {
	struct repo_object objects[SOURCE_MAX_PRELUDES];
	struct source_prelude texts[SOURCE_MAX_PRELUDES];
	struct object_id ids[SOURCE_MAX_PRELUDES];
	size_t count;
};

static void preludes_release(struct preludes *p)
{
	for (size_t i = 0; i < p->count; i++)
		repo_object_release(&p->objects[i]);
}

/* A file in a tree. */
struct located {
	uint32_t commit, path;
	struct repo_object text;
};

/* The header of the tree that defines the macro for the file: one that it includes by name before
 * others, then the nearest. *blob is zero if there is none. */
static int find_header(struct history_build *b, const struct located *file, uint32_t macro,
		       struct object_id *blob)
{
	const struct ksa_history *h = b->history;
	const struct history_context *list;
	size_t count;
	int best = INT32_MIN, r = 0;

	memset(blob, 0, sizeof(*blob));
	list = context_find(h, CONTEXT_HEADER, macro, &count);
	for (size_t i = 0; i < count && !r; i++) {
		const char *path = h->strings[list[i].path];
		int score = source_nearness(h->strings[file->path], path);
		struct object_id id;
		uint32_t set;

		if (source_includes(file->text.data, file->text.size, path))
			score += SOURCE_INCLUDED;
		if (score <= best)
			continue;
		r = context_raw_at(b, file->commit, list[i].path, &id, &set);
		if (r || set == SET_UNKNOWN || !set_defines(b, set, macro))
			continue;
		best = score;
		*blob = id;
	}
	return r;
}

static int add_prelude(struct history_build *b, struct preludes *p, const struct object_id *blob)
{
	int r;

	if (object_id_is_zero(blob) || p->count == SOURCE_MAX_PRELUDES)
		return 0;
	for (size_t i = 0; i < p->count; i++)
		if (object_id_is_equal(&p->ids[i], blob))
			return 0;
	r = repo_read(b->repo, blob, REPO_BLOB, &p->objects[p->count], b->err);
	if (r)
		return r == KSA_ENODATA ? 0 : r;
	p->texts[p->count] =
		(struct source_prelude){p->objects[p->count].data, p->objects[p->count].size};
	p->ids[p->count++] = *blob;
	return 0;
}

/* Read the version again with the headers, or take what was read. */
static int expand(struct history_build *b, uint32_t path, const struct object_id *blob,
		  const struct preludes *p, uint32_t *set)
{
	struct expanded *e;
	uint64_t hash = 0xcbf29ce484222325u, word;
	int r;

	for (size_t i = 0; i < p->count; i++) {
		memcpy(&word, p->ids[i].bytes, sizeof(word));
		hash = (hash ^ word) * 0x100000001b3u ^ hash >> 31;
	}
	memcpy(&word, blob->bytes, sizeof(word));
	e = &b->context->expanded[(hash ^ word ^ path * 0x9e3779b1u) % MEMO];
	if (e->headers == hash && e->path == path && object_id_is_equal(&e->blob, blob)) {
		*set = e->set;
		return 0;
	}
	r = build_set_with(b, b->history->strings[path], blob, p->texts, p->count, set);
	if (!r)
		*e = (struct expanded){*blob, hash, path, *set};
	return r;
}

/* Follow the macros that the file calls into the headers of its tree. */
static int apply_headers(struct history_build *b, uint32_t commit, uint32_t path,
			 const struct object_id *blob, uint32_t *set)
{
	struct located file = {.commit = commit, .path = path};
	struct preludes p = {.count = 0};
	int r = repo_read(b->repo, blob, REPO_BLOB, &file.text, b->err);

	for (int round = 0; round < MAX_ROUNDS && !r && *set != SET_UNKNOWN; round++) {
		struct export_set s = b->set_list[*set];
		size_t before = p.count;

		for (uint32_t i = s.first + s.count; i < s.first + s.count + s.fact_count && !r;
		     i++) {
			struct object_id header;

			if (b->items[i].kind != FACT_NEED)
				continue;
			r = find_header(b, &file, b->items[i].name, &header);
			if (!r)
				r = add_prelude(b, &p, &header);
		}
		if (r || p.count == before)
			break;
		r = expand(b, path, blob, &p, set);
	}
	preludes_release(&p);
	repo_object_release(&file.text);
	return r == KSA_ENODATA ? 0 : r;
}

/* The set without what the tree does not have, and with what it gives. */
static int settle(struct history_build *b, unsigned int forms, uint32_t ns, uint32_t *set)
{
	struct export_set s = b->set_list[*set];
	_cleanup_free_ struct export_item *items = malloc((s.count + 1) * sizeof(*items));
	size_t count = 0;

	if (!items)
		return ksa_fail_nomem(b->err);
	for (uint32_t i = 0; i < s.count; i++) {
		struct export_item item = b->items[s.first + i];

		if (!(forms & 1u << (item.kind & ITEM_FORMS) / ITEM_FORM))
			continue;
		if (item.kind & ITEM_LATE)
			item.ns = ns ? item.ns : 0;
		else if (item.kind & ITEM_DEFAULT && !item.ns)
			item.ns = ns;
		item.kind = 0;
		items[count++] = item;
	}
	return build_intern(b, items, count, set, b->err);
}

bool context_matters(const struct history_build *b, uint32_t set)
{
	const struct export_set *s;

	if (set == SET_EMPTY || set == SET_UNKNOWN)
		return false;
	s = &b->set_list[set];
	return s->fact_count || s->kinds & (ITEM_FORMS | ITEM_LATE) ||
	       (b->makefiles && s->kinds & ITEM_DEFAULT);
}

int context_apply(struct history_build *b, uint32_t commit, uint32_t path,
		  const struct object_id *blob, uint32_t *set)
{
	uint8_t forms = 1u << SOURCE_FORM_PLAIN;
	uint32_t ns = 0;
	int r = 0;

	if (*set == SET_UNKNOWN || !context_matters(b, *set))
		return 0;
	if (b->set_list[*set].fact_count)
		r = apply_headers(b, commit, path, blob, set);
	if (r || *set == SET_UNKNOWN || *set == SET_EMPTY)
		return r;
	if (b->set_list[*set].kinds & ITEM_FORMS)
		r = forms_at(b, commit, &forms);
	if (!r && b->makefiles && b->set_list[*set].kinds & (ITEM_DEFAULT | ITEM_LATE))
		r = namespace_at(b, commit, b->history->strings[path], &ns);
	return r ? r : settle(b, forms, ns, set);
}

int context_set_at(struct history_build *b, uint32_t commit, uint32_t path, uint32_t *set)
{
	struct object_id blob;
	int r = context_raw_at(b, commit, path, &blob, set);

	return r ? r : context_apply(b, commit, path, &blob, set);
}
