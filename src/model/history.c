// SPDX-License-Identifier: GPL-2.0-or-later
/* The graph of commits and what they change. */
#include "model/history.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "model/history_stats.h"

void ksa_history_free(struct ksa_history *history)
{
	if (!history)
		return;
	free(history->commits);
	free(history->parents);
	free(history->slots);
	free(history->strings);
	free(history->changes);
	free(history->infos);
	free(history->tags);
	free(history->contexts);
	free(history->branches);
	free(history->notices);
	strmap_release(&history->string_map);
	arena_release(&history->arena);
	free(history);
}

int history_string(struct ksa_history *history, const char *s, uint32_t *number,
		   struct ksa_error *err)
{
	uint32_t value = history->string_count ? (uint32_t)history->string_count : 1;
	const char *copy;
	int r;

	*number = 0;
	if (!s || strmap_get(&history->string_map, s, number))
		return 0;
	if (value == UINT32_MAX)
		return ksa_fail(err, KSA_ELIMIT,
				"the history has more strings than can be counted");
	r = vec_reserve(&history->strings, &history->string_capacity, (size_t)value + 1,
			sizeof(*history->strings), err);
	if (r)
		return r;
	history->strings[0] = NULL;
	copy = arena_strdup(&history->arena, s);
	if (!copy || strmap_add(&history->string_map, copy, &value, NULL) < 0)
		return ksa_fail_nomem(err);
	history->strings[value] = copy;
	history->string_count = (size_t)value + 1;
	*number = value;
	return 0;
}

void history_releases_release(struct history_releases *releases)
{
	free(releases->tags);
	free(releases->classes);
	free(releases->used);
	memset(releases, 0, sizeof(*releases));
}

void history_stats_list_release(struct history_stats_list *list)
{
	free(list->items);
	*list = (struct history_stats_list){.items = NULL};
}

const char *const history_stats_names[STATS_COLUMNS] = {
	"plain",  "gpl",      "mixed",	"other", "new plain", "new gpl", "new other", "removed",
	"to gpl", "to plain", "unused", "next",	 "second",    "later",	 "never"};

void history_stats_row(const struct history_release *row, uint32_t out[STATS_COLUMNS])
{
	const uint32_t list[STATS_COLUMNS] = {row->plain,     row->gpl,
					      row->mixed,     row->other,
					      row->new_plain, row->new_gpl,
					      row->new_other, row->removed,
					      row->to_gpl,    row->to_plain,
					      row->unused,    row->waits[0],
					      row->waits[1],  row->waits[2] + row->waits[3],
					      row->never};

	memcpy(out, list, sizeof(list));
}

void history_stats_release(struct history_stats *stats)
{
	free(stats->items);
	stats->items = NULL;
	stats->count = 0;
}

static uint32_t *find_slot(const struct ksa_history *history, const struct object_id *id)
{
	size_t mask = history->slot_count - 1, at;

	memcpy(&at, id->bytes, sizeof(at));
	for (at &= mask; history->slots[at]; at = (at + 1) & mask)
		if (object_id_is_equal(&history->commits[history->slots[at] - 1].id, id))
			break;
	return &history->slots[at];
}

uint32_t history_find_commit(const struct ksa_history *history, const struct object_id *id)
{
	return history->slot_count ? *find_slot(history, id) - 1 : HISTORY_NONE;
}

int history_hash_commits(struct ksa_history *history, struct ksa_error *err)
{
	size_t count = history->slot_count ? history->slot_count * 2 : 4096;
	uint32_t *slots;

	while (count < history->commit_capacity * 2)
		count *= 2;
	slots = calloc(count, sizeof(*slots));
	if (!slots)
		return ksa_fail_nomem(err);
	free(history->slots);
	history->slots = slots;
	history->slot_count = count;
	for (size_t i = 0; i < history->commit_count; i++)
		*find_slot(history, &history->commits[i].id) = (uint32_t)i + 1;
	return 0;
}

int history_add_commit(struct ksa_history *history, const struct object_id *id, uint32_t *index,
		       struct ksa_error *err)
{
	int r = vec_reserve(&history->commits, &history->commit_capacity, history->commit_count + 1,
			    sizeof(*history->commits), err);

	if (!r && history->commit_count >= HISTORY_NONE - 1)
		r = ksa_fail(err, KSA_ELIMIT, "the history has more commits than can be counted");
	if (!r && (history->commit_count + 1) * 2 > history->slot_count)
		r = history_hash_commits(history, err);
	if (r)
		return r;
	*index = (uint32_t)history->commit_count;
	history->commits[history->commit_count++] =
		(struct history_commit){.id = *id, .parents = (uint32_t)history->parent_count};
	*find_slot(history, id) = *index + 1;
	return 0;
}

static int compare_infos(const void *a, const void *b)
{
	const struct history_info *x = a, *y = b;

	return (x->commit > y->commit) - (x->commit < y->commit);
}

const struct history_info *history_find_info(const struct ksa_history *history, uint32_t commit)
{
	struct history_info key = {.commit = commit};

	return history->info_count ? bsearch(&key, history->infos, history->info_count, sizeof(key),
					     compare_infos)
				   : NULL;
}

#define VISITED UINT16_MAX

/* Go on with the commit on top of the stack; a commit's next is 0, then 1 + the parent that is
 * looked at, then VISITED. */
static size_t step_dates(const struct ksa_history *history, int64_t *dates, uint16_t *next,
			 uint32_t *stack, size_t depth)
{
	uint32_t at = stack[depth - 1], parent;
	const struct history_commit *c = &history->commits[at];

	if (!next[at]) {
		next[at] = 1;
		dates[at] = c->time;
	}
	if (next[at] > c->parent_count) {
		next[at] = VISITED;
		return depth - 1;
	}
	parent = history->parents[c->parents + next[at] - 1];
	if (!next[parent]) {
		stack[depth] = parent;
		return depth + 1;
	}
	/* One that is still being visited: grafts can make a circle. */
	if (next[parent] == VISITED && dates[at] <= dates[parent])
		dates[at] = dates[parent] + 1;
	next[at]++;
	return depth;
}

/* A date that never goes back from a parent to its child, whatever the clocks said. Without
 * recursion: a history is deeper than any stack. */
static int make_dates(const struct ksa_history *history, int64_t *dates, struct ksa_error *err)
{
	size_t count = history->commit_count;
	_cleanup_free_ uint32_t *stack = malloc((count + 1) * sizeof(*stack));
	_cleanup_free_ uint16_t *next = calloc(count + 1, sizeof(*next));

	if (!stack || !next)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < count; i++) {
		size_t depth = !next[i];

		stack[0] = (uint32_t)i;
		while (depth)
			depth = step_dates(history, dates, next, stack, depth);
	}
	return 0;
}

struct dated {
	int64_t date;
	uint32_t commit;
};

static int compare_dated(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;

	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return (x->commit > y->commit) - (x->commit < y->commit);
}

int history_give_order(struct ksa_history *history, struct ksa_error *err)
{
	size_t count = history->commit_count;
	_cleanup_free_ int64_t *dates = calloc(count + 1, sizeof(*dates));
	_cleanup_free_ struct dated *list = calloc(count + 1, sizeof(*list));
	int r;

	r = dates && list ? make_dates(history, dates, err) : ksa_fail_nomem(err);
	for (size_t i = 0; i < count && !r; i++)
		list[i] = (struct dated){dates[i], (uint32_t)i};
	if (!r)
		qsort(list, count, sizeof(*list), compare_dated);
	for (size_t i = 0; i < count && !r; i++)
		history->commits[list[i].commit].order = (uint32_t)i;
	return r;
}

static int compare_changes(const void *a, const void *b, void *ctx)
{
	const struct history_change *x = a, *y = b;
	const struct ksa_history *history = ctx;

	if (x->commit != y->commit)
		return history->commits[x->commit].order < history->commits[y->commit].order ? -1
											     : 1;
	if (x->name != y->name)
		return strcmp(history->strings[x->name], history->strings[y->name]);
	if (x->path != y->path)
		return strcmp(history->strings[x->path], history->strings[y->path]);
	return 0;
}

void history_sort(struct ksa_history *history)
{
	if (history->change_count)
		qsort_r(history->changes, history->change_count, sizeof(*history->changes),
			compare_changes, history);
	if (history->info_count)
		qsort(history->infos, history->info_count, sizeof(*history->infos), compare_infos);
}

static int compare_contexts(const void *a, const void *b)
{
	const struct history_context *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return (x->path > y->path) - (x->path < y->path);
}

void history_sort_contexts(struct ksa_history *h)
{
	size_t kept = 0;

	if (h->context_count)
		qsort(h->contexts, h->context_count, sizeof(*h->contexts), compare_contexts);
	for (size_t i = 0; i < h->context_count; i++)
		if (!kept || compare_contexts(&h->contexts[kept - 1], &h->contexts[i]) != 0)
			h->contexts[kept++] = h->contexts[i];
	h->context_count = kept;
}

void history_mark(const struct ksa_history *history, uint32_t commit, uint32_t value,
		  uint32_t *marks, uint32_t *stack)
{
	size_t depth = 0;

	if (marks[commit] != HISTORY_NONE)
		return;
	marks[commit] = value;
	stack[depth++] = commit;
	while (depth) {
		const struct history_commit *c = &history->commits[stack[--depth]];

		for (uint32_t i = 0; i < c->parent_count; i++) {
			uint32_t parent = history->parents[c->parents + i];

			if (marks[parent] != HISTORY_NONE)
				continue;
			marks[parent] = value;
			stack[depth++] = parent;
		}
	}
}

/*
 * The common ancestor that comes last in the order is a best one: none of its descendants is
 * common, because they come later. Both sides are walked from the latest commit down, so only what
 * lies between is visited.
 */
struct heap {
	uint32_t *items;
	size_t count, capacity;
};

static int heap_push(const struct ksa_history *history, struct heap *heap, uint32_t commit,
		     struct ksa_error *err)
{
	size_t at = heap->count;
	int r = VEC_PUSH_ROOM(heap, err);

	if (r)
		return r;
	heap->count++;
	while (at &&
	       history->commits[heap->items[(at - 1) / 2]].order < history->commits[commit].order) {
		heap->items[at] = heap->items[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap->items[at] = commit;
	return 0;
}

static uint32_t heap_pop(const struct ksa_history *history, struct heap *heap)
{
	uint32_t top = heap->items[0], last = heap->items[--heap->count];
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count &&
		    history->commits[heap->items[child]].order <
			    history->commits[heap->items[child + 1]].order)
			child++;
		if (history->commits[heap->items[child]].order <= history->commits[last].order)
			break;
		heap->items[at] = heap->items[child];
		at = child;
	}
	heap->items[at] = last;
	return top;
}

int history_merge_base(const struct ksa_history *history, uint32_t a, uint32_t b, uint32_t *base,
		       struct ksa_error *err)
{
	_cleanup_free_ uint8_t *sides = calloc(history->commit_count + 1, 1);
	struct heap heap = {NULL, 0, 0};
	int r = sides ? heap_push(history, &heap, a, err) : ksa_fail_nomem(err);

	*base = HISTORY_NONE;
	if (!r && a != b)
		r = heap_push(history, &heap, b, err);
	if (!r) {
		sides[a] |= 1;
		sides[b] |= 2;
	}
	while (!r && heap.count) {
		uint32_t at = heap_pop(history, &heap);
		const struct history_commit *c = &history->commits[at];

		if (sides[at] == 3) {
			*base = at;
			break;
		}
		for (uint32_t i = 0; i < c->parent_count && !r; i++) {
			uint32_t parent = history->parents[c->parents + i];

			if (!sides[parent])
				r = heap_push(history, &heap, parent, err);
			sides[parent] |= sides[at];
		}
	}
	free(heap.items);
	return r;
}

int history_add_notice(struct ksa_history *history, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&history->arena, format, ap);
	va_end(ap);
	return vec_add_text(&history->notices, &history->notice_count, &history->notice_capacity,
			    text, err);
}
