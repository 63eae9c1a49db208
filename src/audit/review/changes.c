// SPDX-License-Identifier: GPL-2.0-or-later
/* What a patch does to exports: both sides of its files, compared by symbol. */
#include "audit/review/review_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"

/* Of one name on one side of a patch: architectures have up to a few dozen. */
#define MAX_SAME 64

/* An export on one side of one file. */
struct entry {
	const struct review_export *e;
	uint32_t file; /* index in the patch */
	uint8_t side;
	bool test, done;
	uint32_t at; /* its line in the patch, or 0 */
};

struct entries {
	struct entry *items;
	size_t count, capacity;
};

static void entries_release(struct entries *entries)
{
	free(entries->items);
}

bool review_is_test_path(const char *path)
{
	return strncmp(path, "tools/", 6) == 0 || strncmp(path, "scripts/", 8) == 0 ||
	       strncmp(path, "Documentation/", 14) == 0;
}

static int gather(const struct review_patch *patch, struct entries *out, struct ksa_error *err)
{
	for (uint32_t f = 0; f < patch->file_count; f++) {
		for (int side = PATCH_OLD; side < PATCH_SIDES; side++) {
			const struct review_side *s = &patch->files[f].sides[side];
			const struct patch_file *file = patch->files[f].file;
			struct patch_position position = {.line = 0};

			for (size_t i = 0; i < s->export_count; i++) {
				const uint32_t line = s->exports[i].line;
				int r = VEC_PUSH_ROOM(out, err);

				if (r)
					return r;
				out->items[out->count++] = (struct entry){
					.e = &s->exports[i],
					.file = f,
					.side = (uint8_t)side,
					.at = file ? patch_file_next(file, side, line, &position)
						   : 0,
					.test = review_is_test_path(s->path)};
			}
		}
	}
	return 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *p = a, *q = b;
	int r = strcmp(p->e->name, q->e->name);

	if (r)
		return r;
	if (p->file != q->file)
		return p->file < q->file ? -1 : 1;
	if (p->side != q->side)
		return p->side < q->side ? -1 : 1;
	return p->e->line < q->e->line ? -1 : p->e->line > q->e->line;
}

static bool is_equal(const struct review_export *a, const struct review_export *b)
{
	if (a->cls != b->cls || !a->ns != !b->ns)
		return false;
	return !a->ns || strcmp(a->ns, b->ns) == 0;
}

static struct review_place place_of(const struct review_patch *patch, const struct entry *e)
{
	const struct review_file *f = &patch->files[e->file];

	return (struct review_place){.path = f->sides[e->side].path,
				     .ns = e->e->ns,
				     .line = e->e->line,
				     .at = e->at,
				     .body = e->e->body,
				     .cls = e->e->cls};
}

/* The comparison of the exports of one name. */
struct group {
	const struct review_patch *patch;
	struct entry *items;
	size_t count;
	uint32_t index;
	struct review_change_list *list;
	struct ksa_error *err;
};

/* Both branches of an #ifdef are changed in the same way: that is one change. */
static bool is_repeated(const struct group *g, const struct entry *old, const struct entry *new_)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct entry *e = &g->items[i];

		if (e == new_)
			break;
		if (e->done && e->side == PATCH_NEW && e->file == new_->file &&
		    is_equal(e->e, new_->e) && old->file == new_->file)
			return true;
	}
	return false;
}

static int add_change(struct group *g, struct entry *old, struct entry *new_)
{
	struct entry *any = new_ ? new_ : old;
	struct review_change *c;
	int r = VEC_PUSH_ROOM(g->list, g->err);

	if (r)
		return r;
	if (old && new_ && is_repeated(g, old, new_)) {
		old->done = new_->done = true;
		return 0;
	}
	c = &g->list->items[g->list->count++];
	*c = (struct review_change){.symbol = any->e->name,
				    .patch = g->index,
				    .kind = any->e->kind,
				    .pasted = any->e->pasted,
				    .test = any->test,
				    .what = !old			? REVIEW_ADDED
					    : !new_			? REVIEW_REMOVED
					    : is_equal(old->e, new_->e) ? REVIEW_MOVED
									: REVIEW_CHANGED};
	if (old) {
		c->sides[PATCH_OLD] = place_of(g->patch, old);
		old->done = true;
	}
	if (new_) {
		c->sides[PATCH_NEW] = place_of(g->patch, new_);
		new_->done = true;
	}
	return 0;
}

/* True if both are left, one of each side. */
static bool is_open_pair(const struct entry *old, const struct entry *new_)
{
	return old->side == PATCH_OLD && new_->side == PATCH_NEW && !old->done && !new_->done &&
	       old->test == new_->test;
}

/* The patch gives the file another name. */
static bool is_renamed(const struct review_patch *patch, const struct entry *e)
{
	const struct review_side *sides = patch->files[e->file].sides;

	return strcmp(sides[PATCH_OLD].path, sides[PATCH_NEW].path) != 0;
}

/* Pair what is left of the old side with what is left of the new one. same_file: only within a
 * file; equal: only what does not change, which is no change within a file. */
static int pair(struct group *g, bool same_file, bool equal)
{
	int r = 0;

	for (size_t i = 0; i < g->count && !r; i++) {
		struct entry *old = &g->items[i];

		for (size_t k = 0; k < g->count && !r; k++) {
			struct entry *new_ = &g->items[k];

			if (!is_open_pair(old, new_) || (same_file && old->file != new_->file) ||
			    (equal && !is_equal(old->e, new_->e)))
				continue;
			if (same_file && equal && !is_renamed(g->patch, old))
				old->done = new_->done = true;
			else
				r = add_change(g, old, new_);
		}
	}
	return r;
}

/*
 * What the other side of the same file exports under the name. One more or one less of several (in
 * branches of #ifdef) is no change: then the one like it. Otherwise any of them, or NULL.
 */
static struct entry *other_side(const struct group *g, const struct entry *e)
{
	struct entry *any = NULL;

	for (size_t i = 0; i < g->count; i++) {
		struct entry *o = &g->items[i];

		if (o->file != e->file || o->side == e->side)
			continue;
		if (is_equal(o->e, e->e))
			return o;
		if (!any)
			any = o;
	}
	return any;
}

/* A second one like it in the same file, in another branch of an #ifdef. */
static bool is_second(const struct group *g, const struct entry *e)
{
	for (const struct entry *before = g->items; before < e; before++)
		if (before->file == e->file && before->side == e->side && is_equal(before->e, e->e))
			return true;
	return false;
}

/*
 * Where an export that goes is made now: architectures' own ones become one of all, which was
 * paired with another of them already. NULL: nowhere.
 */
static struct entry *joined_into(const struct group *g, const struct entry *old)
{
	const char *path = g->patch->files[old->file].sides[PATCH_OLD].path;

	for (size_t i = 0; i < g->count; i++) {
		struct entry *e = &g->items[i];
		const struct review_side *side = &g->patch->files[e->file].sides[PATCH_NEW];

		if (e->side == PATCH_NEW && e->file != old->file && e->test == old->test &&
		    !review_is_other_arch(side->path, path))
			return e;
	}
	return NULL;
}

static int compare_group(struct group *g)
{
	int r = pair(g, true, true);

	if (!r)
		r = pair(g, true, false);
	if (!r)
		r = pair(g, false, true);
	if (!r)
		r = pair(g, false, false);
	for (size_t i = 0; i < g->count && !r; i++) {
		struct entry *e = &g->items[i], *o;

		if (e->done || is_second(g, e))
			continue;
		o = other_side(g, e);
		if (o && is_equal(o->e, e->e))
			continue;
		if (e->side == PATCH_OLD)
			r = add_change(g, e, o ? o : joined_into(g, e));
		else
			r = add_change(g, o, e);
	}
	return r;
}

int review_changes_of(const struct review_patch *patch, uint32_t index,
		      struct review_change_list *list, struct ksa_error *err)
{
	_cleanup_(entries_release) struct entries all = {NULL, 0, 0};
	int r = gather(patch, &all, err);

	if (r || !all.count)
		return r;
	qsort(all.items, all.count, sizeof(*all.items), compare_entries);
	for (size_t i = 0; i < all.count && !r;) {
		struct group g = {.patch = patch,
				  .items = &all.items[i],
				  .index = index,
				  .list = list,
				  .err = err};
		size_t end = i;

		while (end < all.count && strcmp(all.items[end].e->name, all.items[i].e->name) == 0)
			end++;
		g.count = end - i < 2 * MAX_SAME ? end - i : 2 * MAX_SAME;
		r = compare_group(&g);
		i = end;
	}
	return r;
}
