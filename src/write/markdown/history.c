// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/history.h"

#include <string.h>

#include "base/cleanup.h"
#include "write/markdown/markdown.h"
#include "write/out.h"
#include "write/text/text.h"

struct writer {
	const struct ksa_events *events;
	struct strbuf buf, words;
};

static void writer_release(struct writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->words);
}

static void put_words(struct writer *w)
{
	markdown_text(&w->buf, strbuf_string(&w->words));
	strbuf_reset(&w->words);
}

static void put_row(struct writer *w, const struct ksa_event *e)
{
	const struct ksa_history *h = w->events->history;
	const struct history_info *info = history_find_info(h, e->commit);
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(&h->commits[e->commit].id, hex, 12);
	strbuf_adds(&w->buf, "| ");
	markdown_text(&w->buf, e->symbol);
	strbuf_adds(&w->buf, " | ");
	history_words(&w->words, w->events, e, true);
	put_words(w);
	strbuf_adds(&w->buf, " | ");
	history_release(&w->words, w->events, e->commit);
	put_words(w);
	strbuf_printf(&w->buf, " | %s | ", hex);
	if (info) {
		history_date(&w->buf, info, true);
		strbuf_adds(&w->buf, " | ");
		markdown_text(&w->buf, h->strings[info->subject] ? h->strings[info->subject] : "");
		strbuf_adds(&w->buf, " (");
		markdown_text(&w->buf, h->strings[info->author] ? h->strings[info->author] : "");
		strbuf_addc(&w->buf, ')');
	} else {
		strbuf_adds(&w->buf, " | ");
	}
	strbuf_adds(&w->buf, " |\n");
}

int write_history_markdown(const struct ksa_events *events, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.events = events};
	int r = 0;

	strbuf_adds(&w.buf, "## History of exports\n\n");
	history_summary(&w.buf, events);
	strbuf_adds(&w.buf, ".\n");
	if (events->count)
		strbuf_adds(&w.buf, "\n| symbol | what | release | commit | date | subject |\n"
				    "|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < events->count && !r; i++) {
		put_row(&w, &events->items[i]);
		r = out_piece(&w.buf, out, err);
	}
	for (size_t i = 0; i < events->unknown_count; i++) {
		strbuf_adds(&w.buf, "\nNo commit of this history exports ");
		markdown_text(&w.buf, events->unknown[i]);
		strbuf_adds(&w.buf, ".\n");
	}
	for (size_t i = 0; i < events->history->notice_count; i++) {
		strbuf_adds(&w.buf, "\nNotice: ");
		markdown_text(&w.buf, events->history->notices[i]);
		strbuf_adds(&w.buf, "\n");
	}
	if (!r && w.words.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}

int write_stats_markdown(const struct ksa_history *history, const struct history_stats *stats,
			 FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	uint32_t row[STATS_COLUMNS];

	strbuf_adds(&buf, "## Exports by release\n\n| release |");
	for (int c = 0; c < STATS_COLUMNS; c++)
		strbuf_printf(&buf, " %s |", history_stats_names[c]);
	strbuf_adds(&buf, "\n|---|");
	for (int c = 0; c < STATS_COLUMNS; c++)
		strbuf_adds(&buf, "---:|");
	strbuf_addc(&buf, '\n');
	for (size_t i = 0; i < stats->count; i++) {
		history_stats_row(&stats->items[i], row);
		strbuf_adds(&buf, "| ");
		markdown_code(&buf, history->tags[stats->items[i].tag].name);
		strbuf_adds(&buf, " |");
		for (int c = 0; c < STATS_COLUMNS; c++)
			strbuf_printf(&buf, " %u |", row[c]);
		strbuf_addc(&buf, '\n');
	}
	return out_end(0, &buf, out, err);
}

int write_groups_markdown(const struct ksa_events *events, const struct history_groups *groups,
			  FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = 0;

	strbuf_printf(&buf, "## Changes of exports by %s\n\n", history_by_name(groups->by));
	history_summary(&buf, events);
	strbuf_printf(&buf, ".\n\n| %s |", history_by_name(groups->by));
	for (int c = 0; c < GROUP_COLUMNS; c++)
		strbuf_printf(&buf, " %s |", history_group_names[c]);
	strbuf_adds(&buf, "\n|---|");
	for (int c = 0; c < GROUP_COLUMNS; c++)
		strbuf_adds(&buf, "---:|");
	strbuf_addc(&buf, '\n');
	for (size_t i = 0; i < groups->count && !r; i++) {
		strbuf_adds(&buf, "| ");
		markdown_text(&buf, groups->items[i].key);
		strbuf_adds(&buf, " |");
		for (int c = 0; c < GROUP_COLUMNS; c++)
			strbuf_printf(&buf, " %zu |", groups->items[i].counts[c]);
		strbuf_addc(&buf, '\n');
		r = out_piece(&buf, out, err);
	}
	return out_end(r, &buf, out, err);
}

/* A branch a column. */
static void put_change(struct writer *w, const struct ksa_branches *branches,
		       const struct branch_change *change)
{
	const struct ksa_events *events = w->events;
	const struct history_commit *commits = events->history->commits;
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(&commits[change->event->commit].id, hex, 12);
	strbuf_adds(&w->buf, "| ");
	markdown_text(&w->buf, change->event->symbol);
	strbuf_adds(&w->buf, " | ");
	history_words(&w->words, events, change->event, true);
	put_words(w);
	strbuf_printf(&w->buf, " | %s |", hex);
	for (size_t i = 0; i < branches->count; i++) {
		const struct branch_cell *cell = &change->cells[i];

		strbuf_addc(&w->buf, ' ');
		if (cell->commit != HISTORY_NONE) {
			object_id_format(&commits[cell->commit].id, hex, 12);
			strbuf_adds(&w->buf, hex);
		} else {
			strbuf_adds(&w->words, cell->state == BRANCH_MISSING ? "missing: " : "");
			branches_state_words(&w->words, change->event, cell);
			put_words(w);
		}
		strbuf_adds(&w->buf, " |");
	}
	strbuf_addc(&w->buf, '\n');
}

int write_branches_markdown(const struct ksa_branches *branches, FILE *out, struct ksa_error *err)
{
	_cleanup_(writer_release) struct writer w = {.events = branches->events};
	int r = 0;

	strbuf_adds(&w.buf, "## Changes of exports by branch\n\n");
	branches_summary(&w.buf, branches);
	strbuf_adds(&w.buf, ".\n");
	if (branches->change_count) {
		strbuf_adds(&w.buf, "\n| symbol | what | commit |");
		for (size_t i = 0; i < branches->count; i++) {
			strbuf_addc(&w.buf, ' ');
			markdown_text(&w.buf, branches->items[i].name);
			strbuf_adds(&w.buf, " |");
		}
		strbuf_adds(&w.buf, "\n|---|---|---|");
		for (size_t i = 0; i < branches->count; i++)
			strbuf_adds(&w.buf, "---|");
		strbuf_addc(&w.buf, '\n');
	}
	for (size_t i = 0; i < branches->change_count && !r; i++) {
		put_change(&w, branches, &branches->changes[i]);
		r = out_piece(&w.buf, out, err);
	}
	if (!r && w.words.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
