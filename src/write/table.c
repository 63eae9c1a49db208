// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/table.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/text/text.h"

/* Where a cell that is no string of the model's is put together, and where it is escaped. */
struct scratch {
	struct strbuf cell, escaped;
};

static void scratch_release(struct scratch *s)
{
	strbuf_release(&s->cell);
	strbuf_release(&s->escaped);
}

static const char *cell_at(const struct table *t, size_t row, const struct table_column *column,
			   struct scratch *s)
{
	strbuf_reset(&s->cell);
	return t->cell(t->data, row, column->id, &s->cell);
}

/* The column after c, or the first one after NULL; NULL: there is none. */
static const struct table_column *next(const struct table *t, const struct table_column *c)
{
	for (c = c ? c + 1 : t->columns; c->name; c++)
		if (!(t->hide & 1u << c->id))
			return c;
	return NULL;
}

/* A cell as it is shown: the string itself if it needs no escape. */
struct shown {
	const char *text;
	size_t length, width; /* bytes, columns */
};

static struct shown show(const struct table *t, size_t row, const struct table_column *column,
			 struct scratch *s)
{
	struct shown shown = {.text = cell_at(t, row, column, s)};

	if (!*shown.text)
		shown.text = "-";
	shown.length = shown.width = escape_plain_length(shown.text);
	if (shown.length)
		return shown;
	strbuf_reset(&s->escaped);
	escape_text(&s->escaped, shown.text);
	shown.text = strbuf_string(&s->escaped);
	shown.length = s->escaped.length;
	shown.width = text_width(shown.text);
	return shown;
}

/* The last column is as wide as it is. */
static void measure(const struct table *t, size_t *widths, struct scratch *s)
{
	for (const struct table_column *c = next(t, NULL); next(t, c); c = next(t, c)) {
		size_t widest = c->widest ? c->widest : SIZE_MAX;
		size_t *width = &widths[c - t->columns];

		*width = text_width(c->name);
		*width = c->least > *width ? c->least : *width;
		for (size_t i = 0; i < t->count && *width < widest; i++) {
			size_t is = show(t, i, c, s).width;

			if (is > *width)
				*width = is < widest ? is : widest;
		}
	}
}

static void add_shown(struct strbuf *buf, const struct shown *shown, const size_t *width,
		      const char *color)
{
	if (color)
		strbuf_adds(buf, color);
	strbuf_add(buf, shown->text, shown->length);
	if (color)
		strbuf_adds(buf, COLOR_OFF);
	if (width)
		strbuf_pad(buf, (shown->width < *width ? *width - shown->width : 0) + 2);
	else
		strbuf_addc(buf, '\n');
}

static void add_headings(const struct table *t, const size_t *widths, struct strbuf *buf)
{
	size_t start = buf->length;

	for (const struct table_column *c = next(t, NULL); c; c = next(t, c))
		if (next(t, c))
			text_cell(buf, c->name, widths[c - t->columns]);
		else
			strbuf_printf(buf, "%s\n", c->name);
	for (; start < buf->length; start++)
		buf->data[start] = (char)toupper((unsigned char)buf->data[start]);
}

int table_text(const struct table *t, struct strbuf *buf, FILE *out, struct ksa_error *err)
{
	_cleanup_(scratch_release) struct scratch s = {.cell = {NULL, 0, 0, false}};
	size_t widths[TABLE_COLUMNS];
	int r = 0;

	measure(t, widths, &s);
	add_headings(t, widths, buf);
	for (size_t i = 0; i < t->count && !r; i++) {
		for (const struct table_column *c = next(t, NULL); c; c = next(t, c)) {
			struct shown shown = show(t, i, c, &s);

			add_shown(buf, &shown, next(t, c) ? &widths[c - t->columns] : NULL,
				  t->color ? t->color(t->data, i, c->id) : NULL);
		}
		if (t->below)
			t->below(t->data, i, buf);
		buf->failed |= s.cell.failed || s.escaped.failed;
		r = out_piece(buf, out, err);
	}
	return r;
}

/* escape_text writes tabs and line ends as \xNN, so no name can forge a column. */
int table_tsv(const struct table *t, struct strbuf *buf, FILE *out, struct ksa_error *err)
{
	_cleanup_(scratch_release) struct scratch s = {.cell = {NULL, 0, 0, false}};
	int r = 0;

	for (const struct table_column *c = next(t, NULL); c; c = next(t, c))
		strbuf_printf(buf, "%c%s", c == t->columns ? '#' : '\t', c->name);
	strbuf_addc(buf, '\n');
	for (size_t i = 0; i < t->count && !r; i++) {
		for (const struct table_column *c = next(t, NULL); c; c = next(t, c)) {
			if (c != t->columns)
				strbuf_addc(buf, '\t');
			escape_text(buf, cell_at(t, i, c, &s));
		}
		strbuf_addc(buf, '\n');
		buf->failed |= s.cell.failed;
		r = out_piece(buf, out, err);
	}
	return r;
}
