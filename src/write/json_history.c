// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/history.h"

#include <string.h>

#include "base/cleanup.h"
#include "write/json.h"

#define CLASSES 6

static json_t *classes_json(uint8_t mask)
{
	json_t *array = json_array();
	bool ok = array != NULL;

	for (int cls = 0; cls < CLASSES && ok; cls++)
		if (mask & 1u << cls)
			ok = json_array_append_new(
				     array, json_text(ksa_class_name((enum ksa_class)cls))) == 0;
	return json_finish(array, ok);
}

/* Pieces between separators as an array. */
static json_t *list_json(const char *list, char separator)
{
	_cleanup_free_ char *copy = strdup(list);
	char separators[2] = {separator, '\0'}, *at = copy, *item;
	json_t *array = json_array();
	bool ok = copy && array;

	while (ok && (item = strsep(&at, separators)))
		ok = json_array_append_new(array, json_text(item)) == 0;
	return json_finish(array, ok);
}

/* Where and as what the symbol was exported on one side. */
static json_t *side_json(const char *symbol, const char *paths, uint8_t classes, const char *ns)
{
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "symbol", symbol) &&
		  json_put(object, "files", list_json(paths, '\n')) &&
		  json_put(object, "classes", classes_json(classes)) &&
		  json_put_text(object, "namespace", ns);

	return json_finish(object, ok);
}

static bool put_commit(json_t *object, const char *key, const struct ksa_history *h,
		       uint32_t commit)
{
	char hex[OBJECT_ID_HEX + 1];

	if (commit == HISTORY_NONE)
		return true;
	object_id_format(&h->commits[commit].id, hex, OBJECT_ID_HEX);
	return json_put_text(object, key, hex);
}

static bool put_lines(json_t *object, const char *key, const char *lines)
{
	return !lines || json_put(object, key, list_json(lines, '\n'));
}

static bool put_info(json_t *object, const struct ksa_events *events, uint32_t commit)
{
	const struct ksa_history *h = events->history;
	const struct history_info *info = history_find_info(h, commit);
	_cleanup_(strbuf_release) struct strbuf date = {NULL, 0, 0, false};

	if (!info)
		return true;
	history_date(&date, info, false);
	return json_put_text(object, "author", h->strings[info->author]) &&
	       json_put_text(object, "email", h->strings[info->email]) &&
	       json_put_text(object, "author_date", strbuf_string(&date)) &&
	       json_put_text(object, "subject", h->strings[info->subject]) &&
	       json_put_text(object, "upstream", h->strings[info->upstream]) &&
	       put_commit(object, "backport", h, events->backports[info - h->infos]) &&
	       put_lines(object, "links", h->strings[info->links]) &&
	       put_lines(object, "fixes", h->strings[info->fixes]);
}

static bool put_tag(json_t *object, const char *key, const struct ksa_history *h, uint32_t tag)
{
	return tag == HISTORY_NONE || json_put_text(object, key, h->tags[tag].name);
}

static json_t *event_json(const struct ksa_events *events, const struct ksa_event *e)
{
	const struct ksa_history *h = events->history;
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "symbol", e->symbol) &&
		  json_put_text(object, "event", event_kind_name(e->kind)) &&
		  put_commit(object, "commit", h, e->commit) &&
		  (!e->from_path ||
		   json_put(object, "from",
			    side_json(e->old_symbol, e->from_path, e->from, e->from_ns))) &&
		  (!e->to_path ||
		   json_put(object, "to", side_json(NULL, e->to_path, e->to, e->to_ns))) &&
		  (!e->likely || json_put(object, "likely", json_true())) &&
		  (!e->merge || json_put(object, "merge", json_true())) &&
		  put_commit(object, "removed_in", h, e->earlier) &&
		  put_info(object, events, e->commit) &&
		  put_tag(object, "first_tag", h, events->first_tag[e->commit]) &&
		  put_tag(object, "first_release", h, events->first_release[e->commit]);

	return json_finish(object, ok);
}

static json_t *state_json(const struct event_state *s)
{
	json_t *object = json_object();
	bool ok = object && json_put_text(object, "symbol", s->symbol) &&
		  json_put_text(object, "file", s->path) &&
		  json_put(object, "classes", classes_json(s->classes)) &&
		  json_put_text(object, "namespace", s->ns);

	return json_finish(object, ok);
}

static json_t *repository_json(const struct ksa_history *h)
{
	json_t *object = json_object();
	bool ok =
		object && json_put_text(object, "path", h->path) &&
		put_commit(object, "until", h, h->head) &&
		put_commit(object, "since", h, h->since) &&
		json_put(object, "commits", json_integer((json_int_t)h->commit_count)) &&
		json_put(object, "missing_files", json_integer((json_int_t)h->missing_files)) &&
		json_put(object, "missing_directories", json_integer((json_int_t)h->missing_trees));

	return json_finish(object, ok);
}

static json_t *counts_json(const struct ksa_events *events)
{
	json_t *object = json_object();
	bool ok = object != NULL;

	for (int kind = 0; kind < EVENT_KINDS && ok; kind++)
		ok = json_put(object, event_kind_name((enum event_kind)kind),
			      json_integer((json_int_t)events->counts[kind]));
	ok = ok && json_put(object, "plain_to_gpl", json_integer((json_int_t)events->to_gpl)) &&
	     json_put(object, "gpl_to_plain", json_integer((json_int_t)events->from_gpl));
	return json_finish(object, ok);
}

void write_history_members(struct json_writer *w, const struct ksa_events *events)
{
	json_write_value(w, "repository", repository_json(events->history));
	json_write_value(w, "counts", counts_json(events));
	json_write_array(w, "events");
	for (size_t i = 0; i < events->count && !w->status; i++)
		json_write_item(w, event_json(events, &events->items[i]));
	json_write_array_end(w);
	json_write_array(w, "states");
	for (size_t i = 0; i < events->state_count && !w->status; i++)
		json_write_item(w, state_json(&events->states[i]));
	json_write_array_end(w);
	json_write_array(w, "never_exported");
	for (size_t i = 0; i < events->unknown_count; i++)
		json_write_item(w, json_text(events->unknown[i]));
	json_write_array_end(w);
}

int write_history_json(const struct ksa_events *events, FILE *out, struct ksa_error *err)
{
	struct json_writer w;

	json_write_begin(&w, out, "history", err);
	write_history_members(&w, events);
	json_write_array(&w, "findings");
	json_write_array_end(&w);
	json_write_array(&w, "notices");
	for (size_t i = 0; i < events->history->notice_count; i++)
		json_write_item(&w, json_text(events->history->notices[i]));
	json_write_array_end(&w);
	return json_write_end(&w);
}

static json_t *release_json(const struct ksa_history *h, const struct history_release *row)
{
	json_t *object = json_object(), *waits = json_array();
	bool ok = object && waits && json_put_text(object, "release", h->tags[row->tag].name) &&
		  put_commit(object, "commit", h, h->tags[row->tag].commit);
	const struct {
		const char *name;
		uint32_t value;
	} numbers[] = {
		{"plain", row->plain},	       {"gpl", row->gpl},
		{"mixed", row->mixed},	       {"other", row->other},
		{"new_plain", row->new_plain}, {"new_gpl", row->new_gpl},
		{"new_other", row->new_other}, {"removed", row->removed},
		{"to_gpl", row->to_gpl},       {"to_plain", row->to_plain},
		{"unused", row->unused},       {"never", row->never},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && ok; i++)
		ok = json_put(object, numbers[i].name, json_integer(numbers[i].value));
	for (int i = 0; i < STATS_WAITS && ok; i++)
		ok = json_array_append_new(waits, json_integer(row->waits[i])) == 0;
	if (ok)
		return json_finish(object, json_put(object, "first_used_after", waits));
	json_decref(waits);
	return json_finish(object, false);
}

int write_stats_json(const struct ksa_history *history, const struct history_stats *stats,
		     FILE *out, struct ksa_error *err)
{
	struct json_writer w;

	json_write_begin(&w, out, "history", err);
	json_write_value(&w, "repository", repository_json(history));
	json_write_array(&w, "releases");
	for (size_t i = 0; i < stats->count && !w.status; i++)
		json_write_item(&w, release_json(history, &stats->items[i]));
	json_write_array_end(&w);
	json_write_array(&w, "findings");
	json_write_array_end(&w);
	json_write_array(&w, "notices");
	for (size_t i = 0; i < history->notice_count; i++)
		json_write_item(&w, json_text(history->notices[i]));
	json_write_array_end(&w);
	return json_write_end(&w);
}
