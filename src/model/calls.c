// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Ten times what a kernel with all its modules has: bounds what a hostile file can cost. */
#define MAX_FUNCTIONS 4000000
#define MAX_PAIRS     40000000

struct call_locals {
	uint64_t local; /* 0: free */
	uint32_t index;
};

struct call_pair {
	uint32_t from, to;
};

void call_builder_release(struct call_builder *builder)
{
	arena_release(&builder->names);
	strmap_release(&builder->globals);
	free(builder->locals);
	free(builder->functions.items);
	free(builder->pairs.items);
	free(builder->aliases.items);
	memset(builder, 0, sizeof(*builder));
}

/* Where a number is, or would be: the table is never full. */
static struct call_locals *find_local(struct call_locals *slots, size_t capacity, uint64_t local)
{
	uint64_t hash = local * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(hash >> 20) & (capacity - 1);

	while (slots[i].local && slots[i].local != local)
		i = (i + 1) & (capacity - 1);
	return &slots[i];
}

static int grow_locals(struct call_builder *builder, struct ksa_error *err)
{
	size_t capacity = builder->local_capacity ? builder->local_capacity * 4 : 256;
	struct call_locals *bigger = calloc(capacity, sizeof(*bigger));

	if (!bigger)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < builder->local_capacity; i++)
		if (builder->locals[i].local)
			*find_local(bigger, capacity, builder->locals[i].local) =
				builder->locals[i];
	free(builder->locals);
	builder->locals = bigger;
	builder->local_capacity = capacity;
	return 0;
}

static int add_function(struct call_builder *builder, const char *name, uint64_t local,
			struct ksa_error *err)
{
	const char *copy = arena_strdup(&builder->names, name);
	int r;

	if (!copy)
		return ksa_fail_nomem(err);
	if (builder->functions.count >= MAX_FUNCTIONS)
		return ksa_fail(err, KSA_ELIMIT, "has more than %d functions", MAX_FUNCTIONS);
	r = VEC_PUSH_ROOM(&builder->functions, err);
	if (r)
		return r;
	builder->functions.items[builder->functions.count++] =
		(struct call_function){.name = copy, .local = local};
	return 0;
}

static int global_function(struct call_builder *builder, const char *name, uint32_t *index,
			   struct ksa_error *err)
{
	int r;

	if (strmap_get(&builder->globals, name, index))
		return 0;
	*index = (uint32_t)builder->functions.count;
	r = add_function(builder, name, 0, err);
	if (r)
		return r;
	return strmap_add(&builder->globals, builder->functions.items[*index].name, index, NULL) < 0
		       ? ksa_fail_nomem(err)
		       : 0;
}

int call_builder_function(struct call_builder *builder, const char *name, uint64_t local,
			  uint32_t *index, struct ksa_error *err)
{
	struct call_locals *slot;
	int r = 0;

	if (!local)
		return global_function(builder, name, index, err);
	if (builder->local_count >= builder->local_capacity / 2)
		r = grow_locals(builder, err);
	if (r)
		return r;
	slot = find_local(builder->locals, builder->local_capacity, local);
	if (slot->local) {
		*index = slot->index;
		return 0;
	}
	*index = (uint32_t)builder->functions.count;
	r = add_function(builder, name, local, err);
	if (r)
		return r;
	*slot = (struct call_locals){.local = local, .index = *index};
	builder->local_count++;
	return 0;
}

int call_builder_call(struct call_builder *builder, uint32_t from, uint32_t to,
		      struct ksa_error *err)
{
	int r = 0;

	if (from == to)
		return 0;
	if (builder->pairs.count >= MAX_PAIRS)
		r = ksa_fail(err, KSA_ELIMIT, "has more than %d calls", MAX_PAIRS);
	if (!r)
		r = VEC_PUSH_ROOM(&builder->pairs, err);
	if (!r)
		builder->pairs.items[builder->pairs.count++] =
			(struct call_pair){.from = from, .to = to};
	return r;
}

int call_builder_alias(struct call_builder *builder, uint32_t alias, uint32_t function,
		       struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(&builder->aliases, err);

	if (!r)
		builder->aliases.items[builder->aliases.count++] =
			(struct call_pair){.from = alias, .to = function};
	return r;
}

int call_builder_merge(struct call_builder *builder, const struct call_builder *other,
		       struct ksa_error *err)
{
	uint32_t *map = calloc(other->functions.count + 1, sizeof(*map));
	int r = map ? 0 : ksa_fail_nomem(err);

	for (size_t i = 0; i < other->functions.count && !r; i++) {
		const struct call_function *from = &other->functions.items[i];

		r = call_builder_function(builder, from->name, from->local, &map[i], err);
		if (r)
			break;
		builder->functions.items[map[i]].indirect += from->indirect;
		builder->functions.items[map[i]].has_code |= from->has_code;
	}
	for (size_t i = 0; i < other->pairs.count && !r; i++)
		r = call_builder_call(builder, map[other->pairs.items[i].from],
				      map[other->pairs.items[i].to], err);
	free(map);
	return r;
}

/* The static functions by name; UINT32_MAX where several have it. */
static int index_locals(const struct call_builder *builder, struct strmap *map,
			struct ksa_error *err)
{
	for (size_t i = 0; i < builder->functions.count; i++) {
		uint32_t index = (uint32_t)i;
		int added;

		if (!builder->functions.items[i].local)
			continue;
		added = strmap_add(map, builder->functions.items[i].name, &index, NULL);
		if (added == 0)
			added = strmap_set(map, builder->functions.items[i].name, UINT32_MAX);
		if (added < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* Numbers of the other reading must not meet those of this one. */
#define OTHER_LOCAL ((uint64_t)1 << 63)

/* What the functions of the other reading are here; UINT32_MAX: not to be told. */
static int match_functions(struct call_builder *builder, const struct call_builder *other,
			   uint32_t *map, struct ksa_error *err)
{
	struct strmap ours = {NULL, 0, 0}, theirs = {NULL, 0, 0};
	int r = index_locals(builder, &ours, err);

	if (!r)
		r = index_locals(other, &theirs, err);
	for (size_t i = 0; i < other->functions.count && !r; i++) {
		const struct call_function *from = &other->functions.items[i];
		struct call_function *to;
		uint32_t same = UINT32_MAX;

		map[i] = UINT32_MAX;
		if (!from->local)
			r = call_builder_function(builder, from->name, 0, &map[i], err);
		else if (!strmap_get(&ours, from->name, &map[i]))
			r = call_builder_function(builder, from->name, from->local | OTHER_LOCAL,
						  &map[i], err);
		else if (strmap_get(&theirs, from->name, &same) && same == UINT32_MAX)
			map[i] = UINT32_MAX;
		if (r || map[i] == UINT32_MAX)
			continue;
		to = &builder->functions.items[map[i]];
		if (!to->has_code && from->has_code) {
			to->has_code = true;
			to->indirect = from->indirect;
		}
	}
	strmap_release(&ours);
	strmap_release(&theirs);
	return r;
}

static int compare_pairs(const void *a, const void *b)
{
	const struct call_pair *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

/* The other's pairs by our indices, sorted; *count of them can be told. */
static struct call_pair *map_pairs(const struct call_builder *other, const uint32_t *map,
				   size_t *count)
{
	struct call_pair *pairs = calloc(other->pairs.count + 1, sizeof(*pairs));

	*count = 0;
	for (size_t i = 0; pairs && i < other->pairs.count; i++) {
		struct call_pair pair = {.from = map[other->pairs.items[i].from],
					 .to = map[other->pairs.items[i].to]};

		if (pair.from != UINT32_MAX && pair.to != UINT32_MAX)
			pairs[(*count)++] = pair;
	}
	if (*count)
		qsort(pairs, *count, sizeof(*pairs), compare_pairs);
	return pairs;
}

int call_builder_fill(struct call_builder *builder, const struct call_builder *other,
		      struct ksa_error *err)
{
	uint32_t *map = calloc(other->functions.count + 1, sizeof(*map));
	struct call_pair *pairs = NULL;
	size_t held = builder->pairs.count, at = 0, count = 0;
	int r = map ? match_functions(builder, other, map, err) : ksa_fail_nomem(err);

	if (!r)
		pairs = map_pairs(other, map, &count);
	if (!r && !pairs)
		r = ksa_fail_nomem(err);
	if (held)
		qsort(builder->pairs.items, held, sizeof(*builder->pairs.items), compare_pairs);
	/* Both are sorted: each pair of ours answers one of theirs. */
	for (size_t i = 0; i < count && !r; i++) {
		int order = -1;

		while (at < held &&
		       (order = compare_pairs(&builder->pairs.items[at], &pairs[i])) < 0)
			at++;
		if (at < held && order == 0)
			at++;
		else
			r = call_builder_call(builder, pairs[i].from, pairs[i].to, err);
	}
	free(pairs);
	free(map);
	return r;
}

static int compare_edges(const void *a, const void *b)
{
	const struct call_edge *x = a, *y = b;

	return x->to < y->to ? -1 : x->to > y->to;
}

/* Sort each function's calls, and count those to the same one; returns how many edges are left. */
static uint32_t fold_edges(struct call_graph *graph)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < graph->function_count; i++) {
		struct call_function *f = &graph->functions[i];
		struct call_edge *from = &graph->edges[f->first];
		uint32_t count = f->count;

		if (count > 1)
			qsort(from, count, sizeof(*from), compare_edges);
		f->first = kept;
		for (uint32_t k = 0; k < count; k++) {
			if (kept > f->first && graph->edges[kept - 1].to == from[k].to)
				graph->edges[kept - 1].calls++;
			else
				graph->edges[kept++] = from[k];
		}
		f->count = kept - f->first;
	}
	return kept;
}

/* A function on its way from one index to another. */
struct moved {
	struct call_function function;
	uint32_t from;
};

static int compare_moved(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	int order = strcmp(x->function.name, y->function.name);

	if (order)
		return order;
	return x->function.local < y->function.local ? -1 : x->function.local > y->function.local;
}

static void renumber(struct call_pair *pairs, size_t count, const uint32_t *to)
{
	for (size_t i = 0; i < count; i++) {
		pairs[i].from = to[pairs[i].from];
		pairs[i].to = to[pairs[i].to];
	}
}

int call_builder_sort(struct call_builder *builder, struct ksa_error *err)
{
	size_t count = builder->functions.count;
	struct moved *moved = calloc(count + 1, sizeof(*moved));
	uint32_t *to = calloc(count + 1, sizeof(*to));
	int r = moved && to ? 0 : ksa_fail_nomem(err);

	for (size_t i = 0; i < count && !r; i++)
		moved[i] = (struct moved){builder->functions.items[i], (uint32_t)i};
	if (!r && count)
		qsort(moved, count, sizeof(*moved), compare_moved);
	for (size_t i = 0; i < count && !r; i++) {
		struct call_function *f = &builder->functions.items[i];

		*f = moved[i].function;
		to[moved[i].from] = (uint32_t)i;
		if (!f->local && strmap_set(&builder->globals, f->name, (uint32_t)i))
			r = ksa_fail_nomem(err);
	}
	for (size_t i = 0; i < builder->local_capacity && !r; i++)
		if (builder->locals[i].local)
			builder->locals[i].index = to[builder->locals[i].index];
	if (!r) {
		renumber(builder->pairs.items, builder->pairs.count, to);
		renumber(builder->aliases.items, builder->aliases.count, to);
	}
	free(moved);
	free(to);
	return r;
}

int call_builder_finish(const struct call_builder *builder, struct arena *arena,
			struct call_graph *graph, struct ksa_error *err)
{
	size_t functions = builder->functions.count, pairs = builder->pairs.count;
	uint32_t at = 0;

	graph->functions = arena_calloc(arena, functions + 1, sizeof(*graph->functions));
	graph->edges = arena_calloc(arena, pairs + 1, sizeof(*graph->edges));
	if (!graph->functions || !graph->edges)
		return ksa_fail_nomem(err);
	graph->function_count = (uint32_t)functions;
	if (functions)
		memcpy(graph->functions, builder->functions.items,
		       functions * sizeof(*graph->functions));
	for (size_t i = 0; i < functions; i++) {
		graph->functions[i].name = arena_strdup(arena, graph->functions[i].name);
		if (!graph->functions[i].name)
			return ksa_fail_nomem(err);
	}
	for (size_t i = 0; i < pairs; i++)
		graph->functions[builder->pairs.items[i].from].count++;
	for (size_t i = 0; i < functions; i++) {
		graph->functions[i].first = at;
		at += graph->functions[i].count;
		graph->functions[i].count = 0;
	}
	for (size_t i = 0; i < pairs; i++) {
		struct call_function *f = &graph->functions[builder->pairs.items[i].from];

		graph->edges[f->first + f->count++] =
			(struct call_edge){.to = builder->pairs.items[i].to, .calls = 1};
	}
	graph->edge_count = fold_edges(graph);
	for (size_t i = 0; i < builder->aliases.count; i++) {
		struct call_function *f = &graph->functions[builder->aliases.items[i].from];
		const struct call_function *of = &graph->functions[builder->aliases.items[i].to];

		f->first = of->first;
		f->count = of->count;
		f->indirect = of->indirect;
		f->has_code = true;
	}
	return 0;
}
