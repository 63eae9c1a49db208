// SPDX-License-Identifier: GPL-2.0-or-later
/* What helpers lead to. */
#include "model/helper.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"

void helper_reach_release(struct helper_reach *reach)
{
	free(reach->steps);
	free(reach->seen);
	*reach = (struct helper_reach){.steps = NULL};
}

static int add_step(struct helper_reach *reach, uint32_t name, uint32_t from, uint32_t depth,
		    struct ksa_error *err)
{
	int r;

	if (reach->seen[name] == reach->search)
		return 0;
	r = vec_reserve(&reach->steps, &reach->capacity, reach->count + 1, sizeof(*reach->steps),
			err);
	if (r)
		return r;
	reach->seen[name] = reach->search;
	reach->steps[reach->count++] = (struct helper_step){name, from, depth};
	return 0;
}

/* Begin another search. */
static int begin(const struct helpers *helpers, struct helper_reach *reach, struct ksa_error *err)
{
	reach->count = 0;
	if (reach->seen && reach->seen_count == helpers->name_count && ++reach->search < UINT32_MAX)
		return 0;
	free(reach->seen);
	reach->seen_count = helpers->name_count;
	reach->search = 1;
	reach->seen = calloc(reach->seen_count + 1, sizeof(*reach->seen));
	return reach->seen ? 0 : ksa_fail_nomem(err);
}

int helpers_reach(const struct helpers *helpers, const struct helper *helper,
		  struct helper_reach *reach, struct ksa_error *err)
{
	int r = begin(helpers, reach, err);

	if (!r)
		r = add_step(reach, helper->name, 0, 0, err);
	for (size_t i = 0; i < reach->count && !r; i++) {
		const struct helper_step step = reach->steps[i];
		uint32_t index = helpers->names[step.name].helper;
		const struct helper *h;

		if (index == HELPER_NONE || step.depth == HELPER_DEPTH)
			continue;
		h = &helpers->items[index];
		for (uint32_t k = 0; k < h->count && !r; k++)
			r = add_step(reach, helpers->refs[h->first + k], (uint32_t)i,
				     step.depth + 1, err);
	}
	return r;
}

void helper_reach_chain(const struct helpers *helpers, const struct helper_reach *reach,
			size_t step, struct strbuf *out)
{
	size_t way[HELPER_DEPTH + 1], count = 0;

	for (size_t at = step; count < HELPER_DEPTH + 1; at = reach->steps[at].from) {
		way[count++] = at;
		if (at == 0)
			break;
	}
	while (count-- > 0) {
		helpers_print_name(helpers, reach->steps[way[count]].name, out);
		strbuf_adds(out, count ? " -> " : "");
	}
}

int helpers_distances(const struct helpers *helpers, bool (*wanted)(void *ctx, const char *name),
		      void *ctx, uint8_t **out, struct ksa_error *err)
{
	size_t names = helpers->name_count;
	_cleanup_free_ uint32_t *queue = malloc((names + 1) * sizeof(*queue));
	uint8_t *far = malloc(names + 1);
	size_t count = 0;

	*out = far;
	if (!queue || !far) {
		free(far);
		*out = NULL;
		return ksa_fail_nomem(err);
	}
	memset(far, UINT8_MAX, names + 1);
	for (uint32_t i = 0; i < names; i++) {
		if (!wanted(ctx, helpers->names[i].text))
			continue;
		far[i] = 0;
		queue[count++] = i;
	}
	for (size_t at = 0; at < count; at++) {
		uint32_t name = queue[at];
		size_t users;
		const uint32_t *user = helpers_users(helpers, name, &users);

		for (size_t k = 0; k < users && far[name] < HELPER_DEPTH; k++) {
			uint32_t next = helpers->items[user[k]].name;

			if (far[next] != UINT8_MAX)
				continue;
			far[next] = (uint8_t)(far[name] + 1);
			queue[count++] = next;
		}
	}
	return 0;
}
