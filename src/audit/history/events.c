// SPDX-License-Identifier: GPL-2.0-or-later
/* From the changes of one commit to events. */
#include "audit/history/events.h"

#include <string.h>

#include "base/vec.h"

int event_add(struct ksa_events *events, const struct ksa_event *event, struct ksa_error *err)
{
	int r = VEC_PUSH_ROOM(events, err);

	if (!r)
		events->items[events->count++] = *event;
	return r;
}

const char *event_join(struct ksa_events *events, const char *paths, const char *path)
{
	return paths ? arena_printf(&events->arena, "%s\n%s", paths, path)
		     : arena_strdup(&events->arena, path);
}

/* One side of a symbol's change: all files that lose, or gain, its export. */
struct side {
	const char *paths, *ns;
	uint8_t classes;
	uint32_t body;
	size_t count;
	bool several_ns;
};

static int add_to_side(struct ksa_events *events, struct side *side, const char *path,
		       const struct export_state *state, struct ksa_error *err)
{
	const char *ns = events->history->strings[state->ns];

	side->paths = event_join(events, side->paths, path);
	if (!side->paths)
		return ksa_fail_nomem(err);
	if (!side->count)
		side->ns = ns;
	else
		side->several_ns |= ns != side->ns;
	side->classes |= state->classes;
	side->count++;
	return 0;
}

/* The event that all axes of a change start from. */
static struct ksa_event new_event(const struct ksa_events *events,
				  const struct history_change *change)
{
	return (struct ksa_event){
		.symbol = events->history->strings[change->name],
		.commit = change->commit,
		.merge = events->history->commits[change->commit].parent_count > 1 && !change->drop,
		.drop = change->drop,
		.earlier = HISTORY_NONE,
	};
}

/* Each axis that differs is an event of its own. */
static int add_axes(struct ksa_events *events, struct ksa_event *event, bool namespaces,
		    struct ksa_error *err)
{
	int r = 0;

	if (event->from != event->to) {
		event->kind = EVENT_CLASS;
		r = event_add(events, event, err);
	}
	if (!r && namespaces && event->from_ns != event->to_ns) {
		event->kind = EVENT_NAMESPACE;
		r = event_add(events, event, err);
	}
	return r;
}

static int add_same_file(struct ksa_events *events, const struct history_change *change,
			 struct ksa_error *err)
{
	struct ksa_event event = new_event(events, change);
	const char *const *strings = events->history->strings;

	event.from_path = event.to_path = strings[change->path];
	event.from = change->from.classes;
	event.to = change->to.classes;
	event.from_ns = strings[change->from.ns];
	event.to_ns = strings[change->to.ns];
	return add_axes(events, &event, true, err);
}

/* What is left of a symbol once the files that keep its export are told. */
static int add_sides(struct ksa_events *events, const struct history_change *change,
		     const struct side *gone, const struct side *come, struct ksa_error *err)
{
	const struct history_commit *c = &events->history->commits[change->commit];
	struct ksa_event event = new_event(events, change);
	int r;

	event.from_path = gone->paths;
	event.to_path = come->paths;
	event.from = gone->classes;
	event.to = come->classes;
	event.from_ns = gone->ns;
	event.to_ns = come->ns;
	if (gone->count && come->count) {
		event.kind = EVENT_MOVED;
		r = event_add(events, &event, err);
		return r ? r
			 : add_axes(events, &event, !gone->several_ns && !come->several_ns, err);
	}
	if (!gone->count && !come->count)
		return 0;
	event.kind = gone->count		       ? EVENT_REMOVED
		     : !c->parent_count || c->boundary ? EVENT_PRESENT
						       : EVENT_INTRODUCED;
	return event_add(events, &event, err);
}

static int add_symbol(struct ksa_events *events, const struct history_change *changes, size_t count,
		      struct ksa_error *err)
{
	struct side gone = {.paths = NULL}, come = {.paths = NULL};
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		const struct history_change *c = &changes[i];
		const char *path = events->history->strings[c->path];

		if (c->from.classes && c->to.classes)
			r = add_same_file(events, c, err);
		else if (c->from.classes)
			r = add_to_side(events, &gone, path, &c->from, err);
		else
			r = add_to_side(events, &come, path, &c->to, err);
	}
	return r ? r : add_sides(events, changes, &gone, &come, err);
}

/* A renamed export can change its class in the same stroke. */
static int finish_renames(struct ksa_events *events, size_t first, struct ksa_error *err)
{
	size_t kept = first, end;

	for (size_t i = first; i < events->count; i++)
		if (events->items[i].kind != EVENT_KINDS)
			events->items[kept++] = events->items[i];
	events->count = end = kept;
	for (size_t i = first; i < end; i++) {
		struct ksa_event event = events->items[i];
		int r;

		if (event.kind != EVENT_RENAMED)
			continue;
		r = add_axes(events, &event, true, err);
		if (r)
			return r;
	}
	return 0;
}

static const char *subject_of(const struct ksa_events *events, uint32_t commit)
{
	const struct history_info *info = history_find_info(events->history, commit);

	return info ? events->history->strings[info->subject] : NULL;
}

int events_of_commit(struct ksa_events *events, const struct history_change *changes, size_t count,
		     struct ksa_error *err)
{
	size_t first = events->count;
	bool bodies = false;
	int r = 0;

	for (size_t i = 0, k; i < count && !r; i = k) {
		for (k = i + 1; k < count && changes[k].name == changes[i].name;)
			k++;
		r = add_symbol(events, changes + i, k - i, err);
	}
	if (r || !count)
		return r;
	for (size_t i = 0; i < count; i++)
		bodies |= changes[i].body != 0;
	if (bodies)
		renames_by_body(events, first, changes, count);
	renames_by_subject(events, first, subject_of(events, changes->commit));
	return finish_renames(events, first, err);
}
