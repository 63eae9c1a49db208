// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Steps that a later one takes back: made GPL-only here, plain again there. A message that says so
 * is believed where the steps are each other's reverse; a class or namespace that goes back to what
 * it was needs no words.
 */
#include <stdlib.h>
#include <string.h>

#include "audit/history/events.h"
#include "base/cleanup.h"

/* By symbol, then order. */
static int compare(const void *a, const void *b, void *ctx)
{
	const struct ksa_events *events = ctx;
	const struct ksa_event *x = &events->items[*(const uint32_t *)a],
			       *y = &events->items[*(const uint32_t *)b];
	const struct history_commit *commits = events->history->commits;
	int names = strcmp(x->symbol, y->symbol);

	if (names)
		return names;
	if (x->commit != y->commit)
		return commits[x->commit].order < commits[y->commit].order ? -1 : 1;
	return (x > y) - (x < y);
}

bool event_text_is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Does the later one's message name the earlier commit? */
static bool says_so(const struct ksa_events *events, const struct ksa_event *later,
		    const struct ksa_event *earlier)
{
	const struct ksa_history *h = events->history;
	const struct history_info *info = history_find_info(h, later->commit);
	const struct history_info *other = history_find_info(h, earlier->commit);
	const char *named = info ? h->strings[info->reverts] : NULL;
	const char *upstream = other ? h->strings[other->upstream] : NULL;
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(&h->commits[earlier->commit].id, hex, OBJECT_ID_HEX);
	return named && (strncasecmp(hex, named, strlen(named)) == 0 ||
			 (upstream && strncasecmp(upstream, named, strlen(named)) == 0));
}

/* Is one step the reverse of the other, in its own axis? */
static bool is_reverse(const struct ksa_event *later, const struct ksa_event *earlier)
{
	switch (later->kind) {
	case EVENT_CLASS:
		return earlier->kind == EVENT_CLASS && later->from == earlier->to &&
		       later->to == earlier->from;
	case EVENT_NAMESPACE:
		return earlier->kind == EVENT_NAMESPACE &&
		       event_text_is_same(later->from_ns, earlier->to_ns) &&
		       event_text_is_same(later->to_ns, earlier->from_ns);
	case EVENT_INTRODUCED:
		return earlier->kind == EVENT_REMOVED;
	case EVENT_REMOVED:
		return earlier->kind == EVENT_INTRODUCED;
	case EVENT_MOVED:
		return earlier->kind == EVENT_MOVED &&
		       event_text_is_same(later->from_path, earlier->to_path) &&
		       event_text_is_same(later->to_path, earlier->from_path);
	default:
		return false;
	}
}

/* Does the later commit have the earlier one in its history? */
static int comes_after(const struct ksa_history *h, uint32_t later, uint32_t earlier, bool *after,
		       struct ksa_error *err)
{
	uint32_t base;
	int r = history_merge_base(h, later, earlier, &base, err);

	*after = !r && base == earlier && later != earlier;
	return r;
}

static int pair(struct ksa_events *events, struct ksa_event *later, struct ksa_event *earlier,
		bool *done, struct ksa_error *err)
{
	const bool said = says_so(events, later, earlier);
	int r;

	*done = false;
	/* What comes and goes for other reasons is no revert. */
	if (later->likely || earlier->likely || later->drop || earlier->drop ||
	    earlier->undone_by != HISTORY_NONE || !is_reverse(later, earlier) ||
	    (!said && later->kind != EVENT_CLASS && later->kind != EVENT_NAMESPACE))
		return 0;
	r = comes_after(events->history, later->commit, earlier->commit, done, err);
	if (r || !*done)
		return r;
	later->undoes = earlier->commit;
	later->says_so = said;
	earlier->undone_by = later->commit;
	return 0;
}

/* The nearest one before it that it takes back. Of one axis, what lies between has been taken back
 * itself, or this is no way back. */
static int find_undone(struct ksa_events *events, const uint32_t *list, size_t at,
		       struct ksa_error *err)
{
	struct ksa_event *later = &events->items[list[at]];
	bool done = false;
	int r = 0;

	while (at-- > 0 && !r && !done) {
		struct ksa_event *earlier = &events->items[list[at]];

		if (strcmp(earlier->symbol, later->symbol) != 0)
			break;
		r = pair(events, later, earlier, &done, err);
		if (!done && earlier->kind == later->kind && earlier->undone_by == HISTORY_NONE &&
		    earlier->undoes == HISTORY_NONE && later->kind != EVENT_MOVED)
			break;
	}
	return r;
}

int events_find_reverts(struct ksa_events *events, struct ksa_error *err)
{
	_cleanup_free_ uint32_t *list = malloc((events->count + 1) * sizeof(*list));
	int r = list ? 0 : ksa_fail_nomem(err);

	for (size_t i = 0; i < events->count && list; i++) {
		list[i] = (uint32_t)i;
		events->items[i].undoes = events->items[i].undone_by = HISTORY_NONE;
	}
	if (list && events->count)
		qsort_r(list, events->count, sizeof(*list), compare, events);
	for (size_t i = 0; i < events->count && !r; i++)
		r = find_undone(events, list, i, err);
	return r;
}
