// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/history.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"

struct tsv {
	struct strbuf buf, from, to;
};

static void tsv_release(struct tsv *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->from);
	strbuf_release(&w->to);
}

static void add_row(struct tsv *w, const struct ksa_events *events, const struct ksa_event *e)
{
	const struct ksa_history *h = events->history;
	const struct history_info *info = history_find_info(h, e->commit);
	uint32_t tag = events->first_tag[e->commit];
	char hex[OBJECT_ID_HEX + 1];

	escape_text(&w->buf, e->symbol);
	strbuf_addc(&w->buf, '\t');
	strbuf_reset(&w->from);
	history_paths(&w->from, e);
	escape_text(&w->buf, strbuf_string(&w->from));
	strbuf_printf(&w->buf, "\t%s\t", event_kind_name(e->kind));
	strbuf_reset(&w->from);
	strbuf_reset(&w->to);
	history_values(&w->from, &w->to, e);
	escape_text(&w->buf, strbuf_string(&w->from));
	strbuf_addc(&w->buf, '\t');
	escape_text(&w->buf, strbuf_string(&w->to));
	object_id_format(&h->commits[e->commit].id, hex, OBJECT_ID_HEX);
	strbuf_printf(&w->buf, "\t%s\t", hex);
	if (info)
		history_date(&w->buf, info, false);
	strbuf_addc(&w->buf, '\t');
	if (tag != HISTORY_NONE)
		escape_text(&w->buf, h->tags[tag].name);
	strbuf_adds(&w->buf, e->likely ? "\tlikely\n" : "\t\n");
}

int write_history_tsv(const struct ksa_events *events, FILE *out, struct ksa_error *err)
{
	_cleanup_(tsv_release) struct tsv w = {.buf = {NULL, 0, 0, false}};
	int r = 0;

	strbuf_adds(&w.buf,
		    "#symbol\tfile\tevent\tfrom\tto\tcommit\tauthor date\tfirst tag\tlikely\n");
	for (size_t i = 0; i < events->count && !r; i++) {
		add_row(&w, events, &events->items[i]);
		r = out_piece(&w.buf, out, err);
	}
	if (!r && (w.from.failed || w.to.failed))
		r = ksa_fail_nomem(err);
	return out_end(r, &w.buf, out, err);
}
