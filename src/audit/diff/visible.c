// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/diff/visible.h"

#include <stdlib.h>
#include <string.h>

#include "model/declared.h"

/* A pointer that no header answers for: a dozen certain steps are better, whoever else has it. */
#define UNSURE 50u

struct seeing {
	const struct type_graph *graph;
	const struct declared *declared;
	uint32_t *used; /* by name: how many declarations have it */
	uint8_t *reach; /* by file, of the header at hand: what it includes */
	uint32_t file; /* that header, + 1 */
	uint16_t *costs;
	struct ksa_error *err;
};

/* The name of a type without its keyword; NULL: it is an export. */
static const char *tag_of(const struct type_graph *g, uint32_t name, enum declared_kind *kind)
{
	const char *text = g->names[name].name, *blank = strchr(text, ' ');

	if (!blank)
		return NULL;
	*kind = strncmp(text, "typedef ", 8) == 0 ? DECLARES_TYPEDEF : DECLARES_TAG;
	return blank + 1;
}

/* The next place of a type behind *at, which is 0 at first; NULL: there is none. */
static const struct declared_place *next_place(const struct seeing *s, uint32_t name, size_t *at)
{
	enum declared_kind kind;
	const char *tag = tag_of(s->graph, name, &kind);
	size_t count;
	const struct declared_place *places =
		tag && s->declared ? declared_places(s->declared, tag, &count) : NULL;

	for (; places && *at < count; ++*at)
		if (places[*at].kind == kind)
			return &places[(*at)++];
	return NULL;
}

/* Have what a header includes. */
static int take_header(struct seeing *s, uint32_t file)
{
	if (!s->declared || s->file == file + 1)
		return 0;
	s->file = file + 1;
	memset(s->reach, 0, s->declared->of->file_count);
	return declared_reach(s->declared, file, REACH_YES, s->reach, s->err);
}

/* True if the header at hand has the type, or includes one that does. */
static bool is_reached(const struct seeing *s, uint32_t name)
{
	const struct declared_place *place;
	size_t at = 0;

	while ((place = next_place(s, name, &at)))
		if (s->reach[place->file] != REACH_NOT)
			return true;
	return false;
}

/* What it costs to go from a type that stands in the header at hand, or in none. */
static uint16_t cost_of(const struct seeing *s, const struct type_ref *ref, bool in_header)
{
	size_t at = 0;

	if (!ref->by_pointer || (in_header && is_reached(s, ref->name)))
		return VISIBLE_SURE;
	if (!in_header && s->declared && !next_place(s, ref->name, &at))
		return VISIBLE_PRIVATE;
	return (uint16_t)(UNSURE + VISIBLE_UNLIKELY / (s->used[ref->name] + 1));
}

/* The steps from one definition; of a type that several headers have the first counts. */
static int cost_def(struct seeing *s, const struct type_def *def)
{
	const struct declared_place *place;
	enum declared_kind kind;
	bool export = !tag_of(s->graph, def->name, &kind);
	size_t at = 0;
	int r = 0;

	place = export || !def->count ? NULL : next_place(s, def->name, &at);
	if (place)
		r = take_header(s, place->file);
	for (uint32_t i = def->first; i < def->first + def->count && !r; i++)
		s->costs[i] = export ? VISIBLE_SURE : cost_of(s, &s->graph->refs[i], place);
	return r;
}

int visible_costs(const struct type_graph *graph, const struct declared *declared, uint16_t **out,
		  struct ksa_error *err)
{
	struct seeing s = {.graph = graph, .declared = declared, .err = err};
	int r = 0;

	s.used = calloc(graph->name_count + 1, sizeof(*s.used));
	s.reach = calloc(declared ? declared->of->file_count + 1 : 1, 1);
	s.costs = calloc(graph->ref_count + 1, sizeof(*s.costs));
	if (!s.used || !s.reach || !s.costs)
		r = ksa_fail_nomem(err);
	for (size_t i = 0; i < graph->ref_count && !r; i++)
		s.used[graph->refs[i].name]++;
	for (size_t i = 0; i < graph->def_count && !r; i++) {
		if (graph->by_unit) /* their own files say what they see */
			for (uint32_t k = 0; k < graph->defs[i].count; k++)
				s.costs[graph->defs[i].first + k] = VISIBLE_SURE;
		else
			r = cost_def(&s, &graph->defs[i]);
	}
	free(s.used);
	free(s.reach);
	if (r)
		free(s.costs);
	else
		*out = s.costs;
	return r;
}
