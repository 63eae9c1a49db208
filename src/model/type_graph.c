// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/type_graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Of names that are referred to again and again it is enough to leave out most. */
#define LOOK_BACK 64

int type_graph_new(struct type_graph **out, struct ksa_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return ksa_fail_nomem(err);
	(*out)->intern.arena = &(*out)->arena;
	return 0;
}

void type_graph_free(struct type_graph *graph)
{
	if (!graph)
		return;
	intern_release(&graph->intern);
	arena_release(&graph->arena);
	free(graph->names);
	free(graph->defs);
	free(graph->refs);
	free(graph);
}

static int fail_limit(struct ksa_error *err)
{
	return ksa_fail(err, KSA_ELIMIT,
			"more than %u types, or names in them: no kernel has these",
			TYPE_GRAPH_MAX);
}

int type_graph_name(struct type_graph *g, const char *name, size_t length, uint32_t *out,
		    struct ksa_error *err)
{
	const char *kept = intern_bytes(&g->intern, name, length, out);
	int r;

	if (!kept)
		return ksa_fail_nomem(err);
	if (*out < g->name_count)
		return 0;
	if (g->name_count >= TYPE_GRAPH_MAX)
		return fail_limit(err);
	r = vec_reserve(&g->names, &g->name_capacity, g->name_count + 1, sizeof(*g->names), err);
	if (!r)
		g->names[g->name_count++] = (struct type_name){.name = kept};
	return r;
}

/* FNV-1a */
static uint64_t hash_text(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	return hash;
}

int type_graph_define(struct type_graph *g, const struct type_def *init, struct ksa_error *err)
{
	struct type_def def = {.name = init->name,
			       .unit = init->unit,
			       .only_there = init->only_there,
			       .text = arena_strdup(&g->arena, init->text),
			       .hash = hash_text(init->text),
			       .first = (uint32_t)g->ref_count};
	int r;

	if (!def.text)
		return ksa_fail_nomem(err);
	if (g->def_count >= TYPE_GRAPH_MAX)
		return fail_limit(err);
	r = vec_reserve(&g->defs, &g->def_capacity, g->def_count + 1, sizeof(*g->defs), err);
	if (!r)
		g->defs[g->def_count++] = def;
	return r;
}

int type_graph_refer(struct type_graph *g, uint32_t name, bool by_pointer, struct ksa_error *err)
{
	struct type_def *def = &g->defs[g->def_count - 1];
	int r;

	for (uint32_t i = def->count; i && i + LOOK_BACK > def->count; i--) {
		const struct type_ref *ref = &g->refs[def->first + i - 1];

		if (ref->name == name && ref->by_pointer == by_pointer)
			return 0;
	}
	if (g->ref_count >= TYPE_GRAPH_MAX)
		return fail_limit(err);
	r = vec_reserve(&g->refs, &g->ref_capacity, g->ref_count + 1, sizeof(*g->refs), err);
	if (r)
		return r;
	g->refs[g->ref_count++] = (struct type_ref){name, by_pointer};
	def->count++;
	return 0;
}

/* Definitions came by rising unit, and so did what they refer to. */
static int compare_defs(const void *a, const void *b)
{
	const struct type_def *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

void type_graph_seal(struct type_graph *g)
{
	if (g->def_count)
		qsort(g->defs, g->def_count, sizeof(*g->defs), compare_defs);
	for (uint32_t i = 0; i < g->def_count; i++) {
		struct type_def *def = &g->defs[i];
		struct type_name *name = &g->names[def->name];

		if (!name->count++)
			name->first = i;
		def->lasting = i;
		if (def->only_there)
			def->lasting = i > name->first ? def[-1].lasting : NO_TYPE_DEF;
	}
}

uint32_t type_graph_find(const struct type_graph *g, const char *name)
{
	uint32_t number;

	return strmap_get(&g->intern.map, name, &number) ? number : NO_TYPE_NAME;
}

const struct type_def *type_graph_def(const struct type_graph *g, uint32_t name, uint32_t unit)
{
	const struct type_name *n;
	const struct type_def *found;
	uint32_t low, high;

	if (name >= g->name_count)
		return NULL;
	n = &g->names[name];
	for (low = 0, high = n->count; low < high;) {
		uint32_t middle = low + (high - low) / 2;

		if (g->defs[n->first + middle].unit <= unit)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	/* The last one up to there, but for what other units alone see. */
	found = &g->defs[n->first + low - 1];
	if (!found->only_there || found->unit == unit)
		return found;
	return found->lasting == NO_TYPE_DEF ? NULL : &g->defs[found->lasting];
}
