// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/diff/reach.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Of the types of real kernels six are enough. */
#define MAX_ROUNDS 1000u

int reach_init(struct reach *reach, const struct type_graph *const graph[DIFF_SIDES],
	       const uint16_t *costs, struct ksa_error *err)
{
	const struct type_graph *old = graph[DIFF_OLD];

	memset(reach, 0, sizeof(*reach));
	reach->costs = costs;
	reach->graph[DIFF_OLD] = old;
	reach->graph[DIFF_NEW] = graph[DIFF_NEW];
	reach->other = calloc(old->name_count + 1, sizeof(*reach->other));
	reach->at = calloc(old->name_count + 1, sizeof(*reach->at));
	if (!reach->other || !reach->at) {
		reach_release(reach);
		return ksa_fail_nomem(err);
	}
	for (uint32_t i = 0; i < old->name_count; i++)
		reach->other[i] = type_graph_find(graph[DIFF_NEW], old->names[i].name);
	return 0;
}

void reach_release(struct reach *reach)
{
	free(reach->other);
	free(reach->at);
	free(reach->items);
	memset(reach, 0, sizeof(*reach));
}

void reach_begin(struct reach *reach, uint32_t old_unit, uint32_t new_unit)
{
	for (size_t i = 0; i < reach->count; i++)
		reach->at[reach->items[i].name] = 0;
	reach->count = 0;
	reach->unit[DIFF_OLD] = old_unit;
	reach->unit[DIFF_NEW] = new_unit;
}

const struct reach_item *reach_item(const struct reach *reach, uint32_t name)
{
	return reach->at[name] ? &reach->items[reach->at[name] - 1] : NULL;
}

int reach_add(struct reach *reach, uint32_t name, struct ksa_error *err)
{
	struct reach_item *item;
	int r;

	if (reach->at[name])
		return 0;
	r = VEC_PUSH_ROOM(reach, err);
	if (r)
		return r;
	item = &reach->items[reach->count++];
	reach->at[name] = (uint32_t)reach->count;
	*item = (struct reach_item){.name = name, .distance = REACH_NEVER};
	item->def[DIFF_OLD] = type_graph_def(reach->graph[DIFF_OLD], name, reach->unit[DIFF_OLD]);
	item->def[DIFF_NEW] =
		type_graph_def(reach->graph[DIFF_NEW], reach->other[name], reach->unit[DIFF_NEW]);
	return 0;
}

bool reach_is_same(const struct type_def *a, const struct type_def *b)
{
	return a == b || (a->hash == b->hash && strcmp(a->text, b->text) == 0);
}

/* Reach what item i refers to, unless it differs or is not known. */
static int follow(struct reach *reach, size_t i, struct ksa_error *err)
{
	const struct type_def *old = reach->items[i].def[DIFF_OLD];
	const struct type_def *now = reach->items[i].def[DIFF_NEW];
	int r = 0;

	if (!old || !now)
		return 0;
	if (!reach_is_same(old, now)) {
		reach->items[i].distance = 0;
		return 0;
	}
	for (uint32_t k = 0; k < old->count && !r; k++)
		r = reach_add(reach, reach->graph[DIFF_OLD]->refs[old->first + k].name, err);
	return r;
}

/* Take the nearest way from an item; true if it is nearer than what was known. */
static bool come_nearer(struct reach *reach, struct reach_item *item)
{
	const struct type_def *old = item->def[DIFF_OLD];
	uint32_t before = item->distance;

	for (uint32_t k = old->first; k < old->first + old->count; k++) {
		uint32_t at = reach->at[reach->graph[DIFF_OLD]->refs[k].name] - 1;
		const struct reach_item *next = &reach->items[at];

		if (next->distance >= REACH_NEVER - reach->costs[k] ||
		    next->distance + reach->costs[k] >= item->distance)
			continue;
		item->distance = next->distance + reach->costs[k];
		item->steps = next->steps + 1;
		item->next = at;
	}
	return item->distance < before;
}

int reach_settle(struct reach *reach, struct ksa_error *err)
{
	unsigned int rounds = 0;
	bool again = true;
	int r = 0;

	for (size_t i = 0; i < reach->count && !r; i++)
		r = follow(reach, i, err);
	/* What was reached last is nearest to the end: most is known after a few rounds. */
	while (again && !r) {
		if (rounds++ == MAX_ROUNDS)
			return ksa_fail(err, KSA_ELIMIT,
					"types lead to each other over more than %u others: no "
					"kernel has these",
					MAX_ROUNDS);
		again = false;
		for (size_t i = reach->count; i--;) {
			struct reach_item *item = &reach->items[i];

			if (item->distance && item->def[DIFF_OLD] && item->def[DIFF_NEW])
				again |= come_nearer(reach, item);
		}
	}
	return r;
}
