// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes by branch: what has to be read for them, and the events that are one change. */
#include "audit/history/branches.h"

#include <stdlib.h>
#include <string.h>

#include "audit/history/branches_internal.h"
#include "base/cleanup.h"
#include "base/search.h"
#include "base/vec.h"

static int compare_texts(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

int branches_compare_steps(const struct ksa_event *a, const struct ksa_event *b)
{
	int c = strcmp(a->symbol, b->symbol);

	if (!c)
		c = (a->kind > b->kind) - (a->kind < b->kind);
	if (!c)
		c = (a->from > b->from) - (a->from < b->from);
	if (!c)
		c = (a->to > b->to) - (a->to < b->to);
	if (!c)
		c = compare_texts(a->from_ns, b->from_ns);
	if (!c)
		c = compare_texts(a->to_ns, b->to_ns);
	return c ? c : compare_texts(a->old_symbol, b->old_symbol);
}

static int compare_events(const void *a, const void *b, void *ctx)
{
	const struct ksa_events *events = ctx;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int c = branches_compare_steps(&events->items[x], &events->items[y]);

	/* they are in the order of their commits already */
	return c ? c : (x > y) - (x < y);
}

int branches_sort(const struct ksa_events *events, uint32_t **out, struct ksa_error *err)
{
	uint32_t *list = calloc(events->count + 1, sizeof(*list));

	*out = list;
	if (!list)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < events->count; i++)
		list[i] = (uint32_t)i;
	if (events->count)
		qsort_r(list, events->count, sizeof(*list), compare_events,
			(void *)(uintptr_t)events);
	return 0;
}

size_t branches_group_end(const struct ksa_events *events, const uint32_t *list, size_t at)
{
	size_t end = at + 1;

	while (end < events->count &&
	       branches_compare_steps(&events->items[list[at]], &events->items[list[end]]) == 0)
		end++;
	return end;
}

/* Where two commits do a like step, their patch-ids tell whether it is one change. */
static int ask_patch_ids(struct ksa_branches *b, const uint32_t *list, struct ksa_error *err)
{
	const struct ksa_events *events = b->events;
	size_t kept = 0;

	b->asked = malloc((events->count + 1) * sizeof(*b->asked));
	if (!b->asked)
		return ksa_fail_nomem(err);
	for (size_t i = 0, end; i < events->count; i = end) {
		end = branches_group_end(events, list, i);
		for (size_t k = i; k < end && end > i + 1; k++)
			b->asked[b->asked_count++] = events->items[list[k]].commit;
	}
	if (b->asked_count)
		qsort(b->asked, b->asked_count, sizeof(*b->asked), compare_u32);
	for (size_t i = 0; i < b->asked_count; i++)
		if (!kept || b->asked[kept - 1] != b->asked[i])
			b->asked[kept++] = b->asked[i];
	b->asked_count = kept;
	return 0;
}

static int add_name(struct strmap *names, const char *name, struct ksa_error *err)
{
	return name && strmap_set(names, name, 1) ? ksa_fail_nomem(err) : 0;
}

static int compare_files(const void *a, const void *b)
{
	const struct event_state *x = a, *y = b;
	int c = strcmp(x->symbol, y->symbol);

	return c ? c : strcmp(x->path, y->path);
}

/* Every file that ever exported one of the symbols. */
static int list_files(struct ksa_branches *b, struct ksa_error *err)
{
	_cleanup_(strmap_release) struct strmap names = {0};
	const struct ksa_history *h = b->events->history;
	size_t capacity = 0, kept = 0;
	int r = 0;

	for (size_t i = 0; i < b->events->count && !r; i++) {
		r = add_name(&names, b->events->items[i].symbol, err);
		if (!r)
			r = add_name(&names, b->events->items[i].old_symbol, err);
	}
	for (size_t i = 0; i < h->change_count && !r; i++) {
		const struct history_change *c = &h->changes[i];

		if (!strmap_get(&names, h->strings[c->name], NULL))
			continue;
		r = vec_reserve(&b->files, &capacity, b->file_count + 1, sizeof(*b->files), err);
		if (!r)
			b->files[b->file_count++] = (struct event_state){
				.symbol = h->strings[c->name], .path = h->strings[c->path]};
	}
	if (!r && b->file_count)
		qsort(b->files, b->file_count, sizeof(*b->files), compare_files);
	for (size_t i = 0; i < b->file_count && !r; i++)
		if (!kept || compare_files(&b->files[kept - 1], &b->files[i]) != 0)
			b->files[kept++] = b->files[i];
	b->file_count = kept;
	return r;
}

int branches_new(const struct ksa_events *events, struct ksa_branches **out, struct ksa_error *err)
{
	struct ksa_branches *b = calloc(1, sizeof(*b));
	_cleanup_free_ uint32_t *list = NULL;
	int r;

	*out = b;
	if (!b)
		return ksa_fail_nomem(err);
	b->events = events;
	b->items = events->history->branches;
	b->count = events->history->branch_count;
	b->tip_ends = arena_calloc(&b->arena, b->count + 1, sizeof(*b->tip_ends));
	r = b->tip_ends ? branches_sort(events, &list, err) : ksa_fail_nomem(err);
	if (!r)
		r = ask_patch_ids(b, list, err);
	return r ? r : list_files(b, err);
}

/* The symbol's own entry in the tip's part of the list; made if it is new. */
static struct event_state *find_tip(struct ksa_branches *b, size_t first, const char *symbol,
				    struct ksa_error *err)
{
	for (size_t i = first; i < b->tip_count; i++)
		if (strcmp(b->tips[i].symbol, symbol) == 0)
			return &b->tips[i];
	if (vec_reserve(&b->tips, &b->tip_capacity, b->tip_count + 1, sizeof(*b->tips), err))
		return NULL;
	b->tips[b->tip_count] = (struct event_state){.symbol = symbol};
	return &b->tips[b->tip_count++];
}

int branches_take_tip(struct ksa_branches *b, size_t branch, const struct history_exports *exports,
		      struct ksa_error *err)
{
	const char *const *strings = b->events->history->strings;
	const size_t first = branch ? b->tip_ends[branch - 1] : 0;

	for (size_t i = 0; i < exports->count; i++) {
		const struct history_export *e = &exports->items[i];
		const struct event_state key = {.symbol = strings[e->name],
						.path = strings[e->path]};
		struct event_state *tip;

		/* the files export other symbols, too */
		if (!b->file_count ||
		    !bsearch(&key, b->files, b->file_count, sizeof(key), compare_files))
			continue;
		tip = find_tip(b, first, key.symbol, err);
		if (!tip)
			return KSA_ENOMEM;
		tip->classes |= (uint8_t)(1u << e->cls);
		tip->path = key.path;
		if (e->ns)
			tip->ns = strings[e->ns];
	}
	b->tip_ends[branch] = b->tip_count;
	return 0;
}
