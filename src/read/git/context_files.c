// SPDX-License-Identifier: GPL-2.0-or-later
/* All versions of files in their trees: which hang on what, and what a change of that does. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/vec.h"
#include "read/git/context.h"
#include "read/source/dirs.h"

/* Files that change by what is around them. A kernel has a few thousand in all. */
#define MAX_ADDED ((size_t)1 << 22)

static int push_context(struct history_build *b, uint32_t kind, uint32_t name, uint32_t path)
{
	struct ksa_history *h = b->history;
	int r = vec_reserve(&h->contexts, &h->context_capacity, h->context_count + 1,
			    sizeof(*h->contexts), b->err);

	if (!r)
		h->contexts[h->context_count++] = (struct history_context){kind, name, path};
	return r;
}

static int collect_facts(struct history_build *b, const struct export_set *s, uint32_t path)
{
	int r = 0;

	for (uint32_t i = s->first + s->count; i < s->first + s->count + s->fact_count && !r; i++) {
		const struct export_item *item = &b->items[i];

		if (item->kind == FACT_NEED)
			r = push_context(b, CONTEXT_NEED, item->name, path);
		else if (item->kind == FACT_DEFINITION)
			r = push_context(b, CONTEXT_HEADER, item->name, path);
		else
			r = push_context(b, CONTEXT_MAKEFILE, 0, path);
	}
	return r;
}

static int collect_set(struct history_build *b, uint32_t set, uint32_t path)
{
	const struct export_set *s = &b->set_list[set];
	int r = 0;

	if (b->makefiles && s->kinds & (ITEM_DEFAULT | ITEM_LATE))
		r = push_context(b, CONTEXT_DEFAULT, 0, path);
	if (!r && s->kinds & ITEM_FORMS)
		r = push_context(b, CONTEXT_FORM, 0, path);
	return r ? r : collect_facts(b, s, path);
}

int context_collect(struct history_build *b)
{
	uint32_t last = SET_EMPTY, path = 0;
	int r = 0;

	for (size_t i = 0; i < b->files.count && !r; i++) {
		const struct file_change *f = &b->files.items[i];

		for (uint32_t k = f->ids; k < f->ids + f->id_count && !r; k++) {
			if (b->sets[k] == SET_UNKNOWN || b->sets[k] == SET_EMPTY ||
			    (b->sets[k] == last && f->path == path))
				continue;
			last = b->sets[k];
			path = f->path;
			r = collect_set(b, last, path);
		}
	}
	if (!r)
		history_sort_contexts(b->history);
	return r;
}

/* A file at a commit whose tree changes what it exports. */
struct affected {
	uint32_t commit, path;
};

struct affected_list {
	struct affected *items;
	size_t count, capacity;
};

static int affect(struct history_build *b, struct affected_list *list, uint32_t commit,
		  const struct history_context *files, size_t count, const char *below)
{
	const struct ksa_history *h = b->history;
	size_t length = strlen(below);
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		if (strncmp(h->strings[files[i].path], below, length) != 0)
			continue;
		r = list->count < MAX_ADDED ? VEC_PUSH_ROOM(list, b->err)
					    : ksa_fail(b->err, KSA_ELIMIT,
						       "Makefiles and headers of the history "
						       "change more exports than can be counted");
		if (!r)
			list->items[list->count++] = (struct affected){commit, files[i].path};
	}
	return r;
}

static bool has_fact(const struct history_build *b, uint32_t set, const struct export_item *fact)
{
	const struct export_set *s = &b->set_list[set];

	for (uint32_t i = s->first + s->count; i < s->first + s->count + s->fact_count; i++)
		if (memcmp(&b->items[i], fact, sizeof(*fact)) == 0)
			return true;
	return false;
}

/* What one side says and the other does not. */
static int differ(struct history_build *b, struct affected_list *list, const struct file_change *f,
		  uint32_t one, uint32_t other)
{
	const struct ksa_history *h = b->history;
	const char *path = h->strings[f->path];
	struct export_set s = b->set_list[one];
	int r = 0;

	for (uint32_t i = s.first + s.count; i < s.first + s.count + s.fact_count && !r; i++) {
		struct export_item item = b->items[i];
		const struct history_context *files;
		_cleanup_free_ char *directory = NULL;
		size_t count;

		if (item.kind == FACT_NEED || has_fact(b, other, &item))
			continue;
		if (item.kind == FACT_DEFINITION) {
			files = context_find(h, CONTEXT_NEED, item.name, &count);
			r = affect(b, list, f->commit, files, count, "");
			if (r || !source_has_forms(path) ||
			    !source_forms(h->strings[item.name], h->strings[item.ns]))
				continue;
			files = context_find(h, CONTEXT_FORM, 0, &count);
			r = affect(b, list, f->commit, files, count, "");
			continue;
		}
		directory = strndup(
			path, (size_t)(strrchr(path, '/') ? strrchr(path, '/') + 1 - path : 0));
		files = context_find(h, CONTEXT_DEFAULT, 0, &count);
		r = directory ? affect(b, list, f->commit, files, count, directory)
			      : ksa_fail_nomem(b->err);
	}
	return r;
}

static int find_affected(struct history_build *b, struct affected_list *list)
{
	int r = 0;

	for (size_t i = 0; i < b->files.count && !r; i++) {
		const struct file_change *f = &b->files.items[i];

		for (uint32_t k = f->ids + 1; k < f->ids + f->id_count && !r; k++) {
			uint32_t is = b->sets[f->ids], was = b->sets[k];

			if (is == was || is == SET_UNKNOWN || was == SET_UNKNOWN)
				continue;
			r = differ(b, list, f, is, was);
			if (!r)
				r = differ(b, list, f, was, is);
		}
	}
	return r;
}

static int compare_affected(const void *a, const void *b)
{
	const struct affected *x = a, *y = b;

	if (x->path != y->path)
		return x->path < y->path ? -1 : 1;
	return (x->commit > y->commit) - (x->commit < y->commit);
}

static bool is_listed(const struct affected_list *list, uint32_t commit, uint32_t path)
{
	const struct affected key = {commit, path};

	return bsearch(&key, list->items, list->count, sizeof(key), compare_affected);
}

/* One version of the file, on one side of the commit that is added. */
static int push_side(struct history_build *b, uint32_t commit, uint32_t path, uint32_t *set_count)
{
	size_t at = b->files.ids.count;
	uint32_t set;
	int r = VEC_PUSH_ROOM(&b->files.ids, b->err);

	if (r)
		return r;
	r = context_raw_at(b, commit, path, &b->files.ids.items[at], &set);
	if (!r && at >= *set_count) {
		size_t room = *set_count;

		r = vec_reserve(&b->sets, &room, at + 1, sizeof(*b->sets), b->err);
		*set_count = (uint32_t)room;
	}
	if (r)
		return r;
	b->sets[at] = set;
	b->files.ids.count++;
	return 0;
}

static int push_file(struct history_build *b, const struct affected *a, uint32_t *set_count)
{
	const struct ksa_history *h = b->history;
	const struct history_commit *c = &h->commits[a->commit];
	struct file_change f = {.path = a->path,
				.commit = a->commit,
				.ids = (uint32_t)b->files.ids.count,
				.id_count = c->parent_count + 1u};
	int r;

	/* A first commit adds all of its files. */
	if (!c->parent_count)
		return 0;
	if (b->files.ids.count > UINT32_MAX - HISTORY_MAX_PARENTS - 1)
		return ksa_fail(b->err, KSA_ELIMIT,
				"the history has more changes than can be counted");
	r = push_side(b, a->commit, a->path, set_count);
	for (uint32_t i = 0; i < c->parent_count && !r; i++)
		r = push_side(b, h->parents[c->parents + i], a->path, set_count);
	if (!r)
		r = VEC_PUSH_ROOM(&b->files, b->err);
	if (!r)
		b->files.items[b->files.count++] = f;
	return r;
}

int context_add_files(struct history_build *b)
{
	struct affected_list list = {NULL, 0, 0}, known = {NULL, 0, 0};
	uint32_t set_count = (uint32_t)b->files.ids.count + 1;
	size_t kept = 0;
	int r = find_affected(b, &list);

	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_affected);
	for (size_t i = 0; i < list.count; i++)
		if (!kept || compare_affected(&list.items[kept - 1], &list.items[i]) != 0)
			list.items[kept++] = list.items[i];
	list.count = kept;
	/* Those that the commit changes itself stand there. */
	for (size_t i = 0; i < b->files.count && list.count && !r; i++) {
		const struct file_change *f = &b->files.items[i];

		if (!is_listed(&list, f->commit, f->path))
			continue;
		r = VEC_PUSH_ROOM(&known, b->err);
		if (!r)
			known.items[known.count++] = (struct affected){f->commit, f->path};
	}
	if (known.count)
		qsort(known.items, known.count, sizeof(*known.items), compare_affected);
	for (size_t i = 0; i < list.count && !r; i++)
		if (!known.count || !is_listed(&known, list.items[i].commit, list.items[i].path))
			r = push_file(b, &list.items[i], &set_count);
	free(list.items);
	free(known.items);
	return r;
}

int context_resolve(struct history_build *b)
{
	const struct ksa_history *h = b->history;
	uint32_t chain[CONTEXT_CHAIN], path = 0;
	bool governed = false, makefiles = b->makefiles;
	int r = 0;

	for (size_t i = 0; i < b->files.count && !r; i++) {
		const struct file_change *f = &b->files.items[i];
		const struct history_commit *c = &h->commits[f->commit];

		if (f->path != path) {
			path = f->path;
			governed = makefiles && context_makefiles(b, h->strings[path], chain);
		}
		b->makefiles = governed;
		for (uint32_t k = 0; k < f->id_count && !r; k++) {
			uint32_t *set = &b->sets[f->ids + k];

			/* The side of nothing, of a commit without parents, has no tree. */
			if (*set != SET_UNKNOWN && context_matters(b, *set))
				r = context_apply(b, k ? h->parents[c->parents + k - 1] : f->commit,
						  path, &b->files.ids.items[f->ids + k], set);
		}
	}
	b->makefiles = makefiles;
	return r;
}
