// SPDX-License-Identifier: GPL-2.0-or-later
/* The events that were asked for, and the releases that have them. */
#include "audit/history/history.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "audit/history/events.h"
#include "base/cleanup.h"
#include "base/search.h"
#include "base/vec.h"

/* Tags are in the order of their commits: the first one to reach a commit is its first tag. */
static int find_releases(struct ksa_events *events, struct ksa_error *err)
{
	const struct ksa_history *h = events->history;
	size_t size = h->commit_count * sizeof(uint32_t);
	_cleanup_free_ uint32_t *stack = malloc(size + 1);

	events->first_tag = malloc(size + 1);
	events->first_release = malloc(size + 1);
	if (!stack || !events->first_tag || !events->first_release)
		return ksa_fail_nomem(err);
	memset(events->first_tag, 0xff, size);
	memset(events->first_release, 0xff, size);
	for (size_t i = 0; i < h->tag_count; i++) {
		history_mark(h, h->tags[i].commit, (uint32_t)i, events->first_tag, stack);
		if (h->tags[i].release)
			history_mark(h, h->tags[i].commit, (uint32_t)i, events->first_release,
				     stack);
	}
	return 0;
}

struct upstream {
	const char *hex;
	uint32_t commit;
};

#define SHORT_ID 8 /* digits: a shorter one says too little */

static int compare_upstreams(const void *a, const void *b)
{
	const struct upstream *x = a, *y = b;

	return strcmp(x->hex, y->hex);
}

/* The first that is not before the first digits of hex. */
static size_t find_upstream(const struct upstream *list, size_t count, const char *hex)
{
	return SEARCH_FIRST(i, count, strncmp(list[i].hex, hex, SHORT_ID) < 0);
}

/* Which commits of the history are named as upstream by others of it. Ids may be cut short. */
static int find_backports(struct ksa_events *events, struct ksa_error *err)
{
	const struct ksa_history *h = events->history;
	struct upstream *list = calloc(h->info_count + 1, sizeof(*list));
	size_t count = 0;

	events->backports = malloc((h->info_count + 1) * sizeof(*events->backports));
	if (!list || !events->backports) {
		free(list);
		return ksa_fail_nomem(err);
	}
	for (size_t i = 0; i < h->info_count; i++)
		if (h->infos[i].upstream && strlen(h->strings[h->infos[i].upstream]) >= SHORT_ID)
			list[count++] = (struct upstream){h->strings[h->infos[i].upstream],
							  h->infos[i].commit};
	qsort(list, count, sizeof(*list), compare_upstreams);
	for (size_t i = 0; i < h->info_count; i++) {
		char hex[OBJECT_ID_HEX + 1];

		object_id_format(&h->commits[h->infos[i].commit].id, hex, OBJECT_ID_HEX);
		events->backports[i] = HISTORY_NONE;
		for (size_t k = find_upstream(list, count, hex);
		     k < count && strncmp(list[k].hex, hex, SHORT_ID) == 0; k++)
			if (strncmp(list[k].hex, hex, strlen(list[k].hex)) == 0)
				events->backports[i] = list[k].commit;
	}
	free(list);
	return 0;
}

static bool name_matches(const struct event_filter *filter, const char *name)
{
	if (!filter->names.count && !filter->families.count)
		return true;
	for (size_t i = 0; i < filter->names.count; i++)
		if (strcmp(filter->names.items[i], name) == 0 ||
		    fnmatch(filter->names.items[i], name, 0) == 0)
			return true;
	return families_have(&filter->families, name);
}

/* A file, a directory above it ("." is all), or a glob; of several files one is enough. */
static bool path_matches(const char *wanted, const char *paths)
{
	size_t length;

	while (wanted[0] == '.' && wanted[1] == '/')
		wanted += 1 + strspn(wanted + 1, "/");
	if (!*wanted || strcmp(wanted, ".") == 0)
		return paths;
	length = strlen(wanted);
	while (length && wanted[length - 1] == '/')
		length--;
	while (paths && *paths) {
		size_t size = strcspn(paths, "\n");
		_cleanup_free_ char *path = strndup(paths, size);

		if (path &&
		    ((size > length && path[length] == '/' && strncmp(path, wanted, length) == 0) ||
		     strcmp(path, wanted) == 0 || fnmatch(wanted, path, 0) == 0))
			return true;
		paths += size + (paths[size] == '\n');
	}
	return false;
}

static bool is_below(const struct event_filter *filter, const struct ksa_event *e)
{
	for (size_t i = 0; i < filter->paths.count; i++)
		if (path_matches(filter->paths.items[i], e->from_path) ||
		    path_matches(filter->paths.items[i], e->to_path))
			return true;
	return false;
}

static bool is_wanted(const struct event_filter *filter, const struct ksa_event *e)
{
	if (filter->kinds && !(filter->kinds & 1u << e->kind))
		return false;
	if (filter->paths.count && !is_below(filter, e))
		return false;
	return name_matches(filter, e->symbol) ||
	       (e->old_symbol && name_matches(filter, e->old_symbol));
}

static int compare_events(const void *a, const void *b, void *ctx)
{
	const struct ksa_event *x = a, *y = b;
	const struct ksa_history *h = ctx;
	uint32_t first = h->commits[x->commit].order, second = h->commits[y->commit].order;
	int names;

	if (first != second)
		return first < second ? -1 : 1;
	names = strcmp(x->symbol, y->symbol);
	if (names)
		return names;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	names = strcmp(x->from_path ? x->from_path : "", y->from_path ? y->from_path : "");
	return names ? names : x->likely - y->likely;
}

static bool is_plain(uint8_t mask)
{
	return mask == 1u << KSA_CLASS_PLAIN;
}

static bool is_gpl(uint8_t mask)
{
	return mask == 1u << KSA_CLASS_GPL;
}

static void keep_wanted(struct ksa_events *events)
{
	size_t kept = 0;
	uint32_t last = HISTORY_NONE;

	for (size_t i = 0; i < events->count; i++)
		if (is_wanted(&events->filter, &events->items[i]))
			events->items[kept++] = events->items[i];
	events->count = kept;
	if (kept)
		qsort_r(events->items, kept, sizeof(*events->items), compare_events,
			(void *)(uintptr_t)events->history);
	for (size_t i = 0; i < kept; i++) {
		const struct ksa_event *e = &events->items[i];

		events->counts[e->kind]++;
		if (e->kind == EVENT_CLASS) {
			events->to_gpl += is_plain(e->from) && is_gpl(e->to);
			events->from_gpl += is_gpl(e->from) && is_plain(e->to);
		}
		events->commits += e->commit != last;
		last = e->commit;
	}
}

/* Names that were asked for and that nothing exports: a misspelled one must not look clean. */
static int find_unknown(struct ksa_events *events, const struct event_filter *filter,
			struct ksa_error *err)
{
	const struct ksa_history *h = events->history;

	events->unknown =
		arena_calloc(&events->arena, filter->names.count + 1, sizeof(*events->unknown));
	if (!events->unknown)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < filter->names.count; i++) {
		bool known = false;

		for (size_t k = 0; k < h->change_count && !known; k++)
			known = fnmatch(filter->names.items[i], h->strings[h->changes[k].name],
					0) == 0;
		if (!known)
			events->unknown[events->unknown_count++] = filter->names.items[i];
	}
	return 0;
}

static int compare_states(const void *a, const void *b)
{
	const struct event_state *x = a, *y = b;
	int names = strcmp(x->symbol, y->symbol);

	return names ? names : strcmp(x->path, y->path);
}

static int compare_changes(const void *a, const void *b)
{
	const struct event_state *x = a, *y = b;
	int files = compare_states(a, b);

	return files ? files : (x->change > y->change) - (x->change < y->change);
}

/*
 * Every file that ever exported a symbol that was asked for: history_confirm then says which still
 * do, by what the files say. Adding up the changes would not tell, where two sides of a merge
 * differ.
 */
static int find_states(struct ksa_events *events, const bool *range, struct ksa_error *err)
{
	const struct ksa_history *h = events->history;
	size_t kept = 0;

	for (size_t i = 0; i < h->change_count; i++) {
		const struct history_change *c = &h->changes[i];
		int r;

		if (!name_matches(&events->filter, h->strings[c->name]))
			continue;
		r = vec_reserve(&events->states, &events->state_capacity, events->state_count + 1,
				sizeof(*events->states), err);
		if (r)
			return r;
		events->states[events->state_count++] =
			(struct event_state){.symbol = h->strings[c->name],
					     .path = h->strings[c->path],
					     .left = range[c->commit] ? c->to.classes : 0,
					     .change = range[c->commit] ? (uint32_t)i + 1 : 0};
	}
	if (events->state_count)
		qsort(events->states, events->state_count, sizeof(*events->states),
		      compare_changes);
	/* Of each file the last change stays. */
	for (size_t i = 0; i < events->state_count; i++) {
		kept -= kept && compare_states(&events->states[kept - 1], &events->states[i]) == 0;
		events->states[kept++] = events->states[i];
	}
	events->state_count = kept;
	return 0;
}

/*
 * Symbols whose classes are not what their changes leave: a merge that takes a whole file from one
 * side drops the other's change, or one side moves what the other removes, and no commit shows it.
 */
static int find_undone(struct ksa_events *events, struct ksa_error *err)
{
	const struct event_state *states = events->states;

	events->undone =
		arena_calloc(&events->arena, events->state_count + 1, sizeof(*events->undone));
	if (!events->undone)
		return ksa_fail_nomem(err);
	if (events->history->since != HISTORY_NONE || events->history->incomplete)
		return 0;
	for (size_t i = 0, end; i < events->state_count; i = end) {
		uint8_t left = 0, is = 0;

		for (end = i;
		     end < events->state_count && strcmp(states[end].symbol, states[i].symbol) == 0;
		     end++) {
			left |= states[end].left;
			is |= states[end].classes;
		}
		if (left != is)
			events->undone[events->undone_count++] = states[i].symbol;
	}
	return 0;
}

int history_confirm(struct ksa_events *events, const struct history_exports *exports,
		    struct ksa_error *err)
{
	const char *const *strings = events->history->strings;
	size_t kept = 0;
	int r;

	for (size_t i = 0; i < events->state_count; i++)
		events->states[i].classes = 0;
	for (size_t i = 0; i < exports->count && events->state_count; i++) {
		const struct history_export *e = &exports->items[i];
		const struct event_state key = {.symbol = strings[e->name],
						.path = strings[e->path]};
		struct event_state *state = bsearch(&key, events->states, events->state_count,
						    sizeof(key), compare_states);

		if (!state)
			continue;
		state->classes |= (uint8_t)(1u << e->cls);
		if (e->ns)
			state->ns = strings[e->ns];
	}
	r = find_undone(events, err);
	for (size_t i = 0; i < events->state_count; i++)
		if (events->states[i].classes)
			events->states[kept++] = events->states[i];
	events->state_count = kept;
	return r;
}

/* Commits that head reaches and since does not. */
static int find_range(const struct ksa_history *h, bool *range, struct ksa_error *err)
{
	size_t size = h->commit_count * sizeof(uint32_t);
	_cleanup_free_ uint32_t *marks = malloc(size + 1);
	_cleanup_free_ uint32_t *stack = malloc(size + 1);

	if (!marks || !stack)
		return ksa_fail_nomem(err);
	memset(marks, 0xff, size);
	if (h->head != HISTORY_NONE)
		history_mark(h, h->head, 1, marks, stack);
	for (size_t i = 0; i < h->branch_count; i++)
		history_mark(h, h->branches[i].commit, 1, marks, stack);
	for (size_t i = 0; i < h->commit_count; i++)
		range[i] = marks[i] != HISTORY_NONE;
	if (h->since == HISTORY_NONE)
		return 0;
	memset(marks, 0xff, size);
	history_mark(h, h->since, 1, marks, stack);
	for (size_t i = 0; i < h->commit_count; i++)
		range[i] &= marks[i] == HISTORY_NONE;
	return 0;
}

static int make_events(struct ksa_events *events, const bool *range, struct ksa_error *err)
{
	const struct ksa_history *h = events->history;
	int r = 0;

	for (size_t i = 0, k; i < h->change_count && !r; i = k) {
		for (k = i + 1;
		     k < h->change_count && h->changes[k].commit == h->changes[i].commit;)
			k++;
		if (range[h->changes[i].commit])
			r = events_of_commit(events, h->changes + i, k - i, err);
	}
	/* What one branch lost and another gained is no change. */
	return r || h->branch_count ? r : events_across(events, err);
}

int history_events(const struct ksa_history *history, const struct event_filter *filter,
		   struct ksa_events **out, struct ksa_error *err)
{
	_cleanup_free_ bool *range = calloc(history->commit_count + 1, sizeof(*range));
	struct ksa_events *events = calloc(1, sizeof(*events));
	int r = range && events ? 0 : ksa_fail_nomem(err);

	if (!r) {
		events->history = history;
		events->filter = *filter;
		r = find_range(history, range, err);
	}
	if (!r)
		r = find_releases(events, err);
	if (!r)
		r = find_backports(events, err);
	if (!r)
		r = make_events(events, range, err);
	if (!r)
		r = events_find_reverts(events, err);
	if (!r)
		r = find_unknown(events, filter, err);
	if (!r && !history->branch_count && (filter->names.count || filter->families.count))
		r = find_states(events, range, err);
	if (r) {
		ksa_events_free(events);
		return r;
	}
	keep_wanted(events);
	*out = events;
	return 0;
}
