// SPDX-License-Identifier: GPL-2.0-or-later
/* The pages of events, and of events by author, subsystem or year. */
#include <string.h>

#include "base/cleanup.h"
#include "write/history.h"
#include "write/html/html.h"
#include "write/text/text.h"

struct page {
	struct html html;
	const struct ksa_events *events;
	struct strbuf value;
};

static void page_release(struct page *p)
{
	html_release(&p->html);
	strbuf_release(&p->value);
}

static const char *value_of(struct page *p)
{
	p->html.buf.failed |= p->value.failed;
	return strbuf_string(&p->value);
}

static void begin(struct page *p, const char *title)
{
	const struct ksa_history *h = p->events->history;

	html_begin(&p->html, title);
	history_summary(&p->value, p->events);
	html_element(&p->html, "p", value_of(p));
	if (!h->notice_count && !h->incomplete)
		return;
	html_raw(&p->html, "<ul class=\"note\">\n");
	if (h->incomplete)
		html_element(&p->html, "li", h->incomplete);
	for (size_t i = 0; i < h->notice_count; i++)
		html_element(&p->html, "li", h->notices[i]);
	html_raw(&p->html, "</ul>\n");
}

static void put_row(struct page *p, struct html_table *t, const struct ksa_event *e)
{
	const struct ksa_history *h = p->events->history;
	const struct history_info *info = history_find_info(h, e->commit);
	char hex[OBJECT_ID_HEX + 1];

	html_cell(t, e->symbol);
	strbuf_reset(&p->value);
	history_words(&p->value, p->events, e, true);
	html_cell(t, value_of(p));
	html_cell(t, event_kind_name(e->kind));
	strbuf_reset(&p->value);
	history_release(&p->value, p->events, e->commit);
	html_cell(t, value_of(p));
	strbuf_reset(&p->value);
	if (info)
		history_date(&p->value, info, true);
	html_cell(t, value_of(p));
	html_cell(t, info && h->strings[info->author] ? h->strings[info->author] : "");
	object_id_format(&h->commits[e->commit].id, hex, OBJECT_ID_HEX);
	html_detail(t, "commit", hex);
	if (info) {
		html_detail(t, "subject", h->strings[info->subject]);
		html_detail(t, "upstream", h->strings[info->upstream]);
		html_detail(t, "fixes", h->strings[info->fixes]);
		html_detail(t, "links", h->strings[info->links]);
	}
	html_row_end(t);
}

static void put_events(struct page *p)
{
	static const struct html_column columns[] = {
		{"symbol", NULL, HTML_NAME, false}, {"what", NULL, HTML_MAIN, false},
		{"event", NULL, HTML_TEXT, true},   {"release", NULL, HTML_TEXT, true},
		{"date", NULL, HTML_TEXT, false},   {"author", NULL, HTML_TEXT, true},
	};
	struct html_table table = {.html = &p->html,
				   .id = "events",
				   .caption = "Events, in the order of their commits",
				   .noun = "event",
				   .columns = columns,
				   .column_count = sizeof(columns) / sizeof(*columns),
				   .row_count = p->events->count};

	html_table_begin(&table);
	for (size_t i = 0; i < p->events->count; i++)
		put_row(p, &table, &p->events->items[i]);
	html_table_end(&table);
}

int write_history_html(const struct ksa_events *events, FILE *out, struct ksa_error *err)
{
	_cleanup_(page_release) struct page p = {.html = {.out = out, .err = err},
						 .events = events};

	begin(&p, "ksymaudit history: what commits do to exports");
	if (events->count)
		put_events(&p);
	return html_end(&p.html);
}

int write_groups_html(const struct ksa_events *events, const struct history_groups *groups,
		      FILE *out, struct ksa_error *err)
{
	_cleanup_(page_release) struct page p = {.html = {.out = out, .err = err},
						 .events = events};
	struct html *h = &p.html;

	strbuf_printf(&p.value, "ksymaudit history: changes of exports by %s",
		      history_by_name(groups->by));
	begin(&p, value_of(&p));
	html_plain_table(
		h, "groups",
		"Events of the history. Reclassified: all, with those to gpl and to plain.");
	html_raw(h, "<tr><th scope=\"col\">");
	html_text(h, history_by_name(groups->by));
	html_raw(h, "</th>");
	for (int c = 0; c < GROUP_COLUMNS; c++)
		strbuf_printf(&h->buf, "<th scope=\"col\" class=\"number\">%s</th>",
			      history_group_names[c]);
	html_raw(h, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < groups->count; i++) {
		html_raw(h, "<tr><th scope=\"row\">");
		html_text(h, groups->items[i].key);
		html_raw(h, "</th>");
		for (int c = 0; c < GROUP_COLUMNS; c++) {
			html_raw(h, "<td class=\"number\">");
			text_number(&h->buf, groups->items[i].counts[c]);
			html_raw(h, "</td>");
		}
		html_raw(h, "</tr>\n");
		html_drain(h);
	}
	html_raw(h, "</tbody>\n</table>\n</div>\n");
	return html_end(h);
}
