// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What merges themselves do to exports. Held against each other are the symbols, not the files: one
 * side may have renamed the file that another one changed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/search.h"
#include "base/vec.h"
#include "read/git/context.h"

struct states {
	struct export_state *items;
	size_t count, capacity;
};

struct merges {
	struct history_build *build;
	/* The changes of each symbol, the newest first: index + 1, or 0. */
	uint32_t *newest;
	struct {
		uint32_t *items;
		size_t count, capacity;
	} older;
	struct states here, there; /* working memory */
};

/* Put the changes that are not yet there into the chains of their symbols. */
static int chain_changes(struct merges *m)
{
	const struct ksa_history *h = m->build->history;
	int r = 0;

	while (m->older.count < h->change_count && !r) {
		uint32_t name = h->changes[m->older.count].name;

		r = VEC_PUSH_ROOM(&m->older, m->build->err);
		if (r)
			break;
		m->older.items[m->older.count++] = m->newest[name];
		m->newest[name] = (uint32_t)m->older.count;
	}
	return r;
}

static bool has_state(const struct states *states, struct export_state state)
{
	for (size_t i = 0; i < states->count; i++)
		if (export_state_is_equal(states->items[i], state))
			return true;
	return false;
}

/* All states of a symbol at a commit, in whatever files; *known is false if one could not be read.
 */
static int find_states(struct merges *m, uint32_t commit, uint32_t name, struct states *out,
		       bool *known)
{
	const struct ksa_history *h = m->build->history;
	int r = chain_changes(m);

	out->count = 0;
	*known = true;
	for (uint32_t at = m->newest[name]; at && !r; at = m->older.items[at - 1]) {
		struct export_state state;
		uint32_t set;

		r = context_set_at(m->build, commit, h->changes[at - 1].path, &set);
		if (r || set == SET_UNKNOWN) {
			*known &= !r && set != SET_UNKNOWN;
			continue;
		}
		state = build_state_of(m->build, set, name);
		if (!state.classes || has_state(out, state))
			continue;
		r = VEC_PUSH_ROOM(out, m->build->err);
		if (!r)
			out->items[out->count++] = state;
	}
	return r;
}

static bool are_same(const struct states *a, const struct states *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (!has_state(b, a->items[i]))
			return false;
	return a->count == b->count;
}

/*
 * Does a parent have what the merge has of the symbol: that state in any file, or, where the file
 * lost the export, the same states everywhere? *found is also set where that cannot be known.
 */
static int find_parent(struct merges *m, uint32_t commit, uint32_t name, struct export_state is,
		       bool *found)
{
	const struct ksa_history *h = m->build->history;
	const struct history_commit *c = &h->commits[commit];
	bool known = true;
	int r = is.classes ? 0 : find_states(m, commit, name, &m->here, &known);

	*found = !known;
	for (uint32_t i = 0; i < c->parent_count && !r && !*found; i++) {
		r = find_states(m, h->parents[c->parents + i], name, &m->there, &known);
		if (!r)
			*found = !known || (is.classes ? has_state(&m->there, is)
						       : are_same(&m->here, &m->there));
	}
	return r;
}

static int read_base(struct merges *m, const struct file_change *f, uint32_t *set)
{
	const struct ksa_history *h = m->build->history;
	const struct history_commit *c = &h->commits[f->commit];
	uint32_t base = h->parents[c->parents];
	int r = 0;

	*set = SET_EMPTY;
	for (uint32_t i = 1; i < c->parent_count && !r && base != HISTORY_NONE; i++)
		r = history_merge_base(h, base, h->parents[c->parents + i], &base, m->build->err);
	return r || base == HISTORY_NONE ? r : context_set_at(m->build, base, f->path, set);
}

/* Did a commit that one parent reaches, and the other does not, change the symbol? */
static int side_changed(struct merges *m, uint32_t side, uint32_t other, uint32_t name,
			bool *changed)
{
	const struct ksa_history *h = m->build->history;
	size_t size = h->commit_count * sizeof(uint32_t);
	_cleanup_free_ uint32_t *marks = malloc(size + 1);
	_cleanup_free_ uint32_t *stack = malloc(size + 1);

	if (!marks || !stack)
		return ksa_fail_nomem(m->build->err);
	memset(marks, 0xff, size);
	history_mark(h, other, 0, marks, stack);
	history_mark(h, side, 1, marks, stack);
	*changed = false;
	for (uint32_t at = m->older.items ? m->newest[name] : 0; at && !*changed;
	     at = m->older.items[at - 1])
		*changed = marks[h->changes[at - 1].commit] == 1;
	return 0;
}

/* The symbol is as one parent has it, and otherwise than another one: was that one's change
 * dropped? */
static int judge_drop(struct merges *m, const struct file_change *f, struct history_change *change,
		      uint32_t *base)
{
	struct history_build *b = m->build;
	const struct ksa_history *h = b->history;
	const uint32_t *parents = h->parents + h->commits[f->commit].parents;
	const uint32_t *sets = b->sets + f->ids;
	uint32_t kept = 0, dropped = 0;
	bool changed = false;
	int r = 0;

	if (*base == SET_UNKNOWN)
		r = read_base(m, f, base);
	if (r || *base == SET_UNKNOWN ||
	    !export_state_is_equal(change->to, build_state_of(b, *base, change->name)))
		return r;
	for (uint32_t i = 1; i < f->id_count; i++) {
		struct export_state s = build_state_of(b, sets[i], change->name);

		if (export_state_is_equal(s, change->to)) {
			kept = parents[i - 1];
		} else {
			dropped = parents[i - 1];
			change->from = s;
		}
	}
	r = chain_changes(m);
	if (!r)
		r = side_changed(m, kept, dropped, change->name, &changed);
	if (r || changed)
		return r;
	change->drop = 1;
	return build_add_change(b, change);
}

static int judge_symbol(struct merges *m, const struct file_change *f, uint32_t name,
			uint32_t *base)
{
	struct history_build *b = m->build;
	const uint32_t *sets = b->sets + f->ids;
	struct history_change change = {.commit = f->commit, .path = f->path, .name = name};
	bool agreed = true, known = false, found;
	int r;

	change.to = build_state_of(b, sets[0], name);
	for (uint32_t i = 1; i < f->id_count; i++) {
		struct export_state s = build_state_of(b, sets[i], name);

		agreed &= export_state_is_equal(s, build_state_of(b, sets[1], name));
		known |= export_state_is_equal(s, change.to);
		if (!change.from.classes)
			change.from = s;
	}
	if (known)
		return agreed ? 0 : judge_drop(m, f, &change, base);
	r = find_parent(m, f->commit, name, change.to, &found);
	if (r || (found && !change.to.classes))
		return r;
	if (found)
		change.from = change.to;
	return build_add_change(b, &change);
}

static int judge_file(struct merges *m, const struct file_change *f)
{
	struct history_build *b = m->build;
	const uint32_t *sets = b->sets + f->ids;
	_cleanup_free_ uint32_t *names = NULL;
	uint32_t base = SET_UNKNOWN;
	size_t count = 0, total = 0;
	bool same = true;
	int r = 0;

	for (uint32_t i = 0; i < f->id_count; i++) {
		if (sets[i] == SET_UNKNOWN)
			return 0; /* said by its own notice */
		same &= sets[i] == sets[0];
		total += b->set_list[sets[i]].count;
	}
	if (same)
		return 0;
	names = malloc((total + 1) * sizeof(*names));
	if (!names)
		return ksa_fail_nomem(b->err);
	for (uint32_t i = 0; i < f->id_count; i++)
		for (uint32_t k = 0; k < b->set_list[sets[i]].count; k++)
			names[count++] = b->items[b->set_list[sets[i]].first + k].name;
	qsort(names, count, sizeof(*names), compare_u32);
	for (size_t i = 0; i < count && !r; i++)
		if (!i || names[i] != names[i - 1])
			r = judge_symbol(m, f, names[i], &base);
	return r;
}

static int compare_orders(const void *a, const void *b, void *ctx)
{
	const struct history_build *build = ctx;
	const struct file_change *x = &build->files.items[*(const uint32_t *)a];
	const struct file_change *y = &build->files.items[*(const uint32_t *)b];
	uint32_t first = build->history->commits[x->commit].order;
	uint32_t second = build->history->commits[y->commit].order;

	if (first != second)
		return first < second ? -1 : 1;
	return (x->path > y->path) - (x->path < y->path);
}

int build_merges(struct history_build *b)
{
	const struct ksa_history *h = b->history;
	struct merges m = {.build = b};
	_cleanup_free_ uint32_t *list = malloc((b->files.count + 1) * sizeof(*list));
	size_t count = 0;
	int r = 0;

	m.newest = calloc(h->string_count + 1, sizeof(*m.newest));
	if (!list || !m.newest)
		r = ksa_fail_nomem(b->err);
	for (size_t i = 0; i < b->files.count && !r; i++)
		if (b->files.items[i].id_count > 2)
			list[count++] = (uint32_t)i;
	/* Parents first: what one merge brings elsewhere, another may have as its parent. */
	if (!r && count)
		qsort_r(list, count, sizeof(*list), compare_orders, b);
	for (size_t i = 0; i < count && !r; i++)
		r = judge_file(&m, &b->files.items[list[i]]);
	free(m.newest);
	free(m.older.items);
	free(m.here.items);
	free(m.there.items);
	return r;
}
