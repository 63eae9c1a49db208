// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What merges do themselves. Held against the parents are the symbols, not the files: one side may
 * have renamed the file that another one changed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/review/commits_internal.h"

/* One merge, while it is judged. */
struct merge {
	struct loader *l;
	const struct object_id *id, *parents;
	size_t count; /* parents */
	struct arena arena;
	struct repo_changes *differences; /* of each parent to the merge; read: known */
	bool *read;
	struct arena *kept; /* where the file at hand goes */
};

static void merge_release(struct merge *m)
{
	arena_release(&m->arena);
}

static bool is_state(const struct review_export *a, const struct review_export *b)
{
	return strcmp(a->name, b->name) == 0 && a->cls == b->cls && commits_is_equal(a->ns, b->ns);
}

/* Whether the side exports the symbol, in that state or (any) in whatever state. */
static bool has_export(const struct review_side *side, const struct review_export *e, bool any)
{
	for (size_t i = 0; i < side->export_count; i++)
		if (any ? strcmp(side->exports[i].name, e->name) == 0
			: is_state(&side->exports[i], e))
			return true;
	return false;
}

/* Whether a file that differs between a parent and the merge has it, on one side. */
static int is_elsewhere(struct merge *m, size_t parent, enum patch_side which,
			const struct review_export *e, bool *is)
{
	struct loader *l = m->l;
	struct repo_changes *d = &m->differences[parent];
	struct object_id old = l->commit[PATCH_OLD];
	int r = m->read[parent]
			? 0
			: repo_compare(l->handle, &m->parents[parent], m->id, &m->arena, d, l->err);

	m->read[parent] = !r;
	l->commit[PATCH_OLD] = m->parents[parent];
	for (size_t i = 0; i < d->count && !r && !*is; i++) {
		struct review_side side;

		arena_reset(&l->scratch);
		if (!review_is_code(d->items[i].path))
			continue;
		r = commits_scan_blob(l, &l->scratch, d->items[i].path, &d->items[i].blob[which],
				      &side);
		if (!r && has_export(&side, e, true))
			r = commits_set_namespaces(l, &l->scratch, (int)which, &side);
		*is = !r && has_export(&side, e, which == PATCH_NEW);
	}
	l->commit[PATCH_OLD] = old;
	return r;
}

/* A file that the merge has like none of its parents. */
struct merged_file {
	struct review_side own, *parents;
};

/* Whether the merge itself brings the export, in its state. */
static int is_brought(struct merge *m, const struct merged_file *f, const struct review_export *e,
		      bool *is)
{
	bool known = false;
	int r = 0;

	for (size_t p = 0; p < m->count && !known; p++)
		known = has_export(&f->parents[p], e, false);
	for (size_t p = 0; p < m->count && !known && !r; p++)
		r = is_elsewhere(m, p, PATCH_OLD, e, &known);
	*is = !r && !known;
	return r;
}

/* Whether the merge itself takes the export away: all parents have it. */
static int is_taken(struct merge *m, const struct merged_file *f, const struct review_export *e,
		    bool *is)
{
	bool here = has_export(&f->own, e, true);
	int r = 0;

	for (size_t p = 1; p < m->count && !here; p++)
		here = !has_export(&f->parents[p], e, true);
	if (!here)
		r = is_elsewhere(m, 0, PATCH_NEW, e, &here);
	*is = !r && !here;
	return r;
}

/* Of the exports of a side those that are kept. */
static int keep_exports(struct merge *m, struct review_side *side, const bool *keep)
{
	struct review_export *kept = arena_calloc(m->kept, side->export_count, sizeof(*kept));
	size_t count = 0;

	if (!kept)
		return ksa_fail_nomem(m->l->err);
	for (size_t i = 0; i < side->export_count; i++)
		if (keep[i])
			kept[count++] = side->exports[i];
	side->exports = kept;
	side->export_count = count;
	return 0;
}

static int judge_exports(struct merge *m, struct merged_file *f)
{
	struct review_side *own = &f->own, *old = &f->parents[0];
	bool *brought = arena_calloc(&m->arena, own->export_count, sizeof(bool));
	bool *kept = arena_calloc(&m->arena, old->export_count, sizeof(bool));
	int r = brought && kept ? 0 : ksa_fail_nomem(m->l->err);

	for (size_t i = 0; i < own->export_count && !r; i++)
		r = is_brought(m, f, &own->exports[i], &brought[i]);
	for (size_t i = 0; i < old->export_count && !r; i++) {
		r = is_taken(m, f, &old->exports[i], &kept[i]);
		for (size_t k = 0; k < own->export_count; k++)
			kept[i] |= brought[k] &&
				   strcmp(own->exports[k].name, old->exports[i].name) == 0;
	}
	if (!r)
		r = keep_exports(m, own, brought);
	return r ? r : keep_exports(m, old, kept);
}

/* Licenses and imports of any parent are none that the merge brings. */
static int judge_rest(struct merge *m, struct merged_file *f)
{
	struct review_side *own = &f->own, *old = &f->parents[0];
	const char **imports = arena_calloc(m->kept, own->imports.count, sizeof(*imports));
	size_t count = 0;

	if (!imports)
		return ksa_fail_nomem(m->l->err);
	for (size_t p = 0; p < m->count; p++)
		if (!old->license)
			old->license = f->parents[p].license;
	for (size_t i = 0; i < own->imports.count; i++) {
		bool known = false;

		for (size_t p = 0; p < m->count; p++)
			for (size_t k = 0; k < f->parents[p].imports.count; k++)
				known |= strcmp(f->parents[p].imports.items[k],
						own->imports.items[i]) == 0;
		if (!known)
			imports[count++] = own->imports.items[i];
	}
	own->imports = (struct string_list){imports, count};
	return 0;
}

static int load_sides(struct merge *m, const struct repo_merge_change *change,
		      struct merged_file *f)
{
	struct loader *l = m->l;
	struct object_id old = l->commit[PATCH_OLD];
	int r = commits_scan_blob(l, m->kept, change->path, &change->blob, &f->own);

	f->parents = arena_calloc(&m->arena, m->count, sizeof(*f->parents));
	if (!f->parents)
		return ksa_fail_nomem(l->err);
	if (!r)
		r = commits_set_namespaces(l, m->kept, PATCH_NEW, &f->own);
	for (size_t p = 0; p < m->count && !r; p++) {
		l->commit[PATCH_OLD] = m->parents[p];
		r = commits_scan_blob(l, m->kept, change->path, &change->parents[p],
				      &f->parents[p]);
		if (!r)
			r = commits_set_namespaces(l, m->kept, PATCH_OLD, &f->parents[p]);
	}
	l->commit[PATCH_OLD] = old;
	return r;
}

static int judge_merged(struct merge *m, const struct repo_merge_change *change,
			struct arena *arena, struct merged_file *f)
{
	int r;

	m->kept = arena;
	r = load_sides(m, change, f);
	if (!r)
		r = judge_exports(m, f);
	return r ? r : judge_rest(m, f);
}

static int load_merged(struct merge *m, const struct repo_merge_change *change)
{
	struct loader *l = m->l;
	struct merged_file f = {.parents = NULL};
	int r = judge_merged(m, change, &m->arena, &f);

	if (r || (!f.own.export_count && !f.parents[0].export_count && !f.own.imports.count &&
		  !f.own.license == !f.parents[0].license))
		return r;
	/* Once more, into memory that stays: few files come to this. */
	r = judge_merged(m, change, l->arena, &f);
	if (!r)
		r = vec_reserve(&l->files, &l->file_capacity, l->file_count + 1, sizeof(*l->files),
				l->err);
	if (!r)
		l->files[l->file_count++] = (struct review_file){.sides = {f.parents[0], f.own}};
	return r;
}

int commits_load_merge(struct loader *l, const struct object_id *merge,
		       const struct object_id *parents, size_t count)
{
	_cleanup_(merge_release) struct merge m = {
		.l = l, .id = merge, .parents = parents, .count = count};
	struct repo_merge_change *changes;
	size_t change_count;
	int r = repo_merge_changes(l->handle, merge, &m.arena, &changes, &change_count, l->err);

	m.differences = arena_calloc(&m.arena, count, sizeof(*m.differences));
	m.read = arena_calloc(&m.arena, count, sizeof(*m.read));
	if (!r && (!m.differences || !m.read))
		r = ksa_fail_nomem(l->err);
	for (size_t i = 0; i < change_count && !r; i++)
		if (review_is_code(changes[i].path))
			r = load_merged(&m, &changes[i]);
	for (size_t i = 0; i < change_count && !r; i++)
		r = commits_note_version(l, changes[i].path, &changes[i].blob);
	return r;
}
