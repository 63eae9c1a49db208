// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes by branch, as text and TSV. */
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/history.h"
#include "write/out.h"
#include "write/text/text.h"

struct writer {
	const struct ksa_branches *branches;
	const struct history_text_options *options;
	struct strbuf buf, words, other;
	size_t width; /* of the longest name of a branch */
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->words);
	strbuf_release(&w->other);
}

static void put_words(struct writer *w)
{
	escape_text(&w->buf, strbuf_string(&w->words));
	strbuf_reset(&w->words);
}

/* Columns of a branch's name as it is shown. */
static size_t name_width(struct writer *w, size_t at)
{
	strbuf_reset(&w->other);
	escape_text(&w->other, w->branches->items[at].name);
	return text_width(strbuf_string(&w->other));
}

void branches_link_words(struct strbuf *buf, enum branch_link link)
{
	static const char *const words[] = {"", "by its upstream commit", "by its patch-id"};

	strbuf_adds(buf, words[link]);
}

void branches_state_words(struct strbuf *buf, const struct ksa_event *e,
			  const struct branch_cell *cell)
{
	char classes[80];

	if (cell->state == BRANCH_HAS)
		return;
	if (!cell->classes) {
		strbuf_adds(buf, "not exported there");
		return;
	}
	strbuf_printf(buf, "%s there", event_classes(cell->classes, classes, sizeof(classes)));
	if (cell->ns)
		strbuf_printf(buf, ", namespace %s", cell->ns);
	else if (e->kind == EVENT_NAMESPACE)
		strbuf_adds(buf, ", no namespace");
	if (cell->state == BRANCH_SAME)
		strbuf_adds(buf, ", without it");
}

static void put_cell(struct writer *w, const struct branch_change *change, size_t at)
{
	const struct ksa_events *events = w->branches->events;
	const struct branch_cell *cell = &change->cells[at];
	char hex[OBJECT_ID_HEX + 1];

	strbuf_printf(&w->buf, "  %-12s  ", branch_state_name(cell->state));
	strbuf_adds(&w->words, w->branches->items[at].name);
	put_words(w);
	strbuf_pad(&w->buf, w->width + 2 - name_width(w, at));
	if (cell->commit != HISTORY_NONE) {
		object_id_format(&events->history->commits[cell->commit].id, hex,
				 w->options->verbose ? OBJECT_ID_HEX : 12);
		strbuf_printf(&w->buf, "%s  ", hex);
		history_release(&w->words, events, cell->commit);
		strbuf_adds(&w->words, cell->link ? ", " : "");
		branches_link_words(&w->words, cell->link);
	} else if (cell->state != BRANCH_WITHOUT) {
		branches_state_words(&w->words, change->event, cell);
	}
	put_words(w);
	while (w->buf.length && w->buf.data[w->buf.length - 1] == ' ')
		w->buf.data[--w->buf.length] = '\0';
	strbuf_addc(&w->buf, '\n');
}

/* What came before the branches parted says nothing of any of them. */
static bool is_common(const struct branch_change *change, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (change->cells[i].commit != change->event->commit)
			return false;
	return count > 1;
}

static void put_change(struct writer *w, const struct branch_change *change)
{
	const struct ksa_events *events = w->branches->events;
	const struct ksa_history *h = events->history;
	const struct history_info *info = history_find_info(h, change->event->commit);
	char hex[OBJECT_ID_HEX + 1];

	escape_text(&w->buf, change->event->symbol);
	strbuf_adds(&w->buf, ": ");
	history_words(&w->words, events, change->event, true);
	put_words(w);
	object_id_format(&h->commits[change->event->commit].id, hex, 12);
	strbuf_adds(&w->buf, "\n  ");
	if (info) {
		history_date(&w->buf, info, true);
		strbuf_printf(&w->buf, "  %s  ", hex);
		escape_text(&w->buf, h->strings[info->subject] ? h->strings[info->subject] : "");
		strbuf_adds(&w->buf, " (");
		escape_text(&w->buf, h->strings[info->author] ? h->strings[info->author] : "");
		strbuf_addc(&w->buf, ')');
	} else {
		strbuf_adds(&w->buf, hex);
	}
	strbuf_addc(&w->buf, '\n');
	if (is_common(change, w->branches->count) && !w->options->verbose)
		strbuf_adds(&w->buf, "  has           all of them\n");
	else
		for (size_t i = 0; i < w->branches->count; i++)
			put_cell(w, change, i);
	strbuf_addc(&w->buf, '\n');
}

void branches_summary(struct strbuf *buf, const struct ksa_branches *b)
{
	text_count(buf, "", b->change_count, "change");
	strbuf_printf(buf, " on %zu branch%s: %zu missing on some branch", b->count,
		      b->count == 1 ? "" : "es", b->missing);
}

int write_branches_text(const struct ksa_branches *branches,
			const struct history_text_options *options, FILE *out,
			struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.branches = branches, .options = options};
	const struct ksa_events *events = branches->events;
	int r = 0;

	for (size_t i = 0; i < branches->count; i++)
		if (name_width(&w, i) > w.width)
			w.width = name_width(&w, i);
	for (size_t i = 0; i < branches->change_count && !r; i++) {
		put_change(&w, &branches->changes[i]);
		r = out_piece(&w.buf, out, err);
	}
	for (size_t i = 0; i < events->unknown_count; i++) {
		escape_text(&w.buf, events->unknown[i]);
		strbuf_adds(&w.buf, events->history->incomplete
					    ? ": no commit that could be read exports it\n"
					    : ": no commit of these branches exports it\n");
	}
	for (size_t i = 0; i < events->history->notice_count && !options->quiet; i++) {
		strbuf_adds(&w.buf, "notice: ");
		escape_text(&w.buf, events->history->notices[i]);
		strbuf_addc(&w.buf, '\n');
	}
	branches_summary(&w.buf, branches);
	strbuf_addc(&w.buf, '\n');
	if (!r && w.words.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}

static void put_hex(struct writer *w, uint32_t commit)
{
	char hex[OBJECT_ID_HEX + 1];

	if (commit == HISTORY_NONE)
		return;
	object_id_format(&w->branches->events->history->commits[commit].id, hex, OBJECT_ID_HEX);
	strbuf_adds(&w->buf, hex);
}

static void put_row(struct writer *w, const struct branch_change *change, size_t at)
{
	static const char *const links[] = {"commit", "upstream", "patch-id"};
	const struct branch_cell *cell = &change->cells[at];
	char classes[80];

	escape_text(&w->buf, change->event->symbol);
	strbuf_printf(&w->buf, "\t%s\t", event_kind_name(change->event->kind));
	strbuf_reset(&w->words);
	strbuf_reset(&w->other);
	history_values(&w->words, &w->other, change->event);
	escape_text(&w->buf, strbuf_string(&w->words));
	strbuf_addc(&w->buf, '\t');
	escape_text(&w->buf, strbuf_string(&w->other));
	strbuf_addc(&w->buf, '\t');
	put_hex(w, change->event->commit);
	strbuf_addc(&w->buf, '\t');
	escape_text(&w->buf, w->branches->items[at].name);
	strbuf_printf(&w->buf, "\t%s\t", branch_state_name(cell->state));
	put_hex(w, cell->commit);
	strbuf_printf(&w->buf, "\t%s\t%s\t", cell->commit == HISTORY_NONE ? "" : links[cell->link],
		      event_classes(cell->classes, classes, sizeof(classes)));
	escape_text(&w->buf, cell->ns ? cell->ns : "");
	strbuf_addc(&w->buf, '\n');
}

int write_branches_tsv(const struct ksa_branches *branches, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.branches = branches};
	int r = 0;

	strbuf_adds(&w.buf, "#symbol\tevent\tfrom\tto\tcommit\tbranch\tstate\tcommit there\tby\t"
			    "class there\tnamespace there\n");
	for (size_t i = 0; i < branches->change_count && !r; i++) {
		for (size_t k = 0; k < branches->count; k++)
			put_row(&w, &branches->changes[i], k);
		r = out_piece(&w.buf, out, err);
	}
	if (!r && (w.words.failed || w.other.failed))
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
