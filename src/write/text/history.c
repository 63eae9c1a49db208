// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/text/text.h"

#define SHOWN 12 /* symbols of one commit and kind; -v shows all */

struct writer {
	const struct ksa_events *events;
	const struct history_text_options *options;
	FILE *out;
	struct ksa_error *err;
	struct strbuf buf, words;
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->words);
}

static void color(struct writer *w, const char *code)
{
	if (w->options->color)
		strbuf_printf(&w->buf, "\033[%sm", code);
}

/* Deeper by so much than the timeline. */
static void begin_line(struct writer *w, size_t deeper)
{
	strbuf_pad(&w->buf, w->options->indent + deeper);
}

/* What is in w->words, escaped. */
static void put_words(struct writer *w)
{
	escape_text(&w->buf, strbuf_string(&w->words));
	strbuf_reset(&w->words);
}

static const char *string(const struct writer *w, uint32_t number)
{
	const char *s = w->events->history->strings[number];

	return s ? s : "";
}

static void put_subject(struct writer *w, const struct history_info *info)
{
	escape_text(&w->buf, string(w, info->subject));
	strbuf_adds(&w->buf, " (");
	escape_text(&w->buf, string(w, info->author));
	strbuf_addc(&w->buf, ')');
}

/* "Link: x", one a line. */
static void put_lines(struct writer *w, const char *key, const char *lines)
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");

		begin_line(w, 6);
		strbuf_printf(&w->buf, "%s: ", key);
		strbuf_add(&w->words, lines, length);
		put_words(w);
		strbuf_addc(&w->buf, '\n');
		lines += length + (lines[length] == '\n');
	}
}

static void put_trailers(struct writer *w, const struct history_info *info)
{
	uint32_t backport = w->events->backports[info - w->events->history->infos];
	char hex[OBJECT_ID_HEX + 1];

	put_lines(w, "upstream", string(w, info->upstream));
	if (backport != HISTORY_NONE) {
		object_id_format(&w->events->history->commits[backport].id, hex, OBJECT_ID_HEX);
		begin_line(w, 6);
		strbuf_printf(&w->buf, "backported by: %s\n", hex);
	}
	if (!w->options->verbose)
		return;
	put_lines(w, "fixes", string(w, info->fixes));
	put_lines(w, "link", string(w, info->links));
}

static void put_commit(struct writer *w, uint32_t commit)
{
	const struct history_info *info = history_find_info(w->events->history, commit);
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(&w->events->history->commits[commit].id, hex,
			 w->options->verbose ? OBJECT_ID_HEX : 12);
	if (info)
		history_date(&w->buf, info, true);
	strbuf_adds(&w->buf, "  ");
	color(w, "33");
	strbuf_adds(&w->buf, hex);
	color(w, "0");
}

static int flush(struct writer *w)
{
	if (w->words.failed)
		return ksa_fail_nomem(w->err);
	return out_piece(&w->buf, w->out, w->err);
}

struct line {
	const char *symbol; /* the timeline that it stands in */
	uint32_t event;
};

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int names = strcmp(x->symbol, y->symbol);

	return names ? names : (x->event > y->event) - (x->event < y->event);
}

/* Where it stands at the end of the history. */
static void put_states(struct writer *w, const char *symbol)
{
	const struct ksa_events *events = w->events;
	size_t count = 0;
	char classes[80];

	for (size_t i = 0; i < events->state_count; i++) {
		const struct event_state *s = &events->states[i];

		if (strcmp(s->symbol, symbol) != 0)
			continue;
		strbuf_adds(&w->buf, count++ ? ", " : ": ");
		strbuf_adds(&w->buf, event_classes(s->classes, classes, sizeof(classes)));
		strbuf_adds(&w->buf, " in ");
		escape_text(&w->buf, s->path);
		if (s->ns) {
			strbuf_adds(&w->buf, ", namespace ");
			escape_text(&w->buf, s->ns);
		}
	}
	strbuf_adds(&w->buf, count ? "\n"
			     : w->events->history->incomplete
				     ? ": where it is exported now is not known\n"
				     : ": not exported now\n");
}

/* Axes of one change, that are events for themselves, stand in one line. */
static size_t put_timeline_line(struct writer *w, const struct line *lines, size_t count, size_t at)
{
	const struct ksa_event *e = &w->events->items[lines[at].event];
	const struct history_info *info = history_find_info(w->events->history, e->commit);
	size_t i;

	begin_line(w, 2);
	put_commit(w, e->commit);
	strbuf_adds(&w->buf, "  ");
	history_release(&w->words, w->events, e->commit);
	put_words(w);
	strbuf_adds(&w->buf, ": ");
	for (i = at; i < count; i++) {
		const struct ksa_event *next = &w->events->items[lines[i].event];

		if (strcmp(lines[i].symbol, lines[at].symbol) != 0 || next->commit != e->commit)
			break;
		if (i > at)
			strbuf_adds(&w->words, "; ");
		history_words(&w->words, w->events, next,
			      i == at || next->from_path != e->from_path ||
				      next->to_path != e->to_path);
	}
	if (e->kind == EVENT_CLASS)
		color(w, "1");
	put_words(w);
	if (e->kind == EVENT_CLASS)
		color(w, "0");
	strbuf_addc(&w->buf, '\n');
	if (info && !w->options->quiet) {
		begin_line(w, 6);
		put_subject(w, info);
		strbuf_addc(&w->buf, '\n');
		put_trailers(w, info);
	}
	return i;
}

static int write_timelines(struct writer *w)
{
	const struct ksa_events *events = w->events;
	_cleanup_free_ struct line *lines = calloc(events->count * 2 + 1, sizeof(*lines));
	size_t count = 0;
	int r = lines ? 0 : ksa_fail_nomem(w->err);

	for (size_t i = 0; i < events->count && !r; i++) {
		lines[count++] = (struct line){events->items[i].symbol, (uint32_t)i};
		/* A rename is a step in the life of both names. */
		if (events->items[i].kind == EVENT_RENAMED)
			lines[count++] = (struct line){events->items[i].old_symbol, (uint32_t)i};
	}
	if (!r)
		qsort(lines, count, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < count && !r;) {
		if (!i || strcmp(lines[i].symbol, lines[i - 1].symbol) != 0) {
			strbuf_adds(&w->buf, i ? "\n" : "");
			begin_line(w, 0);
			color(w, "1");
			escape_text(&w->buf, lines[i].symbol);
			color(w, "0");
			put_states(w, lines[i].symbol);
		}
		i = put_timeline_line(w, lines, count, i);
		r = flush(w);
	}
	for (size_t i = 0; i < events->unknown_count; i++) {
		begin_line(w, 0);
		escape_text(&w->buf, events->unknown[i]);
		strbuf_adds(&w->buf, events->history->incomplete
					     ? ": no commit that could be read exports it\n"
					     : ": no commit of this history exports it\n");
	}
	return r;
}

int write_history_timelines(const struct ksa_events *events,
			    const struct history_text_options *options, FILE *out,
			    struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {
		.events = events, .options = options, .out = out, .err = err};
	int r = write_timelines(&w);

	if (!r && w.words.failed)
		r = ksa_fail_nomem(err);
	return r ? r : out_flush(&w.buf, out, err);
}

/* What an event has in common with its neighbors: what happened, and where. */
static void group_words(struct writer *w, struct strbuf *out, const struct ksa_event *e)
{
	if (e->kind == EVENT_MOVED) {
		strbuf_adds(out, "moved");
		return;
	}
	if (e->kind == EVENT_RENAMED) {
		strbuf_adds(out, "likely renamed");
		return;
	}
	history_words(out, w->events, e, false);
}

static void put_name(struct writer *w, struct text_wrap *wrap, const struct ksa_event *e)
{
	_cleanup_(strbuf_release) struct strbuf name = {NULL, 0, 0, false};

	if (e->old_symbol) {
		escape_text(&name, e->old_symbol);
		strbuf_adds(&name, " to ");
	}
	escape_text(&name, e->symbol);
	w->words.failed |= name.failed;
	text_wrap_item(wrap, strbuf_string(&name));
}

/* All events of a commit that say the same, in one entry. done marks them. */
static void put_group(struct writer *w, size_t first, size_t end, bool *done)
{
	const struct ksa_events *events = w->events;
	_cleanup_(strbuf_release) struct strbuf what = {NULL, 0, 0, false};
	_cleanup_(strbuf_release) struct strbuf other = {NULL, 0, 0, false};
	struct text_wrap wrap = {.buf = &w->buf, .indent = 6};
	size_t count = 0, shown = 0, length;

	group_words(w, &what, &events->items[first]);
	length = w->buf.length;
	strbuf_adds(&w->buf, "    ");
	escape_text(&w->buf, strbuf_string(&what));
	strbuf_adds(&w->buf, ": ");
	wrap.column = w->buf.length - length;
	for (size_t i = first; i < end; i++) {
		strbuf_reset(&other);
		group_words(w, &other, &events->items[i]);
		if (done[i] || strcmp(strbuf_string(&other), strbuf_string(&what)) != 0)
			continue;
		done[i] = true;
		count++;
		if (shown < SHOWN || w->options->verbose) {
			put_name(w, &wrap, &events->items[i]);
			shown++;
		}
	}
	if (count > shown) {
		strbuf_reset(&other);
		strbuf_printf(&other, "and %zu more", count - shown);
		text_wrap_item(&wrap, strbuf_string(&other));
	}
	strbuf_addc(&w->buf, '\n');
	w->words.failed |= what.failed || other.failed;
}

static int write_commits(struct writer *w)
{
	const struct ksa_events *events = w->events;
	_cleanup_free_ bool *done = calloc(events->count + 1, sizeof(*done));
	_cleanup_(strbuf_release) struct strbuf release = {NULL, 0, 0, false};
	int r = done ? 0 : ksa_fail_nomem(w->err);

	for (size_t i = 0, k; i < events->count && !r; i = k) {
		uint32_t commit = events->items[i].commit;
		const struct history_info *info = history_find_info(events->history, commit);

		history_release(&w->words, events, commit);
		if (!i || strcmp(strbuf_string(&release), strbuf_string(&w->words)) != 0) {
			strbuf_reset(&release);
			strbuf_adds(&release, strbuf_string(&w->words));
			strbuf_adds(&w->buf, i ? "\n" : "");
			color(w, "1");
			put_words(w);
			color(w, "0");
			strbuf_addc(&w->buf, '\n');
		}
		strbuf_reset(&w->words);
		strbuf_adds(&w->buf, "  ");
		put_commit(w, commit);
		strbuf_adds(&w->buf, "  ");
		if (info)
			put_subject(w, info);
		strbuf_addc(&w->buf, '\n');
		for (k = i; k < events->count && events->items[k].commit == commit;)
			k++;
		for (size_t e = i; e < k; e++)
			if (!done[e])
				put_group(w, e, k, done);
		r = flush(w);
	}
	if (events->count)
		strbuf_addc(&w->buf, '\n');
	return r;
}

int write_history_text(const struct ksa_events *events, const struct history_text_options *options,
		       FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {
		.events = events, .options = options, .out = out, .err = err};
	const struct event_filter *filter = &events->filter;
	bool timelines = filter->names.count || filter->families.count;
	int r = timelines ? write_timelines(&w) : write_commits(&w);

	if (timelines && (events->count || events->unknown_count))
		strbuf_addc(&w.buf, '\n');
	for (size_t i = 0; i < events->history->notice_count && !options->quiet; i++) {
		strbuf_adds(&w.buf, "notice: ");
		escape_text(&w.buf, events->history->notices[i]);
		strbuf_addc(&w.buf, '\n');
	}
	if (events->history->notice_count && !options->quiet)
		strbuf_addc(&w.buf, '\n');
	history_summary(&w.buf, events);
	strbuf_addc(&w.buf, '\n');
	if (!r && w.words.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
