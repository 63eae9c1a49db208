// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/diff_table.h"

#include <string.h>

#include "base/escape.h"
#include "write/out.h"
#include "write/text.h"

static const char *const headings[DIFF_COLUMNS] = {"SYMBOL",	"CLASS", "IMPORTERS",
						   "NAMESPACE", "CRC",	 "OWNER"};

/* A longer cell pushes the rest of its line. */
static const size_t widest[DIFF_COLUMNS] = {48, 24, 16, 40, 20, 0};

const char *diff_escaped(struct diff_writer *w, const char *s)
{
	strbuf_reset(&w->escaped);
	escape_text(&w->escaped, s);
	return strbuf_string(&w->escaped);
}

void diff_color(struct diff_writer *w, const char *color)
{
	if (w->options->color && color)
		strbuf_adds(&w->buf, color);
}

void diff_heading(struct diff_writer *w, const char *text, size_t count)
{
	strbuf_printf(&w->buf, "\n%s (", text);
	text_number(&w->buf, count);
	strbuf_adds(&w->buf, ")\n");
}

static const char *cell(struct diff_writer *w, const struct diff *diff, const struct diff_row *row,
			int column)
{
	strbuf_reset(&w->value);
	diff_cell(diff, row, (enum diff_column)column, &w->value);
	return diff_escaped(w, strbuf_string(&w->value));
}

static bool has_column(const struct diff_writer *w, int column)
{
	return column != COLUMN_CRC || w->crcs;
}

static void measure(struct diff_writer *w, const struct diff *diff, const struct diff_rows *rows,
		    size_t *widths)
{
	for (int c = 0; c < COLUMN_OWNER; c++) {
		widths[c] = strlen(headings[c]);
		if (!has_column(w, c))
			continue;
		for (size_t i = 0; i < rows->count && widths[c] < widest[c]; i++) {
			size_t width = text_width(cell(w, diff, rows->items[i], c));

			if (width > widths[c])
				widths[c] = width < widest[c] ? width : widest[c];
		}
	}
}

static const char *cell_color(const struct diff_row *row, int column)
{
	if (column == COLUMN_CLASS && (row->marks & AXIS_MARK(AXIS_CLASS)))
		return row->severity == SEVERITY_CLASS ? COLOR_RED : COLOR_GREEN;
	if (column == COLUMN_CLASS && diff_class(row, DIFF_NEW, NULL) == KSA_CLASS_GPL)
		return COLOR_YELLOW;
	if (column == COLUMN_NAMESPACE && row->ns == NS_RESERVED)
		return COLOR_RED;
	return NULL;
}

static void add_cell(struct diff_writer *w, const char *text, size_t width, const char *color)
{
	size_t used = text_width(text);

	diff_color(w, color);
	strbuf_adds(&w->buf, text);
	if (color)
		diff_color(w, COLOR_OFF);
	strbuf_pad(&w->buf, (used < width ? width - used : 0) + 2);
}

static void add_successors(struct diff_writer *w, const struct diff *diff,
			   const struct diff_row *row)
{
	for (uint32_t i = 0; i < row->successor_count; i++) {
		strbuf_reset(&w->value);
		diff_successor_words(diff, &row->successors[i], &w->value);
		strbuf_printf(&w->buf, "    likely now %s\n",
			      diff_escaped(w, strbuf_string(&w->value)));
	}
}

static void add_prototypes(struct diff_writer *w, const struct diff_row *row)
{
	for (int side = DIFF_OLD; side < DIFF_SIDES && (row->marks & AXIS_MARK(AXIS_PROTOTYPE));
	     side++) {
		strbuf_reset(&w->value);
		diff_value(row, AXIS_PROTOTYPE, (enum diff_side)side, &w->value);
		strbuf_printf(&w->buf, "    %s %s\n", side == DIFF_OLD ? "was" : "now",
			      diff_escaped(w, strbuf_string(&w->value)));
	}
}

int diff_table(struct diff_writer *w, const struct diff *diff, const struct diff_rows *rows,
	       struct ksa_error *err)
{
	size_t widths[DIFF_COLUMNS];
	int r = 0;

	measure(w, diff, rows, widths);
	for (int c = 0; c < COLUMN_OWNER; c++)
		if (has_column(w, c))
			add_cell(w, headings[c], widths[c], NULL);
	strbuf_printf(&w->buf, "%s\n", headings[COLUMN_OWNER]);
	for (size_t i = 0; i < rows->count && !r; i++) {
		const struct diff_row *row = rows->items[i];

		for (int c = 0; c < COLUMN_OWNER; c++)
			if (has_column(w, c))
				add_cell(w, cell(w, diff, row, c), widths[c], cell_color(row, c));
		strbuf_adds(&w->buf, cell(w, diff, row, COLUMN_OWNER));
		strbuf_addc(&w->buf, '\n');
		add_prototypes(w, row);
		add_successors(w, diff, row);
		r = out_piece(&w->buf, w->out, err);
	}
	return r;
}

int diff_writer_finish(struct diff_writer *w, struct ksa_error *err)
{
	int r = w->value.failed || w->escaped.failed ? ksa_fail_nomem(err) : 0;

	return out_end(r, &w->buf, w->out, err);
}

void diff_writer_release(struct diff_writer *w)
{
	strbuf_release(&w->buf);
	strbuf_release(&w->escaped);
	strbuf_release(&w->value);
}
