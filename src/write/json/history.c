// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/history.h"

#include <string.h>

#include "base/cleanup.h"
#include "write/json/json.h"

#define CLASSES 6

static void add_classes(struct json_writer *w, uint8_t mask)
{
	json_begin_array(w, "classes");
	for (int cls = 0; cls < CLASSES; cls++)
		if (mask & 1u << cls)
			json_add_text(w, NULL, ksa_class_name((enum ksa_class)cls));
	json_end(w);
}

/* Lines as an array; nothing for NULL. */
static void add_lines(struct json_writer *w, const char *key, const char *lines)
{
	_cleanup_free_ char *copy = lines ? strdup(lines) : NULL;
	char *at = copy, *line;

	if (!lines)
		return;
	if (!copy)
		json_write_fail(w, ksa_fail_nomem(w->err));
	json_begin_array(w, key);
	while ((line = strsep(&at, "\n")))
		json_add_text(w, NULL, line);
	json_end(w);
}

/* Where and as what the symbol was exported on one side. */
static void add_side(struct json_writer *w, const char *key, const char *symbol, const char *paths,
		     uint8_t classes, const char *ns)
{
	if (!paths)
		return;
	json_begin_object(w, key);
	json_add_text(w, "symbol", symbol);
	add_lines(w, "files", paths);
	add_classes(w, classes);
	json_add_text(w, "namespace", ns);
	json_end(w);
}

static void add_commit(struct json_writer *w, const char *key, const struct ksa_history *h,
		       uint32_t commit)
{
	char hex[OBJECT_ID_HEX + 1];

	if (commit == HISTORY_NONE)
		return;
	object_id_format(&h->commits[commit].id, hex, OBJECT_ID_HEX);
	json_add_text(w, key, hex);
}

static void add_info(struct json_writer *w, const struct ksa_events *events, uint32_t commit)
{
	const struct ksa_history *h = events->history;
	const struct history_info *info = history_find_info(h, commit);
	_cleanup_(strbuf_release) struct strbuf date = {NULL, 0, 0, false};

	if (!info)
		return;
	history_date(&date, info, false);
	json_add_text(w, "author", h->strings[info->author]);
	json_add_text(w, "email", h->strings[info->email]);
	json_add_text(w, "author_date", strbuf_string(&date));
	json_add_text(w, "subject", h->strings[info->subject]);
	json_add_text(w, "upstream", h->strings[info->upstream]);
	add_commit(w, "backport", h, events->backports[info - h->infos]);
	add_lines(w, "links", h->strings[info->links]);
	add_lines(w, "fixes", h->strings[info->fixes]);
}

static void add_tag(struct json_writer *w, const char *key, const struct ksa_history *h,
		    uint32_t tag)
{
	if (tag != HISTORY_NONE)
		json_add_text(w, key, h->tags[tag].name);
}

/* The members of an event. */
static void add_step(struct json_writer *w, const struct ksa_events *events,
		     const struct ksa_event *e)
{
	const struct ksa_history *h = events->history;

	json_add_text(w, "symbol", e->symbol);
	json_add_text(w, "event", event_kind_name(e->kind));
	add_commit(w, "commit", h, e->commit);
	add_side(w, "from", e->old_symbol, e->from_path, e->from, e->from_ns);
	add_side(w, "to", NULL, e->to_path, e->to, e->to_ns);
	json_add_flag(w, "likely", e->likely);
	json_add_flag(w, "merge", e->merge);
	json_add_flag(w, "drop", e->drop);
	add_commit(w, "removed_in", h, e->earlier);
	add_commit(w, "undoes", h, e->undoes);
	json_add_flag(w, "says_so", e->says_so);
	add_commit(w, "undone_by", h, e->undone_by);
	if (e->undoes != HISTORY_NONE)
		json_add_number(w, "days", (size_t)history_days(h, e->undoes, e->commit));
	else if (e->undone_by != HISTORY_NONE)
		json_add_number(w, "days", (size_t)history_days(h, e->commit, e->undone_by));
	add_info(w, events, e->commit);
	add_tag(w, "first_tag", h, events->first_tag[e->commit]);
	add_tag(w, "first_release", h, events->first_release[e->commit]);
}

static void add_event(struct json_writer *w, const struct ksa_events *events,
		      const struct ksa_event *e)
{
	json_begin_object(w, NULL);
	add_step(w, events, e);
	json_end(w);
}

static void add_state(struct json_writer *w, const struct event_state *s)
{
	json_begin_object(w, NULL);
	json_add_text(w, "symbol", s->symbol);
	json_add_text(w, "file", s->path);
	add_classes(w, s->classes);
	json_add_text(w, "namespace", s->ns);
	json_end(w);
}

static void add_repository(struct json_writer *w, const struct ksa_history *h)
{
	json_begin_object(w, "repository");
	json_add_text(w, "path", h->path);
	add_commit(w, "until", h, h->head);
	add_commit(w, "since", h, h->since);
	if (h->branch_count) {
		json_begin_array(w, "branches");
		for (size_t i = 0; i < h->branch_count; i++) {
			json_begin_object(w, NULL);
			json_add_text(w, "name", h->branches[i].name);
			add_commit(w, "commit", h, h->branches[i].commit);
			json_end(w);
		}
		json_end(w);
	}
	json_add_number(w, "commits", h->commit_count);
	json_add_number(w, "missing_files", h->missing_files);
	json_add_number(w, "missing_directories", h->missing_trees);
	json_end(w);
}

void write_history_members(struct json_writer *w, const struct ksa_events *events)
{
	add_repository(w, events->history);
	json_begin_object(w, "counts");
	for (int kind = 0; kind < EVENT_KINDS; kind++)
		json_add_number(w, event_kind_name((enum event_kind)kind), events->counts[kind]);
	json_add_number(w, "plain_to_gpl", events->to_gpl);
	json_add_number(w, "gpl_to_plain", events->from_gpl);
	json_end(w);
	json_begin_array(w, "events");
	for (size_t i = 0; i < events->count && !w->status; i++)
		add_event(w, events, &events->items[i]);
	json_end(w);
	json_begin_array(w, "states");
	for (size_t i = 0; i < events->state_count && !w->status; i++)
		add_state(w, &events->states[i]);
	json_end(w);
	json_add_texts(w, "never_exported", events->unknown, events->unknown_count);
}

static int write_end(struct json_writer *w, const struct ksa_history *h)
{
	json_no_findings(w);
	json_begin_array(w, "notices");
	if (h->incomplete)
		json_add_text(w, NULL, h->incomplete);
	for (size_t i = 0; i < h->notice_count; i++)
		json_add_text(w, NULL, h->notices[i]);
	json_end(w);
	return json_write_end(w);
}

int write_history_json(const struct ksa_events *events, FILE *out, struct ksa_error *err)
{
	struct json_writer w;

	json_write_begin(&w, out, "history", err);
	write_history_members(&w, events);
	return write_end(&w, events->history);
}

static void add_cell(struct json_writer *w, const struct ksa_branches *b,
		     const struct branch_change *change, size_t at)
{
	static const char *const links[] = {"commit", "upstream", "patch-id"};
	const struct branch_cell *cell = &change->cells[at];

	json_begin_object(w, NULL);
	json_add_text(w, "branch", b->items[at].name);
	json_add_text(w, "state", branch_state_name(cell->state));
	if (cell->commit != HISTORY_NONE) {
		add_commit(w, "commit", b->events->history, cell->commit);
		json_add_text(w, "by", links[cell->link]);
	}
	add_classes(w, cell->classes);
	json_add_text(w, "namespace", cell->ns);
	json_end(w);
}

int write_branches_json(const struct ksa_branches *branches, FILE *out, struct ksa_error *err)
{
	const struct ksa_events *events = branches->events;
	struct json_writer w;

	json_write_begin(&w, out, "history", err);
	add_repository(&w, events->history);
	json_begin_array(&w, "changes");
	for (size_t i = 0; i < branches->change_count && !w.status; i++) {
		json_begin_object(&w, NULL);
		add_step(&w, events, branches->changes[i].event);
		json_begin_array(&w, "branches");
		for (size_t k = 0; k < branches->count; k++)
			add_cell(&w, branches, &branches->changes[i], k);
		json_end(&w);
		json_end(&w);
	}
	json_end(&w);
	json_add_texts(&w, "never_exported", events->unknown, events->unknown_count);
	return write_end(&w, events->history);
}

int write_groups_json(const struct ksa_events *events, const struct history_groups *groups,
		      FILE *out, struct ksa_error *err)
{
	static const char *const keys[GROUP_COLUMNS] = {"commits",   "introduced", "removed",
							"to_gpl",    "to_plain",   "reclassified",
							"namespace", "moved",	   "renamed"};
	struct json_writer w;

	json_write_begin(&w, out, "history", err);
	add_repository(&w, events->history);
	json_add_text(&w, "by", history_by_name(groups->by));
	json_begin_array(&w, "groups");
	for (size_t i = 0; i < groups->count && !w.status; i++) {
		json_begin_object(&w, NULL);
		json_add_text(&w, "key", groups->items[i].key);
		for (int c = 0; c < GROUP_COLUMNS; c++)
			json_add_number(&w, keys[c], groups->items[i].counts[c]);
		json_end(&w);
	}
	json_end(&w);
	return write_end(&w, events->history);
}

static void add_release(struct json_writer *w, const struct ksa_history *h,
			const struct history_release *row)
{
	json_begin_object(w, NULL);
	json_add_text(w, "release", h->tags[row->tag].name);
	add_commit(w, "commit", h, h->tags[row->tag].commit);
	json_add_number(w, "plain", row->plain);
	json_add_number(w, "gpl", row->gpl);
	json_add_number(w, "mixed", row->mixed);
	json_add_number(w, "other", row->other);
	json_add_number(w, "new_plain", row->new_plain);
	json_add_number(w, "new_gpl", row->new_gpl);
	json_add_number(w, "new_other", row->new_other);
	json_add_number(w, "removed", row->removed);
	json_add_number(w, "to_gpl", row->to_gpl);
	json_add_number(w, "to_plain", row->to_plain);
	json_add_number(w, "unused", row->unused);
	json_add_number(w, "never", row->never);
	json_begin_array(w, "first_used_after");
	for (int i = 0; i < STATS_WAITS; i++)
		json_add_number(w, NULL, row->waits[i]);
	json_end(w);
	json_end(w);
}

int write_stats_json(const struct ksa_history *history, const struct history_stats *stats,
		     FILE *out, struct ksa_error *err)
{
	struct json_writer w;

	json_write_begin(&w, out, "history", err);
	add_repository(&w, history);
	json_begin_array(&w, "releases");
	for (size_t i = 0; i < stats->count && !w.status; i++)
		add_release(&w, history, &stats->items[i]);
	json_end(&w);
	return write_end(&w, history);
}

int write_stats_list_json(const struct ksa_history *history, const struct history_stats_list *list,
			  FILE *out, struct ksa_error *err)
{
	struct json_writer w;

	json_write_begin(&w, out, "history", err);
	add_repository(&w, history);
	json_add_text(&w, "figure", history_stats_names[list->column]);
	json_begin_array(&w, "symbols");
	for (size_t i = 0; i < list->count && !w.status; i++) {
		const struct history_stats_item *item = &list->items[i];
		char classes[80];

		json_begin_object(&w, NULL);
		json_add_text(&w, "release", history->tags[item->tag].name);
		json_add_text(&w, "symbol", item->symbol);
		json_add_text(&w, "before", event_classes(item->was, classes, sizeof(classes)));
		json_add_text(&w, "after", event_classes(item->is, classes, sizeof(classes)));
		json_end(&w);
	}
	json_end(&w);
	return write_end(&w, history);
}
