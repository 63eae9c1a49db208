// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/history.h"

#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "write/text/text.h"

#define NAMES 80

/* Paths stand one a line in the model, here behind each other. */
static void add_paths(struct strbuf *buf, const char *paths)
{
	for (; paths && *paths; paths++)
		strbuf_addc(buf, *paths == '\n' ? ' ' : *paths);
}

static void add_two_paths(struct strbuf *buf, const struct ksa_event *e, const char *between)
{
	add_paths(buf, e->from_path);
	strbuf_adds(buf, between);
	add_paths(buf, e->to_path);
}

void history_paths(struct strbuf *buf, const struct ksa_event *e)
{
	if (e->from_path && e->to_path && !text_is_same(e->from_path, e->to_path))
		add_two_paths(buf, e, " => ");
	else
		add_paths(buf, e->to_path ? e->to_path : e->from_path);
}

static void add_class(struct strbuf *buf, uint8_t mask)
{
	char names[NAMES];

	strbuf_adds(buf, event_classes(mask, names, sizeof(names)));
}

void history_values(struct strbuf *from, struct strbuf *to, const struct ksa_event *e)
{
	switch (e->kind) {
	case EVENT_NAMESPACE:
		strbuf_adds(from, e->from_ns ? e->from_ns : "");
		strbuf_adds(to, e->to_ns ? e->to_ns : "");
		return;
	case EVENT_RENAMED:
		strbuf_adds(from, e->old_symbol);
		strbuf_adds(to, e->symbol);
		return;
	case EVENT_MOVED:
	case EVENT_PRESENT:
	case EVENT_INTRODUCED:
	case EVENT_CLASS:
	case EVENT_REMOVED:
	case EVENT_KINDS:
		break;
	}
	add_class(from, e->from);
	add_class(to, e->to);
}

static void add_hex(struct strbuf *buf, const struct ksa_events *events, uint32_t commit)
{
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(&events->history->commits[commit].id, hex, 12);
	strbuf_adds(buf, hex);
}

static void add_from_to(struct strbuf *buf, const struct ksa_event *e)
{
	_cleanup_(strbuf_release) struct strbuf from = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf to = {NULL, 0, 0, false};

	history_values(&from, &to, e);
	strbuf_printf(buf, "%s to %s", from.length ? strbuf_string(&from) : "none",
		      to.length ? strbuf_string(&to) : "none");
	buf->failed |= from.failed || to.failed;
}

static void add_place(struct strbuf *buf, const struct ksa_event *e, bool with_path)
{
	if (!with_path)
		return;
	if (e->from_path && e->to_path && !text_is_same(e->from_path, e->to_path)) {
		strbuf_adds(buf, ", ");
		add_two_paths(buf, e, " to ");
	} else {
		strbuf_adds(buf, " in ");
		add_paths(buf, e->to_path ? e->to_path : e->from_path);
	}
}

static void add_namespace(struct strbuf *buf, const char *ns)
{
	if (ns)
		strbuf_printf(buf, ", namespace %s", ns);
}

/* From the earlier commit to the later one, by their authors' dates; negative ones are 0. */
int64_t history_days(const struct ksa_history *h, uint32_t earlier, uint32_t later)
{
	const struct history_info *a = history_find_info(h, earlier);
	const struct history_info *b = history_find_info(h, later);

	return a && b && b->date > a->date ? (b->date - a->date) / (24 * 60 * 60) : 0;
}

static void add_revert(struct strbuf *buf, const struct ksa_events *events,
		       const struct ksa_event *e)
{
	const struct ksa_history *h = events->history;
	long long days;

	if (e->undoes != HISTORY_NONE) {
		days = (long long)history_days(h, e->undoes, e->commit);
		strbuf_adds(buf, e->says_so ? ", reverts " : ", undoes ");
		add_hex(buf, events, e->undoes);
		strbuf_printf(buf, " after %lld day%s", days, days == 1 ? "" : "s");
	}
	if (e->undone_by != HISTORY_NONE) {
		days = (long long)history_days(h, e->commit, e->undone_by);
		strbuf_adds(buf, ", undone by ");
		add_hex(buf, events, e->undone_by);
		strbuf_printf(buf, " after %lld day%s", days, days == 1 ? "" : "s");
	}
}

void history_words(struct strbuf *buf, const struct ksa_events *events, const struct ksa_event *e,
		   bool with_path)
{
	switch (e->kind) {
	case EVENT_PRESENT:
	case EVENT_INTRODUCED:
		strbuf_adds(buf, e->kind == EVENT_PRESENT ? "there from the start as "
							  : "introduced as ");
		add_class(buf, e->to);
		add_place(buf, e, with_path);
		add_namespace(buf, e->to_ns);
		break;
	case EVENT_CLASS:
		strbuf_adds(buf, e->likely ? "likely reclassified from " : "reclassified from ");
		add_from_to(buf, e);
		add_place(buf, e, with_path);
		if (e->earlier != HISTORY_NONE) {
			strbuf_adds(buf, " (removed in ");
			add_hex(buf, events, e->earlier);
			strbuf_addc(buf, ')');
		}
		break;
	case EVENT_NAMESPACE:
		strbuf_adds(buf, "namespace changed from ");
		add_from_to(buf, e);
		add_place(buf, e, with_path);
		break;
	case EVENT_MOVED:
		strbuf_adds(buf, "moved from ");
		add_two_paths(buf, e, " to ");
		break;
	case EVENT_RENAMED:
		strbuf_printf(buf, "likely renamed from %s to %s", e->old_symbol, e->symbol);
		add_place(buf, e, with_path);
		break;
	case EVENT_REMOVED:
	case EVENT_KINDS:
		strbuf_adds(buf, "removed (was ");
		add_class(buf, e->from);
		strbuf_addc(buf, ')');
		add_place(buf, e, with_path);
		break;
	}
	if (e->merge)
		strbuf_adds(buf, ", by the merge itself");
	if (e->drop)
		strbuf_adds(buf, ", dropped in a merge that keeps the other side");
	add_revert(buf, events, e);
}

void history_release(struct strbuf *buf, const struct ksa_events *events, uint32_t commit)
{
	const struct history_tag *tags = events->history->tags;
	uint32_t first = events->first_tag[commit], release = events->first_release[commit];
	const char *end;

	if (first == HISTORY_NONE) {
		strbuf_adds(buf, "no tag yet");
		return;
	}
	if (release == HISTORY_NONE) {
		strbuf_adds(buf, tags[first].name);
		return;
	}
	strbuf_adds(buf, tags[release].name);
	if (first == release)
		return;
	/* "v2.6.31 (-rc1)": what the candidate has more than the release. */
	end = tags[first].name + strlen(tags[release].name);
	if (strncmp(tags[first].name, tags[release].name, strlen(tags[release].name)) != 0 || !*end)
		end = tags[first].name;
	strbuf_printf(buf, " (%s)", end);
}

void history_date(struct strbuf *buf, const struct history_info *info, bool only_day)
{
	time_t local = (time_t)info->date + info->zone * (time_t)60;
	int zone = info->zone < 0 ? -info->zone : info->zone;
	char text[64];
	struct tm tm;

	if (!gmtime_r(&local, &tm) ||
	    !strftime(text, sizeof(text), only_day ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%S", &tm)) {
		strbuf_adds(buf, "no date");
		return;
	}
	strbuf_adds(buf, text);
	if (!only_day)
		strbuf_printf(buf, "%c%02d:%02d", info->zone < 0 ? '-' : '+', zone / 60, zone % 60);
}

void history_summary(struct strbuf *buf, const struct ksa_events *events)
{
	const char *separator = ": ";

	text_count(buf, "", events->count, "event");
	text_count(buf, " in ", events->commits, "commit");
	for (int kind = 0; kind < EVENT_KINDS; kind++) {
		if (!events->counts[kind])
			continue;
		strbuf_adds(buf, separator);
		text_number(buf, events->counts[kind]);
		strbuf_printf(buf, " %s", event_kind_name((enum event_kind)kind));
		separator = ", ";
	}
	if (events->counts[EVENT_CLASS]) {
		strbuf_adds(buf, " (plain to gpl ");
		text_number(buf, events->to_gpl);
		strbuf_adds(buf, ", gpl to plain ");
		text_number(buf, events->from_gpl);
		strbuf_addc(buf, ')');
	}
}
