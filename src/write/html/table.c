// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "write/html/html.h"
#include "write/text/text.h"

/* In the data a text names a cell of its own row by this and the column's number. Escaped text has
 * no such bytes. */
#define PLACEHOLDER    1
#define SHARED_COLUMNS 8 /* before '\n' */
#define SHARE_MIN      2 /* bytes of a cell that is worth it */

static bool is_name(enum html_kind kind)
{
	return kind == HTML_NAME || kind == HTML_FIND || kind == HTML_CODE;
}

static const char *kind_word(enum html_kind kind)
{
	static const char *const words[] = {
		[HTML_TEXT] = "text", [HTML_CODE] = "code",	[HTML_NAME] = "name",
		[HTML_FIND] = "find", [HTML_NUMBER] = "number", [HTML_BADGE] = "badge",
		[HTML_RULE] = "rule", [HTML_CHANGE] = "change", [HTML_MAIN] = "main",
	};

	return words[kind];
}

static void head(struct html_table *t)
{
	struct html *h = t->html;

	strbuf_printf(&h->buf,
		      "<div class=\"scroll rows\" role=\"region\" tabindex=\"0\" "
		      "aria-labelledby=\"%s-caption\">\n"
		      "<table id=\"%s\" class=\"rows\" data-noun=\"%s\">\n"
		      "<caption id=\"%s-caption\">",
		      t->id, t->id, t->noun, t->id);
	html_text(h, t->caption);
	html_raw(h, "</caption>\n<thead><tr>");
	for (size_t c = 0; c < t->column_count; c++) {
		const struct html_column *column = &t->columns[c];

		strbuf_printf(&h->buf, "<th scope=\"col\" data-kind=\"%s\"",
			      kind_word(column->kind));
		if (column->order)
			strbuf_printf(&h->buf, " data-order=\"%s\"", column->order);
		html_raw(h, column->choice ? " data-choice>" : ">");
		html_text(h, column->title);
		html_raw(h, "</th>");
	}
	html_raw(h, "</tr></thead>\n<tbody>\n");
}

void html_table_begin(struct html_table *t)
{
	struct html *h = t->html;

	t->strings.arena = &t->arena;
	t->cells = calloc(t->column_count + 1, sizeof(*t->cells));
	if (!t->cells && !h->status)
		h->status = ksa_fail_nomem(h->err);
	if (t->row_count > HTML_STATIC_ROWS) {
		strbuf_printf(&h->buf,
			      "<noscript><p class=\"note\">Without JavaScript the first %d of ",
			      HTML_STATIC_ROWS);
		text_count(&h->buf, "", t->row_count, t->noun);
		html_raw(h, " are shown; the other formats have all of them.</p></noscript>\n");
	}
	head(t);
}

/* The lines of a text stay lines. */
static void add_lines(struct strbuf *buf, struct html *h, const char *s)
{
	strbuf_reset(buf);
	for (size_t run; *s; s += run) {
		struct strbuf line = {NULL, 0, 0, false};

		run = strcspn(s, "\n");
		strbuf_add(&line, s, run);
		escape_text(buf, strbuf_string(&line));
		buf->failed |= line.failed;
		strbuf_release(&line);
		if (s[run]) {
			strbuf_addc(buf, '\n');
			run++;
		}
	}
	h->buf.failed |= buf->failed;
}

void html_cell(struct html_table *t, const char *text)
{
	if (t->html->status || t->cell_count == t->column_count)
		return;
	add_lines(&t->cells[t->cell_count++], t->html, text);
}

void html_detail(struct html_table *t, const char *label, const char *text)
{
	struct html_detail *d = &t->details[t->detail_count];

	if (!text || !*text || t->html->status ||
	    t->detail_count == sizeof(t->details) / sizeof(t->details[0]))
		return;
	d->label = label;
	add_lines(&d->text, t->html, text);
	t->detail_count++;
}

/* The rows as markup; report.js makes the same */

static void wrapped(struct html *h, const char *before, const char *s, const char *after)
{
	html_raw(h, before);
	html_add(&h->buf, s);
	html_raw(h, after);
}

static bool is_link(const char *line, size_t length)
{
	return (strncmp(line, "https://", 8) == 0 || strncmp(line, "http://", 7) == 0) &&
	       !memchr(line, ' ', length);
}

/* Lines that are links can be followed. */
static void put_detail(struct html *h, const char *s)
{
	struct strbuf line = {NULL, 0, 0, false};

	html_raw(h, "<dd>");
	while (*s) {
		const size_t length = strcspn(s, "\n");

		strbuf_reset(&line);
		strbuf_add(&line, s, length);
		if (is_link(s, length)) {
			wrapped(h, "<a href=\"", strbuf_string(&line), "\">");
			wrapped(h, "", strbuf_string(&line), "</a>");
		} else {
			wrapped(h, "", strbuf_string(&line), "");
		}
		s += length + (s[length] == '\n');
		html_raw(h, *s ? "\n" : "");
	}
	html_raw(h, "</dd>");
	h->buf.failed |= line.failed;
	strbuf_release(&line);
}

static void main_cell(struct html_table *t, const char *s)
{
	struct html *h = t->html;

	if (!t->detail_count) {
		wrapped(h, "<td class=\"main\">", s, "</td>");
		return;
	}
	/* What opens needs a name. */
	wrapped(h, "<td class=\"main\"><details><summary>", *s ? s : "more", "</summary><dl>");
	for (size_t i = 0; i < t->detail_count; i++) {
		wrapped(h, "<dt>", t->details[i].label, "</dt>");
		put_detail(h, strbuf_string(&t->details[i].text));
	}
	html_raw(h, "</dl></details></td>");
}

static void put_cell(struct html_table *t, enum html_kind kind, const char *s)
{
	struct html *h = t->html;

	switch (kind) {
	case HTML_NAME:
		wrapped(h, "<th scope=\"row\"><code>", s, "</code></th>");
		break;
	case HTML_FIND:
		wrapped(h, "<th scope=\"row\"><a href=\"#findings\"><code>", s, "</code></a></th>");
		break;
	case HTML_CODE:
		wrapped(h, "<td><code>", s, "</code></td>");
		break;
	case HTML_NUMBER:
		wrapped(h, "<td class=\"number\">", s, "</td>");
		break;
	case HTML_BADGE:
		wrapped(h, "<td><span class=\"badge ", s, "\">");
		wrapped(h, "", s, "</span></td>");
		break;
	case HTML_RULE:
		wrapped(h, "<td><a href=\"#", s, "\">");
		wrapped(h, "", s, "</a></td>");
		break;
	case HTML_CHANGE:
		wrapped(h, strstr(s, " -> ") ? "<td class=\"changed\">" : "<td>", s, "</td>");
		break;
	case HTML_MAIN:
		main_cell(t, s);
		break;
	case HTML_TEXT:
		wrapped(h, "<td>", s, "</td>");
		break;
	}
}

static void put_row(struct html_table *t)
{
	html_raw(t->html, "<tr>");
	for (size_t c = 0; c < t->column_count; c++)
		put_cell(t, t->columns[c].kind, strbuf_string(&t->cells[c]));
	html_raw(t->html, "</tr>\n");
	html_drain(t->html);
}

/* A JSON string that can stand in a <script>: no "<" in it. */
static void add_json(struct strbuf *buf, const char *s)
{
	strbuf_addc(buf, '"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			strbuf_addc(buf, '\\');
		if ((unsigned char)*s < ' ' || *s == '<')
			strbuf_printf(buf, "\\u%04x", *s);
		else
			strbuf_addc(buf, *s);
	}
	strbuf_addc(buf, '"');
}

static void add_index(struct html_table *t, const char *s)
{
	const char *key = intern_string(&t->strings, s);
	uint32_t index = INTERN_NO_VALUE;

	if (key)
		strmap_get(&t->strings.map, key, &index);
	if (key && index == INTERN_NO_VALUE) {
		index = t->string_count++;
		if (strmap_set(&t->strings.map, key, index))
			key = NULL;
		strbuf_adds(&t->pool, index ? ",\n" : "");
		add_json(&t->pool, s);
	}
	if (!key && !t->html->status)
		t->html->status = ksa_fail_nomem(t->html->err);
	strbuf_number(&t->rows, index);
}

/* Messages name the module and the symbol of their row: with these taken out few are left. */
static void share(struct html_table *t, const struct strbuf *text)
{
	struct html *h = t->html;
	const char *s = strbuf_string(text);

	strbuf_reset(&h->escaped);
	while (*s) {
		size_t best = 0, column = 0;

		for (size_t c = 0; c < t->column_count && c < SHARED_COLUMNS; c++) {
			const struct strbuf *cell = &t->cells[c];

			if (cell->length > best && cell->length >= SHARE_MIN &&
			    is_name(t->columns[c].kind) &&
			    strncmp(s, cell->data, cell->length) == 0) {
				best = cell->length;
				column = c;
			}
		}
		strbuf_addc(&h->escaped, best ? (char)(PLACEHOLDER + column) : *s);
		s += best ? best : 1;
	}
	h->buf.failed |= h->escaped.failed;
	add_index(t, strbuf_string(&h->escaped));
}

static void add_row(struct html_table *t)
{
	strbuf_adds(&t->rows, t->rows_done ? ",\n[" : "[");
	for (size_t c = 0; c < t->column_count; c++) {
		strbuf_adds(&t->rows, c ? "," : "");
		if (t->columns[c].kind == HTML_MAIN)
			share(t, &t->cells[c]);
		else
			add_index(t, strbuf_string(&t->cells[c]));
	}
	for (size_t i = 0; i < t->detail_count; i++) {
		strbuf_addc(&t->rows, ',');
		add_index(t, t->details[i].label);
		strbuf_addc(&t->rows, ',');
		add_index(t, strbuf_string(&t->details[i].text));
	}
	strbuf_addc(&t->rows, ']');
}

void html_row_end(struct html_table *t)
{
	if (!t->html->status) {
		add_row(t);
		if (t->rows_done < HTML_STATIC_ROWS)
			put_row(t);
	}
	t->rows_done++;
	t->cell_count = t->detail_count = 0;
}

void html_table_end(struct html_table *t)
{
	struct html *h = t->html;

	strbuf_printf(&h->buf,
		      "</tbody>\n</table>\n</div>\n<script type=\"application/json\" "
		      "id=\"%s-data\">{\"strings\":[",
		      t->id);
	strbuf_add(&h->buf, strbuf_string(&t->pool), t->pool.length);
	html_raw(h, "],\n\"rows\":[");
	strbuf_add(&h->buf, strbuf_string(&t->rows), t->rows.length);
	html_raw(h, "]}</script>\n");
	h->buf.failed |= t->pool.failed || t->rows.failed;
	html_drain(h);
	strbuf_release(&t->pool);
	strbuf_release(&t->rows);
	for (size_t c = 0; c < t->column_count && t->cells; c++)
		strbuf_release(&t->cells[c]);
	for (size_t i = 0; i < sizeof(t->details) / sizeof(t->details[0]); i++)
		strbuf_release(&t->details[i].text);
	free(t->cells);
	intern_release(&t->strings);
	arena_release(&t->arena);
}
