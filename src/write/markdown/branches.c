// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes by branch, a column each. */
#include "base/cleanup.h"
#include "write/history.h"
#include "write/markdown/markdown.h"
#include "write/out.h"

struct writer {
	const struct ksa_branches *branches;
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

static void put_row(struct writer *w, const struct branch_change *change)
{
	const struct ksa_events *events = w->branches->events;
	const struct history_commit *commits = events->history->commits;
	char hex[OBJECT_ID_HEX + 1];

	object_id_format(&commits[change->event->commit].id, hex, 12);
	strbuf_adds(&w->buf, "| ");
	markdown_text(&w->buf, change->event->symbol);
	strbuf_adds(&w->buf, " | ");
	history_words(&w->words, events, change->event, true);
	put_words(w);
	strbuf_printf(&w->buf, " | %s |", hex);
	for (size_t i = 0; i < w->branches->count; i++) {
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
	_cleanup_(writer_release) struct writer w = {.branches = branches};
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
		put_row(&w, &branches->changes[i]);
		r = out_piece(&w.buf, out, err);
	}
	if (!r && w.words.failed)
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
