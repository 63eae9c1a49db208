// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/history/groups.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"

/* Directories of which each one below is a subsystem of its own. */
static bool is_collection(const char *path, size_t length)
{
	static const char *const names[] = {"arch",  "drivers", "fs",	   "net",    "security",
					    "sound", "tools",	"samples", "module", "modules"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == length && memcmp(path, names[i], length) == 0)
			return true;
	return false;
}

static const char *subsystem_of(struct arena *arena, const char *path)
{
	size_t line = strcspn(path, "\n"), length = strcspn(path, "/\n"), below;

	if (path[length] != '/')
		return "(top)";
	if (is_collection(path, length)) {
		below = length + 1 + strcspn(path + length + 1, "/\n");
		length = below < line ? below : length;
	}
	return arena_strndup(arena, path, length);
}

static const char *year_of(struct arena *arena, const struct history_info *info)
{
	time_t local = info ? (time_t)info->date + info->zone * (time_t)60 : 0;
	struct tm tm;

	if (!info || !gmtime_r(&local, &tm))
		return "(no date)";
	return arena_printf(arena, "%04d", tm.tm_year + 1900);
}

static const char *key_of(struct history_groups *groups, const struct ksa_events *events,
			  const struct ksa_event *e)
{
	const struct ksa_history *h = events->history;
	const struct history_info *info = history_find_info(h, e->commit);
	const char *author = info ? h->strings[info->author] : NULL;

	switch (groups->by) {
	case BY_SUBSYSTEM:
		return subsystem_of(&groups->arena, e->to_path ? e->to_path : e->from_path);
	case BY_YEAR:
		return year_of(&groups->arena, info);
	default:
		return author ? author : "(no author)";
	}
}

static void count_event(struct history_group *group, const struct ksa_event *e)
{
	static const enum group_column columns[EVENT_KINDS] = {
		[EVENT_INTRODUCED] = GROUP_INTRODUCED, [EVENT_CLASS] = GROUP_RECLASSIFIED,
		[EVENT_NAMESPACE] = GROUP_NAMESPACE,   [EVENT_MOVED] = GROUP_MOVED,
		[EVENT_RENAMED] = GROUP_RENAMED,       [EVENT_REMOVED] = GROUP_REMOVED};
	const uint8_t plain = 1u << KSA_CLASS_PLAIN, gpl = 1u << KSA_CLASS_GPL;

	group->counts[columns[e->kind]]++;
	group->counts[GROUP_TO_GPL] += e->kind == EVENT_CLASS && e->from == plain && e->to == gpl;
	group->counts[GROUP_TO_PLAIN] += e->kind == EVENT_CLASS && e->from == gpl && e->to == plain;
}

static int compare_years(const void *a, const void *b)
{
	const struct history_group *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static size_t total(const struct history_group *group)
{
	size_t sum = 0;

	for (int c = 0; c < GROUP_COLUMNS; c++)
		sum += c == GROUP_COMMITS || c == GROUP_TO_GPL || c == GROUP_TO_PLAIN
			       ? 0
			       : group->counts[c];
	return sum;
}

static int compare_totals(const void *a, const void *b)
{
	const size_t x = total(a), y = total(b);

	return x != y ? (x < y) - (x > y) : compare_years(a, b);
}

/* The events are in the order of their commits: what is not the last one is new. */
static int add_event(struct history_groups *groups, struct strmap *index,
		     const struct ksa_events *events, const struct ksa_event *e,
		     struct ksa_error *err)
{
	uint32_t at = (uint32_t)groups->count;
	const char *key = key_of(groups, events, e);
	int added = key ? strmap_add(index, key, &at, NULL) : -1;
	struct history_group *group;

	if (added < 0)
		return ksa_fail_nomem(err);
	if (added) {
		int r = VEC_PUSH_ROOM(groups, err);

		if (r)
			return r;
		groups->items[groups->count++] =
			(struct history_group){.key = key, .last = HISTORY_NONE};
	}
	group = &groups->items[at];
	group->counts[GROUP_COMMITS] += group->last != e->commit;
	group->last = e->commit;
	count_event(group, e);
	return 0;
}

int history_group(const struct ksa_events *events, enum history_by by, struct history_groups *out,
		  struct ksa_error *err)
{
	_cleanup_(strmap_release) struct strmap index = {0};
	int r = 0;

	out->by = by;
	/* What the first commit has was made by others, earlier. */
	for (size_t i = 0; i < events->count && !r; i++)
		if (events->items[i].kind != EVENT_PRESENT)
			r = add_event(out, &index, events, &events->items[i], err);
	if (!r && out->count)
		qsort(out->items, out->count, sizeof(*out->items),
		      by == BY_YEAR ? compare_years : compare_totals);
	return r;
}
