// SPDX-License-Identifier: GPL-2.0-or-later
/* Why CRCs changed: of the types that an export is made of the nearest one that differs. */
#include "audit/diff/diff_internal.h"

#include <stdlib.h>
#include <string.h>

#include "audit/diff/reach.h"
#include "audit/diff/visible.h"
#include "base/vec.h"
#include "model/type_change.h"

/* The ways in which one type differs that are remembered: more are told again. */
#define MAX_WAYS 64

/* An export whose CRC changed, and whose types both kernels know. */
struct changed {
	uint32_t row;
	uint32_t name; /* in the old graph */
	uint32_t unit[DIFF_SIDES];
};

/* A cause while rows are counted. */
struct counted {
	const struct type_def *def[DIFF_SIDES];
	const char *name; /* NULL: exports' own prototypes */
	size_t count;
	uint32_t first;
	uint32_t before; /* another way in which that name differs, + 1; 0: none */
};

struct finding {
	struct diff *diff;
	struct reach reach;
	struct {
		struct changed *items;
		size_t count, capacity;
	} changed;
	struct {
		struct counted *items;
		size_t count, capacity;
	} causes;
	uint32_t *cause_of; /* by old name: the cause that was found last, + 1 */
	uint16_t *costs;
	uint32_t own; /* the cause of exports that differ themselves, + 1 */
	struct ksa_error *err;
};

static const struct type_graph *graph(const struct diff *diff, enum diff_side side)
{
	return diff->kernels[side]->type_graph;
}

/* The unit that defines an export; false: its type is not known. */
static bool unit_of(const struct type_graph *g, uint32_t name, uint32_t *unit)
{
	if (name >= g->name_count || !g->names[name].count)
		return false;
	*unit = g->defs[g->names[name].first].unit;
	return true;
}

static bool find_types(const struct diff *diff, uint32_t row, struct changed *out)
{
	const char *symbol = diff->rows[row].name;
	const struct type_graph *old = graph(diff, DIFF_OLD), *now = graph(diff, DIFF_NEW);

	out->row = row;
	out->name = type_graph_find(old, symbol);
	return unit_of(old, out->name, &out->unit[DIFF_OLD]) &&
	       unit_of(now, type_graph_find(now, symbol), &out->unit[DIFF_NEW]);
}

/* Rows by unit, so that the types of each are followed once. */
static int compare_changed(const void *a, const void *b)
{
	const struct changed *x = a, *y = b;

	for (int side = DIFF_OLD; side < DIFF_SIDES; side++)
		if (x->unit[side] != y->unit[side])
			return x->unit[side] < y->unit[side] ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int collect(struct finding *f)
{
	struct diff *diff = f->diff;
	int r = 0;

	for (uint32_t i = 0; i < diff->row_count && !r; i++) {
		const struct diff_row *row = &diff->rows[i];
		struct changed changed;

		if (!(row->marks & AXIS_MARK(AXIS_CRC)) || row->rust || !diff_in_scope(diff, row))
			continue;
		if (!find_types(diff, i, &changed)) {
			diff->causes.untyped++;
			continue;
		}
		r = VEC_PUSH_ROOM(&f->changed, f->err);
		if (!r)
			f->changed.items[f->changed.count++] = changed;
	}
	if (f->changed.count)
		qsort(f->changed.items, f->changed.count, sizeof(*f->changed.items),
		      compare_changed);
	return r;
}

static bool is_cause(const struct counted *known, const struct reach_item *item)
{
	return reach_is_same(known->def[DIFF_OLD], item->def[DIFF_OLD]) &&
	       reach_is_same(known->def[DIFF_NEW], item->def[DIFF_NEW]);
}

/* The cause that an item is, made if it is new; a type may differ in several ways, of which units
 * see now one and now another. */
static int cause_of(struct finding *f, const struct reach_item *item, bool own, uint32_t *out)
{
	uint32_t *last = own ? &f->own : &f->cause_of[item->name], at = *last;
	unsigned int left = MAX_WAYS;
	int r;

	while (at && left && !own && !is_cause(&f->causes.items[at - 1], item)) {
		at = f->causes.items[at - 1].before;
		left--;
	}
	if (!at || !left) {
		r = VEC_PUSH_ROOM(&f->causes, f->err);
		if (r)
			return r;
		f->causes.items[f->causes.count] = (struct counted){
			.name = own ? NULL : f->reach.graph[DIFF_OLD]->names[item->name].name,
			.def = {item->def[DIFF_OLD], item->def[DIFF_NEW]},
			.before = *last};
		*last = at = (uint32_t)++f->causes.count;
	}
	*out = at - 1;
	return 0;
}

/* Follow item to what differs. */
static const struct reach_item *end_of(const struct reach *reach, const struct reach_item *item)
{
	while (item->distance)
		item = &reach->items[item->next];
	return item;
}

static int count_row(struct finding *f, const struct changed *changed)
{
	const struct reach_item *item = reach_item(&f->reach, changed->name);
	struct diff_row *row = &f->diff->rows[changed->row];
	int r;

	if (item->distance == REACH_NEVER) {
		f->diff->causes.unexplained++;
		return 0;
	}
	r = cause_of(f, end_of(&f->reach, item), !item->distance, &row->cause);
	if (r)
		return r;
	if (!f->causes.items[row->cause].count++)
		f->causes.items[row->cause].first = changed->row;
	f->diff->causes.explained++;
	return 0;
}

/* Those of a pair of units: from *at up to where others begin. */
static int count_unit(struct finding *f, size_t *at)
{
	const struct changed *items = f->changed.items, *first = &items[*at];
	size_t end = *at;
	int r = 0;

	reach_begin(&f->reach, first->unit[DIFF_OLD], first->unit[DIFF_NEW]);
	for (; end < f->changed.count && !r &&
	       memcmp(items[end].unit, first->unit, sizeof(first->unit)) == 0;
	     end++)
		r = reach_add(&f->reach, items[end].name, f->err);
	if (!r)
		r = reach_settle(&f->reach, f->err);
	for (; *at < end && !r; ++*at)
		r = count_row(f, &items[*at]);
	return r;
}

static const char *words_of(struct finding *f, const struct counted *cause)
{
	struct strbuf text = {.data = NULL};
	struct type_changes changes = {.items = NULL};
	const char *words = NULL;

	if (!cause->name)
		return "";
	if (!type_changes_find(cause->def[DIFF_OLD]->text, cause->def[DIFF_NEW]->text, &changes,
			       f->err)) {
		type_changes_words(&changes, &text);
		if (!text.length)
			strbuf_adds(&text, strncmp(cause->name, "enumerator ", 11) == 0
						   ? "another value"
						   : "declared otherwise");
		words = text.failed ? NULL : arena_strdup(&f->diff->arena, strbuf_string(&text));
	}
	type_changes_release(&changes);
	strbuf_release(&text);
	return words;
}

static int compare_causes(const void *a, const void *b)
{
	const struct diff_cause *x = a, *y = b;
	int c;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	if (!x->name || !y->name)
		return (x->name != NULL) - (y->name != NULL);
	c = strcmp(x->name, y->name);
	return c ? c : x->first < y->first ? -1 : 1;
}

/* Hand the causes on, sorted; rows are told where theirs went. */
static int keep(struct finding *f)
{
	size_t count = f->causes.count;
	struct diff_cause *causes = arena_calloc(&f->diff->arena, count + 1, sizeof(*causes));
	uint32_t *moved = calloc(f->diff->row_count + 1, sizeof(*moved));
	int r = causes && moved ? 0 : ksa_fail_nomem(f->err);

	for (size_t i = 0; i < count && !r; i++) {
		const struct counted *c = &f->causes.items[i];

		causes[i] = (struct diff_cause){c->name, words_of(f, c), c->count, c->first};
		if (!causes[i].what)
			r = ksa_fail_nomem(f->err);
	}
	if (!r && count)
		qsort(causes, count, sizeof(*causes), compare_causes);
	/* Each cause has a first row, and no row has two causes. */
	for (size_t i = 0; i < count && !r; i++)
		moved[causes[i].first] = (uint32_t)i;
	for (size_t i = 0; i < f->diff->row_count && !r; i++) {
		uint32_t *cause = &f->diff->rows[i].cause;

		if (*cause != NO_INDEX)
			*cause = moved[f->causes.items[*cause].first];
	}
	free(moved);
	if (r)
		return r;
	f->diff->causes.items = causes;
	f->diff->causes.count = count;
	return 0;
}

static void finding_release(struct finding *f)
{
	reach_release(&f->reach);
	free(f->changed.items);
	free(f->causes.items);
	free(f->cause_of);
	free(f->costs);
}

/* Why a CRC that changed has no cause, or why there is nothing to explain. */
static const char *note_of(const struct diff *diff, const struct diff_row *row)
{
	if (!row->side[DIFF_OLD].count || !row->side[DIFF_NEW].count)
		return "only one of the kernels exports it";
	if (!(row->marks & AXIS_MARK(AXIS_CRC)))
		return row->uncompared & AXIS_MARK(AXIS_CRC) ? "no CRC of it was compared"
							     : "its CRC did not change";
	if (!diff->causes.known)
		return "not known: the types of both kernels are needed, from the BTF of their "
		       "images or from symtypes files";
	if (!diff_in_scope(diff, row))
		return "not asked: --symbols or --module leave it out";
	if (row->rust)
		return "not explained: it is Rust's";
	return "";
}

static int add_step(struct finding *f, struct diff_why *why, const struct reach_item *item)
{
	const struct type_graph *old = f->reach.graph[DIFF_OLD];
	struct diff_why_step *step = &why->steps[why->step_count++];
	struct type_slice member;

	step->name = old->names[item->name].name;
	if (!item->distance ||
	    !type_change_member(item->def[DIFF_OLD]->text,
				old->names[f->reach.items[item->next].name].name, &member))
		return 0;
	step->member = arena_strndup(&f->diff->arena, member.text, member.length);
	return step->member ? 0 : ksa_fail_nomem(f->err);
}

static const char *keep_slice(struct finding *f, struct type_slice slice, int *r)
{
	const char *kept =
		slice.length ? arena_strndup(&f->diff->arena, slice.text, slice.length) : NULL;

	if (slice.length && !kept)
		*r = ksa_fail_nomem(f->err);
	return kept;
}

static int add_changes(struct finding *f, struct diff_why *why)
{
	struct type_changes changes = {.items = NULL};
	int r = type_changes_find(why->text[DIFF_OLD], why->text[DIFF_NEW], &changes, f->err);

	if (!r)
		why->changes =
			arena_calloc(&f->diff->arena, changes.count + 1, sizeof(*why->changes));
	if (!r && !why->changes)
		r = ksa_fail_nomem(f->err);
	for (size_t i = 0; i < changes.count && !r; i++) {
		struct diff_why_change *change = &why->changes[why->change_count++];

		change->kind = type_change_name(changes.items[i].kind);
		change->text[DIFF_OLD] = keep_slice(f, changes.items[i].old, &r);
		change->text[DIFF_NEW] = keep_slice(f, changes.items[i].now, &r);
	}
	type_changes_release(&changes);
	return r;
}

/* The way from an export to its cause. */
static int explain(struct finding *f, struct diff_why *why, const struct changed *changed)
{
	const struct reach_item *item;
	int r;

	reach_begin(&f->reach, changed->unit[DIFF_OLD], changed->unit[DIFF_NEW]);
	r = reach_add(&f->reach, changed->name, f->err);
	if (!r)
		r = reach_settle(&f->reach, f->err);
	if (r)
		return r;
	item = reach_item(&f->reach, changed->name);
	why->steps = arena_calloc(&f->diff->arena, (size_t)item->steps + 1, sizeof(*why->steps));
	r = why->steps ? add_step(f, why, item) : ksa_fail_nomem(f->err);
	while (item->distance && !r) {
		item = &f->reach.items[item->next];
		r = add_step(f, why, item);
	}
	for (int side = DIFF_OLD; side < DIFF_SIDES && !r; side++) {
		why->text[side] = arena_strdup(&f->diff->arena, item->def[side]->text);
		r = why->text[side] ? 0 : ksa_fail_nomem(f->err);
	}
	return r ? r : add_changes(f, why);
}

static int answer(struct finding *f, const char *symbol, struct diff_why *why)
{
	uint32_t row = diff_find(f->diff, symbol);
	struct changed changed;

	why->symbol = symbol;
	why->note = "neither kernel exports it";
	if (row == NO_INDEX)
		return 0;
	why->row = &f->diff->rows[row];
	why->note = note_of(f->diff, why->row);
	if (*why->note)
		return 0;
	if (!find_types(f->diff, row, &changed)) {
		why->note = "not explained: one of the kernels does not tell its type";
		return 0;
	}
	if (why->row->cause == NO_INDEX) {
		why->note = "not explained: all types that it is known to be made of are the same";
		return 0;
	}
	why->note = NULL;
	why->cause = &f->diff->causes.items[why->row->cause];
	return explain(f, why, &changed);
}

static int answer_all(struct finding *f, const struct diff_input *input)
{
	struct diff *diff = f->diff;
	int r = 0;

	if (!input->why_count)
		return 0;
	diff->whys = arena_calloc(&diff->arena, input->why_count, sizeof(*diff->whys));
	if (!diff->whys)
		return ksa_fail_nomem(f->err);
	for (; diff->why_count < input->why_count && !r; diff->why_count++)
		r = answer(f, input->why[diff->why_count], &diff->whys[diff->why_count]);
	return r;
}

/* What the headers of either kernel say: where types stand rarely changes. */
static const struct declared *headers_of(const struct diff *diff)
{
	for (int side = DIFF_OLD; side < DIFF_SIDES; side++)
		if (diff->kernels[side]->type_places)
			return diff->kernels[side]->type_places;
	return NULL;
}

static int count_all(struct finding *f, const struct type_graph *const graphs[DIFF_SIDES])
{
	int r = visible_costs(graphs[DIFF_OLD], headers_of(f->diff), &f->costs, f->err);

	if (!r)
		r = reach_init(&f->reach, graphs, f->costs, f->err);
	if (!r)
		f->cause_of = calloc(graphs[DIFF_OLD]->name_count + 1, sizeof(*f->cause_of));
	if (!r && !f->cause_of)
		r = ksa_fail_nomem(f->err);
	if (!r)
		r = collect(f);
	for (size_t at = 0; at < f->changed.count && !r;)
		r = count_unit(f, &at);
	return r ? r : keep(f);
}

int diff_find_causes(struct diff *diff, const struct diff_input *input, struct ksa_error *err)
{
	const struct type_graph *graphs[DIFF_SIDES] = {graph(diff, DIFF_OLD),
						       graph(diff, DIFF_NEW)};
	struct finding f = {.diff = diff, .err = err};
	int r = 0;

	/* BTF and genksyms do not write alike. */
	diff->causes.known = graphs[DIFF_OLD] && graphs[DIFF_NEW] &&
			     graphs[DIFF_OLD]->by_unit == graphs[DIFF_NEW]->by_unit;
	diff->causes.likely = diff->causes.known && !graphs[DIFF_OLD]->by_unit && !headers_of(diff);
	if (diff->causes.known)
		r = count_all(&f, graphs);
	if (!r)
		r = answer_all(&f, input);
	finding_release(&f);
	return r;
}
