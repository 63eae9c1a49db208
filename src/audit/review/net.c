// SPDX-License-Identifier: GPL-2.0-or-later
/* What a series does in the end: what one patch adds and a later one removes is nothing. */
#include <stdlib.h>
#include <string.h>

#include "audit/review/review_internal.h"
#include "audit/review/tracks.h"
#include "base/cleanup.h"
#include "base/vec.h"

static int compare_symbols(const void *x, const void *y)
{
	const struct review_change *const *a = x, *const *b = y;
	int r = strcmp((*a)->symbol, (*b)->symbol);

	/* The list is in the order of the patches. */
	return r ? r : (*a > *b) - (*a < *b);
}

static enum review_what what_of(const struct track *t)
{
	if (!t->first)
		return REVIEW_ADDED;
	if (!t->now)
		return REVIEW_REMOVED;
	return track_changes(t) ? REVIEW_CHANGED : REVIEW_MOVED;
}

static int add_net(const struct track *t, struct review_change_list *out, struct ksa_error *err)
{
	struct review_change c = *t->change;
	int r;

	if (!track_changes(t) &&
	    (!t->first || !t->now || strcmp(t->first->path, t->now->path) == 0))
		return 0;
	memset(c.sides, 0, sizeof(c.sides));
	if (t->first)
		c.sides[PATCH_OLD] = *t->first;
	if (t->now)
		c.sides[PATCH_NEW] = *t->now;
	c.what = (uint8_t)what_of(t);
	r = VEC_PUSH_ROOM(out, err);
	if (!r)
		out->items[out->count++] = c;
	return r;
}

/* The changes of one symbol. */
static int sum_up(const struct review_change *const *changes, size_t count,
		  struct review_change_list *out, struct ksa_error *err)
{
	struct tracks tracks = {NULL, 0, 0};
	int r = 0;

	for (size_t i = 0; i < count && !r; i++)
		r = tracks_follow(&tracks, changes[i], err);
	tracks_join_moved(&tracks);
	for (size_t i = 0; i < tracks.count && !r; i++)
		r = add_net(&tracks.items[i], out, err);
	free(tracks.items);
	return r;
}

int review_net_changes(struct review_change_list *list, struct ksa_error *err)
{
	_cleanup_free_ const struct review_change **by_symbol =
		malloc((list->count + 1) * sizeof(*by_symbol));
	struct review_change_list net = {NULL, 0, 0};
	int r = by_symbol ? 0 : ksa_fail_nomem(err);

	for (size_t i = 0; i < list->count && by_symbol; i++)
		by_symbol[i] = &list->items[i];
	if (!r && list->count)
		qsort(by_symbol, list->count, sizeof(*by_symbol), compare_symbols);
	for (size_t i = 0, end; i < list->count && !r; i = end) {
		for (end = i + 1;
		     end < list->count && strcmp(by_symbol[end]->symbol, by_symbol[i]->symbol) == 0;
		     end++)
			;
		r = sum_up(by_symbol + i, end - i, &net, err);
	}
	if (r) {
		free(net.items);
		return r;
	}
	free(list->items);
	*list = net;
	return 0;
}
