// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reclassifications that no single commit makes: an export goes in one commit and comes back,
 * elsewhere or later, in another class. Told for what happens between two releases.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/history/events.h"
#include "audit/history/places.h"
#include "base/cleanup.h"
#include "base/vec.h"

static uint32_t release_of(const struct ksa_events *events, uint32_t event)
{
	return events->first_release[events->items[event].commit];
}

/* By symbol, release, order. */
static int compare(const void *a, const void *b, void *ctx)
{
	const struct ksa_events *events = ctx;
	const uint32_t *x = a, *y = b;
	int names = strcmp(events->items[*x].symbol, events->items[*y].symbol);
	uint32_t first = release_of(events, *x), second = release_of(events, *y);

	if (names)
		return names;
	if (first != second)
		return first < second ? -1 : 1;
	return (*x > *y) - (*x < *y);
}

/* What the commits of one release together do to the export of one file. */
struct net {
	const char *path;
	const struct ksa_event *first, *last;
};

static const char *path_of(const struct ksa_event *e)
{
	return e->kind == EVENT_REMOVED ? e->from_path : e->to_path;
}

static int compare_nets(const void *a, const void *b)
{
	const struct net *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* An event of several files counts for each of them. */
static int add_nets(struct ksa_events *events, struct net **nets, size_t *count, size_t *capacity,
		    const struct ksa_event *e)
{
	const char *paths = path_of(e);

	while (*paths) {
		size_t length = strcspn(paths, "\n"), i = 0;
		const char *path = arena_strndup(&events->arena, paths, length);
		int r = vec_reserve(nets, capacity, *count + 1, sizeof(**nets), NULL);

		if (!path || r)
			return KSA_ENOMEM;
		while (i < *count && strcmp((*nets)[i].path, path) != 0)
			i++;
		if (i == *count)
			(*nets)[(*count)++] = (struct net){.path = path, .first = e};
		(*nets)[i].last = e;
		paths += length + (paths[length] == '\n');
	}
	return 0;
}

static int emit(struct ksa_events *events, const struct ksa_event *sum, struct ksa_error *err)
{
	if (!sum->from || !sum->to || sum->from == sum->to)
		return 0;
	if (!sum->from_path || !sum->to_path)
		return ksa_fail_nomem(err);
	return event_add(events, sum, err);
}

static void join_from(struct ksa_events *events, struct ksa_event *sum, const struct net *net)
{
	const struct ksa_history *h = events->history;

	sum->from |= net->first->from;
	sum->from_ns = net->first->from_ns;
	sum->from_path = event_join(events, sum->from_path, net->path);
	if (sum->earlier == HISTORY_NONE ||
	    h->commits[sum->earlier].order < h->commits[net->first->commit].order)
		sum->earlier = net->first->commit;
}

static void join_to(struct ksa_events *events, struct ksa_event *sum, const struct net *net)
{
	const struct ksa_history *h = events->history;

	if (!sum->to || h->commits[sum->commit].order < h->commits[net->last->commit].order)
		sum->commit = net->last->commit;
	sum->symbol = net->last->symbol;
	sum->to |= net->last->to;
	sum->to_ns = net->last->to_ns;
	sum->to_path = event_join(events, sum->to_path, net->path);
}

/* True if the files of one symbol that only lost, or only gained, the export have a partner among
 * the others by what may be held against each other. */
static bool has_partner(const struct net *nets, size_t count, const struct net *net,
			bool (*meet)(const char *one, const char *other))
{
	bool gone = net->last->kind == EVENT_REMOVED;

	for (size_t i = 0; i < count; i++) {
		bool had = nets[i].first->kind == EVENT_REMOVED;
		bool has = nets[i].last->kind != EVENT_REMOVED;

		if (had != has && had != gone && meet(nets[i].path, net->path))
			return true;
	}
	return false;
}

/* Machines of one architecture alone say nothing: each has its own clk_enable(). */
static bool is_about_one_thing(const struct net *nets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool had = nets[i].first->kind == EVENT_REMOVED;
		bool has = nets[i].last->kind != EVENT_REMOVED;

		if (had && !has && has_partner(nets, count, &nets[i], places_share_machine))
			return true;
	}
	return false;
}

/*
 * Of one symbol in one release: a file that lost the export and has it again is judged for itself;
 * the files that lost it are held against those that gained it.
 */
static int judge_nets(struct ksa_events *events, const struct net *nets, size_t count,
		      struct ksa_error *err)
{
	const struct ksa_event none = {
		.kind = EVENT_CLASS, .likely = true, .earlier = HISTORY_NONE};
	struct ksa_event sum = none;
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		bool had = nets[i].first->kind == EVENT_REMOVED;
		bool has = nets[i].last->kind != EVENT_REMOVED;
		struct ksa_event same = none;

		if (had && has) {
			join_from(events, &same, &nets[i]);
			join_to(events, &same, &nets[i]);
			r = emit(events, &same, err);
		} else if (!has_partner(nets, count, &nets[i], places_share_architecture)) {
			continue;
		} else if (had) {
			join_from(events, &sum, &nets[i]);
		} else if (has) {
			join_to(events, &sum, &nets[i]);
		}
	}
	return r || !is_about_one_thing(nets, count) ? r : emit(events, &sum, err);
}

static int judge_group(struct ksa_events *events, const uint32_t *group, size_t count,
		       struct ksa_error *err)
{
	_cleanup_free_ struct net *nets = NULL;
	_cleanup_free_ struct ksa_event *copies = malloc(count * sizeof(*copies));
	size_t net_count = 0, capacity = 0;
	int r = copies ? 0 : KSA_ENOMEM;

	/* The list may be moved when events are added to it. */
	for (size_t i = 0; i < count && !r; i++) {
		copies[i] = events->items[group[i]];
		r = add_nets(events, &nets, &net_count, &capacity, &copies[i]);
	}
	if (r)
		return ksa_fail_nomem(err);
	if (net_count)
		qsort(nets, net_count, sizeof(*nets), compare_nets);
	return judge_nets(events, nets, net_count, err);
}

int events_across(struct ksa_events *events, struct ksa_error *err)
{
	size_t total = events->count, count = 0;
	_cleanup_free_ uint32_t *list = malloc((total + 1) * sizeof(*list));
	int r = 0;

	if (!list)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < total; i++)
		if (events->items[i].kind == EVENT_REMOVED ||
		    events->items[i].kind == EVENT_INTRODUCED)
			list[count++] = (uint32_t)i;
	if (count)
		qsort_r(list, count, sizeof(*list), compare, events);
	for (size_t i = 0, k; i < count && !r; i = k) {
		for (k = i + 1;
		     k < count &&
		     strcmp(events->items[list[k]].symbol, events->items[list[i]].symbol) == 0 &&
		     release_of(events, list[k]) == release_of(events, list[i]);)
			k++;
		if (k > i + 1)
			r = judge_group(events, list + i, k - i, err);
	}
	return r;
}
