// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/rebuild/pair.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/vec.h"

struct names {
	const char **items; /* borrowed from the headers, or from who asks */
	size_t count, capacity;
};

struct numbers {
	uint32_t *items; /* of names in the headers of the first kernel */
	size_t count, capacity;
};

struct gained_list {
	struct gained_symbol *items;
	size_t count, capacity;
};

struct rebuild_pair {
	struct arena arena;
	const struct ksa_kernel *from, *to;
	const struct helpers *old, *new; /* of from and to; NULL: not at hand */
	struct helper_reach before, after;
	uint8_t *leads; /* by name of old: how far it is to an export; see helpers_distances() */
	struct strmap lost_names, gained_names; /* -> index in these two */
	struct {
		struct lost_symbol **items;
		size_t count, capacity;
	} lost;
	struct {
		struct gained_list *items;
		size_t count, capacity;
	} gained;
};

static bool is_export(void *ctx, const char *name)
{
	const struct rebuild_pair *pair = ctx;
	size_t count;

	return kernel_find_exports(pair->from, name, &count) != NULL;
}

int rebuild_pair_new(const struct ksa_kernel *from, const struct ksa_kernel *to,
		     struct rebuild_pair **out, struct ksa_error *err)
{
	struct rebuild_pair *pair = calloc(1, sizeof(*pair));

	*out = pair;
	if (!pair)
		return ksa_fail_nomem(err);
	pair->from = from;
	pair->to = to;
	pair->old = from ? from->helpers : NULL;
	pair->new = to->helpers;
	return 0;
}

void rebuild_pair_free(struct rebuild_pair *pair)
{
	if (!pair)
		return;
	for (size_t i = 0; i < pair->gained.count; i++)
		free(pair->gained.items[i].items);
	free(pair->gained.items);
	free(pair->lost.items);
	strmap_release(&pair->lost_names);
	strmap_release(&pair->gained_names);
	free(pair->leads);
	helper_reach_release(&pair->before);
	helper_reach_release(&pair->after);
	arena_release(&pair->arena);
	free(pair);
}

bool rebuild_pair_has_headers(const struct rebuild_pair *pair)
{
	return pair->new != NULL;
}

bool rebuild_pair_is_whole(const struct rebuild_pair *pair)
{
	return pair->old && pair->new;
}

static const struct ksa_export *find_export(const struct ksa_kernel *kernel, const char *name)
{
	size_t count;

	return kernel_find_exports(kernel, name, &count);
}

/* True if a source that uses the name still gets something for it from the other kernel. */
static bool survives(const struct rebuild_pair *pair, const char *name)
{
	return helpers_find(pair->new, name) || find_export(pair->to, name);
}

static int add_name(struct names *names, const char *name, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(names, err);

	if (!r)
		names->items[names->count++] = name;
	return r;
}

static int add_number(struct numbers *numbers, uint32_t number, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(numbers, err);

	if (!r)
		numbers->items[numbers->count++] = number;
	return r;
}

static bool is_macro(const struct helper *helper)
{
	return helper->kind == HELPER_MACRO || helper->kind == HELPER_CONSTANT;
}

/*
 * The helpers nearest to the symbol, upwards in the headers of the first kernel, that the other
 * one still has; macros_only: those that lead to it by macros alone.
 */
static int find_survivors(const struct rebuild_pair *pair, const char *symbol, bool macros_only,
			  struct names *survivors, struct ksa_error *err)
{
	const struct helpers *old = pair->old;
	uint32_t number = helpers_number(old, symbol);
	_cleanup_free_ uint8_t *seen = NULL;
	struct numbers level = {NULL, 0, 0};
	size_t begin = 0;
	int r = 0;

	if (number == HELPER_NONE)
		return 0;
	seen = calloc(old->name_count, 1);
	if (!seen)
		return ksa_fail_nomem(err);
	seen[number] = 1;
	r = add_number(&level, number, err);
	for (int depth = 0; depth < HELPER_DEPTH && begin < level.count && !r; depth++) {
		size_t end = level.count;

		for (; begin < end && !r; begin++) {
			size_t users;
			const uint32_t *user = helpers_users(old, level.items[begin], &users);

			for (size_t i = 0; i < users && !r; i++) {
				uint32_t name = old->items[user[i]].name;
				const char *text = old->names[name].text;

				if (seen[name] || (macros_only && !is_macro(&old->items[user[i]])))
					continue;
				seen[name] = 1;
				r = survives(pair, text) ? add_name(survivors, text, err)
							 : add_number(&level, name, err);
			}
		}
	}
	free(level.items);
	return r;
}

/* What a name leads to in the headers of one kernel, with itself as the first step; nothing where
 * it is no helper. */
static int reach(const struct helpers *helpers, const char *name, struct helper_reach *out,
		 struct ksa_error *err)
{
	const struct helper *helper = helpers ? helpers_find(helpers, name) : NULL;

	out->count = 0;
	return helper ? helpers_reach(helpers, helper, out, err) : 0;
}

static bool reaches(const struct helpers *helpers, const struct helper_reach *steps,
		    const char *name)
{
	uint32_t number = helpers_number(helpers, name);

	for (size_t i = 0; number != HELPER_NONE && i < steps->count; i++)
		if (steps->steps[i].name == number)
			return true;
	return false;
}

bool rebuild_pair_leads(struct rebuild_pair *pair, const char *helper, const char *symbol)
{
	return reach(pair->new, helper, &pair->after, NULL) ||
	       reaches(pair->new, &pair->after, symbol);
}

/* Whether some helper on the way to a step stands under a condition that was not decided. */
static bool is_maybe(const struct helpers *helpers, const struct helper_reach *steps, size_t step)
{
	for (size_t at = step; at; at = steps->steps[at].from) {
		const struct helper_step *from = &steps->steps[steps->steps[at].from];
		uint32_t index = helpers->names[from->name].helper;

		if (index != HELPER_NONE && helpers->items[index].maybe)
			return true;
	}
	return false;
}

/* The way to a step of pair->after, in the arena. */
static const char *name_way(struct rebuild_pair *pair, size_t step, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf way = {NULL, 0, 0, false};
	const char *text;

	helper_reach_chain(pair->new, &pair->after, step, &way);
	text = way.failed ? NULL : arena_strdup(&pair->arena, strbuf_string(&way));
	if (!text)
		ksa_fail_nomem(err);
	return text;
}

int rebuild_pair_offers(struct rebuild_pair *pair, const char *name, bool *offers,
			struct ksa_error *err)
{
	const struct helper *helper = pair->old ? helpers_find(pair->old, name) : NULL;
	int r = 0;

	*offers = helper && !pair->new->partial;
	if (!helper || *offers)
		return 0;
	/* Of all names at once, and only once somebody asks. */
	if (!pair->leads)
		r = helpers_distances(pair->old, is_export, pair, &pair->leads, err);
	*offers = !r && pair->leads[helper->name] != UINT8_MAX;
	return r;
}

static int add_gained(struct gained_list *list, const struct ksa_export *e, const char *way,
		      bool maybe, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(list, err);

	if (!r)
		list->items[list->count++] =
			(struct gained_symbol){.export_ = e, .way = way, .maybe = maybe};
	return r;
}

/* The GPL-only exports that the name leads to in the other kernel and did not lead to before. */
static int gained_by(struct rebuild_pair *pair, const char *name, struct gained_list *list,
		     struct ksa_error *err)
{
	const struct ksa_export *self = find_export(pair->to, name), *e;
	int r = 0;

	/* No header stands before it: then it is the export itself. */
	if (!helpers_find(pair->new, name)) {
		if (export_is_gpl_only(self) && !find_export(pair->from, name))
			r = add_gained(list, self, self->name, false, err);
		return r;
	}
	r = reach(pair->new, name, &pair->after, err);
	if (!r)
		r = reach(pair->old, name, &pair->before, err);
	for (size_t i = 0; i < pair->after.count && !r; i++) {
		const char *way, *to = pair->new->names[pair->after.steps[i].name].text;

		e = find_export(pair->to, to);
		if (!export_is_gpl_only(e) || reaches(pair->old, &pair->before, to))
			continue;
		way = name_way(pair, i, err);
		r = way ? add_gained(list, e, way, is_maybe(pair->new, &pair->after, i), err)
			: KSA_ENOMEM;
	}
	return r;
}

int rebuild_pair_gained(struct rebuild_pair *pair, const char *helper,
			const struct gained_symbol **out, size_t *count, struct ksa_error *err)
{
	uint32_t index = (uint32_t)pair->gained.count;
	const char *key;
	int r;

	*out = NULL;
	*count = 0;
	if (!rebuild_pair_is_whole(pair))
		return 0;
	if (!strmap_get(&pair->gained_names, helper, &index)) {
		key = arena_strdup(&pair->arena, helper);
		r = key ? VEC_PUSH_ROOM(&pair->gained, err) : ksa_fail_nomem(err);
		if (r)
			return r;
		pair->gained.items[pair->gained.count++] = (struct gained_list){NULL, 0, 0};
		r = gained_by(pair, helper, &pair->gained.items[index], err);
		if (!r && strmap_set(&pair->gained_names, key, index))
			r = ksa_fail_nomem(err);
		if (r)
			return r;
	}
	*out = pair->gained.items[index].items;
	*count = pair->gained.items[index].count;
	return 0;
}

static bool has(const struct gained_symbol *list, size_t count, const struct ksa_export *e)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].export_ == e)
			return true;
	return false;
}

/*
 * What a rebuild links in place of a lost symbol, whichever helper it went through: what all of
 * those that are still there lead to.
 */
static int find_standins(struct rebuild_pair *pair, const struct names *survivors,
			 struct lost_symbol *lost, struct ksa_error *err)
{
	const struct gained_symbol *first, *other;
	const struct ksa_export **exports;
	const char **ways;
	size_t count, others;
	int r;

	if (!survivors->count)
		return 0;
	r = rebuild_pair_gained(pair, survivors->items[0], &first, &count, err);
	if (r || !count)
		return r;
	exports = arena_calloc(&pair->arena, count, sizeof(*exports));
	ways = arena_calloc(&pair->arena, count, sizeof(*ways));
	if (!exports || !ways)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < count && !r; i++) {
		bool all = true;

		for (size_t k = 1; k < survivors->count && all && !r; k++) {
			r = rebuild_pair_gained(pair, survivors->items[k], &other, &others, err);
			all = !r && has(other, others, first[i].export_);
		}
		if (!all)
			continue;
		exports[lost->gained_count] = first[i].export_;
		ways[lost->gained_count++] = first[i].way;
	}
	lost->gained = exports;
	lost->ways = ways;
	return r;
}

/* "kmalloc()", in the arena. */
static const char *name_helper(struct rebuild_pair *pair, const char *name, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	const char *copy;

	helpers_print_name(pair->old, helpers_number(pair->old, name), &text);
	copy = text.failed ? NULL : arena_strdup(&pair->arena, strbuf_string(&text));
	if (!copy)
		ksa_fail_nomem(err);
	return copy;
}

static int judge_lost(struct rebuild_pair *pair, struct lost_symbol *lost, struct ksa_error *err)
{
	struct names survivors = {NULL, 0, 0}, by_macros = {NULL, 0, 0};
	const bool defined = pair->new &&helpers_find(pair->new, lost->name);
	int r = 0;

	if (defined)
		lost->fate = LOST_BEHIND_HEADERS;
	if (!rebuild_pair_is_whole(pair))
		return 0;
	/* The headers of the other kernel define it: a source that names it goes through that. */
	r = defined ? add_name(&survivors, lost->name, err)
		    : find_survivors(pair, lost->name, false, &survivors, err);
	if (!r && !defined && survivors.count) {
		r = find_survivors(pair, lost->name, true, &by_macros, err);
		lost->by_macro = by_macros.count > 0;
	}
	if (!r && !defined) {
		lost->fate = survivors.count ? LOST_BEHIND_HEADERS : LOST_GONE;
		if (survivors.count)
			lost->through = name_helper(pair, survivors.items[0], err);
		r = survivors.count && !lost->through ? KSA_ENOMEM : 0;
	}
	if (!r)
		r = find_standins(pair, &survivors, lost, err);
	free(survivors.items);
	free(by_macros.items);
	return r;
}

int rebuild_pair_lost(struct rebuild_pair *pair, const char *symbol, const struct lost_symbol **out,
		      struct ksa_error *err)
{
	struct lost_symbol *lost;
	uint32_t index;
	int r;

	*out = NULL;
	if (strmap_get(&pair->lost_names, symbol, &index)) {
		*out = pair->lost.items[index];
		return 0;
	}
	lost = arena_calloc(&pair->arena, 1, sizeof(*lost));
	if (!lost || !(lost->name = arena_strdup(&pair->arena, symbol)))
		return ksa_fail_nomem(err);
	r = judge_lost(pair, lost, err);
	if (!r)
		r = VEC_PUSH_ROOM(&pair->lost, err);
	index = (uint32_t)pair->lost.count;
	if (!r && strmap_set(&pair->lost_names, lost->name, index))
		r = ksa_fail_nomem(err);
	if (r)
		return r;
	pair->lost.items[pair->lost.count++] = lost;
	*out = lost;
	return 0;
}
